"""What registering and publishing refuse because it contradicts itself."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core.clock import stopped_at
from app.core.db import db
from app.core.languages import words
from app.domain.refusals import Refused, RefusedAll
from app.entities.evaluation import Evaluation
from app.entities.ticket import Ticket
from app.services.evaluation import compute, publish
from tests.conftest import outside
from tests.people import create_community, create_person, create_street_town
from tests.web.doors import REPORTED, create_ticket, program


def test_a_ticket_is_not_registered_in_the_community_of_another_street_town(app: Flask) -> None:
    north, south = create_street_town("S-1", name_en="North"), create_street_town("S-2", name_en="South")
    community = create_community("C-1", north, name_en="Lake")
    with pytest.raises(RefusedAll) as refused:
        create_ticket(south, community=community.id)
    (reason,) = refused.value.refusals
    assert reason.field == "community"
    assert words("en").phrase(reason.phrase) == "The community “Lake” belongs to “North”, not to “South”"
    assert db.session.execute(select(func.count(Ticket.id))).scalar_one() == 0
    assert create_ticket(north, community=community.id).community_id == community.id
    assert create_ticket(None, community=community.id).street_town_id is None


def test_a_sub_centre_registers_in_its_own_communities_only(lite: Flask) -> None:
    north, south = create_street_town("S-1"), create_street_town("S-2")
    community = create_community("C-1", north)
    create_person("street_town", south)
    with outside():
        sent = program(lite, "street_town").post(
            "/api/v1/tickets/", json={"title": "路灯不亮", "community": community.id, "reported_at": REPORTED.isoformat()}
        )
    assert sent.status_code == 422
    assert "belongs to" in sent.get_data(as_text=True)


def test_an_empty_month_is_computed_but_not_published(app: Flask) -> None:
    create_street_town("S-1")
    create_ticket(None)
    with stopped_at(REPORTED.replace(month=6, day=20)):
        assert compute("2026-05").state == "computed"
        with pytest.raises(Refused) as refused:
            publish("2026-05")
    assert refused.value.status == 409
    assert words("en").phrase(refused.value.phrase) == "2026-05 has no tickets to evaluate; nothing was published."
    db.session.expire_all()
    assert db.session.execute(select(Evaluation.state)).scalars().all() == ["computed"]


def test_a_month_with_one_ticket_is_published(lite: Flask) -> None:
    create_ticket(create_street_town("S-1"))
    with stopped_at(REPORTED.replace(month=4, day=20)):
        assert publish("2026-03").state == "published"
