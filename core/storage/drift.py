"""Whether the migrations lead to the schema of the models: `python -m core.storage.drift [URL]`.

Each URL is an empty database, which stays empty; without one it is a SQLite file made for this.
The exit status is 1 when there is a difference, and the lines that differ are printed.
"""

import asyncio
import difflib
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from core.storage.database import open_database
from core.storage.schema import create_schema, migrate, schema_text


def differences(connection: Connection) -> list[str]:
    """The lines that only the models have (+) and that only the migrations have (-).

    Both are made in the empty database of `connection`, and undone.
    """
    made = _text_after(connection, create_schema)
    migrated = _text_after(connection, migrate)
    lines = difflib.unified_diff(
        migrated.splitlines(), made.splitlines(), "migrated", "models", lineterm="", n=0
    )
    return list(lines)


def _text_after(connection: Connection, make: Callable[[Connection], None]) -> str:
    """The schema's text after `make`, which is undone."""
    undone = connection.begin_nested()
    make(connection)
    found = schema_text(connection)
    undone.rollback()
    return found


async def find(url: str) -> list[str]:
    """The differences, found in the empty database at `url`."""
    async with await open_database(url, clock=lambda: datetime.fromtimestamp(0, UTC)) as database:
        return await database.write(differences)


def main(urls: Sequence[str]) -> int:
    """Print what differs; the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        tried = urls or [f"sqlite+aiosqlite:///{folder}/drift.db"]
        lines = [line for url in tried for line in asyncio.run(find(url))]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
