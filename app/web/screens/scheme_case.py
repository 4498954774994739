"""Golden cases of schemes: the generated screens, which lead back to the version."""

from __future__ import annotations

from app.entities.scheme_case import SchemeCase
from app.web.scheme_parts import PartScreen


class SchemeCaseScreen(PartScreen):
    """Golden cases of schemes."""

    entity = SchemeCase


SCREEN = ("SchemeCase", SchemeCaseScreen)
