"""What can be done now: the moves that the machine offers, as one main button, further ones, rare ones, and why not the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.core.languages import Words
from app.crud.form_page import Input, inputs_of
from app.domain.machine import Offer
from app.domain.moves import BY_ACTION
from app.domain.moves.row import Move
from app.domain.refusals import N_, Refused, RefusedAll
from app.entities.dictionary_entry import dictionary
from app.services.saying import columns_of
from app.web.ticket_presets import Known, presets

TELLING = frozenset({
    "call-open", "suspended", "claimed", "return-open", "not-claimed", "ratings-open", "nobody-came", "extension-open", "suspension-open",
    "own-work", "lead-asks", "extensions-used", "overdue", "no-due", "backstop-unsolved", "reopen-too-late", "call-return-open",
    "not-responded", "not-yet", "no-territory", "no-centre", "return-too-late", "backstop", "until-past",
})  # fmt: skip
"""Refusals that tell what has to happen first; the others only say that something is over or was never asked for."""

DECIDING = frozenset({"reject_claim"})
"""Moves that answer something; where nothing was asked, nobody misses them."""

CONSEQUENCES: Mapping[str, str] = {
    "annul_rating": N_("The rating leaves every count; the reason stays in the timeline."),
    "merge": N_("This ticket ends here, and the citizen follows the other one."),
    "withdraw_call": N_("The department owes nothing more on this call; what it has done stays recorded."),
    "mark_absent": N_("It is recorded that nobody came; whoever comes later is late."),
    "archive": N_("Ratings still awaited count as missing. Afterwards the ticket can only be reopened."),
    "redirect": N_("The present round ends, and the clocks of the next unit start at once."),
    "void": "",
    "escalate": "",
    "backstop": "",
}
"""Moves that are asked about once more, with what they lead to; where nothing stands here the table of moves says it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A move that was tried and refused, with everything that was typed."""

    action: str
    part: str
    typed: Mapping[str, Sequence[str]]
    refused: Refused

    @property
    def key(self) -> str:
        """As verbs are keyed."""
        return key_of(self.action, self.part)

    def errors(self, writer: Words) -> dict[str, list[str]]:
        """Sentences by field; those of no field under an empty name."""
        found: dict[str, list[str]] = {}
        for refusal in self.refused.refusals if isinstance(self.refused, RefusedAll) else (self.refused,):
            found.setdefault(refusal.field, []).append(writer.phrase(refusal.phrase))
        return found


@dataclass(frozen=True, slots=True)
class Verb:
    """A move that can be made now. ``confirm`` is what the dialog asks before."""

    action: str
    part: str
    key: str
    name: str
    unit: str
    about: str
    asked: str
    inputs: tuple[Input, ...]
    errors: tuple[tuple[str, str, str], ...]
    confirm: str
    consequence: str
    grave: bool
    opened: bool

    @property
    def label(self) -> str:
        """Its name, with the department it is about."""
        return f"{self.name} · {self.unit}" if self.unit else self.name


@dataclass(frozen=True, slots=True)
class Blocked:
    """Moves that have to wait, and for what."""

    names: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verbs:
    """The whole card."""

    main: Verb | None
    usual: tuple[Verb, ...]
    rare: tuple[Verb, ...]
    blocked: tuple[Blocked, ...]
    blocked_rare: tuple[Blocked, ...]

    def offered(self, key: str) -> bool:
        """Whether this very move can be made now."""
        return any(verb.key == key for verb in (self.main, *self.usual, *self.rare) if verb is not None)


@dataclass(slots=True)
class Circumstances:
    """What the card is made from besides the offers."""

    session: Session
    writer: Words
    known: Known
    number: str
    units: Mapping[int, str]
    ratings: Sequence[tuple[str, str]] = ()
    attempt: Attempt | None = None
    wanted: str = ""
    asked: Mapping[str, str] = field(default_factory=dict)
    own: tuple[int, ...] = ()


def key_of(action: str, part: str) -> str:
    """How a move on the page is called in addresses and ids: ``withdraw_call-1-17``."""
    return f"{action}-{part.replace('.', '-')}" if part else action


def verbs_of(offers: Sequence[Offer], around: Circumstances) -> Verbs:
    """Sort the offers by how they are to be offered."""
    possible = [offer for offer in offers if offer.refused is None]
    count = Counter(offer.move.action for offer in possible)
    verbs = [(offer.move.tone, _verb(offer, around, alone=count[offer.move.action] == 1)) for offer in possible]
    first = next((verb for tone, verb in verbs if tone == "main"), None)
    rest = [(tone, verb) for tone, verb in verbs if verb is not first]
    refused = [
        offer for offer in offers if offer.refused is not None and offer.refused.code in TELLING and offer.move.action not in DECIDING
    ]
    rare = ("rare", "grave")
    return Verbs(
        main=first,
        usual=tuple(verb for tone, verb in rest if tone not in rare),
        rare=tuple(verb for tone, verb in rest if tone in rare),
        blocked=_blocked([offer for offer in refused if offer.move.tone not in rare], around.writer),
        blocked_rare=_blocked([offer for offer in refused if offer.move.tone in rare], around.writer),
    )


def _blocked(refused: Sequence[Offer], writer: Words) -> tuple[Blocked, ...]:
    """One line per reason."""
    found: dict[str, list[str]] = {}
    for offer in refused:
        assert offer.refused is not None
        names = found.setdefault(writer.phrase(offer.refused.phrase), [])
        name = writer(offer.move.name)
        if name not in names:
            names.append(name)
    return tuple(Blocked(writer.listing(names), (reason,)) for reason, names in found.items())


def _verb(offer: Offer, around: Circumstances, alone: bool) -> Verb:
    """One move; a department's own only part needs no name."""
    move, writer = offer.move, around.writer
    part = offer.part.key if offer.part else ""
    key = key_of(move.action, part)
    own = offer.part is not None and alone and offer.part.unit_id in around.own
    unit = around.units.get(offer.part.unit_id, "") if offer.part is not None and not own else ""
    mine = around.attempt if around.attempt is not None and around.attempt.key == key else None
    inputs = _inputs(move, key, mine, around)
    asks = move.tone == "grave" or move.action in CONSEQUENCES
    title = writer(N_("%(move)s: %(thing)s?"), move=writer(move.name), thing=unit or around.number)
    labels = {each.name: each.label for each in inputs}
    errors = mine.errors(writer) if mine else {}
    return Verb(
        action=move.action,
        part=part,
        key=key,
        name=writer(move.name),
        unit=unit,
        about=writer(move.about) if move.about else "",
        asked=around.asked.get(key) or around.asked.get(move.action, ""),
        inputs=inputs,
        errors=tuple((name if name in labels else "", labels.get(name, ""), text) for name, texts in errors.items() for text in texts),
        confirm=title if asks else "",
        consequence=writer(CONSEQUENCES.get(move.action) or move.about or N_("It stays recorded in the timeline.")) if asks else "",
        grave=move.tone == "grave",
        opened=mine is not None or around.wanted == key,
    )


def _inputs(move: Move, key: str, mine: Attempt | None, around: Circumstances) -> tuple[Input, ...]:
    """Controls of a move in the order of the table; ratings and several words of a dictionary are chosen in sight."""
    typed = mine.typed if mine else presets(move.action, around.known, around.writer)
    errors = mine.errors(around.writer) if mine else {}
    plain = {
        each.name: each for each in inputs_of(around.session, columns_of(move), around.writer, typed=typed, errors=errors, within=key + "-")
    }
    found: list[Input] = []
    for need in move.needs:
        values, label = tuple(typed.get(need.name, ())), around.writer(need.label)
        wrong = tuple(errors.get(need.name, ()))
        if need.kind == "choices":
            options = tuple((o.value, o.text(around.writer)) for o in dictionary(need.of)() if o.active)
            found.append(
                Input(need.name, "choices", label, "", need.required, errors=wrong, options=options, chosen=values, within=key + "-")
            )
        elif need.kind == "rating":
            value = values[-1] if values else ""
            found.append(
                Input(need.name, "choice", label, value, need.required, errors=wrong, options=tuple(around.ratings), within=key + "-")
            )
        else:
            found.append(plain[need.name])
    return tuple(found)


def kept_text(attempt: Attempt, writer: Words) -> list[tuple[str, str]]:
    """What was typed with a move that is not possible any more: labels and texts, to be copied."""
    move = BY_ACTION.get(attempt.action)
    needs = [need for need in move.needs if need.kind in ("text", "long")] if move else []
    return [(writer(need.label), text) for need in needs for text in attempt.typed.get(need.name, ()) if text.strip()]
