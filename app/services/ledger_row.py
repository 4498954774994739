"""One row of a foreign ledger, read by a mapping: a ticket's history as far as the source knows it, or everything that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.channels.binding import Binding, Cells
from app.core.clock import now
from app.crud.columns import Choice, Field, Origin, Reading
from app.domain.facts import COMPLETED, DUE, NO_LEDGER_TELLS, OUTCOME, RATING, REPORTED
from app.domain.history import MOMENTS, RoundHistory, TicketHistory, checked
from app.domain.refusals import N_, Phrase, Refused
from app.domain.workflow import ALL_STAGES
from app.entities.ticket import Ticket
from app.services.naming import Register

STAGES = frozenset(stage.code for stage in ALL_STAGES)
DONE = frozenset({"completed", "reviewing", "evaluating", "archived"})
TEXTS = ("title", "description", "address", "opinion", "reporter_name", "reporter_phone")
WORDS = ("nature", "urgency", "result", "rating")
PAST = ("reported_at", "dispatched_at", "signed_at", "completed_at", "rated_at")
MOMENTS_READ = (*PAST, "due_at")
BOUNDS = {"longitude": 180, "latitude": 90}
AS_READ = (*(name for name in TEXTS if name != "title"), *WORDS, *BOUNDS, "due_at", "completed_at", "rated_at", "proactive")
FARTHEST = timedelta(days=7305)
"""No duty is due later than in twenty years: beyond lie typing errors, and clocks that nobody can draw."""

Outcome = tuple[bool | None, bool | None]
"""(completed, on time), each ``None`` where the source does not say."""


class RowReader:
    """Reads the rows of one file, one after the other. ``refusals`` are those of the row just read, with what they concern."""

    def __init__(self, binding: Binding, register: Register) -> None:
        self.binding, self.mapping, self.register = binding, binding.mapping, register
        self.fields: dict[str, Field] = Ticket.__fields__
        self.reading = Reading(origin=Origin.FILE)
        self.now = now()
        self.cells: Cells = ()
        self.refusals: list[tuple[str, Refused]] = []
        self._words: dict[tuple[str, str], str] = {}
        self._gaps: dict[tuple[bool, ...], frozenset[str]] = {}
        self._blank: dict[str, Any] = dict.fromkeys((*MOMENTS_READ, *BOUNDS)) | dict.fromkeys((*TEXTS, *WORDS, "state"), "")
        self._blank |= {"source_no": "", "proactive": False} | dict.fromkeys(binding.links)
        self._readers = self._offered()

    def _offered(self) -> list[tuple[str, Callable[[str], Any]]]:
        """How each value is read that this file has a column for, or must have."""
        readers: dict[str, Callable[[str], Any]] = {"source_no": self._number, "state": self._state, "proactive": self._proactive}
        readers |= dict.fromkeys(MOMENTS_READ, self._moment) | dict.fromkeys(TEXTS, self._text)
        readers |= dict.fromkeys(WORDS, self._word) | dict.fromkeys(BOUNDS, self._coordinate)
        always = {"source_no"} | self.mapping.required
        return [(name, read) for name, read in readers.items() if name in always or self.binding.reads(name)]

    def refuse(self, name: str, refused: Refused) -> None:
        """One more thing is wrong. Moments are quoted as the file spells them, on the ledger's own clock."""
        values = refused.phrase.values
        if any(isinstance(value, datetime) for value in values.values()):
            spelt: dict[str, Any] = {key: self._spelt(value) if isinstance(value, datetime) else value for key, value in values.items()}
            refused = Refused(refused.code, refused.phrase.message, field=refused.field, **spelt)
        self.refusals.append((name, refused))

    def _spelt(self, moment: datetime) -> str:
        return moment.astimezone(self.mapping.zone).strftime("%Y-%m-%d %H:%M")

    def history(self, cells: Cells) -> TicketHistory | None:
        """The ticket's history as far as the source knows it; ``None`` when something is wrong."""
        self.cells, self.refusals = cells, []
        found = self._values()
        reported = found["reported_at"] or found["completed_at"]
        if reported is None and not any(name == "reported_at" for name, _ in self.refusals):
            self.refuse("reported_at", Refused("required", N_("the time of the report is missing")))
        self._link(found, reported.astimezone(self.mapping.zone).date() if reported else None)
        outcome = self._outcome_of(found)
        self._check_whole(found)
        if self.refusals or reported is None:
            return None
        history = TicketHistory(
            source_no=found["source_no"],
            title=(found["title"] or found["description"] or found["source_no"])[:200],
            reported_at=reported,
            stage=self._stage(found, outcome),
            completed=outcome[0],
            on_time=outcome[1],
            channel_id=found.get("channel"),
            matter_id=found.get("matter"),
            street_town_id=found.get("street_town"),
            community_id=found.get("community"),
            voided=self.binding.void(cells),
            rounds=self._rounds(found, outcome),
            unknown=self._unknown(found, outcome),
            **{name: found[name] for name in AS_READ},
        )
        try:
            return checked(history)
        except Refused as refused:
            self.refuse(refused.field, refused)
            return None

    def _values(self) -> dict[str, Any]:
        """Everything the row says in columns of its own, and what is wrong with the rest."""
        found = dict(self._blank)
        for name, read in self._readers:
            try:
                found[name] = read(name)
            except Refused as refused:
                self.refuse(name, refused)
        return found

    def _link(self, found: dict[str, Any], day: date | None) -> None:
        for name in self.binding.links:
            try:
                found[name] = self.register.resolve(name, self.cells, day)
            except Refused as refused:
                self.refuse(name, refused)

    # --- single values -----------------------------------------------------------------------------------

    def _number(self, name: str) -> str:
        text = self.binding.text(name, self.cells)
        if not text:
            raise Refused("required", N_("the source's number is missing"))
        return str(self.fields[name].read(text, self.reading))

    def _state(self, name: str) -> str:
        return self.binding.text(name, self.cells)

    def _moment(self, name: str) -> datetime | None:
        found = self.binding.moment(name, self.cells)
        if found is not None and name != "due_at" and found > self.now:
            raise Refused("future", N_("“%(label)s” %(value)s lies in the future"), label=_label(name), value=found)
        if found is not None and found > self.now + FARTHEST:
            raise Refused("too-far", N_("“%(label)s” %(value)s lies more than twenty years ahead"), label=_label(name), value=found)
        return found.astimezone(UTC) if found is not None else None

    def _text(self, name: str) -> str:
        text = self.binding.text(name, self.cells)
        if not text and name in self.mapping.required:
            raise self.fields[name].refused("required", N_("“%(label)s” is missing"))
        return str(self.fields[name].read(text, self.reading) or "") if text else ""

    def _word(self, name: str) -> str:
        """A word of a dictionary: by its code or its label in either language, after the mapping's own translation."""
        text = self.binding.text(name, self.cells)
        if not text:
            return ""
        known = self._words.get((name, text))
        if known is None:
            column = self.fields[name]
            assert isinstance(column, Choice)
            otherwise = self.mapping.ticket[name].otherwise
            try:
                known = column.parse(text, self.reading)
            except Refused:
                if not otherwise:
                    raise
                known = otherwise
            self._words[name, text] = known
        return known

    def _proactive(self, name: str) -> bool:
        text = self.binding.text(name, self.cells)
        return bool(text and self.fields[name].read(text, self.reading))

    def _coordinate(self, name: str) -> float | None:
        text = self.binding.text(name, self.cells)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            raise Refused("not-a-number", N_("“%(value)s” is not a number"), value=text[:80]) from None
        if not -BOUNDS[name] <= value <= BOUNDS[name]:
            raise Refused("out-of-range", N_("“%(value)s” is not a coordinate; are longitude and latitude exchanged?"), value=text[:80])
        return round(value, 6)

    def _outcome_of(self, found: dict[str, Any]) -> Outcome:
        try:
            return self._outcome(found["completed_at"], found["due_at"], found["state"])
        except Refused as refused:
            self.refuse("in_time", refused)
            return None, None

    def _outcome(self, done: datetime | None, due: datetime | None, stage: str) -> Outcome:
        """The outcome that flags or the state tell; a contradiction is refused, a gap is unknown."""
        in_time, overdue = (self.binding.flag(name, self.cells) for name in ("in_time", "overdue"))
        if in_time and overdue:
            raise Refused("contradiction", N_("the ticket is marked both in time and overdue"))
        if in_time is None and overdue is None:
            return (True, None) if done is None and stage in DONE else (None, None)
        if done is not None and due is not None:
            if (in_time and done > due) or (overdue and done <= due):
                raise Refused("contradiction", N_("the ticket is marked otherwise than its times say"))
            return None, None
        if in_time or overdue:
            return True, bool(in_time)
        return (None, None) if done is not None or None in (in_time, overdue) else (False, None)

    # --- the whole row -----------------------------------------------------------------------------------

    def _check_whole(self, found: dict[str, Any]) -> None:
        wrong = {name for name, _ in self.refusals}
        if "unit" in found and found["unit"] is None and "unit" not in wrong:
            for name in ("dispatched_at", "signed_at"):
                if found[name] is not None:
                    self.refuse("unit", Refused("required", N_("“%(label)s” is given, but no handling unit"), label=_label(name)))
                    break
        if (found["longitude"] is None) != (found["latitude"] is None) and wrong.isdisjoint(BOUNDS):
            missing = next(name for name in BOUNDS if found[name] is None)
            self.refuse(missing, self.fields[missing].refused("required", N_("“%(label)s” is missing")))
        if not wrong & {"community", "street_town"}:
            refused = self.register.foreign(found.get("community"), found.get("street_town"))
            if refused is not None:
                self.refuse("community", refused)

    def _rounds(self, found: dict[str, Any], outcome: Outcome) -> tuple[RoundHistory, ...]:
        if found.get("unit") is None:
            return ()
        moments = {name: found[name] for name in ("dispatched_at", "signed_at", "due_at", "completed_at")}
        return (RoundHistory(ordinal=1, unit_id=found["unit"], completed=outcome[0], on_time=outcome[1], **moments),)

    def _unknown(self, found: dict[str, Any], outcome: Outcome) -> frozenset[str]:
        """What the source does not tell about this ticket; few combinations exist, and most rows share one."""
        times = ("reported_at", "due_at", "completed_at", "dispatched_at", "signed_at")
        lacks = (outcome[0] is None, bool(outcome[0]), not found["rating"], *(found[name] is None for name in times))
        known = self._gaps.get(lacks)
        if known is None:
            known = self._gaps[lacks] = self._gap(*lacks)
        return known

    def _gap(self, open_ended: bool, done: bool, unrated: bool, *absent: bool) -> frozenset[str]:
        found = set(self.mapping.unknown | NO_LEDGER_TELLS)
        missing = dict(zip((REPORTED, DUE, COMPLETED, "dispatched", "signed"), absent, strict=True)) | {RATING: unrated}
        if COMPLETED in found and open_ended:
            found.add(OUTCOME)
        if done and missing[COMPLETED]:
            found.add(COMPLETED)
        return frozenset(found | {name for name in self.mapping.unknown_when_missing if missing.get(name, False)})

    def _stage(self, found: dict[str, Any], outcome: Outcome) -> str:
        if found["state"] in STAGES:
            return str(found["state"])
        done = found["completed_at"] is not None or outcome[0]
        if self.mapping.stage and (done or outcome[0] is None):
            return self.mapping.stage
        if done:
            return "archived"
        return "handling" if found["signed_at"] else "dispatched" if found.get("unit") is not None else "reported"


def _label(moment: str) -> Phrase:
    return Phrase(MOMENTS.get(moment) or Ticket.__fields__[moment].label)
