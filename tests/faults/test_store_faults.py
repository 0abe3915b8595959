"""Power cuts and full disks: what was acknowledged is there, what was not is not half there."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from store.desks import OFFICER, Desk, key, make, template
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store import audit
from traffick_desk.store.chain import verify_chain
from traffick_desk.store.copies import check
from traffick_desk.store.engine import connect
from traffick_desk.store.errors import DiskFull, StoreError, StoreUnwritable
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Store

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
AT = "2026-11-21T20:40+07:00"
KILLS = 100


# --- kill -9 -----------------------------------------------------------------------


@pytest.fixture
def saver():
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        [sys.executable, str(HERE / "saver.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    with process:
        yield process
        process.stdin.close()


def killed_while_saving(saver, path, first, wait, killer) -> list[int]:
    """Numbers that were acknowledged before the process died in the middle of its work."""
    saver.stdin.write(f"{path} {first}\n")
    saver.stdin.flush()
    acknowledged: list[int] = []
    child = None
    for line in saver.stdout:
        word, _space, number = line.strip().partition(" ")
        if word == "dead":
            break
        if word == "pid":
            child = int(number)
        else:
            acknowledged.append(int(word))
        # Saving has begun with the first acknowledgement; the kill comes anywhere after it.
        if child is not None and len(acknowledged) >= wait:
            time.sleep(killer.random() * 0.006)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
    return acknowledged


def whole(path, acknowledged) -> int:
    """Open the file after the cut and prove it; the number of the last record in it."""
    store = Store(path, key, REGISTRY, "c0")
    store.open()
    try:
        store.check()
        with store.read() as cursor:
            assert audit.first_mismatch(cursor) is None
            assert verify_chain(cursor, "c0") is None
            counts = []
            for table in ("r_case", "r_person", "case_row", "search_doc", "audit"):
                cursor.execute(f"SELECT count(*) FROM {table}")
                counts.append(cursor.fetchone()[0])
            cursor.execute("SELECT count(*) FROM journal")
            assert cursor.fetchone()[0] == 2 * counts[0]
            assert len(set(counts)) == 1, "nothing half done"
            cursor.execute("SELECT count(*) FROM search_fts WHERE search_fts MATCH 'folded:n*'")
            assert cursor.fetchone()[0] == counts[0]
            cursor.execute(
                "SELECT c.id FROM r_case c JOIN r_person p ON p.\"case\" = c.id AND p.role = 'main'"
            )
            stored = {int(name[1:]) for (name,) in cursor.fetchall()}
        missing = set(acknowledged) - stored
        assert not missing, f"acknowledged and lost: {sorted(missing)}"
        assert stored == set(range(1, len(stored) + 1))
        # At most the one save that was on its way is there without its acknowledgement.
        assert len(stored) <= max(acknowledged, default=0) + 1
        return len(stored)
    finally:
        store.close()


def test_killing_while_saving_loses_nothing_that_was_acknowledged(tmp_path, saver):
    killer = random.Random(20261121)
    kills = saved = 0
    while kills < KILLS:
        path = tmp_path / f"vault{kills}.db"
        shutil.copyfile(template(), path)
        last, acknowledged = 0, []
        for _ in range(10):
            wait = killer.randrange(1, 12)
            acknowledged += killed_while_saving(saver, path, last, wait, killer)
            kills += 1
            last = whole(path, acknowledged)
        saved += len(acknowledged)
        path.unlink()
    assert kills >= KILLS
    assert saved > KILLS


# --- a full disk -------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 24 megabytes, or ``None`` where the machine allows no mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    mounted = (
        os.geteuid() == 0
        and shutil.which("mount") is not None
        and subprocess.run(command, capture_output=True, check=False).returncode == 0
    )
    yield folder if mounted else None
    if mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def save(desk, number, size):
    with desk.store.work() as work:
        edit = Edit("note", f"n{number}", {"case": "k0", "text": "x" * size})
        work.journal.write(edit, OFFICER, "k0")
        work.log(AT, OFFICER, "records.save", f"n{number}")


def save_until_refused(desk, first) -> tuple[int, StoreError]:
    """The number of the save that the disk refused, and the error; earlier ones are safe."""
    for number in range(first, first + 2_000):
        try:
            save(desk, number, 15_000)
        except StoreError as error:
            return number, error
    pytest.fail("the disk never was full")


def nothing_half_done(desk, saved):
    assert desk.rows("SELECT count(*) FROM r_note") == [(saved,)]
    assert desk.rows("SELECT count(*) FROM journal") == [(saved,)]
    assert desk.rows("SELECT count(*) FROM audit") == [(saved,)]
    with desk.store.read() as cursor:
        assert audit.first_mismatch(cursor) is None
        assert verify_chain(cursor, "c0") is None


def fill_and_free(desk, wanted, free):
    """Refused ten times, never half done, and good again once there is room."""
    saved = 0
    for _ in range(10):
        number, error = save_until_refused(desk, saved)
        assert isinstance(error, wanted)
        assert str(error)
        saved = number
        nothing_half_done(desk, saved)
        with pytest.raises(wanted):
            save(desk, number, 500_000)
        nothing_half_done(desk, saved)
        # A query still works, and so does the same window after room is made.
        assert desk.state_of("note", "n0")["case"] == "k0"
        free()
    desk.close()
    check(desk.path, key)
    desk.open()
    nothing_half_done(desk, saved)
    save(desk, saved, 100)
    nothing_half_done(desk, saved + 1)
    desk.close()


class FaultDesk(Desk):
    def state_of(self, type_name, record_id):
        names = ", ".join(f'"{f.name}"' for f in REGISTRY[type_name])
        row = self.rows(f"SELECT {names} FROM r_{type_name} WHERE id = ?", (record_id,))[0]
        return dict(zip((f.name for f in REGISTRY[type_name]), row, strict=True))


def test_a_full_disk_refuses_the_save_whole_and_in_words(small_disk):
    if small_disk is None:
        pytest.skip("no mount here; the limit of the file size below stands in for it")
    desk = FaultDesk(small_disk, "c0")
    ballast = small_disk / "ballast"

    def fill(size):
        """Leave *size* bytes free besides what the vault holds."""
        ballast.unlink(missing_ok=True)
        state = os.statvfs(small_disk)
        left = state.f_bavail * state.f_frsize - size
        ballast.write_bytes(bytes(max(0, left)))

    steps = iter(range(300_000, 3_000_000, 150_000))
    fill(next(steps))
    fill_and_free(desk, (DiskFull, StoreUnwritable), lambda: fill(next(steps)))


def test_a_file_that_may_not_grow_refuses_the_save_whole_and_in_words(tmp_path):
    """The kernel refuses every write beyond a size: no mount and no rights are needed."""
    desk = FaultDesk(tmp_path, "c0")
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def limit(size):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))

    sizes = iter(range(600_000, 4_000_000, 250_000))
    try:
        limit(next(sizes))
        fill_and_free(desk, (DiskFull, StoreUnwritable), lambda: limit(next(sizes)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_backup_to_a_full_disk_leaves_the_one_before(small_disk, tmp_path):
    desk = Desk(tmp_path, "c0")
    folder = small_disk or tmp_path
    target = folder / "backup.db"
    desk.store.backup(target)
    before = target.read_bytes()
    for number in range(26 if small_disk else 3):
        save(desk, number, 900_000)
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        if small_disk is None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, old[1]))
        with pytest.raises((DiskFull, StoreUnwritable)):
            desk.store.backup(target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, ignored)
    assert target.read_bytes() == before
    assert [p.name for p in folder.glob("*backup*")] + [p.name for p in folder.glob(".*part*")] == [
        "backup.db"
    ]
    check(target, key)
    desk.close()


def test_a_new_vault_on_a_full_disk_is_an_error_in_words(small_disk, tmp_path):
    folder = small_disk or tmp_path
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        if small_disk is None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, old[1]))
        else:
            state = os.statvfs(small_disk)
            ballast = state.f_bavail * state.f_frsize - 50_000
            (small_disk / "ballast").write_bytes(bytes(ballast))
        with pytest.raises((DiskFull, StoreUnwritable)):
            make(folder / "vault.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_file_that_may_only_be_read_refuses_the_save_in_words(tmp_path, monkeypatch):
    desk = Desk(tmp_path, "c0")
    save(desk, 0, 100)
    desk.store._engines.set_on_writer("query_only", "1")
    with pytest.raises(StoreUnwritable):
        save(desk, 1, 100)
    desk.store._engines.set_on_writer("query_only", "0")
    nothing_half_done(desk, 1)
    save(desk, 1, 100)
    nothing_half_done(desk, 2)
    desk.close()


def test_an_error_of_the_folder_is_told_in_words(tmp_path, monkeypatch):
    desk = Desk(tmp_path, "c0")
    target = tmp_path / "backup.db"

    def refuse(_self, _other):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(DiskFull):
        desk.store.backup(target)
    monkeypatch.undo()
    assert not target.exists()
    desk.close()
    connect(desk.path, key).close()
