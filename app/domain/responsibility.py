"""The responsibility list (责任清单): who leads and who supports on which item, version by version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.deadlines import Limit
from app.domain.refusals import N_, Refused
from app.domain.scorecard import Names


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the list. Units are named by their codes; ``limits`` holds a time limit per urgency."""

    matter: str
    name: Names
    lead: str
    supporting: tuple[str, ...] = ()
    limits: Mapping[str, Limit] = field(default_factory=dict)
    basis: str = ""
    duty: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same item in another version: the matter and the item's Chinese name."""
        return self.matter, self.name.zh


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the list, in force in ``[start, end)``; without ``end`` until further notice. Instants are aware."""

    number: str
    start: datetime
    end: datetime | None = None
    items: tuple[Item, ...] = ()

    def holds(self, instant: datetime) -> bool:
        """Whether the version is in force at ``instant``."""
        return self.start <= instant and (self.end is None or instant < self.end)


@dataclass(frozen=True, slots=True)
class Change:
    """An item that stands in both versions but not alike; ``parts`` says in what (``PARTS``)."""

    old: Item
    new: Item
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version changes against another, in order of matter and item."""

    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    changed: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One item that several units are said to lead."""

    matter: str
    name: Names
    leads: tuple[str, ...]


PARTS = {
    "lead": N_("Lead unit"),
    "supporting": N_("Supporting units"),
    "limits": N_("Time limits"),
    "basis": N_("Legal basis"),
    "duty": N_("Kind of duty"),
}


def check_versions(versions: Iterable[Version]) -> tuple[Version, ...]:
    """The versions in order of their start, once no two are in force together.

    Raises ``Refused("versions-overlap")`` naming the first two that are, ``Refused("version-never-in-force")``
    for one that ends before it starts.
    """
    ordered = tuple(sorted(versions, key=lambda version: (version.start, version.number)))
    previous: Version | None = None
    for version in ordered:
        if version.end is not None and version.end <= version.start:
            raise Refused(
                "version-never-in-force",
                N_("Version %(version)s of the responsibility list ends before it starts."),
                field="end",
                version=version.number,
            )
        if previous is not None and (previous.end is None or version.start < previous.end):
            raise Refused(
                "versions-overlap",
                N_("Versions %(one)s and %(other)s of the responsibility list would both be in force from %(since)s."),
                field="start",
                one=previous.number,
                other=version.number,
                since=version.start,
            )
        previous = version
    return ordered


def in_force(versions: Iterable[Version], instant: datetime) -> Version:
    """The one version in force at ``instant`` (aware).

    Raises ``Refused("no-version-in-force")`` where there is none, and as ``check_versions`` does.
    """
    for version in check_versions(versions):
        if version.holds(instant):
            return version
    raise Refused("no-version-in-force", N_("No version of the responsibility list is in force at %(instant)s."), instant=instant)


def diff(old: Iterable[Item], new: Iterable[Item]) -> Difference:
    """What ``new`` changes against ``old``; the order of items and of supporting units does not matter.

    Raises ``Refused("item-twice")`` where a list names an item twice (see ``conflicts``).
    """
    before, after = _by_key(old), _by_key(new)
    changes = ((before[key], after[key]) for key in sorted(before.keys() & after.keys()))
    changed = (Change(one, other, _parts(one, other)) for one, other in changes)
    return Difference(
        added=tuple(after[key] for key in sorted(after.keys() - before.keys())),
        removed=tuple(before[key] for key in sorted(before.keys() - after.keys())),
        changed=tuple(change for change in changed if change.parts),
    )


def conflicts(items: Iterable[Item]) -> tuple[Conflict, ...]:
    """Items that two or more units are said to lead, in order of matter and item."""
    found: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        found.setdefault(item.key, []).append(item)
    return tuple(Conflict(same[0].matter, same[0].name, leads) for _, same in sorted(found.items()) if len(leads := _leads(same)) > 1)


def _leads(items: Sequence[Item]) -> tuple[str, ...]:
    return tuple(sorted({item.lead for item in items}))


def _by_key(items: Iterable[Item]) -> dict[tuple[str, str], Item]:
    found: dict[tuple[str, str], Item] = {}
    for item in items:
        if item.key in found:
            raise Refused("item-twice", N_("“%(item)s” appears twice in the responsibility list."), field="name", item=item.name)
        found[item.key] = item
    return found


def _parts(old: Item, new: Item) -> tuple[str, ...]:
    same = {
        "lead": old.lead == new.lead,
        "supporting": set(old.supporting) == set(new.supporting),
        "limits": dict(old.limits) == dict(new.limits),
        "basis": old.basis == new.basis,
        "duty": old.duty == new.duty,
    }
    return tuple(part for part in PARTS if not same[part])
