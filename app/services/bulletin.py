"""Writing a bulletin: drafted from an evaluation's figures, edited by a person, approved once every figure in it is bound."""

from __future__ import annotations

from app.core.acting import current_actor
from app.core.clock import now
from app.core.languages import LANGUAGES, words
from app.core.transaction import transaction
from app.domain.bulletin import APPROVED, DRAFT, LONGEST, loose
from app.domain.evaluation import COMPUTED
from app.domain.refusals import N_, ChangedMeanwhile, Refused
from app.entities.bulletin import Bulletin
from app.entities.evaluation import Evaluation
from app.queries.bulletins import bulletin_of, draft, known_of
from app.queries.scores import scorecard_of
from app.services.evaluation import required


def save(period: str, language: str, text: str, version: int | None = None) -> Bulletin:
    """Keep ``text`` as the period's draft in ``language`` (``zh`` or ``en``).

    ``version`` is that of the text which was edited, ``None`` where there was none. Raises ``Refused`` for an unknown language, an
    empty or endless text and an approved bulletin, ``ChangedMeanwhile`` where somebody else saved in between.
    """
    _checked(language)
    cleaned = "\n".join(line.strip() for line in text.replace("\r", "").split("\n")).strip()
    if not cleaned:
        raise Refused("required", N_("The text is empty. Write it, or draft it anew from the figures."), field="text")
    if len(cleaned) > LONGEST:
        raise Refused(
            "too-long", N_("The text has %(count)s characters; at most %(most)s fit."), field="text", count=len(cleaned), most=LONGEST
        )
    with transaction() as session:
        evaluation = required(session, period)
        row = bulletin_of(session, evaluation, language)
        if row is not None and row.state == APPROVED:
            raise _is_approved()
        if (row.version if row is not None else None) != version:
            raise ChangedMeanwhile()
        row = row or Bulletin(evaluation_id=evaluation.id, language=language)
        row.text, row.state = cleaned, DRAFT
        session.add(row)
        session.flush()
        return row


def redraft(period: str, language: str) -> Bulletin:
    """Draft the text anew from the figures; what was written before is replaced (the change log keeps it)."""
    _checked(language)
    with transaction() as session:
        evaluation = required(session, period)
        row = bulletin_of(session, evaluation, language)
        text = draft(scorecard_of(session, evaluation), words(language, evaluation.zone))
        return save(period, language, text, row.version if row is not None else None)


def approve(period: str, language: str) -> Bulletin:
    """Approve the saved text: from now on it stays as it is.

    Raises ``Refused`` where the figures are still provisional, nothing was saved, or a figure was typed instead of bound.
    """
    _checked(language)
    with transaction() as session:
        evaluation = required(session, period)
        row = bulletin_of(session, evaluation, language)
        if row is None:
            raise Refused("nothing-saved", N_("There is no saved text yet. Save it first, then approve it."), status=409)
        if row.state == APPROVED:
            return row
        _publishable(evaluation)
        typed = loose(row.text, known_of(session, scorecard_of(session, evaluation)))
        if typed:
            message = N_("Not approved: %(figures)s were typed and follow no figure. Put placeholders in their place.")
            raise Refused("loose-figures", message, field="text", figures=typed[:8], status=409)
        row.state, row.approved_at, row.approved_by = APPROVED, now(), current_actor().name
        session.flush()
        return row


def _publishable(evaluation: Evaluation) -> None:
    if evaluation.state == COMPUTED:
        raise Refused(
            "provisional", N_("The figures are still provisional. Publish the evaluation, then approve its bulletin."), status=409
        )


def _checked(language: str) -> None:
    if language not in LANGUAGES:
        raise Refused("unknown-language", N_("“%(value)s” is not a language of this system."), field="language", value=language)


def _is_approved() -> Refused:
    return Refused(
        "approved", N_("This bulletin was approved and stays as it is. A correction makes a new revision with its own."), status=409
    )
