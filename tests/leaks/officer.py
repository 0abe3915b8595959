"""A process of its own that works at the real desk with marked data, then locks. Told by stdin.

Token and password come over stdin; every value it types carries the token. After each step it writes one word
and waits; whoever started it looks meanwhile at its files and its memory.
"""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def hear() -> str:
    """The next line; read by the byte, so that no buffer of ours keeps it."""
    line = bytearray()
    while (byte := os.read(0, 1)) not in (b"\n", b""):
        line += byte
    return line.decode()


def settle(_app, holds, seconds: float = 60.0) -> None:
    """Let a real event loop run until *holds*: only there does Qt delete what is to be deleted."""
    from PySide6.QtCore import QEventLoop, QTimer

    until = time.monotonic() + seconds
    loop, tick = QEventLoop(), QTimer(interval=10)
    # Exit code 0 when it holds: by the time the loop has ended new work may have begun.
    tick.timeout.connect(
        lambda: loop.exit(0) if holds() else loop.exit(1) if time.monotonic() > until else None
    )
    tick.start()
    late = loop.exec()
    tick.stop()
    if late:
        raise TimeoutError(holds)


def idle(jobs) -> bool:
    return jobs.running == 0


def marked(field, token: str, number: int, unit: str):
    """A value with the token in it, where the kind of the field has room for one; else a plain one."""
    if field.kind.value in ("text", "long_text"):
        return f"{token} {field.name} {number} Bí Mật"
    plain = {
        "date": "2026-11-01", "partial_date": "2001-05", "moment": "2026-11-01T10:00+07:00",
        "integer": 2, "money": 500_000, "unit": unit,
    }  # fmt: skip
    return plain.get(field.kind.value)


def edits(desk, token: str):
    """A new record of each type, its texts marked; one more of what belongs to no case."""
    from traffick_desk.domain.belonging import unit_record_id
    from traffick_desk.domain.records import REGISTRY
    from traffick_desk.services.base import new_id
    from traffick_desk.store.journal import Edit

    case = new_id()
    written = []
    for number, kind in enumerate(REGISTRY):
        if "commune" not in kind.writers:
            continue
        values = {}
        for field in kind.fields:
            value = marked(field, token, number, desk.info.unit)
            if value is not None:
                values[field.name] = value
            elif field.name == "case":
                values["case"] = case
        if kind.name == "restriction":
            # She is among those who may look, or the case would be hidden from herself.
            values["officers"] = f"{desk.info.officer_id}\n{values['officers']}"
        own = case if kind.name == "case" else new_id()
        if kind.of_desk:
            own = f"{desk.info.device}.{own}"
        if kind.of_unit:
            own = unit_record_id(desk.info.unit, own)
        written.append((Edit(kind.name, own, values), case if kind.case_key else None))
    return case, written


def work(token: str, password: str) -> int:
    from traffick_desk import app as program_of
    from traffick_desk import logs, process

    process.harden()
    app = program_of.make_application(["traffick-desk", "-platform", "offscreen"])
    from PySide6.QtWidgets import QLineEdit

    from traffick_desk.desk.crash import CrashDialog
    from traffick_desk.desk.guards import Guards
    from traffick_desk.desk.preferences import Preferences
    from traffick_desk.desk.program import Program
    from traffick_desk.services.commands import SaveDraft
    from traffick_desk.services.papers import PreviewPaper
    from traffick_desk.vault.kdf import FLOOR

    logs.log_to_stderr()
    vault = program_of.default_vault()
    preferences = Preferences(program_of.preferences_file())
    guards = Guards(app, preferences)
    program = Program(app, vault, preferences, kdf=FLOOR, guards=guards)
    program.start()
    guards.begin()
    window = program.unlock_window
    window.password.input.setText(password)
    window.try_password()
    del password
    settle(app, lambda: program.window is not None)
    window = program.window
    desk = window.host.desk
    rest = partial(settle, app, partial(idle, window.host.jobs))
    rest()

    # Written through the services: every field of every type that holds text.
    case, written = edits(desk, token)
    with desk.context.store.work() as one:
        for edit, of_case in written:
            one.journal.write(edit, desk.info.officer_id, of_case)
        one.log(desk.context.moment, desk.info.officer_id, "records.save", case)
    desk.do(SaveDraft("intake:x", "", "draft", {"name": f"{token} draft"}))

    # Typed and shown in the window.
    window.go("intake")
    rest()
    for line in [w for w in window.page.findChildren(QLineEdit) if w.isVisible()][:4]:
        line.setText(f"{token} typed")
        line.textEdited.emit(line.text())
        line.editingFinished.emit()
    for name, more in (("cases", {}), ("case", {"case_id": case}), ("today", {})):
        if name in window.pages:
            window.go(name, **more)
            rest()
            window.grab()
    window.palette_list.open()
    window.search_box.setText(token)
    window.search_box.textEdited.emit(token)
    rest()
    # Papers in memory, the clipboard, a dialog over it all, a fault with a name in its text.
    desk.ask(PreviewPaper(case, "noi-bo/the-quyen"))
    app.clipboard().setText(f"{token} copied")
    window.host.dialogs.save_file("Lưu", f"{token}.pdf", "PDF (*.pdf)", lambda _path: None)
    settle(app, lambda: True)
    try:
        raise ValueError(f"{token} in a fault")
    except ValueError as error:
        window.host.fail(error)
        dialog = CrashDialog(error, window)
        dialog.save(Path(os.environ["HOME"]) / "report.txt")
        dialog.open()
        settle(app, lambda: True)
    rest()
    say("open")
    hear()
    del written, token, window, desk, rest, dialog

    program.lock_now()
    settle(app, lambda: program.unlock_window is not None)
    # The jobs let go of what they did a second after.
    until = time.monotonic() + 2.5
    settle(app, lambda: time.monotonic() > until)
    process.release_memory()
    say("locked")
    hear()
    from traffick_desk.desk import take_over

    sys.orig_argv[1:] = [sys.argv[0], "again"]
    passing, over = take_over.Passing(program), []
    passing.passed.connect(lambda: over.append(True))
    passing.failed.connect(lambda: over.append(False))
    began = time.monotonic()
    passing.offer(program.unlock_window, program.left_alone)
    settle(app, lambda: over)
    sys.stderr.write(f"passed on within {time.monotonic() - began:.2f} s\n")
    guards.end()
    return 0 if over == [True] else 1


def again() -> int:
    """The new process: takes the unlock window over, as ``run_window`` does."""
    from traffick_desk import app as program_of
    from traffick_desk import process

    process.harden()
    app = program_of.make_application(["traffick-desk", "-platform", "offscreen"])
    from traffick_desk.desk import take_over
    from traffick_desk.desk.preferences import Preferences
    from traffick_desk.desk.program import Program

    preferences = Preferences(program_of.preferences_file())
    heir, taken = take_over.heir(app), []
    program = Program(app, program_of.default_vault(), preferences, heir=heir)
    heir.taken.connect(lambda: taken.append(True))
    program.start()
    heir.begin()
    settle(app, lambda: taken)
    assert program.unlock_window.isVisible()
    say(f"new {os.getpid()}")
    hear()
    return 0


if __name__ == "__main__":
    sys.exit(again() if "again" in sys.argv else work(hear(), hear()))
