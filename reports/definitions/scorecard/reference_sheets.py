"""The sheets one looks things up in: definitions with each scheme's rules, and the quality of the data."""

from __future__ import annotations

from app.domain.refusals import N_
from app.domain.scorecard import Definition, Scorecard
from reports.definitions.scorecard import common_rules, labels, sentences
from reports.definitions.scorecard.sheet_heads import open_sheet
from reports.sheets import Cell, Sheet
from reports.voice import Voice

DEFINED = (
    *(N_("Code"), N_("Indicator"), N_("Numerator"), N_("Denominator"), N_("Attribution"), N_("Clock")),
    *(common_rules.LEFT_OUT, common_rules.NO_FIGURE, common_rules.ROUNDING, N_("Basis"), N_("Remark")),
)
"""What the sheet says of every indicator."""


def definitions(scorecard: Scorecard, name: str, voice: Voice) -> Sheet:
    """What every indicator counts, how each group's scheme scores it, and the notes."""
    made = Sheet(name=name, widths=(11, 20, 30, 30, 17, 26, 28, 28, 26, 24, 22), head=4, fixed=2)
    open_sheet(made, voice(N_("Definitions")), scorecard, voice, voice.stacked(N_("Notes stand at the end.")))
    made.add(*(Cell(voice.stacked(title), "head") for title in DEFINED), height=34 if voice.both else 20)
    for one in scorecard.definitions:
        made.add(*_definition(one, voice))
    for group in scorecard.groups:
        made.add(Cell("", "bare"))
        version = voice(N_("Scheme version %(version)s"), version=str(group.scheme_version))
        made.add(Cell(f"{voice.names(group.names)} · {voice.names(group.scheme)} · {version}", "section"), height=24)
        heads = (N_("Code"), N_("Indicator"), N_("How points are earned"), N_("Without a figure"), N_("Weight"))
        made.add(*(Cell(voice.stacked(title), "head") for title in heads), height=34 if voice.both else 20)
        for line in group.lines:
            rule = sentences.shape(line, voice) if line.weight else voice.stacked(labels.NOT_SCORED)
            policy = voice.stacked(labels.NA_POLICIES.get(line.na_policy, line.na_policy)) if line.weight else "—"
            made.add(
                Cell(line.code, "wrap"),
                Cell(voice.sentence(line.title), "wrap"),
                Cell(rule, "wrap"),
                Cell(policy, "wrap"),
                Cell(line.weight, "points"),
            )
    made.add(Cell("", "bare"))
    made.add(Cell(voice(N_("Notes")), "section"), height=24)
    for note in sentences.notes(scorecard, voice):
        made.add(Cell(note, "bare"))
    return made


def _definition(one: Definition, voice: Voice) -> list[Cell]:
    role = labels.TIME_ROLES.get(one.time_role, one.time_role)
    rules = (one.excludes, one.na_policy, one.rounding)
    texts = (one.name, one.numerator, one.denominator, role, one.clock, *rules, one.basis, one.note)
    return [Cell(one.code, "wrap"), *(Cell(voice.stacked(text) or "—", "wrap") for text in texts)]


def quality(scorecard: Scorecard, name: str, voice: Voice) -> Sheet:
    """The checks put to the data, and what was left out of which unit's figures."""
    made = Sheet(name=name, widths=(18, 34, 28, 11, 13, 11), head=3, landscape=False)
    how = voice.stacked(N_("Questions put to the data before publishing; below, what was counted nowhere."))
    open_sheet(made, voice(N_("Data quality")), scorecard, voice, how)
    made.add(
        *(Cell(voice.stacked(title), "head") for title in (N_("Kind"), N_("Data check"), N_("Remark"), N_("Rows found"))),
        height=34 if voice.both else 20,
    )
    for check in scorecard.checks:
        severity = labels.SEVERITIES.get(check.severity, check.severity)
        made.add(
            Cell(voice.stacked(severity), "wrap"),
            Cell(voice.stacked(check.title), "wrap"),
            Cell(voice.sentence(check.note) if check.note else "—", "wrap"),
            Cell(check.count, "figure"),
        )
    made.add(Cell("", "bare"))
    made.add(Cell(voice(N_("Left out of the figures")), "section"), height=24)
    heads = (N_("Group"), N_("Unit"), N_("Indicator"), N_("Pending"), N_("Not recorded"), N_("Excluded"))
    made.add(*(Cell(voice.stacked(title), "head") for title in heads), height=34 if voice.both else 20)
    for group in scorecard.groups:
        for unit in (*group.units, *group.apart):
            for line in group.lines:
                score = unit.lines[line.code]
                if score.pending or score.unknown or score.excluded:
                    made.add(
                        Cell(voice.names(group.names), "text"),
                        Cell(voice.names(unit.names), "text"),
                        Cell(voice.told(line.title), "text"),
                        Cell(score.pending, "figure"),
                        Cell(score.unknown, "figure"),
                        Cell(score.excluded, "figure"),
                    )
    return made
