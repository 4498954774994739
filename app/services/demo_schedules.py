"""The demo district's schedules: monthly scorecards for the evaluator and every street-town, and a weekly list of what is overdue."""

from __future__ import annotations

from sqlalchemy import select

from app.core.acting import acting_as
from app.core.offers import all_offers
from app.core.transaction import transaction
from app.domain.actors import SYSTEM
from app.entities.account import Account
from app.entities.evaluation import Evaluation
from app.entities.schedule import Schedule
from app.queries.people import actor_of
from app.services.scheduling import run_now

KEEPER = "evaluator"
MONTHLY = {
    "code": "demo-scorecards",
    "name_zh": "月度绩效评价表",
    "name_en": "Monthly scorecards",
    "report": "scorecard",
    "kind": "working_day",
    "nth": 3,
    "languages": "zh,en",
    "condition": "published",
    "leads": "street_town",
}
WEEKLY = {
    "code": "demo-overdue",
    "name_zh": "每周超期清单",
    "name_en": "Weekly overdue list",
    "report": "overdue",
    "period_rule": "this_month",
    "kind": "weekly",
    "weekday": "0",
    "at": "08:30",
}


def load_schedules() -> list[str]:
    """Put what this installation can print on schedules, kept by the evaluator; the codes of those that were made."""
    with acting_as(SYSTEM), transaction() as session:
        keeper = session.execute(select(Account).where(Account.username == KEEPER)).scalar_one()
        wanted = [values for values in (MONTHLY, WEEKLY) if values["report"] in all_offers()]
        session.add_all(Schedule(**values, owner_id=keeper.id) for values in wanted)
        return [str(values["code"]) for values in wanted]


def first_files() -> int | None:
    """Have the latest published month's scorecards made, so that there is something to open; the run's number."""
    with transaction() as session:
        with acting_as(SYSTEM):
            schedule = session.execute(select(Schedule.id).where(Schedule.code == MONTHLY["code"])).scalar_one_or_none()
            latest = session.execute(select(Evaluation.period).order_by(Evaluation.first.desc()).limit(1)).scalar_one_or_none()
            keeper = session.execute(select(Account).where(Account.username == KEEPER)).scalar_one()
            actor = actor_of(keeper)
        if schedule is None or latest is None:
            return None
        with acting_as(actor):
            return run_now(schedule, latest)
