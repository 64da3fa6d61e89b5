"""What every test shares: which database it runs on."""

import os
import sys
from collections.abc import Iterator

import pytest

from tests.dialect import SAID, not_understood
from tests.postgres import QUICK, PostgresServer, postgres_server, why_none
from tests.stores import STORES

# Where a server has to be there, its absence is a failure and nothing to skip.
IS_CI = os.environ.get("CI", "") not in {"", "0", "false"}  # noqa: TID251


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgres", action="store_true", help="Run on PostgreSQL what else runs in memory."
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--postgres"):
        reason = why_none()
        if reason is not None:
            raise pytest.UsageError(reason)
        STORES.use_postgres()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run whose statements PostgreSQL does not read."""
    if exitstatus or not SAID or why_none() is not None:
        return
    found = list(not_understood())
    for one in found:
        sys.stderr.write(f"\nPostgreSQL: {one}\n")
    if found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure() -> None:
    STORES.end()


@pytest.fixture(autouse=True)
def stores_of_one_test() -> Iterator[None]:
    with STORES.one_test():
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server that many tests share, each with databases of its own."""
    reason = why_none()
    if reason is not None:
        if IS_CI:
            pytest.fail(reason)
        pytest.skip(reason)
    with postgres_server(*QUICK) as server:
        yield server
