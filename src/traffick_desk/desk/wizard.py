"""The first run, in five steps. It can be left at any of them and taken up again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QWidget

from traffick_desk import i18n
from traffick_desk.desk import kit, theme
from traffick_desk.desk.dialogs import DeskDialogs, Dialogs
from traffick_desk.desk.jobs import Jobs
from traffick_desk.desk.passwords import Judge
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.wizard_steps import (
    Answers,
    BackupStep,
    CodeStep,
    LanguageStep,
    OfficerStep,
    Step,
    UnitStep,
)
from traffick_desk.i18n import _

KEPT = "first_run"


class FirstRun(Protocol):
    """What the wizard asks of the services."""

    def create(self, answers: Answers, password: str) -> tuple[Any, str]:
        """Make the vault; gives the open desk and the recovery code. Runs in a thread."""

    def set_backup(self, desk: Any, folder: Path) -> None:
        """Remember the second place for backups. Runs in a thread."""

    def judge(self, password: str, context: tuple[str, ...]) -> Any:
        """How strong a password is. Runs in a thread."""

    def print_code(self, desk: Any, code: str, parent: QWidget) -> None:
        """Print the sheet with the recovery code (form ``noi-bo/ma-khoi-phuc``)."""

    def print_guide(self, desk: Any, place: str, parent: QWidget) -> None:
        """Print how to restore (form ``noi-bo/huong-dan-khoi-phuc``)."""


class Wizard(QWidget):
    """The first run.

    What was answered is kept in the preferences at every step, but never a
    password or the recovery code. The vault is made between step three and
    four; whoever leaves after that unlocks it next time and is shown a new code.

    Signals:
        finished: all is done; Emits: the open desk.
        left: the officer stops for now.
        language_chosen: texts are to be built anew; Emits: the language.
        practise_wanted: the officer wants to learn the desk before there is a vault.
        restore_wanted: this PC takes the place of another; its vault comes from a backup.
    """

    finished = Signal(object)
    left = Signal()
    language_chosen = Signal(str)
    practise_wanted = Signal()
    restore_wanted = Signal()

    def __init__(
        self,
        services: FirstRun,
        preferences: Preferences,
        *,
        units: Callable[[str], Any] | None = None,
        dialogs: Dialogs | None = None,
        words: Callable[[Exception], str] = str,
    ) -> None:
        """Build the steps.

        Args:
            services: makes the vault.
            preferences: where answers are kept.
            units: profile → source of units to search; the program's own by default.
            dialogs: chooses the folder; the real ones by default.
            words: an exception in words for people.
        """
        super().__init__()
        self.setObjectName("wizard")
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.setWindowTitle("traffick-desk")
        self.services, self._preferences, self._words = services, preferences, words
        self._units, self._dialogs = units, dialogs or DeskDialogs(self)
        self.jobs = Jobs(self)
        self.answers = Answers.from_json(preferences.get(KEPT, {}))
        self.desk: Any = None
        self._build()
        self.show_step(min(self.answers.step, 2))

    def _build(self) -> None:
        judge: Judge = self.services.judge
        self.steps: list[Step] = [
            LanguageStep(self.answers),
            UnitStep(self.answers, self._units),
            OfficerStep(self.answers, self.jobs, judge),
            CodeStep(self.answers, self._print),
            BackupStep(self.answers, self._dialogs, self._print_guide),
        ]
        self._stack = QStackedWidget()
        self._stack.setObjectName("wizard_steps")
        for step in self.steps:
            step.next_wanted.connect(self.next)
            self._stack.addWidget(step)
        self.count = kit.label("", "muted", name="wizard_count")
        self.progress = QProgressBar()
        self.progress.setObjectName("wizard_progress")
        self.progress.setAccessibleName(_("Progress"))
        self.progress.setRange(0, len(self.steps))
        self.progress.setTextVisible(False)
        self.notice = kit.label("", tone="late", name="wizard_notice")
        self.notice.hide()
        self.back_button = kit.button(_("&Back"), "wizard_back", self.back)
        self.next_button = kit.button("", "wizard_next", self.next, role="primary")
        self.practise_button = kit.button(
            _("Practise first"), "wizard_practise", self._practise, role="quiet"
        )
        self.restore_button = kit.button(
            _("Restore from a backup…"), "wizard_restore", self._restore, role="quiet"
        )
        self.later_button = kit.button(_("Finish &later"), "wizard_later", self.leave, role="quiet")
        card = kit.card(
            self.count,
            self.progress,
            self._stack,
            self.notice,
            kit.buttons(
                self.next_button,
                self.back_button,
                self.practise_button,
                self.restore_button,
                self.later_button,
            ),
            name="wizard_card",
            margins=24,
            gap=16,
        )
        card.layout().setStretch(2, 1)
        look = theme.current()
        card.setMaximumWidth(look.px(680))
        row = kit.hbox(None, card, None)
        row.setStretch(1, 20)
        outer = kit.panel(kit.vbox(row, margins=24))
        self._scroll = kit.scroll(outer, "wizard_scroll")
        self.setLayout(kit.vbox(self._scroll))
        self.resize(kit.fitting(820, 680))

    # -- going -----------------------------------------------------------------------------

    @property
    def number(self) -> int:
        """The number of the step, from 0."""
        return self._stack.currentIndex()

    def show_step(self, number: int) -> None:
        """Show one step."""
        step = self.steps[number]
        step.entered()
        self._stack.setCurrentWidget(step)
        total = len(self.steps)
        self.count.setText(_("Step {number} of {total}").format(number=number + 1, total=total))
        self.progress.setValue(number + 1)
        self.next_button.setText(_("&Finish") if number == total - 1 else _("&Next"))
        if number == 2:
            self.next_button.setText(_("Make the &vault"))
        self.next_button.setAccessibleName(self.next_button.text().replace("&", ""))
        # The vault is made after the third step, so there is no way back from the fourth.
        self.back_button.setVisible(number in {1, 2, 4})
        self.later_button.setVisible(number < 3)
        self.practise_button.setVisible(number < 3)
        self.restore_button.setVisible(number < 3)
        self._say("")
        step.setFocus(Qt.FocusReason.OtherFocusReason)

    def _practise(self) -> None:
        # While the vault is being made it is too late: nobody would close it again.
        if self.next_button.isEnabled():
            self.practise_wanted.emit()

    def _restore(self) -> None:
        if self.next_button.isEnabled():
            self.restore_wanted.emit()

    def back(self) -> None:
        """Go one step back; what was answered stays."""
        self.steps[self.number].take()
        self.show_step(self.number - 1)

    def next(self) -> None:
        """Check the step and go on."""
        if not self.next_button.isEnabled():
            return
        step = self.steps[self.number]
        problem = step.problem()
        if problem:
            self._say(problem)
            step.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        step.take()
        number = self.number
        if number == 0 and self.answers.language != i18n.language():
            self._keep(1)
            self.language_chosen.emit(self.answers.language)
        elif number == 2:
            self._create()
        elif number == len(self.steps) - 1:
            self._finish()
        else:
            self._keep(number + 1)
            self.show_step(number + 1)

    def leave(self) -> None:
        """Stop for now; the answers are kept, the password is not."""
        self.steps[self.number].take()
        self._keep(self.number)
        self.left.emit()

    def retranslate(self) -> None:
        """Build all texts anew after the language has changed, and go on where we were."""
        old = self.layout()
        QWidget().setLayout(old)
        self._build()
        self.show_step(min(self.answers.step, 2))

    def _keep(self, step: int) -> None:
        self.answers.step = step
        self._preferences.set(KEPT, self.answers.to_json())

    # -- making the vault --------------------------------------------------------------------

    def _create(self) -> None:
        officer = self.steps[2]
        password = officer.password()
        self._working(_("Making the vault. This takes a few seconds…"))
        answers = self.answers
        self.jobs.run(
            lambda: self.services.create(answers, password),
            done=self._created,
            failed=self._failed,
        )

    def _created(self, made: Sequence[Any]) -> None:
        self.desk, code = made
        self.next_button.setEnabled(True)
        self.steps[2].forget()
        self.steps[3].set_code(code)
        # From here on there is a vault: only the code and the backup are still to do.
        self._preferences.set(KEPT, {**self.answers.to_json(), "step": 3})
        self.show_step(3)

    def _print(self, code: str) -> None:
        self.services.print_code(self.desk, code, self)

    def _print_guide(self) -> None:
        self.services.print_guide(self.desk, self.answers.backup_folder, self)

    def _finish(self) -> None:
        folder = self.answers.backup_folder
        if not folder:
            self._done(None)
            return
        self._working(_("Saving…"))
        self.jobs.run(
            lambda: self.services.set_backup(self.desk, Path(folder)),
            done=self._done,
            failed=self._failed,
        )

    def _done(self, _nothing: object) -> None:
        self.steps[3].forget()
        self._preferences.set(KEPT, {})
        self.finished.emit(self.desk)

    def _working(self, words: str) -> None:
        self.next_button.setEnabled(False)
        self.back_button.hide()
        self.later_button.hide()
        self._say(words, "")

    def _failed(self, problem: Exception) -> None:
        self.next_button.setEnabled(True)
        self.show_step(self.number)
        self._say(self._words(problem))

    def _say(self, text: str, tone: str = "late") -> None:
        self.notice.setText(text)
        kit.retone(self.notice, tone)
        self.notice.setVisible(bool(text))
        if text and self._scroll.isVisible():
            self._scroll.ensureWidgetVisible(self.notice)

    def closeEvent(self, event: Any) -> None:
        """Wait for a vault that is being made, then close."""
        self.jobs.stop()
        super().closeEvent(event)
