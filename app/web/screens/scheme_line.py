"""Lines of schemes: the generated screens, which lead back to the version."""

from __future__ import annotations

from app.entities.scheme_line import SchemeLine
from app.web.scheme_parts import PartScreen


class SchemeLineScreen(PartScreen):
    """Lines of schemes."""

    entity = SchemeLine


SCREEN = ("SchemeLine", SchemeLineScreen)
