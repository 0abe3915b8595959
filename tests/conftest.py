"""What several suites share."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from traffick_desk import i18n

if TYPE_CHECKING:
    from sync.desks import Country

# How long an example takes says something of the machine only, so nothing fails for it.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Locking and wiping all memory of SQLite is a quarter of what the tests take.

    Without the option every test has the vault as it is shipped. ``make test`` runs those of the
    store, the vault, leaks and whole journeys so, and the others with it; what they start as
    programs of their own is guarded in any case.
    """
    parser.addoption(
        "--plain-memory", action="store_true", help="do not lock and wipe the memory of SQLite"
    )


def pytest_configure(config: pytest.Config) -> None:
    """For the whole process: guarding cannot be switched off again."""
    if config.getoption("--plain-memory"):
        from traffick_desk.store import engine

        engine._guard = lambda _connection: None


@pytest.fixture(autouse=True)
def no_calibration(request: pytest.FixtureRequest) -> Iterator[None]:
    """New vaults derive their keys by the least that is allowed, not for a second each time.

    That a PC is measured is what ``tests/vault`` tests.
    """
    # A patch of its own: a test's ``monkeypatch`` ends before the desks that it was tried on.
    with pytest.MonkeyPatch.context() as patch:
        if "vault" not in request.path.parts[-2:]:
            from traffick_desk.vault import kdf

            patch.setattr(kdf, "calibrate", lambda: kdf.FLOOR)
        yield


@pytest.fixture(autouse=True, scope="module")
def settled() -> Iterator[None]:
    """What is left when a module's tests end is left for good: it is not looked through again.

    Some windows outlive their tests; after some hundred of them each search for cycles took longer
    than a test. And while one is thought to be at work, Python does not search by itself, so that
    a process came to hold gigabytes.
    """
    yield
    gc.collect()
    gc.freeze()
    if (collector := sys.modules.get("traffick_desk.desk.collector")) is not None:
        collector.Collector._at_work.clear()
    gc.enable()


@pytest.fixture
def english() -> Iterator[None]:
    """Speak English meanwhile, so that expectations can be read beside the code."""
    before = i18n.language()
    i18n.set_language("en")
    yield
    i18n.set_language(before)


@pytest.fixture
def land(tmp_path: Path) -> Iterator[Country]:
    """A province and its communes, each a real desk."""
    from sync.desks import country

    with country(tmp_path) as made:
        yield made
