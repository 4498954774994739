"""Accounts: the generated screens, and giving somebody a fresh password."""

from __future__ import annotations

from typing import ClassVar

from flask import flash, redirect, url_for
from flask_appbuilder import expose, has_access

from app.core.db import db
from app.core.languages import words
from app.crud.exchange_screen import ExchangeScreen
from app.crud.screen import Answer
from app.crud.writing import fetch
from app.domain.refusals import Refused
from app.services.sign_in import reset_password


class AccountScreen(ExchangeScreen):
    """Who may sign in. Passwords are never typed for others: they are made, shown once, and changed by their owner."""

    method_permission_name: ClassVar[dict[str, str]] = {**ExchangeScreen.method_permission_name, "reset": "reset"}

    @expose("/reset/<int:pk>", methods=["POST"])
    @has_access
    def reset(self, pk: int) -> Answer:
        """A fresh random password; all sessions of the account end, a lock is lifted."""
        account = fetch(db.session(), self.resource, pk)
        name = account.label()
        try:
            fresh = reset_password(pk)
        except Refused as refused:
            flash(words().phrase(refused.phrase), "danger")
            return redirect(url_for(".show", pk=pk))
        return self.page("pages/fresh_password.html", name=name, password=fresh, back=url_for(".show", pk=pk))


SCREEN = ("User", AccountScreen)
