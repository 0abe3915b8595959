"""The composition root of the window: one process, one vault, everything wired here."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from traffick_desk import i18n, process

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from traffick_desk.desk.instance import Listener
    from traffick_desk.desk.program import Program
    from traffick_desk.desk.start_time import StartTime

NAME = "traffick-desk"
# The event loop ended so that a new process takes the place of this one.
_ANEW = 77
# It ended because a new process has taken its place already.
_PASSED = 78


def default_vault() -> Path:
    """The vault of this user: ``TRAFFICK_DESK_VAULT``, or its place among the user's data."""
    given = os.environ.get("TRAFFICK_DESK_VAULT")
    if given:
        return Path(given)
    import platformdirs

    return Path(platformdirs.user_data_dir(NAME, appauthor=False)) / "vault"


def preferences_file() -> Path:
    """Where the officer's taste is kept: ``TRAFFICK_DESK_CONFIG``, or the user's settings."""
    given = os.environ.get("TRAFFICK_DESK_CONFIG")
    if given:
        return Path(given) / "desk.json"
    import platformdirs

    return Path(platformdirs.user_config_dir(NAME, appauthor=False)) / "desk.json"


def make_application(arguments: Sequence[str] = (NAME,)) -> QApplication:
    """The one ``QApplication``, named and ready for windows."""
    from PySide6.QtWidgets import QApplication

    _import_plainly()
    app = QApplication(list(arguments))
    app.setApplicationName(NAME)
    app.setApplicationDisplayName(NAME)
    app.setDesktopFileName(NAME)
    return app


def _import_plainly() -> None:
    """Take back what PySide puts before each import, for its ``from __feature__ import …``.

    It reads the source of every module that is imported from then on, only to see whether it names
    PySide, and keeps all of them: 24 MB, and time at each first look at something. Nothing here
    uses it. What else stands before an import (``__orig_import__``) stays.
    """
    import builtins

    before = getattr(builtins, "__orig_import__", None)
    if before is not None and builtins.__import__ is getattr(builtins, "__feature_import__", None):
        builtins.__import__ = before


def measure_start(vault: Path) -> StartTime:
    """Open the window before the desk of *vault*, and close it once it has painted.

    Raises:
        RuntimeError: no window was painted.
    """
    found: list[StartTime] = []

    def painted(time: StartTime) -> None:
        from PySide6.QtWidgets import QApplication

        found.append(time)
        QApplication.exit(0)

    run_window(vault, painted=painted)
    if not found:
        raise RuntimeError
    return found[0]


def try_window() -> None:
    """Make a window and draw it, shown to nobody; for the self-test.

    Raises:
        RuntimeError: nothing was drawn.
    """
    from PySide6.QtWidgets import QApplication

    from traffick_desk.desk import kit

    app = QApplication.instance() or make_application()
    label = kit.label("traffick-desk")
    label.resize(200, 40)
    picture = label.grab().toImage()
    if picture.isNull() or app is None:
        raise RuntimeError


def run_window(
    vault: Path | None = None,
    language: str | None = None,
    *,
    practising: bool = False,
    file: Path | None = None,
    painted: Callable[[StartTime], object] | None = None,
) -> int:
    """Open the window on *vault* and stay until it is closed; the exit code.

    If a window on it is open already, that one comes forward and this process ends.

    Args:
        vault: the user's own if ``None``.
        language: kept as the officer's taste, if given.
        practising: open practice instead, which lies beside the vault.
        file: a bundle that was double-clicked: shown ready to import once the desk is unlocked.
        painted: told how long the first window took; then a window that is open already counts
            for nothing.
    """
    process.harden()
    # Ctrl+C in a terminal ends the program; what was typed is kept as a draft already.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from PySide6.QtCore import QTimer

    app = make_application()
    from traffick_desk.desk import instance, renew, take_over

    if painted is not None:
        from traffick_desk.desk.start_time import FirstPaint

        FirstPaint(app, painted)
    vault = vault or default_vault()
    where = "" if painted is not None else instance.address(vault)
    # Begun anew by the program itself, this process takes the place of the one that listens, and
    # what was clicked was shown by it.
    renewed = renew.QUIET in os.environ
    heir = take_over.heir(app)
    if not renewed and instance.hand_over(where, file):
        return 0
    from traffick_desk.desk.crash import CrashGuard
    from traffick_desk.desk.guards import Guards
    from traffick_desk.desk.preferences import Preferences
    from traffick_desk.desk.program import AFTER_WINDOW_MS, Program

    guard = CrashGuard()
    guard.install()
    preferences = Preferences(preferences_file())
    if language is not None:
        preferences.set("language", language)
    guards = Guards(app, preferences)
    program = Program(app, vault, preferences, guards=guards, heir=heir)
    listener = instance.Listener(where, program)
    listener.wanted.connect(program.opened.wanted)
    program.ended.connect(listener.end)
    _pass_on(app, program, listener)
    app.commitDataRequest.connect(lambda _manager: program.close())
    # Begun anew, it stands before the desk that was locked.
    if practising and not renewed:
        program.practice.begin()
    else:
        program.start()
    # Only now: whatever is loaded before the first window is waited for.
    from traffick_desk import logs

    logs.log_to_stderr()
    if heir is None:
        QTimer.singleShot(AFTER_WINDOW_MS, guards, guards.begin)
        QTimer.singleShot(AFTER_WINDOW_MS, listener, listener.begin)
    else:
        heir.taken.connect(guards.begin)
        heir.taken.connect(listener.begin)
        heir.ended.connect(guards.end)
        heir.ended.connect(lambda: app.exit(0))
        if not heir.waits or not heir.begin():
            # There is nothing to take over, or nobody to take it from.
            guards.end()
            return 0
    if file is not None and not renewed:
        program.opened.wanted(str(file.absolute()))
    code = app.exec()
    if code in (_ANEW, _PASSED):
        guards.end()
        listener.end()
    if code == _PASSED:
        return 0
    return renew.begin_anew() if code == _ANEW else code


def _pass_on(app: QApplication, program: Program, listener: Listener) -> None:
    """Let the window of a locked desk be shown by a new process, soon; see ``take_over``."""
    from traffick_desk.desk import renew, take_over

    renewal, passing = program.renewal, take_over.Passing(program)
    tried: list[None] = []

    def left_alone() -> None:
        if tried:
            app.exit(_ANEW)
        elif program.unlock_window is not None:
            passing.offer(program.unlock_window, program.left_alone)

    def failed() -> None:
        tried.append(None)
        renewal.again(renew.ALONE_MS)

    def passed() -> None:
        listener.end()
        app.exit(_PASSED)

    renewal.wanted.connect(left_alone)
    renewal.stopped.connect(passing.end)
    renewal.stopped.connect(tried.clear)
    passing.postponed.connect(renewal.again)
    passing.failed.connect(failed)
    passing.passed.connect(passed)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the windowed program.

    Before the file the word ``open`` may stand: what a double-click starts is then the same line
    for this program and for the command line's.
    """
    import argparse

    parser = argparse.ArgumentParser(prog=NAME, add_help=True)
    parser.add_argument("--vault", type=Path, default=None)
    parser.add_argument("--language", choices=tuple(i18n.LANGUAGES), default=None)
    parser.add_argument("--practice", action="store_true")
    parser.add_argument("file", type=Path, nargs="?", default=None)
    words = sys.argv[1:] if arguments is None else list(arguments)
    given = parser.parse_args(words[1:] if words[:1] == ["open"] else words)
    return run_window(given.vault, given.language, practising=given.practice, file=given.file)


if __name__ == "__main__":
    sys.exit(main())
