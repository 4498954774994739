"""Solid bars inside cells: the 2009 extension of the format, which openpyxl does not write, added to a sheet's XML."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reports.render import palette
from reports.sheets import DataBars

_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM = "http://schemas.microsoft.com/office/excel/2006/main"
_PLAIN = re.compile(r"(<dataBar[^>]*>(?:(?!</dataBar>).)*</dataBar>)(</cfRule>)", re.DOTALL)


def with_solid_bars(xml: str, bars: Sequence[DataBars], sheet: int) -> str:
    """The sheet's XML with each plain data bar linked to a solid one of the same range (MS-XLSX 2.6.30).

    Older programs keep the plain bars, which fade out and start at a tenth of the cell.
    """
    if not bars:
        return xml
    names = [f"{{F2A7B3C0-0000-4000-8000-{sheet:04X}{index:08X}}}" for index in range(1, len(bars) + 1)]
    waiting = iter(names)

    def link(found: re.Match[str]) -> str:
        mark = f'<ext xmlns:x14="{_X14}" uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}"><x14:id>{next(waiting)}</x14:id></ext>'
        return f"{found[1]}<extLst>{mark}</extLst>{found[2]}"

    body = "".join(_solid(one, name) for one, name in zip(bars, names, strict=True))
    block = (
        f'<extLst><ext xmlns:x14="{_X14}" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}">'
        f"<x14:conditionalFormattings>{body}</x14:conditionalFormattings></ext></extLst>"
    )
    return _PLAIN.sub(link, xml).replace("</worksheet>", f"{block}</worksheet>")


def _solid(bars: DataBars, name: str) -> str:
    ends = "".join(f'<x14:cfvo type="num"><xm:f>{end:g}</xm:f></x14:cfvo>' for end in (bars.start, bars.end))
    return (
        f'<x14:conditionalFormatting xmlns:xm="{_XM}"><x14:cfRule type="dataBar" id="{name}">'
        f'<x14:dataBar minLength="0" maxLength="100" gradient="0">{ends}'
        f'<x14:fillColor rgb="FF{palette.BLUE_BAR[1:]}"/><x14:negativeFillColor rgb="FF{palette.ORANGE[1:]}"/>'
        '<x14:axisColor rgb="FF000000"/></x14:dataBar></x14:cfRule>'
        f"<xm:sqref>{bars.area.local}</xm:sqref></x14:conditionalFormatting>"
    )
