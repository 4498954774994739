"""The frame around every page: home, language, what templates know, security headers, and errors in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, current_app, flash, jsonify, redirect, render_template, request, session, url_for
from flask_appbuilder import IndexView, expose
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.core.acting import acting_as, current_actor
from app.core.clock import now
from app.core.db import db
from app.core.languages import LANGUAGES, set_language, words
from app.core.transaction import transaction
from app.crud.access import may, person_id
from app.crud.resource import Resource
from app.crud.screen import Answer, Hardened
from app.domain.actors import SYSTEM
from app.domain.refusals import N_, Refused
from app.entities.account import Account
from app.entities.parameter import parameter
from app.entities.unit import Unit
from app.queries.inbox import shown, unread
from app.web.home import home_page
from app.web.sign_in import within_house
from app.web.site_map import navigation

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
SWAGGER_POLICY = "; style-src-attr 'unsafe-inline'; style-src-elem 'self' 'unsafe-inline'"

TITLES = {
    400: N_("This request is not understood"),
    401: N_("Sign in first"),
    403: N_("Your role does not allow this"),
    404: N_("There is nothing here"),
    405: N_("This cannot be done this way"),
    409: N_("Something changed meanwhile"),
    413: N_("The file is too large"),
    422: N_("This cannot be done"),
    429: N_("Too many attempts"),
    500: N_("Something unforeseen happened"),
    503: N_("Busy for a moment"),
}
ADVICE = {
    400: N_("Go back and try again; if a form was open for long, load the page once more."),
    403: N_("Ask your administrator if you need this for your work."),
    404: N_("The address is wrong, or the record is not yours to see."),
    413: N_("Split the file, or leave out what is not needed."),
    429: N_("Wait a minute, then try again."),
    500: N_("Nothing was saved. The event was recorded; tell your administrator the time shown below."),
    503: N_("Nothing was lost. Try again in a few seconds."),
}


class Home(Hardened, IndexView):
    """The first page, and the language switch."""

    class_permission_name = "Desk"
    default_view = "index"

    @expose("/")
    def index(self) -> Answer:
        """The desk; visitors are asked to sign in."""
        if not current_user.is_authenticated:
            return redirect(url_for("SignIn.login"))
        return render_template("pages/home.html", page=home_page(db.session(), request.args, words()))

    @expose("/language/<string:language>", methods=["POST"])
    def language(self, language: str) -> Answer:
        """Choose the language, for this visit and, signed in, for good."""
        if language in LANGUAGES:
            session["locale"] = language
            if person_id():
                with acting_as(SYSTEM), transaction() as store:
                    account = store.get(Account, person_id())
                    if account is not None:
                        account.language = language
        return redirect(within_house(request.form.get("next", "")))


def dress(app: Flask, resources: Sequence[Resource]) -> None:
    """Everything templates and answers share."""
    app.jinja_env.globals.update(_=_say, gettext=_say, w=words, may=may)
    app.context_processor(lambda: _context(resources))
    app.view_functions["LocaleView.index"] = _fab_language
    app.after_request(_headers)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def _say(message: str, **values: Any) -> str:
    return words()(message, **values)


def _fab_language(locale: str) -> Answer:
    """FAB's own switch: for this visit only."""
    if locale in LANGUAGES:
        session["locale"] = locale
        set_language(locale)
    return redirect(url_for("Home.index"))


def _context(resources: Sequence[Resource]) -> dict[str, Any]:
    writer = words()
    signed_in = bool(current_user.is_authenticated)
    actor = current_actor()
    unit = db.session.get(Unit, actor.unit_id) if actor.unit_id else None
    waiting = unread(db.session(), actor.user_id) if signed_in else 0
    return {
        "language": writer.language,
        "languages": LANGUAGES,
        "areas": navigation(resources, writer) if signed_in else [],
        "actor": actor,
        "unit_name": unit.name if unit else "",
        "unread_count": waiting,
        "unread_shown": shown(waiting),
        "signed_in": signed_in,
        "district": parameter(f"district.{writer.language}"),
        "product": parameter(f"product.{writer.language}", writer(N_("Frontline"))),
        "demo": parameter("demo") == "1",
    }


def _headers(answer: Response) -> Response:
    """No outside request, no framing, no sniffing; pages with data are never kept by browsers."""
    policy = POLICY + SWAGGER_POLICY if request.path.startswith("/swagger") else POLICY
    answer.headers.setdefault("Content-Security-Policy", policy)
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("X-Frame-Options", "DENY")
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    if not request.path.startswith("/static/"):
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def _answer(status: int, sentence: str, errors: Any = None) -> tuple[Any, int]:
    if request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json":
        return jsonify(message=sentence, **({"errors": errors} if errors else {})), status
    writer = words()
    title = writer(TITLES.get(status, TITLES[500]))
    return render_template("pages/error.html", status=status, title=title, sentence=sentence, happened=now()), status


def _refused(refused: Refused) -> tuple[Any, int]:
    return _answer(refused.status, words().phrase(refused.phrase))


def _csrf(_error: CSRFError) -> Any:
    """A form without its token was open too long; whoever has been signed out meanwhile signs in first, and nothing is done silently."""
    if not current_user.is_authenticated and not request.path.startswith("/api/"):
        flash(words()(N_("You were signed out meanwhile. Nothing was done: sign in, check what you typed, and send it again.")), "warning")
        back = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
        return redirect(url_for("SignIn.login", next=request.path if back else None))
    flash(words()(N_("The page was open for too long and has been renewed. Check what you typed and send it again.")), "warning")
    return _answer(400, words()(ADVICE[400]))


def _database(error: OperationalError) -> Any:
    """The database is away or locked: say so, promise nothing, and let clients try again."""
    db.session.rollback()
    current_app.logger.error("database: %s", error.orig)
    sentence = words()(ADVICE[503])
    answer = jsonify(message=sentence) if request.path.startswith("/api/") else Response(sentence, mimetype="text/plain; charset=utf-8")
    answer.status_code = 503
    answer.headers["Retry-After"] = "5"
    return answer


def _http(error: HTTPException) -> Any:
    if error.code is not None and error.code < 400:
        return error
    status = error.code or 500
    return _answer(status, words()(ADVICE.get(status, "")))


def _unforeseen(error: Exception) -> Any:
    """Logged with its trace; the reader gets a sentence and the time to quote."""
    current_app.logger.exception("unforeseen", exc_info=error)
    db.session.rollback()
    return _answer(500, words()(ADVICE[500]))
