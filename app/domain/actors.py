"""Who acts: a person or the system itself, as a value that rules and services can ask."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who reads or writes.

    ``unit_id`` is the unit whose rows the actor works for (``None`` means no unit, and row scopes then
    show nothing that belongs to a unit). ``sees_all`` lifts row scopes; only roles declared so, and the
    system itself, carry it.
    """

    user_id: int | None
    name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    unit_id: int | None = None
    unit_type: str = ""
    stationed_id: int | None = None
    language: str = "zh"
    sees_all: bool = False

    def has_role(self, *roles: str) -> bool:
        """Whether the actor holds at least one of ``roles``."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(user_id=None, name="system", roles=frozenset({"system"}), sees_all=True)
"""The product itself: migrations, jobs without an owner, the command line."""

NOBODY = Actor(user_id=None, name="nobody")
"""An anonymous visitor: sees no row that belongs to a unit."""
