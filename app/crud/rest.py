"""The hardened REST door: FAB's ModelRestApi with the kit's lists, rules and refusals, and nothing shared between requests."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import quote

from flask import Response, request
from flask_appbuilder import ModelRestApi
from flask_appbuilder.const import API_FILTERS_RIS_KEY, API_SELECT_COLUMNS_RIS_KEY
from flask_appbuilder.models.sqla.interface import SQLAInterface

from app.core.db import db
from app.core.languages import words
from app.crud import writing
from app.crud.asking import guard
from app.crud.columns import Origin, Reading
from app.crud.filters import OPERATORS, Condition, operators_of, where
from app.crud.listing import Asked, count, eager, matching, ordered, sortable
from app.crud.lookups import Lookups
from app.crud.program_door import ProgramDoor
from app.crud.reading import number_of
from app.crud.resource import CREATE, DELETE, READ, UPDATE, Resource
from app.crud.schemas import read_schema, write_schema
from app.domain.refusals import N_, Refused, RefusedAll

DEEPEST = 10_000


class RestApi(ProgramDoor, ModelRestApi):
    """List, read, add, change and delete for one resource, at FAB's paths and with FAB's documentation."""

    resource: ClassVar[Resource]
    address: ClassVar[str] = "id"
    """The column that names a record in the address of what was made."""
    csrf_exempt = True
    method_permission_name: ClassVar[dict[str, str]] = {
        "get_list": READ,
        "get": READ,
        "info": READ,
        "post": CREATE,
        "put": UPDATE,
        "delete": DELETE,
    }

    def _init_properties(self) -> None:
        """Every column is named; nothing is guessed, so nothing slips out."""
        names = ["id", "version", *self.resource.fields]
        self.list_columns = self.show_columns = self.list_select_columns = self.show_select_columns = names
        self.add_columns = list(self.resource.written)
        self.edit_columns = [name for name, column in self.resource.written.items() if not column.fixed]
        self.search_columns = list(self.resource.filtered)
        self.order_columns = list(sortable(self.resource))
        self.label_columns = {name: column.label for name, column in self.resource.fields.items()}
        self.description_columns = {name: column.help for name, column in self.resource.fields.items() if column.help}
        self._base_filters = self.datamodel.get_filters(search_columns=[])
        for name in ("add_query_rel_fields", "edit_query_rel_fields", "order_rel_fields"):
            setattr(self, name, {})

    def _init_model_schemas(self) -> None:
        """Schemas that only write out; FAB's would carry a row from one request into another."""
        name = type(self).__name__
        self.list_model_schema = read_schema(self.resource, f"{name}_list")
        self.show_model_schema = read_schema(self.resource, f"{name}_show")
        self.add_model_schema = write_schema(self.resource, f"{name}_add", partial=False)
        self.edit_model_schema = write_schema(self.resource, f"{name}_edit", partial=True)

    def create_blueprint(self, *args: Any, **kwargs: Any) -> Any:
        """FAB's blueprint, with a look at what is asked before FAB reads it."""
        return guard(super().create_blueprint(*args, **kwargs))

    def _init_titles(self) -> None:
        """Titles come from the resource."""
        self.list_title = self.show_title = self.add_title = self.edit_title = self.title = self.resource.plural

    @property
    def _filters(self) -> Any:
        """A fresh object for whoever asks: FAB shares one between all requests."""
        return self.datamodel.get_filters(search_columns=[])

    def _label_columns_json(self, cols: list[str] | None = None) -> dict[str, Any]:
        """Labels in the reader's language."""
        return {name: self.resource.fields[name].caption(words()) for name in cols or () if name in self.resource.fields}

    def _description_columns_json(self, cols: list[str] | None = None) -> dict[str, Any]:
        """Help in the reader's language."""
        return {name: words()(self.description_columns[name]) for name in cols or () if name in self.description_columns}

    # --- reading -----------------------------------------------------------------------------------------

    def info_headless(self, **kwargs: Any) -> Response:
        """What this resource offers to the asking program; linked tables are never listed here."""
        writer = words()
        columns = [
            {"name": n, "label": c.caption(writer), "required": c.required, "type": c.kind, "description": writer(c.help) if c.help else ""}
            for n, c in self.resource.written.items()
        ]
        filters = {n: [{"operator": o, "name": writer(OPERATORS[o])} for o in operators_of(c)] for n, c in self.resource.filtered.items()}
        allowed = [p for p in self.base_permissions if self.appbuilder.sm.has_access(p, self.class_permission_name)]
        edit = [column for column in columns if column["name"] in self.edit_columns]
        return self.response(200, add_columns=columns, edit_columns=edit, filters=filters, permissions=allowed)

    def get_list_headless(self, **kwargs: Any) -> Response:
        """A page of records: the same conditions, order and row scope as on the screen."""
        args = kwargs.get("rison", {})
        try:
            asked = self._asked(args)
        except Refused as refused:
            return self.refusal(refused)
        size, page = self._page_of(args)
        if size * page > DEEPEST:
            return self.response_400(message=words()(N_("Pages beyond %(most)d rows are not served; narrow the filter."), most=DEEPEST))
        session = db.session()
        statement = matching(self.resource, asked)
        total = count(session, statement)
        statement, _ = ordered(self.resource, statement, asked)
        statement = statement.options(*eager(self.resource, tuple(self.resource.fields))).offset(size * page).limit(size)
        rows = list(session.execute(statement).scalars())
        columns = [name for name in args.get(API_SELECT_COLUMNS_RIS_KEY, []) if name in self.list_columns]
        answer: dict[str, Any] = {}
        self.set_response_key_mappings(answer, self.get_list, args, **{API_SELECT_COLUMNS_RIS_KEY: columns})
        result = self.list_model_schema.dump(rows, many=True)
        if columns:
            result = [{key: value for key, value in row.items() if key in columns} for row in result]
        return self.response(200, **answer, ids=[row.id for row in rows], count=total, result=result)

    def get_headless(self, pk: int, **kwargs: Any) -> Response:
        """One record."""
        try:
            row = writing.fetch(db.session(), self.resource, int(pk))
        except Refused as refused:
            return self.refusal(refused)
        args = kwargs.get("rison", {})
        answer: dict[str, Any] = {}
        self.set_response_key_mappings(answer, self.get, args, **{API_SELECT_COLUMNS_RIS_KEY: []})
        return self.response(200, **answer, id=row.id, result=self.show_model_schema.dump(row))

    # --- writing -----------------------------------------------------------------------------------------

    def post_headless(self) -> Response:
        """A new record, by the same rules and with the same refusals as the form."""
        try:
            row = writing.add(self.resource, self._payload(CREATE), self._reading())
        except Refused as refused:
            return self.refusal(refused)
        named = {} if self.address == "id" else {self.address: getattr(row, self.address)}
        answer = self.response(201, id=row.id, version=row.version, **named, result=self.show_model_schema.dump(row))
        answer.headers["Location"] = f"{self.route_base}/{quote(str(getattr(row, self.address)))}"
        return answer

    def put_headless(self, pk: Any) -> Response:
        """Change a record; ``version`` (or ``If-Match``) says which state was seen."""
        try:
            payload = self._payload(UPDATE)
        except Refused as refused:
            return self.refusal(refused)
        number, version = number_of(pk), number_of(payload.pop("version", None) or request.headers.get("If-Match", "").strip('"'))
        if number is None:
            return self.response_404()
        if version is None:
            return self.response(428, message=words()(N_("Send the “version” you read, so that nobody's change is overwritten.")))
        try:
            row = writing.change(self.resource, number, version, payload, self._reading())
        except Refused as refused:
            return self.refusal(refused)
        return self.response(200, id=row.id, result=self.show_model_schema.dump(row))

    def delete_headless(self, pk: Any) -> Response:
        """Delete a record that nothing uses."""
        number, version = number_of(pk), number_of(request.args.get("version", "") or request.headers.get("If-Match", "").strip('"'))
        if not self.resource.permits(DELETE) or number is None:
            return self.response_404()
        if version is None:
            return self.response(428, message=words()(N_("Send the “version” you read, so that nobody's change is overwritten.")))
        try:
            writing.delete(self.resource, number, version)
        except Refused as refused:
            return self.refusal(refused)
        return self.response(200, message="OK")

    # --- shared ------------------------------------------------------------------------------------------

    def _asked(self, args: dict[str, Any]) -> Asked:
        """FAB's rison arguments as a request of the kit."""
        conditions = []
        for item in args.get(API_FILTERS_RIS_KEY, [])[:30]:
            value = item.get("value")
            values = tuple(_text(part) for part in value) if isinstance(value, list) else (_text(value),)
            condition = Condition(str(item.get("col", "")), str(item.get("opr", "")), values)
            where(self.resource, condition)
            conditions.append(condition)
        order = args.get("order_column") or self.resource.order.lstrip("-")
        if order not in sortable(self.resource):
            raise Refused("bad-order", N_("This list cannot be ordered by “%(value)s”"), value=str(order)[:60], status=400)
        descending = args.get("order_direction") == "desc" if args.get("order_column") else self.resource.order.startswith("-")
        return Asked(conditions=tuple(conditions), order=order, descending=descending)

    def _page_of(self, args: dict[str, Any]) -> tuple[int, int]:
        page, size = self._handle_page_args(args)
        return max(1, min(int(size or 20), 200)), max(0, int(page or 0))

    def _payload(self, verb: str) -> dict[str, Any]:
        """The columns a program sends; ``Refused`` where these records are not written here, or some cannot be."""
        if not self.resource.permits(verb):
            raise Refused("not-written-here", N_("These records are not written here."), status=405)
        payload = self.sent()
        unknown = sorted(str(key)[:40] for key in payload if key not in self.resource.written and key != "version")
        if unknown:
            raise RefusedAll(Refused("unknown-field", N_("Unknown or read-only: %(names)s"), field=name, names=name) for name in unknown)
        return payload

    def _reading(self) -> Reading:
        lookups = Lookups(db.session())
        return Reading(origin=Origin.API, words=words(), resolve=lookups)


def _text(value: Any) -> str:
    return {True: "1", False: "0"}[value] if isinstance(value, bool) else str(value)


def api_of(resource: Resource, base: type[RestApi] = RestApi) -> type[Any]:
    """The REST class of a resource, ready for ``AppBuilder.add_api``."""
    return type(
        f"{resource.name}Api",
        (base,),
        {
            "resource": resource,
            "datamodel": SQLAInterface(resource.entity),
            "resource_name": resource.slug,
            "class_permission_name": resource.name,
            "openapi_spec_tag": resource.plural,
            "exclude_route_methods": _not_offered(resource),
            "__doc__": f"REST for {resource.entity.__tablename__}.",
            "__module__": __name__,
        },
    )


def _not_offered(resource: Resource) -> set[str]:
    verbs = {CREATE: "post", UPDATE: "put", DELETE: "delete"}
    return {method for verb, method in verbs.items() if not resource.permits(verb)}
