"""The statements that make the whole schema: `python -m core.storage.ddl sqlite` prints them.

From what is printed a migration is written; each statement ends with a semicolon at the end of
a line, and no line ends with one inside a statement.
"""

import sys
from collections.abc import Iterator, Sequence

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from core.storage.models import Base
from core.storage.rules import RULES
from core.storage.triggers import made_of

DIALECTS: dict[str, type[Dialect]] = {
    "sqlite": sqlite.dialect,
    "postgresql": postgresql.dialect,
}


def statements(dialect: str) -> Iterator[str]:
    """All statements, in an order in which each finds what it refers to."""
    yield from table_statements(dialect)
    yield from trigger_statements(dialect)


def table_statements(dialect: str) -> Iterator[str]:
    """The tables with their indexes."""
    language = DIALECTS[dialect]()
    for table in Base.metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=language)).strip()
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            yield str(CreateIndex(index).compile(dialect=language)).strip()


def trigger_statements(dialect: str) -> Iterator[str]:
    """The triggers, which need all tables."""
    for trigger in made_of(RULES, dialect).values():
        yield from (trigger.sqlite(),) if dialect == "sqlite" else trigger.postgresql()


def script(dialect: str) -> str:
    """All statements as one text."""
    lines = "\n".join(f"{statement};" for statement in statements(dialect)).splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def split(text: str) -> list[str]:
    """The statements of a text that `script` made."""
    return [statement for statement in text.split(";\n") if statement.strip()]


def main(arguments: Sequence[str]) -> None:
    """Print the script of a dialect."""
    sys.stdout.write(script(*arguments))


if __name__ == "__main__":
    main(sys.argv[1:])
