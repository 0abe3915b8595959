"""What is killed in the middle: each task, and what must hold in the folder whatever came of it.

The folder has ``vault``, ``place`` (a backup in it) and, for a migration, ``old.db``. A proof
answers with *before* or *after*; with anything between, it fails.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desk.pages2 import world
from faults import quick
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


def unlock(folder: Path, login: str = world.LOGIN, password: str = world.PASSWORD) -> Desk:
    return vaults.unlock(folder / "vault", login, password, world.now)


# --- the tasks -------------------------------------------------------------------------------


def make_backup(folder: Path, _say: Say) -> None:
    desk = unlock(folder)
    backup.backup(desk, folder / "place")
    desk.close()


def make_restore(folder: Path, _say: Say) -> None:
    copy = restore.newest_in(folder / "place")
    vault = folder / "vault"
    restore.restore(copy, vault, world.LOGIN, world.PASSWORD, replacing=True).close()


def erase(folder: Path, _say: Say) -> None:
    desk = unlock(folder)
    erasing.erase(desk, desk.ask(ErasureRequests())[0].id)
    desk.close()


def make_salvage(folder: Path, _say: Say) -> None:
    place = [folder / "place"]
    desk, _report = salvage.salvage(folder / "vault", world.LOGIN, world.PASSWORD, place)
    desk.close()


def change_key(folder: Path, _say: Say) -> None:
    desk = unlock(folder)
    gone = officers.by_login(desk, OTHER).officer_id
    desk.close()
    officers.dismiss(folder / "vault", world.LOGIN, world.PASSWORD, gone, world.now)


def lock(folder: Path, say: Say) -> None:
    """Two entries and a draft, then the lock, as the window does it: the draft first."""
    desk = unlock(folder)
    case = desk.ask(ListCases())[0].case_id
    for number in range(2):
        values = {"case": case, "text": f"n{number}", "at": "2026-11-21T21:00+07:00"}
        desk.do(SaveRecords((Edit("note", f"{number}" * 32, values),)))
        say(f"n{number}")
    desk.do(SaveDraft("intake:x", "", "draft", {"name": "N"}))
    say("draft")
    desk.close()
    say("locked")


def migrate(folder: Path, _say: Say) -> None:
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


def _prove(proof: Callable[[Path, Say], str]) -> Callable[[Path, Say], None]:
    return lambda folder, say: say(proof(folder, say))


TASKS = {name: task for name, (task, _proof) in WORK.items()}
TASKS |= {f"prove {name}": _prove(proof) for name, (_task, proof) in WORK.items()}


def warm(folder: Path) -> None:
    """Load and remember what each round would have to; *folder* is a copy for that alone."""
    quick.begin()
    for login, password in ((OTHER, HERS), (world.LOGIN, world.PASSWORD)):
        desk = unlock(folder, login, password)
        desk.ask(ErasureRequests())
        desk.close()
    migrate(folder, print)
