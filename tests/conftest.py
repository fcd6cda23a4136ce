"""Fixtures for every test: databases, a clock moved by hand, the browser."""

import os
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from typing import NoReturn

import pytest
from hypothesis import settings

from storage.database import Database
from tests import nesting
from tests.databases import PostgresTemplate, SqliteTemplate, UnreachableError

# Machines differ in speed, and a test that fails must fail again: no deadlines, no randomness.
settings.register_profile("paylink", deadline=None, derandomize=True)
settings.load_profile("paylink")

KINDS = ("sqlite", "postgresql")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Clock:
    """Time that stands still until told to move. Called, it answers seconds since the epoch."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        """Moves time forward."""
        self.now += seconds


class Templates:
    """The template of each kind of database, made when first asked for."""

    def __init__(self, folder: pytest.TempPathFactory, cleanup: ExitStack) -> None:
        self._folder = folder
        self._cleanup = cleanup
        self._made: dict[str, SqliteTemplate | PostgresTemplate] = {}
        self._missing: dict[str, str] = {}

    def of(self, kind: str) -> SqliteTemplate | PostgresTemplate:
        """The template, or a skipped test (a failed one when PAYLINK_REQUIRE names the kind)."""
        if kind not in self._made and kind not in self._missing:
            try:
                template = self._make(kind)
            except UnreachableError as error:
                self._missing[kind] = str(error)
            else:
                self._made[kind] = template
                self._cleanup.callback(template.close)
        if kind in self._missing:
            unavailable(kind, self._missing[kind])
        return self._made[kind]

    def _make(self, kind: str) -> SqliteTemplate | PostgresTemplate:
        if kind == "sqlite":
            return SqliteTemplate(self._folder.mktemp("databases"))
        return PostgresTemplate()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "one_database: touches no SQL of its own, so SQLite alone is enough")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        one = metafunc.definition.get_closest_marker("one_database") is not None
        metafunc.parametrize("database_kind", KINDS[:1] if one else KINDS)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says once per reason, not once per test, what was skipped and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason, tests in Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in skipped).items():
        terminalreporter.write_line(f"{tests} tests skipped: {reason}")


def unavailable(what: str, reason: str) -> NoReturn:
    """Skips the test, or fails it when PAYLINK_REQUIRE (comma-separated) names what is missing."""
    if what in os.environ.get("PAYLINK_REQUIRE", "").split(","):
        pytest.fail(f"{what} is required by PAYLINK_REQUIRE: {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def no_nested_transactions() -> Iterator[None]:
    """Fails the test in which the code under test opens a transaction inside another."""
    with nesting.refused():
        yield


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    with ExitStack() as cleanup:
        yield Templates(tmp_path_factory, cleanup)


@pytest.fixture
def database_url(database_kind: str, templates: Templates) -> Iterator[str]:
    """The URL of a fresh, migrated database; the test runs once on each kind."""
    with templates.of(database_kind).copy() as url:
        yield url


@pytest.fixture
def empty_database_url(database_kind: str, templates: Templates) -> Iterator[str]:
    """The URL of a fresh database without tables; the test runs once on each kind."""
    with templates.of(database_kind).empty() as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh, migrated database, closed afterwards."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def clock() -> Clock:
    """A clock that moves by `clock.advance(seconds)` alone."""
    return Clock()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's Chromium."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    unavailable("chromium", f"No browser found: none of {', '.join(BROWSERS)} is installed.")
