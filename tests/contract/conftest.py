"""Every promise on every bench it is made to.

A bench starts when its first promise runs and ends with the session; each promise finds its collection empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from tests.contract.bench import Bench
from tests.contract.benches import everybody
from tests.contract.benches.live import absent
from tests.contract.desk import Desk
from tests.contract.promises import terms_of

benches = cache(everybody)


def pytest_configure(config: pytest.Config) -> None:
    """The mark of a promise."""
    config.addinivalue_line("markers", "promise(terms): to whom a promise of the contract suite is made")


def pytest_report_header() -> list[str]:
    """Which real tenants are left out, and why."""
    return list(absent())


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test per bench; for a promise about single fields one per bench and role."""
    if not {"bench", "desk"} & set(metafunc.fixturenames):
        return
    terms = terms_of(list(metafunc.definition.iter_markers()))
    fitting = [bench for bench in benches().values() if terms.hold(bench)]
    if "role" not in metafunc.fixturenames:
        metafunc.parametrize("bench", [bench.name for bench in fitting], indirect=True)
        return
    roles = [(bench.name, role) for bench in fitting for role in bench.roles]
    metafunc.parametrize("bench, role", roles, indirect=["bench"])


def pytest_itemcollected(item: pytest.Item) -> None:
    """The report of a test tells its bench, for the table."""
    found = getattr(item, "callspec", None)
    if found is not None and "bench" in found.params:
        item.user_properties.append(("bench", found.params["bench"]))


@pytest.fixture(scope="session")
def started() -> Iterator[Mapping[str, Bench]]:
    """All benches; those that ran are stopped at the end."""
    yield benches()
    for bench in benches().values():
        bench.stop()


@pytest.fixture
def bench(request: pytest.FixtureRequest, started: Mapping[str, Bench]) -> Bench:
    """One bench, fresh."""
    found = started[request.param]
    found.fresh()
    return found


@pytest.fixture
def desk(bench: Bench) -> Iterator[Desk]:
    """The bench with a connector to it."""
    connector = bench.connect()
    yield Desk(bench, connector)
    connector.close()
