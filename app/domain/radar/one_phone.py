"""One telephone rating many tickets (一号多评): many ratings of the period come from the same number."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.radar.base import Answer, Finding, Golden, Sign, Sweep, Threshold, Thresholds
from app.domain.radar.examples import answer, sweep
from app.domain.refusals import N_, Phrase


def find(material: Sweep, thresholds: Thresholds) -> Iterable[Finding]:
    """Ratings of the period, by telephone; each with its ticket, the number masked."""
    callers: dict[str, list[Answer]] = {}
    for one in material.answers:
        if one.caller and material.period.holds(one.rated_at):
            callers.setdefault(one.caller, []).append(one)
    for answers in callers.values():
        tickets = {one.ticket_id for one in answers}
        if len(tickets) < thresholds["tickets"]:
            continue
        content = len({one.ticket_id for one in answers if one.content})
        seen = Phrase(
            N_("%(phone)s rated %(count)d tickets, %(content)d of them as satisfied"),
            phone=answers[0].shown, count=len(tickets), content=content,
        )  # fmt: skip
        yield from (Finding(one.ticket_id, one.ticket_no, one.unit_id, one.rated_at, seen) for one in answers)


SIGN = Sign(
    code="one_phone",
    position=60,
    name=N_("One telephone rating many tickets"),
    looks_for=N_("The ratings of many tickets in one period come from the same telephone."),
    innocent=N_("A citizen who reports much, or a grid worker who lends a telephone."),
    find=find,
    thresholds=(Threshold("tickets", N_("Tickets rated from one telephone, at least"), 5, N_("tickets")),),
    golden=(
        Golden(
            title="three tickets from one telephone; the same ticket twice is one; no telephone is nobody's",
            sweep=sweep(
                answers=(
                    answer(1, "1390001", "2026-09-01"),
                    answer(2, "1390001", "2026-09-02"),
                    answer(3, "1390001", "2026-09-03", unit=2, content=False),
                    answer(4, "1390002", "2026-09-01"),
                    answer(4, "1390002", "2026-09-02"),
                    answer(5, "1390002", "2026-09-03"),
                    answer(6, "", "2026-09-01"),
                    answer(7, "", "2026-09-01"),
                    answer(8, "", "2026-09-01"),
                )
            ),
            thresholds={"tickets": 3},
            found=(("GL0001", 1), ("GL0002", 1), ("GL0003", 2)),
        ),
        Golden(
            title="ratings of another month do not make up the number",
            sweep=sweep(
                answers=(
                    *(answer(n, "1390001", f"2026-09-0{n}") for n in (1, 2, 3, 4)),
                    answer(5, "1390001", "2026-10-01"),
                )
            ),
            found=(),
        ),
    ),
)
