"""Open311 GeoReport v2 over HTTP: listed, reported and read back in JSON and XML, once however often it is sent, and nobody is named."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core.db import db
from app.core.transaction import transaction
from app.entities.attachment import Attachment
from app.entities.channel import Channel
from app.entities.matter import Matter
from app.entities.ticket import Ticket
from app.entities.ticket_event import TicketEvent
from app.services.api_keys import make_key
from tests.conftest import outside
from tests.people import PASSWORD
from tests.services.casework import Office, create_office

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89" + b"\x00" * 20
SAID = {
    "service_code": "01001",
    "description": "温泉支路路灯不亮，晚上看不见路。联系人王小明，电话13812345678。",
    "address_string": "温泉支路9号502室",
    "lat": "26.0881234",
    "long": "119.3012345",
    "first_name": "小明",
    "last_name": "王",
    "phone": "13812345678",
    "email": "xiaoming@example.com",
}
SECRETS = ("王小明", "小明", "13812345678", "xiaoming", "502", "温泉支路", "看不见")


@dataclass
class Town:
    """An office whose centre's program has a key."""

    app: Flask
    office: Office
    key: str
    other: str

    def get(self, path: str, **args: Any) -> Any:
        with self.office.now(), outside():
            return self.app.test_client().get(f"/open311/v2/{path}", query_string=args, headers={"Accept-Language": "en"})

    def post(self, said: dict[str, Any], fmt: str = "json", **headers: str) -> Any:
        with self.office.now(), outside():
            data = {**said, "api_key": said.get("api_key", self.key)}
            return self.app.test_client().post(
                f"/open311/v2/requests.{fmt}",
                data=data,
                headers={"Accept-Language": "en", **{name.replace("_", "-"): text for name, text in headers.items()}},
            )


def create_town(app: Flask) -> Town:
    """Two matters, of which citizens are offered one."""
    office = create_office()
    with transaction() as session:
        above = Matter(code="01", name_zh="市容环境", name_en="Streets", level=1)
        lamps = Matter(code="01001", name_zh="路灯", name_en="Street lamps", level=3, parent=above, public=True)
        session.add_all([above, lamps, Matter(code="09009", name_zh="内部事项", name_en="Internal", level=3)])
    keys = []
    with office.now():
        for name in ("duty", "clerk"):
            keys.append(make_key(office.people[name].id, "app", 90, PASSWORD, failures=5, minutes=15)[1])
    return Town(app, office, *keys)


def tickets() -> int:
    return int(db.session.execute(select(func.count()).select_from(Ticket)).scalar_one())


def test_a_matter_is_reported_in_json_and_read_back(app: Flask) -> None:
    town = create_town(app)
    assert [one["service_code"] for one in town.get("services.json").json] == ["01001"]
    assert town.get("services/01001.json").json == {"service_code": "01001", "attributes": []}
    made = town.post(SAID)
    assert made.status_code == 201, made.text
    number = made.json[0]["service_request_id"]
    db.session.expire_all()
    ticket = db.session.execute(select(Ticket).where(Ticket.number == number)).scalar_one()
    assert (ticket.title, ticket.reporter_name, ticket.reporter_phone) == ("温泉支路路灯不亮，晚上看不见路", "王小明", "13812345678")
    assert (ticket.channel.code, ticket.source.code, ticket.matter.code) == ("OPEN311", "OPEN311", "01001")
    assert (str(ticket.latitude), str(ticket.longitude)) == ("26.088123", "119.301235")
    event = db.session.execute(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id)).scalar_one()
    assert (event.action, event.user_name, event.details["channel"]) == ("report", ticket_owner(town), "OPEN311")
    answer = town.get(f"requests/{number}.json", api_key=town.key).json[0]
    assert (answer["status"], answer["status_notes"], answer["service_name"]) == ("open", "Reported", "Street lamps")
    assert answer["requested_datetime"] == "2026-03-02T01:00:00Z"
    assert "路灯不亮" in answer["description"] and (answer["lat"], answer["long"]) == (26.088123, 119.301235)


def ticket_owner(town: Town) -> str:
    return town.office.actor("duty").name


def test_a_matter_is_reported_in_xml_and_found_by_its_token(lite: Flask) -> None:
    town = create_town(lite)
    services = ElementTree.fromstring(town.get("services.xml").data)
    assert (services.tag, [one.findtext("service_name") for one in services.findall("service")]) == ("services", ["Street lamps"])
    made = town.post({**SAID, "attribute[external_id]": "A-17"}, "xml")
    assert made.status_code == 201 and made.content_type.startswith("application/xml")
    number = ElementTree.fromstring(made.data).findtext("request/service_request_id")
    token = f"{town.office.people['duty'].id}-A-17"
    found = ElementTree.fromstring(town.get(f"tokens/{token}.xml").data)
    assert (found.findtext("request/service_request_id"), found.findtext("request/token")) == (number, token)
    one = ElementTree.fromstring(town.get(f"requests/{number}.xml").data)
    assert (one.tag, one.findtext("request/status")) == ("service_requests", "open")
    where = ElementTree.fromstring(town.get("discovery.xml").data)
    assert where.findtext("endpoints/endpoint/url") == "http://frontline.test/open311/v2/"
    assert [f.text for f in where.findall("endpoints/endpoint/formats/format")] == ["text/xml", "application/json"]


def test_nothing_of_a_person_is_told_to_others(app: Flask) -> None:
    town = create_town(app)
    number = town.post(SAID).json[0]["service_request_id"]
    for answer in (
        town.get(f"requests/{number}.json"),
        town.get("requests.json"),
        town.get("requests.xml"),
        town.get(f"requests/{number}.json", api_key=town.other),
    ):
        assert answer.status_code == 200 and number in answer.text
        assert not [secret for secret in SECRETS if secret in answer.text]
        assert "26.0881" not in answer.text
    mine = town.get(f"requests/{number}.json", api_key=town.key).text
    assert "13812345678" not in mine and "xiaoming" not in mine and "王小明" not in mine and "502" not in mine


def test_what_is_not_offered_or_void_is_not_public(lite: Flask) -> None:
    town = create_town(lite)
    internal = town.office.register("内部巡查")
    number = town.post(SAID).json[0]["service_request_id"]
    assert [one["service_request_id"] for one in town.get("requests.json").json] == [number]
    assert town.get(f"requests/{internal.number}.json").status_code == 404
    db.session.expire_all()
    ticket = db.session.execute(select(Ticket).where(Ticket.number == number)).scalar_one()
    town.office.later(minutes=5).do("duty", ticket, "void", reason="duplicate", note="重复登记")
    assert town.get(f"requests/{number}.json").status_code == 404
    assert town.get("requests.json").json == []


MALFORMED = [
    ({"service_code": ""}, 400, "service_code"),
    ({"service_code": "09009"}, 404, "service_code"),
    ({"description": "  \n "}, 400, "description"),
    ({"lat": "", "long": "", "address_string": ""}, 400, "address_string"),
    ({"lat": "95"}, 400, "lat"),
    ({"lat": "north"}, 400, "lat"),
    ({"long": ""}, 400, "long"),
    ({"phone": "call me"}, 400, "reporter_phone"),
    ({"api_key": "flk_00000000_nothing"}, 403, "api_key"),
    ({"api_key": ""}, 403, "api_key"),
]


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_a_malformed_report_is_refused_with_its_reason_and_nothing_is_registered(lite: Flask, fmt: str) -> None:
    town = create_town(lite)
    for change, status, field in MALFORMED:
        answer = town.post({**SAID, **change}, fmt)
        assert answer.status_code == status, (change, answer.text)
        if fmt == "json":
            errors = [(one["code"], one["description"]) for one in answer.json]
        else:
            errors = [(int(e.findtext("code")), e.findtext("description")) for e in ElementTree.fromstring(answer.data).findall("error")]
        assert errors and all(code == status for code, _ in errors)
        assert any(said.startswith(f"{field}: ") and len(said) > len(field) + 12 for _, said in errors), errors
    assert tickets() == 0


def test_a_photograph_is_kept_and_a_program_is_refused_with_the_whole_report(lite: Flask) -> None:
    town = create_town(lite)
    refused = town.post({**SAID, "media": (io.BytesIO(b"MZ\x90\x00 not a picture"), "lamp.jpg")})
    assert refused.status_code == 400 and "lamp.jpg" in refused.json[0]["description"]
    assert tickets() == 0
    made = town.post({**SAID, "media": (io.BytesIO(PNG), "路灯.png")})
    assert made.status_code == 201, made.text
    kept = db.session.execute(select(Attachment)).scalar_one()
    assert (kept.name, kept.media_type, kept.ticket.number) == ("路灯.png", "image/png", made.json[0]["service_request_id"])


def test_a_report_sent_again_is_answered_with_its_ticket_and_another_program_has_numbers_of_its_own(app: Flask) -> None:
    town = create_town(app)
    first, again = town.post(SAID), town.post(SAID)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json[0]["service_request_id"] == again.json[0]["service_request_id"]
    keyed = [
        town.post({**SAID, "description": text}, Idempotency_Key="7").json[0]["service_request_id"] for text in ("井盖坏了", "井盖坏了！")
    ]
    assert len(set(keyed)) == 1
    other = town.post({**SAID, "api_key": town.other}, Idempotency_Key="7")
    assert other.status_code == 201 and other.json[0]["service_request_id"] not in keyed
    assert tickets() == 3


def test_lists_are_filtered_and_come_in_pages(app: Flask) -> None:
    town = create_town(app)
    numbers = []
    for day in range(5):
        numbers.append(town.post({**SAID, "attribute[external_id]": str(day)}).json[0]["service_request_id"])
        town.office.later(days=1)
    assert [one["service_request_id"] for one in town.get("requests.json").json] == numbers[::-1]
    page = town.get("requests.json", page_size=2, page=2, api_key=town.key)
    assert [one["service_request_id"] for one in page.json] == numbers[2:0:-1]
    assert "page=3" in page.headers["Link"] and town.key not in page.headers["Link"]
    assert "Link" not in town.get("requests.json", page_size=2, page=3).headers
    span = town.get("requests.json", start_date="2026-03-03T00:00:00Z", end_date="2026-03-04T23:59:59Z").json
    assert [one["service_request_id"] for one in span] == [numbers[2], numbers[1]]
    listed = town.get("requests.json", service_request_id=f"{numbers[0]},{numbers[3]}").json
    assert {one["service_request_id"] for one in listed} == {numbers[0], numbers[3]}
    assert town.get("requests.json", status="closed").json == []
    assert len(town.get("requests.json", status="open,closed").json) == 5
    assert town.get("requests.json", service_code="09009").json == []
    town.office.later(days=100)
    assert town.get("requests.json").json == []
    for wrong in ({"status": "new"}, {"start_date": "yesterday"}, {"page": "0"}, {"page_size": "201"}, {"page": "x"}):
        answer = town.get("requests.json", **wrong)
        assert answer.status_code == 400 and next(iter(wrong)) in answer.json[0]["description"]


def test_a_closed_channel_takes_nothing(lite: Flask) -> None:
    town = create_town(lite)
    with transaction() as session:
        session.execute(select(Channel).where(Channel.code == "OPEN311")).scalar_one().active = False
    assert town.post(SAID).status_code == 503
    assert tickets() == 0
