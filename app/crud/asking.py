"""What programs ask in an address (``?q=``, Rison or JSON), looked at before FAB reads it.

FAB expects one kind of failure of its reader only; ``((`` or ``!`` raise others, and would be answered as faults of ours.
"""

from __future__ import annotations

import prison
from flask import Blueprint, Response, jsonify, request
from prison.decoder import ParserException

from app.core.languages import words
from app.domain.refusals import N_

LONGEST = 8_000


def guard(blueprint: Blueprint) -> Blueprint:
    """Refuse, with 400 and a sentence, whatever cannot be read at the doors of ``blueprint``."""
    blueprint.before_request(_refuse_unreadable)
    return blueprint


def _refuse_unreadable() -> Response | None:
    asked = request.args.get("q", "")
    if not asked or readable(asked):
        return None
    answer = jsonify(message=words()(N_("“%(value)s” cannot be read as Rison or JSON"), value=asked[:80]))
    answer.status_code = 400
    return answer


def readable(asked: str) -> bool:
    """Whether FAB's reader either reads ``asked`` or says itself that it does not."""
    if len(asked) > LONGEST:
        return False
    try:
        prison.loads(asked)
    except ParserException:
        return True
    except (ValueError, IndexError, TypeError, RecursionError):
        return False
    return True
