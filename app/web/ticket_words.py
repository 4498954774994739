"""What happened to a ticket, in words: a sentence for every action of the table of moves, filled from what the event keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.core.clock import now
from app.core.languages import Words
from app.domain.moves import BY_ACTION
from app.domain.refusals import N_
from app.domain.workflow import URGENCIES
from app.entities.dictionary_entry import dictionary

SENTENCES: Mapping[str, tuple[str, ...]] = {
    "report": (N_("split off from %(split_from)s and registered"), N_("registered the matter")),
    "correct": (N_("corrected the imported record"),),
    "amend": (N_("amended the registration"),),
    "dispatch": (N_("dispatched to %(unit)s"),),
    "dispatch_as_proposed": (N_("dispatched to %(unit)s, as proposed"),),
    "dispatch_otherwise": (N_("dispatched to %(unit)s; proposed was %(proposed)s"), N_("dispatched to %(unit)s")),
    "redirect": (N_("redirected to %(unit)s"),),
    "sign": (N_("signed"),),
    "request_return": (N_("asked to return the ticket: %(reason)s"),),
    "cancel_return": (N_("keeps the ticket after all"),),
    "approve_return": (N_("accepted the return; next unit: %(unit)s"), N_("accepted the return; back to the dispatchers")),
    "reject_return": (N_("rejected the return"),),
    "lapse_return": (N_("let the request to return the ticket lapse, nobody decided in time"),),
    "escalate": (N_("escalated to the command centre as upward backstop"),),
    "backstop": (N_("assigned to %(unit)s as downward backstop"),),
    "start": (N_("started handling"),),
    "contact": (N_("contacted the citizen"),),
    "note": (N_("added a note"),),
    "refer": (N_("referred the citizen to %(partner)s"),),
    "request_extension": (N_("asked for an extension until %(wanted_at)s"),),
    "approve_extension": (N_("granted the extension; due %(due_at)s instead of %(old_due_at)s"), N_("granted the extension")),
    "reject_extension": (N_("refused the extension"),),
    "request_suspension": (N_("asked to suspend until %(until)s: %(reason)s"),),
    "approve_suspension": (N_("granted the suspension until %(until)s"),),
    "reject_suspension": (N_("refused the suspension"),),
    "resume": (N_("resumed; due %(due_at)s instead of %(old_due_at)s"), N_("resumed")),
    "resume_on_time": (
        N_("ended the suspension when its time was over; due %(due_at)s instead of %(old_due_at)s"),
        N_("ended the suspension when its time was over"),
    ),
    "recompute": (N_("the calendar changed; due %(due_at)s instead of %(old_due_at)s"), N_("the calendar changed; due times told anew")),
    "supervise": (N_("issued a supervision order to %(unit)s; answer by %(due_at)s"), N_("issued a supervision order to %(unit)s")),
    "answer_order": (N_("answered the supervision order"),),
    "call": (N_("called %(departments)s: %(reason)s"), N_("called %(departments)s")),
    "sign_call": (N_("signed the call"),),
    "respond": (N_("responded to the call"),),
    "return_call": (N_("asked to return the call: %(reason)s"),),
    "accept_call_return": (N_("released %(unit)s from the call"),),
    "reject_call_return": (N_("upheld the call on %(unit)s"),),
    "lapse_call_return": (N_("let the request of %(unit)s to return the call lapse, nobody decided in time"),),
    "report_in": (N_("reported in: %(person)s, %(place)s"), N_("reported in: %(person)s"), N_("reported in")),
    "record_report_in": (N_("recorded who came of %(unit)s: %(person)s"),),
    "mark_absent": (N_("recorded that nobody of %(unit)s came"),),
    "give_opinion": (N_("gave a consultation opinion"),),
    "conclude": (N_("submitted the consultation opinion"),),
    "finish": (N_("reported the own task done"),),
    "withdraw_call": (N_("withdrew the call on %(unit)s"),),
    "claim_done": (N_("claimed completion: %(result)s"),),
    "complete": (N_("verified and completed: %(result)s"), N_("completed")),
    "reject_claim": (N_("did not accept the completion; due %(due_at)s"), N_("did not accept the completion")),
    "take_review": (N_("started the review"),),
    "pass_review": (N_("passed the review; ratings are open"),),
    "fail_review": (N_("sent back for rework; due %(due_at)s"), N_("sent back for rework")),
    "archive": (N_("archived"),),
    "archive_on_time": (N_("archived the ticket when the rating window ended"),),
    "reopen": (N_("reopened; %(unit)s handles it"),),
    "rate_department": (N_("rated %(unit)s"),),
    "rate_street_town": (N_("rated the call of %(unit)s"),),
    "rate_publicly": (N_("rated: %(satisfaction)s"),),
    "follow_up": (
        N_("followed up with the citizen: %(solved)s, %(satisfaction)s"),
        N_("followed up with the citizen: %(satisfaction)s"),
        N_("followed up with the citizen"),
    ),
    "follow_up_missed": (N_("did not reach the citizen for a follow-up"),),
    "annul_rating": (N_("annulled a rating"),),
    "merge": (N_("merged into %(into)s"),),
    "split": (N_("split off %(ticket)s"),),
    "void": (N_("declared void: %(reason)s"),),
    "restore": (N_("took back what ended the ticket"),),
    "attach": (N_("added the file “%(name)s”"),),
    "detach": (N_("removed the file “%(name)s”"), N_("removed a file")),
    "return": (N_("asked to return the ticket: %(reason)s"), N_("asked to return the ticket")),
    "rate": (N_("citizen's rating: %(rating)s"),),
}
"""For each action its sentences, the fullest first; the first one of which everything is known is spoken."""

QUOTED = ("note", "reason", "opinion", "answer", "comment", "waiver")
"""What people typed, in the order in which it is quoted."""

LABELLED: Mapping[str, str] = {
    "participants": N_("Who took part"),
    "tasks": N_("Who does what by when"),
    "checks": N_("Checked"),
    "left_out": N_("Files that could not be kept"),
}

_AMENDED = {need.name: need.label for need in BY_ACTION["amend"].needs}
_URGENCIES = {urgency.code: urgency.name for urgency in URGENCIES}
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_MOMENTS = frozenset({"due_at", "old_due_at", "wanted_at", "until", "from_at"})
_WORDS: Mapping[str, str] = {"result": "result", "satisfaction": "rating", "solved": "rate_effect"}


@dataclass(frozen=True, slots=True)
class Names:
    """What the numbers in events stand for, as far as the reader may see it."""

    units: Mapping[int, str]
    tickets: Mapping[int, str]
    partners: Mapping[int, str]
    matters: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """An event in words: the sentence without its subject, and what people typed, word for word."""

    sentence: str
    quotes: tuple[tuple[str, str], ...] = ()


def told(action: str, details: Mapping[str, Any], names: Names, writer: Words) -> Told:
    """Put an event into words. Actions that nobody knows any more are called so, never by their code."""
    known = {key: said for key, value in details.items() if (said := _said(action, key, value, names, writer))}
    templates = SENTENCES.get(_shade(action, details)) or (N_("recorded a step of an earlier version"),)
    fitting = next((t for t in templates if set(_PLACEHOLDER.findall(t)) <= known.keys()), templates[-1])
    used = set(_PLACEHOLDER.findall(fitting))
    sentence = writer(fitting, **{name: known.get(name) for name in used}) if used else writer(fitting)
    quotes = [("", known[key]) for key in QUOTED if key in known and key not in used and not _is_code(action, key)]
    quotes += [(writer(label), known[key]) for key, label in LABELLED.items() if key in known]
    quotes += (
        [(writer(N_("Stood there before")), text) for text in _before(details.get("before"), names, writer)] if action == "amend" else []
    )
    return Told(sentence, tuple(quotes))


def _shade(action: str, details: Mapping[str, Any]) -> str:
    """Where one action is told in several ways: which of them."""
    if action == "follow_up" and not details.get("reached"):
        return "follow_up_missed"
    if action == "dispatch" and details.get("proposed"):
        return "dispatch_as_proposed" if details.get("followed") else "dispatch_otherwise"
    return action


def _before(before: Any, names: Names, writer: Words) -> list[str]:
    """What stood there before an amendment; an empty place is said to have been empty."""
    found = []
    for key, value in (before or {}).items():
        known = {"matter": names.matters.get(value), "street_town": names.units.get(value)}
        said = writer(_URGENCIES.get(str(value), "")) if key == "urgency" else known.get(key, value)
        found.append(f"{writer(_AMENDED.get(key, key))}{writer(N_(': '))}{writer.any(said)}")
    return found


def _is_code(action: str, key: str) -> bool:
    return _dictionary(action, key) != ""


def _dictionary(action: str, key: str) -> str:
    """The dictionary that a value of this move comes from."""
    move = BY_ACTION.get(action)
    need = next((n for n in move.needs if n.name == key), None) if move else None
    if need is not None and need.kind in ("choice", "choices"):
        return need.of
    if (action, key) in {("return", "reason"), ("rate", "rating")}:
        return {"reason": "return_reason", "rating": "rating"}[key]
    return _WORDS.get(key, "")


def _said(action: str, key: str, value: Any, names: Names, writer: Words) -> str:
    if value in (None, "", [], {}) or isinstance(value, (dict, bool)):
        return ""
    if key in ("unit", "proposed"):
        return names.units.get(value, "")
    if key == "departments":
        return writer.listing([names.units[unit] for unit in value if unit in names.units]) if value else ""
    if key == "into":
        return names.tickets.get(value) or writer(N_("another ticket"))
    if key == "partner":
        return names.partners.get(value, "")
    if key in _MOMENTS:
        return writer.brief(datetime.fromisoformat(str(value)), now())
    source = _dictionary(action, key)
    if source:
        return words_of(source, value, writer)
    return writer.listing([str(item) for item in value]) if isinstance(value, list) else str(value)


def words_of(source: str, value: Any, writer: Words) -> str:
    """One or several codes of a dictionary as people read them; a code that is no longer there stays as it is."""
    labels = {option.value: option.text(writer) for option in dictionary(source)()}
    codes = value if isinstance(value, list) else [value]
    return writer.listing([labels.get(str(code), str(code)) for code in codes])
