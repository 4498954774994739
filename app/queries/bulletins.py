"""Bulletins as they are read: the saved text, or the drafted one, with every placeholder filled from the evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.languages import Words
from app.domain.bulletin import RATE, SCORE, Bound, Piece, bindings, heaviest, pieces
from app.domain.period import Period
from app.domain.refusals import N_
from app.domain.scorecard import Group, Scorecard
from app.entities.bulletin import Bulletin
from app.entities.evaluation import Evaluation
from app.queries.published_lists import stood_at
from app.queries.scores import scorecard_of


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of a bulletin as it is read: its words, the placeholder behind them, and whether it is bound to nothing."""

    text: str
    key: str = ""
    loose: bool = False
    source: str = ""


def bulletin_of(session: Session, evaluation: Evaluation, language: str) -> Bulletin | None:
    """The saved text of an evaluation in a language, as far as the reader may see it."""
    statement = select(Bulletin).where(Bulletin.evaluation_id == evaluation.id, Bulletin.language == language)
    return session.execute(statement).scalar_one_or_none()


def known_of(session: Session, card: Scorecard) -> dict[str, Bound]:
    """Every placeholder of an evaluation, with changes against the period before where that was evaluated."""
    before = stood_at(session, card.period.back().key, card.published_at)
    return bindings(card, scorecard_of(session, before) if before is not None else None)


def draft(card: Scorecard, writer: Words) -> str:
    """The text that the evaluation's figures make of themselves: sentences with placeholders."""
    opening = writer(N_("%(period)s: {district} assessed {tickets} tickets."), period=_period(card.period, writer))
    return "\n".join([opening, *(_of_group(group, writer) for group in card.groups)])


def _of_group(group: Group, writer: Words) -> str:
    if not group.units:
        return writer(N_("{%(group)s.name}: no unit was ranked."), group=group.code)
    said = [
        writer(
            N_("{%(group)s.name}: {%(group)s.count} units were ranked, with scores from {%(group)s.lowest} to {%(group)s.highest}."),
            group=group.code,
        )
    ]
    for line in heaviest(group):
        key = f"{group.code}.{line.code}"
        said.append(writer(N_("{%(key)s.name} {%(key)s.rate} ({%(key)s.n} of {%(key)s.d}), {%(key)s.trend}."), key=key))
    said.append(writer(N_("First places: {%(group)s.first}."), group=group.code))
    if len(group.units) > 3:
        said.append(writer(N_("Last places: {%(group)s.last}."), group=group.code))
    return ("" if writer.language == "zh" else " ").join(said)


def _period(period: Period, writer: Words) -> str:
    return writer.month(period)


def shown(text: str, known: Mapping[str, Bound], writer: Words) -> list[Shown]:
    """The text piece by piece, placeholders filled."""
    return [_shown(piece, known, writer) for piece in pieces(text, known)]


def filled(text: str, known: Mapping[str, Bound], writer: Words) -> str:
    """The text as it is read."""
    return "".join(piece.text for piece in shown(text, known, writer))


def said(bound: Bound, writer: Words) -> str:
    """What a placeholder stands for, in words."""
    if bound.kind == RATE:
        return writer.percent(bound.value)  # type: ignore[arg-type]
    if bound.kind == SCORE and bound.value is not None:
        return writer.decimal(bound.value)  # type: ignore[arg-type]
    return writer.any(bound.value)


def _shown(piece: Piece, known: Mapping[str, Bound], writer: Words) -> Shown:
    if not piece.key:
        return Shown(piece.text, loose=piece.loose)
    bound = known[piece.key]
    source = f"{bound.n:,} / {bound.d:,}" if bound.n is not None and bound.d is not None else ""
    return Shown(said(bound, writer), piece.key, source=source)
