"""The owner's limits: what may be done without asking him.  What varies is a row here.

Which limit an action of a document has is a column of the table of kinds (`DocumentType.limits`);
how far a document goes is measured in core/services/documents/limit_checks.py.  What is beyond it
needs an approval, which stands for exactly the figures that it was asked with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.domain.errors import Refusal
from core.domain.lifecycles import Action
from core.domain.messages import N_

MOST_PERCENT = Decimal(100)


class LimitName(StrEnum):
    """What is limited."""

    DISCOUNT = "discount"
    REFUND = "refund"
    WRITE_OFF = "write_off"
    OVER_RECEIPT = "over_receipt"


class LimitUnit(StrEnum):
    """In what a limit is said: a percentage (12.5 for 12.5 %), or the company's currency."""

    PERCENT = "percent"
    MONEY = "money"


class LimitOutOfRange(Refusal):
    """A limit is zero or more, and a percentage at most a hundred."""

    code = "limit_out_of_range"
    fact_names = ("value",)


@dataclass(frozen=True)
class Limit:
    """A limit: its unit, what holds until the owner says otherwise, and its words.

    `label` names it, `question` asks the owner for it and says what it means; `wish` says how
    far somebody wants to go, with a `{value}`.  Where that value says what goods have cost,
    `veiled` is what those read who may not see costs.
    """

    name: LimitName
    unit: LimitUnit
    default: Decimal
    label: str
    question: str
    wish: str
    veiled: str = ""

    def check(self, value: Decimal) -> Decimal:
        """`value` (percent, or an amount of the company's currency) if it can be this limit.

        Raises:
            LimitOutOfRange.
        """
        if value < 0 or (self.unit is LimitUnit.PERCENT and value > MOST_PERCENT):
            raise LimitOutOfRange(value=value)
        return value


LIMITS: Mapping[LimitName, Limit] = {
    row.name: row
    for row in (
        Limit(
            LimitName.DISCOUNT,
            LimitUnit.PERCENT,
            Decimal(10),
            label=N_("Discount limit"),
            question=N_("Discounts up to what percentage, per line or overall, need no approval?"),
            wish=N_("{value} discount"),
        ),
        Limit(
            LimitName.REFUND,
            LimitUnit.MONEY,
            Decimal(5000),
            label=N_("Refund limit"),
            question=N_("Refunds up to what amount need no approval?"),
            wish=N_("{value} refund"),
        ),
        Limit(
            LimitName.WRITE_OFF,
            LimitUnit.MONEY,
            Decimal(5000),
            label=N_("Write-off limit"),
            question=N_("Write-offs up to what value need no approval?"),
            wish=N_("{value} write-off"),
            veiled=N_("a write-off"),
        ),
        Limit(
            LimitName.OVER_RECEIPT,
            LimitUnit.PERCENT,
            Decimal(0),
            label=N_("Over-receipt limit"),
            question=N_("Receipts up to what percentage over the order need no approval?"),
            wish=N_("{value} more than ordered"),
        ),
    )
}


def digest_of_figures(limit: str, kept: Mapping[str, Any]) -> str:
    """What stands for the figures that an approval keeps (`Beyond.kept`).

    The same ones give the same digest on every machine; the limit may be moved meanwhile.
    """
    facts = {"limit": limit} | {name: kept[name] for name in kept if name != "allowed"}
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Beyond:
    """How far an action of a document goes beyond a limit.

    `value` and `allowed` are in the limit's unit; `figures` is what an approval stands for:
    texts, numbers as texts, lists of them.
    """

    action: Action
    limit: LimitName
    value: Decimal
    allowed: Decimal
    figures: Mapping[str, Any]

    @property
    def kept(self) -> dict[str, Any]:
        """All of it as JSON can hold it."""
        return {"value": str(self.value), "allowed": str(self.allowed), **self.figures}

    @property
    def digest(self) -> str:
        """What stands for the figures."""
        return digest_of_figures(self.limit, self.kept)
