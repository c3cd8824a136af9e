"""The schema: migrated and fresh ones are equal, differences are found, lost triggers named."""

import asyncio
import hashlib
import subprocess
import sys

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.util import CommandError
from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, MetaData, Table, false
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.schema import CreateTable

from core.storage import ddl, drift
from core.storage.columns import CONSTRAINT_NAMES, Base, Flag, Id, Quantity, Text
from core.storage.database import open_database
from core.storage.migrations.added_columns import add_column
from core.storage.schema import (
    MIGRATIONS,
    create_schema,
    expected_triggers,
    migrate,
    missing_triggers,
    other_tables,
    remake_triggers,
    schema_text,
)
from tests.migrated import clock
from tests.storage.rows import receive


async def test_migrations_lead_to_the_schema_of_the_models(database_url, capsys):
    assert await drift.find(database_url) == []
    # The comparison has left nothing behind.
    async with await open_database(database_url, clock=clock) as database:
        assert await database.read(schema_text) == "\n"


@pytest.mark.parametrize(
    ("dialect", "digest"),
    [
        ("postgresql", "5b4bac658ede6675dbcac8c988b1b7a25463964996747ce2017a2da6dbf86695"),
        ("sqlite", "6c0b9b6ac88da61621b99a5738a5a4b93f608757500b2a63a3d4b52cfcac02c9"),
    ],
)
def test_the_first_migration_stays_as_it_was_released(dialect, digest):
    script = MIGRATIONS / "versions" / f"0001_first.{dialect}.sql"
    changed = "shops have these tables: a change of the schema is a migration of its own"
    assert hashlib.sha256(script.read_bytes()).hexdigest() == digest, changed


def test_without_a_url_a_temporary_file_is_checked(capsys):
    assert drift.main([]) == 0
    assert capsys.readouterr().out == ""


def planted(name, *columns):
    """Add a table that no migration knows, until the test ends."""
    table = Table(name, Base.metadata, *columns)
    table.dialect_options["sqlite"]["strict"] = True
    return table


def test_a_table_that_no_migration_makes_is_found(database_url, capsys):
    table = planted("planted", Column("number", Integer), CheckConstraint("number > 0", name="n"))
    try:
        assert drift.main([database_url]) == 1
    finally:
        Base.metadata.remove(table)
    told = capsys.readouterr().out
    assert "+table planted" in told
    assert "ck_planted_n" in told


@pytest.mark.parametrize("module", ["drift", "ddl"])
def test_the_tools_run_as_programs(module, dialect):
    command = [sys.executable, "-m", f"core.storage.{module}", *([dialect] * (module == "ddl"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == ("" if module == "drift" else ddl.script(dialect))


def test_a_printed_script_can_be_split_again(dialect):
    def plain(text):
        return " ".join(text.split())

    printed = ddl.split(ddl.script(dialect))
    assert [plain(each) for each in printed] == [plain(each) for each in ddl.statements(dialect)]


async def test_a_fresh_database_can_be_migrated_later(database_url):
    async with await open_database(database_url, clock=clock) as database:
        await database.write(create_schema)
        before = await database.read(schema_text)
        await database.write(migrate)
        assert await database.read(schema_text) == before


async def test_changed_tables_are_named(database):
    assert await database.read(other_tables) == []

    def change(connection):
        connection.exec_driver_sql("ALTER TABLE tax ADD COLUMN colour TEXT")
        return other_tables(connection)

    assert await database.write(change) == ["tax"]


async def test_a_second_migration_changes_nothing(database):
    before = await database.read(schema_text)
    await database.write(migrate)
    assert await database.read(schema_text) == before
    assert await database.read(missing_triggers) == []


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_processes_that_start_together_migrate_once(database_url):
    opened = [await open_database(database_url, clock=clock) for _ in range(3)]
    await asyncio.gather(*(each.write(migrate) for each in opened))
    assert await opened[0].read(missing_triggers) == []
    for each in opened:
        await each.close()


async def test_a_database_from_a_newer_version_is_refused(database):
    await database.write(
        lambda connection: connection.exec_driver_sql(
            "UPDATE alembic_version SET version_num = '9999_later'"
        )
    )
    with pytest.raises(CommandError, match="9999_later"):
        await database.write(migrate)


async def test_a_migration_that_fails_leaves_nothing(database_url):
    def story(connection):
        migrate(connection)
        raise KeyError

    async with await open_database(database_url, clock=clock) as database:
        with pytest.raises(KeyError):
            await database.write(story)
        assert await database.read(schema_text) == "\n"
        await database.write(migrate)
        assert await database.read(missing_triggers) == []


DO_NOTHING = (
    "CREATE OR REPLACE FUNCTION level_explained() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN RETURN NEW; END'"
)

ON_DELETE = (
    "CREATE TRIGGER level_explained BEFORE DELETE ON level"
    " FOR EACH ROW EXECUTE FUNCTION level_explained()"
)
SPOILED = [
    [DO_NOTHING],
    ["ALTER TABLE level ENABLE TRIGGER level_explained"],
    ["ALTER TABLE level ENABLE REPLICA TRIGGER level_explained"],
    [
        "DROP TRIGGER level_explained ON level",
        ON_DELETE,
        "ALTER TABLE level ENABLE ALWAYS TRIGGER level_explained",
    ],
]

ON_BOTH = [
    "CREATE TABLE planted (number INTEGER)",
    "ALTER TABLE history ADD COLUMN planted INTEGER",
    "ALTER TABLE history RENAME COLUMN action TO planted",
    "DROP INDEX move_of_line",
    "CREATE INDEX planted ON move (at)",
    "DROP TABLE waiting",
]
ON_SQLITE = [
    "DROP TRIGGER level_explained",
    "CREATE TRIGGER planted BEFORE INSERT ON move BEGIN SELECT 1; END",
    "CREATE VIEW planted AS SELECT 1 AS number",
]
ON_POSTGRESQL = [
    "DROP TRIGGER level_explained ON level",
    "ALTER TABLE level DISABLE TRIGGER level_explained",
    "ALTER TABLE level ENABLE TRIGGER level_explained",
    "ALTER TABLE level DROP CONSTRAINT ck_level_claimed",
    "ALTER TABLE level ALTER COLUMN on_hand DROP NOT NULL",
    "ALTER TABLE level ALTER COLUMN on_hand SET DEFAULT 7",
    "ALTER TABLE level ALTER COLUMN on_hand TYPE numeric",
    "ALTER TABLE move ALTER COLUMN id SET GENERATED BY DEFAULT",
    DO_NOTHING,
    "CREATE FUNCTION planted() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE VIEW planted AS SELECT 1 AS number",
]


async def test_every_change_of_the_schema_is_found(database, dialect):
    def unseen(connection):
        before = schema_text(connection)
        found = []
        for change in ON_BOTH + (ON_SQLITE if dialect == "sqlite" else ON_POSTGRESQL):
            tried = connection.begin_nested()
            connection.exec_driver_sql(change).close()
            if schema_text(connection) == before:
                found.append(change)
            tried.rollback()
        return found

    assert await database.write(unseen) == []


DROPPED = {
    "sqlite": ["DROP TRIGGER move_applied", "DROP TRIGGER counter_counts"],
    "postgresql": [
        "ALTER TABLE move DISABLE TRIGGER move_applied",
        "DROP TRIGGER counter_counts ON counter",
    ],
}


async def test_a_missing_trigger_is_named_and_restored(database, rows, dialect):
    def drop(connection):
        for statement in DROPPED[dialect]:
            connection.exec_driver_sql(statement)

    before = await database.read(schema_text)
    await database.write(drop)
    assert await database.read(missing_triggers) == ["counter_counts", "move_applied"]
    await database.write(remake_triggers)
    assert await database.read(missing_triggers) == []
    assert await database.read(schema_text) == before
    await database.write(receive, rows, 3)


@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_a_changed_trigger_is_named_and_restored(database):
    def named(connection):
        found = []
        for changes in SPOILED:
            tried = connection.begin_nested()
            for statement in changes:
                connection.exec_driver_sql(statement)
            wrong = missing_triggers(connection)
            remake_triggers(connection)
            found.append((wrong, missing_triggers(connection)))
            tried.rollback()
        return found

    assert await database.write(named) == [(["level_explained"], [])] * len(SPOILED)


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_table_changed_in_batch_mode_gets_its_triggers_back(database):
    """Alembic copies the table, and SQLite drops the triggers of the old one."""

    def change(connection):
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("history") as table:
            table.alter_column("source", nullable=True)
        return missing_triggers(connection)

    assert await database.write(change) == [
        "history_not_changed", "history_not_removed", "history_not_replaced",
    ]  # fmt: skip
    await database.write(remake_triggers)
    assert await database.read(missing_triggers) == []
    with pytest.raises(IntegrityError):
        await database.write(
            lambda connection: connection.exec_driver_sql(
                "INSERT INTO history (id, subject, subject_id, action, at, source, facts)"
                " VALUES (1, '', 1, '', 0, '', ''), (1, '', 1, '', 0, '', '')"
            )
        )


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_the_order_and_quoting_of_columns_make_no_difference(database_url):
    first = "CREATE TABLE a (x INTEGER CHECK (x IN (1, 2)), y TEXT DEFAULT 'a, (b') STRICT"
    second = (
        "CREATE TABLE old (y TEXT DEFAULT 'a, (b') STRICT",
        "ALTER TABLE old ADD COLUMN x INTEGER CHECK (x IN (1, 2))",
        'ALTER TABLE old RENAME TO "a"',
    )

    def text_after(connection, *statements):
        made = connection.begin_nested()
        for statement in statements:
            connection.exec_driver_sql(statement)
        text = schema_text(connection)
        made.rollback()
        return text

    async with await open_database(database_url, clock=clock) as database:
        one = await database.write(text_after, first)
        other = await database.write(text_after, *second)
        loose = await database.write(text_after, first.removesuffix(" STRICT"))
    assert one == other != loose


def grown(*later):
    """A table, the one that it may refer to, and what a later version of its model says."""
    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    other = Table("other", metadata, Column("id", Id, primary_key=True))
    table = Table("grown", metadata, Column("name", Text, nullable=False), *later)
    table.dialect_options["sqlite"]["strict"] = True
    return other, table


def plain_columns():
    return [
        Column("number", Text, nullable=False, server_default=""),
        Column("exempt", Flag, nullable=False, server_default=false()),
        Column("weight", Quantity),
    ]


async def test_a_column_that_is_added_is_what_the_model_makes(database_url):
    """Each kind: a text, a flag, a number or nothing, the id of another, one with a CHECK."""

    def text_of(connection, tables, add=None):
        made = connection.begin_nested()
        for table in tables:
            connection.execute(CreateTable(table))
        if add is not None:
            add(connection)
        found = schema_text(connection)
        made.rollback()
        return found

    def add(connection):
        connection.exec_driver_sql("INSERT INTO grown (name) VALUES ('there before')")
        for each in plain_columns():
            add_column(connection, "grown", each)
        add_column(connection, "grown", Column("other_id", Id), references="other")
        add_column(connection, "grown", Column("rank", Integer), checks={"rank": "rank > 0"})
        there = "SELECT number, exempt, weight, other_id FROM grown"
        assert tuple(connection.exec_driver_sql(there).one()) == ("", False, None, None)

    model = grown(
        *plain_columns(),
        Column("other_id", ForeignKey("other.id"), type_=Id()),
        Column("rank", Integer),
        CheckConstraint("rank > 0", name="rank"),
    )
    async with await open_database(database_url, clock=clock) as database:
        made = await database.write(text_of, model)
        assert await database.write(text_of, grown(), add) == made
    assert "fk_grown_other_id FOREIGN KEY" in made


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_a_column_without_a_value_for_the_rows_that_are_there_is_refused(database):
    for column, references in (
        (Column("number", Text, nullable=False), ""),
        (Column("other_id", Id, nullable=False, server_default="1"), "tax"),
    ):
        with pytest.raises(ValueError, match="the rows that are there need it"):
            await database.write(add_column, "party", column, references=references)


async def test_names_are_short_enough_for_postgresql(database):
    triggers = await database.read(expected_triggers)
    assert all(len(name) <= 63 for name in triggers)
    assert len(triggers) > 70


async def test_a_schema_cannot_be_created_over_another(database):
    with pytest.raises(DBAPIError):
        await database.write(create_schema)
