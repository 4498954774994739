"""How an instant is written among others: near ones by their day, distant ones with their year."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.core.languages import words

NOW = datetime(2026, 11, 23, 1, 40, tzinfo=UTC)  # 09:40 in Fuzhou


@pytest.mark.parametrize(
    ("instant", "zh", "en"),
    [
        (datetime(2026, 11, 23, 2, 2, tzinfo=UTC), "今天 10:02", "Today 10:02"),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "今天 00:00", "Today 00:00"),
        (datetime(2026, 11, 24, 1, 15, tzinfo=UTC), "明天 09:15", "Tomorrow 09:15"),
        (datetime(2026, 11, 19, 0, 52, tzinfo=UTC), "11-19 08:52", "19 Nov 08:52"),
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "2025-12-31 23:59", "31 Dec 2025, 23:59"),
        (None, "—", "—"),
    ],
)
def test_an_instant_is_as_short_as_it_can_be_and_never_ambiguous(instant: datetime | None, zh: str, en: str) -> None:
    assert (words("zh").brief(instant, NOW), words("en").brief(instant, NOW)) == (zh, en)
