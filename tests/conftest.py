"""Time for properties, and databases: an SQLite file, and one of a PostgreSQL server that each worker starts."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from tests import heard, postgres
from tests.postgres import Server

# A busy machine is no fault; what must not take long says so itself.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_configure() -> None:
    """Before the tables of cases are built, which speak as well."""
    heard.listen()


@pytest.fixture(scope="session", autouse=True)
def every_sentence_is_known() -> Iterator[None]:
    """Every sentence that the core wrote in these tests has a shape, so that it is read in Russian too."""
    yield
    silent = heard.untranslated()
    assert not silent, "add their shapes in bot/report/shapes, then type: make words\n" + "\n".join(silent)


@pytest.fixture(autouse=True)
def logs_as_ever() -> Iterator[None]:
    """A test that sets up logs, as a server or the demo does, leaves the next one its lines."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """The one server of this process."""
    with postgres.serving() as server:
        yield server


@pytest.fixture
def postgresql_alone() -> Iterator[Server]:
    """A server that a test may stop."""
    with postgres.serving() as server:
        yield server


@pytest.fixture
async def shared_database(postgresql: Server) -> AsyncIterator[str]:
    """The address of a database on PostgreSQL with the newest schema and nothing in it."""
    address = await postgresql.prepared()
    yield address
    await postgresql.emptied()


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Each of the two in turn, as `open_store` takes it."""
    if request.param == "SQLite":
        return tmp_path / "gate.sqlite3"
    address: str = request.getfixturevalue("shared_database")
    return address
