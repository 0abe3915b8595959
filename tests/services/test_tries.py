"""Wrong passwords wait longer and longer, after a restart too; what somebody does to that shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.conftest import NOW, PASSWORD, Make
from traffick_desk.services import tries, vaults
from traffick_desk.vault.errors import UnlockRefused


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def _wrong() -> None:
    raise UnlockRefused("login or password")


def _refuse(vault: Path, clock: Clock, times: int) -> None:
    for _ in range(times):
        clock.now += tries.wait(vault, clock)
        with pytest.raises(UnlockRefused):
            tries.guarded(vault, _wrong, clock)


def test_each_refusal_waits_longer_up_to_five_minutes(tmp_path: Path) -> None:
    clock, waits = Clock(), []
    for _ in range(len(tries.DELAYS) + 2):
        _refuse(tmp_path, clock, 1)
        waits.append(tries.wait(tmp_path, clock))
    assert waits == [*tries.DELAYS, 300, 300]


def test_while_it_waits_nothing_is_tried(tmp_path: Path) -> None:
    clock, asked = Clock(), []
    _refuse(tmp_path, clock, 6)
    with pytest.raises(tries.TooSoon) as refused:
        tries.guarded(tmp_path, lambda: asked.append(1), clock)
    assert asked == []
    assert refused.value.seconds == 15
    clock.now += 15
    tries.guarded(tmp_path, lambda: asked.append(1), clock)
    assert asked == [1]


def test_a_clock_put_back_waits_once_more_and_not_for_ever(tmp_path: Path) -> None:
    clock = Clock()
    _refuse(tmp_path, clock, 5)
    clock.now -= 1_000_000
    assert tries.wait(tmp_path, clock) == tries.DELAYS[4]


@pytest.mark.parametrize("content", [b"", b"{", b'{"tag":"","times":[]}', b'{"times":[-1],"tag":"'])
def test_a_broken_file_keeps_nobody_out(tmp_path: Path, content: bytes) -> None:
    (tmp_path / tries.FILE).write_bytes(content)
    assert tries.wait(tmp_path) == 0
    assert tries.guarded(tmp_path, lambda: 7) == 7


def _log(desk: object, action: str) -> list[str]:
    with desk.context.store.read() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT object FROM audit WHERE action = ? ORDER BY seq", (action,))
        return [row[0] for row in cursor.fetchall()]


def _again(path: Path) -> object:
    return vaults.unlock(path, "huong", PASSWORD, lambda: NOW)


def test_opening_writes_the_refusals_into_the_log_and_begins_anew(make: Make) -> None:
    desk = make()
    path = desk.info.vault_path
    desk.close()
    clock = Clock()
    _refuse(path, clock, 3)
    desk = _again(path)
    try:
        assert _log(desk, "vault.refused") == ["3"]
        assert _log(desk, "vault.tries-changed") == []
        assert desk.refused_before == 3
        assert tries.wait(path, clock) == 0
    finally:
        desk.close()


def _deleted(file: Path) -> None:
    file.unlink()


def _fewer(file: Path) -> None:
    kept = json.loads(file.read_text())
    file.write_text(json.dumps({**kept, "times": kept["times"][:-1]}))


def _begun_anew(file: Path) -> None:
    file.unlink()
    tries.refuse(file.parent)


@pytest.mark.parametrize("harm", [_deleted, _fewer, _begun_anew])
def test_a_file_that_was_tampered_with_is_noticed_at_the_next_opening(make: Make, harm) -> None:
    desk = make()
    path = desk.info.vault_path
    desk.close()
    clock = Clock()
    _refuse(path, clock, 3)
    harm(path / tries.FILE)
    desk = _again(path)
    try:
        assert len(_log(desk, "vault.tries-changed")) == 1
        assert not desk.tries_whole
    finally:
        desk.close()
    desk = _again(path)
    try:
        assert desk.tries_whole, "it is told once"
    finally:
        desk.close()
