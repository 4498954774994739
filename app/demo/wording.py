"""What citizens say and officers answer: titles, descriptions, addresses and masked names, all in Chinese."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from random import Random

from app.demo.chance import Weighted, below
from app.demo.district import Channel, Matter, Place, places, rows

SOLVED = {
    **dict.fromkeys(("02", "03", "06", "07006", "07007", "07011", "08002"), "repair"),
    **dict.fromkeys(("01", "05", "07", "08", "11003", "11008"), "order"),
    **dict.fromkeys(("10", "11", "12"), "service"),
    "04": "home",
    "09": "market",
}
"""How matters are solved, as the phrases tell it: by class, or by matter where it is unlike its class."""

MOBILE = ("130", "133", "135", "136", "138", "139", "150", "152", "158", "159", "176", "180", "186", "188", "189")
CALM = frozenset({"enquiry", "suggestion", "thanks"})
"""Natures that are told in their own way, whatever the channel."""

SPREAD = 0.001
"""How far, in degrees, a report lies from the reference point of its road."""


@dataclass(frozen=True, slots=True)
class Told:
    """How one report reads. ``longitude`` and ``latitude`` (WGS-84) are missing where nobody located it."""

    nature: str
    title: str
    description: str
    community: str
    place: str
    address: str
    longitude: float | None
    latitude: float | None
    reporter_name: str
    reporter_phone: str


class Wordings:
    """The stock of phrases, names and places."""

    def __init__(self) -> None:
        self._phrases: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in rows("phrases_zh"):
            self._phrases[row["kind"], row["key"]].append(row["text"])
        self._surnames = Weighted((row["surname"], int(row["weight"])) for row in rows("surnames"))
        self._streets = {row["code"]: row["name_zh"] for row in rows("street_towns")}
        self._communities = {row["code"]: row["name_zh"] for row in rows("communities")}
        by_kind: dict[tuple[str, str], list[Place]] = defaultdict(list)
        for place in places():
            by_kind[place.street_town, place.kind].append(place)
        self._places = {key: Weighted((place, place.weight) for place in found) for key, found in by_kind.items()}

    def tell(self, matter: Matter, street_town: str, channel: Channel, chance: Random) -> Told:
        """One report of ``matter``, as it comes in through ``channel``."""
        wording = matter.wordings[below(chance, len(matter.wordings))]
        place = self._place(street_town, matter.setting, chance)
        community = self._communities[place.community]
        words = {"place": place.name, "community": community, "detail": wording.detail}
        manner = channel.hours if channel.kind == "offline" else channel.kind
        opening = self._one("opening", wording.nature if wording.nature in CALM else manner, chance)
        closing = self._one("closing", wording.nature, chance)
        located = chance.random() < 0.93
        named = chance.random() < 0.94
        return Told(
            nature=wording.nature,
            title=wording.title.format(**words),
            description=opening.format(**words) + closing,
            community=place.community,
            place=place.name,
            address=f"{self._streets[street_town]}{place.name}{f'{below(chance, place.numbers) + 1}号' if place.numbers else ''}",
            longitude=_near(place.longitude, chance) if located else None,
            latitude=_near(place.latitude, chance) if located else None,
            reporter_name=f"{self._surnames.pick(chance)}**" if named else "",
            reporter_phone=f"{MOBILE[below(chance, len(MOBILE))]}****{below(chance, 10_000):04d}" if named else "",
        )

    def opinion(self, matter: Matter, told: Told, result: str, chance: Random) -> str:
        """What the sub-centre writes on completing with ``result``."""
        key = result
        if result == "solved":
            key = SOLVED.get(matter.code) or SOLVED[matter.top]
        elif result == "explained" and told.nature in CALM:
            key = told.nature
        return self._one("opinion", key, chance).format(place=told.place)

    def phrase(self, key: str, chance: Random) -> str:
        """What somebody says on such an occasion."""
        return self._one("said", key, chance)

    def nth(self, key: str, number: int) -> str:
        """The same, chosen by the speaker."""
        return self._phrases["said", key][number]

    def meeting_place(self, told: Told, street_town: str, chance: Random) -> str:
        """Where the called departments are to report in."""
        return self._one("place", "call", chance).format(
            address=told.address, street_town=self._streets[street_town], community=self._communities[told.community]
        )

    def _place(self, street_town: str, setting: str, chance: Random) -> Place:
        """A place of the setting; where there is no sight, people mean the park."""
        found = self._places.get((street_town, setting)) or self._places[street_town, "park"]
        return found.pick(chance)

    def _one(self, kind: str, key: str, chance: Random) -> str:
        found = self._phrases[kind, key]
        return found[below(chance, len(found))]


def _near(degrees: float, chance: Random) -> float:
    return round(degrees + (2 * chance.random() - 1) * SPREAD, 6)
