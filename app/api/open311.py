"""Open311 GeoReport v2: citizens' programs list what can be reported, report it, and read how far it has come.

Reading is for everybody and says nothing of any person; reporting needs an API key of an account that may register tickets.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import update_wrapper
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Response, current_app, request
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi
from werkzeug.exceptions import HTTPException

from app.api.open311_answers import discovery, refused, service, service_request, written
from app.channels import open311 as channel
from app.core.acting import current_actor
from app.core.clock import now
from app.core.db import db
from app.core.languages import DEFAULT, LANGUAGES, set_language, words
from app.crud.access import account_may
from app.crud.program_door import ProgramDoor
from app.domain.intake import Enclosed
from app.domain.refusals import N_, NotAllowed, NotFound, Refused
from app.entities.account import Account
from app.entities.parameter import parameter
from app.queries.calendar import city_zone
from app.queries.open311 import Wanted, number_of_token, offered_matter, offered_matters, open_requests
from app.services.intake import take_in
from app.web.file_doors import limits, storage

MOST = 200
"""So many requests on one page at most."""


def _answered(door: Callable[..., Response]) -> Callable[..., Response]:
    """In the language asked for; whatever is refused is said in the specification's way."""

    def wraps(self: Open311, *args: Any, fmt: str, **kwargs: Any) -> Response:
        asked = request.values.get("locale", "")[:2]
        set_language(asked if asked in LANGUAGES else request.accept_languages.best_match(list(LANGUAGES), DEFAULT) or DEFAULT)
        try:
            return door(self, *args, fmt=fmt, **kwargs)
        except Refused as no:
            db.session.rollback()
            return refused(fmt, no, words())
        except HTTPException as no:
            db.session.rollback()
            return refused(
                fmt, Refused("http", N_("This cannot be done now. Wait a little, then try again."), status=no.code or 500), words()
            )

    return update_wrapper(wraps, door)


class Open311(ProgramDoor, BaseApi):
    """The specification's paths beneath ``/open311/v2``; every one ends in ``.json`` or ``.xml``."""

    route_base = "/open311"

    def add_api_spec(self, api_spec: Any) -> None:
        """Described by its own specification, not among our own calls."""

    @expose("/discovery.<any(json,xml):fmt>", methods=["GET"])
    @_answered
    def discovery(self, fmt: str) -> Response:
        """Where the endpoint is."""
        begun = datetime(2026, 11, 24, tzinfo=ZoneInfo(city_zone()))
        url = f"{current_app.config['PUBLIC_URL']}/open311/v2/"
        return written(fmt, discovery(url, begun, parameter(f"district.{words().language}")), "discovery")

    @expose("/v2/discovery.<any(json,xml):fmt>", methods=["GET"])
    def discovery_here(self, fmt: str) -> Response:
        """The same, for whoever looks for it beside the rest."""
        return self.discovery(fmt=fmt)

    @expose("/v2/services.<any(json,xml):fmt>", methods=["GET"])
    @_answered
    def services(self, fmt: str) -> Response:
        """What can be reported."""
        found = [service(matter, words()) for matter in offered_matters(db.session())]
        return written(fmt, found, "services", "service")

    @expose("/v2/services/<string:code>.<any(json,xml):fmt>", methods=["GET"])
    @_answered
    def service_definition(self, code: str, fmt: str) -> Response:
        """What more must be said about one of them: nothing."""
        matter = offered_matter(db.session(), code)
        if matter is None:
            raise NotFound(N_("There is no service with this code."))
        return written(fmt, {"service_code": matter.code, "attributes": []}, "service_definition")

    @expose("/v2/requests.<any(json,xml):fmt>", methods=["GET"])
    @_answered
    def requests(self, fmt: str) -> Response:
        """Tickets by number, or by days, service and state."""
        account = _key_owner(self) if _key() else None
        wanted = _wanted(account.id if account is not None else None)
        found, more = open_requests(db.session(), wanted)
        answer = written(fmt, [service_request(one, words()) for one in found], "service_requests", "request")
        if more:
            answer.headers["Link"] = f'<{_page(wanted.page + 1)}>; rel="next"'
        return answer

    @expose("/v2/requests/<string:no>.<any(json,xml):fmt>", methods=["GET"])
    @_answered
    def one_request(self, no: str, fmt: str) -> Response:
        """One ticket."""
        account = _key_owner(self) if _key() else None
        found, _ = open_requests(db.session(), Wanted(numbers=(no,), sender=account.id if account is not None else None))
        if not found:
            raise NotFound(N_("There is no request with this number, or it is not public."))
        return written(fmt, [service_request(found[0], words())], "service_requests", "request")

    @expose("/v2/tokens/<string:token>.<any(json,xml):fmt>", methods=["GET"])
    @_answered
    def token(self, token: str, fmt: str) -> Response:
        """The number of the ticket that a token stands for."""
        number = number_of_token(db.session(), token)
        if number is None:
            raise NotFound(N_("There is no request with this token."))
        return written(fmt, [{"service_request_id": number, "token": token}], "service_requests", "request")

    @expose("/v2/requests.<any(json,xml):fmt>", methods=["POST"])
    @_answered
    def post_request(self, fmt: str) -> Response:
        """Report a matter; sent again it is answered with the same number."""
        account = _key_owner(self)
        if not account_may(account, "create", "Ticket"):
            raise NotAllowed(N_("The owner of this API key may not register tickets."))
        said = {name: request.form.get(name, "") for name in channel.SAID}
        day = now().astimezone(ZoneInfo(city_zone())).strftime("%Y%m%d")
        files = [Enclosed(file.filename or "", file.stream) for file in request.files.getlist("media") if file.filename]
        report = channel.CHANNEL.read(said, account.id, day, request.headers.get("Idempotency-Key", ""), files)
        if offered_matter(db.session(), said["service_code"].strip()) is None:
            raise Refused("no-service", N_("There is no service with this code."), field="service_code", status=404)
        taken = take_in(report, storage(), limits())
        notice = words()(N_("Look-up code: %(code)s"), code=taken.ticket.lookup_code) if taken.ticket.lookup_code else ""
        made = {"service_request_id": taken.ticket.number, "service_notice": notice, "account_id": ""}
        return written(fmt, [made], "service_requests", "request", 201 if taken.fresh else 200)


def _key() -> str:
    """The key as the specification sends it, or as our other doors take it."""
    return request.values.get("api_key", "") or request.headers.get("X-API-Key", "")


def _key_owner(door: Open311) -> Account:
    """The account whose key was shown, which acts from here on; 403 for a missing or a wrong one, as the specification says."""
    secret = _key()
    account: Account | None = door.appbuilder.sm.validate_api_key(secret) if secret else None
    if account is None or current_actor().user_id != account.id:
        raise Refused("api-key", N_("Send a valid API key as “api_key”."), field="api_key", status=403)
    return account


def _wanted(sender: int | None) -> Wanted:
    states = _listed("status")
    if set(states) - {"open", "closed"}:
        raise Refused("status", N_("“status” is open or closed"), field="status", status=400)
    return Wanted(
        numbers=_listed("service_request_id"),
        services=_listed("service_code"),
        states=states,
        start=_moment("start_date"),
        end=_moment("end_date"),
        page=_count("page", 1, 100_000),
        size=_count("page_size", 100, MOST),
        sender=sender,
    )


def _listed(name: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in request.args.get(name, "").split(",") if part.strip())
    if len(found) > MOST:
        raise Refused("too-many", N_("“%(name)s” names more than %(most)d"), field=name, status=400, name=name, most=MOST)
    return found


def _count(name: str, usual: int, most: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= most):
        raise Refused("not-a-number", N_("“%(name)s” is a whole number from 1 to %(most)d"), field=name, status=400, name=name, most=most)
    return int(text)


def _moment(name: str) -> datetime | None:
    """ISO 8601; without a zone it is the city's clock."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(
            "not-a-moment", N_("“%(value)s” is not a time; write it as 2026-11-24T09:15:00Z"), field=name, status=400, value=text[:40]
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(city_zone()))


def _page(number: int) -> str:
    """The address of another page of the same question, without the key."""
    kept = {name: value for name, value in request.args.items() if name not in ("page", "api_key")}
    return f"{current_app.config['PUBLIC_URL']}{request.path}?{urlencode({**kept, 'page': number})}"


API = Open311
