"""What doors that read something of a period have in common: one period in, one answer out, refusals in words and codes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, ClassVar

from flask import Response
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi, protect
from flask_appbuilder.security.decorators import permission_name

from app.api.ticket_components import json_content
from app.api.ticket_operations import READING
from app.core.db import db
from app.crud.program_door import ProgramDoor
from app.crud.resource import READ
from app.domain.refusals import Refused

PERIOD: dict[str, Any] = {"in": "path", "name": "period", "required": True, "schema": {"type": "string", "example": "2026-03"}}


def answered(door: Callable[..., Response]) -> Callable[..., Response]:
    """What services refuse is answered in words and codes."""

    def wraps(self: Any, *args: Any, **kwargs: Any) -> Response:
        try:
            return door(self, *args, **kwargs)
        except Refused as refused:
            db.session.rollback()
            answer: Response = self.refusal(refused)
            return answer

    return update_wrapper(wraps, door)


def reading(summary: str, description: str, found: str, *parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    """How a door's reading stands in the OpenAPI document; ``parameters`` beside the period, ``more`` responses by status."""
    return {
        "read": {
            "get": {
                "summary": summary,
                "description": description,
                "parameters": [PERIOD, *parameters],
                "responses": {"200": json_content({"type": "object"}, found), **READING, **more},
            }
        }
    }


class PeriodDoor(ProgramDoor, BaseApi):
    """A member names its resource, its permission and its reading, and says what it tells of a period."""

    method_permission_name: ClassVar[dict[str, str]] = {"read": READ}

    @abstractmethod
    def told(self, period: str) -> dict[str, Any]:
        """The answer, in plain types. Raises ``Refused``."""

    @expose("/<string:period>", methods=["GET"])
    @protect()
    @permission_name("read")
    @answered
    def read(self, period: str) -> Response:
        """One period.
        ---
        get:
          summary: Read a period
        """
        return self.response(200, **self.told(period))
