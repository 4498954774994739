"""The page "My files": what was brought to the reader and what the reader has had made, as it is shown and as programs read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.core.clock import now
from app.core.languages import LANGUAGES, Words
from app.core.offers import all_offers
from app.core.phrases import from_json
from app.crud.reading import number_of
from app.domain.evaluation import COMPUTED, PRELIMINARY, STATES, SUPERSEDED
from app.domain.period import period_of
from app.domain.refusals import N_, Phrase
from app.domain.scorecard import Names
from app.entities.artefact import Artefact
from app.queries.calendar import city_zone
from app.queries.my_files import EXPORT, Asked, Entry
from app.services.parcels import size_of

SAID = {"zh": N_("Chinese"), "en": N_("English"), "zh+en": N_("Both languages"), "en+zh": N_("Both languages")}
EXPORTS = {
    "queued": (N_("Waiting"), "neutral"),
    "running": (N_("Running"), "neutral"),
    "done": (N_("Ready"), "ok"),
    "failed": (N_("Failed"), "bad"),
}


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file: where it is, and whether the reader has taken it."""

    name: str
    href: str
    format: str
    about: str
    taken: bool


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One arrival as the page shows it."""

    title: str
    about: str
    at: str
    full: str
    chips: Sequence[tuple[str, str]]
    files: Sequence[FileLine]
    gone: bool
    confirm: str = ""
    received: str = ""
    progress: str = ""


def asked_of(args: Mapping[str, str]) -> Asked:
    """What the address asks for; what makes no sense there is not asked."""
    return Asked(
        args.get("report", "")[:40], args.get("period", "")[:20], number_of(args.get("run", "")) or 0, args.get("show") == "waiting"
    )


def line_of(entry: Entry, writer: Words) -> EntryLine:
    """An arrival in words."""
    return _export(entry, writer) if entry.delivery is None else _brought(entry, writer)


def report_name(code: str, writer: Words) -> str:
    """A report by its title."""
    if code == EXPORT:
        return writer(N_("Exports of lists"))
    offer = all_offers().get(code)
    return writer(offer.title) if offer is not None else code


def period_name(key: str, writer: Words) -> str:
    """A period as people write it."""
    return writer.month(period_of(key, city_zone())) if key else ""


def _brought(entry: Entry, writer: Words) -> EntryLine:
    delivery, run = entry.delivery, entry.run
    assert delivery is not None
    reports = list(dict.fromkeys(one.report for one in entry.files))
    what = writer.listing([report_name(code, writer) for code in reports]) if reports else ""
    name = writer.names(Names(entry.schedule.name_zh, entry.schedule.name_en)) if entry.schedule is not None else ""
    period = period_name(run.period, writer)
    return EntryLine(
        title=writer(N_("%(report)s, %(period)s"), report=what or name or writer(N_("Files")), period=period) if period else what or name,
        about=name if what else "",
        at=writer.brief(entry.at, now()),
        full=writer.moment(entry.at),
        chips=[(writer(word), tone) for word, tone in _chips(entry)],
        files=[_file(one, entry, writer) for one in entry.files],
        gone=not entry.files,
        confirm="" if delivery.received_at is not None else url_for("MyFiles.confirm", delivery_id=delivery.id),
        received=writer.moment(delivery.received_at) if delivery.received_at is not None else "",
    )


def _chips(entry: Entry) -> list[tuple[str, str]]:
    """Unread, of which list it was printed, late, superseded."""
    delivery, found = entry.delivery, []
    assert delivery is not None
    if delivery.received_at is None and delivery.opened_at is None:
        found.append((N_("Unread"), "primary"))
    state = entry.files[0].state if entry.files else ""
    if state in STATES:
        found.append((STATES[state], "warn" if state in (COMPUTED, PRELIMINARY) else "ok"))
    if entry.evaluation is not None and entry.evaluation.state == SUPERSEDED:
        found.append((STATES[SUPERSEDED], "warn"))
    if entry.run.state == "superseded":
        found.append((N_("Superseded by newer files"), "neutral"))
    return found


def _file(one: Artefact, entry: Entry, writer: Words) -> FileLine:
    language = writer(SAID[one.language]) if one.language in SAID else one.language
    href = url_for("MyFiles.file", artefact_id=one.id)
    return FileLine(one.name, href, one.format, f"{language} · {size_of(one.size)}", one.id in entry.taken)


def _export(entry: Entry, writer: Words) -> EntryLine:
    run, result = entry.run, entry.run.result or {}
    ready = run.state == "done" and "digest" in result
    word, tone = EXPORTS.get(run.state, (run.state, "neutral"))
    rows = writer(N_("%(count)s rows"), count=result["rows"]) if ready and "rows" in result else ""
    reason = from_json(run.reason)
    files = [FileLine(result["name"], url_for("Runs.file", run_id=run.id), "xlsx", rows, False)] if ready else []
    return EntryLine(
        title=writer.phrase(from_json(run.title) or Phrase(N_("Export"))),
        about=writer.phrase(reason) if run.state == "failed" and reason is not None else writer(N_("Your own export")),
        at=writer.brief(entry.at, now()),
        full=writer.moment(entry.at),
        chips=[(writer(word), tone)],
        files=files,
        gone=run.state == "done" and not ready,
        progress="" if run.state in ("done", "failed") else url_for("Runs.show", run_id=run.id),
    )


def told(entry: Entry) -> dict[str, Any]:
    """An arrival as programs read it: codes, instants and hashes, no words."""
    delivery, run, result = entry.delivery, entry.run, entry.run.result or {}
    kept: list[dict[str, Any]] = [
        {
            "id": one.id,
            "name": one.name,
            "report": one.report,
            "format": one.format,
            "languages": [code for code in one.language.split("+") if code in LANGUAGES],
            "size": one.size,
            "sha256": one.digest,
            "href": f"/api/v1/my-files/files/{one.id}",
        }
        for one in entry.files
    ]
    if delivery is None and "digest" in result:
        kept = [{"name": result["name"], "report": EXPORT, "format": "xlsx", "sha256": result["digest"], "href": f"/runs/{run.id}/file"}]
    return {
        "id": delivery.id if delivery is not None else None,
        "run": run.id,
        "period": run.period,
        "late": run.late,
        "superseded": run.state == "superseded",
        "evaluation": {"state": entry.evaluation.state, "revision": entry.evaluation.revision} if entry.evaluation is not None else None,
        "arrived_at": entry.at.isoformat(),
        "opened_at": _iso(delivery.opened_at if delivery is not None else None),
        "received_at": _iso(delivery.received_at if delivery is not None else None),
        "files": kept,
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None
