"""The urban operation command centre (城市运行指挥中心): runs the platform and leads the evaluation."""

from __future__ import annotations

from app.crud.resource import Resource
from app.domain.refusals import N_
from app.entities.unit import Unit


class CommandCentre(Unit):
    """The hub; a district has one."""

    __mapper_args__ = {"polymorphic_identity": "command_centre"}


RESOURCE = Resource(
    CommandCentre,
    singular=N_("Command centre"),
    plural=N_("Command centre"),
    area="reference",
    icon="tower-observation",
    position=5,
    order="code",
    listed=("code", "name", "short"),
    related=("StaffProfile.unit",),
    aliases=True,
    path="command-centre",
    about=N_("The hub that runs the platform and leads the evaluation."),
)
