"""The text model on real messages: a share of them shows that it learns, and near-repeats are found as labelled."""

from __future__ import annotations

from app.learning.judging import judge
from app.learning.samples import Columns, read_samples
from app.learning.training import train
from bench.near_repeats import found_pairs, true_pairs
from tests.real_data import real_file

COLUMNS = Columns("text", "label", "near_dup_group")


def test_seven_classes_are_told_apart_by_a_model_of_a_thousand_messages() -> None:
    samples = read_samples(real_file("messages_labelled/labeled_raw_dev.csv.gz"), COLUMNS)
    order = sorted(range(len(samples)), key=lambda place: int(samples.groups[place]) % 5)
    cut = [place for place in order if int(samples.groups[place]) % 5 in (0, 1)]
    unseen = [place for place in order if int(samples.groups[place]) % 5 == 4]
    figures = judge(train(samples.only(cut), COLUMNS), samples.only(unseen)).figures
    assert figures.macro_f1 > 0.8 and figures.among_three > 0.97 and figures.surest > 0.9 and figures.calibration_error < 0.05


def test_near_repeats_are_found_as_they_were_labelled() -> None:
    samples = read_samples(real_file("messages_labelled/labeled_raw_dev.csv.gz"), COLUMNS)
    truth, found = true_pairs(samples), found_pairs(samples.texts)
    assert len(truth & found) >= 0.9 * len(truth) and len(truth & found) >= 0.9 * len(found)
