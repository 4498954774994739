"""The rail of the nine published stages: when each was reached, how long it took, and which one it is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.clock import now
from app.core.languages import NOTHING, Words
from app.domain.casefile import CaseFile
from app.domain.refusals import N_
from app.domain.workflow import ALL_STAGES, ARCHIVED, STAGES
from app.entities.ticket_event import TicketEvent
from app.web.spans import span_words

PAST, PRESENT, AHEAD, SKIPPED = "past", "present", "ahead", "skipped"


@dataclass(frozen=True, slots=True)
class Visit:
    """A stretch of time in one stage; ``left`` is empty while it lasts."""

    stage: str
    reached: datetime
    left: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """One stage on the rail. ``times`` is how often it was reached."""

    code: str
    name: str
    state: str
    at: str
    took: str
    times: int
    hint: str


@dataclass(frozen=True, slots=True)
class Rail:
    """The nine, then the archive; ``place`` counts from 1; ``loops`` tell of ways back."""

    steps: tuple[Step, ...]
    archive: Step
    place: int
    present: str
    following: str
    loops: tuple[str, ...]


def visits(events: Sequence[TicketEvent]) -> list[Visit]:
    """The stretches spent in each stage, from events in their order."""
    found: list[Visit] = []
    for event in events:
        if not event.to_stage or (found and found[-1].stage == event.to_stage):
            continue
        if found:
            found[-1] = Visit(found[-1].stage, found[-1].reached, event.happened_at)
        found.append(Visit(event.to_stage, event.happened_at, None))
    return found


def rail(case: CaseFile, events: Sequence[TicketEvent], writer: Words) -> Rail:
    """Build the rail."""
    been = visits(events)
    order = [stage.code for stage in ALL_STAGES]
    place = order.index(case.stage) if case.stage in order else 0
    steps = tuple(_step(stage.code, stage.name, order.index(stage.code), place, been, case, writer) for stage in ALL_STAGES)
    following = order[place + 1] if place + 1 < len(STAGES) else ARCHIVED.code if place + 1 == len(STAGES) else ""
    names = {stage.code: stage.name for stage in ALL_STAGES}
    return Rail(
        steps=steps[:-1],
        archive=steps[-1],
        place=place + 1,
        present=writer(names[order[place]]),
        following=writer(names[following]) if following and not case.ended else "",
        loops=_loops(case, writer),
    )


def _step(code: str, name: str, index: int, place: int, been: list[Visit], case: CaseFile, writer: Words) -> Step:
    mine = [visit for visit in been if visit.stage == code]
    state = PRESENT if index == place else PAST if index < place and mine else SKIPPED if index < place else AHEAD
    spent = sum(((visit.left or now()) - visit.reached for visit in mine if visit.left or not case.ended), timedelta())
    took = writer(N_("took %(span)s"), span=span_words(spent, writer)) if mine and all(v.left for v in mine) else ""
    if state == PRESENT and not case.ended:
        took = writer(N_("for %(span)s"), span=span_words(spent, writer)) if mine and code != ARCHIVED.code else ""
    if state == SKIPPED:
        took = writer(N_("not needed") if code in ("called", "consulting") and not case.call_list else N_("not recorded"))
    told = [writer(N_("%(start)s to %(end)s"), start=writer.brief(v.reached, now()), end=_end(v, writer)) for v in mine]
    shown = (mine[-1] if state == PRESENT else mine[0]) if mine else None
    return Step(
        code=code,
        name=writer(name),
        state=state,
        at=writer.brief(shown.reached, now()) if shown else NOTHING,
        took=took,
        times=len(mine),
        hint=writer.listing(told) if len(mine) > 1 else "",
    )


def _end(visit: Visit, writer: Words) -> str:
    return writer.brief(visit.left, now()) if visit.left else writer(N_("now"))


def _loops(case: CaseFile, writer: Words) -> tuple[str, ...]:
    """Every way back, counted; a straight life has none."""
    told = (
        (case.returns, N_("Returns: %(count)s")),
        (case.reworks, N_("Reworks: %(count)s")),
        (case.reopenings, N_("Reopenings: %(count)s")),
        (case.ping_pong, N_("Back at a unit that had it before: %(count)s")),
        (case.extensions_granted, N_("Extensions: %(count)s")),
    )
    return tuple(writer(message, count=count) for count, message in told if count)
