"""A row of the table of moves: what it says, the stages it speaks of, and what several moves ask for."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.acts import Act, Guard
from app.domain.refusals import N_
from app.domain.relations import Relation
from app.domain.workflow import ALL_STAGES


@dataclass(frozen=True, slots=True)
class Need:
    """Something that has to be said with a move.

    ``kind`` is ``text`` (a line), ``long``, ``choice`` (``of`` names a dictionary), ``choices``, ``unit``/``units`` (``of`` a type
    or empty), ``moment``, ``flag``, ``ticket``, ``matter``, ``partner``, ``rating``, ``urgency``. ``least`` is the shortest text.
    """

    name: str
    kind: str
    label: str
    required: bool = True
    of: str = ""
    least: int = 0
    help: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table.

    ``stages`` is where it may start; ``to`` where it leads, nothing means that the ticket stays; ``may`` holds changes of
    stage (from, to) that depend on how things stand, which the move itself decides. ``right`` and one of ``who`` make it
    somebody's. ``part`` says that it is about one called department; ``starts`` and ``stops`` name the clocks it touches
    (``app.domain.rulebook.CLOCKS``). ``guards`` must hold, ``act`` changes the case file. ``tone`` is how it is offered:
    ``main``, ``usual``, ``rare`` or ``grave``. ``group`` bundles buttons.
    """

    action: str
    name: str
    group: str
    stages: tuple[str, ...]
    to: tuple[str, ...]
    right: str
    who: tuple[Relation, ...]
    act: Act
    needs: tuple[Need, ...] = ()
    guards: tuple[Guard, ...] = ()
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    part: bool = False
    tone: str = "usual"
    about: str = ""
    even_ended: bool = False
    may: tuple[tuple[str, str], ...] = ()

    @property
    def edges(self) -> tuple[tuple[str, str], ...]:
        """Every change of stage that the move can bring about."""
        return tuple((start, end) for start in self.stages for end in self.to) + self.may


REPORTED, DISPATCHED, SIGNED, HANDLING, CALLED_STAGE = "reported", "dispatched", "signed", "handling", "called"
CONSULTING, COMPLETED, REVIEWING, EVALUATING, ARCHIVED = "consulting", "completed", "reviewing", "evaluating", "archived"

AT_UNIT = (DISPATCHED, SIGNED, HANDLING, CALLED_STAGE, CONSULTING)
AT_WORK = (SIGNED, HANDLING, CALLED_STAGE, CONSULTING)
IN_HAND = (HANDLING, CALLED_STAGE, CONSULTING)
UNDER_CALL = (CALLED_STAGE, CONSULTING, HANDLING)
RETURNABLE = (DISPATCHED, SIGNED, HANDLING)
AFTERWARDS = (COMPLETED, REVIEWING, EVALUATING, ARCHIVED)
EVERYWHERE = tuple(stage.code for stage in ALL_STAGES)
STAY: tuple[str, ...] = ()

UNIT = Need("unit", "unit", N_("Unit"))
UNIT_IF_ANY = Need("unit", "unit", N_("Next unit"), required=False, help=N_("Leave empty to send the ticket back to the dispatchers."))
DUE = Need("due_at", "moment", N_("Due"), required=False, help=N_("Empty: the limit of the responsibility list, or the usual one."))
NOTE = Need("note", "long", N_("Note"), required=False)
SAID = Need("note", "long", N_("Note"), least=4)
REASON = Need("reason", "long", N_("Reason"), least=4)
RETURN_REASON = Need("reason", "choice", N_("Reason for return"), of="return_reason")
RESULT = Need("result", "choice", N_("Result"), of="result")
RESULT_IF_CHANGED = Need("result", "choice", N_("Result"), of="result", required=False, help=N_("Empty: as the handling unit claims."))

AS_ASSIGNMENT, AS_HANDLING, AS_CALL, AS_REQUEST = N_("Assignment"), N_("Handling"), N_("Calls"), N_("Requests")
AS_COMPLETION, AS_RATING, AS_EXCEPTION = N_("Completion and review"), N_("Ratings"), N_("Exceptions")
