"""A March in one street-town and two departments, walked move by move: everything that figures tell apart happens once."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.core.acting import acting_as
from app.core.transaction import transaction
from app.crud.columns import Origin, Reading
from app.domain.actors import SYSTEM, Actor
from app.entities.matter import Matter
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.entities.ticket import Ticket
from app.services.progress import move
from tests.prepared import walked_once
from tests.services.casework import Office, create_office

CITIZEN = Actor(None, "citizen", frozenset({"citizen"}))


def city(text: str) -> datetime:
    """What the city's clock shows in March 2026: "02 09:00", or with seconds; "02-26 09:00" in another month, or a whole date."""
    day, _, hour = text.partition(" ")
    whole = day if day.count("-") == 2 else f"2026-{day if '-' in day else f'03-{day}'}"
    return datetime.fromisoformat(f"{whole}T{hour}+08:00").astimezone(UTC)


class Month:
    """The office and its tickets by letter."""

    def __init__(self) -> None:
        self.office: Office = create_office()
        self.tickets: dict[str, Ticket] = {}
        self.ticket: Ticket | None = None
        with transaction() as session, acting_as(SYSTEM):
            self.matter = Matter(code="M-1", name_zh="占道经营", name_en="Street vending", level=1)
            listed = ResponsibilityList(code="2026-1", name_zh="责任清单", effective_from=date(2026, 1, 1), state="approved")
            session.add(
                ResponsibilityItem(list_version=listed, number="1", matter=self.matter, name_zh="占道经营", lead=self.office.police)
            )
            session.flush()
            self.matter_id = self.matter.id

    def report(self, letter: str, at: str, to: str = "street", who: str = "clerk", sign: str = "", **values: object) -> None:
        """Register and dispatch at once; sign at ``sign`` where somebody does, and begin."""
        self.office.at = city(at)
        self.ticket = self.tickets[letter] = self.office.register(title=f"事项 {letter}", **values)
        if to:
            self.do("duty", at, "dispatch", unit=getattr(self.office, to).id)
        if sign:
            self.do(who, sign, "sign")
            self.do(who, sign, "start")

    def do(self, who: str, at: str, action: str, part: str = "", **said: object) -> None:
        """A move on the ticket in hand."""
        assert self.ticket is not None
        self.office.at = city(at)
        self.office.do(who, self.ticket, action, part=part, **said)

    def rated(self, at: str, satisfaction: str) -> None:
        """The citizen's answer."""
        assert self.ticket is not None
        self.office.at = city(at)
        with self.office.now():
            move(self.ticket.id, "rate_publicly", None, {"satisfaction": satisfaction}, Reading(origin=Origin.API), actor=CITIZEN)

    def completed(self, at: str, who: str = "clerk", result: str = "solved") -> None:
        """Verified and written up."""
        self.do(who, at, "complete", opinion="已处置完毕，现场复核属实。", result=result)

    def reviewed(self, at: str) -> None:
        """By somebody else."""
        self.do("reviewer", at, "take_review")
        self.do("reviewer", at, "pass_review", checks=["evidence", "opinion"])

    def part(self, call: int, unit: str) -> str:
        """How a called department is named."""
        return f"{call}.{getattr(self.office, unit).id}"


@walked_once
def walk_the_month() -> Month:
    """All of it; the order of tickets does not matter, each has its own days."""
    month = Month()
    for walk in (_settled, _called, _returned, _department, _reopened, _redirected, _void_and_merged, _escalated, _claimed, _rest, _calls):
        walk(month)
    return month


def _settled(m: Month) -> None:
    """A: signed after 2 minutes, contacted, completed within the limit, rated."""
    m.report("A", "02 09:00", sign="02 09:02")
    m.do("clerk", "02 09:30", "contact", note="已电话联系市民。")
    m.completed("02 15:00")
    m.reviewed("03 09:00")
    m.rated("03 10:00", "satisfied")
    m.do("duty", "03 11:00", "archive")


def _called(m: Month) -> None:
    """B: two departments; one in time to the second, one a minute late, each rated; one of them rates nobody."""
    m.report("B", "02 10:00", sign="02 10:01")
    m.do(
        "clerk",
        "02 10:30",
        "call",
        lead=m.office.parks.id,
        support=[m.office.police.id],
        reason="no_power",
        appointment_at=city("02 15:00"),
    )
    m.do("gardener", "02 14:30:00", "respond", m.part(1, "parks"))
    m.do("officer", "02 14:31", "respond", m.part(1, "police"))
    m.do("gardener", "02 15:10:00", "report_in", m.part(1, "parks"))
    m.do("officer", "02 15:11", "report_in", m.part(1, "police"))
    m.do("clerk", "02 16:00", "conclude", opinion="由园林部门牵头处置，公安配合。")
    m.do("gardener", "02 17:00", "finish", m.part(1, "parks"), note="已完成修剪。")
    m.do("officer", "02 17:10", "finish", m.part(1, "police"), note="秩序正常。")
    m.do("clerk", "02 17:20", "claim_done", result="partly", note="现场已恢复。")
    m.do("chief", "02 17:40", "complete", opinion="现场复核，部分解决，已说明。")
    m.reviewed("03 09:00")
    m.do("clerk", "03 14:00", "rate_department", m.part(1, "parks"), arrival="on_time", effect="solved")
    m.do("gardener", "03 15:00", "rate_street_town", m.part(1, "parks"), accuracy="accurate")
    m.do("clerk", "03 16:00", "rate_department", m.part(1, "police"), arrival="late", effect="partly")
    m.rated("04 09:00", "dissatisfied")
    m.do("duty", "04 10:00", "follow_up", reached=True, solved="partly")
    m.do("clock", "10 09:00", "archive_on_time")


def _returned(m: Month) -> None:
    """C: given back by the police with approval; signed at second 600; extended; the follow-up brings the rating."""
    m.report("C", "03 09:00", to="police")
    m.do("officer", "03 09:10:01", "sign")
    m.do("officer", "03 09:20", "request_return", reason="not_our_duty", note="不属于公安职责。")
    m.do("duty", "03 10:00", "approve_return", unit=m.office.street.id)
    m.do("clerk", "03 10:10:00", "sign")
    m.do("clerk", "03 10:11", "start")
    m.do("clerk", "03 10:12", "contact", note="已电话联系市民。")
    m.do("clerk", "05 09:00", "request_extension", wanted_at=city("09 10:00"), reason="等待配件到货。")
    m.do("duty", "05 09:30", "approve_extension")
    m.completed("09 10:00")
    m.reviewed("09 11:00")
    m.do("duty", "09 14:00", "follow_up", reached=True, solved="solved", satisfaction="basic")
    m.do("duty", "10 09:00", "archive")


def _department(m: Month) -> None:
    """D: straight to parks; a rejected return, a suspension, a rejected claim; in time for parks, too late for the whole matter."""
    m.report("D", "04 09:00", to="parks", who="gardener", sign="04 09:01")
    m.do("gardener", "04 09:30", "request_return", reason="wrong_area", note="似不在本单位管养范围。")
    m.do("duty", "04 10:00", "reject_return", note="确属园林管养范围。")
    m.do("gardener", "05 14:00", "request_suspension", reason="parts", until=city("06 14:00"), note="等待苗木到货。")
    m.do("duty", "05 14:00", "approve_suspension")
    m.do("clock", "06 14:00", "resume_on_time")
    m.do("gardener", "09 16:00", "claim_done", result="solved", note="已补植完毕。")
    m.do("chief", "09 17:00", "reject_claim", reason="现场仍有残枝未清运。")
    m.do("gardener", "10 10:00", "claim_done", result="solved", note="残枝已清运。")
    m.do("chief", "10 11:00", "complete", opinion="现场复核属实，予以办结。")
    m.reviewed("11 09:00")
    m.rated("11 10:00", "basic")
    m.do("duty", "11 11:00", "archive")


def _reopened(m: Month) -> None:
    """E: completed in time, opened again at the same unit, completed a minute late; each life is rated and followed up."""
    m.report("E", "05 09:00", sign="05 09:01")
    m.do("clerk", "05 09:05", "contact", note="已电话联系市民。")
    m.completed("05 11:00")
    m.reviewed("06 09:00")
    m.rated("06 10:00", "fair")
    m.do("duty", "06 11:00", "follow_up", reached=True, solved="unsolved")
    m.do("duty", "06 14:00", "archive")
    m.do("duty", "09 09:00", "reopen", reason="市民反映问题再次出现。")
    m.completed("12 09:01")
    m.reviewed("12 10:00")
    m.rated("12 11:00", "satisfied")
    m.do("duty", "12 14:00", "follow_up", reached=True, solved="solved")
    m.do("duty", "12 15:00", "archive")


def _redirected(m: Month) -> None:
    """F: taken away from parks within 600 seconds; the police's clock stands still beyond the end of the month."""
    m.report("F", "06 09:00", to="parks")
    m.do("duty", "06 09:09", "redirect", unit=m.office.police.id, reason="应由公安牵头处置。")
    m.do("officer", "06 09:10", "sign")
    m.do("officer", "06 09:11", "start")
    m.do("officer", "06 09:12", "contact", note="已电话联系市民。")
    m.do("officer", "09 10:00", "request_suspension", reason="procedure", until=city("04-20 10:00"), note="等待法定程序。")
    m.do("duty", "09 10:05", "approve_suspension")


def _void_and_merged(m: Month) -> None:
    """G and H: count nowhere."""
    m.report("G", "06 10:00", sign="06 10:05")
    m.do("duty", "06 10:30", "void", reason="test", note="测试数据，不予受理。")
    m.report("H", "06 11:00", to="")
    m.do("duty", "06 11:10", "merge", into=m.tickets["A"].id)


def _escalated(m: Month) -> None:
    """I: signed after 20 minutes, then taken over by the centre, where it stays."""
    m.report("I", "09 09:00")
    m.do("clerk", "09 09:20", "sign")
    m.do("clerk", "09 10:00", "escalate", reason="超出街镇处置能力。")


def _claimed(m: Month) -> None:
    """J: parks says it is done, and nobody verifies it."""
    m.report("J", "10 09:00", to="parks", who="gardener", sign="10 09:05")
    m.do("gardener", "10 09:30", "contact", note="已电话联系市民。")
    m.do("gardener", "11 10:00", "claim_done", result="solved", note="已处置完毕。")


def _rest(m: Month) -> None:
    """K: found by a patrol. L: carried over from February, a second late. N: the police lead by the list, and nobody called them."""
    m.report("K", "10 10:00", sign="10 10:05", proactive=True)
    m.completed("10 11:00")
    m.reviewed("11 09:00")
    m.report("L", "02-26 09:00", sign="02-26 09:05")
    m.do("clerk", "02-26 09:10", "contact", note="已电话联系市民。")
    m.completed("02 09:00:01")
    m.report("N", "12 09:00", sign="12 09:02", matter=m.matter_id)
    m.completed("12 11:00")


def _calls(m: Month) -> None:
    """M: one call returned with approval, one never answered and withdrawn, one answered too late and reported in early."""
    m.report("M", "11 09:00", sign="11 09:01")
    m.do("clerk", "11 09:05", "contact", note="已电话联系市民。")
    m.do("clerk", "11 09:30", "call", lead=m.office.parks.id, reason="expertise", appointment_at=city("11 16:00"))
    m.do("gardener", "11 10:00", "return_call", m.part(1, "parks"), reason="not_our_duty", note="不属于园林职责。")
    m.do("clerk", "11 10:30", "accept_call_return", m.part(1, "parks"))
    m.do("clerk", "11 10:40", "call", lead=m.office.police.id, reason="danger", appointment_at=city("11 17:00"))
    m.do("clerk", "11 17:11", "mark_absent", m.part(2, "police"))
    m.do("clerk", "12 09:00", "withdraw_call", m.part(2, "police"), reason="对方未到场，改由园林处置。")
    m.do("clerk", "12 10:00", "call", lead=m.office.parks.id, reason="expertise", appointment_at=city("12 15:00"))
    m.do("gardener", "12 14:55", "report_in", m.part(3, "parks"))
    m.do("clerk", "12 15:30", "conclude", opinion="由园林部门继续处置，限期完成。")
