"""What is killed in the middle: each task, and what must hold in the folder whatever came of it.

The folder has ``vault``, ``place`` (a backup in it) and, for a migration, ``old.db``. A proof
answers with *before* or *after*; with anything between, it fails.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from pathlib import Path

from desk.pages2 import world
from faults.forked import Life
from store.desks import NEWER, key
from traffick_desk.services import (
    backup,
    backup_copies,
    erasing,
    officers,
    restore,
    salvage,
    vaults,
)
from traffick_desk.services.base import Desk
from traffick_desk.services.commands import SaveDraft, SaveRecords
from traffick_desk.services.erasure import ErasureRequests
from traffick_desk.services.queries import CountCases, ListCases, OpenCase
from traffick_desk.services.roles import LEFT
from traffick_desk.services.verify import verify
from traffick_desk.store import schema
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Store
from traffick_desk.vault.errors import UnlockRefused

Say = Callable[[str], None]
CASES = 9
OTHER, HERS = "an", "chín dòng sông chảy ra biển"
OLD = "old.db"
NAMES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir"})


def unlock(folder: Path, login: str = world.LOGIN, password: str = world.PASSWORD) -> Desk:
    return vaults.unlock(folder / "vault", login, password, world.now)


# --- the tasks -------------------------------------------------------------------------------


def make_backup(_life: Life, folder: Path) -> None:
    desk = unlock(folder)
    backup.backup(desk, folder / "place")
    desk.close()


def make_restore(_life: Life, folder: Path) -> None:
    copy = restore.newest_in(folder / "place")
    vault = folder / "vault"
    restore.restore(copy, vault, world.LOGIN, world.PASSWORD, replacing=True).close()


def erase(_life: Life, folder: Path) -> None:
    desk = unlock(folder)
    erasing.erase(desk, desk.ask(ErasureRequests())[0].id)
    desk.close()


def make_salvage(_life: Life, folder: Path) -> None:
    place = [folder / "place"]
    desk, _report = salvage.salvage(folder / "vault", world.LOGIN, world.PASSWORD, place)
    desk.close()


def change_key(_life: Life, folder: Path) -> None:
    desk = unlock(folder)
    gone = officers.by_login(desk, OTHER).officer_id
    desk.close()
    officers.dismiss(folder / "vault", world.LOGIN, world.PASSWORD, gone, world.now)


def lock(life: Life, folder: Path) -> None:
    """Two entries and a draft, then the lock, as the window does it: the draft first."""
    desk = unlock(folder)
    case = desk.ask(ListCases())[0].case_id
    for number in range(2):
        values = {"case": case, "text": f"n{number}", "at": "2026-11-21T21:00+07:00"}
        desk.do(SaveRecords((Edit("note", f"{number}" * 32, values),)))
        life.say(f"n{number}")
    desk.do(SaveDraft("intake:x", "", "draft", {"name": "N"}))
    life.say("draft")
    desk.close()
    life.say("locked")


def migrate(_life: Life, folder: Path) -> None:
    store = Store(folder / OLD, key, NEWER, "c0")
    store.open()
    store.close()


# --- the proofs ------------------------------------------------------------------------------


def sound(folder: Path) -> Desk:
    """The desk of the vault, all of which fits."""
    desk = unlock(folder)
    report = verify(desk)
    assert report.intact, report.lines
    return desk


def settled(folder: Path) -> list[Path]:
    """The vaults that were put aside, after an exchange that was cut short is finished."""
    vaults.peek(folder / "vault")
    asides = [p for p in folder.iterdir() if p.name.startswith("vault.")]
    assert not vaults.restored(folder / "vault").exists()
    assert len(asides) <= 1
    return asides


def kept(folder: Path) -> list[backup_copies.Found]:
    copies = backup_copies.look_for([folder / "place"])
    for copy in copies:
        assert backup.sound(copy.copy), "a copy is whole or is none"
    assert copies
    return copies


def _state(desk: Desk) -> tuple[int, int]:
    """Cases, and demands that wait; nothing of what was erased is left to be swept."""
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT count(*) FROM meta WHERE key = 'erasure:sweep'")
        assert cursor.fetchone()[0] == 0, "opening has swept what was erased"
    return desk.ask(CountCases()), len(desk.ask(ErasureRequests()))


def after_copying(folder: Path, _say: Say) -> str:
    asides, copies = settled(folder), kept(folder)
    desk = sound(folder)
    assert _state(desk) == (CASES, 1)
    desk.close()
    return "after" if asides or len(copies) > 1 else "before"


def after_salvage(folder: Path, say: Say) -> str:
    # The damaged vault that was to be salvaged is as it was, damage and all.
    return after_copying(folder, say) if settled(folder) else "before"


def after_erasing(folder: Path, _say: Say) -> str:
    kept(folder)
    desk = sound(folder)
    state = _state(desk)
    desk.close()
    assert state in {(CASES, 1), (CASES - 1, 0)}
    return "before" if state == (CASES, 1) else "after"


def after_key_change(folder: Path, _say: Say) -> str:
    desk = sound(folder)
    assert desk.ask(CountCases()) == CASES
    roles = {o.login: o.role for o in desk.ask(officers.OfficersOfDesk())}
    assert len(roles) == 2
    desk.close()
    assert not (folder / "vault" / vaults.REENCRYPTED).exists(), "opening has finished it"
    try:
        unlock(folder, OTHER, HERS).close()
        opens = True
    except UnlockRefused:
        opens = False
    assert (roles[OTHER] == LEFT) is not opens, "role and way in go together"
    return "before" if opens else "after"


def after_lock(folder: Path, say: Say) -> str:
    desk = sound(folder)
    assert not desk.trouble
    case = desk.ask(ListCases())[0].case_id
    notes = {str(n.get("text")) for n in desk.ask(OpenCase(case)).of("note")}
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT count(*) FROM draft WHERE key = 'intake:x'")
        draft = bool(cursor.fetchone()[0])
    desk.close()
    for name in sorted(notes & {"n0", "n1"}) + ["draft"] * draft:
        say(name)
    return "after" if draft else "before"


def after_migrating(folder: Path, _say: Say) -> str:
    with (folder / OLD).open("rb") as stream:
        assert stream.read(6) != b"SQLite"
    # Opening brings it to this version, from wherever it was left.
    store = Store(folder / OLD, key, NEWER, "c0")
    store.open()
    try:
        store.check()
        with store.read() as cursor:
            for question, answer in (
                ("SELECT version_num FROM alembic_version", schema.HEAD),
                ("SELECT count(*) FROM journal", 17),
                ("SELECT count(*) FROM audit", 13),
                ("SELECT count(*) FROM case_row", 3),
            ):
                cursor.execute(question)
                assert cursor.fetchone() == (answer,), question
    finally:
        store.close()
    return "after"


WORK = {
    "backup": (make_backup, after_copying),
    "restore": (make_restore, after_copying),
    "erase": (erase, after_erasing),
    "salvage": (make_salvage, after_salvage),
    "key change": (change_key, after_key_change),
    "lock": (lock, after_lock),
    "migrate": (migrate, after_migrating),
}


def work(life: Life, task: str, folder: str) -> None:
    """A round: do *task*; says ``turn N`` before each name that comes or goes, for its number."""
    shim = ctypes.CDLL(None)

    def turn(event: str, _arguments: tuple[object, ...]) -> None:
        if event in NAMES:
            life.say(f"turn {shim.td_calls() + 2}")

    sys.addaudithook(turn)
    life.arm()
    WORK[task][0](life, Path(folder))


def prove(life: Life, task: str, folder: str) -> None:
    """A round: say what the folder holds, and at last whether it is before or after."""
    life.say(WORK[task][1](Path(folder), life.say))
