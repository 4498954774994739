"""Secrets of records: typed once, shown to nobody again, kept as they are by whoever saves the form untouched."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core.acting import acting_as
from app.core.db import db
from app.core.transaction import transaction
from app.crud import writing
from app.crud.columns import Origin, Reading
from app.crud.masking import masked
from app.crud.resource import resource_of
from app.crud.tables import Change
from app.domain.actors import SYSTEM
from app.domain.refusals import Refused, RefusedAll
from app.entities.delivery_target import DeliveryTarget
from app.queries.people import actor_of
from tests.conftest import outside
from tests.people import create_person
from tests.web.doors import program

FORM = Reading(origin=Origin.FORM)
SignIn = Callable[[str], FlaskClient]
ADDRESS = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=d1c3-very-secret"


def test_a_secret_says_nothing_and_a_url_its_host_only() -> None:
    assert masked("secret", "abc") == masked("secret", "a*c") == "********" != masked("secret", "")
    assert masked("url", ADDRESS) == "https://qyapi.weixin.qq.com/***"
    assert masked("url", "https://name:word@host.example:8443/x?y=z#a") == "https://host.example/***"
    assert masked("url", "city-hall/evaluation") == "city-hall/evaluation"


def _form(**values: str) -> dict[str, str]:
    usual = {"code": "chat", "name_zh": "工作群", "name_en": "Group", "kind": "wecom", "address": ADDRESS, "secret": "", "language": "zh"}
    return {**usual, "allow_private": "0", "active": "1", **values}


def _page(client: FlaskClient, address: str) -> str:
    with outside():
        return client.get(address).text


def test_the_address_of_a_target_is_shown_nowhere_again(app: Flask, sign_in: SignIn) -> None:
    create_person("system_admin")
    client = sign_in("system_admin")
    with outside():
        added = client.post("/delivery-targets/add", data=_form(secret="a-signing-key-of-letters"))
    assert added.status_code == 302, added.text
    target = db.session.execute(select(DeliveryTarget)).scalar_one()
    number, version = target.id, target.version
    pages = [f"/delivery-targets/{place}" for place in (f"edit/{number}", f"show/{number}", "list/", "export?fmt=csv")]
    for page in (*pages, "/changes/"):
        with outside():
            answer = client.get(page)
        assert answer.status_code in (200, 403), page
        shown = answer.text
        assert "very-secret" not in shown and "signing-key" not in shown, page
    assert "https://qyapi.weixin.qq.com/***" in _page(client, pages[0])
    rest = _page(program(app, "system_admin"), f"/api/v1/delivery-targets/{number}")
    assert "qyapi" in rest and "very-secret" not in rest and "signing-key" not in rest
    # saved as it was shown, with another name: the secrets stay
    data = _form(name_zh="值班群", address="https://qyapi.weixin.qq.com/***", secret="********", version=str(version))
    with outside():
        assert client.post(pages[0], data=data).status_code == 302
    db.session.expire_all()
    target = db.session.execute(select(DeliveryTarget)).scalar_one()
    assert (target.name_zh, target.address, target.secret) == ("值班群", ADDRESS, "a-signing-key-of-letters")


def test_the_change_log_keeps_that_a_secret_changed_and_not_what_it_was(app: Flask) -> None:
    with acting_as(SYSTEM):
        with transaction() as session:
            target = DeliveryTarget(code="chat", name_zh="群", kind="wecom", address=ADDRESS, secret="first-secret-of-all", language="zh")
            session.add(target)
        with transaction() as session:
            target.address, target.secret = ADDRESS + "2", "second-secret-of-all"
        with transaction() as session:
            session.delete(target)
        lines = db.session.execute(select(Change).where(Change.entity == "DeliveryTarget").order_by(Change.id)).scalars().all()
    assert [line.action for line in lines] == ["create", "update", "delete"]
    kept = json.dumps([line.changes for line in lines], ensure_ascii=False)
    assert "very-secret" not in kept and "secret-of-all" not in kept
    assert lines[1].changes == {"address": ["https://qyapi.weixin.qq.com/***"] * 2, "secret": ["********"] * 2}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"address": "https://evil.example/cgi-bin/webhook/send?key=1"}, "address"),
        ({"kind": "webhook", "address": "ftp://program.example/", "secret": "long-enough-to-sign-with"}, "address"),
        ({"kind": "webhook", "address": "https://program.example/"}, "secret"),
        ({"kind": "folder", "address": "/etc"}, "address"),
    ],
)
def test_what_can_never_be_a_target_is_refused_at_its_field(app: Flask, sign_in: SignIn, values: dict[str, str], field: str) -> None:
    create_person("system_admin")
    client = sign_in("system_admin")
    with outside():
        answer = client.post("/delivery-targets/add", data=_form(**values))
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert db.session.execute(select(DeliveryTarget)).scalar_one_or_none() is None


def test_a_schedule_chooses_among_targets_in_use_and_keeps_what_it_has(app: Flask) -> None:
    keeper = create_person("evaluator")
    with acting_as(SYSTEM), transaction() as session:
        rows = [
            DeliveryTarget(code=code, name_zh=code, kind="folder", address=code, language="zh", active=code == "open")
            for code in ("open", "shut")
        ]
        session.add_all(rows)
    used, resting = (row.id for row in rows)
    raw = {"code": "monthly", "name_zh": "月度评价表", "report": "scorecard", "targets": [str(used), str(resting)]}
    with acting_as(actor_of(keeper)):
        with pytest.raises(Refused) as refused:
            writing.add(resource_of("Schedule"), raw, FORM)
        refusal = refused.value.refusals[0] if isinstance(refused.value, RefusedAll) else refused.value
        assert (refusal.field, refusal.code) == ("targets", "not-in-use")
        row = writing.add(resource_of("Schedule"), {**raw, "targets": [str(used)]}, FORM)
    with acting_as(SYSTEM), transaction() as session:
        session.get(DeliveryTarget, used).active = False
    with acting_as(actor_of(keeper)):
        writing.change(resource_of("Schedule"), row.id, row.version, {"name_zh": "评价表", "targets": [str(used)]}, FORM)
