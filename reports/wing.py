"""The print wing, attached by name in the configuration: without it every score is still right."""

from __future__ import annotations

from flask_appbuilder.basemanager import BaseManager


class Reports(BaseManager):
    """Registers what the wing adds to the house."""

    def register_views(self) -> None:
        """The doors for files."""

    def pre_process(self) -> None:
        """Nothing to do before."""

    def post_process(self) -> None:
        """Nothing to do after."""
