"""Verifying a file (验真): whoever holds one learns which evaluation it is, whether it was altered, and whether it was superseded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import render_template, request, url_for
from flask_appbuilder import expose
from werkzeug.datastructures import FileStorage

from app.core.acting import current_actor
from app.core.db import db
from app.core.languages import Words, words
from app.core.storage import digest_of
from app.crud.screen import Answer
from app.domain.refusals import N_, Refused
from app.domain.scorecard import Names
from app.entities.evaluation import Evaluation
from app.queries.produced_files import ALTERED, GENUINE, PUBLIC, UNKNOWN, by_file, by_hash, typed_hash
from app.queries.produced_files import Answer as Found
from app.queries.scores import period_of
from app.web.evaluation_page import STATES
from app.web.file_doors import limits, storage
from app.web.misses import check, miss
from app.web.public_page import PublicPage, notice

VERDICTS = {
    GENUINE: (N_("Genuine"), "ok", N_("These are the bytes that left the house, unchanged.")),
    ALTERED: (
        N_("Altered"),
        "bad",
        N_("The file names an evaluation of ours, but its bytes are not what was made here."),
    ),
    UNKNOWN: (N_("Not known"), "warn", N_("No file with these bytes was made here.")),
}
NO_HASH = N_("A hash is 64 digits and letters from a to f; it stands at the foot of each page.")
SEAL = N_("This is the seal of an evaluation; what a file says can be compared with it.")


@dataclass(frozen=True, slots=True)
class Shown:
    """The answer in words."""

    title: str
    verdict: str
    tone: str
    sentence: str
    digest: str
    facts: tuple[tuple[str, str], ...]
    superseded: str
    href: str


class Verify(PublicPage):
    """For everybody: without signing in only of what was published."""

    route_base = "/verify"
    default_view = "ask"

    @expose("/", methods=["GET", "POST"])
    def ask(self) -> Answer:
        """Ask for a file or a hash, and answer."""
        asked = request.values.get("hash", "")[:200]
        upload = request.files.get("file")
        if not asked.strip() and (upload is None or not upload.filename):
            problem = words()(N_("Choose a file, or type a hash.")) if request.method == "POST" else ""
            return _page(None, "", problem), 422 if problem else 200
        try:
            check()
            return self._answered(asked, upload)
        except Refused as refused:
            return notice(refused)

    def _answered(self, asked: str, upload: FileStorage | None) -> Answer:
        if upload is not None and upload.filename:
            digest, found = _of_upload(upload)
        else:
            digest = typed_hash(asked)
            if not digest:
                return _page(None, asked, words()(NO_HASH)), 422
            found = _for_reader(by_hash(db.session(), digest))
        if found.verdict == UNKNOWN:
            miss()
        return _page(_shown(found, digest, words()), asked, "")


def _of_upload(upload: FileStorage) -> tuple[str, Found]:
    """Keep the bytes only as long as they are looked at."""
    most = limits().bytes * 4
    with storage().scratch() as path:
        _copy(upload, path, most)
        digest = digest_of(path)
        return digest, _for_reader(by_file(db.session(), digest, path))


def _copy(upload: FileStorage, path: Path, most: int) -> None:
    left = most
    with path.open("wb") as handle:
        while chunk := upload.stream.read(1 << 20):
            left -= len(chunk)
            if left < 0:
                raise Refused("too-large", N_("The file is larger than %(most)d MB."), field="file", status=413, most=most // 2**20)
            handle.write(chunk)


def _for_reader(found: Found) -> Found:
    """Visitors are told of what was published; a preliminary list is for those whom it ranks."""
    if current_actor().user_id is not None or found.evaluation is None:
        return found
    public = found.evaluation.state in PUBLIC and (found.file is None or found.file.state in PUBLIC)
    return found if public else Found(UNKNOWN)


def _shown(found: Found, digest: str, writer: Words) -> Shown:
    said, tone, sentence = VERDICTS[found.verdict]
    if found.verdict == GENUINE and found.file is None:
        sentence = SEAL
    evaluation, signed_in = found.evaluation, current_actor().user_id is not None
    href = url_for("EvaluationScreen.period", period=evaluation.period, revision=evaluation.revision) if evaluation and signed_in else ""
    title = writer.month(period_of(evaluation)) if evaluation is not None else writer(N_("The file you asked about"))
    return Shown(title, writer(said), tone, writer(sentence), digest, _facts(found, writer), _superseded(found, writer), href)


def _facts(found: Found, writer: Words) -> tuple[tuple[str, str], ...]:
    evaluation, file = found.evaluation, found.file
    if evaluation is None:
        return ()
    district = Names(evaluation.header.get("district_zh", ""), evaluation.header.get("district_en", ""))
    facts = [
        (writer(N_("Evaluation")), " · ".join(part for part in (writer.month(period_of(evaluation)), writer.names(district)) if part)),
        (writer(N_("Revision")), f"{evaluation.revision} · {writer(STATES[evaluation.state][0])}"),
        (writer(N_("Published at")), writer.moment(evaluation.published_at or evaluation.preliminary_at)),
        (writer(N_("Seal")), evaluation.snapshot_hash),
    ]
    if file is not None:
        facts.append((writer(N_("File")), file.name or file.report))
        facts.append((writer(N_("Made")), writer.moment(file.made_at)))
    return tuple(facts)


def _superseded(found: Found, writer: Words) -> str:
    evaluation: Evaluation | None = found.evaluation
    if evaluation is None or evaluation.state != "superseded":
        return ""
    if found.now is None:
        return writer(N_("It was superseded by a later revision."))
    return writer(N_("It was superseded: revision %(revision)d of %(at)s stands."), revision=found.now.revision, at=found.now.published_at)


def _page(shown: Shown | None, asked: str, problem: str) -> str:
    return render_template("public/verify.html", shown=shown, asked=asked, problem=problem)


PAGE = Verify
