"""The windows before practice: it is prepared or begun anew, and after a lock opened again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.jobs import Jobs
from traffick_desk.desk.practice_band import PracticeBand, marked_title
from traffick_desk.desk.unlock import UnlockWindow
from traffick_desk.i18n import _
from traffick_desk.services import practice, vaults

Now = Callable[[], datetime] | None


def anew_question() -> tuple[str, str, str]:
    """Title, text and verb of the one question before practice is begun anew."""
    return (
        _("Begin practice anew?"),
        _(
            "Everything that was practised on this PC is thrown away: its cases, its papers in the "
            "program, and how far the lessons are. No real data is touched."
        ),
        _("Begin anew"),
    )


class PracticeStart(QWidget):
    """Prepares practice if need be, and opens it; says what is wrong and offers to begin anew.

    Signals:
        opened: Emits: the open desk of the invented commune.
        left: the officer goes back to the real desk.
    """

    opened = Signal(object)
    left = Signal()

    def __init__(
        self,
        place: practice.Place,
        now: Now,
        words: Callable[[Exception], str],
        kdf: Any = None,
    ) -> None:
        super().__init__()
        self.setObjectName("practice_start")
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.setWindowTitle(marked_title("traffick-desk"))
        self._place, self._now, self._words, self._kdf = place, now, words, kdf
        self.jobs = Jobs(self)
        self.heading = kit.label("", "heading", name="practice_heading")
        self.text = kit.label("", name="practice_text")
        self.busy = QProgressBar()
        self.busy.setObjectName("practice_busy")
        self.busy.setAccessibleName(_("Preparing practice…"))
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.anew_button = kit.button(
            _("Begin anew"), "practice_anew", lambda: self.begin(anew=True), role="danger"
        )
        self.again_button = kit.button(_("Try again"), "practice_again", self.begin, role="primary")
        self.back_button = kit.button(
            _("Go to the real desk"), "practice_back", self.left.emit, role="quiet"
        )
        card = kit.card(
            self.heading,
            self.text,
            self.busy,
            kit.buttons(self.again_button, self.anew_button, self.back_button),
            margins=24,
            gap=16,
        )
        self.setLayout(kit.vbox(PracticeBand(), kit.panel(kit.vbox(None, card, None, margins=24))))
        self.layout().setStretch(1, 1)
        self.resize(theme.current().px(620), theme.current().px(380))

    def begin(self, *, anew: bool = False) -> None:
        """Make what is missing, then open; *anew* throws everything away first."""
        self.heading.setText(_("Preparing practice…"))
        self.text.setText(
            _("An invented commune and its province are being made. It takes a few seconds.")
            if anew or not practice.is_made(self._place)
            else _("The invented commune is being opened.")
        )
        self._show_buttons(working=True)
        self.jobs.run(lambda: self._make(anew=anew), done=self.opened.emit, failed=self._failed)

    def _make(self, *, anew: bool) -> Any:
        place, now = self._place, self._now
        if anew:
            practice.throw_away(place)
        if not practice.is_made(place):
            practice.make(place, now, **({"kdf": self._kdf} if self._kdf else {}))
        return practice.open_commune(place, now)

    def _failed(self, problem: Exception) -> None:
        self.heading.setText(_("Practice does not open"))
        self.text.setText(self._words(problem))
        self._show_buttons(working=False, damaged=isinstance(problem, practice.PracticeDamaged))

    def _show_buttons(self, *, working: bool, damaged: bool = False) -> None:
        self.busy.setVisible(working)
        self.anew_button.setVisible(damaged)
        self.again_button.setVisible(not working and not damaged)
        self.back_button.setVisible(not working)

    def closeEvent(self, event: Any) -> None:
        """Wait for what is under way: it is made whole or not at all."""
        self.jobs.stop()
        super().closeEvent(event)


class PracticeUnlock(UnlockWindow):
    """Practice after a lock: the same window as the real one, with the password filled in.

    Signals:
        left: the officer goes back to the real desk.
    """

    left = Signal()

    def __init__(
        self, info: vaults.VaultInfo, place: practice.Place, now: Now, expected: Any
    ) -> None:
        super().__init__(
            info, lambda _login, _password: practice.open_commune(place, now), expected=expected
        )
        self.setWindowTitle(marked_title("traffick-desk"))
        self.band = PracticeBand((_("Go to the real desk"), "practice_leave", self.left.emit))
        self.layout().insertWidget(0, self.band)
        self.password.input.setText(_filled(place))
        self.findChild(QLabel, "unlock_intro").setText(
            _("Practice holds nobody's real data, so its password is filled in already.")
        )

    def showEvent(self, event: Any) -> None:
        """Enter is all that is needed."""
        super().showEvent(event)
        self.open_button.setFocus()


def _filled(place: practice.Place) -> str:
    try:
        return practice.password(place)
    except practice.PracticeDamaged:
        # What is wrong is said when it is opened.
        return "-"


def place_of(vault: Path) -> practice.Place:
    """The folder of practice beside the vault of this user."""
    return practice.beside(vault)
