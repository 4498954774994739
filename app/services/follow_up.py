"""The draw for follow-up: each morning the command centre is told how many citizens are to be asked."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from app.core.acting import acting_as
from app.core.clock import now
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.domain.refusals import N_, Phrase
from app.queries.follow_up import count_to_follow_up
from app.queries.reminding import habits_of
from app.queries.staff import staff
from app.services.notices import tell


def tell_of_draw() -> int:
    """Tell the centre, once a day and only where there is something to ask; how many tickets there are."""
    with acting_as(SYSTEM), transaction() as session:
        count = count_to_follow_up(session)
        if not count:
            return 0
        habits = habits_of(session)
        day = now().astimezone(ZoneInfo(habits.zone)).date()
        text = Phrase(N_("Completed tickets drawn for follow-up: %(count)s"), count=count)
        tell(session, staff(session, centre=True).members, f"follow-up:{day.isoformat()}", "follow_up", text, habits=habits)
        return count
