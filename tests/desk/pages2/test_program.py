"""The order of windows: unlock, desk, locked, end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from desk.pages2 import world
from traffick_desk import i18n, logs, process
from traffick_desk.desk import theme
from traffick_desk.desk.crash import CrashDialog, CrashGuard, report
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.program import Program
from traffick_desk.services.papers import IssuePaper
from traffick_desk.services.queries import ListCases
from traffick_desk.vault.kdf import FLOOR

SOURCES = str(Path(process.__file__).parents[1])
ENVIRONMENT = {**os.environ, "PYTHONPATH": SOURCES}
HEAVY = (
    "sqlalchemy", "reportlab", "alembic", "PySide6.QtPrintSupport", "sqlcipher3", "httpx", "ssl",
)  # fmt: skip


@pytest.fixture
def program(desk_app, qtbot, vault, tmp_path):
    """Starts the program on a copy of a template."""
    made = []

    def start(name: str = "empty", **kept) -> Program:
        preferences = Preferences(tmp_path / "desk.json")
        for key, value in {"language": "en", "scheme": "light", **kept}.items():
            preferences.set(key, value)
        path = vault(name) if name else tmp_path / "none yet"
        one = Program(desk_app, path, preferences, kdf=FLOOR, now=world.now)
        # The application of the tests outlives the program.
        one.ended.connect(lambda: setattr(one, "over", True))
        one.over = False
        made.append(one)
        one.start()
        return one

    yield start
    for one in made:
        if not one.over:
            one.close()
            qtbot.waitUntil(lambda one=one: one.over)


def unlock(program, qtbot, password: str = world.PASSWORD):
    window = program.unlock_window
    window.password.input.setText(password)
    window.try_password()
    qtbot.waitUntil(lambda: program.window is not None, timeout=20_000)
    jobs = program.window.host.jobs
    qtbot.waitUntil(lambda: jobs.running == 0)
    return program.window


def test_the_unlock_window_is_there_before_anything_heavy_is_loaded(vault, tmp_path):
    path = vault("empty")
    code = f"""
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from traffick_desk import app
made = app.make_application()
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.program import Program
program = Program(made, Path({str(path)!r}), Preferences(Path({str(tmp_path / "p.json")!r})))
program.start()
assert program.unlock_window.isVisible()
loaded = [name for name in {HEAVY!r} if name in sys.modules]
print("loaded:", loaded)
"""
    told = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True, timeout=60, env=ENVIRONMENT,
    )  # fmt: skip
    assert "loaded: []" in told.stdout


def test_the_right_password_opens_the_desk_on_the_page_today(program, qtbot):
    one = program("worked")
    window = unlock(one, qtbot)
    assert window.isVisible()
    assert window.page.name == "today"
    assert one.unlock_window is None
    assert "Nguyễn Thị Hương" not in window.windowTitle()


def test_a_wrong_password_is_refused_in_words_and_nothing_opens(program, qtbot):
    one = program()
    one.unlock_window.password.input.setText("wrong")
    one.unlock_window.try_password()
    qtbot.waitUntil(lambda: one.unlock_window.notice.text() != "", timeout=20_000)
    assert one.window is None


def test_locking_drops_the_keys_and_asks_for_the_password_again(program, qtbot):
    one = program("worked")
    window = unlock(one, qtbot)
    desk = window.host.desk
    window.lock()
    qtbot.waitUntil(lambda: one.unlock_window is not None)
    assert desk.closed
    assert one.window is None
    shown = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    assert shown == [one.unlock_window]
    assert unlock(one, qtbot).isVisible()


def test_locking_keeps_what_was_being_typed_as_a_draft(program, qtbot):
    one = program("empty")
    window = unlock(one, qtbot)
    window.go("intake")
    page = window.page
    line = next(w for w in page.findChildren(QLineEdit) if w.isVisible() and w.isEnabled())
    line.setFocus()
    qtbot.keyClicks(line, "Lo Thi Mai")
    window.lock()
    qtbot.waitUntil(lambda: one.unlock_window is not None)
    window = unlock(one, qtbot)
    groups = {getattr(r, "group", "") for r in window.page.model._rows if hasattr(r, "action")}
    assert "draft" in groups


def test_closing_the_window_ends_the_program_and_frees_the_vault(program, qtbot):
    one = program("empty")
    window = unlock(one, qtbot)
    window.close()
    qtbot.waitUntil(lambda: one.over)
    world.unlock(one.vault).close()


def test_closing_the_unlock_window_ends_the_program(program, qtbot):
    one = program()
    one.unlock_window.close()
    qtbot.waitUntil(lambda: one.over)


def test_a_second_start_on_the_same_vault_says_where_to_go_on(program, qtbot):
    one = program()
    desk = world.unlock(one.vault)
    try:
        window = one.unlock_window
        window.password.input.setText(world.PASSWORD)
        window.try_password()
        qtbot.waitUntil(lambda: "already open" in window.notice.text(), timeout=20_000)
    finally:
        desk.close()


def test_a_damaged_vault_is_told_in_words(program, vault, qtbot):
    one = program(None)
    one.close()
    qtbot.waitUntil(lambda: one.over)
    one.vault.mkdir()
    (one.vault / "vault.json").write_text("{broken", "utf-8")
    one.over = False
    one.start()
    text = one.trouble.findChild(QLabel, "trouble_text").text()
    assert len(text) > 40
    assert "Traceback" not in text


def test_without_a_vault_the_first_run_begins(program):
    one = program(None)
    assert one.wizard.isVisible()
    assert one.unlock_window is None


def test_another_language_takes_effect_at_once_and_the_desk_stays_open(program, qtbot):
    one = program("worked")
    window = unlock(one, qtbot)
    desk = window.host.desk
    window.go("settings")
    window.language_wanted.emit("vi")
    qtbot.waitUntil(lambda: one.window is not window)
    jobs = one.window.host.jobs
    qtbot.waitUntil(lambda: jobs.running == 0)
    assert one.window.host.desk is desk
    assert not desk.closed
    assert one.window.page.name == "settings"
    assert one.window.page.title() == "Thiết lập"
    assert one.preferences.get("language") == "vi"
    assert i18n.language() == "vi"


def test_text_grows_in_the_open_window(program, qtbot):
    one = program("empty")
    window = unlock(one, qtbot)
    one.preferences.set("text_percent", 150)
    window.look_wanted.emit()
    assert theme.current().percent == 150


def test_ctrl_n_begins_an_intake_from_any_page(program, qtbot):
    one = program("empty")
    window = unlock(one, qtbot)
    window.go("sync")
    window.activateWindow()
    qtbot.waitActive(window)
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.page.name == "intake"


def test_what_was_not_sent_is_counted_in_the_top_bar(program, qtbot):
    window = unlock(program("worked"), qtbot)
    assert window.unsent.text() == "Not sent yet: 9"


def test_the_search_box_finds_a_person_and_opens_the_case(program, qtbot):
    window = unlock(program("worked"), qtbot)
    window.palette_list.open()
    window.search_box.setText("hoa")
    window.search_box.textEdited.emit("hoa")
    qtbot.waitUntil(lambda: any("/202" in c.words for c in window.palette_list.offered()))
    next(c for c in window.palette_list.offered() if "/202" in c.words).act()
    assert window.page.name == "case"


def test_the_search_box_finds_the_case_of_a_paper_by_its_code(program, qtbot):
    window = unlock(program("worked"), qtbot)
    row = window.host.desk.ask(ListCases())[3]
    code = window.host.desk.do(IssuePaper(row.case_id, "noi-bo/the-quyen")).code
    window.palette_list.open()
    window.search_box.setText(code)
    window.search_box.textEdited.emit(code)
    qtbot.waitUntil(lambda: bool(window.palette_list.offered()))
    (found,) = window.palette_list.offered()
    assert row.file_no in found.words


def test_the_clipboard_is_emptied_when_the_desk_locks(program, qtbot):
    one = program("empty")
    window = unlock(one, qtbot)
    QApplication.clipboard().setText("TD-0001/2026")
    window.lock()
    qtbot.waitUntil(lambda: one.unlock_window is not None)
    assert QApplication.clipboard().text() == ""


# --- faults of the program ---------------------------------------------------------------


def raised() -> ValueError:
    name = "Nguyễn Thị Bí Mật"
    try:
        raise ValueError(name)
    except ValueError as error:
        return error


def test_the_report_of_a_fault_says_where_and_nothing_about_anybody(desk_app):
    text = report(raised())
    assert "ValueError" in text
    assert "test_program.py" in text
    assert "Bí Mật" not in text


def test_the_dialog_shows_exactly_what_it_saves(desk_app, qtbot, tmp_path):
    dialog = CrashDialog(raised())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.save(tmp_path / "report.txt")
    shown = dialog.findChild(object, "crash_report").toPlainText()
    assert (tmp_path / "report.txt").read_text("utf-8") == shown
    assert dialog.notice.text() == "The report was saved."


def test_a_fault_that_comes_with_every_frame_is_told_once(desk_app, qtbot):
    guard = CrashGuard(lambda: None)
    for _frame in range(5):
        error = raised()
        guard.hook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: guard._dialog is not None)
    shown = [w for w in QApplication.topLevelWidgets() if w.objectName() == "crash"]
    assert len(shown) == 1
    guard._dialog.close()
    qtbot.waitUntil(lambda: guard._dialog is None)


def test_logs_hold_no_text_of_an_exception():
    formatter = logs.PlacesFormatter("%(message)s")
    error = raised()
    text = formatter.formatException((type(error), error, error.__traceback__))
    assert "ValueError" in text
    assert "Bí Mật" not in text


def test_paths_in_a_report_begin_at_the_program(desk_app):
    assert logs._short("/home/huong/lib/traffick_desk/desk/kit.py") == "traffick_desk/desk/kit.py"
    assert logs._short(r"C:\Users\huong\notes.py") == "notes.py"


def test_files_of_the_process_are_for_this_user_only(tmp_path):
    code = """
import os, sys
from traffick_desk import process
if os.name == "posix":
    import resource
    hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)[1]
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (4096, hard))
process.harden()
open(sys.argv[1], "w").close()
print(oct(os.stat(sys.argv[1]).st_mode & 0o777))
if os.name == "posix":
    print(resource.getrlimit(resource.RLIMIT_CORE))
    print(resource.getrlimit(resource.RLIMIT_MEMLOCK) == (hard, hard))
"""
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "x")],
        capture_output=True, text=True, check=True, timeout=60, env=ENVIRONMENT,
    )  # fmt: skip
    assert told.stdout.split("\n")[0] == "0o600"
    assert "(0, 0)" in told.stdout
    assert "True" in told.stdout, "what the vault locks into memory may be as much as is allowed"
