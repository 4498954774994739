"""An evaluation counted once more in plain SQL over the duties that were frozen with it, by somebody who knows the handbook alone.

The verdicts beside the duties are not read. Every figure is three texts: which duties stand in the denominator, what one of them is
worth in the numerator, and how many parts a case has. The words ``began``, ``placed``, ``done``, ``in_time``, ``standing`` and
``released`` are the handbook's (§2.8, §2.9): when a duty came up, the moment that puts it into a period, whether it was completed,
and in time, by the cut-off, whether its clock stood still before the limit, and whether it was taken back before it fell due.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, text

from app.core.db import UTCDateTime, db
from app.entities.evaluation import Evaluation
from app.queries.scores import period_of

MOMENT = {"sqlite": "REPLACE(SUBSTR({0}, 1, 26), 'T', ' ')", "postgresql": "CAST({0} AS timestamptz)"}
EACH = {"sqlite": "json_each({0}) one", "postgresql": "json_array_elements_text({0}) AS one(value)"}
WORD = {"sqlite": "json_extract(more, '$.{0}')", "postgresql": "CAST(more AS jsonb) #>> '{{{1}}}'"}
ARRAY = {"sqlite": "json_extract(more, '$.{0}')", "postgresql": "CAST(more AS json) -> '{0}'"}
TOLD = (
    *("returned_at", "reopened_at", "undone_at", "suspended_at", "paused_at", "extended_at", "contact_due_at", "contacted_at"),
    *("appointment_at", "arrive_by", "reported_in_at", "solved_at"),
    *("received.closed_at", "received.open_at", "owed.due_at"),
)
SAID = (
    *("turn", "arrival", "solved", "result", "wants_call", "proactive", "repeat", "units", "worked"),
    *("received.state", "received.arrival", "received.effect", "received.accuracy", "owed.state"),
)
COLUMNS = (
    *("unit_id", "kind", "reported_at", "dispatched_at", "signed_at", "response_due_at", "responded_at", "due_at", "completed_at"),
    *("withdrawn_at", "returned", "reworks", "rating", "rated_at", "auto_signed", "completed", "on_time"),
)
BASE = """
WITH told AS (
  SELECT "group" AS side, {columns}, CAST(unknown AS text) AS unknown, CAST(excluded AS text) AS excluded,
         {calls} AS calls, {earlier} AS earlier, {said}
  FROM evaluation_fact WHERE evaluation_id = :evaluation
), begun AS (
  SELECT *, COALESCE(reopened_at, reported_at) AS began,
         CASE WHEN completed_at IS NOT NULL THEN CASE WHEN completed_at <= :as_of THEN 1 ELSE 0 END
              WHEN completed IS NOT NULL THEN CASE WHEN completed IS TRUE THEN 1 ELSE 0 END
              WHEN on_time IS TRUE THEN 1
              WHEN unknown LIKE '%"completed"%' OR unknown LIKE '%"outcome"%' THEN NULL ELSE 0 END AS done
  FROM told WHERE COALESCE(reopened_at, reported_at) <= :as_of
), duty AS (
  SELECT *, COALESCE(due_at, began) AS placed,
         CASE WHEN completed_at IS NOT NULL AND due_at IS NOT NULL
                   THEN CASE WHEN completed_at <= :as_of AND completed_at <= due_at THEN 1 ELSE 0 END
              WHEN on_time IS NOT NULL THEN CASE WHEN on_time IS TRUE THEN 1 ELSE 0 END
              WHEN due_at IS NOT NULL AND done = 0 THEN 0 END AS in_time,
         CASE WHEN suspended_at <= :as_of AND (due_at IS NULL OR suspended_at <= due_at) THEN 1 ELSE 0 END AS standing,
         CASE WHEN withdrawn_at < :as_of AND withdrawn_at < COALESCE(due_at, :as_of)
                   AND (completed_at IS NULL OR completed_at > withdrawn_at) THEN 1 ELSE 0 END AS released
  FROM begun
)
"""


@dataclass(frozen=True)
class Figure:
    """How one figure is counted: duties of which sides and kinds, which of them, what each is worth, parts of a case."""

    kinds: str
    where: str
    worth: str
    parts: int = 1
    returned: bool = False
    counted: str = "1"


def within(column: str) -> str:
    return f"{column} >= :start AND {column} < :end"


def lacks(*names: str) -> str:
    return "(" + " OR ".join(f"unknown LIKE '%\"{name}\"%'" for name in names) + ")"


def answered(closed: str, at: str) -> str:
    """Said of something closed: in the period of the closing, or in the one whose books were open when it was said."""
    told = f"{closed} <= :as_of AND ({at} IS NULL OR {at} <= :as_of)"
    return f"{told} AND (({within(closed)}) OR ({closed} < :start AND {at} > :opened))"


WORK = "side = 'street_town' AND kind = 'case' OR side <> 'street_town' AND kind IN ('round', 'call')"
ROUNDS, CALLS, CASES = "kind = 'round'", "side <> 'street_town' AND kind = 'call'", "kind = 'case'"
HELD = "side = 'street_town' AND kind = 'case' OR side <> 'street_town' AND kind = 'round'"
PASSED = "(due_at IS NULL OR due_at <= :as_of)"
CLOSED = f"{within('completed_at')} AND done = 1 AND (undone_at IS NULL OR undone_at > :as_of)"
RATED = f"rating <> '' AND {answered('completed_at', 'rated_at')} AND NOT {lacks('rating')}"
HEARD = f"received_state = 'given' AND {answered('received_closed_at', 'received_open_at')}"
ASKED = f"{within('due_at')} AND released = 0 AND standing = 0 AND (done = 1 OR due_at <= :as_of OR {{0}} <= :as_of)"
FIRST_CALL = "(SELECT MIN({moment}) FROM {each} WHERE {moment} <= :as_of AND (dispatched_at IS NULL OR {moment} >= dispatched_at))"
NEEDED = f"({FIRST_CALL} IS NOT NULL OR (wants_call = 1 AND turn = 'dispatch'))"
CALLED_IN_TIME = f"{FIRST_CALL} <= due_at"
RETURNED_IN_TIME = "(returned_at IS NULL OR returned_at <= response_due_at)"
ANSWERED_IN_TIME = f"(returned = 'approved' AND {RETURNED_IN_TIME} OR responded_at <= response_due_at AND responded_at <= :as_of)"


def one(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


FIGURES: Mapping[str, Figure] = {
    # due in the period, or due before and still open when it began; what stands still is not due
    "DONE": Figure(
        WORK,
        f"released = 0 AND NOT (done = 0 AND standing = 1) AND (({within('placed')} AND done IS NOT NULL AND (done = 1 OR {PASSED}))"
        " OR (placed < :start AND (withdrawn_at IS NULL OR withdrawn_at >= :start)"
        " AND (completed_at >= :start OR (completed_at IS NULL AND done = 0))))",
        one("done = 1"),
    ),
    "DONE_OT": Figure(
        WORK,
        f"{within('placed')} AND released = 0 AND in_time IS NOT NULL AND (in_time = 1 OR (standing = 0 AND {PASSED}))",
        one("in_time = 1"),
    ),
    "DONE_LATE": Figure(
        WORK,
        f"{within('placed')} AND released = 0 AND in_time IS NOT NULL AND done IS NOT NULL"
        f" AND (in_time = 1 OR done = 1 OR (standing = 0 AND {PASSED}))",
        one("in_time = 0 AND done = 1"),
    ),
    "DONE_CRE": Figure(
        WORK,
        f"reopened_at IS NULL AND {within('reported_at')} AND done IS NOT NULL AND (withdrawn_at IS NULL OR withdrawn_at >= :as_of)",
        one("done = 1"),
    ),
    "DONE_EVT": Figure(
        WORK,
        f"NOT (completed_at IS NULL AND (done IS NULL OR done = 1)) AND ((reopened_at IS NULL AND {within('reported_at')}"
        f" AND (withdrawn_at IS NULL OR withdrawn_at >= :as_of)) OR ({within('completed_at')} AND done = 1))",
        one(f"{within('completed_at')} AND done = 1"),
        counted=one(f"reopened_at IS NULL AND {within('reported_at')} AND (withdrawn_at IS NULL OR withdrawn_at >= :as_of)"),
    ),
    "OVER_OPEN": Figure(
        WORK,
        f"{within('placed')} AND released = 0 AND (done = 1 OR (done = 0 AND ((withdrawn_at < :as_of)"
        " OR (standing = 0 AND (due_at <= :as_of OR (due_at IS NULL AND on_time IS FALSE))))))",
        one("done = 0 AND (withdrawn_at IS NULL OR withdrawn_at >= :as_of)"),
    ),
    "VOLUME": Figure(WORK, f"reopened_at IS NULL AND {within('reported_at')}", "1"),
    "REPEAT": Figure(CASES, f"reopened_at IS NULL AND {within('reported_at')} AND repeat IS NOT NULL", "repeat"),
    "PROACT": Figure(CASES, f"reopened_at IS NULL AND {within('reported_at')}", "COALESCE(proactive, 0)"),
    # what was open when the period began, against that and what came in
    "CARRY": Figure(
        WORK,
        f"NOT {lacks('completed')} AND ((reopened_at IS NULL AND {within('reported_at')}) OR (began < :start"
        " AND (withdrawn_at IS NULL OR withdrawn_at >= :start) AND (completed_at >= :start OR (completed_at IS NULL AND done = 0))))",
        one("began < :start"),
    ),
    "RETURN": Figure(
        ROUNDS,
        f"{within('dispatched_at')} AND dispatched_at <= :as_of AND returned <> 'open' AND NOT {lacks('returns')}",
        one("returned = 'approved'"),
        returned=True,
    ),
    "RETURN_BAD": Figure(
        f"{ROUNDS} OR {CALLS}",
        f"returned IN ('approved', 'rejected', 'lapsed') AND {within('returned_at')} AND returned_at <= :as_of AND NOT {lacks('returns')}",
        one("returned <> 'approved'"),
        returned=True,
    ),
    "EXT": Figure(ROUNDS, ASKED.format("extended_at") + f" AND NOT {lacks('extensions')}", one("extended_at <= :as_of")),
    "HANG": Figure(ROUNDS, ASKED.format("paused_at") + f" AND NOT {lacks('suspensions')}", one("paused_at <= :as_of")),
    "REWORK": Figure(WORK, f"{CLOSED} AND NOT {lacks('reworks')}", one("reworks > 0")),
    "DISP_ACC": Figure(CASES, f"{CLOSED} AND NOT {lacks('returns')}", one("COALESCE(units, 1) = 1")),
    "CYCLE": Figure(WORK, f"{CLOSED} AND worked IS NOT NULL", "worked"),
    "SAT": Figure(WORK, RATED, one("rating IN ('satisfied', 'basic')")),
    "SAT_W": Figure(WORK, RATED, "CASE rating WHEN 'satisfied' THEN 5 WHEN 'basic' THEN 4 WHEN 'fair' THEN 3 ELSE 0 END", 5),
    "RATED": Figure(
        HELD,
        f"{CLOSED} AND NOT {lacks('rating')} AND COALESCE(proactive, 0) = 0",
        one("rating <> '' AND (rated_at IS NULL OR rated_at <= :as_of)"),
    ),
    "SOLVE": Figure(
        HELD, f"solved <> '' AND {answered('completed_at', 'solved_at')} AND NOT {lacks('follow_ups')}", one("solved = 'solved'")
    ),
    "SOLVE_HALF": Figure(
        HELD,
        f"solved <> '' AND {answered('completed_at', 'solved_at')} AND NOT {lacks('follow_ups')}",
        "CASE solved WHEN 'solved' THEN 2 WHEN 'partly' THEN 1 ELSE 0 END",
        2,
    ),
    "SOLVE_REAL": Figure(HELD, f"{CLOSED} AND result IN ('solved', 'explained')", one("result = 'solved'")),
    # 600 seconds inclusive; unsigned and older than that is a miss at once, younger is not decided; the system's hand is nobody's
    "SIGN10": Figure(
        ROUNDS,
        f"{within('dispatched_at')} AND dispatched_at <= :as_of AND NOT {lacks('signed')}"
        " AND (withdrawn_at IS NULL OR withdrawn_at > :as_of OR {since_dispatch_withdrawn} > 600)"
        " AND (signed_at <= :as_of OR {since_dispatch_as_of} > 600)",
        one("signed_at <= :as_of AND auto_signed IS FALSE AND {since_dispatch_signed} <= 600"),
    ),
    "FIRST": Figure(
        ROUNDS,
        f"{within('contact_due_at')} AND NOT {lacks('contacts')} AND ((contacted_at <= contact_due_at AND contacted_at <= :as_of) OR"
        " (contact_due_at <= :as_of AND (withdrawn_at IS NULL OR withdrawn_at >= contact_due_at)))",
        one("contacted_at <= contact_due_at AND contacted_at <= :as_of"),
    ),
    "RESP": Figure(
        CALLS,
        f"{within('response_due_at')} AND NOT {lacks('responded', 'calls')} AND ({ANSWERED_IN_TIME} OR (response_due_at <= :as_of"
        f" AND (withdrawn_at IS NULL OR withdrawn_at >= response_due_at) AND NOT (returned = 'open' AND {RETURNED_IN_TIME})))",
        one(ANSWERED_IN_TIME),
        returned=True,
    ),
    "RESP_ANY": Figure(
        CALLS,
        f"{within('response_due_at')} AND NOT {lacks('responded', 'calls')} AND (returned = 'approved' OR responded_at <= :as_of"
        " OR (response_due_at <= :as_of AND returned <> 'open' AND (withdrawn_at IS NULL OR withdrawn_at >= response_due_at)))",
        one("returned = 'approved' OR responded_at <= :as_of"),
        returned=True,
    ),
    "REPORTIN": Figure(
        CALLS,
        f"{within('appointment_at')} AND NOT {lacks('calls')} AND (reported_in_at <= :as_of OR (returned <> 'open'"
        " AND COALESCE(arrive_by, appointment_at) <= :as_of"
        " AND (withdrawn_at IS NULL OR withdrawn_at >= COALESCE(arrive_by, appointment_at))))",
        one(
            "reported_in_at <= :as_of AND (arrival = 'on_time' OR (COALESCE(arrival, '') NOT IN ('on_time', 'late')"
            " AND reported_in_at <= COALESCE(arrive_by, appointment_at)))"
        ),
    ),
    "CALL_USE": Figure(
        "side = 'street_town' AND kind = 'round'",
        f"{within('dispatched_at')} AND dispatched_at <= :as_of AND NOT {lacks('calls', 'dispatched')}"
        f" AND NOT EXISTS (SELECT 1 FROM {{each_earlier}} WHERE {within('{moment}')})",
        one(f"EXISTS (SELECT 1 FROM {{each}} WHERE {within('{moment}')} AND {{moment}} <= :as_of)"),
    ),
    "CALL_DUE": Figure(
        "side = 'street_town' AND kind = 'round'",
        f"{within('due_at')} AND NOT {lacks('calls')} AND {NEEDED} AND ({CALLED_IN_TIME}"
        " OR (released = 0 AND (done = 1 OR (due_at <= :as_of AND standing = 0))))",
        one(CALLED_IN_TIME),
    ),
    "CALL_ACC": Figure(
        "side = 'street_town' AND kind = 'call'",
        f"{HEARD} AND received_accuracy <> ''",
        "CASE received_accuracy WHEN 'accurate' THEN 2 WHEN 'partly' THEN 1 ELSE 0 END",
        2,
    ),
    "MUT_ARR": Figure(
        CALLS,
        f"{HEARD} AND received_arrival <> ''",
        "CASE received_arrival WHEN 'on_time' THEN 2 WHEN 'late' THEN 1 WHEN 'remote' THEN 1 ELSE 0 END",
        2,
    ),
    "MUT_EFF": Figure(
        CALLS,
        f"{HEARD} AND received_effect <> ''",
        "CASE received_effect WHEN 'solved' THEN 2 WHEN 'partly' THEN 1 ELSE 0 END",
        2,
    ),
    "UNRATED": Figure(
        "kind = 'call'", f"owed_state <> 'annulled' AND {within('owed_due_at')} AND owed_due_at <= :as_of", one("owed_state <> 'given'")
    ),
    "EXCLUDED": Figure("1 = 1", within("placed"), one("excluded NOT IN ('{}', 'null')")),
}


def recounted(evaluation: Evaluation, code: str) -> dict[tuple[str, int], tuple[int, int]]:
    """(group, unit) → (n, d) wherever anything counts; the whole of a volume is the group's."""
    figure, period = FIGURES[code], period_of(evaluation)
    kept = "1 = 1" if code == "EXCLUDED" else "excluded NOT LIKE '%\"' || :code || '\"%' AND excluded NOT LIKE '%\"*\"%'"
    standing = "1 = 1" if figure.returned else "returned <> 'approved'"
    statement = f"""{_base()} SELECT side, unit_id, SUM({figure.worth}) AS n, SUM({figure.counted}) AS d FROM duty
        WHERE ({figure.kinds}) AND ({figure.where}) AND {standing} AND {kept} GROUP BY side, unit_id"""
    statement = _in_dialect(statement)
    moments = {"start": period.start, "end": period.end, "as_of": evaluation.as_of, "opened": evaluation.opened}
    values: dict[str, datetime | str | int | None] = {**moments, "evaluation": evaluation.id, "code": code}
    used = {name: value for name, value in values.items() if re.search(rf":{name}\b", statement)}
    typed = [bindparam(name, value, UTCDateTime) if name in moments else bindparam(name, value) for name, value in used.items()]
    rows = db.session.connection().execute(text(statement).bindparams(*typed)).all()
    found = {(row.side, row.unit_id): (int(row.n), int(row.d) * figure.parts) for row in rows}
    if code != "VOLUME":
        return found
    whole: dict[str, int] = defaultdict(int)
    for (side, _), (n, _) in found.items():
        whole[side] += n
    return {key: (n, whole[key[0]]) for key, (n, _) in found.items()}


def _base() -> str:
    dialect = db.engine.dialect.name
    said = []
    for name in (*TOLD, *SAID):
        word = WORD[dialect].format(name, name.replace(".", ","))
        if name in TOLD:
            word = MOMENT[dialect].format(word)
        elif name in ("wants_call", "proactive", "repeat", "units", "worked") and dialect == "postgresql":
            word = f"CASE {word} WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE CAST({word} AS integer) END"
        said.append(f"{word} AS {name.replace('.', '_')}")
    arrays = {name: ARRAY[dialect].format(name) for name in ("calls", "earlier")}
    return BASE.format(columns=", ".join(COLUMNS), said=", ".join(said), **arrays)


def _in_dialect(statement: str) -> str:
    dialect = db.engine.dialect.name
    seconds = {
        "sqlite": "ROUND((julianday({0}) - julianday(dispatched_at)) * 86400, 3)",
        "postgresql": "EXTRACT(EPOCH FROM (CAST({0} AS timestamptz) - dispatched_at))",
    }[dialect]
    words = {
        "{moment}": MOMENT[dialect].format("one.value"),
        "{each}": EACH[dialect].format("calls"),
        "{each_earlier}": EACH[dialect].format("earlier"),
        "{since_dispatch_withdrawn}": seconds.format("withdrawn_at"),
        "{since_dispatch_signed}": seconds.format("signed_at"),
        "{since_dispatch_as_of}": seconds.format(":as_of"),
    }
    for word, meaning in words.items():
        statement = statement.replace(word, meaning)
    return statement
