"""The laboratory's screens and programs' doors: plain Flask-AppBuilder, one view per thing to be seen."""

from __future__ import annotations

from threading import Barrier, BrokenBarrierError
from typing import Any

from flask import Response, g, jsonify, redirect
from flask_appbuilder import BaseView, ModelRestApi, ModelView, action, expose, has_access
from flask_appbuilder.charts.views import GroupByChartView
from flask_appbuilder.models.group import aggregate_count
from flask_appbuilder.models.sqla.filters import FilterEqualFunction
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_login import login_user

from tests.plainfab.tables import Case, Desk, Office, Room, Word

STATEMENTS: list[str] = []
"""Every statement since somebody last looked."""


def own_office() -> int | None:
    """The office of whoever is signed in, as an application would look it up."""
    return {"north": 1, "south": 2}.get(g.user.username)


class CaseView(ModelView):
    """Cases of one's own office, with an action."""

    datamodel = SQLAInterface(Case)
    base_filters = [["office_id", FilterEqualFunction, own_office]]
    list_columns = ["title", "done", "size", "opened", "office"]
    add_columns = ["title", "size", "office"]
    edit_columns = ["title", "opened", "office"]

    def pre_add(self, item: Case) -> None:
        """A rule of the trade."""
        if item.title == "forbidden":
            raise ValueError("this title is not allowed")

    @action("close", "Close", "Close these cases?", "fa-check")
    def close(self, items: Any) -> Any:
        """Close one case or several."""
        for item in items if isinstance(items, list) else [items]:
            item.done = True
            self.datamodel.edit(item)
        return redirect("/caseview/list/")


class AllCasesView(ModelView):
    """Every case."""

    route_base = "/allcases"
    datamodel = SQLAInterface(Case)
    list_columns = ["title", "done", "size", "opened", "office", "helper"]
    search_columns = ["title", "size", "opened", "office"]
    add_columns = ["title", "office"]
    edit_columns = ["title", "opened", "office"]


class LeanCasesView(ModelView):
    """Every case, searched by title only, as FAB's documentation advises for large related tables."""

    route_base = "/leancases"
    datamodel = SQLAInterface(Case)
    list_columns = ["title", "office", "helper"]
    search_columns = ["title"]
    order_columns = ["title"]


class CaseChart(GroupByChartView):
    """How many cases there are of each title."""

    datamodel = SQLAInterface(Case)
    chart_title = "Cases"
    definitions = [{"group": "title", "series": [(aggregate_count, "id")]}]


class RoomView(ModelView):
    """Rooms."""

    datamodel = SQLAInterface(Room)
    list_columns = ["name"]
    show_columns = edit_columns = add_columns = ["name"]


class DeskView(ModelView):
    """Desks, whose numbers are unique within their room."""

    datamodel = SQLAInterface(Desk)
    list_columns = ["number", "room"]


class OfficeView(ModelView):
    """Offices, with the cases that belong to each."""

    datamodel = SQLAInterface(Office)
    list_columns = ["name"]
    show_columns = ["name"]
    related_views = [AllCasesView]


class OfficeViewSecret(ModelView):
    """A view whose name begins like another's."""

    datamodel = SQLAInterface(Office)


MEETING = Barrier(2)


def plausible(size: int) -> bool:
    """A rule that takes its time, as rules do that look something up: here until another request is in it too."""
    try:
        MEETING.wait(5)
    except BrokenBarrierError:
        MEETING.reset()
    return size >= 0


class CaseApi(ModelRestApi):
    """Cases for programs; only titles and offices are listed."""

    resource_name = "cases"
    allow_browser_login = True
    datamodel = SQLAInterface(Case)
    list_columns = ["title", "office.name"]
    edit_columns = ["size", "phone"]
    validators_columns = {"size": plausible}


class WholeCaseApi(ModelRestApi):
    """Cases as FAB makes them when nobody names columns, and a relation listed without a leaf."""

    resource_name = "wholecases"
    allow_browser_login = True
    datamodel = SQLAInterface(Case)
    list_columns = ["title", "office"]


class WordApi(ModelRestApi):
    """Words for programs; the key is among the columns."""

    resource_name = "words"
    allow_browser_login = True
    datamodel = SQLAInterface(Word)
    add_columns = ["code", "text"]
    list_columns = ["code", "text"]


class Bench(BaseView):
    """What the tests need: signing in without the limit on attempts, and the statements that were run."""

    route_base = "/bench"

    @expose("/enter/<string:name>")
    def enter(self, name: str) -> Response:
        """Sign in."""
        account = self.appbuilder.sm.find_user(name)
        login_user(account)
        return jsonify(id=account.id, shown=account.get_full_name())

    @expose("/reset/<string:name>/<string:password>")
    def reset(self, name: str, password: str) -> Response:
        """An administrator gives somebody a new password, by FAB's own verb."""
        self.appbuilder.sm.reset_password(self.appbuilder.sm.find_user(name).id, password)
        return jsonify(done=True)

    @expose("/statements")
    def statements(self) -> Response:
        """Statements since the last look."""
        found = list(STATEMENTS)
        STATEMENTS.clear()
        return jsonify(found)

    @expose("/forgotten")
    def forgotten(self) -> Response:
        """A door whose author forgot ``@has_access``."""
        return jsonify(secret="open to everybody")

    @expose("/guarded")
    @has_access
    def guarded(self) -> Response:
        """A door with it."""
        return jsonify(secret="for the signed-in")


SCREENS = (CaseView, AllCasesView, LeanCasesView, CaseChart, RoomView, DeskView, OfficeView, OfficeViewSecret)
DOORS = (CaseApi, WholeCaseApi, WordApi)
