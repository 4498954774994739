"""Import templates: a workbook made from the declaration, with captions, notes and drop-downs in the reader's language."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from app.core.languages import Words
from app.crud.columns import Choice, Day, Field, Flag, Link, Links, Moment, Number, Text
from app.crud.resource import Resource, target_of
from app.crud.tabular import HEAD_FILL, HEAD_FONT, sheet_title
from app.domain.refusals import N_

REQUIRED_FILL = PatternFill("solid", fgColor="1C5CC2")
ROWS = 5_000
"""Rows below the header that get drop-downs and formats."""


def write_template(resource: Resource, writer: Words, path: Path) -> None:
    """Write the template to ``path``."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = sheet_title(writer(resource.plural))
    lists = book.create_sheet("lists")
    lists.sheet_state = "hidden"
    for place, column in enumerate(resource.written.values(), start=1):
        letter = get_column_letter(place)
        head = sheet.cell(1, place, column.caption(writer) + (" *" if column.required else ""))
        head.font, head.fill, head.alignment = HEAD_FONT, REQUIRED_FILL if column.required else HEAD_FILL, Alignment(vertical="center")
        head.comment = Comment(_note(column, writer), writer(N_("Frontline")), height=110, width=260)
        sheet.column_dimensions[letter].width = max(14, min(40, len(head.value) * 2))
        sheet.column_dimensions[letter].number_format = _format(column)
        _offer(sheet, lists, place, column, writer)
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 24
    about = book.create_sheet(sheet_title(writer(N_("Notes"))))
    about.column_dimensions["A"].width = 100
    about.cell(1, 1, writer(resource.plural)).font = Font(bold=True, size=14)
    for number, line in enumerate(_advice(resource, writer), start=2):
        about.cell(number, 1, line).alignment = Alignment(wrap_text=True)
    book.save(path)


def _format(column: Field) -> str:
    if isinstance(column, Day):
        return "yyyy-mm-dd"
    if isinstance(column, Moment):
        return "yyyy-mm-dd hh:mm"
    return "General" if isinstance(column, Number) else "@"


def _note(column: Field, writer: Words) -> str:
    """What may stand in a column."""
    said = [writer(N_("Required")) if column.required else writer(N_("Optional"))]
    if column.help:
        said.append(writer(column.help))
    if isinstance(column, (Link, Links)):
        said.append(writer(N_("Code, name or former name of: %(resource)s"), resource=writer(target_of(column).singular)))
    if isinstance(column, Links):
        said.append(writer(N_("Several are separated by a semicolon")))
    if isinstance(column, Text) and column.length < 4000:
        said.append(writer(N_("At most %(most)d characters"), most=column.length))
    if isinstance(column, (Day, Moment)):
        said.append(writer(N_("For example: %(example)s"), example="2026-11-24" + (" 09:15" if isinstance(column, Moment) else "")))
    elif column.example:
        said.append(writer(N_("For example: %(example)s"), example=column.example))
    return "\n".join(said)


def _offer(sheet, lists, place: int, column: Field, writer: Words) -> None:  # type: ignore[no-untyped-def]
    """A drop-down for choices and yes/no; long lists live on a hidden sheet."""
    if isinstance(column, Choice):
        options = [option.text(writer) for option in column.options() if option.active]
    elif isinstance(column, Flag):
        options = [writer(N_("Yes")), writer(N_("No"))]
    else:
        return
    if not options:
        return
    letter = get_column_letter(place)
    for row, option in enumerate(options, start=1):
        lists.cell(row, place, option)
    rule = DataValidation(type="list", formula1=f"lists!${letter}$1:${letter}${len(options)}", allow_blank=not column.required)
    rule.error = writer(N_("Choose one of the listed values"))
    rule.errorTitle = column.caption(writer)[:32]
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{ROWS}")


def _advice(resource: Resource, writer: Words) -> list[str]:
    key = writer.listing([resource.fields[name].caption(writer) for name in resource.natural_key])
    return [
        writer(resource.about) if resource.about else "",
        writer(N_("Rows whose %(key)s exists already change that record; the others create a new one."), key=key),
        writer(N_("Columns may be left out or put in another order. Columns with * are required.")),
        writer(N_("Everything is checked first; nothing is written before you have seen the result.")),
    ]
