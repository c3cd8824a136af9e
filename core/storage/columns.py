"""The only place that decides how a value is kept in a column.

SQLite tables are STRICT and hold INTEGER, TEXT and BLOB; PostgreSQL keeps the same values as
BIGINT, BOOLEAN, TEXT and BYTEA. Money, quantities and rates are scaled integers, so that no
database ever rounds them; texts sort by their bytes on both databases.

A value that its column cannot hold exactly is refused with TypeError or ValueError before the
database sees it (SQLAlchemy wraps either in `StatementError`). Constants in hand-written SQL
(CHECKs, partial indexes) must mean the same on both databases: write a `Flag` as `active` or
`NOT active`, never as `active = 1`.
"""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, Inexact
from typing import Any, ClassVar, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    Table,
)
from sqlalchemy import Text as UnboundedText
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.domain.money import EXACT

LARGEST = 2**63 - 1
"""The largest integer that both databases keep; the smallest one used is its negative."""

CONSTRAINT_NAMES = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

PLAIN_TEXT = UnboundedText()
TEXT_BY_BYTES = UnboundedText(collation="C")
"""PostgreSQL's text in the order of SQLite's."""

_T = TypeVar("_T")
_SCALING: frozenset[OperatorType] = frozenset(
    {operators.mul, operators.truediv, operators.floordiv, operators.mod}
)


class Kept(TypeDecorator[_T]):
    """A column type: how its values are written, and how they are read again."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = UnboundedText
    cache_ok = True
    on_sqlite: ClassVar[TypeEngine[Any]]
    on_postgresql: ClassVar[TypeEngine[Any]]

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The database's own type."""
        return self.on_sqlite if dialect.name == "sqlite" else self.on_postgresql

    def process_bind_param(self, value: Any, _dialect: Dialect) -> Any:
        """What the database keeps; NULL stays NULL."""
        return None if value is None else self.written(value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> _T | None:
        """The value that was written; NULL stays NULL."""
        return None if value is None else self.read(value)

    # These two are called for each value of each row: so they are one function, where SQLAlchemy
    # would put its own around `process_bind_param` and `process_result_value`.

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """`written`, then what the driver asks for."""
        written, own = self.written, self.impl_instance.bind_processor(dialect)
        if own is None:
            return lambda value: None if value is None else written(value)
        return lambda value: own(None if value is None else written(value))

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], _T | None] | None:
        """Nothing where the driver's value is the one that was written: most are texts and ids."""
        if self.comes_back(dialect):
            return None
        if self.impl_instance.result_processor(dialect, coltype) is not None:
            return super().result_processor(dialect, coltype)
        read = self.read
        return lambda value: None if value is None else read(value)

    def comes_back(self, _dialect: Dialect) -> bool:
        """Whether the driver gives what `read` would make of it."""
        return False

    def written(self, value: Any) -> Any:
        """What the database keeps for `value`. Raises TypeError or ValueError."""
        raise NotImplementedError

    def read(self, value: Any) -> _T:
        """The value for what the database has kept."""
        raise NotImplementedError


class Whole(Kept[int]):
    """A whole number of up to 63 bits: counts, versions, Telegram's ids."""

    impl = BigInteger
    cache_ok = True
    on_sqlite = Integer()
    on_postgresql = BigInteger()

    def written(self, value: Any) -> int:
        """Refuse what is not an int, and what needs more than 63 bits."""
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{type(self).__name__} keeps an int, not {value!r}")
        return _within_63_bits(value)

    def read(self, value: Any) -> int:
        """PostgreSQL gives the sum of integers as a Decimal."""
        return int(value)

    def comes_back(self, dialect: Dialect) -> bool:
        """SQLite's sums are integers too."""
        return dialect.name == "sqlite"


class Id(Whole):
    """The id of a row, made by the database: see `Base`."""

    cache_ok = True


class Minor(Whole):
    """An amount of money in the minor unit of its currency (ISO 4217), in a column beside it."""

    cache_ok = True


class Scaled(Kept[Decimal]):
    """A Decimal with a fixed number of digits after the point, kept as an integer.

    An int is taken as a whole number, but not a bare number inside a function: write
    `func.coalesce(total, 0)`, never `func.coalesce(total, 5)`. Two scaled columns are never
    multiplied in SQL, since the product would have twice the digits and no rounding rule:
    such an expression is refused when it is written, and so is a division.
    """

    impl = BigInteger
    cache_ok = True
    on_sqlite = Integer()
    on_postgresql = BigInteger()

    class Comparator(TypeDecorator.Comparator[Decimal]):
        """Adds, subtracts and compares, and keeps the type of the column in the result."""

        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
            """Refuse to multiply or divide."""
            _refuse_scaling(op)
            return super().operate(op, *other, **kwargs)

        def reverse_operate(
            self, op: OperatorType, other: Any, **kwargs: Any
        ) -> ColumnElement[Any]:
            """Refuse to multiply or divide."""
            _refuse_scaling(op)
            return super().reverse_operate(op, other, **kwargs)

    comparator_factory = Comparator

    def __init__(self, digits: int) -> None:
        """`digits`: how many decimals the column keeps."""
        super().__init__()
        self.digits = digits

    def written(self, value: Any) -> int:
        """Refuse floats, more digits than the column keeps, and more than 63 bits."""
        if isinstance(value, bool) or not isinstance(value, Decimal | int):
            raise TypeError(f"a scaled column keeps a Decimal, not {value!r}")
        exact = Decimal(value)
        if not exact.is_finite():
            raise ValueError(f"{value} is no number")
        try:
            scaled = EXACT.to_integral_exact(EXACT.scaleb(exact, self.digits))
        except Inexact:
            raise ValueError(
                f"{value} has more than {self.digits} digits after the point"
            ) from None
        return _within_63_bits(int(scaled))

    def read(self, value: Any) -> Decimal:
        """The Decimal with all its digits: 1.500000 for 1500000 in a column of six."""
        return EXACT.scaleb(int(value), -self.digits)


class Quantity(Scaled):
    """A quantity in the product's unit, with six digits."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(6)


class UnitPrice(Scaled):
    """The price of one unit in the major unit of its currency, with six digits."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(6)


class Rate(Scaled):
    """What one unit of a currency costs in another, with ten digits."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(10)


class Percent(Scaled):
    """A percentage, 12.5 for 12.5 %, with four digits."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(4)


class Moment(Kept[datetime]):
    """A moment as milliseconds since 1970 in UTC. What is finer is cut off."""

    impl = BigInteger
    cache_ok = True
    on_sqlite = Integer()
    on_postgresql = BigInteger()
    comparator_factory = TypeDecorator.Comparator

    def written(self, value: Any) -> int:
        """Refuse a datetime without a zone."""
        if not isinstance(value, datetime):
            raise TypeError(f"a moment is a datetime, not {value!r}")
        if value.utcoffset() is None:
            raise ValueError(f"{value!r} has no zone")
        return (value - EPOCH) // MILLISECOND

    def read(self, value: Any) -> datetime:
        """The moment in UTC."""
        return EPOCH + int(value) * MILLISECOND


class Text(Kept[str]):
    """A text of any length without the character NUL, which PostgreSQL cannot keep."""

    impl = UnboundedText
    cache_ok = True
    on_sqlite = PLAIN_TEXT
    on_postgresql = TEXT_BY_BYTES

    def written(self, value: Any) -> str:
        """Refuse what is no text and what cannot be written in UTF-8."""
        if not isinstance(value, str):
            raise TypeError(f"a text is a str, not {value!r}")
        if "\0" in value:
            raise ValueError("a text cannot hold the character NUL")
        if not value.isascii():
            value.encode()
        return value

    def read(self, value: Any) -> str:
        """The text."""
        return str(value)

    def comes_back(self, _dialect: Dialect) -> bool:
        """A text is a text."""
        return True


class Day(Kept[date]):
    """A calendar date as ISO text, which sorts by time."""

    cache_ok = True
    on_sqlite = PLAIN_TEXT
    on_postgresql = TEXT_BY_BYTES
    comparator_factory = TypeDecorator.Comparator

    def written(self, value: Any) -> str:
        """Refuse a datetime: which day it is depends on a zone."""
        if not isinstance(value, date) or isinstance(value, datetime):
            raise TypeError(f"a day is a date, not {value!r}")
        return value.isoformat()

    def read(self, value: Any) -> date:
        """The date."""
        return date.fromisoformat(value)


class Flag(Kept[bool]):
    """True or false: 0 or 1 in an INTEGER on SQLite, BOOLEAN on PostgreSQL."""

    impl = Boolean
    cache_ok = True
    on_sqlite = Integer()
    on_postgresql = Boolean()
    # So that `flag.is_(True)` is written IS TRUE, which takes no parameter.
    coerce_to_is_types = (type(None), bool)

    def written(self, value: Any) -> bool:
        """Refuse everything but True and False."""
        if not isinstance(value, bool):
            raise TypeError(f"a flag is True or False, not {value!r}")
        return value

    def read(self, value: Any) -> bool:
        """True or False, never 1 or 0."""
        return bool(value)

    def comes_back(self, dialect: Dialect) -> bool:
        """PostgreSQL has booleans."""
        return dialect.name == "postgresql"


class Bytes(Kept[bytes]):
    """Bytes as they are: files, hashes."""

    impl = LargeBinary
    cache_ok = True
    on_sqlite = LargeBinary()
    on_postgresql = LargeBinary()

    def written(self, value: Any) -> bytes:
        """Refuse what is not bytes."""
        if not isinstance(value, bytes):
            raise TypeError(f"bytes are kept as they are, not {type(value).__name__}")
        return value

    def read(self, value: Any) -> bytes:
        """The bytes."""
        return bytes(value)


class Json(Kept[Any]):
    """A dict or list as compact JSON text with sorted keys, so that equal values are equal texts.

    Numbers are ints; floats are refused. A Decimal, a date and a datetime come back as what
    they were: they are written `{"$decimal": "1.50"}`, `{"$day": "2026-11-24"}` and
    `{"$moment": "2026-11-24T12:00:00+00:00"}`, the moment in UTC. Keys are texts and do not
    begin with "$". A tuple comes back as a list.
    """

    cache_ok = True
    on_sqlite = PLAIN_TEXT
    on_postgresql = TEXT_BY_BYTES
    comparator_factory = TypeDecorator.Comparator

    def written(self, value: Any) -> str:
        """Refuse what would not come back equal."""
        if not isinstance(value, dict | list | tuple):
            raise TypeError(f"a dict or a list is kept as JSON, not {value!r}")
        return dump_json(value)

    def read(self, value: Any) -> Any:
        """The dict or list."""
        return load_json(value)


def dump_json(value: Any) -> str:
    """The text that a `Json` column keeps; for hashes and digests of facts too.

    Raises TypeError for floats, keys that are no texts and objects that JSON does not know,
    ValueError for keys that begin with "$" and datetimes without a zone.
    """
    return json.dumps(
        _encoded(value),
        ensure_ascii=False,
        allow_nan=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def load_json(text: str) -> Any:
    """The value that `dump_json` wrote."""
    return json.loads(text, object_hook=_decoded)


def _encoded(value: Any) -> Any:
    """`value` in what JSON has."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return {"$decimal": str(value)}
        case datetime():
            if value.utcoffset() is None:
                raise ValueError(f"{value!r} has no zone")
            return {"$moment": value.astimezone(UTC).isoformat()}
        case date():
            return {"$day": value.isoformat()}
        case list() | tuple():
            return [_encoded(item) for item in value]
        case dict():
            return {_checked_key(key): _encoded(item) for key, item in value.items()}
        case _:
            raise TypeError(f"JSON here does not know {value!r}")


def _checked_key(key: Any) -> str:
    """`key`, when it may be the key of a dict."""
    if not isinstance(key, str):
        raise TypeError(f"a key is a text, not {key!r}")
    if key.startswith("$"):
        raise ValueError(f"the key {key!r} begins with $")
    return key


def _decoded(found: dict[str, Any]) -> Any:
    """A dict of the text, or the value that it stands for."""
    match found:
        case {"$decimal": str(text)}:
            return Decimal(text)
        case {"$day": str(text)}:
            return date.fromisoformat(text)
        case {"$moment": str(text)}:
            return datetime.fromisoformat(text)
    return found


def _refuse_scaling(operator: OperatorType) -> None:
    """Raise for an operator that needs a rounding rule."""
    if operator in _SCALING:
        raise TypeError("a scaled column is multiplied and divided in Python, not in SQL")


def _within_63_bits(value: int) -> int:
    """`value`, unless a 64-bit column could not hold it or its negative."""
    if abs(value) > LARGEST:
        raise ValueError(f"{value} does not fit into 63 bits")
    return value


class Base(DeclarativeBase):
    """The base of every table.

    Each table is STRICT on SQLite. A primary key of the type `Id` is given by the database:
    it rises and is never given again, not even when the row with the highest id was deleted;
    PostgreSQL refuses an id that somebody else chose. A plain `Mapped[int]`, `Mapped[str]` and
    so on gets the column type of `type_annotation_map`; a Decimal names its own.
    """

    # Statements are made of it: `insert(Move.__table__)`.
    __table__: ClassVar[Table]

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: Whole,
        str: Text,
        bool: Flag,
        bytes: Bytes,
        datetime: Moment,
        date: Day,
        dict[str, Any]: Json,
        list[Any]: Json,
    }

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Make the table STRICT and its ids never used twice."""
        super().__init_subclass__(**kwargs)
        own_ids = [column for column in cls.__table__.primary_key if _is_own_id(column)]
        for column in own_ids:
            Identity(always=True)._set_parent(column)  # noqa: SLF001 - there is no public way
        options = cls.__table__.dialect_options["sqlite"]
        options["strict"] = True
        options["autoincrement"] = bool(own_ids)


def _is_own_id(column: Column[Any]) -> bool:
    """Whether the database gives this id, and it is not another row's."""
    return isinstance(column.type, Id) and not column.foreign_keys


def one_of(column: str, values: Sequence[str]) -> CheckConstraint:
    """A CHECK that `column` is one of `values`, named after the column."""
    listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
