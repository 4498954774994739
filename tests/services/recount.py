"""A month counted once more in plain SQL, straight from the tables, by somebody who knows the handbook and not the program.

Every statement gives ``unit, n, d``. Half cases are counted in halves. The clock's own columns (limits set when a clock started)
decide what was in time.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text

from app.core.db import UTCDateTime, db
from app.domain.period import Period

BASE = """
WITH live AS (SELECT * FROM ticket WHERE NOT voided),
still AS (
  SELECT ticket_id, min(from_at) AS since FROM suspension
  WHERE state = 'approved' AND reason <> 'under_review' AND to_at IS NULL AND from_at <= :as_of GROUP BY ticket_id
),
turn AS (
  SELECT r.*, u.type AS kind_of_unit, t.proactive, t.reported_at,
         CASE WHEN s.since IS NOT NULL AND r.ordinal = t.rounds AND s.since <= r.due_at THEN 1 ELSE 0 END AS standing,
         (SELECT n.started_at FROM assignment_round n
           WHERE n.ticket_id = r.ticket_id AND n.ordinal = r.ordinal + 1 AND n.kind = 'reopen') AS undone_at
  FROM assignment_round r JOIN live t ON t.id = r.ticket_id JOIN unit u ON u.id = r.unit_id LEFT JOIN still s ON s.ticket_id = t.id
  WHERE u.type IN ('street_town', 'department')
),
part AS (
  SELECT p.*, c.ticket_id, c.ordinal, c.street_town_id, c.issued_at, c.appointment_at, t.reported_at,
         c.ordinal || '.' || p.unit_id AS name
  FROM called_unit p JOIN call c ON c.id = p.call_id JOIN live t ON t.id = c.ticket_id
),
owed AS (
  SELECT unit_id, due_at, completed_at, withdrawn_at, standing, reported_at, started_at, kind FROM turn
  WHERE kind_of_unit = 'department' AND returned <> 'approved'
  UNION ALL
  SELECT unit_id, due_at, finished_at, withdrawn_at, 0, reported_at, NULL, 'call' FROM part WHERE returned <> 'approved'
  UNION ALL
  SELECT t.street_town_id, t.due_at, t.completed_at, NULL,
         CASE WHEN s.since IS NOT NULL AND s.since <= t.due_at THEN 1 ELSE 0 END, t.reported_at,
         (SELECT max(e.happened_at) FROM ticket_event e WHERE e.ticket_id = t.id AND e.action = 'reopen'),
         CASE WHEN t.reopenings > 0 THEN 'reopen' ELSE 'case' END
  FROM live t LEFT JOIN still s ON s.ticket_id = t.id WHERE t.street_town_id IS NOT NULL
  UNION ALL
  SELECT t.street_town_id, r.due_at,
         (SELECT max(c.happened_at) FROM ticket_event c
           WHERE c.ticket_id = t.id AND c.action = 'complete' AND c.happened_at <= e.happened_at),
         NULL, 0, t.reported_at, NULL, 'case'
  FROM ticket_event e JOIN live t ON t.id = e.ticket_id
  JOIN assignment_round r ON r.ticket_id = t.id AND r.completed_at = (
    SELECT max(o.completed_at) FROM assignment_round o WHERE o.ticket_id = t.id AND o.completed_at <= e.happened_at)
  WHERE e.action = 'reopen'
),
due AS (
  SELECT *, CASE WHEN completed_at <= :as_of THEN 1 ELSE 0 END AS done FROM owed
  WHERE due_at >= :start AND due_at < :end AND standing = 0
    AND NOT (withdrawn_at IS NOT NULL AND withdrawn_at < due_at AND (completed_at IS NULL OR completed_at > withdrawn_at))
),
mine AS (
  SELECT *, CASE WHEN completed_at <= :as_of THEN 1 ELSE 0 END AS done FROM turn
  WHERE due_at >= :start AND due_at < :end AND standing = 0 AND returned <> 'approved'
    AND NOT (withdrawn_at IS NOT NULL AND withdrawn_at < due_at AND (completed_at IS NULL OR completed_at > withdrawn_at))
),
said AS (
  SELECT g.*, (SELECT r.completed_at FROM assignment_round r WHERE r.ticket_id = g.ticket_id AND r.ordinal = g.round) AS closed_at,
         CASE WHEN g.revealed_at < g.due_at THEN g.revealed_at ELSE g.due_at END AS open_at
  FROM rating g JOIN live t ON t.id = g.ticket_id WHERE g.kind <> 'public' AND g.state = 'given'
),
heard AS (SELECT * FROM said WHERE closed_at >= :start AND closed_at < :end AND open_at <= :as_of),
citizen AS (
  SELECT g.rated_id, t.street_town_id, g.satisfaction FROM rating g JOIN live t ON t.id = g.ticket_id
  JOIN assignment_round r ON r.ticket_id = t.id AND r.ordinal = g.round
  WHERE g.kind = 'public' AND g.state = 'given' AND r.completed_at >= :start AND r.completed_at < :end AND g.submitted_at <= :as_of
),
answer AS (
  SELECT f.solved, t.street_town_id, r.unit_id FROM follow_up f JOIN live t ON t.id = f.ticket_id
  JOIN assignment_round r ON r.ticket_id = t.id AND r.ordinal = f.round
  WHERE f.reached AND f.solved <> '' AND r.completed_at >= :start AND r.completed_at < :end AND f.made_at <= :as_of
    AND f.ordinal = (
      SELECT min(o.ordinal) FROM follow_up o WHERE o.ticket_id = f.ticket_id AND o.round = f.round AND o.reached AND o.solved <> '')
)
"""

SATISFIED = "satisfaction IN ('satisfied', 'basic')"


def _rate(hit: str, source: str, unit: str = "unit_id", where: str = "1 = 1", worth: int = 1) -> str:
    counted = f"SUM(CASE WHEN {hit} THEN {worth} ELSE 0 END)"
    return f"{BASE} SELECT {unit} AS unit, {counted} AS n, {worth} * COUNT(*) AS d FROM {source} WHERE {where} GROUP BY {unit}"


def _halves(whole: str, half: str, kind: str) -> str:
    score = f"SUM(CASE WHEN {whole} THEN 2 WHEN {half} THEN 1 ELSE 0 END)"
    return f"{BASE} SELECT rated_id AS unit, {score} AS n, 2 * COUNT(*) AS d FROM heard WHERE kind = '{kind}' GROUP BY rated_id"


def _two(one: str, other: str) -> str:
    """Street-towns from one statement, departments from another."""
    return f"{one} UNION ALL {other.removeprefix(BASE)}"


DISPATCHED = "dispatched_at >= :start AND dispatched_at < :end"
ANSWERABLE = "response_due_at >= :start AND response_due_at < :end"
IN_TIME = "completed_at <= due_at AND done = 1"
CLOSED = "completed_at >= :start AND completed_at < :end"
CALLED = (
    "(SELECT min(c.issued_at) FROM call c WHERE c.ticket_id = {0}.ticket_id AND c.street_town_id = {0}.unit_id AND c.withdrawn_at IS NULL)"
)
FIRST_CALL = CALLED.format("mine")
STREET_ROUND = "kind_of_unit = 'street_town'"
REWORKED = "reworks > 0 OR kind = 'reopen'"

STATEMENTS: dict[str, str] = {
    "DONE": _rate("done = 1", "due"),
    "DONE_OT": _rate(IN_TIME, "due"),
    "OVER_OPEN": _rate("done = 0", "due"),
    "SIGN10": _rate(
        "signed_at <= sign_due_at", "turn",
        where=f"{DISPATCHED} AND returned <> 'approved' AND (withdrawn_at IS NULL OR withdrawn_at > sign_due_at)",
    ),
    "FIRST": _rate(
        "contacted_at <= contact_due_at", "turn",
        where="contact_due_at >= :start AND contact_due_at < :end AND NOT proactive AND returned <> 'approved'"
        " AND NOT (withdrawn_at IS NOT NULL AND withdrawn_at < contact_due_at AND (contacted_at IS NULL OR contacted_at > contact_due_at))",
    ),
    "RETURN": _rate("returned = 'approved'", "turn", where=DISPATCHED),
    "EXT": _rate(
        "EXISTS (SELECT 1 FROM extension e WHERE e.ticket_id = mine.ticket_id AND e.round = mine.ordinal AND e.state = 'approved')", "mine"
    ),
    "HANG": _rate(
        "EXISTS (SELECT 1 FROM suspension e WHERE e.ticket_id = mine.ticket_id AND e.round = mine.ordinal"
        " AND e.state = 'approved' AND e.reason <> 'under_review')", "mine",
    ),
    "RESP": _rate(
        "responded_at <= response_due_at OR (returned = 'approved' AND returned_at <= response_due_at)", "part",
        where=f"{ANSWERABLE} AND NOT (withdrawn_at IS NOT NULL AND withdrawn_at < response_due_at AND responded_at IS NULL)",
    ),
    "RESP_ANY": _rate(
        "responded_at <= :as_of OR returned = 'approved'", "part",
        where=f"{ANSWERABLE} AND NOT (withdrawn_at IS NOT NULL AND withdrawn_at < response_due_at AND responded_at IS NULL)",
    ),
    "REPORTIN": _rate(
        "arrival = 'on_time'", "part",
        where="appointment_at >= :start AND appointment_at < :end AND returned <> 'approved'"
        " AND NOT (withdrawn_at IS NOT NULL AND withdrawn_at < appointment_at AND reported_in_at IS NULL)",
    ),
    "CALL_USE": f"""{BASE} SELECT unit_id AS unit, SUM(used) AS n, COUNT(*) AS d FROM (
        SELECT DISTINCT unit_id, ticket_id, CASE WHEN EXISTS (
            SELECT 1 FROM call c WHERE c.ticket_id = turn.ticket_id AND c.street_town_id = turn.unit_id AND c.withdrawn_at IS NULL
              AND c.issued_at >= :start AND c.issued_at < :end) THEN 1 ELSE 0 END AS used
        FROM turn WHERE {STREET_ROUND} AND {DISPATCHED} AND returned <> 'approved') tickets GROUP BY unit_id""",
    "CALL_ACC": _halves("accuracy = 'accurate'", "accuracy = 'partly'", "department_street"),
    "MUT_ARR": _halves("arrival = 'on_time'", "arrival IN ('late', 'remote')", "street_department"),
    "MUT_EFF": _halves("effect = 'solved'", "effect = 'partly'", "street_department"),
    "UNRATED": f"""{BASE} SELECT g.rater_id AS unit, SUM(CASE WHEN g.state = 'given' THEN 0 ELSE 1 END) AS n, COUNT(*) AS d
        FROM rating g JOIN live t ON t.id = g.ticket_id
        WHERE g.kind <> 'public' AND g.state <> 'annulled' AND g.due_at >= :start AND g.due_at < :end GROUP BY g.rater_id""",
    "SAT": _two(_rate(SATISFIED, "citizen", "street_town_id"), _rate(SATISFIED, "citizen", "rated_id", where="rated_id <> street_town_id")),
    "SOLVE": _rate("solved = 'solved'", "answer", "street_town_id"),
    "RETURN_BAD": f"""{BASE} SELECT unit_id AS unit, SUM(CASE WHEN returned = 'approved' THEN 0 ELSE 1 END) AS n, COUNT(*) AS d FROM (
        SELECT unit_id, returned, returned_at FROM turn UNION ALL SELECT unit_id, returned, returned_at FROM part) asked
        WHERE returned IN ('approved', 'rejected', 'lapsed') AND returned_at >= :start AND returned_at < :end GROUP BY unit_id""",
    "REWORK": _two(
        f"{BASE} SELECT street_town_id AS unit, SUM(CASE WHEN reworks > 0 THEN 1 ELSE 0 END) AS n, COUNT(*) AS d"
        f" FROM live WHERE {CLOSED} GROUP BY street_town_id",
        f"""SELECT unit_id AS unit, SUM(again) AS n, COUNT(*) AS d FROM (
            SELECT unit_id, CASE WHEN {REWORKED} THEN 1 ELSE 0 END AS again FROM turn
            WHERE kind_of_unit = 'department' AND returned <> 'approved' AND undone_at IS NULL AND {CLOSED}
            UNION ALL SELECT unit_id, 0 FROM part WHERE finished_at >= :start AND finished_at < :end) closings GROUP BY unit_id""",
    ),
    "DISP_ACC": f"""{BASE} SELECT street_town_id AS unit, SUM(CASE WHEN
        (SELECT COUNT(DISTINCT r.unit_id) FROM assignment_round r WHERE r.ticket_id = live.id) = 1 THEN 1 ELSE 0 END) AS n, COUNT(*) AS d
        FROM live WHERE {CLOSED} GROUP BY street_town_id""",
    "CALL_DUE": _rate(
        f"{FIRST_CALL} <= due_at", "mine",
        where=f"{STREET_ROUND} AND {FIRST_CALL} IS NOT NULL AND {FIRST_CALL} <= :as_of",
    ),
    "VOLUME": f"""{BASE} SELECT unit_id AS unit, COUNT(*) AS n, COUNT(*) AS d FROM owed
        WHERE reported_at >= :start AND reported_at < :end AND kind <> 'reopen' GROUP BY unit_id""",
}  # fmt: skip
"""By indicator. Of the share of the volume only the numerator is told; calls needed by the list alone are counted elsewhere."""


def recounted(code: str, period: Period, as_of: datetime) -> dict[int, tuple[int, int]]:
    """Unit → (n, d), where anything counts."""
    moments: dict[str, Any] = {"start": period.start, "end": period.end, "as_of": as_of}
    statement = STATEMENTS[code]
    used = {name: value for name, value in moments.items() if f":{name}" in statement}
    typed = text(statement).bindparams(*(bindparam(name, value, UTCDateTime) for name, value in used.items()))
    return {row.unit: (int(row.n), int(row.d)) for row in db.session.connection().execute(typed)}
