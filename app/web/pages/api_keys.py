"""One's own API keys: made, shown once, listed with their last use, revoked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose, has_access

from app.core.db import db
from app.core.languages import words
from app.crud.access import person_id
from app.crud.reading import number_of
from app.crud.screen import Answer, PageView
from app.domain.refusals import N_, Refused
from app.services.api_keys import DAYS, is_valid, keys_of, make_key, revoke_key, sign_out_everywhere
from app.web.sign_in import begin_session

USUAL = 90


class ApiKeys(PageView):
    """Keys with which one's own programs come in, each with the rights of its owner."""

    route_base = "/api-keys"
    class_permission_name = "ApiKey"
    method_permission_name: ClassVar[dict[str, str]] = {"index": "read", "create": "create", "revoke": "create", "end_all": "create"}
    default_view = "index"

    @expose("/", methods=["GET"])
    @has_access
    def index(self) -> Answer:
        """All of them, and a form for a new one."""
        return self.page({}, {"days": str(USUAL)})

    @expose("/", methods=["POST"])
    @has_access
    def create(self) -> Answer:
        """A new key; its secret is in this answer and nowhere else."""
        typed = {name: request.form.get(name, "") for name in ("name", "days")}
        config = current_app.config
        limits = {"failures": config["LOGIN_FAILURES"], "minutes": config["LOGIN_LOCK_MINUTES"]}
        days, password = number_of(typed["days"]) or 0, request.form.get("password", "")
        try:
            key, secret = make_key(person_id() or 0, typed["name"], days, password, **limits)
        except Refused as refused:
            return self.page({refused.field: words().phrase(refused.phrase)}, typed), refused.status
        return render_template("pages/api_key_made.html", key=key, secret=secret), 201

    @expose("/<int:key_id>/revoke", methods=["POST"])
    @has_access
    def revoke(self, key_id: int) -> Answer:
        """End one of them."""
        key = revoke_key(person_id() or 0, key_id)
        flash(words()(N_("The key “%(name)s” was revoked"), name=key.name), "success")
        return redirect(url_for(".index"))

    @expose("/end-all", methods=["POST"])
    @has_access
    def end_all(self) -> Answer:
        """End every session, token and key of the account but the session of this browser."""
        account_id = person_id() or 0
        sign_out_everywhere(account_id)
        account = current_app.appbuilder.sm.get_user_by_id(account_id)  # type: ignore[attr-defined]
        begin_session(account, stay=False)
        flash(words()(N_("All other sessions and all keys of this account have ended")), "success")
        return redirect(url_for(".index"))

    def page(self, problems: dict[str, str], typed: dict[str, str]) -> str:
        """The list and the form, with what was typed and what is wrong with it."""
        keys = [_shown(key) for key in keys_of(db.session(), person_id() or 0)]
        return render_template("pages/api_keys.html", keys=keys, problems=problems, typed=typed, days=DAYS)


def _shown(key: Any) -> dict[str, Any]:
    writer = words()
    state = "valid" if is_valid(key) else "revoked" if key.revoked_on else "ended"
    said = {"valid": N_("Valid"), "revoked": N_("Revoked"), "ended": N_("Expired")}[state]
    return {
        "id": key.id,
        "name": key.name,
        "begins": key.key_prefix,
        "made": writer.moment(_instant(key.created_on)),
        "used": writer.moment(_instant(key.last_used_on)) if key.last_used_on else writer(N_("Never")),
        "ends": writer.moment(_instant(key.revoked_on or key.expires_on)),
        "valid": state == "valid",
        "tone": {"valid": "ok", "revoked": "neutral", "ended": "warn"}[state],
        "state": writer(said),
    }


def _instant(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None else None


PAGE = ApiKeys
