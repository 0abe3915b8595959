"""About: version, where the data is, licences, and whether all of it is intact."""

from __future__ import annotations

import platform

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from traffick_desk import __version__
from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.i18n import _
from traffick_desk.services import licences
from traffick_desk.services.verify import Report, verify


class AboutCard(QFrame):
    """Version, vault, licences; and the check of the vault."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("settings_about")
        self.setProperty("role", "card")
        self._host = host
        info = host.desk.info
        facts = [
            _("Version {version}, Python {python}, Qt {qt}").format(
                version=__version__, python=platform.python_version(), qt=qVersion()
            ),
            _("Officer: {name}").format(name=getattr(info, "officer_name", "")),
            _("Desk: {name}").format(
                name=" · ".join(t for t in (info.unit_name, getattr(info, "label", "")) if t)
            ),
            _("Vault: {path}").format(path=getattr(info, "vault_path", "")),
        ]
        self.licences = QPlainTextEdit()
        self.licences.setObjectName("licences")
        self.licences.setAccessibleName(_("Licences"))
        self.licences.setReadOnly(True)
        self.licences.setTabChangesFocus(True)
        self.licences.setFixedHeight(theme.current().px(220))
        self.licences.hide()
        show = kit.button(_("Licences"), "about_licences", self._licences, role="quiet")
        self.check_button = kit.button(
            _("Check the vault"), "about_check", self.check, icon="shield"
        )
        self.result = kit.label("", name="about_result")
        self.result.hide()
        self.setLayout(
            kit.vbox(
                kit.label(_("About"), "heading"),
                *(kit.label(text) for text in facts),
                kit.hbox(self.check_button, show, None),
                self.result,
                self.licences,
                margins=16,
                gap=8,
            )
        )

    def _licences(self) -> None:
        wanted = self.licences.isHidden()
        self.licences.setVisible(wanted)
        if wanted and not self.licences.document().toPlainText():
            # Every text in full: read when it is asked for, in a job.
            self._host.jobs.run(
                licences.text, done=self.licences.setPlainText, failed=self._host.fail, owner=self
            )

    def check(self) -> None:
        """Read every page, walk the log and the journal."""
        desk = self._host.desk
        self.check_button.setEnabled(False)

        def done(report: Report) -> None:
            self.check_button.setEnabled(True)
            self.result.setText("\n".join(report.lines))
            kit.retone(self.result, "ok" if report.intact else "late")
            self.result.show()

        def failed(problem: Exception) -> None:
            self.check_button.setEnabled(True)
            self._host.fail(problem)

        self._host.jobs.run(
            lambda: verify(desk), done=done, failed=failed, owner=self,
            words=_("Checking the vault…"),
        )  # fmt: skip
