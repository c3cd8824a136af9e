"""Crimson for the screens: what they show does not depend on the database, SQLite is quicker."""

import pytest

from tests.databases import Dialect
from tests.people import Person
from tests.scenarios.conftest import (
    clock,
    database,
    kim,
    lea,
    omar,
    opening,
    paul,
    provider_token,
    samson,
    stage,
    wei,
)

__all__ = [
    "clock", "database", "kim", "lea", "omar", "opening", "paul", "provider_token", "samson",
    "stage", "wei",
]  # fmt: skip


@pytest.fixture
def dialect() -> Dialect:
    return "sqlite"


@pytest.fixture
def language() -> str:
    return "en"


@pytest.fixture
async def bought(samson: Person) -> None:
    """200 laptops are ordered, none has come."""
    await samson.orders("Shenzhen: 200 LAP-14")


@pytest.fixture
async def short(bought: None, omar: Person) -> None:
    """Of the 200, 190 were accepted and 2 rejected; the receipt is on Omar's card."""
    await omar.says("PO-2026-0001")
    await omar.taps("convert", "RN", 200)
    await omar.taps("open_line", "Pro 14")
    await omar.taps("type_number", "quantity", 200)
    await omar.says("190")
    await omar.taps("type_number", "rejected", 0)
    await omar.says("2")
    await omar.taps_all("close_line", ("make", "RN", 192))
