"""The security manager: FAB's, with our sign-in, our roles table, our keys, and sessions that end when a password changes."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, g, request, session
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_jwt_extended import JWTManager
from flask_login import current_user
from limits import parse
from werkzeug.exceptions import TooManyRequests

from app.core.acting import set_actor
from app.core.languages import DEFAULT, LANGUAGES, set_language, set_zone
from app.crud.program_door import NOT_SIGNED_IN, refusal
from app.domain.actors import NOBODY, Actor
from app.domain.refusals import Refused
from app.entities.account import Account
from app.queries.calendar import city_zone
from app.queries.people import actor_of
from app.services.api_keys import MARK, account_of_key
from app.services.sign_in import sign_in
from app.web.sign_in import SESSION_VERSION, OwnPassword, ProgramSignIn, SignIn


class FrontlineSecurity(SecurityManager):
    """Who is there, and what may they do."""

    authdbview = SignIn
    security_api = ProgramSignIn
    userstatschartview = None

    def register_views(self) -> None:
        """Sign-in, own password, and the programs' sign-in; users and roles are resources like any other."""
        self.appbuilder.add_api(self.security_api)
        self.auth_view = self.authdbview()
        self.appbuilder.add_view_no_menu(self.auth_view)
        self.appbuilder.add_view_no_menu(OwnPassword)
        for blueprint in (self.auth_view.blueprint, next(v for v in self.appbuilder.baseviews if isinstance(v, ProgramSignIn)).blueprint):
            self.limiter.limit(self.auth_rate_limit, methods=["POST"])(blueprint)

    def auth_user_db(self, username: str, password: str) -> Account | None:
        """FAB's way to ask: an account or nothing; the reason is left for the door that asked."""
        try:
            config = current_app.config
            return sign_in(username or "", password or "", failures=config["LOGIN_FAILURES"], minutes=config["LOGIN_LOCK_MINUTES"])
        except Refused as refused:
            g.sign_in_refused = refused
            return None

    def load_user(self, pk: int) -> Account | None:
        """The account of a session cookie, unless its sessions were ended since."""
        account = self.get_user_by_id(int(pk))
        if account is None or not account.active or session.get(SESSION_VERSION) != account.session_version:
            return None
        return account

    def load_user_jwt(self, _header: Any, claims: Any) -> Account | None:
        """The account of a token, unless its sessions were ended since."""
        account = self.get_user_by_id(int(claims["sub"]))
        if account is None or not account.active or claims.get(SESSION_VERSION) != account.session_version:
            return None
        g.user = account
        enter(account)
        return account

    def create_jwt_manager(self, app: Any) -> JWTManager:
        """FAB's, but whatever is wrong with a token is answered alike: 401, and a sentence."""
        tokens: JWTManager = super().create_jwt_manager(app)

        def refuse(*_why: Any) -> Response:
            return refusal(Refused("not-signed-in", NOT_SIGNED_IN, status=401))

        for loader in ("invalid_token", "expired_token", "revoked_token", "unauthorized", "needs_fresh_token", "user_lookup_error"):
            getattr(tokens, f"{loader}_loader")(refuse)
        return tokens

    @staticmethod
    def extract_api_key_from_request() -> str | None:
        """The key of this request: ``Authorization: ApiKey …``, ``X-API-Key``, or in the place of a token."""
        scheme, _, said = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "apikey" or (scheme.lower() == "bearer" and said.strip().startswith(MARK)):
            return said.strip()
        return request.headers.get("X-API-Key")

    def validate_api_key(self, api_key_string: str) -> Account | None:
        """The account of a key, if the key is valid and its owner may still have keys; whoever guesses is slowed down."""
        pace, caller = parse(current_app.config["AUTH_RATE_LIMIT"]), ("api-key", request.remote_addr or "")
        if not self.limiter.limiter.test(pace, *caller):
            raise TooManyRequests()
        account = account_of_key(api_key_string)
        if account is None or not self._has_view_access(account, "can_create", "ApiKey"):
            self.limiter.limiter.hit(pace, *caller)
            return None
        g.user, g._api_key_user = account, True
        enter(account)
        return account

    def get_user_roles(self, user: Any) -> list[Any]:
        """Roles are given to people one by one; FAB's groups are not used."""
        return list(user.roles) if user.is_authenticated else [self.get_public_role()]

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Asked dozens of times a page, so answered from the roles table once per person and request."""
        asked: dict[tuple[str, str], bool] = g.setdefault("_access", {})
        key = (permission_name, view_name)
        if key not in asked:
            asked[key] = super().has_access(permission_name, view_name)
        return asked[key]

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing that has a permission is public."""
        return False


def enter(account: Any) -> None:
    """Make ``account`` the actor of this request, in its own language."""
    actor: Actor = actor_of(account)
    set_actor(actor)
    g.pop("_access", None)
    set_language(session.get("locale") or account.language or DEFAULT)


def before_request() -> None:
    """Every request begins as nobody, in Chinese, until somebody is recognised."""
    set_actor(NOBODY)
    chosen = session.get("locale")
    set_language(chosen if chosen in LANGUAGES else DEFAULT)
    if request.endpoint in ("static", "appbuilder.static"):
        return
    set_zone(city_zone())
    g.user = current_user
    if current_user.is_authenticated:
        enter(current_user._get_current_object())
