"""The hub on the page *Sync*: its address, how it stands, and a button for the impatient."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLineEdit, QProgressBar

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.parsing import show_moment
from traffick_desk.i18n import _, ngettext
from traffick_desk.services import hub


class HubCard(QFrame):
    """Folded to one line until an address is kept."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("sync_hub")
        self.setProperty("role", "card")
        self._host = host
        self._kept: str | None = None
        self._editing = False
        self.icon = kit.IconLabel("sync", "muted", 20)
        self.said = kit.label("", name="hub_said")
        self.more = kit.label("", "muted", name="hub_more")
        self.progress = QProgressBar()
        self.progress.setObjectName("hub_progress")
        self.progress.setAccessibleName(_("Progress"))
        self.progress.setTextVisible(False)
        self.address = QLineEdit()
        self.address.setObjectName("hub_address")
        self.address.setAccessibleName(_("Address of the hub"))
        self.address.setPlaceholderText("https://")
        self.address.setMaxLength(300)
        self.address.setMaximumWidth(theme.current().px(420))
        self.address.returnPressed.connect(self.save)
        self.now_button = kit.button(_("Send and fetch now"), "hub_now", self.go, icon="sync")
        self.edit_button = kit.button(_("Hub…"), "hub_edit", self.edit, role="quiet")
        self.save_button = kit.button(_("Keep the address"), "hub_save", self.save)
        self.leave_button = kit.button(_("Cancel"), "hub_leave", self.leave, role="quiet")
        label = kit.label(self.address.accessibleName(), "label", wrap=False)
        label.setBuddy(self.address)
        self.form = kit.panel(
            kit.vbox(
                label,
                self.address,
                kit.label(
                    _("The province's IT desk gives it. Empty: no hub, only sticks and folders."),
                    "muted",
                ),
                kit.hbox(self.save_button, self.leave_button, None),
                gap=8,
            ),
        )
        state = kit.hbox(self.icon, kit.vbox(self.said, self.more, gap=4), gap=12)
        state.setStretch(1, 1)
        self.state = kit.panel(state)
        self.setLayout(
            kit.vbox(
                kit.label(_("Over the network"), "heading"),
                self.state,
                self.progress,
                kit.hbox(self.now_button, self.edit_button, None),
                self.form,
                margins=16,
                gap=8,
            )
        )
        self.form.hide()
        self.progress.hide()
        if host.line is not None:
            host.line.changed.connect(self.show_line)
        self.show_line()

    def load(self) -> None:
        """Ask how the hub stands."""
        self._host.ask(hub.Hub(), self._show, owner=self)

    def _show(self, view: hub.HubView) -> None:
        self._kept = view.address
        if not self._editing:
            self.address.setText(view.address)
        self._say(view)

    def show_line(self) -> None:
        """Show what the line is doing."""
        line = self._host.line
        if line is not None and line.view is not None:
            self._show(line.view)

    def _say(self, view: hub.HubView) -> None:
        line = self._host.line
        busy = line is not None and line.busy
        problem = line.problem if line is not None else None
        icon, tone, said, more = "sync", "muted", "", ""
        if not view.address:
            said = _("No hub is set up; sticks and folders carry everything.")
        elif busy and line is not None:
            icon, tone = "export", "accent"
            said = f"{line.words}…" if line.words else _("Speaking with the hub…")
        elif problem is not None:
            icon, tone = "clock", "due"
            text = str(problem) if isinstance(problem, self._host.expected) else ""
            said, _dot, more = (text or _("The hub could not be used just now.")).partition(". ")
            said = said.rstrip(".") + "."
        elif view.met_at:
            icon, tone = "ok", "ok"
            said = _("Last sent and fetched on {when}.").format(when=show_moment(view.met_at))
        else:
            said = _("The hub was not spoken with yet.")
        if view.waiting and not busy:
            kept = ngettext(
                "{n} file waits on this PC for the hub.", "{n} files wait on this PC for the hub.",
                view.waiting,
            ).format(n=view.waiting)  # fmt: skip
            more = f"{more} {kept}".strip()
        self.icon.set_icon(icon, tone)
        self.said.setText(said)
        self.more.setText(more)
        self.more.setVisible(bool(more))
        self.progress.setVisible(busy)
        if line is not None:
            self.progress.setRange(0, line.total)
            self.progress.setValue(line.done)
        self.now_button.setVisible(bool(view.address))
        self.now_button.setEnabled(not busy)
        self.edit_button.setVisible(not self._editing)

    def go(self) -> None:
        """A round now."""
        if self._host.line is not None:
            self._host.line.go_again()

    def edit(self) -> None:
        """Show the address."""
        self._editing = True
        self.form.show()
        self.edit_button.hide()
        self.address.setFocus()

    def leave(self) -> None:
        """Fold it again; what was typed is dropped."""
        self._editing = False
        self.form.hide()
        self.edit_button.show()
        self.address.setText(self._kept or "")

    def save(self) -> None:
        """Keep the address."""
        self._host.do(hub.SetHub(self.address.text()), self._saved, owner=self)

    def _saved(self, address: str) -> None:
        self._kept = address
        self.leave()
        self.load()
