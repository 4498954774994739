"""The rivals of computing an evaluation: one SQL statement that gives every figure of every unit, and one that only takes a few sums."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from tests.services.fact_recount import FIGURES, FIRST_CALL, within

# The month has no reopened matters and its sources record everything; otherwise this is what the handbook asks for.
DUTIES = """
WITH RECURSIVE day(n, iso, before, works) AS (
  SELECT unixepoch(:start) / 86400 - 400, date(unixepoch(:start) - 400 * 86400, 'unixepoch'), 0, 0
  UNION ALL
  SELECT d.n + 1, date(d.iso, '+1 day'), d.before + d.works * 28800,
         COALESCE((SELECT c.kind <> 'off' FROM calendar_day c WHERE c.day = date(d.iso, '+1 day')),
                  strftime('%w', d.iso, '+1 day') BETWEEN '1' AND '5')
  FROM day d WHERE d.n < unixepoch(:end) / 86400 + 90
),
worked_day AS MATERIALIZED (SELECT n, before, works FROM day),
concerned(id) AS MATERIALIZED (
  SELECT id FROM ticket WHERE reported_at >= :start AND reported_at < :end
  UNION SELECT id FROM ticket WHERE due_at >= :start AND due_at < :end
  UNION SELECT id FROM ticket WHERE completed_at >= :start AND reported_at < :end
  UNION SELECT id FROM ticket WHERE completed_at IS NULL AND reported_at < :start AND (completed IS NULL OR NOT completed)
  UNION SELECT ticket_id FROM assignment_round WHERE contact_due_at >= :start AND contact_due_at < :end
  UNION SELECT ticket_id FROM assignment_round WHERE due_at >= :start AND due_at < :end
  UNION SELECT ticket_id FROM assignment_round WHERE dispatched_at >= :start AND dispatched_at < :end
  UNION SELECT ticket_id FROM assignment_round WHERE returned_at >= :start AND returned_at < :end
  UNION SELECT c.ticket_id FROM called_unit p JOIN call c ON c.id = p.call_id WHERE p.response_due_at >= :start AND p.response_due_at < :end
  UNION SELECT c.ticket_id FROM called_unit p JOIN call c ON c.id = p.call_id WHERE p.due_at >= :start AND p.due_at < :end
  UNION SELECT ticket_id FROM call WHERE issued_at >= :start AND issued_at < :end
  UNION SELECT ticket_id FROM call WHERE appointment_at >= :start AND appointment_at < :end
  UNION SELECT ticket_id FROM rating WHERE due_at >= :start AND due_at <= :as_of
  UNION SELECT ticket_id FROM rating WHERE revealed_at >= :start AND revealed_at <= :as_of
  UNION SELECT ticket_id FROM rating WHERE submitted_at >= :start AND submitted_at <= :as_of
  UNION SELECT ticket_id FROM follow_up WHERE made_at >= :start AND made_at <= :as_of
),
taken AS MATERIALIZED (
  SELECT ticket_id, unit_id, group_concat('"' || indicator || '"') AS codes FROM exclusion WHERE withdrawn_at IS NULL
    AND ticket_id IN concerned GROUP BY ticket_id, unit_id
),
told AS MATERIALIZED (
  SELECT ticket_id, round, solved, made_at, MIN(id) FROM follow_up
  WHERE reached AND solved <> '' AND ticket_id IN concerned GROUP BY ticket_id, round
),
said AS MATERIALIZED (
  SELECT ticket_id, round, satisfaction, submitted_at FROM rating
  WHERE kind = 'public' AND state = 'given' AND ticket_id IN concerned
),
pause AS MATERIALIZED (
  SELECT ticket_id, round, MIN(from_at) AS first_at, MIN(CASE WHEN to_at IS NULL THEN from_at END) AS since FROM suspension
  WHERE state = 'approved' AND reason <> 'under_review' AND ticket_id IN concerned GROUP BY ticket_id, round
),
granted AS MATERIALIZED (
  SELECT ticket_id, round, MIN(decided_at) AS first_at FROM extension
  WHERE state = 'approved' AND ticket_id IN concerned GROUP BY ticket_id, round
),
led AS MATERIALIZED (
  SELECT l.code, i.matter_id, i.lead_id, MIN(i.number) FROM responsibility_item i
  JOIN responsibility_list l ON l.id = i.list_version_id GROUP BY l.code, i.matter_id
),
again(id) AS MATERIALIZED (
  SELECT id FROM (
    SELECT id, reported_at, LAG(reported_at) OVER (PARTITION BY street_town_id, matter_id, address ORDER BY reported_at, id) AS before
    FROM ticket WHERE reported_at >= :month_before AND reported_at < :end AND NOT voided AND matter_id IS NOT NULL
      AND address <> '' AND street_town_id IS NOT NULL
  ) WHERE reported_at >= :start AND unixepoch(reported_at) - unixepoch(before) <= 2592000
  UNION SELECT id FROM (
    SELECT id, reported_at, LAG(reported_at) OVER (PARTITION BY matter_id, reporter_phone ORDER BY reported_at, id) AS before
    FROM ticket WHERE reported_at >= :month_before AND reported_at < :end AND NOT voided AND matter_id IS NOT NULL AND reporter_phone <> ''
  ) WHERE reported_at >= :start AND unixepoch(reported_at) - unixepoch(before) <= 2592000
),
owed_by AS (
  SELECT 'street_town' AS side, 'case' AS kind, t.street_town_id AS unit_id, t.id AS ticket_id, t.reported_at,
    NULL AS dispatched_at, NULL AS signed_at, FALSE AS auto_signed, NULL AS response_due_at, NULL AS responded_at,
    t.due_at, t.completed_at, t.completed, t.on_time, NULL AS withdrawn_at, '' AS returned, NULL AS returned_at, t.reworks,
    COALESCE(g.satisfaction, t.rating) AS rating, COALESCE(g.submitted_at, t.rated_at) AS rated_at,
    '' AS turn, s.since AS suspended_at, NULL AS paused_at, NULL AS extended_at, NULL AS contact_due_at, NULL AS contacted_at,
    NULL AS appointment_at, NULL AS arrive_by, NULL AS reported_in_at, '' AS arrival, 0 AS wants_call,
    NULL AS first_call, 0 AS called_within, 0 AS dispatched_before,
    CASE WHEN t.rounds > 1 THEN (SELECT COUNT(DISTINCT r.unit_id) FROM assignment_round r WHERE r.ticket_id = t.id) ELSE 1 END AS units,
    NULL AS received_state, NULL AS received_closed_at, NULL AS received_open_at, NULL AS received_arrival, NULL AS received_effect,
    NULL AS received_accuracy, NULL AS owed_state, NULL AS owed_due_at, f.solved, f.made_at AS solved_at, t.result, t.proactive,
    CASE WHEN t.matter_id IS NOT NULL AND (t.reporter_phone <> '' OR t.address <> '') THEN t.id IN again END AS repeat,
    t.reported_at AS started_at, t.unknown
  FROM concerned JOIN ticket t ON t.id = concerned.id
  LEFT JOIN said g ON g.ticket_id = t.id AND g.round = t.rounds
  LEFT JOIN told f ON f.ticket_id = t.id AND f.round = t.rounds
  LEFT JOIN pause s ON s.ticket_id = t.id AND s.since IS NOT NULL
  WHERE NOT t.voided AND t.street_town_id IS NOT NULL
  UNION ALL
  SELECT u.type, 'round', r.unit_id, t.id, t.reported_at, r.dispatched_at, r.signed_at, r.auto_signed, NULL, NULL,
    r.due_at, r.completed_at, r.completed, r.on_time, r.withdrawn_at, r.returned, r.returned_at, r.reworks,
    COALESCE(g.satisfaction, t.rating), COALESCE(g.submitted_at, t.rated_at),
    r.kind, CASE WHEN r.ordinal = t.rounds THEN s.since END, s.first_at, e.first_at,
    CASE WHEN NOT t.proactive THEN r.contact_due_at END, r.contacted_at,
    NULL, NULL, NULL, '', u.type = 'street_town' AND l.lead_id IS NOT NULL,
    CASE WHEN u.type = 'street_town' AND t.calls THEN (SELECT MIN(c.issued_at) FROM call c WHERE c.ticket_id = t.id
      AND c.street_town_id = r.unit_id AND c.withdrawn_at IS NULL AND c.issued_at <= :as_of AND c.issued_at >= r.dispatched_at) END,
    CASE WHEN u.type = 'street_town' AND t.calls THEN EXISTS (SELECT 1 FROM call c WHERE c.ticket_id = t.id AND c.issued_at <= :as_of
      AND c.street_town_id = r.unit_id AND c.withdrawn_at IS NULL AND c.issued_at >= :start AND c.issued_at < :end) ELSE 0 END,
    CASE WHEN r.ordinal > 1 THEN EXISTS (SELECT 1 FROM assignment_round o WHERE o.ticket_id = t.id AND o.ordinal < r.ordinal
      AND o.unit_id = r.unit_id AND o.returned <> 'approved' AND o.dispatched_at >= :start AND o.dispatched_at < :end) ELSE 0 END,
    1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, f.solved, f.made_at,
    CASE WHEN r.ordinal = t.rounds AND r.completed_at IS NOT NULL THEN t.result ELSE '' END, t.proactive, NULL, r.dispatched_at,
    CASE WHEN r.sign_due_at IS NULL THEN t.unknown ELSE '[]' END
  FROM concerned JOIN ticket t ON t.id = concerned.id JOIN assignment_round r ON r.ticket_id = t.id JOIN unit u ON u.id = r.unit_id
  LEFT JOIN said g ON g.ticket_id = t.id AND g.round = r.ordinal
  LEFT JOIN told f ON f.ticket_id = t.id AND f.round = r.ordinal
  LEFT JOIN pause s ON s.ticket_id = t.id AND s.round = r.ordinal
  LEFT JOIN granted e ON e.ticket_id = t.id AND e.round = r.ordinal
  LEFT JOIN led l ON l.matter_id = t.matter_id AND l.code = t.list_version
  WHERE NOT t.voided AND u.type IN ('street_town', 'department', 'enterprise')
  UNION ALL
  SELECT side.name, 'call', CASE side.name WHEN 'department' THEN p.unit_id ELSE c.street_town_id END, t.id, t.reported_at,
    c.issued_at, p.signed_at, FALSE, CASE side.name WHEN 'department' THEN p.response_due_at END, p.responded_at,
    CASE side.name WHEN 'department' THEN p.due_at END, CASE side.name WHEN 'department' THEN p.finished_at END, NULL, NULL,
    p.withdrawn_at, CASE side.name WHEN 'department' THEN p.returned ELSE '' END, p.returned_at, 0, '', NULL, '', NULL, NULL, NULL,
    NULL, NULL, CASE side.name WHEN 'department' THEN c.appointment_at END,
    strftime('%Y-%m-%d %H:%M:%S.000000', c.appointment_at, '+10 minutes'), p.reported_in_at, p.arrival, 0, NULL, 0, 0, 1,
    h.state, COALESCE(hr.completed_at, t.completed_at), COALESCE(MIN(h.revealed_at, h.due_at), h.revealed_at, h.due_at, h.submitted_at),
    h.arrival, h.effect, h.accuracy, o.state, o.due_at, NULL, NULL, '', t.proactive, NULL, c.issued_at,
    CASE WHEN p.sign_due_at IS NULL THEN t.unknown ELSE '[]' END
  FROM concerned JOIN ticket t ON t.id = concerned.id JOIN call c ON c.ticket_id = t.id JOIN called_unit p ON p.call_id = c.id
  JOIN (SELECT 'department' AS name, 'street_department' AS heard, 'department_street' AS owes
        UNION ALL SELECT 'street_town', 'department_street', 'street_department') side
  LEFT JOIN rating h ON h.ticket_id = t.id AND h.kind = side.heard AND h.part = c.ordinal || '.' || p.unit_id
  LEFT JOIN assignment_round hr ON hr.ticket_id = t.id AND hr.ordinal = h.round
  LEFT JOIN rating o ON o.ticket_id = t.id AND o.kind = side.owes AND o.part = c.ordinal || '.' || p.unit_id
  WHERE NOT t.voided
),
duty AS MATERIALIZED (
  SELECT *, COALESCE(due_at, reported_at) AS placed,
    CASE WHEN completed_at IS NOT NULL AND due_at IS NOT NULL THEN completed_at <= :as_of AND completed_at <= due_at
         WHEN on_time IS NOT NULL THEN on_time WHEN due_at IS NOT NULL AND done = 0 THEN 0 END AS in_time
  FROM (
    SELECT w.*, w.reported_at AS began, NULL AS reopened_at, NULL AS undone_at, x.codes AS excluded,
      CASE WHEN w.completed_at IS NOT NULL THEN w.completed_at <= :as_of WHEN w.completed IS NOT NULL THEN w.completed
           WHEN w.on_time THEN 1 WHEN w.unknown LIKE '%"completed"%' OR w.unknown LIKE '%"outcome"%' THEN NULL ELSE 0 END AS done,
      COALESCE(w.suspended_at <= :as_of AND (w.due_at IS NULL OR w.suspended_at <= w.due_at), 0) AS standing,
      COALESCE(w.withdrawn_at < :as_of AND w.withdrawn_at < COALESCE(w.due_at, :as_of)
        AND (w.completed_at IS NULL OR w.completed_at > w.withdrawn_at), 0) AS released,
      CASE WHEN w.started_at IS NULL OR w.completed_at IS NULL THEN NULL WHEN w.completed_at <= w.started_at THEN 0
           ELSE z.before + z.works * (MAX(MIN((unixepoch(w.completed_at) + 28800) % 86400 - 28800, 14400), 0)
                                    + MAX(MIN((unixepoch(w.completed_at) + 28800) % 86400 - 50400, 14400), 0))
              - a.before - a.works * (MAX(MIN((unixepoch(w.started_at) + 28800) % 86400 - 28800, 14400), 0)
                                    + MAX(MIN((unixepoch(w.started_at) + 28800) % 86400 - 50400, 14400), 0)) END AS worked
    FROM owed_by w
    LEFT JOIN taken x ON x.ticket_id = w.ticket_id AND (x.unit_id IS NULL OR x.unit_id = w.unit_id)
    LEFT JOIN worked_day a ON a.n = (unixepoch(w.started_at) + 28800) / 86400
    LEFT JOIN worked_day z ON z.n = (unixepoch(w.completed_at) + 28800) / 86400
    WHERE w.reported_at <= :as_of
  )
)
"""

KEPT = """(excluded IS NULL OR (excluded NOT LIKE '%"{0}"%' AND excluded NOT LIKE '%"*"%'))"""
EVENT_EARLIER = f"NOT EXISTS (SELECT 1 FROM {{each_earlier}} WHERE {within('{moment}')})"  # noqa: S608 - words of ours only
EVENT_CALLED = f"EXISTS (SELECT 1 FROM {{each}} WHERE {within('{moment}')} AND {{moment}} <= :as_of)"  # noqa: S608 - words of ours only
QUICKER = {
    FIRST_CALL: "first_call",
    EVENT_EARLIER: "NOT dispatched_before",
    EVENT_CALLED: "called_within",
    "{since_dispatch_withdrawn}": "(unixepoch(withdrawn_at) - unixepoch(dispatched_at))",
    "{since_dispatch_as_of}": "(unixepoch(:as_of) - unixepoch(dispatched_at))",
    "{since_dispatch_signed}": "(unixepoch(signed_at) - unixepoch(dispatched_at))",
    "excluded NOT IN ('{}', 'null')": "excluded IS NOT NULL",
    "unknown LIKE": "unknown <> '[]' AND unknown LIKE",
}
"""What the recount of frozen duties asks of lists and words, in columns that the statement has at hand."""


def every_figure() -> str:
    """One statement: group, unit, then numerator and denominator of every figure in the order of ``FIGURES``.

    Each duty is judged once per figure and kept so for the sums; taking the sums at once would ask every condition twice.
    """
    judged, sums = [], []
    for code, figure in FIGURES.items():
        counted = " AND ".join(
            [
                f"({figure.kinds})",
                *([] if figure.returned else ["returned <> 'approved'"]),
                *([] if code == "EXCLUDED" else [KEPT.format(code)]),
                f"({figure.where})",
            ]
        )
        judged.append(f"CASE WHEN {counted} THEN {figure.worth} END AS n_{code}")
        sums.append(f"SUM(n_{code})")
        if figure.counted == "1":
            sums.append(f"{figure.parts} * COUNT(n_{code})")
        else:
            judged.append(f"CASE WHEN {counted} THEN {figure.counted} END AS d_{code}")
            sums.append(f"{figure.parts} * SUM(d_{code})")
    each = f"judged AS MATERIALIZED (SELECT side, unit_id, {', '.join(judged)} FROM duty)"  # noqa: S608 - words of ours only
    statement = f"{DUTIES}, {each} SELECT side, unit_id, {', '.join(sums)} FROM judged GROUP BY side, unit_id"  # noqa: S608 - words of ours only
    for words, quicker in QUICKER.items():
        statement = statement.replace(words, quicker)
    return statement


def figures(connection: sqlite3.Connection, moments: Mapping[str, str]) -> dict[tuple[str, int, str], tuple[int, int]]:
    """What the statement counts: group, unit and figure → numerator and denominator; of a volume the group's whole."""
    found: dict[tuple[str, int, str], tuple[int, int]] = {}
    for side, unit, *integers in connection.execute(every_figure(), moments):
        for place, code in enumerate(FIGURES):
            found[side, unit, code] = integers[2 * place] or 0, integers[2 * place + 1] or 0
    for side in {side for side, _, _ in found}:
        whole = sum(n for (its, _, code), (n, _) in found.items() if its == side and code == "VOLUME")
        found |= {key: (n, whole) for key, (n, _) in found.items() if key[0] == side and key[2] == "VOLUME"}
    return found


A_FEW_SUMS = """
WITH duty AS (
  SELECT 'case' AS kind, street_town_id AS unit, reported_at, NULL AS dispatched_at, NULL AS signed_at, due_at, completed_at,
         NULL AS limit_at, NULL AS answered_at, NULL AS contact_due_at, NULL AS contacted_at, reworks, id AS ticket_id
  FROM ticket WHERE reported_at >= :start AND reported_at < :end AND NOT voided
  UNION ALL
  SELECT 'round', r.unit_id, t.reported_at, r.dispatched_at, r.signed_at, r.due_at, r.completed_at,
         NULL, NULL, r.contact_due_at, r.contacted_at, r.reworks, r.ticket_id
  FROM assignment_round r JOIN ticket t ON t.id = r.ticket_id WHERE t.reported_at >= :start AND t.reported_at < :end AND NOT t.voided
  UNION ALL
  SELECT 'call', p.unit_id, t.reported_at, c.issued_at, p.signed_at, p.due_at, p.finished_at,
         p.response_due_at, p.responded_at, NULL, NULL, 0, c.ticket_id
  FROM called_unit p JOIN call c ON c.id = p.call_id JOIN ticket t ON t.id = c.ticket_id
  WHERE t.reported_at >= :start AND t.reported_at < :end AND NOT t.voided
)
SELECT kind, unit, COUNT(*), SUM(due_at >= :start AND due_at < :end), SUM(completed_at <= :as_of AND due_at < :end),
       SUM(completed_at <= due_at), SUM(due_at <= :as_of AND completed_at IS NULL), SUM(completed_at >= :start AND completed_at < :end),
       SUM(reworks > 0), SUM((julianday(signed_at) - julianday(dispatched_at)) * 86400 <= 600), SUM(limit_at < :end),
       SUM(answered_at <= limit_at), SUM(contact_due_at < :end), SUM(contacted_at <= contact_due_at),
       SUM(g.satisfaction IN ('satisfied', 'basic')), SUM(g.satisfaction <> '')
FROM duty LEFT JOIN (SELECT ticket_id AS rated, satisfaction FROM rating WHERE kind = 'public' AND state = 'given') g ON rated = ticket_id
GROUP BY kind, unit
"""
"""Fifteen plain sums over the tickets that were reported in the month: no figure of the handbook, but a floor for any of them."""
