"""A clock's story in one sentence: what was counted of what, what stopped it and who granted that, and how the due time moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from app.domain.calendar import MAKEUP, WorkingCalendar
from app.domain.case_leaves import APPROVED, Pause
from app.domain.clock_story import CLOSED, ENDED, MET, MISSED, OVER, PAUSED, RETURNED, WITHDRAWN, Story, working_day
from app.domain.refusals import N_, Phrase
from app.domain.spans import WHOLE_DAY, limit_brief, limit_words, nominal, span

UNDER_REVIEW = "under_review"
"""The reason that the rules themselves give a pause: others looked at what the unit claimed to have done."""

_DAY = timedelta(days=1)

_OVER = {
    RETURNED: N_("Given back on %(end)s, with approval, after %(counted)s of %(whole)s; it counts for nobody"),
    WITHDRAWN: N_("Taken back on %(end)s after %(counted)s of %(whole)s; it no longer counts"),
    ENDED: N_("The ticket is void or was merged; %(counted)s of %(whole)s had been counted"),
    CLOSED: N_("Ended on %(end)s with the work it belonged to, after %(counted)s of %(whole)s"),
}


def sentence_of(story: Story, calendar: WorkingCalendar) -> Phrase:
    """The one sentence, whole."""
    clauses = list(_clauses(story, calendar))
    said = clauses.pop()
    while clauses:
        said = Phrase(N_("%(first)s; %(rest)s"), first=clauses.pop(), rest=said)
    return Phrase(N_("%(said)s."), said=said)


def headline_of(story: Story) -> Phrase:
    """The figure that people look for, in as few words as possible."""
    figures = story.figures
    if story.state in (MET, OVER):
        return Phrase(N_("Done") if story.state == MET else N_("No longer runs"))
    if story.state == MISSED:
        late = _late(story)
        return Phrase(N_("%(span)s late") if story.clock.ended_at else N_("%(span)s overdue"), span=late)
    return Phrase(N_("%(span)s left"), span=span(figures.left, figures.day))


def note_of(story: Story) -> Phrase:
    """The line under the headline: until when, or since when."""
    if story.clock.ended_at is not None and story.clock.limit is not None:
        return Phrase(N_("%(end)s; limit %(limit)s"), end=story.clock.ended_at, limit=limit_brief(story.clock.limit))
    if story.clock.ended_at is not None:
        return Phrase(N_("%(end)s; was due %(due)s"), end=story.clock.ended_at, due=story.clock.due_at)
    if story.state == PAUSED:
        return Phrase(N_("stands still; due %(due)s if it went on now"), due=story.expected_at)
    return Phrase(N_("due %(due)s"), due=story.clock.due_at)


def _clauses(story: Story, calendar: WorkingCalendar) -> Iterator[Phrase]:
    yield _lead(story, calendar)
    if story.clock.window or story.clock.appointment:
        return
    yield from _standing(story)
    yield from _stood(story)
    yield from _days(story, calendar)
    yield from _granted(story)
    yield from _due(story)
    if story.provisional:
        yield Phrase(N_("provisional, because the holiday notice of a year it passes through is not loaded yet"))


def _lead(story: Story, calendar: WorkingCalendar) -> Phrase:
    clock, figures = story.clock, story.figures
    if clock.window:
        return _of_window(story)
    if clock.appointment:
        return _of_appointment(story)
    counted, whole = span(figures.counted, figures.day), _whole(story, calendar)
    if story.state == OVER:
        return Phrase(_OVER[clock.why], end=clock.over_at, counted=counted, whole=whole)
    if clock.ended_at is not None:
        return _of_end(story, counted, whole)
    if story.state == MISSED and clock.over_at is not None:
        message = N_("Overdue by %(late)s when it was taken back or ended on %(end)s: all of %(whole)s was used up")
        return Phrase(message, late=_late(story), end=clock.over_at, whole=whole)
    if story.state == MISSED:
        return Phrase(N_("Overdue by %(late)s: all of %(whole)s is used up"), late=_late(story), whole=whole)
    if story.state == PAUSED:
        return Phrase(
            N_("Suspended now: counted %(counted)s of %(whole)s, %(left)s left"),
            counted=counted,
            whole=whole,
            left=span(figures.left, figures.day),
        )
    return Phrase(N_("Counted %(counted)s of %(whole)s"), counted=counted, whole=whole)


def _of_end(story: Story, counted: Phrase, whole: Phrase) -> Phrase:
    clock = story.clock
    if story.state == MET and clock.claimed:
        message = N_("Claimed to be done on %(end)s, in time: counted %(counted)s of %(whole)s; it counts once it is verified")
    elif story.state == MET:
        message = N_("Done on %(end)s, in time: counted %(counted)s of %(whole)s")
    elif clock.claimed:
        message = N_("Claimed to be done on %(end)s, %(late)s late: all of %(whole)s was used up; it counts once it is verified")
    else:
        message = N_("Done on %(end)s, %(late)s late: all of %(whole)s was used up")
    if story.state == MET:
        return Phrase(message, end=clock.ended_at, counted=counted, whole=whole)
    return Phrase(message, end=clock.ended_at, late=_late(story), whole=whole)


def _of_window(story: Story) -> Phrase:
    if story.state == OVER:
        return Phrase(N_("Was open until %(due)s; what is missing counts as missing"), due=story.clock.over_at or story.clock.due_at)
    return Phrase(N_("Open until %(due)s, %(left)s left"), due=story.clock.due_at, left=span(story.figures.left, story.figures.day))


def _of_appointment(story: Story) -> Phrase:
    clock = story.clock
    asked: dict[str, object] = {"asked": clock.base_due_at or clock.due_at, "due": clock.due_at}
    if story.state == OVER:
        return Phrase(N_("Asked to come at %(asked)s; that fell away on %(end)s"), asked=asked["asked"], end=clock.over_at)
    if story.state == MET:
        return Phrase(N_("Asked to come at %(asked)s, in time until %(due)s; came at %(end)s, in time"), **asked, end=clock.ended_at)
    if clock.ended_at is not None:
        return Phrase(
            N_("Asked to come at %(asked)s, in time until %(due)s; came at %(end)s, %(late)s after that"),
            **asked,
            end=clock.ended_at,
            late=_late(story),
        )
    if story.state == MISSED:
        return Phrase(N_("Asked to come at %(asked)s, in time until %(due)s; nobody has come"), **asked)
    return Phrase(N_("Asked to come at %(asked)s, in time until %(due)s"), **asked)


def _late(story: Story) -> Phrase:
    overdue, natural = story.figures.overdue, story.clock.natural
    if overdue:
        return span(overdue, WHOLE_DAY if natural and overdue >= 2 * WHOLE_DAY else story.figures.day)
    return Phrase(N_("less than 1 min") if natural else N_("less than 1 min of working time"))


def _whole(story: Story, calendar: WorkingCalendar) -> Phrase:
    """What there is to count: the limit, or what has become of it."""
    limit, figures, natural = story.clock.limit, story.figures, story.clock.natural
    total = span(figures.total, figures.day)
    if limit is None:
        message = N_("%(total)s until the time that was set") if natural else N_("%(total)s of working time until the time that was set")
        return Phrase(message, total=total)
    day = working_day(calendar)
    if nominal(limit, day) == figures.total:
        return limit_words(limit, day)
    message = N_("%(total)s (limit: %(limit)s)") if natural else N_("%(total)s of working time (limit: %(limit)s)")
    return Phrase(message, total=total, limit=limit_words(limit, day))


def _standing(story: Story) -> Iterator[Phrase]:
    pause = story.clock.standing
    if story.state == PAUSED and pause is not None and pause.until is not None:
        yield Phrase(N_("suspended until %(until)s at the latest"), until=pause.until)


def _stood(story: Story) -> Iterator[Phrase]:
    """Which pauses there were: each by its number and who granted it."""
    if not story.figures.paused:
        return
    begun = [
        p for p in story.clock.pauses if p.state == APPROVED and p.from_at is not None and p.from_at < min(story.at, story.expected_at)
    ]
    yield Phrase(
        N_("paused %(span)s by %(pauses)s"), span=span(story.figures.paused, story.figures.day), pauses=[_pause(pause) for pause in begun]
    )


def _pause(pause: Pause) -> Phrase:
    if pause.reason == UNDER_REVIEW:
        return Phrase(N_("verification and review from %(begin)s to %(end)s"), begin=pause.from_at, end=pause.to_at)
    if pause.decided_by:
        return Phrase(N_("suspension no. %(number)s, granted by %(who)s"), number=pause.ordinal, who=pause.decided_by)
    return Phrase(N_("suspension no. %(number)s"), number=pause.ordinal)


def _days(story: Story, calendar: WorkingCalendar) -> Iterator[Phrase]:
    """Days off that gave nothing away, and weekend days that were worked."""
    if story.clock.natural:
        return
    first, last = calendar.local_day(story.clock.started_at), calendar.local_day(max(story.expected_at, story.at))
    days = [first + _DAY * n for n in range((last - first).days + 1)]
    off = sum(not calendar.is_working(day) for day in days)
    makeup = [day for day in days if calendar.days.get(day) == MAKEUP]
    if off:
        yield Phrase(N_("%(count)s days off do not count") if off > 1 else N_("1 day off does not count"), count=off)
    if makeup:
        message = (
            N_("%(days)s are make-up working days and count") if len(makeup) > 1 else N_("%(days)s is a make-up working day and counts")
        )
        yield Phrase(message, days=makeup)


def _granted(story: Story) -> Iterator[Phrase]:
    for wish in story.clock.extensions:
        if wish.state == APPROVED:
            yield Phrase(
                N_("extension no. %(number)s to %(due)s, granted by %(who)s"), number=wish.ordinal, due=wish.wanted_at, who=wish.decided_by
            )


def _due(story: Story) -> Iterator[Phrase]:
    clock = story.clock
    base = clock.base_due_at or clock.due_at
    if story.state == PAUSED:
        yield Phrase(N_("due %(due)s if it went on now, %(before)s at first"), due=story.expected_at, before=base)
    elif base != clock.due_at:
        yield Phrase(N_("due moved from %(before)s to %(after)s"), before=base, after=clock.due_at)
    else:
        yield Phrase(N_("due %(due)s"), due=clock.due_at)
