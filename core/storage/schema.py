"""The schema as a whole: making it, migrating to it, and telling what it is.

A schema's text holds tables, CHECKs, indexes, triggers and STRICT, in an order of its own. Two
databases have the same schema when their texts are equal, however they came to it.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from core.storage.columns import Base
from core.storage.ddl import statements
from core.storage.rules import RULES
from core.storage.triggers import Trigger, made_of

VERSION_TABLE = "alembic_version"
MIGRATING = 20261124
"""The number of PostgreSQL's advisory lock under which a database is migrated."""

MIGRATIONS = Path(__file__).parent / "migrations"


def create_schema(connection: Connection) -> None:
    """Make all tables and triggers of the models in an empty database, at the last version."""
    create_all(connection)
    stamp(connection)


def stamp(connection: Connection) -> None:
    """Note that the database is at the last version."""
    command.stamp(_configuration(connection), "head")


def version_of(connection: Connection) -> str | None:
    """The version that the database is at; None for one that has never been migrated."""
    found = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    return found.get_current_revision()


def is_current(connection: Connection) -> bool:
    """Whether the database is at the version of this program; an empty one is not."""
    head = ScriptDirectory.from_config(_configuration(connection)).get_current_head()
    return version_of(connection) == head


def migrate(connection: Connection) -> None:
    """Bring the database to the last version, from any version or from nothing.

    Several processes may start at once: on PostgreSQL one migrates and the others wait for it,
    SQLite has one writer.

    Raises:
        alembic.util.CommandError: the database is at a version that this program does not know.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
    command.upgrade(_configuration(connection), "head")


def other_tables(connection: Connection) -> list[str]:
    """The tables whose columns are not those of the models, or that are not there; sorted.

    A database that says it is at this version has none, unless it was made before the first
    release, when the first migration still changed.
    """
    found = inspect(connection).get_multi_columns()
    columns = {name: {each["name"] for each in held} for (_, name), held in found.items()}
    return sorted(
        table.name
        for table in Base.metadata.tables.values()
        if columns.get(table.name) != set(table.columns.keys())
    )


def create_all(connection: Connection) -> None:
    """Make all tables and triggers of the models."""
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def remake_triggers(connection: Connection) -> None:
    """Make the triggers that are missing or differ from the rules, after a migration."""
    triggers = expected_triggers(connection)
    sqlite = connection.dialect.name == "sqlite"
    for name in missing_triggers(connection):
        trigger = triggers[name]
        if sqlite:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        else:
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
        made = (trigger.sqlite(),) if sqlite else trigger.postgresql()
        for statement in made:
            connection.exec_driver_sql(statement)


def expected_triggers(connection: Connection) -> dict[str, Trigger]:
    """All triggers of the rules on this kind of database, by name."""
    return made_of(RULES, connection.dialect.name)


def missing_triggers(connection: Connection) -> list[str]:
    """The triggers that are missing, disabled, or not what the rules say; sorted by name."""
    expected = expected_triggers(connection)
    if connection.dialect.name == "sqlite":
        held = dict(_sqlite_triggers(connection))
        wrong = [name for name, each in expected.items() if held.get(name) != each.sqlite()]
    else:
        found = dict(_postgresql_triggers(connection))
        wrong = [name for name, each in expected.items() if found.get(name) != _wanted(each)]
    return sorted(wrong)


def schema_text(connection: Connection) -> str:
    """The whole schema, one thing a line."""
    lines = _sqlite_lines if connection.dialect.name == "sqlite" else _postgresql_lines
    return "\n".join(sorted(lines(connection))) + "\n"


def _configuration(connection: Connection) -> Config:
    """Alembic's settings, with the connection that `migrations/env.py` uses."""
    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS))
    configuration.set_main_option("path_separator", "os")
    configuration.attributes["connection"] = connection
    return configuration


# --- SQLite -------------------------------------------------------------------------------------


def _sqlite_triggers(connection: Connection) -> Iterator[tuple[str, str]]:
    """The name and text of each trigger."""
    for row in connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    ):
        yield row.name, row.sql


def _sqlite_lines(connection: Connection) -> Iterator[str]:
    """Everything that SQLite keeps the text of, but what it makes by itself."""
    found = connection.execute(
        text(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
            " AND name NOT LIKE 'sqlite|_%' ESCAPE '|' AND tbl_name <> :versions"
        ),
        {"versions": VERSION_TABLE},
    )
    for kind, name, sql in found:
        # A table that was renamed, as Alembic's batch operations do, has its name in quotes.
        plain = re.sub(r'"(\w+)"', r"\1", " ".join(sql.split()))
        if kind != "table":
            yield f"{kind} {name}: {plain}"
            continue
        head, _, rest = plain.partition("(")
        body, _, options = rest.rpartition(")")
        yield f"table {name}: {head.strip()} {options.strip()}"
        # A column that was added later stands at the end: the order is no difference.
        for part in _parts(body):
            for line in _apart(part):
                yield f"table {name}: {line}"


def _apart(part: str) -> Iterator[str]:
    """Yield a part of a table; a column that was added later comes without its constraints.

    SQLite keeps those beside such a column, and the constraints of a new table at its end.
    """
    if part.startswith("CONSTRAINT "):
        yield part
        return
    column, *constraints = part.split(" CONSTRAINT ")
    yield column
    key = f" FOREIGN KEY({column.split()[0]}) REFERENCES "
    for each in constraints:
        yield f"CONSTRAINT {each.replace(' REFERENCES ', key, 1)}"


def _parts(body: str) -> Iterator[str]:
    """What stands between the commas that are in no brackets and no quotes."""
    depth, quoted, part = 0, False, ""
    for letter in body:
        if letter == "'":
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, ")": -1}.get(letter, 0)
            if letter == "," and depth == 0:
                yield part.strip()
                part = ""
                continue
        part += letter
    yield part.strip()


# --- PostgreSQL ---------------------------------------------------------------------------------

_COLUMNS = """
    SELECT format('table %s: %s %s%s%s%s%s', class.relname, attname,
        format_type(atttypid, atttypmod),
        CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END,
        CASE WHEN attidentity <> '' THEN ' IDENTITY ' || attidentity::text ELSE '' END,
        ' COLLATE ' || collname, ' DEFAULT ' || pg_get_expr(adbin, adrelid))
    FROM pg_attribute JOIN pg_class AS class ON class.oid = attrelid
    LEFT JOIN pg_collation ON pg_collation.oid = attcollation
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v')
    AND attnum > 0 AND NOT attisdropped AND class.relname <> :versions
    """

# Constraints of the kind 'n', NOT NULL, stand with the columns.
_CONSTRAINTS = """
    SELECT format('table %s: %s %s', class.relname, conname, pg_get_constraintdef(con.oid))
    FROM pg_constraint AS con JOIN pg_class AS class ON class.oid = conrelid
    WHERE connamespace = current_schema()::regnamespace AND contype <> 'n'
    AND class.relname <> :versions
    """

_INDEXES = """
    SELECT format('index %s', indexdef) FROM pg_indexes
    WHERE schemaname = current_schema() AND tablename <> :versions
    """

_FUNCTIONS = """
    SELECT format('function %s: %s', proname, regexp_replace(prosrc, '\\s+', ' ', 'g'))
    FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    """

_TRIGGERS = """
    SELECT tgname AS name, class.relname AS on_table, pg_get_triggerdef(trig.oid) AS definition,
        tgenabled::text AS enabled, prosrc AS body
    FROM pg_trigger AS trig JOIN pg_class AS class ON class.oid = tgrelid
    JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
    """


def _postgresql_triggers(connection: Connection) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """The name of each trigger that is always enabled; its table, moment and body."""
    for row in connection.execute(text(_TRIGGERS)):
        if row.enabled == "A":
            moment = row.definition.split(f" {row.name} ", 1)[1].split(" ON ", 1)[0]
            yield row.name, (row.on_table, moment, row.body)


def _wanted(trigger: Trigger) -> tuple[str, str, str]:
    """What `_postgresql_triggers` gives for a trigger that is as it must be."""
    return trigger.table, trigger.moment, trigger.body


def _postgresql_lines(connection: Connection) -> Iterator[str]:
    """Everything in the catalogues about the current schema."""
    for query in (_COLUMNS, _CONSTRAINTS, _INDEXES):
        yield from connection.scalars(text(query), {"versions": VERSION_TABLE})
    yield from connection.scalars(text(_FUNCTIONS))
    for row in connection.execute(text(_TRIGGERS)):
        yield f"trigger {row.name} enabled {row.enabled}: {row.definition}"
