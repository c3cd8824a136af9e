"""What every test may ask for. A folder's own fixtures stand in its own `conftest.py`."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.databases import DIALECTS, Databases, Dialect

if TYPE_CHECKING:
    from tests.scenarios.stage import Openings

MEMORY = Path("/dev/shm")  # noqa: S108 - asked for on purpose; files get folders of their own
"""A folder in memory, where Linux has one."""
ROOM = 2 * 1024**3
"""How many bytes must be free there; containers often have only a few megabytes."""


# A busy machine is no fault of the code: what is slow is measured in tests/bench.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_configure() -> None:
    """Keep temporary files in memory: each commit waits for the disk, which no test is about."""
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    if "TMPDIR" not in os.environ and usable and shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def pytest_xdist_auto_num_workers() -> int:
    """Three for two cores: while one waits, for a program or a server, another computes."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, (cores or 1) * 3 // 2)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes fresh databases; its PostgreSQL server starts at the first use."""
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def openings(databases: Databases) -> "Openings":
    """Copies of Crimson with everybody joined."""
    # Most folders do without the bot, and its import takes a second.
    from tests.scenarios.stage import Openings

    return Openings(databases)


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """Each database in turn: whoever asks for it runs on both."""
    return request.param


@pytest.fixture
def database_url(databases: Databases, dialect: Dialect) -> Iterator[str]:
    """The URL of an empty database, removed after the test."""
    url = databases.empty(dialect)
    yield url
    databases.remove(url)
