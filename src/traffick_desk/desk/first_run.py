"""What the first run asks of the services."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from traffick_desk.desk.wizard_steps import Answers
from traffick_desk.services import vaults


class FirstRun:
    """Makes the vault, remembers the backup place, prints the code.

    Args:
        vault: folder to make.
        kdf: parameters of the key derivation; calibrated on this PC if ``None``.
        judge: how strong a password is.
    """

    def __init__(self, vault: Path, kdf: Any, judge: Callable[..., Any]) -> None:
        self._vault, self._kdf = vault, kdf
        self.judge = judge

    def create(self, answers: Answers, password: str) -> tuple[Any, str]:
        """Make the vault; the open desk and the recovery code."""
        made = vaults.create(
            self._vault,
            vaults.NewVault(
                profile=answers.profile,
                unit=answers.unit,
                officer_name=answers.name,
                login=answers.login,
                password=password,
                label=answers.label,
                kdf=self._kdf,
            ),
        )
        return made.desk, made.recovery_code

    def set_backup(self, desk: Any, folder: Path) -> None:
        """Remember the second place for backups, and make the first one."""
        from traffick_desk.services import backup
        from traffick_desk.services.office import SetOffice

        desk.do(SetOffice({"backup_folder": str(folder)}))
        backup.backup(desk)

    def print_code(self, desk: Any, code: str, parent: QWidget) -> None:
        """Print the sheet with the recovery code; it is never written to a file."""
        from traffick_desk.desk.recovery_sheet import print_sheet

        print_sheet(desk, code, parent, lambda problem: _tell(parent, str(problem)))

    def print_guide(self, desk: Any, place: str, parent: QWidget) -> None:
        """Print the page that says how to restore."""
        from traffick_desk.desk.recovery_sheet import print_guide

        print_guide(desk, parent, lambda problem: _tell(parent, str(problem)), place)


def _tell(parent: QWidget, text: str) -> None:
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(QMessageBox.Icon.Information, parent.windowTitle(), text, parent=parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.open()
