"""The hardened screen: FAB's ModelView with the kit's own ways of listing, showing, writing and refusing.

FAB keeps the class, its routes, its permissions and its place in the application; everything that FAB 5.3 gets wrong
(docs/adr/0003) is replaced here once, so that no generated screen can get it wrong again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_appbuilder import ModelView, expose, has_access
from flask_appbuilder.baseviews import BaseView
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app.core.db import db
from app.core.languages import words
from app.core.transaction import transaction
from app.crud import writing
from app.crud.access import person_id
from app.crud.aliases import OtherName, aliases_of, read_aliases, save_aliases
from app.crud.columns import Links, Origin, Reading
from app.crud.form_page import form_page
from app.crud.list_page import list_page, settings_of, shown_columns
from app.crud.listing import read_request
from app.crud.picking import pick
from app.crud.reading import number_of
from app.crud.resource import CREATE, DELETE, READ, UPDATE, Resource
from app.crud.show_page import show_page
from app.crud.tables import ListSetting, SavedFilter
from app.domain.refusals import N_, Refused, RefusedAll

Answer = AnyResponse | str | tuple[str, int]


class Hardened:
    """Marks a view as one of ours: the application refuses to start with any other."""


class PageView(Hardened, BaseView):
    """The base of pages that are not generated."""


class Screen(Hardened, ModelView):
    """List, show, add, edit and delete for one resource."""

    resource: ClassVar[Resource]
    method_permission_name: ClassVar[dict[str, str]] = {
        "list": READ,
        "show": READ,
        "pick": READ,
        "save_filter": READ,
        "drop_filter": READ,
        "save_columns": READ,
        "add": CREATE,
        "edit": UPDATE,
        "delete": DELETE,
    }
    exclude_route_methods: ClassVar[set[str]] = {"download", "action", "action_post"}

    # --- what FAB would prepare once for all requests is not prepared at all -----------------------------

    def _init_forms(self) -> None:
        """No shared form objects: forms are built per request from the declaration."""

    def _init_properties(self) -> None:
        """No shared filter object, no guessed columns."""
        self._base_filters = self.datamodel.get_filters()
        self.list_columns = self.show_columns = self.add_columns = self.edit_columns = list(self.resource.columns)
        for name in ("search_columns", "order_columns", "related_views", "_related_views"):
            setattr(self, name, [])
        for name in ("label_columns", "description_columns", "formatters_columns"):
            setattr(self, name, {})

    def _init_titles(self) -> None:
        """Titles come from the resource, in the reader's language."""
        self.list_title = self.show_title = self.add_title = self.edit_title = self.title = self.resource.plural

    @property
    def _filters(self) -> Any:
        """A fresh object for whoever asks: FAB shares one between all requests."""
        return self.datamodel.get_filters(search_columns=[])

    # --- reading -----------------------------------------------------------------------------------------

    @expose("/list/")
    @has_access
    def list(self) -> Answer:
        """The list, as the address asks for it."""
        session, writer = db.session(), words()
        setting = settings_of(session, self.resource, person_id())
        args = request.args
        if self.resource.recent and not args:
            return redirect(url_for(".list", f=f"{self.resource.recent}.last.{self.resource.recent_days}d"))
        asked = read_request(self.resource, args, setting.page_size if setting else 50)
        page = list_page(session, self.resource, asked, writer, person_id())
        page.notices = self.notices()
        return self.page("crud/list.html", page=page)

    @expose("/show/<int:pk>")
    @has_access
    def show(self, pk: int) -> Answer:
        """One record."""
        session = db.session()
        row = writing.fetch(session, self.resource, pk)
        return self.page("crud/show.html", page=show_page(session, self.resource, row, words()))

    @expose("/pick")
    @has_access
    def pick(self) -> Response:
        """Records for a picker, as JSON."""
        found = pick(db.session(), self.resource, request.args.get("q", "")[:80], words())
        return jsonify(found)

    # --- writing -----------------------------------------------------------------------------------------

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Answer:
        """A new record; on a refusal the form comes back with everything that was typed."""
        self.offered(CREATE)
        session, writer = db.session(), words()
        if request.method == "GET":
            presets = {k: v for k, v in request.args.items() if k in self.resource.written}
            return self.page("crud/form.html", page=form_page(session, self.resource, writer, presets=presets, aliases=[]))
        typed = request.form.to_dict(flat=False)
        aliases, refusals = read_aliases(typed) if self.resource.aliases else ([], [])
        try:
            row = writing.add(self.resource, self.raw(typed), self.reading(), self.aliases_hook(aliases, refusals))
        except Refused as refused:
            page = form_page(session, self.resource, writer, typed=typed, refused=refused, aliases=aliases)
            return self.page("crud/form.html", page=page), refused.status
        flash(writer(N_("“%(label)s” was created"), label=row.label()), "success")
        return self.after_save(row.id)

    @expose("/edit/<int:pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: int) -> Answer:
        """Change a record; who saves an old version is shown what changed meanwhile and loses nothing."""
        self.offered(UPDATE)
        session, writer = db.session(), words()
        row = writing.fetch(session, self.resource, pk)
        if request.method == "GET":
            page = form_page(session, self.resource, writer, row=row, aliases=aliases_of(session, row))
            return self.page("crud/form.html", page=page)
        typed = request.form.to_dict(flat=False)
        aliases, refusals = read_aliases(typed) if self.resource.aliases else ([], [])
        try:
            hook = self.aliases_hook(aliases, refusals, self.seen_version())
            row = writing.change(self.resource, pk, self.seen_version(), self.raw(typed), self.reading(), hook)
        except Refused as refused:
            row = writing.fetch(session, self.resource, pk)
            page = form_page(session, self.resource, writer, row=row, typed=typed, refused=refused, aliases=aliases)
            return self.page("crud/form.html", page=page), refused.status
        flash(writer(N_("“%(label)s” was saved"), label=row.label()), "success")
        return self.after_save(pk)

    @expose("/delete/<int:pk>", methods=["POST"])
    @has_access
    def delete(self, pk: int) -> Answer:
        """Delete a record that nothing uses."""
        self.offered(DELETE)
        writer = words()
        try:
            label = writing.delete(self.resource, pk, self.seen_version())
        except Refused as refused:
            flash(writer.phrase(refused.phrase), "danger")
            return redirect(url_for(".list") if refused.code == "not-found" else url_for(".show", pk=pk))
        flash(writer(N_("“%(label)s” was deleted"), label=label), "success")
        return redirect(url_for(".list"))

    # --- how one person likes this list --------------------------------------------------------------------

    @expose("/filters", methods=["POST"])
    @has_access
    def save_filter(self) -> Answer:
        """Keep the filter in force under a name."""
        user_id, name = person_id(), request.form.get("name", "").strip()[:60]
        query = request.form.get("query", "")[:2000]
        if user_id and name:
            with transaction() as session:
                mine = (SavedFilter.user_id == user_id, SavedFilter.resource == self.resource.name, SavedFilter.name == name)
                session.execute(delete(SavedFilter).where(*mine))
                shared = request.form.get("shared") == "1"
                session.add(SavedFilter(user_id=user_id, resource=self.resource.name, name=name, query=query, shared=shared))
            flash(words()(N_("The filter “%(name)s” was saved"), name=name), "success")
        return redirect(f"{url_for('.list')}?{query}")

    @expose("/filters/<int:pk>/delete", methods=["POST"])
    @has_access
    def drop_filter(self, pk: int) -> Answer:
        """Forget one of one's own filters."""
        with transaction() as session:
            session.execute(delete(SavedFilter).where(SavedFilter.id == pk, SavedFilter.user_id == person_id()))
        return redirect(url_for(".list"))

    @expose("/columns", methods=["POST"])
    @has_access
    def save_columns(self) -> Answer:
        """Choose columns and rows per page; ``reset`` goes back to the usual ones."""
        chosen = [name for name in request.form.getlist("columns") if name in self.resource.columns]
        reset = "reset" in request.form or not chosen
        with transaction() as session:
            setting = settings_of(session, self.resource, person_id()) or ListSetting(user_id=person_id(), resource=self.resource.name)
            setting.columns = [] if reset else chosen
            session.add(setting)
        return redirect(f"{url_for('.list')}?{request.form.get('query', '')[:2000]}")

    # --- shared by the doors above -------------------------------------------------------------------------

    def page(self, template: str, **values: Any) -> str:
        """Render a page of this resource."""
        return render_template(
            template, resource=self.resource, appbuilder=self.appbuilder, base_template=self.appbuilder.base_template, **values
        )

    def offered(self, verb: str) -> None:
        """A write that this resource does not offer is not there at all."""
        if not self.resource.permits(verb):
            abort(404)

    def reading(self) -> Reading:
        """Values come from a form in the reader's language."""
        return Reading(origin=Origin.FORM, words=words())

    def raw(self, typed: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """Only declared columns are taken from a form; of repeated ones all, of others the last."""
        found: dict[str, Any] = {}
        for name, column in self.resource.written.items():
            if isinstance(column, Links):
                found[name] = [value for value in typed.get(name, []) if value]
            elif name in typed:
                found[name] = typed[name][-1]
        return found

    def seen_version(self) -> int:
        """The version that the form was filled in for; 0 where it does not say."""
        return number_of(request.form.get("version", "")) or 0

    def aliases_hook(self, aliases: Sequence[OtherName], refusals: Sequence[Refused], seen: int = 0) -> writing.Hook:
        """Save other names with the record, or refuse both; a record at whose other names alone something changed is changed too."""

        def hook(session: Session, row: Any, _draft: Any) -> None:
            if refusals:
                raise RefusedAll(refusals)
            if self.resource.aliases and save_aliases(session, row, aliases) and row.version == seen:
                writing.touch(row)

        return hook

    def after_save(self, pk: int) -> AnyResponse:
        """Back to the list, or on to the record."""
        return redirect(url_for(".list") if request.form.get("then") == "list" else url_for(".show", pk=pk))

    def notices(self) -> Sequence[str]:
        """What a reader of the list must know; screens that extend this one have something to say."""
        return ()

    def columns_shown(self) -> tuple[str, ...]:
        """The columns this person sees in the list."""
        return shown_columns(self.resource, settings_of(db.session(), self.resource, person_id()))


def screen_of(resource: Resource, bases: tuple[type[Any], ...] = (Screen,)) -> type[Any]:
    """The screen class of a resource, ready for ``AppBuilder.add_view_no_menu``."""
    return type(
        f"{resource.name}Screen",
        bases,
        {
            "resource": resource,
            "datamodel": SQLAInterface(resource.entity),
            "route_base": f"/{resource.slug}",
            "class_permission_name": resource.name,
            "__doc__": f"Generated screens for {resource.entity.__tablename__}.",
            "__module__": __name__,
        },
    )
