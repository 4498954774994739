"""The last pages: what every indicator means, the notes, the checks put to the data, and how to verify the paper."""

from __future__ import annotations

from app.domain import appeals
from app.domain.refusals import N_
from app.domain.scorecard import Definition, Scorecard
from reports.definitions.scorecard import labels, sentences
from reports.definitions.scorecard.common_rules import common_rules, held_by
from reports.definitions.scorecard.group_pages import clipped
from reports.document import Block, Column, Heading, NewPage, Paragraphs, Table, Text
from reports.voice import Voice


def definitions(scorecard: Scorecard, voice: Voice) -> list[Block]:
    """How each figure is counted, and how each group's scheme turns it into points."""
    columns = (
        Column(voice.stacked(N_("Indicator")), 19),
        Column(voice.stacked(N_("Numerator")), 25),
        Column(voice.stacked(N_("Denominator")), 25),
        Column(voice.stacked(N_("Attribution and clock")), 22),
        Column(voice.stacked(N_("Basis")), 22),
    )
    rows = tuple(_definition(one, voice) for one in scorecard.definitions)
    blocks: list[Block] = [
        NewPage("definitions", voice(N_("Definitions"))),
        Heading(voice(N_("What the indicators mean"))),
        Table(columns, rows),
        *_common(scorecard, voice),
    ]
    for group in scorecard.groups:
        version = voice(N_("Scheme version %(version)s"), version=str(group.scheme_version))
        scheme = sentences.DOT.join((voice.names(group.scheme), version))
        lines = (
            Column(voice.stacked(N_("Indicator")), 20),
            Column(voice.stacked(N_("Weight")), 8, figures=True, strong=True),
            Column(voice.stacked(N_("How points are earned")), 34),
            Column(voice.stacked(N_("Without a figure")), 24),
        )
        body = tuple(
            (
                voice.sentence(line.title),
                voice.marks(line.weight),
                sentences.shape(line, voice) if line.weight else voice.stacked(labels.NOT_SCORED),
                voice.stacked(labels.NA_POLICIES.get(line.na_policy, line.na_policy)) if line.weight else "—",
            )
            for line in group.lines
        )
        blocks += [Heading(voice.names(group.names), scheme), Table(lines, body)]
    return blocks


def _definition(one: Definition, voice: Voice) -> tuple[Text | str, ...]:
    role = voice.stacked(labels.TIME_ROLES.get(one.time_role, one.time_role))
    return (
        Text(voice.stacked(one.name), strong=True, note=one.code),
        voice.stacked(one.numerator),
        voice.stacked(one.denominator),
        "\n".join(filter(None, (role, voice.stacked(one.clock)))),
        "\n".join(filter(None, (voice.stacked(one.basis), voice.stacked(one.note)))),
    )


def _common(scorecard: Scorecard, voice: Voice) -> list[Block]:
    """What never counts, what stands where nothing counted, and how figures round: once per rule, not per indicator."""
    rules = common_rules(scorecard)
    if not rules:
        return []
    columns = (
        Column(voice.stacked(N_("Topic")), 14, strong=True),
        Column(voice.stacked(N_("What it says")), 56),
        Column(voice.stacked(N_("Holds for")), 43),
    )
    rows = tuple((voice.stacked(rule.about), voice.stacked(rule.text), held_by(rule, rules, voice)) for rule in rules)
    return [Heading(voice(N_("Exclusions, missing figures and rounding"))), Table(columns, rows)]


def appendix(scorecard: Scorecard, voice: Voice) -> list[Block]:
    """Notes, data quality, what was left out, and the whole seal."""
    blocks: list[Block] = [
        NewPage("appendix", voice(N_("Notes and data quality"))),
        Heading(voice(N_("Notes"))),
        Paragraphs(sentences.notes(scorecard, voice)),
        Heading(voice(N_("Data quality")), voice(N_("questions put to the data before publishing"))),
        _checks(scorecard, voice),
        Heading(voice(N_("Left out of the figures")), voice(N_("all units of a group"))),
        _left_out(scorecard, voice),
        Heading(voice(N_("Appeals"))),
        _appeals(scorecard, voice),
        Heading(voice(N_("How to verify this paper"))),
        Paragraphs(
            tuple(
                writer(
                    N_(
                        "Seal (SHA-256): %(hash)s. The workbook of the same evaluation carries the same seal, every ticket behind every"
                        " figure, and live formulas that recompute each score."
                    ),
                    hash=scorecard.snapshot_hash,
                )
                for writer in voice.writers
            )
        ),
    ]
    return blocks


def _appeals(scorecard: Scorecard, voice: Voice) -> Block:
    """Every appeal with its decision, and the unit's score before and after."""
    if not scorecard.appeals:
        return Paragraphs((voice(N_("Nobody has appealed.")),))
    columns = (
        Column(voice.stacked(N_("Unit")), 20, strong=True),
        Column(voice.stacked(N_("Line")), 22),
        Column(voice.stacked(N_("State")), 12),
        Column(voice.stacked(N_("Tickets named")), 9, figures=True),
        Column(voice.stacked(N_("Granted")), 9, figures=True),
        Column(voice.stacked(N_("Score before")), 9, figures=True),
        Column(voice.stacked(N_("Score now")), 9, figures=True),
    )
    rows = tuple(
        (
            clipped(voice.named(one.unit), 50),
            voice.sentence(one.title),
            voice.stacked(appeals.STATES.get(one.state, one.state)),
            voice.number(len(one.tickets)),
            voice.number(len(one.granted)),
            *("—" if score is None else voice.decimal(score) for score in one.score),
        )
        for one in scorecard.appeals
    )
    return Table(columns, rows)


def _checks(scorecard: Scorecard, voice: Voice) -> Block:
    if not scorecard.checks:
        return Paragraphs((voice(N_("No checks are on record.")),))
    columns = (
        Column(voice.stacked(N_("Data check")), 40),
        Column(voice.stacked(N_("Kind")), 16),
        Column(voice.stacked(N_("Rows found")), 8, figures=True, strong=True),
        Column(voice.stacked(N_("Remark")), 32),
    )
    rows = tuple(
        (
            voice.stacked(check.title),
            voice.stacked(labels.SEVERITIES.get(check.severity, check.severity)),
            voice.number(check.count),
            voice.sentence(check.note) if check.note else "—",
        )
        for check in scorecard.checks
    )
    return Table(columns, rows)


def _left_out(scorecard: Scorecard, voice: Voice) -> Block:
    columns = (
        Column(voice.stacked(N_("Group")), 18),
        Column(voice.stacked(N_("Indicator")), 26),
        *(Column(voice.stacked(title), 12, figures=True) for title in (N_("Pending"), N_("Not recorded"), N_("Excluded"))),
    )
    rows: list[tuple[Text | str, ...]] = []
    for group in scorecard.groups:
        for line in group.lines:
            scores = [unit.lines[line.code] for unit in (*group.units, *group.apart) if line.code in unit.lines]
            sums = [sum(s.pending for s in scores), sum(s.unknown for s in scores), sum(s.excluded for s in scores)]
            if any(sums):
                rows.append((voice.names(group.names), voice.told(line.title), *(voice.number(one) for one in sums)))
    return Table(columns, tuple(rows)) if rows else Paragraphs((voice(N_("Nothing was left out.")),))
