"""What a check has found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, literal_column

from core.storage.columns import Minor, Quantity


@dataclass(frozen=True)
class Breach:
    """An invariant that does not hold.

    Attributes:
        check: the name of the check.
        subject: what it is about: "product:3", "document:12", "line:7", "series:IN-2026".
        facts: what was found and what should be, plain values by name.
    """

    check: str
    subject: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """One line, as the operator's console shows it."""
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.check} {self.subject}: {facts}" if facts else f"{self.check} {self.subject}"


def no_quantity() -> ColumnElement[object]:
    """Zero, with the type of a quantity."""
    return literal_column("0", Quantity())


def no_amount() -> ColumnElement[object]:
    """Zero, with the type of an amount."""
    return literal_column("0", Minor())
