"""Grabs every screen of the kit, to be looked at: ``python tests/desk/screens.py FOLDER``.

Each is drawn at 100 % and 200 %, in both languages and in every scheme, on the
offscreen platform. Nothing is compared: eyes are better at telling ugly.
"""

from __future__ import annotations

import os
import sys
from itertools import product
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from desk.fakes import PAGES, UNITS, FakeDesk, Many, fake_context  # noqa: E402
from traffick_desk import i18n  # noqa: E402
from traffick_desk.desk import kit, qt_texts, theme  # noqa: E402
from traffick_desk.desk.dialogs import Confirm, ScriptedDialogs  # noqa: E402
from traffick_desk.desk.form import RecordForm  # noqa: E402
from traffick_desk.desk.frame import MainWindow  # noqa: E402
from traffick_desk.desk.preferences import Preferences  # noqa: E402
from traffick_desk.desk.unlock import UnlockWindow  # noqa: E402
from traffick_desk.desk.wizard import Wizard  # noqa: E402
from traffick_desk.domain.records import REGISTRY  # noqa: E402

VALUES = {
    "name": "Đặng Thị <b>Hoa</b>",
    "sex": "female",
    "birth": "2009~",
    "languages": ["2025/01", "2025/02"],
    "at": "2026-11-21T20:40+07:00",
    "urgent": ["food", "medical"],
    "interpreter": "no",
}


class _Services:
    def judge(self, _password: str, _context: tuple[str, ...]) -> SimpleNamespace:
        return SimpleNamespace(score=2, acceptable=False, warning="", advice=())


def _refuse(*_what: object) -> None:
    raise ValueError


def _screens():
    for name in ("person", "reception", "consent", "status"):
        form = RecordForm(REGISTRY[name], VALUES, context=fake_context())
        form.check()
        body = kit.vbox(kit.card(form), None, margins=24)
        area = kit.scroll(kit.panel(body, "page"))
        area.resize(860, 1100)
        yield f"form_{name}", area, lambda: None
    window = MainWindow(FakeDesk(), PAGES, context=fake_context())
    window.resize(1366, 768)
    window.set_unsent(3)
    for page in window.pages:
        yield f"frame_{page}", window, lambda page=page: window.go(page)
    yield "frame_palette", window, window.palette_list.open
    yield "frame_keys", window, lambda: (window.palette_list.close_list(), window.show_keys())
    yield "frame_cover", window, window.cover.put
    window.host.close()
    vault = SimpleNamespace(label="Xã Đồng Văn", logins=("huong.nt",), has_recovery=True)
    unlock = UnlockWindow(vault, _refuse, recover=_refuse, judge=_Services().judge)
    yield "unlock", unlock, lambda: unlock.password.input.setText("mật khẩu")
    yield "unlock_recovery", unlock, unlock.show_recovery
    wizard = Wizard(
        _Services(), Preferences(), units=lambda _p: Many(UNITS), dialogs=ScriptedDialogs()
    )
    wizard.steps[3].set_code("ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-2345")
    for number in range(5):
        yield f"wizard_{number + 1}", wizard, lambda number=number: wizard.show_step(number)
    confirm = Confirm(
        None, "Xuất gói dữ liệu?", "Dữ liệu mã hóa rời khỏi máy này.", "Xuất", danger=True
    )
    yield "confirm", confirm, lambda: None


def main(folder: Path) -> None:
    """Grab everything into *folder*."""
    app = QApplication(sys.argv[:1])
    folder.mkdir(parents=True, exist_ok=True)
    for language, percent, scheme in product(i18n.LANGUAGES, (100, 200), theme.SCHEMES):
        i18n.set_language(language)
        theme.apply(app, theme.chosen(scheme, percent))
        translator = qt_texts.install(app)
        windows: set[QWidget] = set()
        for name, window, act in _screens():
            windows.add(window)
            window.show()
            act()
            for _turn in range(4):
                app.processEvents()
            window.grab().save(str(folder / f"{name}_{language}_{percent}_{scheme}.png"))
        for window in windows:
            if isinstance(window, MainWindow):
                window._locking = True
            window.close()
            window.deleteLater()
        app.removeTranslator(translator)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
