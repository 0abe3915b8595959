"""The private place for temporary files."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest

from traffick_desk.services.private_temp import NAME, PrivateTemp


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    path = tmp_path / "vault"
    path.mkdir()
    return path


def test_everything_temporary_goes_there_and_goes_away(vault: Path) -> None:
    before = tempfile.gettempdir(), os.environ.get("TMPDIR")
    private = PrivateTemp(vault)
    try:
        descriptor, name = tempfile.mkstemp()
        os.close(descriptor)
        assert Path(name).is_relative_to(vault / NAME)
        assert os.environ["TMPDIR"] == str(private.path)
        assert stat.S_IMODE(private.path.stat().st_mode) == 0o700
    finally:
        private.end()
    assert list((vault / NAME).iterdir()) == []
    tempfile.tempdir = None
    assert (tempfile.gettempdir(), os.environ.get("TMPDIR")) == before


def test_what_a_killed_process_left_is_thrown_away_but_not_what_another_holds(vault: Path) -> None:
    left = vault / NAME / "0011"
    left.mkdir(parents=True)
    (left / "spool.pdf").write_bytes(b"x")
    (vault / NAME / "loose").write_bytes(b"x")
    first = PrivateTemp(vault)
    second = PrivateTemp(vault)
    try:
        assert not left.exists()
        assert first.path.is_dir()
        assert sorted(p.name for p in (vault / NAME).iterdir()) == sorted(
            (first.path.name, second.path.name)
        )
    finally:
        second.end()
        first.end()


def test_a_disk_that_refuses_does_not_stop_the_program(tmp_path: Path) -> None:
    private = PrivateTemp(tmp_path / "not-there")
    assert private.path is None
    private.end()
