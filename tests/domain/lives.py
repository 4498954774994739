"""Lives of a ticket without any table behind them: a small town, its people, and case files brought to any stage by real moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from app.domain.actors import SYSTEM, Actor
from app.domain.acts import Doing
from app.domain.calendar import WorkingCalendar
from app.domain.casefile import CaseFile, Happening
from app.domain.deadlines import limit_of
from app.domain.examples import at
from app.domain.machine import apply, decide
from app.domain.refusals import Refused
from app.domain.rulebook import ClockRule, Rulebook

STREET, OTHER_STREET, PARKS, POLICE, WATER, CENTRE = 1, 2, 11, 12, 13, 99
UNITS = {
    STREET: "street_town",
    OTHER_STREET: "street_town",
    PARKS: "department",
    POLICE: "department",
    WATER: "department",
    CENTRE: "command_centre",
}

PEOPLE: Mapping[str, Actor] = {
    "duty": Actor(1, "duty", frozenset({"command_centre"}), CENTRE, "command_centre", sees_all=True),
    "reviewer": Actor(2, "reviewer", frozenset({"command_centre"}), CENTRE, "command_centre", sees_all=True),
    "clerk": Actor(3, "clerk", frozenset({"street_town"}), STREET, "street_town"),
    "chief": Actor(4, "chief", frozenset({"street_town"}), STREET, "street_town"),
    "neighbour": Actor(5, "neighbour", frozenset({"street_town"}), OTHER_STREET, "street_town"),
    "gardener": Actor(6, "gardener", frozenset({"department"}), PARKS, "department"),
    "head": Actor(7, "head", frozenset({"department_lead"}), PARKS, "department"),
    "officer": Actor(8, "officer", frozenset({"department"}), POLICE, "department"),
    "plumber": Actor(9, "plumber", frozenset({"department"}), WATER, "department"),
    "viewer": Actor(10, "viewer", frozenset({"viewer"}), None, "", sees_all=True),
    "district": Actor(11, "district", frozenset({"district_admin"}), None, "", sees_all=True),
    "evaluator": Actor(12, "evaluator", frozenset({"evaluator"}), None, "", sees_all=True),
    "auditor": Actor(13, "auditor", frozenset({"auditor"}), None, "", sees_all=True),
    "system_admin": Actor(14, "sysadmin", frozenset({"system_admin"}), None, ""),
    "security": Actor(15, "security", frozenset({"security_admin"}), None, ""),
    "clock": SYSTEM,
    "citizen": Actor(None, "citizen", frozenset({"citizen"})),
}

LIMITS = {
    "sign": "10min",
    "contact": "24h",
    "handle": "3wd",
    "call_sign": "10min",
    "respond": "2wh",
    "arrive": "10min",
    "finish": "3wd",
    "return_ask": "1wd",
    "return_decide": "4wh",
    "extend": "3wd",
    "rate_unit": "3wd",
    "rate_citizen": "7d",
    "reopen": "30d",
    "supervise": "1wd",
}

MORNING = at("2026-03-02 09:00")

CALENDAR = WorkingCalendar("test", {date(2026, 2, 14): "makeup"}, frozenset({2026}))
RULES = Rulebook(
    calendar=CALENDAR,
    clocks=tuple(ClockRule(clock, limit_of(limit)) for clock, limit in LIMITS.items()),
    units=UNITS,
    centre_id=CENTRE,
)

SAID: Mapping[str, Mapping[str, Any]] = {
    "amend": {"address": "五四路 18 号", "reason": "地址更正"},
    "redirect": {"unit": WATER, "reason": "改由水务处置"},
    "request_return": {"reason": "not_our_duty", "note": "不属本单位职责"},
    "reject_return": {"note": "应由你单位处置"},
    "contact": {"note": "已联系市民"},
    "note": {"note": "现场查看"},
    "refer": {"partner": 1, "note": "转介社工服务"},
    "return_call": {"reason": "not_our_duty", "note": "不属本部门职责"},
    "reject_call_return": {"note": "请按要求到场"},
    "record_report_in": {"person": "林工"},
    "give_opinion": {"opinion": "建议限期整改"},
    "conclude": {"opinion": "由园林牵头，公安配合整改。"},
    "finish": {"note": "已完成修剪"},
    "withdraw_call": {"reason": "不再需要到场"},
    "reject_extension": {"note": "理由不充分"},
    "request_suspension": {"reason": "parts", "note": "等待配件到货"},
    "reject_suspension": {"note": "理由不充分"},
    "supervise": {"note": "请说明进展情况"},
    "answer_order": {"answer": "正在加快办理"},
    "escalate": {"reason": "涉及跨区，街道无力处置"},
    "backstop": {"reason": "无主事项，街道兜底"},
    "claim_done": {"result": "solved", "note": "已处置完毕"},
    "complete": {"opinion": "经现场核实，问题已解决。", "result": "solved"},
    "reject_claim": {"reason": "现场仍有积水"},
    "pass_review": {"checks": ["evidence"]},
    "fail_review": {"reason": "缺少处置后照片"},
    "archive": {"waiver": "群众无法联系"},
    "reopen": {"reason": "问题再次出现"},
    "rate_department": {"arrival": "on_time", "effect": "solved"},
    "rate_street_town": {"accuracy": "accurate"},
    "rate_publicly": {"satisfaction": "satisfied"},
    "follow_up": {"reached": True, "solved": "solved", "satisfaction": "basic"},
    "annul_rating": {"rating": None, "reason": "误操作评价"},
    "merge": {"into": 77},
    "split": {"title": "第二件事"},
    "void": {"reason": "test", "note": "测试数据"},
    "restore": {"reason": "误作废，恢复"},
}
"""Something sensible to say with each move that wants something said."""


@dataclass
class Life:
    """One ticket and a clock that only goes on when told to."""

    case: CaseFile = field(
        default_factory=lambda: CaseFile(number="T-1", id=1, street_town_id=STREET, urgency="quickly", address="温泉支路")
    )
    at: datetime = MORNING
    rules: Rulebook = RULES
    log: list[Happening] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.case.reported_at = self.at

    def later(self, **span: float) -> Life:
        """Let time pass."""
        self.at += timedelta(**span)
        return self

    def doing(self, who: str, action: str, part: str = "", said: Mapping[str, Any] | None = None) -> Doing:
        """The circumstances; what is not said is taken from ``SAID``."""
        words = {**SAID.get(action, {}), **(said or {})}
        if action == "dispatch":
            words.setdefault("unit", STREET)
        if action == "call":
            words = {"lead": PARKS, "support": [POLICE], "reason": "no_power", "appointment_at": self.at + timedelta(hours=1), **words}
        if action == "request_extension":
            turn = self.case.turn
            words.setdefault("wanted_at", CALENDAR.add_working_days((turn.due_at if turn else None) or self.at, 1))
            words.setdefault("reason", "需要更多时间")
        if action == "request_suspension":
            words.setdefault("until", self.at + timedelta(days=1))
        if action == "annul_rating" and words.get("rating") is None:
            words["rating"] = next((r.id for r in self.case.ratings if r.state == "given"), None)
        return Doing(PEOPLE[who], self.at, self.rules, words, self.case.part(part) if part else None)

    def may(self, who: str, action: str, part: str = "", **said: Any) -> Refused | None:
        """Why somebody may not; nothing where he may."""
        return decide(self.case, action, self.doing(who, action, part, said))

    def do(self, who: str, action: str, part: str = "", **said: Any) -> Life:
        """Somebody makes a move."""
        self.log.append(apply(self.case, action, self.doing(who, action, part, said)))
        for number, rating in enumerate(self.case.ratings, start=1):
            rating.id = number
        return self


def life_in(stage: str, *, called: bool = False, holder: int = STREET) -> Life:
    """A ticket brought to ``stage`` by the usual way; ``called`` takes the way through a call of parks and police."""
    life, clerk = Life(), {STREET: "clerk", PARKS: "gardener", CENTRE: "duty"}[holder]
    if stage == "reported":
        return life
    life.later(minutes=5).do("duty", "dispatch", unit=holder)
    if stage == "dispatched":
        return life
    life.later(minutes=5).do(clerk, "sign")
    if stage == "signed":
        return life
    life.later(minutes=5).do(clerk, "start")
    if stage == "handling" and not called:
        return life
    if called or stage in ("called", "consulting"):
        life.do(clerk, "call")
        if stage == "called":
            return life
        life.later(minutes=30).do("gardener", "report_in", f"1.{PARKS}")
        if stage == "consulting":
            return life
        life.do("officer", "respond", f"1.{POLICE}").do("clerk", "conclude")
        if stage == "handling":
            return life
        life.do("gardener", "finish", f"1.{PARKS}").do("officer", "finish", f"1.{POLICE}")
    if holder != STREET:
        life.later(hours=1).do(clerk, "claim_done")
    life.later(hours=1).do("chief" if holder == STREET else "clerk", "complete")
    if stage == "completed":
        return life
    life.later(hours=1).do("reviewer", "take_review")
    if stage == "reviewing":
        return life
    life.do("reviewer", "pass_review")
    if stage == "evaluating":
        return life
    return life.later(days=8).do("clock", "archive_on_time")
