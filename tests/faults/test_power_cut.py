"""Power cuts, replayed: whatever the disk holds, the vault opens and nothing promised is lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from faults import powercut
from store.desks import key, template
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store import audit
from traffick_desk.store.chain import verify_chain
from traffick_desk.store.store import Store

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def under(library: Path, folder: Path, log: Path, *command: str) -> str:
    """Run a script of this folder with its writes to *folder* recorded in *log*."""
    environment = {
        **os.environ,
        "LD_PRELOAD": str(library),
        "TD_RECORD": str(log),
        "TD_FOLDER": str(folder),
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, str(HERE / command[0]), *command[1:]],
        env=environment, check=True, timeout=300, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


def fresh(folder: Path) -> bytes:
    folder.mkdir()
    shutil.copyfile(template(), folder / "vault.db")
    return (folder / "vault.db").read_bytes()


@pytest.fixture(scope="module")
def record(library, tmp_path_factory) -> Path:
    """A folder with what a desk at work did to its files (``log``), and how they were before."""
    base = tmp_path_factory.mktemp("power")
    folder = base / "vault"
    before = fresh(folder)
    (base / "before.db").write_bytes(before)
    under(library, folder, base / "log", "worker.py", str(folder), "8")
    steps = powercut.read(base / "log", folder)
    kinds = {step.what for step in steps}
    assert {"c", "w", "t", "s", "u"} <= kinds, "else the record is not whole"
    whole = powercut.Disk({"vault.db": before})
    for step in steps:
        whole.follow(step, folder)
    held = whole.image(None, everything=True)
    assert held["vault.db"] == (folder / "vault.db").read_bytes(), "the replay is the disk"
    return base


def campaign(record: Path, disk: Path, images: int, seed: int) -> int:
    """Prove about that many different images, spread over all steps; how many there were."""
    # A process of its own: memory is not guarded there, which could not be undone here.
    done = subprocess.run(
        [sys.executable, "-m", "faults.cutting", record, disk, str(images), str(seed)],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}"},
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    print(done.stdout)
    return int(json.loads(done.stdout)["images"])


def test_after_a_power_cut_the_vault_opens_and_nothing_acknowledged_is_lost(record, memory_disk):
    assert campaign(record, memory_disk, 500, 20261128) >= 500


@pytest.mark.slow
def test_five_thousand_power_cuts(record, memory_disk):
    assert campaign(record, memory_disk, 5_000, 20261129) >= 5_000


def test_whichever_write_the_disk_refuses_a_save_is_whole_or_not_there(library, tmp_path):
    folder = tmp_path / "vault"
    fresh(folder)
    found = json.loads(under(library, folder, tmp_path / "log", "refuser.py", str(folder)))
    saved, refused = set(found["saved"]), found["refused"]
    assert {code for _n, code, *_rest in refused} == {"ENOSPC", "EIO", "EROFS"}
    assert all(kind in {"DiskFull", "StoreUnwritable"} for *_, kind, _text in refused)
    assert all(text for *_, text in refused), "the officer is told in words"
    assert len(refused) > 20
    store = Store(folder / "vault.db", key, REGISTRY, "p0")
    store.open()
    store.check()
    with store.read() as cursor:
        assert audit.first_mismatch(cursor) is None
        assert verify_chain(cursor, "p0") is None
        cursor.execute('SELECT id FROM r_case UNION SELECT "case" FROM r_erasure')
        assert {int(name[1:]) for (name,) in cursor.fetchall()} == saved
    store.close()
