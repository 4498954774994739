"""From resources to doors: for each declared table a screen and a REST API, registered with FAB under one set of permissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_appbuilder import AppBuilder

from app.crud.exchange_screen import ExchangeScreen
from app.crud.resource import Resource
from app.crud.rest import RestApi, api_of
from app.crud.screen import screen_of


def add_resources(
    builder: AppBuilder, resources: Sequence[Resource], special: Mapping[str, type[Any]], doors: Mapping[str, type[Any]]
) -> None:
    """Register every resource; ``special`` names screens that extend the generated one, ``doors`` such REST APIs."""
    for resource in resources:
        builder.add_view_no_menu(screen_of(resource, (special.get(resource.name, ExchangeScreen),)))
        builder.add_api(api_of(resource, doors.get(resource.name, RestApi)))
