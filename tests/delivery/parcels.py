"""Parcels for tests of routes: words in both languages and files with names in their own script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.core.post import Enclosure
from app.core.storage import digest_of
from app.delivery import Parcel

PARCEL = Parcel(
    message_id="frontline.files.7.abc@frontline.test",
    language="zh",
    sender="frontline@gulou.example",
    sender_name="一线处置",
    recipient="",
    subject="一线处置：2026年9月绩效评价表",
    text="2026年9月绩效评价表已生成。\n\nhttp://frontline.test/my-files/",
    link="http://frontline.test/my-files/",
    files=(),
    written_at=datetime(2026, 10, 14, 1, 0, tzinfo=UTC),
)


def parcel(recipient: str, files: Iterable[Enclosure] = (), **more: Any) -> Parcel:
    """A parcel to somebody."""
    return replace(PARCEL, recipient=recipient, files=tuple(files), **more)


def enclosure(path: Path, name: str, media_type: str = "application/octet-stream") -> Enclosure:
    """A file as it is kept."""
    return Enclosure(name, media_type, path, path.stat().st_size, digest_of(path))
