"""Quantities and names that no order can have get a clear sentence, and make nothing."""

import pytest

from core.services.documents import viewing
from tests.people import Person
from tests.scenarios.stage import Stage


async def makes_nothing(stage: Stage, lea: Person) -> None:
    assert not lea.can("order_now")
    assert await stage.asks(viewing.documents_where) == []


@pytest.mark.parametrize(
    ("typed", "code", "fact"),
    [
        ("0 LAP-14", "quantity_not_positive", "⚠️"),
        ("-3 LAP-14", "quantity_not_positive", "⚠️"),
        ("1e5 LAP-14", "not_a_number", "1e5"),
        ("NaN LAP-14", "not_a_number", "NaN"),
        ("1,5 LAP-14", "quantity_too_fine", "1.5"),
        ("1.5 LAP-14", "quantity_too_fine", "1.5"),
        # A point is no thousands mark in English: never 1,234 metres.
        ("1.234 CAB", "quantity_too_fine", "1.234"),
        ("1,234 CAB", "ambiguous_number", "1,234"),
        ("99999999999 LAP-14", "quantity_too_large", 99999999999),
    ],
)
async def test_a_strange_quantity_is_refused(stage: Stage, lea, typed, code, fact) -> None:
    await lea.says(f"High End: {typed}")
    lea.is_refused(code, fact)
    await makes_nothing(stage, lea)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("High End: 2 unicorn", "unicorn"),
        ("Nobody: 2 LAP-14", "2 × Laptop Pro 14"),
        pytest.param("x" * 4096, "xxx", id="4096 letters"),
        pytest.param("q\u202ez\u0000", "qz", id="marks and NUL"),
    ],
)
async def test_an_unknown_name_is_answered_in_words(stage: Stage, lea, typed, shown) -> None:
    await lea.says(typed)
    lea.sees(shown)
    await makes_nothing(stage, lea)
