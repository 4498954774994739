"""What every door for programs has in common: reading a JSON object, and saying no in words, with codes."""

from __future__ import annotations

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

    def sent(self) -> dict[str, Any]:
        """The JSON object that was sent; ``Refused`` with 400 where it is none, or nested beyond reading."""
        try:
            payload = request.get_json(silent=True)
        except RecursionError:
            payload = None
        if not isinstance(payload, dict):
            raise Refused("not-an-object", N_("Send a JSON object."), status=400)
        return dict(payload)
