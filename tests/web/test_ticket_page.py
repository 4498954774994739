"""A ticket's page: what each person sees and may press along a life, stale pages that lose nothing, foreign doors that stay shut."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.db import db
from app.core.transaction import transaction
from app.entities.department import Department
from app.entities.matter import Matter
from app.entities.responsibility_item import ResponsibilityItem
from app.entities.responsibility_list import ResponsibilityList
from app.entities.ticket import Ticket
from tests.conftest import outside
from tests.people import PASSWORD
from tests.services.casework import Office, create_office

Enter = Callable[..., FlaskClient]
both = pytest.mark.parametrize("language", ["zh", "en"])


def read(office: Office, client: FlaskClient, ticket: Ticket, query: str = "", status: int = 200) -> str:
    """The page as somebody sees it now."""
    with outside(), office.now():
        answer = client.get(f"/tickets/show/{ticket.id}{query}")
    assert answer.status_code == status, answer.text[:2000]
    return unescape(answer.text)


def press(office: Office, client: FlaskClient, ticket: Ticket, action: str, part: str = "", **typed: Any) -> Any:
    """Send a move's form, by default from a page that shows the newest state."""
    db.session.expire_all()
    version = typed.pop("version", db.session.get_one(Ticket, ticket.id).version)
    with outside(), office.now():
        return client.post(f"/tickets/move/{ticket.id}/{action}", data={"version": version, "part": part, **typed})


def offered(page: str) -> set[str]:
    """The moves for which the page has a form."""
    return set(re.findall(r'<form class="move-form"[^>]* id="move-([a-z_]+)', page))


def main_move(page: str) -> str:
    """The move of the one main button."""
    found = re.findall(r'class="main-move".*?id="move-([a-z_]+)', page, flags=re.DOTALL)
    assert len(found) <= 1
    return found[0] if found else ""


def stage(ticket: Ticket) -> str:
    db.session.expire_all()
    return db.session.get_one(Ticket, ticket.id).stage


def test_everybody_is_offered_what_is_theirs_along_a_life(app: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.register()
    people = {name: sign_in(name) for name in ("duty", "clerk", "gardener", "officer", "reviewer", "viewer")}

    def mains(*names: str) -> list[str]:
        return [main_move(read(office, people[name], ticket)) for name in names]

    assert mains("duty", "clerk", "reviewer", "viewer") == ["dispatch", "dispatch", "dispatch", ""]
    read(office, people["gardener"], ticket, status=404)
    assert press(office, people["duty"], ticket, "dispatch", unit=office.street.id).status_code == 302
    assert mains("clerk", "duty") == ["sign", ""]
    assert press(office, people["clerk"], ticket, "sign").status_code == 302
    assert main_move(read(office, people["clerk"], ticket)) == "start"
    assert press(office, people["clerk"], ticket, "start").status_code == 302
    page = read(office, people["clerk"], ticket)
    assert main_move(page) == "claim_done" and {"call", "complete", "note", "request_suspension"} <= offered(page)
    meeting = (office.at + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M")  # the city's clock is eight hours ahead
    called = press(office, people["clerk"], ticket, "call", lead=office.parks.id, support="", reason="no_power", appointment_at=meeting)
    assert called.status_code == 302, unescape(called.text)[:3000]
    assert main_move(read(office, people["clerk"], ticket)) == ""
    read(office, people["officer"], ticket, status=404)
    for action in ("sign_call", "respond", "report_in", "finish"):
        assert main_move(read(office, people["gardener"], ticket)) == action
        assert press(office, people["gardener"], ticket, action, note="已清理现场。").status_code == 302
    assert stage(ticket) == "consulting"
    assert main_move(read(office, people["clerk"], ticket)) == "conclude"
    assert not offered(read(office, people["viewer"], ticket))


def test_the_page_of_a_foreign_ticket_is_not_there_and_nothing_on_it_can_be_pressed(app: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    stranger = sign_in("neighbour")
    assert "夜市油烟扰民" not in read(office, stranger, ticket, status=404)
    assert press(office, stranger, ticket, "note", note="路过看看情况。").status_code == 404
    with outside():
        assert stranger.get(f"/tickets/record/{ticket.id}").status_code == 404
        assert stranger.get(f"/tickets/move/{ticket.id}/note").status_code == 404


def test_nobody_answers_for_another_department(app: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.to_called(office.register(), office.police)
    gardener = sign_in("gardener")
    refused = press(office, gardener, ticket, "respond", part=f"1.{office.police.id}")
    assert refused.status_code == 403
    assert "This is for Called department." in unescape(refused.text)
    page = read(office, gardener, ticket)
    assert f"move-sign_call-1-{office.parks.id}" in page
    assert not re.search(rf'id="move-\w+-1-{office.police.id}"', page)


def test_readers_press_nothing_and_are_told_where_the_ticket_stands(app: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    viewer = sign_in("viewer")
    page = read(office, viewer, ticket)
    assert not offered(page)
    assert "Where it stands" in page and "Street-town S-1 is handling it." in page
    assert press(office, viewer, ticket, "note", note="只读用户写不了。").status_code in (302, 403)
    assert "只读用户写不了" not in read(office, viewer, ticket)
    assert ticket.lookup_code not in page
    assert ticket.lookup_code in read(office, sign_in("clerk"), ticket)


def test_a_stale_page_says_what_happened_meanwhile_and_keeps_what_was_typed(app: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    clerk = sign_in("clerk")
    seen = db.session.get_one(Ticket, ticket.id).version
    office.later(minutes=3).do("chief", ticket, "note", note="主任已到现场查看。")
    answer = press(office, clerk, ticket, "note", note="正在联系商户核实排烟管道。", version=seen)
    text = unescape(answer.text)
    assert answer.status_code == 409
    assert "Somebody moved this ticket on after you opened it" in text
    banner = text[text.index("alert-warning") : text.index("stage-rail")]
    assert "Street-town S-1 added a note" in banner and "主任已到现场查看。" in banner
    form = text[text.index('id="move-note"') :]
    assert ">正在联系商户核实排烟管道。</textarea>" in form[: form.index("</form>")]
    fresh = int(re.findall(r'id="move-note".*?name="version" value="(\d+)"', text, flags=re.DOTALL)[0])
    assert press(office, clerk, ticket, "note", note="正在联系商户核实排烟管道。", version=fresh).status_code == 302
    page = read(office, clerk, ticket)
    assert page.index("正在联系商户核实排烟管道。") < page.index("主任已到现场查看。")


def test_what_was_typed_for_a_move_that_is_gone_is_handed_back_to_be_copied(app: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    clerk = sign_in("clerk")
    seen = db.session.get_one(Ticket, ticket.id).version
    office.later(minutes=3).do("chief", ticket, "complete", opinion="已清理完毕并现场复核无异味。", result="solved")
    answer = press(office, clerk, ticket, "claim_done", note="商户已更换净化器并清洗管道。", result="solved", version=seen)
    text = unescape(answer.text)
    assert answer.status_code == 409
    assert "claim_done" not in offered(text)
    assert re.search(r'<pre id="kept-1">商户已更换净化器并清洗管道。</pre>', text)
    assert "verified and completed: Solved" in text
    assert stage(ticket) == "completed"


def test_a_refusal_names_the_field_and_keeps_every_word(app: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    clerk = sign_in("clerk")
    answer = press(office, clerk, ticket, "claim_done", note="太短", result="")
    text = unescape(answer.text)
    assert answer.status_code == 422
    form = text[text.index('id="move-claim_done"') :]
    form = form[: form.index("</form>")]
    assert ">太短</textarea>" in form
    assert "“Result” is missing" in form and "“Note” is too short" in form
    assert 'href="#f-claim_done-result"' in text and 'id="f-claim_done-result"' in form
    assert stage(ticket) == "handling"


def test_half_a_name_that_is_no_record_comes_back_as_it_was_typed(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.register()
    answer = press(office, sign_in("duty"), ticket, "dispatch", unit="城管")
    assert answer.status_code == 422
    text = unescape(answer.text)
    assert "“城管” is not a record of “Unit”" in text
    assert re.search(r'<input type="text" id="f-dispatch-unit"[^>]* value="城管"', text)


def test_pressing_twice_does_it_once_and_says_so(app: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.register()
    office.do("duty", ticket, "dispatch", unit=office.street.id)
    clerk = sign_in("clerk")
    seen = db.session.get_one(Ticket, ticket.id).version
    assert press(office, clerk, ticket, "sign", version=seen).status_code == 302
    again = press(office, clerk, ticket, "sign", version=seen)
    assert again.status_code == 409
    assert "Street-town S-1 signed" in unescape(again.text)
    assert db.session.get_one(Ticket, ticket.id).version == seen + 1


def test_a_link_to_a_move_opens_its_form_and_does_nothing(app: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    clerk = sign_in("clerk")
    with outside(), office.now():
        answer = clerk.get(f"/tickets/move/{ticket.id}/note")
    assert answer.status_code == 302 and answer.location.endswith(f"/tickets/show/{ticket.id}?open=note")
    page = read(office, clerk, ticket, "?open=note")
    assert re.search(r'<details class="move" id="open-note" open', page)
    assert stage(ticket) == "handling"


def test_whoever_was_signed_out_signs_in_first_and_finds_the_form_with_nothing_done(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.to_handling(office.register())
    clerk = sign_in("clerk")
    version = db.session.get_one(Ticket, ticket.id).version
    clerk.delete_cookie("frontline")
    lite.config["WTF_CSRF_ENABLED"] = True
    try:
        lost = press(office, clerk, ticket, "note", note="正在联系商户。", csrf_token="gone")
    finally:
        lite.config["WTF_CSRF_ENABLED"] = False
    assert lost.status_code == 302 and lost.location.startswith("/login/?next=")
    with outside(), office.now():
        back = clerk.post(lost.location, data={"username": "clerk", "password": PASSWORD})
        assert back.location.endswith(f"/tickets/move/{ticket.id}/note")
        assert clerk.get(back.location).location.endswith(f"/tickets/show/{ticket.id}?open=note")
    db.session.expire_all()
    assert db.session.get_one(Ticket, ticket.id).version == version


def test_a_call_is_ready_as_the_responsibility_list_in_force_says(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.to_handling(create_listed(office))
    clerk = sign_in("clerk")
    page = read(office, clerk, ticket)
    assert "Call with one press" in page
    form = page[page.index('id="move-call"') :]
    form = form[: form.index("</form>")]
    sent = dict(re.findall(r'<input[^>]* name="(lead|support|appointment_at|place)" value="([^"]*)"', form))
    assert sent["lead"] == str(office.parks.id) and sent["support"] == str(office.police.id)
    assert sent["place"] == "温泉支路 112 号"
    # Monday 09:07 in the city, an hour's notice, the next full half hour
    assert sent["appointment_at"] == "2026-03-02T10:30"
    chosen = re.findall(r'<option value="(\w+)" selected', form)
    assert press(office, clerk, ticket, "call", **sent, reason=chosen[0]).status_code == 302
    assert stage(ticket) == "called"


def create_listed(office: Office) -> Ticket:
    """A ticket whose matter the list in force gives to parks, with police in support."""
    with transaction() as session:
        matter = Matter(code="01", name_zh="市容环境", name_en="City appearance", level=1)
        version = ResponsibilityList(code="2026-1", name_zh="2026-1", effective_from=date(2026, 1, 1), state="approved")
        session.add_all([matter, version])
        session.flush()
        item = ResponsibilityItem(list_version_id=version.id, number="47", matter_id=matter.id, name_zh="油烟", lead_id=office.parks.id)
        session.add(item)
        session.flush()
        item.support = [session.get_one(Department, office.police.id)]
    return office.register(matter=matter.id)


def to_rated_by_one_side(office: Office) -> Ticket:
    """Open for ratings; the street-town has rated parks, parks has not rated the call."""
    ticket = office.to_called(office.register())
    part = f"1.{office.parks.id}"
    office.later(minutes=20).do("gardener", ticket, "respond")
    office.later(minutes=30).do("gardener", ticket, "report_in")
    office.later(minutes=30).do("clerk", ticket, "conclude", opinion="由园林部门当场清理，街道每日巡查。")
    office.later(minutes=30).do("gardener", ticket, "finish", note="已清理完毕。")
    office.later(minutes=30).do("clerk", ticket, "complete", opinion="现场复核，市民认可处置结果。", result="solved")
    office.to_evaluating(ticket)
    office.later(minutes=5).do("clerk", ticket, "rate_department", part=part, arrival="late", effect="unsolved", comment="来得太晚。")
    return ticket


def test_no_unit_reads_the_others_rating_before_both_have_spoken(app: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = to_rated_by_one_side(office)
    gardener, clerk = sign_in("gardener"), sign_in("clerk")
    page = read(office, gardener, ticket)
    assert "Opens when both have rated, or when the time is over." in page
    for secret in ("来得太晚", "Came late", "Not settled"):
        assert secret not in re.sub(r"<option.*?</option>", "", page), secret
    own = read(office, clerk, ticket)
    assert "来得太晚" in own and "Came late" in own
    part = f"1.{office.parks.id}"
    assert press(office, gardener, ticket, "rate_street_town", part=part, accuracy="accurate").status_code == 302
    assert "来得太晚" in read(office, gardener, ticket)


@both
def test_the_rail_shows_the_nine_published_stages_in_their_order(lite: Flask, sign_in: Enter, language: str) -> None:
    office = create_office()
    ticket = office.to_evaluating(office.register())
    page = read(office, sign_in("clerk", language), ticket)
    steps = re.findall(r'<li class="(past|present|ahead|skipped)[^"]*".*?<b>([^<]+)', page, flags=re.DOTALL)
    words = {
        "zh": ["上报", "分发", "签收", "处置", "呼叫", "协商", "办结", "审核", "评价", "归档"],
        "en": ["Reported", "Dispatched", "Signed", "Handling", "Called", "Consulting", "Completed", "Reviewing", "Evaluating", "Archived"],
    }
    assert [name.strip() for _, name in steps] == words[language]
    assert [state for state, _ in steps] == ["past"] * 4 + ["skipped"] * 2 + ["past"] * 2 + ["present", "ahead"]


def test_ways_back_are_told_on_the_rail(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.to_completed(office.register())
    office.later(hours=1).do("reviewer", ticket, "take_review")
    office.do("reviewer", ticket, "fail_review", reason="缺少处置后照片，请补充。")
    page = read(office, sign_in("clerk"), ticket)
    assert "Reworks: 1" in page
    assert re.search(r"Handling <small>×2</small>", page)


def test_grave_moves_are_asked_about_with_thing_and_consequence(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.register()
    page = read(office, sign_in("duty"), ticket)
    form = re.findall(r'<form class="move-form"[^>]*id="move-void"[^>]*>', page)[0]
    assert f'data-confirm="Void: {ticket.number}?"' in form
    assert 'data-confirm-text="The ticket counts nowhere any more; it stays readable."' in form
    assert 'data-confirm-verb="Void"' in form and "calm" not in form


def test_the_full_record_stays_one_press_away(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    ticket = office.to_handling(office.register(reporter_name="林小明", reporter_phone="13855550127"))
    clerk = sign_in("clerk")
    page = read(office, clerk, ticket)
    assert f'href="/tickets/record/{ticket.id}"' in page
    with outside():
        record = clerk.get(f"/tickets/record/{ticket.id}").text
    assert "Next clock runs out" in record
    for text in (page, record):
        assert "林小明" not in text and "13855550127" not in text and "138****0127" in text


def test_an_ended_ticket_says_where_it_went(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    kept, doubled = office.register("油烟扰民"), office.register("油烟又扰民")
    duty = sign_in("duty")
    page = read(office, duty, doubled)
    link = re.findall(r'class="merge" href="/tickets/show/\d+(\?[^"#]+)#open-merge"', page)[0]
    form = read(office, duty, doubled, link)
    form = form[form.index('id="open-merge" open') :]
    assert f'name="into" value="{kept.id}"' in form[: form.index("</form>")]
    assert press(office, duty, doubled, "merge", into=kept.id).status_code == 302
    page = read(office, duty, doubled)
    assert f"Merged into {kept.number}" in page and f'href="/tickets/show/{kept.id}"' in page
    assert offered(page) == {"restore"}
    assert f"merged in: {doubled.number}" in read(office, duty, kept)


def test_a_registered_ticket_opens_on_its_page(lite: Flask, sign_in: Enter) -> None:
    office = create_office()
    clerk = sign_in("clerk")
    with outside(), office.now():
        answer = clerk.post("/tickets/add", data={"title": "路灯不亮", "urgency": "quickly", "reported_at": "2026-03-02T08:30"})
    assert answer.status_code == 302, unescape(answer.text)[:2000]
    assert re.search(r"/tickets/show/\d+$", answer.location)
