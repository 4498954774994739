"""``run.py dispatch``: learn from labelled messages, suggest labels with their certainty, and judge suggestions; needs no database."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import config
from app.commands import Speaker, bar
from app.core.clock import ticks
from app.crud.tabular import Column, csv_lines
from app.domain.refusals import N_, Refused
from app.learning.files import read_model, write_model
from app.learning.judging import Judgement, judge
from app.learning.measuring import Figures
from app.learning.model import SHOWN, Model, Suggestion
from app.learning.samples import Columns, read_samples
from app.learning.shelf import Shelf
from app.learning.training import train

NAME = "dispatch"
HELP = N_("Learn from labelled messages, suggest labels with their certainty, and judge the suggestions")
ENDS = ("row", *(f"label{n}" for n in range(1, SHOWN + 1)), *(f"confidence{n}" for n in range(1, SHOWN + 1)), "cannot_dispatch", "reason")
MOST_TOLD = 15
"""Labels that are told one by one; a district's hundred units are too many for a terminal."""


def arguments(parser: ArgumentParser, say: Speaker) -> None:
    """Three acts; columns are named as the file's first row names them."""
    acts = parser.add_subparsers(dest="act", required=True, metavar=say(N_("act")))
    for name, help_text in (
        ("train", N_("Learn a model from a file of labelled messages")),
        ("suggest", N_("Suggest labels for the messages of a file")),
        ("evaluate", N_("Judge the model by a file of labelled messages it has not seen")),
    ):
        act = acts.add_parser(name, help=say(help_text), description=say(help_text))
        act.add_argument("file", type=Path, metavar="FILE", help=say(N_(".xlsx, .csv or .csv.gz")))
        taught, judged = name == "train", name == "evaluate"
        act.add_argument("--text-column", required=not judged, default="", help=say(N_("Column with the message")))
        if name != "suggest":
            act.add_argument("--label-column", required=taught, default="", help=say(N_("Column with the right answer: a class, a unit")))
        if taught:
            act.add_argument(
                "--group-column", default="", help=say(N_("Column that says which messages repeat each other; found where absent"))
            )
            act.add_argument(
                "--time-column", default="", help=say(N_("Column with the time; the latest fifth is then held back to judge by"))
            )
        act.add_argument(
            "--field-column", action="append", default=[], help=say(N_("Column with a short value, as a community; may be repeated"))
        )
        act.add_argument("--model", type=Path, help=say(N_("Model file; otherwise the newest below FRONTLINE_HOME")))
        if name == "suggest":
            act.add_argument("--out", type=Path, required=True, help=say(N_("CSV file to write")))


def run(parsed: Namespace, say: Speaker) -> int:
    """Do the act that was asked for."""
    {"train": _train, "suggest": _suggest, "evaluate": _evaluate}[parsed.act](parsed, say)
    return 0


def _train(parsed: Namespace, say: Speaker) -> None:
    columns = Columns(parsed.text_column, parsed.label_column, parsed.group_column, parsed.time_column, tuple(parsed.field_column))
    samples = read_samples(parsed.file, columns)
    started = ticks()
    with bar(say) as progress:
        model = train(samples, columns, progress)
    if parsed.model is None:
        shelf = Shelf(config.HOME)
        path = shelf.path(shelf.put(model))
    else:
        path = parsed.model
        _writable(path)
        write_model(model, path)
    learnt = model.learnt
    print(
        say(
            N_("Learnt from %(examples)d of %(rows)d rows, %(labels)d labels, in %(seconds)s s: %(file)s (%(size)s MB)"),
            examples=learnt["examples"],
            rows=learnt["rows"],
            labels=len(model.labels),
            seconds=f"{ticks() - started:.0f}",
            file=str(path),
            size=f"{path.stat().st_size / 1e6:.1f}",
        )
    )
    print(say(N_("Data fingerprint: %(data)s"), data=learnt["data"]))
    by_time = learnt["judged"] == "latest"
    print(
        say(N_("Judged on the latest fifth, held back:")) if by_time else say(N_("Judged on parts held back in turn, repeats kept apart:"))
    )
    _tell(Figures(**learnt["figures"]), say)


def _suggest(parsed: Namespace, say: Speaker) -> None:
    model = _model(parsed)
    columns = Columns(parsed.text_column, fields=tuple(parsed.field_column) or model.columns.fields)
    samples = read_samples(parsed.file, _fitting(columns, model))
    _writable(parsed.out)
    refused = 0
    started = ticks()

    def rows() -> Iterator[list[Any]]:
        nonlocal refused
        for row, one in zip(samples.rows, model.suggest(samples.texts, samples.fields), strict=True):
            refused += one.refused is not None
            yield _line(row, one, say)

    with parsed.out.open("wb") as file:
        file.writelines(csv_lines([Column(name) for name in ENDS], rows()))
    spent = (ticks() - started) * 1000 / max(1, len(samples))
    print(
        say(
            N_("%(count)d messages, %(refused)d of them cannot be dispatched; %(each)s ms each: %(file)s"),
            count=len(samples),
            refused=refused,
            each=f"{spent:.2f}",
            file=str(parsed.out),
        )
    )


def _evaluate(parsed: Namespace, say: Speaker) -> None:
    model = _model(parsed)
    learnt = model.columns
    text, label = parsed.text_column or learnt.text, parsed.label_column or learnt.label
    columns = Columns(text, label, fields=tuple(parsed.field_column) or learnt.fields)
    judgement = judge(model, read_samples(parsed.file, _fitting(columns, model)))
    _tell(judgement.figures, say)
    _tell_labels(judgement, say)
    if judgement.taught:
        print(say(N_("%(count)d of these messages were among the model's own examples: the figures flatter it."), count=judgement.taught))


def _model(parsed: Namespace) -> Model:
    return Shelf(config.HOME).in_force() if parsed.model is None else read_model(parsed.model)


def _fitting(columns: Columns, model: Model) -> Columns:
    """A model that learnt from fields needs as many again, in the same order."""
    if len(columns.fields) != len(model.columns.fields):
        raise Refused(
            "no-column",
            N_("The model learnt from these short columns: %(known)s. Name as many with --field-column, in this order."),
            field="--field-column",
            known="、".join(model.columns.fields) or "—",
        )
    return replace(columns)


def _line(row: int, one: Suggestion, say: Speaker) -> list[Any]:
    pad = [""] * (SHOWN - len(one.labels))
    certain = [f"{share:.4f}" for share in one.certain]
    return [row, *one.labels, *pad, *certain, *pad, int(one.refused is not None), say.phrase(one.refused) if one.refused else ""]


def _writable(path: Path) -> None:
    if path.is_dir() or not path.parent.is_dir():
        raise Refused("no-folder", N_("“%(name)s” cannot be written: its folder is not there, or it is a folder itself."), name=str(path))


def _tell(figures: Figures, say: Speaker) -> None:
    for what, value in (
        (N_("right at once"), figures.right),
        (N_("right among three"), figures.among_three),
        (N_("macro F1"), figures.macro_f1),
        (N_("right among the surest four fifths"), figures.surest),
        (N_("calibration error"), figures.calibration_error),
        (N_("refused though it belongs"), figures.refused),
        *([(N_("refused of what does not belong"), figures.refused_outside)] if figures.outside else []),
    ):
        print(f"  {value:6.4f}  {say(what)}")
    print(say(N_("%(count)d messages judged, %(outside)d more of labels never learnt"), count=figures.messages, outside=figures.outside))


def _tell_labels(judgement: Judgement, say: Speaker) -> None:
    print(say(N_("Per label: messages, share found, share of its suggestions that were right")))
    for one in judgement.labels[:MOST_TOLD]:
        print(f"  {one.messages:6d}  {one.found:6.4f}  {one.right:6.4f}  {one.label}")
    if len(judgement.labels) > MOST_TOLD:
        print(say(N_("… and %(count)d more"), count=len(judgement.labels) - MOST_TOLD))
