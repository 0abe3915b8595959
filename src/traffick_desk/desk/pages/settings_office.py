"""What papers print about the office: telephone and who signs."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.i18n import _
from traffick_desk.services.office import OfficeSettings, SetOffice


class OfficeCard(QFrame):
    """Telephone, signer's name, the lines above the signature."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("settings_office")
        self.setProperty("role", "card")
        self._host = host
        self._kept: Mapping[str, str] = {}
        self.phone = _line("office_phone", _("Telephone of the office"), 60)
        self.signer = _line("office_signer", _("Full name of the person who signs"), 120)
        self.lines = QPlainTextEdit()
        self.lines.setObjectName("office_lines")
        self.lines.setAccessibleName(_("Lines above the signature"))
        self.lines.setPlaceholderText("TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH")
        self.lines.setTabChangesFocus(True)
        self.lines.setFixedHeight(theme.current().px(96))
        self.save_button = kit.button(_("Save"), "office_save", self.save)
        rows: list[object] = [
            kit.label(_("On papers"), "heading"),
            kit.label(
                _("Printed on letters and records of this office. Kept on this PC only."), "muted"
            ),
        ]
        for editor in (self.phone, self.signer, self.lines):
            label = kit.label(editor.accessibleName(), "label", wrap=False)
            label.setBuddy(editor)
            rows += [label, editor]
        self.setLayout(kit.vbox(*rows, kit.hbox(self.save_button, None), margins=16, gap=8))
        self.phone.setMaximumWidth(theme.current().px(260))
        self.signer.setMaximumWidth(theme.current().px(420))
        self.lines.setMaximumWidth(theme.current().px(420))
        for line in (self.phone, self.signer):
            line.textChanged.connect(self._changed)
        self.lines.textChanged.connect(self._changed)
        self._changed()

    def load(self) -> None:
        """Show what is kept; what is typed and not saved stays."""
        if self.values() == self._of(self._kept):
            self._host.ask(OfficeSettings(), self._show, owner=self)

    def values(self) -> dict[str, str]:
        """What is typed."""
        return {
            "phone": self.phone.text().strip(),
            "signer_name": self.signer.text().strip(),
            "signer_lines": self.lines.toPlainText().strip(),
        }

    @staticmethod
    def _of(kept: Mapping[str, str]) -> dict[str, str]:
        return {key: kept.get(key, "") for key in ("phone", "signer_name", "signer_lines")}

    def _show(self, kept: Mapping[str, str]) -> None:
        self._kept = kept
        self.phone.setText(kept.get("phone", ""))
        self.signer.setText(kept.get("signer_name", ""))
        self.lines.setPlainText(kept.get("signer_lines", ""))
        self._changed()

    def _changed(self) -> None:
        self.save_button.setEnabled(self.values() != self._of(self._kept))

    def save(self) -> None:
        """Keep what is typed."""
        values = self.values()

        def done(_nothing: object) -> None:
            self._kept = {**self._kept, **values}
            self._changed()
            self._host.messages.tell(_("Saved. Papers made from now on print it."))

        self._host.do(SetOffice(values), done, owner=self)


def _line(name: str, words: str, limit: int) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setAccessibleName(words)
    line.setMaxLength(limit)
    return line
