"""The way into a vault with the province's help: a request by stick, words by telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.dialogs import DeskDialogs, Dialogs
from traffick_desk.desk.jobs import Jobs
from traffick_desk.desk.pages.words_grid import WordsGrid
from traffick_desk.desk.passwords import Judge, NewPassword, PasswordField
from traffick_desk.desk.unlock_way import OtherWay, line_edit
from traffick_desk.i18n import _


class HelpServices:
    """What the page does to one locked vault; the services are loaded when they are used."""

    def __init__(self, vault: Path, now: Callable[[], datetime] | None = None) -> None:
        self._vault, self._now = vault, now

    def asked(self) -> Any:
        """The request that waits, or ``None``."""
        from traffick_desk.services import province_help

        return province_help.asked(self._vault)

    def ask(self, login: str, password: str, folder: Path) -> Any:
        """Write a request."""
        from traffick_desk.services import province_help

        return province_help.ask(self._vault, login, password, folder, self._now)

    def finish(self, answer: Path, password: str) -> Any:
        """Open with the answer."""
        from traffick_desk.services import province_help, tries

        return tries.guarded(
            self._vault,
            lambda: province_help.finish(self._vault, answer, password, self._now),
        )

    def give_up(self) -> None:
        """Forget the request."""
        from traffick_desk.services import province_help

        province_help.give_up(self._vault)


class HelpPage(OtherWay):
    """Two steps: write the request; read the answer. The second may come days after the first."""

    def __init__(
        self,
        jobs: Jobs,
        services: HelpServices,
        judge: Judge,
        words: Callable[[Exception], str],
        dialogs: Dialogs | None = None,
    ) -> None:
        super().__init__(jobs, words, "help")
        self._services = services
        self._dialogs = dialogs or DeskDialogs(self)
        self._steps = QStackedWidget()
        self._steps.addWidget(self._asking(judge))
        self._steps.addWidget(self._waiting())
        self.setLayout(
            kit.vbox(
                kit.label(_("Open with the province's help"), "heading"),
                self._steps,
                self.notice,
                None,
                gap=12,
            )
        )

    def _asking(self, judge: Judge) -> QWidget:
        self.login, label = line_edit("help_login", _("Officer"))
        self.new = NewPassword(self._jobs, judge, "help_password")
        self.ask_button = kit.button(
            _("Write the request to a stick…"), "help_ask", self.choose_stick,
            role="primary", icon="export",
        )  # fmt: skip
        back = kit.button(_("Back"), "help_back", self.left.emit, role="quiet")
        self.login.returnPressed.connect(self.new.setFocus)
        self.new.entered.connect(self.choose_stick)
        return kit.panel(
            kit.vbox(
                kit.label(
                    _(
                        "For when all passwords and the printed code are lost. Choose the password "
                        "that is to hold afterwards, and keep it in mind: the answer of the "
                        "province opens the vault only together with it."
                    ),
                    "muted",
                ),
                kit.vbox(label, self.login, gap=4),
                self.new,
                kit.buttons(self.ask_button, back),
                None,
                gap=12,
            )
        )

    def _waiting(self) -> QWidget:
        self.waiting_text = kit.label("", name="help_waiting")
        self.grid = WordsGrid("help_words")
        self.password = PasswordField(_("The new password"), "help_answer_password")
        self.read_button = kit.button(
            _("Open with the answer…"), "help_finish", self.choose_answer,
            role="primary", icon="import",
        )  # fmt: skip
        self.anew_button = kit.button(_("Write a new request"), "help_anew", self.begin_anew)
        back = kit.button(_("Back"), "help_waiting_back", self.left.emit, role="quiet")
        self.password.entered.connect(self.choose_answer)
        return kit.panel(
            kit.vbox(
                self.waiting_text,
                self.grid,
                kit.label(
                    _(
                        "When the stick comes back, type the password that you chose with the "
                        "request, and choose the file of the answer."
                    ),
                    "muted",
                ),
                self.password,
                kit.buttons(self.read_button, self.anew_button, back),
                None,
                gap=12,
            )
        )

    def open_for(self, login: str) -> None:
        """Show the step that is next."""
        self.clear()
        self.login.setText(login)
        self._jobs.run(self._services.asked, done=self._show, failed=self._refused, owner=self)

    def _show(self, asked: Any) -> None:
        if asked is None:
            self._steps.setCurrentIndex(0)
            (self.new if self.login.text() else self.login).setFocus()
            return
        self._steps.setCurrentIndex(1)
        self.waiting_text.setText(
            _(
                "The request of {officer} waits for its answer. Bring the stick to the province, "
                "then call and read these words aloud. The province answers only if its own are "
                "the same."
            ).format(officer=asked.login)
        )
        self.grid.show_words(asked.words)
        self.password.setFocus()

    def choose_stick(self) -> None:
        """Write the request, after asking where to."""
        login = self.login.text().strip()
        if not login or not self.new.ready():
            self._say(_("Please type your officer name and a good new password, twice the same."))
            return
        password = self.new.password()
        self._say("")

        def write(folder: Path) -> None:
            self.ask_button.setEnabled(False)
            self._jobs.run(
                lambda: self._services.ask(login, password, folder),
                done=self._asked, failed=self._refused, owner=self,
            )  # fmt: skip

        self._dialogs.folder(_("USB stick for the request"), write)

    def _asked(self, asked: Any) -> None:
        self.clear()
        self._show(asked)
        self._say(_("The request was written. You may pull out the stick."), "ok")

    def choose_answer(self) -> None:
        """Open, after asking for the file."""
        password = self.password.text()
        if not password:
            self._say(_("Please type the password that you chose with the request."))
            return
        self._say("")

        def read(answer: Path) -> None:
            self.read_button.setEnabled(False)
            self._jobs.run(
                lambda: self._services.finish(answer, password),
                done=self._opened, failed=self._refused, owner=self,
            )  # fmt: skip

        self._dialogs.open_file(
            _("Answer of the province"), _("Answers of the province (*.tdhelped)"), read
        )

    def _opened(self, desk: Any) -> None:
        self.clear()
        self.done.emit(desk)

    def begin_anew(self) -> None:
        """Forget the request that waits."""
        self._services.give_up()
        self._say("")
        self._show(None)

    def _refused(self, problem: Exception) -> None:
        self._enable()
        self._say(self._words(problem))

    def _enable(self) -> None:
        self.ask_button.setEnabled(True)
        self.read_button.setEnabled(True)

    def clear(self) -> None:
        """Forget what was typed."""
        self.new.clear()
        self.password.clear()
        self._enable()
        self._say("")
