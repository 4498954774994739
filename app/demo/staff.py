"""The people of the demo district: made-up clerks of every unit, beside the few accounts that can sign in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random

from app.demo.accounts import CENTRE
from app.demo.chance import Weighted, below, seeded
from app.demo.district import rows
from app.domain.actors import SYSTEM, Actor

GIVEN = (
    *("志强", "晓燕", "建华", "丽萍", "明辉", "雪梅", "国栋", "秀英", "伟民", "海燕", "俊杰", "文静", "立新", "美玲", "永康"),
    *("芳", "勇", "敏", "涛", "颖", "斌", "洁", "峰", "琳", "航", "婷", "磊", "慧", "鑫", "雯"),
)
CITIZEN = Actor(None, "citizen", frozenset({"citizen"}))
CLERKS, LEADS = {"command_centre": 5, "street_town": 4, "department": 2}, {"department": 1}
"""How many people of a unit turn up in timelines, and how many of them lead it."""

OF_ACCOUNTS = 0.4
"""How much of a unit's work falls to its account where it has one."""


class Staff:
    """Who works where. Made-up people have no account: timelines name them, and nobody can sign in as one of them."""

    def __init__(self, units: Mapping[str, tuple[int, str]], accounts: Iterable[Actor] = ()) -> None:
        surnames = Weighted((row["surname"], int(row["weight"])) for row in rows("surnames"))
        self._people: dict[str, list[Actor]] = {}
        self._leads: dict[str, list[Actor]] = {}
        self._accounts: dict[str, list[Actor]] = {}
        taken, known = list(accounts), set[str]()
        for code, (unit_id, kind) in units.items():
            chance, names = seeded("staff", code), set[str]()
            while len(names) < CLERKS[kind] + LEADS.get(kind, 0):
                name = surnames.pick(chance) + GIVEN[below(chance, len(GIVEN))]
                if name not in known:
                    names.add(name)
                    known.add(name)
            people = [Actor(None, name, frozenset({kind}), unit_id, kind, sees_all=kind == "command_centre") for name in sorted(names)]
            leads = [Actor(None, p.name, frozenset({"department_lead"}), unit_id, kind) for p in people[CLERKS[kind] :]]
            self._people[code], self._leads[code] = people[: CLERKS[kind]], leads
            self._accounts[code] = [a for a in taken if a.unit_id == unit_id and a.has_role(kind)]
            self._leads[code] += [a for a in taken if a.unit_id == unit_id and a.has_role("department_lead")]

    def clerk(self, unit: str, chance: Random, *besides: Actor) -> Actor:
        """Somebody of the unit, other than ``besides``."""
        own = [actor for actor in self._accounts[unit] if actor not in besides]
        if own and chance.random() < OF_ACCOUNTS:
            return own[0]
        others = [actor for actor in self._people[unit] if actor not in besides]
        return others[below(chance, len(others))]

    def officer(self, chance: Random, *besides: Actor) -> Actor:
        """Somebody of the command centre."""
        return self.clerk(CENTRE, chance, *besides)

    def lead(self, unit: str, chance: Random, otherwise: Actor) -> Actor:
        """Whoever leads a department; ``otherwise`` where nobody does."""
        leads = self._leads[unit]
        return leads[below(chance, len(leads))] if leads else otherwise

    def registrar(self, online: bool, chance: Random) -> Actor:
        """Who enters a report: the system what comes online, an officer of the centre the rest."""
        return SYSTEM if online else self.officer(chance)
