"""The versions of the program on this PC: in use, at the next start, before; and going back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.i18n import _
from traffick_desk.services import updates
from traffick_desk.services.program_tree import About
from traffick_desk.services.roles import PROGRAM, may
from traffick_desk.services.updates import Installed, Program


class ProgramCard(QFrame):
    """What is installed."""

    def __init__(self, host: Host, program: Callable[[], Program] = Program) -> None:
        super().__init__()
        self.setObjectName("settings_program")
        self.setProperty("role", "card")
        self._host, self._program = host, program
        self._before: About | None = None
        self._allowed = may(host.desk.info.role, PROGRAM)
        self.state = kit.label("", name="program_state")
        self.later = kit.label("", name="program_next")
        self.later.hide()
        self.result = kit.label("", name="program_result")
        self.result.hide()
        self.check_button = kit.button(
            _("Check the program's files"), "program_check", self.check, icon="shield"
        )
        self.back_button = kit.button(
            _("Go back to the earlier version…"), "program_back", self.back, icon="undo"
        )
        self.back_button.hide()
        self.setLayout(
            kit.vbox(
                kit.label(_("Version of the program"), "heading"),
                self.state,
                self.later,
                kit.label(
                    _(
                        "New versions come on the stick of the province: plug it in and open the "
                        "page Sync."
                    ),
                    "muted",
                ),
                kit.buttons(self.check_button, self.back_button),
                self.result,
                margins=16,
                gap=8,
            )
        )

    def load(self) -> None:
        """Show what is there."""
        program = self._program
        self._host.jobs.run(
            lambda: updates.installed(program()),
            done=self._show,
            failed=self._host.fail,
            owner=self,
        )

    def _show(self, found: Installed) -> None:
        self.state.setText(_("Version {version} is in use.").format(version=found.version))
        self._before = found.before
        self.back_button.setVisible(self._allowed and found.before is not None)
        self.later.setVisible(found.next is not None)
        if found.next is not None:
            self.later.setText(
                _("Version {version} begins when the program is started again.").format(
                    version=found.next.version
                )
            )
            kit.retone(self.later, "ok")

    def check(self) -> None:
        """Compare the installed files with their list."""
        program = self._program
        self.check_button.setEnabled(False)

        def done(wrong: list[str]) -> None:
            self.check_button.setEnabled(True)
            kit.retone(self.result, "late" if wrong else "ok")
            self.result.setText(
                _(
                    "{n} files are missing or changed, perhaps by the virus scanner: {names}. "
                    "Please install the program again; your data is safe."
                ).format(n=len(wrong), names=", ".join(wrong[:5]))
                if wrong
                else _("Every file of the program is as it was delivered.")
            )
            self.result.show()

        def failed(problem: Exception) -> None:
            self.check_button.setEnabled(True)
            self._host.fail(problem)

        self._host.jobs.run(
            lambda: updates.damaged(program()), done=done, failed=failed, owner=self,
            words=_("Checking the program's files…"),
        )  # fmt: skip

    def back(self) -> None:
        """Go back one version, after one question."""
        before, desk, program = self._before, self._host.desk, self._program
        if before is None:
            return

        def done(found: About) -> None:
            self.load()
            self._host.messages.tell(
                _("Version {version} is in use again when the program is started again.").format(
                    version=found.version
                )
            )

        self._host.dialogs.confirm(
            _("Go back to version {version}?").format(version=before.version),
            _(
                "A copy of the vault is made first. The earlier version begins when the program is "
                "started again; nothing that was written is lost."
            ),
            _("Go back"),
            lambda: self._host.jobs.run(
                lambda: updates.go_back(desk, program()), done=done, failed=self._host.fail,
                owner=self, write=True, words=_("Making a backup…"),
            ),
        )  # fmt: skip
