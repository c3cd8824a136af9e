"""Records made of rows: frozen dataclasses, filled with the values of a row in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

_T = TypeVar("_T")


def filled(record: type[_T], values: Sequence[Any]) -> _T:
    """A frozen record of plain fields with these values, as `record(*values)` would make it.

    That sets field by field, each by a call, since the record is frozen; of a row with forty
    columns all are set at once. The record has no slots and nothing to do when it is made.

    Raises:
        ValueError: there are more or fewer values than fields.
    """
    made = object.__new__(record)
    kind: Any = record
    made.__dict__.update(zip(_names(kind), values, strict=True))
    return made


@cache
def _names(record: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(record))
