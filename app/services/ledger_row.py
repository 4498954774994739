"""One row of a foreign ledger, read by a mapping: a ticket's history as far as the source knows it, or everything that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from app.channels.binding import Binding, Cells
from app.core.clock import now
from app.crud.columns import Choice, Field, Origin, Reading
from app.domain.facts import COMPLETED, DUE, OUTCOME, RATING, REPORTED
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
BOUNDS = {"longitude": 180, "latitude": 90}

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

    def refuse(self, name: str, refused: Refused) -> None:
        """One more thing is wrong. Moments are quoted as the file spells them, on the ledger's own clock."""
        values = refused.phrase.values
        if any(isinstance(value, datetime) for value in values.values()):
            spelt: dict[str, Any] = {key: self._spelt(value) if isinstance(value, datetime) else value for key, value in values.items()}
            refused = Refused(refused.code, refused.phrase.message, field=refused.field, **spelt)
        self.refusals.append((name, refused))

    def _spelt(self, moment: datetime) -> str:
        return moment.astimezone(self.mapping.zone).strftime("%Y-%m-%d %H:%M")

    def attempt(self, name: str, read: Callable[[], Any]) -> Any:
        """A value, or a refusal noted under its column."""
        try:
            return read()
        except Refused as refused:
            self.refuse(name, refused)
            return None

    def history(self, cells: Cells) -> TicketHistory | None:
        """The ticket's history as far as the source knows it; ``None`` when something is wrong."""
        self.cells, self.refusals = cells, []
        number = self.attempt("source_no", self._number)
        moments = {name: self.attempt(name, partial(self._moment, name)) for name in (*PAST, "due_at")}
        reported = moments["reported_at"] or moments["completed_at"]
        if reported is None and not any(name == "reported_at" for name, _ in self.refusals):
            self.refuse("reported_at", Refused("required", N_("the time of the report is missing")))
        day = reported.astimezone(self.mapping.zone).date() if reported else None
        links = {name: self.attempt(name, partial(self.register.resolve, name, cells, day)) for name in self.binding.links}
        values = {name: self.attempt(name, partial(self._text, name)) or "" for name in TEXTS}
        values |= {name: self.attempt(name, partial(self._word, name)) or "" for name in WORDS}
        place = {name: self.attempt(name, partial(self._coordinate, name)) for name in BOUNDS}
        proactive = self.attempt("proactive", self._proactive)
        stage = self.binding.text("state", cells)
        outcome = self.attempt("in_time", partial(self._outcome, moments, stage)) or (None, None)
        self._check_whole(moments, links, place)
        if self.refusals or reported is None:
            return None
        history = TicketHistory(
            source_no=number,
            reported_at=reported,
            due_at=moments["due_at"],
            completed_at=moments["completed_at"],
            rated_at=moments["rated_at"],
            completed=outcome[0],
            on_time=outcome[1],
            stage=self._stage(stage, moments, outcome, links.get("unit")),
            channel_id=links.get("channel"),
            matter_id=links.get("matter"),
            street_town_id=links.get("street_town"),
            community_id=links.get("community"),
            proactive=bool(proactive),
            voided=self.binding.void(cells),
            unknown=frozenset(self._unknown(moments, values, outcome)),
            **{**values, **place, "title": (values["title"] or values["description"] or number)[:200]},
        )
        if links.get("unit") is not None:
            history = replace(history, rounds=(self._round(links["unit"], moments, outcome),))
        try:
            return checked(history)
        except Refused as refused:
            self.refuse(refused.field, refused)
            return None

    # --- single values -----------------------------------------------------------------------------------

    def _number(self) -> str:
        text = self.binding.text("source_no", self.cells)
        if not text:
            raise Refused("required", N_("the source's number is missing"))
        return str(self.fields["source_no"].read(text, self.reading))

    def _moment(self, name: str) -> datetime | None:
        found = self.binding.moment(name, self.cells)
        if found is not None and name != "due_at" and found > self.now:
            raise Refused("future", N_("“%(label)s” %(value)s lies in the future"), label=_label(name), value=found)
        return found

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

    def _proactive(self) -> bool:
        text = self.binding.text("proactive", self.cells)
        return bool(text and self.fields["proactive"].read(text, self.reading))

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

    def _outcome(self, moments: dict[str, Any], stage: str) -> Outcome:
        """The outcome that flags or the state tell; a contradiction is refused, a gap is unknown."""
        in_time, overdue = (self.binding.flag(name, self.cells) for name in ("in_time", "overdue"))
        done, due = moments["completed_at"], moments["due_at"]
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

    def _check_whole(self, moments: dict[str, Any], links: dict[str, int | None], place: dict[str, float | None]) -> None:
        wrong = {name for name, _ in self.refusals}
        if "unit" in links and links["unit"] is None and "unit" not in wrong:
            for name in ("dispatched_at", "signed_at"):
                if moments[name] is not None:
                    self.refuse("unit", Refused("required", N_("“%(label)s” is given, but no handling unit"), label=_label(name)))
                    break
        if (place["longitude"] is None) != (place["latitude"] is None) and wrong.isdisjoint(BOUNDS):
            missing = next(name for name in BOUNDS if place[name] is None)
            self.refuse(missing, self.fields[missing].refused("required", N_("“%(label)s” is missing")))
        if not wrong & {"community", "street_town"}:
            refused = self.register.foreign(links.get("community"), links.get("street_town"))
            if refused is not None:
                self.refuse("community", refused)

    def _round(self, unit_id: int, moments: dict[str, Any], outcome: Outcome) -> RoundHistory:
        return RoundHistory(
            ordinal=1,
            unit_id=unit_id,
            dispatched_at=moments["dispatched_at"],
            signed_at=moments["signed_at"],
            due_at=moments["due_at"],
            completed_at=moments["completed_at"],
            completed=outcome[0],
            on_time=outcome[1],
        )

    def _unknown(self, moments: dict[str, Any], values: dict[str, str], outcome: Outcome) -> set[str]:
        found = set(self.mapping.unknown)
        if COMPLETED in found and outcome[0] is None:
            found.add(OUTCOME)
        if outcome[0] and moments["completed_at"] is None:
            found.add(COMPLETED)
        absent = {
            REPORTED: moments["reported_at"] is None,
            DUE: moments["due_at"] is None,
            COMPLETED: moments["completed_at"] is None,
            RATING: not values["rating"],
            "dispatched": moments["dispatched_at"] is None,
            "signed": moments["signed_at"] is None,
        }
        return found | {name for name in self.mapping.unknown_when_missing if absent.get(name, False)}

    def _stage(self, said: str, moments: dict[str, Any], outcome: Outcome, unit_id: int | None) -> str:
        if said in STAGES:
            return said
        done = moments["completed_at"] is not None or outcome[0]
        if self.mapping.stage and (done or outcome[0] is None):
            return self.mapping.stage
        if done:
            return "archived"
        return "handling" if moments["signed_at"] else "dispatched" if unit_id is not None else "reported"


def _label(moment: str) -> Phrase:
    return Phrase(MOMENTS.get(moment) or Ticket.__fields__[moment].label)
