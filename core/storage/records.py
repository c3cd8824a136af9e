"""Records of rows: dataclasses filled from the columns that have their fields' names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Row, RowMapping

from core.storage.sql import label_in

_T = TypeVar("_T")


def filled(record: type[_T], row: Row[Any], *, prefix: str = "", **given: Any) -> _T:
    """Return a record with the values of the columns that are named like its fields.

    Args:
        record: a dataclass with two fields or more.
        row: a row that has these columns.
        prefix: the one that `prefixed` has given to the columns, if it has.
        given: the record's last fields, where these are no columns.
    """
    kind: Any = record
    return record(*_values(kind, prefix, tuple(given))(row._mapping), **given)


@cache
def _values(
    record: Any, prefix: str, given: tuple[str, ...]
) -> Callable[[RowMapping], tuple[Any, ...]]:
    """Return what reads the values of a record's fields, in their order, by the columns' names."""
    names = [each.name for each in fields(record) if each.name not in given]
    return itemgetter(*(label_in(prefix, each) if prefix else each for each in names))
