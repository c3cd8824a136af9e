"""How limits and what goes beyond them are said."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.base.screen import Reader
from core.domain.limits import LIMITS, Limit, LimitUnit
from core.domain.messages import N_
from core.domain.people import Ability
from core.services.approval_views import ApprovalRecord
from core.services.company import CompanyMissing


def limit_value(row: Limit, value: Decimal, reader: Reader) -> str:
    """A value in the limit's unit: a percentage, or money of the company's currency.

    Raises CompanyMissing where there is no currency yet.
    """
    if row.unit is LimitUnit.PERCENT:
        return reader.translator.percent(value)
    if reader.company is None:
        raise CompanyMissing
    return reader.translator.money(value, reader.company.currency)


def wish_words(row: Limit, value: Decimal, reader: Reader) -> str:
    """How far somebody wants to go: "15 % discount"; without what this reader may not see."""
    if row.veiled and not reader.actor.can(Ability.SEE_COST):
        return reader.text(row.veiled)
    return reader.text(row.wish, value=limit_value(row, value, reader))


def asked_words(asked: ApprovalRecord, reader: Reader) -> str:
    """What waits for an answer of the owner."""
    wish = wish_words(LIMITS[asked.limit], asked.value, reader)
    return reader.text(N_("Approval requested: {wish}"), wish=wish)


def beyond_words(facts: Mapping[str, Any], reader: Reader) -> dict[str, object]:
    """The facts of what is beyond a limit, as its sentence takes them."""
    row = LIMITS[facts["limit"]]
    return {
        "wish": wish_words(row, facts["value"], reader),
        "limit": limit_value(row, facts["allowed"], reader),
    }
