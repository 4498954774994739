"""What every door for programs has in common: reading a JSON object, and saying no in words, with codes."""

from __future__ import annotations

import sys
from typing import Any

from flask import Response, jsonify, request

from app.core.languages import words
from app.crud.screen import Hardened
from app.domain.refusals import N_, NotAllowed, NotFound, Refused, RefusedAll

NOT_SIGNED_IN = N_("Sign in first: send a token or an API key that is valid.")


def refusal(refused: Refused, **more: Any) -> Response:
    """A refusal for a program: a stable code, a sentence, the field it concerns, and what else helps to go on."""
    writer = words()
    refusals = refused.refusals if isinstance(refused, RefusedAll) else (refused,)
    errors = [{"field": r.field, "code": r.code, "message": writer.phrase(r.phrase)} for r in refusals]
    message = errors[0]["message"] if len(errors) == 1 else writer.phrase(refused.phrase)
    answer = jsonify(message=message, errors=errors, **more)
    answer.status_code = refused.status
    if refused.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if refused.status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


class ProgramDoor(Hardened):
    """Comes before FAB's class among the bases, whose answers speak English only."""

    @staticmethod
    def refusal(refused: Refused, **more: Any) -> Response:
        """``refused`` as an answer."""
        return refusal(refused, **more)

    def response_401(self) -> Response:
        """Nobody is signed in."""
        return refusal(Refused("not-signed-in", NOT_SIGNED_IN, status=401))

    def response_403(self) -> Response:
        """The role does not allow it."""
        return refusal(NotAllowed())

    def response_404(self) -> Response:
        """There is no such record, or none to be seen."""
        return refusal(NotFound())

    def response_500(self, message: str | None = None) -> Response:
        """What FAB has caught goes on to the house's own answers: a busy database is 503, anything else is logged and said in words."""
        caught = sys.exc_info()[1]
        if caught is not None:
            raise caught
        raise RuntimeError(message or "a failure without a cause")

    def sent(self) -> dict[str, Any]:
        """The JSON object that was sent; ``Refused`` with 400 where it is none, or nested beyond reading."""
        try:
            payload = request.get_json(silent=True)
        except RecursionError:
            payload = None
        if not isinstance(payload, dict):
            raise Refused("not-an-object", N_("Send a JSON object."), status=400)
        return dict(payload)
