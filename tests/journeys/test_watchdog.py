"""The window hears every key: nothing keeps its thread from the event loop for long."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from acts import Acts
from desk.pages2 import world
from desk.walk import discard
from journey import until
from traffick_desk import i18n
from traffick_desk.desk import theme
from traffick_desk.desk.desk_window import DeskWindow
from traffick_desk.desk.preferences import Preferences
from traffick_desk.services.queries import ListCases
from traffick_desk.store.store import Store

LIMIT_MS = 100.0
# What `_standard` takes on the machine of docs/measurements.md; a slower one gets more time.
STANDARD_MS = 40.0
TRIES = 5


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("watched") / "vault"
    desk = world.make(path)
    world.take_in(desk)
    desk.close()
    return path


@pytest.fixture
def watched(qapp: QApplication, vault: Path, tmp_path: Path) -> Iterator[list[Acts]]:
    """Fresh windows, so that a first time is one; each is closed after its acts."""
    theme.apply(qapp, theme.chosen("light", 100))

    def windows() -> Generator[Acts]:
        for turn in range(TRIES):
            desk = world.unlock(vault)
            cases = [row.case_id for row in desk.ask(ListCases())][:2]
            window = DeskWindow(desk, Preferences(tmp_path / f"{turn}.json"))
            window.resize(1366, 768)
            window.show()
            until(lambda window=window: window.host.jobs.running == 0, "the first screen")
            try:
                yield Acts(window, (cases[0], cases[1]))
            finally:
                window.host.close()
                discard(window)

    made = windows()
    yield made
    made.close()
    i18n.set_language("vi")


def test_no_act_reads_or_writes_the_vault_in_the_thread_of_the_window(
    watched: Iterator[Acts], monkeypatch: pytest.MonkeyPatch
) -> None:
    acts = next(watched)
    found: list[str] = []
    window_thread = threading.get_ident()
    for name in ("read", "work"):
        real = getattr(Store, name)

        def spied(self, *arguments, real=real, **more):
            if threading.get_ident() == window_thread:
                found.append("".join(traceback.format_stack(limit=8)))
            return real(self, *arguments, **more)

        monkeypatch.setattr(Store, name, spied)
    assert len(dict(acts.all())) > 15
    assert not found, found[0]


def test_no_act_keeps_the_window_from_hearing_keys_for_a_tenth_of_a_second(
    watched: Iterator[Acts],
) -> None:
    best: dict[str, float] = {}
    standard = _standard()
    for acts in watched:
        for name, act in acts.all():
            best[name] = min(best.get(name, act.blocked_cpu_ms), act.blocked_cpu_ms)
        standard = min(standard, _standard())
        allowed = LIMIT_MS * max(1.0, standard / STANDARD_MS)
        late = {name: ms for name, ms in best.items() if ms > allowed}
        if not late:
            # What else ran on the machine only ever adds; once in time is in time.
            return
    raise AssertionError(allowed, late)


def _standard() -> float:
    """Processor time for a piece of work of the kind a page is: many small widgets, drawn once."""
    began = time.thread_time()
    outer = QWidget()
    column = QVBoxLayout(outer)
    for row in range(30):
        line = QHBoxLayout()
        for place in range(10):
            line.addWidget(QPushButton(f"{row} {place}"))
        column.addLayout(line)
    outer.grab()
    outer.deleteLater()
    return (time.thread_time() - began) * 1000
