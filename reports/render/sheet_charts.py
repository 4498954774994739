"""Native charts of a workbook: ranking bars, rate columns, trend lines, with direct labels and an axis that says where it starts."""

from __future__ import annotations

from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart import Series as NativeSeries
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun

from reports.render import palette
from reports.render.cell_text import safe
from reports.sheets import Chart, Series


def chart(model: Chart) -> Any:
    """The chart as openpyxl draws it."""
    made = LineChart() if model.kind == "line" else BarChart()
    made.title = _title(model.title)
    made.width, made.height = model.width, model.height
    made.style = 2
    for series in model.series:
        made.series.append(_series(model, series))
    made.set_categories(_reference(model.categories))
    made.legend = made.legend if len(model.series) > 1 else None
    if made.legend is not None:
        made.legend.position = "b"
        made.legend.txPr = _small()
    if model.kind == "bars":
        made.type = "bar"
        made.gapWidth = 60
        made.x_axis.scaling.orientation = "maxMin"
    elif model.kind == "columns":
        made.type = "col"
        made.gapWidth = 60
    _axes(made, model)
    return made


def _axes(made: Any, model: Chart) -> None:
    made.x_axis.delete = False
    made.y_axis.delete = model.kind == "bars"
    made.y_axis.scaling.min, made.y_axis.scaling.max = model.start, model.end
    made.y_axis.number_format = '0"%"' if "%" in model.form else "0"
    made.y_axis.majorGridlines = made.y_axis.majorGridlines if model.kind != "bars" else None
    if made.y_axis.majorGridlines is not None:
        made.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=palette.FAINT[1:], w=6350))
    made.x_axis.number_format = "General"
    made.y_axis.crosses = "min"
    for axis in (made.x_axis, made.y_axis):
        axis.title = None
        axis.txPr = _small()
        axis.majorTickMark = "none"
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=palette.LINE[1:], w=6350))
    made.graphical_properties = GraphicalProperties(ln=LineProperties(solidFill=palette.LINE[1:], w=6350))


def _series(model: Chart, series: Series) -> Any:
    made = NativeSeries(_reference(series.values), title=None)
    made.tx = SeriesLabel(v=safe(series.title))
    ink = series.color[1:]
    if model.kind == "line":
        line = LineProperties(solidFill=ink, w=22225, prstDash="dash" if series.dashed else None)
        made.graphicalProperties = GraphicalProperties(ln=line)
        made.smooth = False
        made.marker.symbol = "none" if series.dashed else "circle"
        made.marker.size = 5
        made.marker.graphicalProperties = GraphicalProperties(solidFill=ink, ln=LineProperties(solidFill=ink))
    else:
        made.graphicalProperties = GraphicalProperties(solidFill=ink, ln=LineProperties(noFill=True))
        made.invertIfNegative = False
    if model.labels:
        made.dLbls = DataLabelList()
        made.dLbls.showVal = True
        made.dLbls.showSerName = made.dLbls.showCatName = made.dLbls.showLegendKey = made.dLbls.showPercent = False
        made.dLbls.numFmt = model.form
        made.dLbls.txPr = _small()
        made.dLbls.position = "t" if model.kind == "line" else "outEnd"
    return made


def _reference(area: Any) -> Any:
    return Reference(range_string=area.fixed)


def _title(text: str) -> Any:
    run = RegularTextRun(rPr=CharacterProperties(sz=1100, b=True, solidFill=palette.INK[1:]), t=safe(text))
    title = Title(overlay=False, layout=Layout(ManualLayout(xMode="edge", yMode="edge", x=0.02, y=0.02)))
    title.tx = Text(rich=RichText(p=[Paragraph(pPr=ParagraphProperties(), r=[run])]))
    return title


def _small() -> Any:
    properties = ParagraphProperties(defRPr=CharacterProperties(sz=800, solidFill=palette.INK_2[1:]))
    return RichText(p=[Paragraph(pPr=properties, endParaRPr=CharacterProperties(sz=800))])
