"""The scorecard in sentences: what its head, its notes and its units' pages say in words, all taken from its figures."""

from __future__ import annotations

from fractions import Fraction

from app.core.languages import Words
from app.domain import evaluation
from app.domain.refusals import N_
from app.domain.rounding import half_up
from app.domain.scheme_sentences import rule_said
from app.domain.scorecard import Group, Line, LineScore, Scorecard, UnitScore
from reports.definitions.scorecard import figures, labels
from reports.voice import Voice

DOT = " · "


def state(scorecard: Scorecard, voice: Voice, between: str = " ") -> str:
    """What kind of list this is, with its revision once it was corrected."""

    def speak(words: Words) -> str:
        text = words(labels.STATES.get(scorecard.state, scorecard.state))
        return text + (DOT + words(N_("Revision %(number)s"), number=scorecard.revision) if scorecard.revision > 1 else "")

    return voice.tell(speak, between)


def state_short(scorecard: Scorecard, voice: Voice) -> str:
    """What kind of list this is, in as few words as will do."""
    return voice(evaluation.STATES.get(scorecard.state, scorecard.state))


def watermark(scorecard: Scorecard, voice: Voice) -> str:
    """The word across every page of a list that is not, or no longer, the one to go by; nothing on those that are."""
    return "" if scorecard.state in labels.FIRM else voice(labels.MARKED.get(scorecard.state, scorecard.state))


def title(scorecard: Scorecard, voice: Voice) -> str:
    """The paper's title."""
    message = N_("%(district)s front-line disposal scorecard")

    def speak(words: Words) -> str:
        # A district without a name yet leaves the sentence to begin with its second word.
        text = words(message, district=scorecard.district).strip()
        return text[:1].upper() + text[1:]

    return voice.tell(speak)


def versions(scorecard: Scorecard, group: Group, voice: Voice, between: str = " ") -> str:
    """Which rules the figures follow."""

    def speak(words: Words) -> str:
        parts = [words(N_("Scheme version %(version)s"), version=str(group.scheme_version))]
        if scorecard.list_version:
            parts.append(words(N_("Responsibility list %(version)s"), version=scorecard.list_version))
        if scorecard.calendar_version:
            parts.append(words(N_("Working calendar %(version)s"), version=scorecard.calendar_version))
        return DOT.join(parts)

    return voice.tell(speak, between)


def cut_off(scorecard: Scorecard, voice: Voice) -> str:
    """The instant up to which the figures know what happened."""
    return voice.stacked(N_("Data as of %(moment)s"), moment=voice.moment(scorecard.as_of))


def seal(scorecard: Scorecard) -> str:
    """The snapshot's hash, short and in groups of four."""
    short = scorecard.snapshot_hash[:16]
    return " ".join(short[i : i + 4] for i in range(0, len(short), 4))


def sealed(scorecard: Scorecard, voice: Voice) -> str:
    """The seal with its word."""
    return voice(N_("Seal %(hash)s"), hash=seal(scorecard))


def origin(scorecard: Scorecard, voice: Voice) -> str:
    """District and product, and a clear word where the data is made up."""
    made_up = voice(N_("Demo data (generated)")) if scorecard.demo else ""
    return DOT.join(filter(None, (voice.names(scorecard.district), voice.names(scorecard.product), made_up)))


def movement(unit: UnitScore, voice: Voice) -> str:
    """Places gained or lost against the previous evaluation."""
    moved = unit.moved
    if moved is None:
        return "—"
    if moved == 0:
        return voice.stacked(N_("same"))
    message = N_("up %(places)s") if moved > 0 else N_("down %(places)s")
    return voice.stacked(message, places=abs(moved))


def fraction(line: Line, score: LineScore, voice: Voice) -> str:
    """n/d, the denominator never left away; a mark where it is too small to say much."""
    return counted(line, score.n, score.d, voice) + ("*" if score.small else "")


def counted(line: Line, n: int, d: int, voice: Voice, between: str = "/") -> str:
    """What stands behind a figure: n/d, of a duration how many cases it is the mean of."""
    return f"{voice.number(n)}{between}{voice.number(d)}" if line.form != figures.DURATION else f"n = {voice.number(d)}"


def left_out(score: LineScore, voice: Voice) -> str:
    """What was counted nowhere, in words; nothing where all was counted."""
    said = [
        (score.pending, N_("%(count)s pending")),
        (score.unknown, N_("%(count)s not recorded")),
        (score.excluded, N_("%(count)s excluded")),
    ]
    return DOT.join(voice(message, count=count) for count, message in said if count)


def weight(line: Line, voice: Voice) -> str:
    """The points a line can earn, or that it earns none."""
    return voice.marks(line.weight) if line.weight else voice(labels.NOT_SCORED)


def shape(line: Line, voice: Voice) -> str:
    """How a line turns its rate into points."""
    return voice.sentence(rule_said(line))


def summary(scorecard: Scorecard, group: Group, voice: Voice) -> tuple[str, ...]:
    """The group's month as a bulletin would tell it, one paragraph per language."""
    return tuple(_summary(scorecard, group, words) for words in voice.writers)


def _summary(scorecard: Scorecard, group: Group, words: Words) -> str:
    said = [
        words(
            N_("%(month)s, %(group)s: %(count)s units ranked."),
            month=words.month(scorecard.period),
            group=group.names,
            count=len(group.units),
        ),
    ]
    for line in figures.heaviest(group, 3):
        rate = figures.total_rate(group, line.code)
        if rate is not None and line.form == "rate":
            n, d = group.total[line.code]
            said.append(
                words(N_("%(line)s %(rate)s (%(n)s of %(d)s)."), line=line.title, rate=figures.rate_text(words, line, rate), n=n, d=d)
            )
    values = figures.scores(group)
    if len(values) > 1:
        middle = figures.median(values) or Fraction(0)
        said.append(
            words(
                N_("Scores run from %(high)s down to %(low)s, the median is %(middle)s."),
                high=words.decimal(max(values)),
                low=words.decimal(min(values)),
                middle=words.decimal(middle),
            )
        )
    first = figures.podium(group)
    if 1 < len(first) <= 6 and len(first) < len(group.units):
        said.append(words(N_("The first places went to %(units)s."), units=[_short(words.names(unit.names)) for unit in first]))
    if group.apart:
        said.append(words(N_("%(count)s units without a score are listed apart."), count=len(group.apart)))
    return join(words, said)


def join(words: Words, sentences: list[str]) -> str:
    """Sentences in a row: Chinese full stops need no blank after them."""
    return ("" if words.language == "zh" else " ").join(sentences)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def strengths(standing: figures.Standing, unit: UnitScore, words: Words, most: int = 3) -> list[str]:
    """Up to ``most`` lines on which the unit leads the median most, in words."""
    group = standing.group
    found = []
    for line in group.lines:
        score = unit.lines[line.code]
        ahead = standing.lead(line, score)
        if ahead is not None and score.rate is not None and half_up(ahead) > 0 and not score.small and line.form != figures.DURATION:
            found.append((standing.place(line, score.rate), -ahead, line, score, score.rate))
    told = []
    for rank, behind, line, score, rate in sorted(found, key=lambda one: one[:2])[:most]:
        sentence = [
            words(
                N_("%(line)s %(rate)s (%(n)s of %(d)s), place %(place)s of %(units)s, %(gap)s percentage points better than the median."),
                line=line.title,
                rate=figures.rate_text(words, line, rate),
                n=score.n,
                d=score.d,
                place=rank,
                units=len(group.units),
                gap=words.decimal(-behind),
            )
        ]
        told.append(join(words, sentence + _since(line, score, words)))
    return told


def weak_spots(standing: figures.Standing, unit: UnitScore, words: Words, most: int = 3) -> list[str]:
    """Up to ``most`` lines that cost the most points, in words."""
    group = standing.group
    lost = sum((s.lost for s in unit.lines.values() if s.lost is not None and s.lost > 0), Fraction(0))
    costly = [(s.lost, line, s) for line in group.lines if (s := unit.lines[line.code]).lost is not None and half_up(s.lost or 0) > 0]
    told = []
    for points, line, score in sorted(costly, key=lambda one: -(one[0] or 0))[:most]:
        sentence = [
            words(
                N_("%(line)s %(rate)s (%(n)s of %(d)s) cost %(points)s points, %(share)s of all points lost."),
                line=line.title,
                rate=figures.rate_text(words, line, score.rate),
                n=score.n,
                d=score.d,
                points=words.decimal(points or Fraction(0)),
                share=words.percent((points or Fraction(0)) / lost, 0),
            )
        ]
        told.append(join(words, sentence + _behind(standing, line, score, words) + _since(line, score, words)))
    return told


def _behind(standing: figures.Standing, line: Line, score: LineScore, words: Words) -> list[str]:
    gap = standing.lead(line, score)
    if gap is None or half_up(gap) >= 0 or line.form == figures.DURATION:
        return []
    return [words(N_("That is %(gap)s percentage points worse than the median."), gap=words.decimal(-gap))]


def _since(line: Line, score: LineScore, words: Words) -> list[str]:
    moved = figures.change(line, score)
    if moved is None or half_up(moved) == 0 or line.form == figures.DURATION:
        return []
    message = (
        N_("Up %(change)s percentage points on the previous evaluation.")
        if moved > 0
        else (N_("Down %(change)s percentage points on the previous evaluation."))
    )
    return [words(message, change=words.decimal(abs(moved)))]


def notes(scorecard: Scorecard, voice: Voice) -> tuple[str, ...]:
    """The evaluation's own notes, then how figures are written."""
    own = [text for note in scorecard.notes for text in voice.phrases(note)]
    own += voice.each(N_("Rates are percentages with two decimals, rounded half up; under each stand numerator and denominator."))
    own += voice.each(N_("“n/a” means that nothing was there to measure; its weight went where the scheme says, never to 0."))
    if any(score.small for group in scorecard.groups for unit in group.units for score in unit.lines.values()):
        own += voice.each(N_("* Small sample: the denominator is below the scheme's minimum, the rate says little."))
    return tuple(own)
