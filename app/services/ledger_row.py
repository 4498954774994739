"""One row of a foreign ledger, read by a mapping: a ticket's history as far as the source knows it, or everything that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from app.channels.mapping import LedgerMapping
from app.domain.facts import COMPLETED, DUE, OUTCOME, RATING, REPORTED
from app.domain.history import RoundHistory, TicketHistory, checked
from app.domain.refusals import N_, Refused
from app.domain.workflow import ALL_STAGES
from app.services.naming import Register

STAGES = frozenset(stage.code for stage in ALL_STAGES)
LONGEST = {"title": 200, "source_no": 80, "address": 300}


class RowReader:
    """Reads one row by a mapping, collecting every refusal with the column it concerns."""

    def __init__(self, mapping: LedgerMapping, register: Register, row: dict[str, Any]) -> None:
        self.mapping, self.register, self.row = mapping, register, row
        self.refusals: list[tuple[str, Refused]] = []

    def refuse(self, name: str, refused: Refused) -> None:
        """One more thing is wrong."""
        self.refusals.append((name, refused))

    def attempt(self, name: str, read: Callable[[], Any]) -> Any:
        """A value, or a refusal noted under its column."""
        try:
            return read()
        except Refused as refused:
            self.refuse(name, refused)
            return None

    def text(self, name: str) -> str:
        """A text column, bounded."""
        value: str = self.attempt(name, lambda: self.mapping.text(name, self.row)) or ""
        most = LONGEST.get(name, 20_000)
        if len(value) > most and name == "source_no":
            self.refuse(
                name, Refused("too-long", N_("the text has %(count)d characters; at most %(most)d fit"), count=len(value), most=most)
            )
        return value

    def history(self) -> TicketHistory | None:
        """The ticket's history as far as the source knows it; ``None`` when something is wrong."""
        number = self.text("source_no")
        if not number:
            self.refuse("source_no", Refused("required", N_("the source's number is missing")))
        moments = {
            n: self.attempt(n, partial(self.mapping.moment, n, self.row))
            for n in ("reported_at", "due_at", "completed_at", "dispatched_at", "signed_at", "rated_at")
        }
        links = {name: self.attempt(name, partial(self.register.resolve, name, self.row)) for name in self.mapping.links}
        flags = self.attempt("in_time", self._outcome) or (None, None)
        values: dict[str, Any] = {
            n: self.text(n)
            for n in (
                "title",
                "description",
                "nature",
                "urgency",
                "address",
                "result",
                "opinion",
                "rating",
                "reporter_name",
                "reporter_phone",
            )
        }
        place = self.attempt("longitude", self._place) or (None, None)
        unknown = self._unknown(moments, values, flags)
        reported = moments["reported_at"] or moments["completed_at"]
        if reported is None and not any(name == "reported_at" for name, _ in self.refusals):
            self.refuse("reported_at", Refused("required", N_("the time of the report is missing")))
        if self.refusals or reported is None:
            return None
        history = TicketHistory(
            source_no=number,
            reported_at=reported,
            due_at=moments["due_at"],
            completed_at=moments["completed_at"],
            rated_at=moments["rated_at"] or (moments["completed_at"] if values["rating"] else None),
            completed=flags[0],
            on_time=flags[1],
            stage=self._stage(moments, flags),
            longitude=place[0],
            latitude=place[1],
            channel_id=links.get("channel"),
            matter_id=links.get("matter"),
            street_town_id=links.get("street_town"),
            community_id=links.get("community"),
            voided=self._void(),
            unknown=frozenset(unknown),
            **{**values, "title": (values["title"] or values["description"] or number)[:200]},
        )
        if links.get("unit") is not None:
            history = replace(history, rounds=(self._round(links["unit"], moments, flags),))
        return self.attempt("completed_at", lambda: checked(history))

    def _round(self, unit_id: int, moments: dict[str, Any], flags: tuple[bool | None, bool | None]) -> RoundHistory:
        return RoundHistory(
            ordinal=1,
            unit_id=unit_id,
            dispatched_at=moments["dispatched_at"],
            signed_at=moments["signed_at"],
            due_at=moments["due_at"],
            completed_at=moments["completed_at"],
            completed=flags[0],
            on_time=flags[1],
        )

    def _outcome(self) -> tuple[bool | None, bool | None]:
        """(completed, on time) from in-time and overdue flags; a contradiction is refused, a gap is unknown."""
        flags = self.mapping.flags
        if not flags:
            return None, None
        said: dict[str, bool | None] = {}
        for key in ("in_time", "overdue"):
            raw = self.row.get(str(flags[key]))
            text = "" if raw is None else str(raw).strip()
            if text in self.mapping.missing:
                said[key] = None
            elif text in flags["yes"]:
                said[key] = True
            elif text in flags["no"]:
                said[key] = False
            else:
                raise Refused("not-yes-no", N_("“%(value)s” is neither yes nor no"), value=text[:80])
        if said["in_time"] and said["overdue"]:
            raise Refused("contradiction", N_("the ticket is marked both in time and overdue"))
        if said["in_time"] or said["overdue"]:
            return True, bool(said["in_time"])
        return (None, None) if None in said.values() else (False, None)

    def _unknown(self, moments: dict[str, Any], values: dict[str, str], flags: tuple[bool | None, bool | None]) -> set[str]:
        found = set(self.mapping.unknown)
        if self.mapping.flags and flags[0] is None:
            found.add(OUTCOME)
        absent = {
            REPORTED: moments["reported_at"] is None,
            DUE: moments["due_at"] is None,
            COMPLETED: moments["completed_at"] is None,
            RATING: not values["rating"],
            "dispatched": moments["dispatched_at"] is None,
            "signed": moments["signed_at"] is None,
        }
        return found | {name for name in self.mapping.unknown_when_missing if absent.get(name, False)}

    def _stage(self, moments: dict[str, Any], flags: tuple[bool | None, bool | None]) -> str:
        said = self.text("state")
        if said in STAGES:
            return said
        done = moments["completed_at"] is not None or flags[0]
        if self.mapping.stage and (done or flags[0] is None):
            return self.mapping.stage
        return "archived" if done else "handling" if moments["signed_at"] else "dispatched"

    def _place(self) -> tuple[float | None, float | None]:
        found: list[float | None] = []
        for name, bound in (("longitude", 180), ("latitude", 90)):
            text = self.mapping.text(name, self.row)
            if not text:
                found.append(None)
                continue
            try:
                value = float(text)
            except ValueError:
                raise Refused("not-a-number", N_("“%(value)s” is not a number"), value=text[:80]) from None
            if not -bound <= value <= bound:
                raise Refused("out-of-range", N_("“%(value)s” is not a coordinate; are longitude and latitude exchanged?"), value=text[:80])
            found.append(round(value, 6))
        return found[0], found[1]

    def _void(self) -> bool:
        void = self.mapping.void
        return bool(void) and str(self.row.get(str(void["column"])) or "").strip() in void["values"]
