"""The public form (网上反映): what a citizen types on a telephone, without an account, becomes a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.channels import Channel
from app.domain.intake import Enclosed, Report, title_of
from app.domain.refusals import N_, Refused, RefusedAll

CODE = "WEB_FORM"
FIELDS = ("description", "address", "street_town", "reporter_name", "reporter_phone")
MOST_LETTERS = 2000
MOST_FILES = 3


def read(said: Mapping[str, str], number: str, files: Sequence[Enclosed] = ()) -> Report:
    """``number`` is the form's own: sent twice, it is one report. Raises ``RefusedAll`` with every reason."""
    given: dict[str, Any] = {name: said.get(name, "").strip() for name in FIELDS}
    refusals = []
    if not title_of(given["description"]):
        refusals.append(Refused("required", N_("Say what the matter is"), field="description"))
    elif len(given["description"]) > MOST_LETTERS:
        refusals.append(Refused("too-long", N_("Write at most %(most)d characters"), field="description", most=MOST_LETTERS))
    if not given["address"]:
        refusals.append(Refused("required", N_("Say where it is, so that somebody can find it"), field="address"))
    if len(files) > MOST_FILES:
        refusals.append(Refused("too-many-files", N_("At most %(most)d photographs"), field="file", most=MOST_FILES))
    if refusals:
        raise RefusedAll(refusals)
    return Report(CODE, CODE, number, {**given, "title": title_of(given["description"]), "reporter_type": "public"}, tuple(files))


CHANNEL = Channel(CODE, N_("Public form"), read)
