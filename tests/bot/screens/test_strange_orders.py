"""Quantities and names that no order can have get a clear sentence, and make nothing."""

import pytest

from core.services.documents import viewing
from tests.scenarios.stage import LEA, Stage


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("High End: 0 LAP-14", "The quantity must be more than zero."),
        ("High End: -3 LAP-14", "The quantity must be more than zero."),
        ("High End: 1e5 LAP-14", "“1e5” is no number."),
        ("High End: NaN LAP-14", "“NaN” is no number."),
        ("High End: 1,5 LAP-14", "1.5 has too many decimals: only whole numbers are taken here."),
        ("High End: 1.5 LAP-14", "too many decimals"),
        # A point is no thousands mark in English: never 1,234 metres.
        ("High End: 1.234 CAB", "1.234 has too many decimals: at most 2."),
        ("High End: 1,234 CAB", "Please write it plainly."),
        ("High End: 99999999999 LAP-14", "is too large"),
        ("High End: 2 unicorn", "not found: “unicorn”"),
        ("Nobody: 2 LAP-14", "for whom?"),
        pytest.param("x" * 4096, "Nothing is called", id="4096 letters"),
        pytest.param("q\u202ez\u0000", "“qz”", id="marks and NUL"),
    ],
)
async def test_it_is_answered_in_words(stage: Stage, typed: str, answered: str) -> None:
    lea = stage.chat(LEA)
    await lea.says(typed)
    lea.sees(answered)
    assert "Confirm" not in lea.labels()
    assert await stage.asks(viewing.documents_where) == []
