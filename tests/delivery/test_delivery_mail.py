"""Mail with files on it, through a real server: both can be opened, names are whole, and what is too heavy is a link."""

from __future__ import annotations

from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader, PdfWriter

from app.core.post import Trouble
from app.delivery import Enclosure, Settings
from app.delivery.mail import send
from tests.delivery.parcels import PARCEL, enclosure, parcel
from tests.services.post_box import PostBox, free_port, html, listening, plain

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SOMEBODY = "lead@example.invalid"


@pytest.fixture
def files(tmp_path: Path) -> list[Enclosure]:
    """A workbook and a paper."""
    book = Workbook()
    book.active["A1"] = "万寿街道"
    book.save(tmp_path / "book")
    paper = PdfWriter()
    paper.add_blank_page(200, 300)
    paper.write(tmp_path / "paper")
    return [
        enclosure(tmp_path / "book", "绩效评价表 2026年9月（正式）.xlsx", XLSX),
        enclosure(tmp_path / "paper", "Scorecard, September 2026.pdf", "application/pdf"),
    ]


@pytest.fixture
def box() -> PostBox:
    """A mail server that is not yet listening."""
    return PostBox(free_port())


def attached(message: EmailMessage) -> dict[str, bytes]:
    """Files on a mail by name."""
    return {str(part.get_filename()): part.get_payload(decode=True) for part in message.iter_attachments()}


def test_both_files_arrive_and_can_be_opened(box: PostBox, files: list[Enclosure]) -> None:
    with listening(box):
        assert send(parcel(SOMEBODY, files), Settings(smtp_url=box.url)) == "250"
    (message,) = box.messages
    assert message["Subject"] == PARCEL.subject
    assert message["Message-ID"] == f"<{PARCEL.message_id}>"
    assert plain(message).strip() == PARCEL.text
    assert f'<a href="{PARCEL.link}">' in html(message) and '<html lang="zh-CN">' in html(message)
    found = attached(message)
    assert list(found) == [file.name for file in files]
    assert load_workbook(BytesIO(found[files[0].name])).active["A1"].value == "万寿街道"
    assert len(PdfReader(BytesIO(found[files[1].name])).pages) == 1
    assert [part.get_content_type() for part in message.iter_attachments()] == [XLSX, "application/pdf"]
    assert [message["Content-Language"], message.get_content_type()] == ["zh", "multipart/mixed"]


def test_what_is_too_heavy_for_a_letter_is_a_link_in_the_readers_language(box: PostBox, files: list[Enclosure]) -> None:
    most = sum(file.size for file in files)
    with listening(box):
        send(parcel(SOMEBODY, files, language="en"), Settings(smtp_url=box.url, attach_bytes=most))
        send(parcel(SOMEBODY, files, language="en"), Settings(smtp_url=box.url, attach_bytes=most - 1))
    light, heavy = box.messages
    assert len(attached(light)) == 2 and attached(heavy) == {}
    assert "too large for a letter" in plain(heavy) and PARCEL.link in plain(heavy)
    assert "too large" not in plain(light)


def test_the_size_a_server_names_is_kept_to(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 30_000_000)  # aiosmtpd says SIZE 33554432; in letters this would be 41 MB
    box = PostBox(free_port())
    with listening(box):
        send(parcel(SOMEBODY, [enclosure(tmp_path / "big", "a.pdf")]), Settings(smtp_url=box.url, attach_bytes=100_000_000))
    (message,) = box.messages
    assert attached(message) == {}


def test_a_file_that_is_gone_is_said_and_nothing_is_sent(box: PostBox, files: list[Enclosure]) -> None:
    files[0].path.unlink()
    with listening(box), pytest.raises(Trouble) as trouble:
        send(parcel(SOMEBODY, files), Settings(smtp_url=box.url))
    assert (trouble.value.code, trouble.value.lasting) == ("lost_file", True)
    assert box.messages == []


def test_a_name_cannot_write_headers(box: PostBox, files: list[Enclosure]) -> None:
    sly = Enclosure("a.pdf\r\nBcc: other@example.invalid", "application/pdf", files[1].path, files[1].size, files[1].digest)
    with listening(box):
        send(parcel(SOMEBODY, [sly], subject="a\r\nBcc: other@example.invalid"), Settings(smtp_url=box.url))
    (message,) = box.messages
    assert message["Bcc"] is None and message["Subject"] == "a Bcc: other@example.invalid"


def test_without_a_server_it_is_not_the_letters_fault(box: PostBox) -> None:
    with pytest.raises(Trouble) as trouble:
        send(parcel(SOMEBODY), Settings())
    assert (trouble.value.code, trouble.value.server) == ("not_configured", True)
    with pytest.raises(Trouble) as trouble:
        send(parcel(SOMEBODY), Settings(smtp_url=box.url))
    assert (trouble.value.code, trouble.value.server) == ("away", True)
