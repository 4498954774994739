"""The desk's doors: one move on several tickets, and counts that are asked for again while somebody looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_appbuilder import expose, has_access

from app.core.clock import now
from app.core.languages import Words, words
from app.crud.access import require
from app.crud.columns import Origin, Reading
from app.crud.reading import number_of
from app.crud.screen import Answer, PageView
from app.domain.moves import BY_ACTION
from app.domain.refusals import N_, Refused, RefusedAll
from app.queries.desk import BY_CODE
from app.services.batch_moves import NotDone, Outcome, Pick, move_all
from app.web.desk_counts import desk_counts, told


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket that was refused, as the result page says it."""

    number: str
    title: str
    href: str
    reasons: Sequence[str]


class Desk(PageView):
    """Working off a queue."""

    route_base = "/desk"
    class_permission_name = "Desk"
    method_permission_name: ClassVar[dict[str, str]] = {"counts": "read", "batch": "read"}
    default_view = "counts"

    @expose("/counts")
    @has_access
    def counts(self) -> Response:
        """What a page that stays open needs to bring its counts up to date."""
        writer = words()
        return jsonify(counts=told(desk_counts(), writer), as_of=writer.moment(now()))

    @expose("/batch", methods=["POST"])
    @has_access
    def batch(self) -> Answer:
        """Make one move on all ticked rows, or on the one whose button was pressed; each on its own, each refusal with its reason."""
        require("work", "Ticket")
        writer = words()
        action, picks = _asked()
        queue = request.form.get("queue", "")
        raw = {"unit": request.form.get("unit", "")}
        try:
            outcome = move_all(action, picks, raw, Reading(origin=Origin.FORM, words=writer))
        except Refused as refused:
            flash(writer.phrase(refused.phrase), "danger")
            return redirect(_back(queue))
        if outcome.refused:
            return render_template("pages/batch.html", **_result(outcome, queue, writer))
        flash(_done(outcome, writer), "success")
        return redirect(_back(queue))


def _asked() -> tuple[str, list[Pick]]:
    """A row's own button says everything; otherwise the bar's button names the move, and the ticked rows follow."""
    pressed = request.form.get("one", "")
    if pressed:
        action, _, row = pressed.partition(":")
        return action, _picks([row])
    return request.form.get("action", ""), _picks(request.form.getlist("row"))


def _picks(rows: Sequence[str]) -> list[Pick]:
    """``number:version`` of each row; what does not read so was not sent by our page."""
    found = []
    for row in rows:
        ticket_id, version = (number_of(part) for part in (row.partition(":")[0], row.partition(":")[2]))
        if ticket_id is not None and version is not None:
            found.append(Pick(ticket_id, version))
    return found


def _back(queue: str) -> str:
    """To the same queue, at the row that follows the one that was dealt with."""
    following = number_of(request.form.get("next", ""))
    anchor = f"row-{following}" if following else None
    return url_for("Home.index", queue=queue if queue in BY_CODE else None, _anchor=anchor)


def _done(outcome: Outcome, writer: Words) -> str:
    move = writer(BY_ACTION[outcome.action].name)
    if len(outcome.done) == 1:
        return writer(N_("%(move)s: %(number)s is done"), move=move, number=outcome.done[0])
    return writer(N_("%(move)s: %(count)s tickets are done"), move=move, count=len(outcome.done))


def _result(outcome: Outcome, queue: str, writer: Words) -> dict[str, Any]:
    return {
        "move": writer(BY_ACTION[outcome.action].name),
        "done": outcome.done,
        "lines": [_line(line, writer) for line in outcome.refused],
        "back": _back(queue),
        "queue": writer(BY_CODE[queue].label) if queue in BY_CODE else "",
    }


def _line(line: NotDone, writer: Words) -> Line:
    refusals = line.refused.refusals if isinstance(line.refused, RefusedAll) else (line.refused,)
    href = url_for("TicketScreen.show", pk=line.ticket_id) if line.number else ""
    return Line(line.number, line.title, href, [writer.phrase(refusal.phrase) for refusal in refusals])


PAGE = Desk
