"""How limits and what goes beyond them are said."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.screens.base import Reader
from core.domain.limits import LIMITS, Limit, LimitUnit


def limit_value(row: Limit, value: Decimal, reader: Reader) -> str:
    """A value in the limit's unit: a percentage, or money of the company's currency."""
    if row.unit is LimitUnit.PERCENT:
        return reader.translator.percent(value)
    currency = reader.company.currency if reader.company is not None else ""
    return reader.translator.money(value, currency)


def wish_words(row: Limit, value: Decimal, reader: Reader) -> str:
    """How far somebody wants to go: "15 % discount"."""
    return reader.text(row.wish, value=limit_value(row, value, reader))


def beyond_words(facts: Mapping[str, Any], reader: Reader) -> dict[str, object]:
    """The facts of what is beyond a limit, as its sentence takes them."""
    row = LIMITS[facts["limit"]]
    return {
        "wish": wish_words(row, facts["value"], reader),
        "limit": limit_value(row, facts["allowed"], reader),
    }
