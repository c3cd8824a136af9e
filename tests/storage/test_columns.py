"""Column types: what is written comes back unchanged, and what would not is refused."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import Column, MetaData, Table, case, func, insert, select
from sqlalchemy.exc import StatementError

from core.storage.columns import (
    LARGEST,
    Bytes,
    Day,
    Flag,
    Id,
    Json,
    Kept,
    Minor,
    Moment,
    Percent,
    Quantity,
    Rate,
    Scaled,
    Text,
    UnitPrice,
    Whole,
    dump_json,
    load_json,
    one_of,
)
from core.storage.database import open_database
from core.storage.models import Base
from tests.migrated import clock

PARIS = timezone(timedelta(hours=1))
NOON = datetime(2026, 11, 24, 12, 30, 15, 123000, UTC)

# A type, the value written, and the value read.
KEPT = [
    (Whole(), 0, 0),
    (Whole(), LARGEST, LARGEST),
    (Id(), 7, 7),
    (Minor(), -LARGEST, -LARGEST),
    (Quantity(), Decimal("1.5"), Decimal("1.500000")),
    (Quantity(), Decimal("-0.000001"), Decimal("-0.000001")),
    (Quantity(), 3, Decimal("3.000000")),
    (Quantity(), Decimal("9223372036854.775807"), Decimal("9223372036854.775807")),
    (UnitPrice(), Decimal("1E+3"), Decimal("1000.000000")),
    (Quantity(), Decimal("2." + 120 * "0"), Decimal("2.000000")),
    (Rate(), Decimal("0.0000000001"), Decimal("0.0000000001")),
    (Percent(), Decimal("12.5000000"), Decimal("12.5000")),
    (Scaled(0), Decimal("5.00"), Decimal(5)),
    (Moment(), NOON, NOON),
    (Moment(), NOON.astimezone(PARIS), NOON),
    (Moment(), NOON.replace(microsecond=123999), NOON),
    (Moment(), datetime(1969, 12, 31, tzinfo=UTC), datetime(1969, 12, 31, tzinfo=UTC)),
    (Day(), date(2026, 11, 24), date(2026, 11, 24)),
    (Flag(), True, True),
    (Flag(), False, False),
    (Text(), "Zoë 🙂 'quoted'", "Zoë 🙂 'quoted'"),
    (Text(), "", ""),
    (Bytes(), b"\x00\xff", b"\x00\xff"),
    (Json(), {"b": [1, None, True], "a": {"x": "é"}}, {"a": {"x": "é"}, "b": [1, None, True]}),
    (Json(), [Decimal("1.50"), date(2026, 1, 2), NOON], [Decimal("1.50"), date(2026, 1, 2), NOON]),
    (Json(), ("a", "b"), ["a", "b"]),
]

# A type, a refused value, and its error.
REFUSED = [
    (Whole(), 1.0, TypeError),
    (Whole(), True, TypeError),
    (Whole(), Decimal(1), TypeError),
    (Whole(), "1", TypeError),
    (Minor(), LARGEST + 1, ValueError),
    (Minor(), -LARGEST - 1, ValueError),
    (Quantity(), 0.5, TypeError),
    (Quantity(), "0.5", TypeError),
    (Quantity(), True, TypeError),
    (Quantity(), Decimal("0.0000001"), ValueError),
    (Quantity(), Decimal("1." + 120 * "0" + "1"), ValueError),
    (Quantity(), Decimal("1E-999999"), ValueError),
    (Quantity(), Decimal("1E+30"), ValueError),
    (Quantity(), Decimal("NaN"), ValueError),
    (Quantity(), Decimal("Infinity"), ValueError),
    (Quantity(), Decimal("9223372036854.775808"), ValueError),
    (Moment(), datetime(2026, 11, 24), ValueError),  # noqa: DTZ001 - a moment without a zone
    (Moment(), date(2026, 11, 24), TypeError),
    (Moment(), 1, TypeError),
    (Day(), NOON, TypeError),
    (Day(), "2026-11-24", TypeError),
    (Flag(), 1, TypeError),
    (Text(), b"bytes", TypeError),
    (Text(), "a\0b", ValueError),
    (Text(), "\ud800", UnicodeEncodeError),
    (Bytes(), "text", TypeError),
    (Json(), "text", TypeError),
    (Json(), {"a": 0.5}, TypeError),
    (Json(), {1: "a"}, TypeError),
    (Json(), {"$decimal": "1"}, ValueError),
    (Json(), [datetime(2026, 11, 24)], ValueError),  # noqa: DTZ001 - a moment without a zone
    (Json(), [object()], TypeError),
]


@pytest.mark.parametrize(("kept", "written", "read"), KEPT)
def test_a_value_comes_back(kept: Kept[Any], written: Any, read: Any) -> None:
    found = kept.read(kept.written(written))
    assert (found, type(found), str(found)) == (read, type(read), str(read))


@pytest.mark.parametrize(("kept", "value", "error"), REFUSED)
def test_a_value_that_would_not_come_back_is_refused(kept, value, error):
    with pytest.raises(error):
        kept.written(value)


def test_a_type_has_to_say_how_it_stores_values():
    for ask in (Kept().written, Kept().read):
        with pytest.raises(NotImplementedError):
            ask(1)


async def test_both_databases_keep_values_and_null(database_url):
    metadata = MetaData()
    table = Table("kept", metadata, *(Column(f"c{n}", each[0]) for n, each in enumerate(KEPT)))
    table.dialect_options["sqlite"]["strict"] = True

    def story(connection):
        metadata.create_all(connection)
        connection.execute(insert(table), {f"c{n}": each[1] for n, each in enumerate(KEPT)})
        connection.execute(insert(table), {f"c{n}": None for n in range(len(KEPT))})
        return [tuple(row) for row in connection.execute(select(table).order_by(table.c.c0))]

    async with await open_database(database_url, clock=clock) as database:
        rows = await database.write(story)
    values, nothing = sorted(rows, key=lambda row: row[0] is None)
    assert values == tuple(each[2] for each in KEPT)
    assert nothing == (None,) * len(KEPT)


async def test_both_databases_compute_with_scaled_values(database_url):
    metadata = MetaData()
    table = Table("kept", metadata, Column("quantity", Quantity()), Column("amount", Minor()))
    quantity, amount = table.c.quantity, table.c.amount

    def story(connection):
        metadata.create_all(connection)
        rows = [("1.5", 3), ("2.25", 4), ("-1", 5)]
        values = [{"quantity": Decimal(each), "amount": number} for each, number in rows]
        connection.execute(insert(table), values)
        return connection.execute(
            select(
                func.sum(quantity),
                func.sum(amount),
                func.coalesce(func.sum(quantity), 0) - Decimal("0.5"),
                func.max(quantity + quantity),
                func.sum(case((quantity > 0, quantity), else_=Decimal(0))),
                func.sum(case((quantity < Decimal("1.6"), 1), else_=0)),
                func.min(Decimal(1) - quantity),
            ).where(quantity.in_([Decimal("1.5"), Decimal("2.25"), Decimal(-1)]))
        ).one()

    async with await open_database(database_url, clock=clock) as database:
        assert await database.write(story) == (
            Decimal("2.75"), 12, Decimal("2.25"), Decimal("4.5"), Decimal("3.75"), 2,
            Decimal("-1.25"),
        )  # fmt: skip


@pytest.mark.parametrize(
    "multiply",
    [
        lambda column: column * 2,
        lambda column: 2 * column,
        lambda column: column * column,
        lambda column: column / 2,
        lambda column: 2 / column,
        lambda column: column // 2,
        lambda column: column % 2,
        lambda column: (column - column) * column,
        lambda column: func.sum(column) * 2,
    ],
)
def test_scaled_values_cannot_be_multiplied_in_sql(multiply):
    with pytest.raises(TypeError):
        multiply(Column("quantity", Quantity()))


async def test_flags_are_compared_alike_on_both_databases(database_url):
    metadata = MetaData()
    table = Table("kept", metadata, Column("number", Whole()), Column("flag", Flag()))
    flag = table.c.flag
    conditions = [flag, ~flag, flag.is_(True), flag.is_not(True), flag == False]  # noqa: E712 - it becomes SQL

    def story(connection):
        metadata.create_all(connection)
        values = [{"number": 1, "flag": True}, {"number": 2, "flag": False}]
        connection.execute(insert(table), values)
        return [
            connection.scalars(select(table.c.number).where(each)).all() for each in conditions
        ]

    async with await open_database(database_url, clock=clock) as database:
        assert await database.write(story) == [[1], [2], [1], [2], [2]]


async def test_texts_sort_by_their_bytes_on_both_databases(database_url):
    metadata = MetaData()
    table = Table("kept", metadata, Column("word", Text()))

    def story(connection):
        metadata.create_all(connection)
        connection.execute(insert(table), [{"word": each} for each in ("é", "a", "Z", "z", "B")])
        return connection.scalars(select(table.c.word).order_by(table.c.word)).all()

    async with await open_database(database_url, clock=clock) as database:
        assert await database.write(story) == ["B", "Z", "a", "z", "é"]


async def test_a_refused_value_never_reaches_the_database(database_url):
    table = Table("kept", MetaData(), Column("quantity", Quantity()))
    async with await open_database(database_url, clock=clock) as database:
        with database.count_statements() as statements, pytest.raises(StatementError):
            await database.write(
                lambda connection: connection.execute(insert(table).values(quantity=0.5))
            )
    assert statements.count == 0


@given(some.decimals(min_value=-(10**12), max_value=10**12, places=6))
def test_a_quantity_is_exact(value):
    assert Quantity().read(Quantity().written(value)) == value


leaves = some.none() | some.booleans() | some.integers() | some.text() | some.dates()
leaves |= some.decimals(allow_nan=False, allow_infinity=False)
leaves |= some.datetimes(timezones=some.just(UTC))
keys = some.text().filter(lambda key: not key.startswith("$"))
trees = some.recursive(
    leaves, lambda inner: some.lists(inner) | some.dictionaries(keys, inner), max_leaves=10
)


@given(trees)
def test_json_comes_back(tree):
    assert load_json(dump_json(tree)) == tree


@given(some.dictionaries(keys, leaves))
def test_equal_facts_are_written_as_equal_texts(facts):
    backwards = dict(reversed(facts.items()))
    assert dump_json(facts) == dump_json(backwards)


def test_every_column_has_one_of_these_types():
    strange = [
        f"{table.name}.{column.name}: {column.type!r}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if not isinstance(column.type, Kept)
    ]
    assert strange == []


def test_every_table_is_strict_and_gives_each_id_once():
    for table in Base.metadata.sorted_tables:
        options = table.dialect_options["sqlite"]
        own = [each for each in table.primary_key if isinstance(each.type, Id)]
        own = [each for each in own if not each.foreign_keys]
        assert options["strict"]
        assert options["autoincrement"] == bool(own)
        assert all(each.identity is not None and each.identity.always for each in own)


def test_allowed_values_become_a_check():
    check = one_of("state", ["a", "it's"])
    assert str(check.sqltext) == "state IN ('a', 'it''s')"
    assert check.name == "state_known"
