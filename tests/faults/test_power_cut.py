"""Power cuts, replayed: whatever the disk holds, the vault opens and nothing promised is lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from faults import powercut
from store.desks import key, template
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store import audit
from traffick_desk.store.journal import verify_chain
from traffick_desk.store.store import Store

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> Path:
    """What writes down, and refuses, the writes of a process."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler: writes cannot be recorded")
    made = tmp_path_factory.mktemp("shim") / "recorder.so"
    subprocess.run(
        [compiler, "-O1", "-shared", "-fPIC", "-o", made, HERE / "recorder.c", "-ldl"], check=True
    )
    return made


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
def record(library, tmp_path_factory) -> tuple[list[powercut.Step], bytes, Path]:
    """The steps of a desk at work, and the file as it was before."""
    base = tmp_path_factory.mktemp("power")
    folder = base / "vault"
    before = fresh(folder)
    under(library, folder, base / "log", "worker.py", str(folder), "8")
    steps = powercut.read(base / "log", folder)
    kinds = {step.what for step in steps}
    assert {"c", "w", "t", "s", "u"} <= kinds, "else the record is not whole"
    whole = powercut.Disk({"vault.db": before})
    for step in steps:
        whole.follow(step, folder)
    held = whole.image(None, everything=True)
    assert held["vault.db"] == (folder / "vault.db").read_bytes(), "the replay is the disk"
    return steps, before, folder


def prove(image: dict[str, bytes], said: list[str], folder: Path) -> None:
    """Open what the disk holds; all that was said to be safe is there, and all of it is sound."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in image.items():
        if name != "said":
            (folder / name).write_bytes(content)
    store = Store(folder / "vault.db", key, REGISTRY, "p0")
    store.open()
    try:
        store.check()
        with store.read() as cursor:
            assert audit.first_mismatch(cursor) is None
            assert verify_chain(cursor, "p0") is None
            cursor.execute("SELECT id FROM r_case")
            cases = {int(name[1:]) for (name,) in cursor.fetchall()}
            cursor.execute("SELECT count(*) FROM r_erasure")
            erased = bool(cursor.fetchone()[0])
        saved = {int(line.split()[1]) for line in said if line.startswith("saved")}
        assert saved - cases <= ({1} if erased else set()), "acknowledged and lost"
        assert len(cases - saved) <= 1
        assert erased or "erased 1" not in said
        assert not (erased and 1 in cases)
    finally:
        store.close()


def campaign(record, tmp_path: Path, images: int, seed: int) -> int:
    """Prove that many images, spread over all steps; how many were different."""
    steps, before, recorded = record
    chance = random.Random(seed)
    disk = powercut.Disk({"vault.db": before})
    # Only steps that change something of the vault; each place is tried in its turn.
    share = images / len(steps)
    said: list[str] = []
    owing, seen = 0.0, 0
    for step in steps:
        disk.follow(step, recorded)
        if step.name == "said" and step.what == "w":
            said.append(step.data.decode().strip())
        owing += share
        while owing >= 1:
            owing -= 1
            kind = chance.randrange(4)
            part = chance if kind > 1 else None
            image = disk.image(part, everything=kind == 0)
            # What was said just now counts; a cut cannot take back what the officer has read.
            prove(image, said, tmp_path / "image")
            seen += 1
    return seen


def test_after_a_power_cut_the_vault_opens_and_nothing_acknowledged_is_lost(record, tmp_path):
    assert campaign(record, tmp_path, 100, 20261128) >= 95


@pytest.mark.slow
def test_five_thousand_power_cuts(record, tmp_path):
    assert campaign(record, tmp_path, 5_000, 20261129) >= 4_900


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
