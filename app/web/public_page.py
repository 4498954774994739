"""The base of pages for everybody: no signing in, no cookie, no script; the language travels in the address or the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, render_template, request, session
from werkzeug.wrappers import Response as AnyResponse

from app.core.languages import DEFAULT, LANGUAGES, Words, set_language, words
from app.crud.columns.links import label_of
from app.crud.screen import Answer, PageView
from app.domain.moves import BY_ACTION
from app.domain.refusals import N_, Refused, RefusedAll
from app.domain.workflow import ALL_STAGES
from app.entities.dictionary_entry import dictionary
from app.queries.public import PublicMatter

STAGES = {stage.code: stage.name for stage in ALL_STAGES}
STATES = {"past": N_("done"), "now": N_("in progress"), "ahead": N_("not yet"), "skipped": N_("was not needed")}


class PublicPage(PageView):
    """Every request carries its own secret (a code, a link), so there is no session that a foreign page could misuse."""

    def create_blueprint(self, *args: Any, **options: Any) -> Blueprint:
        """FAB's blueprint, without the check of a session's token, and with headers that keep these pages to their readers."""
        blueprint: Blueprint = super().create_blueprint(*args, **options)
        blueprint.before_request(_choose_language)
        blueprint.after_request(_keep_to_reader)
        current_app.extensions["csrf"].exempt(blueprint)
        return blueprint


def _choose_language() -> None:
    """As asked for, as chosen before, as the browser prefers, or Chinese."""
    asked, chosen = request.values.get("lang", ""), session.get("locale")
    preferred = request.accept_languages.best_match(["zh", "en"], DEFAULT)
    set_language(next(code for code in (asked, chosen, preferred, DEFAULT) if code in LANGUAGES))


def _keep_to_reader(answer: AnyResponse) -> AnyResponse:
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@dataclass(frozen=True, slots=True)
class Question:
    """A choice of the rating form."""

    name: str
    label: str
    required: bool
    options: tuple[tuple[str, str], ...]
    picked: str
    error: str


def questions(writer: Words, typed: dict[str, str], refused: Refused | None) -> list[Question]:
    """What a citizen is asked, from the table of moves and the dictionaries; with what was chosen and what is wrong."""
    errors = said(refused, writer)
    return [
        Question(
            need.name,
            writer(need.label),
            need.required,
            tuple((option.value, option.text(writer)) for option in dictionary(need.of)() if option.active),
            typed.get(need.name, ""),
            errors.get(need.name, ""),
        )
        for need in BY_ACTION["rate_publicly"].needs
        if need.kind == "choice"
    ]


def said(refused: Refused | None, writer: Words) -> dict[str, str]:
    """Refusals by field, in words."""
    found = refused.refusals if isinstance(refused, RefusedAll) else (refused,) if refused is not None else ()
    return {each.field: writer.phrase(each.phrase) for each in found}


def shown(matter: PublicMatter, writer: Words) -> dict[str, Any]:
    """A matter in the reader's words."""
    word: Callable[[str, str], str] = lambda name, code: next(  # noqa: E731
        (option.text(writer) for option in dictionary(name)() if option.value == code), ""
    )
    return {
        "number": matter.number,
        "title": matter.title,
        "reported": writer.moment(matter.reported_at),
        "ended": matter.ended,
        "stage": matter.stage,
        "stage_word": writer(STAGES[matter.stage]),
        "steps": [
            (step.code, step.state, writer(STAGES[step.code]), writer.moment(step.since) if step.since else "", writer(STATES[step.state]))
            for step in matter.steps
        ],
        "archived": writer.moment(matter.archived_at) if matter.archived_at else "",
        "unit": label_of(matter.unit, writer) if matter.unit is not None else "",
        "result": word("result", matter.result),
        "opinion": matter.opinion,
        "rating": word("rating", matter.rating),
        "rated": writer.moment(matter.rated_at) if matter.rated_at else "",
        "rateable": matter.rateable,
        "until": writer.moment(matter.rate_until) if matter.rate_until else "",
    }


def notice(refused: Refused) -> Answer:
    """One calm page for whatever does not lead on."""
    titles = {
        404: N_("Nothing was found"),
        410: N_("There is nothing left to rate"),
        429: N_("Too many attempts"),
        503: N_("Busy for a moment"),
    }
    writer = words()
    title = writer(titles.get(refused.status, N_("This cannot be done")))
    return render_template("public/notice.html", title=title, sentence=writer.phrase(refused.phrase)), refused.status
