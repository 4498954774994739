"""A month counted once more in plain SQL, straight from the tables, by somebody who knows the handbook and not the program.

Every statement gives ``unit, n, d``. Half cases are counted in halves. The clock's own columns (limits set when a clock started)
decide what was in time.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlalchemy import bindparam, text

from app.core.db import UTCDateTime, db
from app.domain.period import Period

BASE = """
WITH RECURSIVE above(id, upper, steps) AS (
  SELECT id, id, 0 FROM matter
  UNION ALL
  SELECT a.id, m.parent_id, a.steps + 1 FROM above a JOIN matter m ON m.id = a.upper WHERE m.parent_id IS NOT NULL
),
live AS (SELECT * FROM ticket WHERE NOT voided),
still AS (
  SELECT ticket_id, min(from_at) AS since FROM suspension
  WHERE state = 'approved' AND reason <> 'under_review' AND to_at IS NULL AND from_at <= :as_of GROUP BY ticket_id
),
turn AS (
  SELECT r.*, CASE u.type WHEN 'enterprise' THEN 'department' ELSE u.type END AS kind_of_unit, t.proactive, t.reported_at,
         CASE WHEN s.since IS NOT NULL AND r.ordinal = t.rounds AND s.since <= r.due_at THEN 1 ELSE 0 END AS standing,
         (SELECT n.started_at FROM assignment_round n
           WHERE n.ticket_id = r.ticket_id AND n.ordinal = r.ordinal + 1 AND n.kind = 'reopen') AS undone_at
  FROM assignment_round r JOIN live t ON t.id = r.ticket_id JOIN unit u ON u.id = r.unit_id LEFT JOIN still s ON s.ticket_id = t.id
  WHERE u.type IN ('street_town', 'department', 'enterprise')
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
carried AS (
  SELECT *, CASE WHEN completed_at <= :as_of THEN 1 ELSE 0 END AS done FROM owed
  WHERE due_at < :start AND standing = 0 AND (completed_at IS NULL OR completed_at >= :start)
    AND (withdrawn_at IS NULL OR (withdrawn_at >= :start AND withdrawn_at >= due_at))
),
mine AS (
  SELECT *, CASE WHEN completed_at <= :as_of THEN 1 ELSE 0 END AS done FROM turn
  WHERE due_at >= :start AND due_at < :end AND standing = 0 AND returned <> 'approved'
    AND NOT (withdrawn_at IS NOT NULL AND withdrawn_at < due_at AND (completed_at IS NULL OR completed_at > withdrawn_at))
),
heard AS (
  SELECT * FROM (
    SELECT g.*, (SELECT r.completed_at FROM assignment_round r WHERE r.ticket_id = g.ticket_id AND r.ordinal = g.round) AS closed_at,
           CASE WHEN g.revealed_at < g.due_at THEN g.revealed_at ELSE g.due_at END AS answered_at
    FROM rating g JOIN live t ON t.id = g.ticket_id WHERE g.kind <> 'public' AND g.state = 'given'
  ) said WHERE <counts>
),
closing AS (
  SELECT r.ticket_id, r.ordinal, r.unit_id, t.street_town_id, r.completed_at AS claimed_at,
         CASE u.type WHEN 'enterprise' THEN 'department' ELSE u.type END AS kind_of_unit,
         (SELECT max(e.happened_at) FROM ticket_event e WHERE e.ticket_id = t.id AND e.action = 'complete'
           AND e.happened_at < COALESCE((SELECT min(n.started_at) FROM assignment_round n
             WHERE n.ticket_id = t.id AND n.ordinal > r.ordinal AND n.kind = 'reopen'), :far)) AS verified_at
  FROM assignment_round r JOIN live t ON t.id = r.ticket_id JOIN unit u ON u.id = r.unit_id WHERE r.completed_at IS NOT NULL
),
citizen AS (
  SELECT c.*, g.satisfaction, g.submitted_at AS answered_at
  FROM rating g JOIN closing c ON c.ticket_id = g.ticket_id AND c.ordinal = g.round
  WHERE g.kind = 'public' AND g.state = 'given'
),
answer AS (
  SELECT c.*, f.solved, f.made_at AS answered_at FROM follow_up f JOIN closing c ON c.ticket_id = f.ticket_id AND c.ordinal = f.round
  WHERE f.reached AND f.solved <> '' AND f.ordinal = (
    SELECT min(o.ordinal) FROM follow_up o WHERE o.ticket_id = f.ticket_id AND o.round = f.round AND o.reached AND o.solved <> '')
)
"""

COUNTS = """closed_at <= :as_of AND answered_at <= :as_of
    AND ((closed_at >= :start AND closed_at < :end) OR (closed_at < :start AND answered_at > :opened))"""
"""What is said of something closed belongs to its month, or, after that month's books were closed, to this one."""

BASE = BASE.replace("<counts>", COUNTS)
SATISFIED = "satisfaction IN ('satisfied', 'basic')"


def _rate(hit: str, source: str, unit: str = "unit_id", where: str = "1 = 1", worth: int = 1) -> str:
    counted = f"SUM(CASE WHEN {hit} THEN {worth} ELSE 0 END)"
    return f"{BASE} SELECT {unit} AS unit, {counted} AS n, {worth} * COUNT(*) AS d FROM {source} WHERE {where} GROUP BY {unit}"


def _halves(whole: str, half: str, kind: str) -> str:
    score = f"SUM(CASE WHEN {whole} THEN 2 WHEN {half} THEN 1 ELSE 0 END)"
    return f"{BASE} SELECT rated_id AS unit, {score} AS n, 2 * COUNT(*) AS d FROM heard WHERE kind = '{kind}' GROUP BY rated_id"


def _fifths(unit: str, where: str) -> str:
    score = "SUM(CASE satisfaction WHEN 'satisfied' THEN 5 WHEN 'basic' THEN 4 WHEN 'fair' THEN 3 ELSE 0 END)"
    return f"{BASE} SELECT {unit} AS unit, {score} AS n, 5 * COUNT(*) AS d FROM citizen WHERE {where} GROUP BY {unit}"


def _two(one: str, other: str) -> str:
    """Street-towns from one statement, departments from another."""
    return f"{one} UNION ALL {other.removeprefix(BASE)}"


DISPATCHED = "dispatched_at >= :start AND dispatched_at < :end"
ANSWERABLE = "response_due_at >= :start AND response_due_at < :end"
IN_TIME = "completed_at <= due_at AND done = 1"
CLOSED = "completed_at >= :start AND completed_at < :end"
FIRST_CALL = (
    "(SELECT min(c.issued_at) FROM call c WHERE c.ticket_id = turn.ticket_id AND c.street_town_id = turn.unit_id"
    " AND c.withdrawn_at IS NULL AND (turn.dispatched_at IS NULL OR c.issued_at >= turn.dispatched_at))"
)
LEAD = (
    "(SELECT i.lead_id FROM live t JOIN above a ON a.id = t.matter_id JOIN responsibility_item i ON i.matter_id = a.upper"
    " JOIN responsibility_list l ON l.id = i.list_version_id AND l.code = t.list_version"
    " WHERE t.id = turn.ticket_id ORDER BY a.steps, i.number LIMIT 1)"
)
STOOD = """
    SELECT street_town_id, reworks, (SELECT COUNT(DISTINCT r.unit_id) FROM assignment_round r WHERE r.ticket_id = live.id) AS units
    FROM live WHERE completed_at >= :start AND completed_at < :end AND completed_at <= :as_of
    UNION ALL
    SELECT t.street_town_id, t.reworks - 1, (
      SELECT COUNT(DISTINCT r.unit_id) FROM assignment_round r WHERE r.ticket_id = t.id AND r.dispatched_at < e.happened_at
    ) FROM ticket_event e JOIN live t ON t.id = e.ticket_id
    WHERE e.action = 'reopen' AND e.happened_at > :as_of AND (
      SELECT max(c.happened_at) FROM ticket_event c WHERE c.ticket_id = t.id AND c.action = 'complete' AND c.happened_at < e.happened_at
    ) BETWEEN :start AND :last"""
"""Closings that had not been undone by the cut-off; of those undone later it is enough that they stood."""
MINUTES_LATE = {
    "sqlite": "(julianday(withdrawn_at) - julianday(appointment_at)) * 1440",
    "postgresql": "EXTRACT(EPOCH FROM (withdrawn_at - appointment_at)) / 60",
}
"""Against the usual grace of 10 minutes."""
STREET_ROUND = "kind_of_unit = 'street_town'"
REWORKED = "reworks > CASE WHEN undone_at IS NULL THEN 0 ELSE 1 END OR kind = 'reopen'"

STATEMENTS: dict[str, str] = {
    "DONE": _rate("done = 1", "(SELECT * FROM due UNION ALL SELECT * FROM carried) work"),
    "DONE_OT": _rate(IN_TIME, "due"),
    "OVER_OPEN": _rate("done = 0 AND withdrawn_at IS NULL", "due"),
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
        " AND NOT (withdrawn_at IS NOT NULL AND <minutes late> < 10 AND reported_in_at IS NULL)",
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
    "SAT": _two(
        _rate(SATISFIED, "citizen", "street_town_id", COUNTS.replace("closed_at", "verified_at")),
        _rate(SATISFIED, "citizen", "unit_id", "kind_of_unit = 'department' AND " + COUNTS.replace("closed_at", "claimed_at")),
    ),
    "SAT_W": _two(
        _fifths("street_town_id", COUNTS.replace("closed_at", "verified_at")),
        _fifths("unit_id", "kind_of_unit = 'department' AND " + COUNTS.replace("closed_at", "claimed_at")),
    ),
    "DONE_LATE": _rate("done = 1 AND completed_at > due_at", "due"),
    "PROACT": f"""{BASE} SELECT street_town_id AS unit, SUM(CASE WHEN proactive THEN 1 ELSE 0 END) AS n, COUNT(*) AS d FROM live
        WHERE street_town_id IS NOT NULL AND reported_at >= :start AND reported_at < :end GROUP BY street_town_id""",
    "SOLVE": _rate("solved = 'solved'", "answer", "street_town_id", COUNTS.replace("closed_at", "verified_at")),
    "RETURN_BAD": f"""{BASE} SELECT unit_id AS unit, SUM(CASE WHEN returned = 'approved' THEN 0 ELSE 1 END) AS n, COUNT(*) AS d FROM (
        SELECT unit_id, returned, returned_at FROM turn UNION ALL SELECT unit_id, returned, returned_at FROM part) asked
        WHERE returned IN ('approved', 'rejected', 'lapsed') AND returned_at >= :start AND returned_at < :end GROUP BY unit_id""",
    "REWORK": _two(
        f"{BASE} SELECT street_town_id AS unit, SUM(CASE WHEN reworks > 0 THEN 1 ELSE 0 END) AS n, COUNT(*) AS d"
        f" FROM ({STOOD}) closings GROUP BY street_town_id",
        f"""SELECT unit_id AS unit, SUM(again) AS n, COUNT(*) AS d FROM (
            SELECT unit_id, CASE WHEN {REWORKED} THEN 1 ELSE 0 END AS again FROM turn
            WHERE kind_of_unit = 'department' AND returned <> 'approved' AND {CLOSED}
              AND completed_at <= :as_of AND (undone_at IS NULL OR undone_at > :as_of)
            UNION ALL
            SELECT unit_id, 0 FROM part WHERE finished_at >= :start AND finished_at < :end
              AND returned <> 'approved') closings GROUP BY unit_id""",
    ),
    "DISP_ACC": f"""{BASE} SELECT street_town_id AS unit, SUM(CASE WHEN units = 1 THEN 1 ELSE 0 END) AS n, COUNT(*) AS d
        FROM ({STOOD}) closings GROUP BY street_town_id""",
    "CALL_DUE": _rate(
        f"{FIRST_CALL} <= due_at AND {FIRST_CALL} <= :as_of", "turn",
        where=f"{STREET_ROUND} AND returned <> 'approved' AND due_at >= :start AND due_at < :end"
        f" AND ({FIRST_CALL} <= :as_of OR (kind = 'dispatch' AND {LEAD} IS NOT NULL))"
        f" AND (({FIRST_CALL} <= due_at AND {FIRST_CALL} <= :as_of) OR NOT (standing = 1"
        " OR (withdrawn_at IS NOT NULL AND withdrawn_at < due_at AND (completed_at IS NULL OR completed_at > withdrawn_at))))",
    ),
    "CARRY": f"""{BASE} SELECT unit_id AS unit, SUM(brought) AS n, COUNT(*) AS d FROM (
        SELECT unit_id, 1 AS brought FROM owed
        WHERE CASE WHEN kind = 'reopen' THEN started_at ELSE reported_at END < :start
          AND (completed_at IS NULL OR completed_at >= :start) AND (withdrawn_at IS NULL OR withdrawn_at >= :start)
        UNION ALL
        SELECT unit_id, 0 FROM owed WHERE reported_at >= :start AND reported_at < :end AND kind <> 'reopen') work GROUP BY unit_id""",
    "VOLUME": f"""{BASE} SELECT unit_id AS unit, COUNT(*) AS n, COUNT(*) AS d FROM owed
        WHERE reported_at >= :start AND reported_at < :end AND kind <> 'reopen' GROUP BY unit_id""",
}  # fmt: skip
"""By indicator. Of the share of the volume only the numerator is told."""


def recounted(code: str, period: Period, as_of: datetime, opened: datetime | None = None) -> dict[int, tuple[int, int]]:
    """Unit → (n, d), where anything counts. ``opened`` is the cut-off of the month before."""
    moments: dict[str, datetime] = {
        "start": period.start,
        "end": period.end,
        "last": period.end - timedelta(microseconds=1),
        "as_of": as_of,
        "opened": opened or period.start + (as_of - period.end),
        "far": as_of + timedelta(days=9999),
    }
    statement = STATEMENTS[code].replace("<minutes late>", MINUTES_LATE[db.engine.dialect.name])
    used = {name: value for name, value in moments.items() if re.search(rf":{name}\b", statement)}
    typed = text(statement).bindparams(*(bindparam(name, value, UTCDateTime) for name, value in used.items()))
    return {row.unit: (int(row.n), int(row.d)) for row in db.session.connection().execute(typed)}
