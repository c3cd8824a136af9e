"""What every test may ask for. A folder's own fixtures stand in its own `conftest.py`."""

from collections.abc import Iterator

import pytest

from tests.databases import DIALECTS, Databases, Dialect


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes fresh databases; its PostgreSQL server starts at the first use."""
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.close()


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
