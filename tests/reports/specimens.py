"""Made-up scorecards for looking at and for tests: a district's month in which everything awkward happens."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from app.domain.indicators import Count, Verdict, all_indicators
from app.domain.period import month_of
from app.domain.ranking import group_totals, rank
from app.domain.refusals import N_, Phrase
from app.domain.scorecard import Check, Definition, Evidence, Group, Line, Names, Past, Scorecard, UnitScore
from app.domain.scoring import published, score_unit

PERIOD = month_of("2026-10")
AS_OF = datetime(2026, 11, 4, 1, 0, tzinfo=UTC)
HASH = "8f3a21c75d90e4b6" * 4
STREET_TOWNS = (
    ("350102001", "鼓东街道", "Gudong"),
    ("350102002", "鼓西街道", "Guxi"),
    ("350102003", "温泉街道", "Wenquan"),
    ("350102004", "东街街道", "Dongjie"),
    ("350102005", "南街街道", "Nanjie"),
    ("350102006", "安泰街道", "Antai"),
    ("350102007", "华大街道", "Huada"),
    ("350102008", "水部街道", "Shuibu"),
    ("350102009", "五凤街道", "Wufeng"),
    ("350102100", "洪山镇", "Hongshan"),
)
DEPARTMENTS = (
    ("区城市管理局", "Urban Management Bureau"),
    ("区住房和城乡建设局", "Bureau of Housing and Urban-Rural Development"),
    ("区生态环境局", "Ecology and Environment Bureau"),
    ("区市场监督管理局", "Administration for Market Regulation"),
    ("鼓楼公安分局", "Gulou Branch of the Public Security Bureau"),
    ("区教育局", "Education Bureau"),
    ("区卫生健康局", "Health Bureau"),
    ("区民政局", "Civil Affairs Bureau"),
    ("区人力资源和社会保障局", "Bureau of Human Resources and Social Security"),
    ("区水务中心", "Water Centre"),
)
HOSTILE = (
    Names('<img src="file:///etc/passwd" width="9"/>&amp;</para>', '=HYPERLINK("http://x","click")'),
    Names("𠮷田路管理处（𰻝）\x07\x00", "+cmd|' /C calc'!A0 😀"),
    Names("长" * 5000, "A very " + "long " * 1000 + "name"),
    Names("区档案馆\u202e馆案档", ""),
)
STREET_LINES = (
    Line("SIGN10", N_("Signed within 10 minutes"), Fraction(15)),
    Line("DONE_OT", N_("On-time completion rate"), Fraction(30)),
    Line("DONE", N_("Completion rate"), Fraction(15)),
    Line("SAT", N_("Satisfaction rate"), Fraction(20), "deduction", {"T": "98", "k": "0.5", "floor": "10"}),
    Line("REWORK", N_("Rework rate"), Fraction(10), "inverse", direction=-1),
    Line("RESP", N_("Response rate"), Fraction(10)),
)
DEPARTMENT_LINES = (
    Line("RESP", N_("Response rate"), Fraction(30)),
    Line("DONE_OT", N_("On-time completion rate"), Fraction(40)),
    Line("SAT", N_("Satisfaction rate"), Fraction(20), na_policy="full"),
    Line("REWORK", N_("Rework rate"), Fraction(10), "inverse", direction=-1),
    Line("VOLUME", N_("Volume received"), Fraction(0), direction=0, form="share"),
)
CHANCES = {"SIGN10": 0.93, "DONE_OT": 0.93, "DONE": 0.98, "SAT": 0.95, "REWORK": 0.025, "RESP": 0.9, "VOLUME": 1.0}


def scorecard(
    *, tickets: int = 3000, departments: int = 40, months: int = 5, hostile: bool = True, state: str = "preliminary", seed: int = 7
) -> Scorecard:
    """The district's October: ten street-towns, ``departments`` departments, one unit apart, N/A lines, ``months`` of history."""
    streets = {code: Names(zh, en) for code, zh, en in STREET_TOWNS}
    offices = {f"B{index:03d}": names for index, names in enumerate(_offices(departments, hostile), start=1)}
    evidence = list(_tickets(tickets, list(streets.items()), list(offices.items())[:-2], seed))
    groups = (
        _group("street_town", Names("街镇", "Street-towns"), STREET_LINES, streets, evidence, months, seed),
        _group("department", Names("区直部门", "Departments"), DEPARTMENT_LINES, offices, evidence, months, seed),
    )
    return Scorecard(
        period=PERIOD,
        district=Names("福州市鼓楼区", "Gulou District, Fuzhou"),
        product=Names("一线处置", "Frontline"),
        state=state,
        revision=1,
        as_of=AS_OF,
        computed_at=datetime(2026, 11, 4, 1, 38, 12, 345678, tzinfo=UTC),
        published_at=datetime(2026, 11, 4, 2, 0, tzinfo=UTC) if state != "computed" else None,
        published_by="district evaluator",
        list_version="2026-3",
        calendar_version="2026-3",
        snapshot_hash=HASH,
        url="https://frontline.example/evaluations/2026-10/1",
        demo=True,
        notes=(Phrase(N_("Attributed to the month of reporting, because the ledger has no due times.")),),
        groups=groups,
        definitions=tuple(
            Definition(
                i.code,
                i.name,
                i.numerator,
                i.denominator,
                i.time_role,
                i.clock,
                i.basis,
                i.direction,
                i.note,
                i.excludes,
                i.na_policy,
                i.rounded,
            )
            for i in all_indicators().values()
            if i.code in CHANCES
        ),
        checks=(
            Check("future", N_("Time stamps in the future"), "blocking", 0),
            Check("opinion", N_("Completed without an opinion"), "warning", 17, Phrase(N_("They count as completed."))),
        ),
        tickets=len(evidence),
        evidence=lambda: iter(evidence),
    )


def _offices(count: int, hostile: bool) -> list[Names]:
    names = [Names(zh, en) for zh, en in DEPARTMENTS]
    names += [Names(f"区第{n}服务中心", f"Service Centre No. {n}") for n in range(len(names) + 1, count + 1)]
    names = names[:count]
    if hostile:
        names[-6:-2] = HOSTILE
    return names


def _tickets(count: int, streets: list[tuple[str, Names]], offices: list[tuple[str, Names]], seed: int) -> Iterator[Evidence]:
    chance = random.Random(seed)
    skill = {code: chance.uniform(-0.04, 0.04) for code, _ in (*streets, *offices)}
    for number in range(1, count + 1):
        street, street_names = chance.choice(streets)
        office, office_names = offices[int(len(offices) * chance.random() ** 2)]
        marks = {
            (group, unit, line.code): mark
            for group, unit, lines in (("street_town", street, STREET_LINES), ("department", office, DEPARTMENT_LINES))
            for line in lines
            if (mark := _mark(line, unit, skill[unit], chance))
        }
        if number % 50 == 0:
            second = offices[(number // 50) % len(offices)][0]
            marks |= {("department", second, line.code): "miss" for line in DEPARTMENT_LINES[:2]}
        reported = datetime(2026, 9, 30, 16, 0, tzinfo=UTC) + timedelta(minutes=chance.randrange(31 * 1440))
        done = chance.randrange(1, 90)
        yield Evidence(
            ticket_id=number,
            ticket_no=f"GL202610{number:06d}",
            source="12345",
            source_no=f"=SUM(A{number})" if number % 100 == 1 else f"FZ{number:08d}",
            reported_at=reported,
            due_at=None if number % 9 == 0 else reported + timedelta(days=3),
            completed_at=None if number % 30 == 0 else reported + timedelta(hours=done),
            street_town=street_names,
            handler=office_names,
            matter=Names("夜间油烟扰民", "Cooking fumes at night") if number % 3 else Names("占道经营"),
            outcome="open" if number % 30 == 0 else "late" if done > 72 else "on_time",
            marks=marks,
        )


def _mark(line: Line, unit: str, skill: float, chance: random.Random) -> str:
    if line.code == "VOLUME":
        return Verdict.HIT.value
    if line.code == "RESP" and unit == "350102100":
        return ""
    if line.code == "SAT" and chance.random() < 0.4:
        return ""
    drawn = chance.random()
    if drawn < 0.02:
        return ("pending", "unknown", "excluded")[int(drawn * 150)]
    likely = CHANCES[line.code] + skill * (-1 if line.direction < 0 else 1)
    return Verdict.HIT.value if chance.random() < min(max(likely, 0.002), 0.998) else Verdict.MISS.value


def _group(
    code: str, names: Names, lines: tuple[Line, ...], units: dict[str, Names], evidence: list[Evidence], months: int, seed: int
) -> Group:
    counts = {unit: {line.code: Count() for line in lines} for unit in units}
    for ticket in evidence:
        for (group, unit, line), mark in ticket.marks.items():
            if group == code:
                counts[unit][line].add(Verdict(mark))
    for line in lines:
        if line.form == "share":
            whole = sum(tally[line.code].n for tally in counts.values())
            for tally in counts.values():
                tally[line.code].d = whole
    chance = random.Random(seed + 1)
    made = [_unit(index, unit, units[unit], lines, counts[unit], months, chance) for index, unit in enumerate(units, start=1)]
    ranked = rank(unit for unit in made if unit.apart is None)
    return Group(
        code=code,
        names=names,
        scheme=Names("绩效考核方案", "Evaluation scheme"),
        scheme_version=3,
        full_marks=Fraction(100),
        lines=lines,
        units=ranked,
        apart=tuple(unit for unit in made if unit.apart is not None),
        total=group_totals(lines, (unit.lines for unit in made)),
    )


def _before(rate: Fraction, chance: random.Random) -> Fraction:
    return max(rate - Fraction(chance.randrange(-300, 300), 10000), Fraction(0))


def _unit(
    index: int, code: str, names: Names, lines: tuple[Line, ...], counts: dict[str, Count], months: int, chance: random.Random
) -> UnitScore:
    scores, raw, apart = score_unit(lines, counts, full_marks=Fraction(100), min_sample=3)
    history = []
    for back in range(months, 0, -1):
        drift = Decimal(chance.randrange(-250, 150)).scaleb(-2)
        base = published(raw) if raw is not None else None
        history.append(Past(PERIOD.back(back).key, None if base is None else min(base + drift, Decimal("100.00")), index))
    if months:
        scores = {
            line: replace(score, previous=None if score.rate is None else _before(score.rate, chance)) for line, score in scores.items()
        }
    return UnitScore(
        unit_id=index,
        code=code,
        source_code=f"S-{code}",
        names=names,
        lines=scores,
        raw=raw,
        score=published(raw),
        rank=None,
        previous_rank=index if months else None,
        history=tuple(history),
        apart=apart,
    )
