"""Ledgers in the form of Pingshan's public file: a made-up one that has all its oddities, and an independent count of any."""

from __future__ import annotations

import csv
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

COLUMNS = [
    "REPORT_NUM",
    "EVENT_PROPERTY_NAME",
    "EVENT_TYPE_ID",
    "EVENT_TYPE_NAME",
    "EVENT_SRC_NAME",
    "DISTRICT_ID",
    "INTIME_ARCHIVE_NUM",
    "SUB_TYPE_ID",
    "DISTRICT_NAME",
    "COMMUNITY_ID",
    "REC_ID",
    "STREET_ID",
    "OVERTIME_ARCHIVE_NUM",
    "OPERATE_NUM",
    "DISPOSE_UNIT_ID",
    "STREET_NAME",
    "CREATE_TIME",
    "EVENT_SRC_ID",
    "INTIME_TO_ARCHIVE_NUM",
    "SUB_TYPE_NAME",
    "EVENT_PROPERTY_ID",
    "OCCUR_PLACE",
    "COMMUNITY_NAME",
    "DISPOSE_UNIT_NAME",
    "MAIN_TYPE_NAME",
    "MAIN_TYPE_ID",
    "UNIT_NORM",
]
STREETS = {"101": "东山街道", "102": "河口街道", "103": "北岭街道", "-": "-"}
UNITS = {"11": "城市管理局", "12": "住房和建设局", "13": "东山街道综合执法队", "14": "环境保护和水务局", "15": "老井社区", "-": "-"}
RENAMED = {"13": "东山街道综合执法队（东山街道办事处）", "15": "老井社区（东山街道办事处）"}
"""Their names from October on: the same units under the same codes."""
MATTERS = (("5", "市容环卫", "178", "占道经营", "602", "无照经营游商"), ("6", "市政设施", "185", "公用部件", "630", "下水井盖"))


def made_up(path: Path, rows: int = 600, seed: int = 7) -> Path:
    """Two months of a district nobody knows, with unknown streets and units, open tickets and units renamed in between."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="1")
        writer.writeheader()
        for number in range(rows):
            month, unit, street = chance.choice((9, 10)), chance.choice(list(UNITS)), chance.choice(list(STREETS))
            in_time, overdue = chance.choices((("1", "0"), ("0", "1"), ("-", "-")), (85, 13, 2))[0]
            area, area_name, kind, kind_name, detail, detail_name = chance.choice(MATTERS)
            at = f"2018-{month:02d}-{chance.randint(1, 28):02d} {chance.randint(0, 23):02d}:{chance.randint(0, 59):02d}:00"
            writer.writerow(
                {
                    "REC_ID": str(9000 + number),
                    "EVENT_PROPERTY_NAME": chance.choice(("投诉", "咨询", "建议", "-")),
                    "EVENT_SRC_NAME": chance.choice(("12345", "微信公众号")),
                    "CREATE_TIME": at,
                    "INTIME_ARCHIVE_NUM": in_time,
                    "OVERTIME_ARCHIVE_NUM": overdue,
                    "STREET_ID": street,
                    "STREET_NAME": STREETS[street],
                    "COMMUNITY_ID": "-" if street == "-" else f"9{street}",
                    "COMMUNITY_NAME": "-" if street == "-" else f"{STREETS[street][:2]}社区",
                    "DISPOSE_UNIT_ID": unit,
                    "DISPOSE_UNIT_NAME": RENAMED.get(unit, UNITS[unit]) if month == 10 else UNITS[unit],
                    "EVENT_TYPE_ID": area,
                    "EVENT_TYPE_NAME": area_name,
                    "MAIN_TYPE_ID": kind,
                    "MAIN_TYPE_NAME": kind_name,
                    "SUB_TYPE_ID": detail,
                    "SUB_TYPE_NAME": detail_name,
                    "OCCUR_PLACE": "-",
                }
            )
    return path


@dataclass
class Count:
    """What one unit has in one month: tickets, those decided, those in time."""

    tickets: int = 0
    decided: int = 0
    in_time: int = 0


def counted(path: Path, month: str, column: str) -> dict[str, Count]:
    """Unit code → its count, straight from the file; ``column`` is ``STREET_ID`` or ``DISPOSE_UNIT_ID``."""
    found: dict[str, Count] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            named = row[column] != "-" and row[column.replace("_ID", "_NAME")] != "-"
            if not named or not row["CREATE_TIME"].startswith(month):
                continue
            count = found.setdefault(row[column], Count())
            count.tickets += 1
            count.in_time += row["INTIME_ARCHIVE_NUM"] == "1"
            count.decided += "1" in (row["INTIME_ARCHIVE_NUM"], row["OVERTIME_ARCHIVE_NUM"])
    return found


def latest_names(path: Path) -> dict[str, str]:
    """Handling unit code → its name in the latest of its rows that has one."""
    names: dict[str, str] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in sorted(csv.DictReader(file), key=lambda row: row["CREATE_TIME"]):
            if row["DISPOSE_UNIT_NAME"] != "-":
                names[row["DISPOSE_UNIT_ID"]] = row["DISPOSE_UNIT_NAME"]
    return names


def rows_by_month(path: Path) -> Counter[str]:
    """Month → rows."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return Counter(row["CREATE_TIME"][:7] for row in csv.DictReader(file))
