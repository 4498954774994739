"""Signing in and out, on the form and for programs, and changing one's own password."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from flask import Response, current_app, flash, g, redirect, request, session, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.api import safe
from flask_appbuilder.security.api import SecurityApi
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.views import AuthDBView
from flask_jwt_extended import create_access_token, create_refresh_token, current_user, jwt_required
from flask_login import login_user, logout_user
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app.core.languages import DEFAULT, LANGUAGES, words
from app.crud.access import person_id
from app.crud.screen import Answer, Hardened, PageView
from app.domain.refusals import N_, Refused, RefusedAll
from app.entities.account import Account
from app.services.sign_in import LEAST_LENGTH, change_own_password, sign_out

SESSION_VERSION = "sv"

_PLACE = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]*")
"""A path of this house. Browsers read a backslash as a slash and drop tabs and line breaks, so none of these may stand in it."""


def within_house(target: str) -> str:
    """``target`` as a path of this house, with or without our own host before it; the first page where it leads anywhere else.

    What only a press of a button does (after a session had ended) cannot be looked at: there, too, the first page.
    """
    path = "/" + target.removeprefix(request.host_url) if target.startswith(request.host_url) else target
    return path if _PLACE.fullmatch(path) and _is_page(path) else url_for("Home.index")


def _is_page(path: str) -> bool:
    try:
        current_app.create_url_adapter(request).match(path.partition("?")[0], method="GET")  # type: ignore[union-attr]
    except MethodNotAllowed:
        return False
    except HTTPException:  # nothing there, or a slash missing: the page itself says so
        return True
    return True


def begin_session(account: Account, *, stay: bool) -> None:
    """What a cookie must carry to be believed later; ``stay`` keeps it when the browser closes."""
    language = session.get("locale")
    session.clear()
    login_user(account)
    session[SESSION_VERSION] = account.session_version
    session["locale"] = language if language in LANGUAGES else account.language or DEFAULT
    session.permanent = stay


class SignIn(Hardened, AuthDBView):
    """The sign-in page."""

    @expose("/login/", methods=["GET", "POST"])
    @no_cache
    def login(self) -> Answer:
        """Ask for name and password; say what is wrong without saying whether the account exists."""
        if g.user is not None and g.user.is_authenticated:
            return redirect(within_house(request.args.get("next", "")))
        writer, problem = words(), ""
        if request.method == "POST":
            name, password = request.form.get("username", ""), request.form.get("password", "")
            account = self.appbuilder.sm.auth_user_db(name, password)
            if account is not None:
                begin_session(account, stay=request.form.get("stay") == "1")
                return redirect(within_house(request.args.get("next", "")))
            problem = writer.phrase(g.pop("sign_in_refused").phrase)
        page = self.render_template("pages/sign_in.html", problem=problem, username=request.form.get("username", ""))
        return (page, 401) if problem else page

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Answer:
        """End the account's sessions, copies of them included; a link from elsewhere cannot."""
        sign_out(person_id() or 0)
        logout_user()
        language = session.get("locale", DEFAULT)
        session.clear()
        session["locale"] = language
        return redirect(url_for("SignIn.login"))


class ProgramSignIn(Hardened, SecurityApi):
    """Tokens for programs; FAB's paths, our lockout, and tokens that die with the session version."""

    def add_apispec_components(self, api_spec: Any) -> None:
        """How programs sign in, for the documentation; FAB's says that keys come as tokens only."""
        super().add_apispec_components(api_spec)
        api_spec.components.security_schemes["api_key"] = {
            "type": "apiKey",
            "in": "header",
            "name": "X-API-Key",
            "description": "A key from the page “API keys”; or Authorization: ApiKey …",
        }

    @expose("/login", methods=["POST"])
    @safe
    def login(self) -> Response:
        """A token for a name and a password.
        ---
        post:
          description: Authenticate and get an access token and, if asked, a refresh token
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  required: [username, password]
                  properties:
                    username: {type: string, example: evaluator}
                    password: {type: string, example: a-long-password}
                    provider: {type: string, enum: [db], example: db}
                    refresh: {type: boolean, example: true}
          responses:
            200:
              description: Signed in
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      access_token: {type: string}
                      refresh_token: {type: string}
            400:
              $ref: '#/components/responses/400'
            401:
              $ref: '#/components/responses/401'
        """
        payload: Any = request.get_json(silent=True)
        if not isinstance(payload, dict) or not all(isinstance(payload.get(k), str) for k in ("username", "password")):
            return self.response_400(message=words()(N_("Send a JSON object with “username” and “password”.")))
        account = self.appbuilder.sm.auth_user_db(payload["username"], payload["password"])
        if account is None:
            return self.response(401, message=words().phrase(g.pop("sign_in_refused").phrase))
        claims = {SESSION_VERSION: account.session_version}
        answer = {"access_token": create_access_token(str(account.id), fresh=True, additional_claims=claims)}
        if payload.get("refresh") is True:
            answer["refresh_token"] = create_refresh_token(str(account.id), additional_claims=claims)
        return self.response(200, **answer)

    @expose("/refresh", methods=["POST"])
    @jwt_required(refresh=True)
    @safe
    def refresh(self) -> Response:
        """A fresh access token for a refresh token.
        ---
        post:
          description: Use the refresh token to get a new access token
          responses:
            200:
              description: Refreshed
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      access_token: {type: string}
            401:
              $ref: '#/components/responses/401'
          security:
            - jwt_refresh: []
        """
        claims = {SESSION_VERSION: current_user.session_version}
        return self.response(200, access_token=create_access_token(str(current_user.id), fresh=False, additional_claims=claims))


class OwnPassword(PageView):
    """Changing one's own password."""

    route_base = "/password"
    class_permission_name = "Account.own"
    method_permission_name: ClassVar[dict[str, str]] = {"change": "read"}
    default_view = "change"

    @expose("/", methods=["GET", "POST"])
    @has_access
    def change(self) -> Answer:
        """The old one, the new one twice; all other sessions of the account end."""
        writer, problems = words(), []
        if request.method == "POST":
            old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
            try:
                if new != again:
                    raise Refused("not-the-same", N_("The two new passwords differ."), field="again")
                config = current_app.config
                limits = {"failures": config["LOGIN_FAILURES"], "minutes": config["LOGIN_LOCK_MINUTES"]}
                account = change_own_password(person_id() or 0, old, new, **limits)
                begin_session(account, stay=session.permanent)
                flash(writer(N_("The password was changed; other sessions have ended")), "success")
                return redirect(self.appbuilder.get_url_for_index)
            except Refused as refused:
                found = refused.refusals if isinstance(refused, RefusedAll) else (refused,)
                problems = [(r.field, writer.phrase(r.phrase)) for r in found]
        page = self.render_template("pages/password.html", problems=problems, least=LEAST_LENGTH)
        return (page, 422) if problems else page
