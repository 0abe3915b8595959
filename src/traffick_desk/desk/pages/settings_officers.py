"""The officers of this desk: who they are, letting one in, a role, closing the way for one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.case_lists import SmallTable
from traffick_desk.desk.passwords import Judge, NewPassword, PasswordField
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import _, ngettext
from traffick_desk.services import officers
from traffick_desk.services.need_to_know import SomeHidden
from traffick_desk.services.officers import NewOfficer, Officer, OfficersOfDesk, SetRole
from traffick_desk.services.roles import LEFT, OF_PROFILE
from traffick_desk.services.roster import Member, Rosters
from traffick_desk.services.veiling import LEFT_OUT


class OfficersCard(QFrame):
    """A table of officers and what can be done with the chosen one; one thing at a time.

    Signals:
        dismissing: the way in is to be closed for an officer once the desk is locked; Emits: the
            work, which answers with words.
    """

    dismissing = Signal(object)

    def __init__(self, host: Host, judge: Judge) -> None:
        super().__init__()
        self.setObjectName("settings_officers")
        self.setProperty("role", "card")
        self._host = host
        self._found: tuple[Officer, ...] = ()
        self._waiting: set[str] = set()
        self._refused: set[str] = set()
        self._task = ""
        self.table = SmallTable(
            "officers",
            _("Officers of this desk"),
            (_("Full name"), _("Unlocks as"), _("Role"), _("Open cases")),
            shares=(4, 2, 3, 2),
        )
        self.table.selectionModel().currentChanged.connect(lambda *_which: self._chosen())
        self.left_out = kit.label(_(LEFT_OUT), "muted", name="officers_left_out")
        self.left_out.hide()
        self.add_button = self._opens("add", _("Let an officer &in…"))
        self.role_button = self._opens("role", _("Change the &role…"))
        self.dismiss_button = self._opens("dismiss", _("Close the &way in…"))
        self.name = _line("officer_name", _("Full name"), 120)
        self.login = _line("officer_login", _("Name for unlocking"), 60)
        self.title = _line("officer_title", _("Post, as papers print it (may stay empty)"), 120)
        self.role = QuietCombo()
        self.role.setObjectName("officer_role")
        self.role.setAccessibleName(_("Role"))
        self.role.setMaximumWidth(theme.current().px(420))
        for code in OF_PROFILE.get(host.desk.info.profile, ()):
            self.role.addItem(SMALL_LISTS["role"].label(code), code)
        self.new = NewPassword(host.jobs, judge, "officer_new_password")
        self.own = PasswordField(_("Your own password"), "officer_own_password")
        self.words = kit.label("", "muted", name="officer_words")
        self.do = kit.button(_("Let her in"), "officer_do", self.act, role="primary")
        leave = kit.button(_("Cancel"), "officer_cancel", lambda: self.unfold(""))
        self._rows = {
            "name": _row(self.name),
            "login": _row(self.login),
            "title": _row(self.title),
            "role": _row(self.role),
            "new": self.new,
            "own": self.own,
        }
        self.fields = kit.panel(
            kit.vbox(self.words, *self._rows.values(), kit.hbox(self.do, leave, None), gap=12)
        )
        self.setLayout(
            kit.vbox(
                kit.label(_("Officers of this desk"), "heading"),
                self.table,
                self.left_out,
                kit.buttons(self.add_button, self.role_button, self.dismiss_button),
                self.fields,
                margins=16,
                gap=12,
            )
        )
        for line in (self.name, self.login):
            line.textChanged.connect(lambda _text: self._typed())
        self.new.changed.connect(self._enable)
        self.own.edited.connect(self._enable)
        self.own.entered.connect(self.act)
        self.unfold("")

    def _opens(self, task: str, words: str) -> kit.Button:
        return kit.button(words, f"officer_{task}", lambda: self.unfold(task))

    # -- what is there -----------------------------------------------------------------------

    def load(self) -> None:
        """Show who is there."""
        self._host.ask(Rosters(self._host.desk.info.device), self._know, owner=self)

    def _know(self, members: tuple[Member, ...]) -> None:
        # What the province has not confirmed counts here, and waits everywhere else.
        self._waiting = {m.officer_id for m in members if m.desk_listed and m.waits}
        self._refused = {m.officer_id for m in members if m.refused}
        self._host.ask(OfficersOfDesk(), self._show, owner=self)
        self._host.ask(SomeHidden(), self.left_out.setVisible, owner=self)

    def _show(self, found: tuple[Officer, ...]) -> None:
        self._found = found
        rows = []
        for officer in found:
            role = officers.shown_role(officer.role)
            if officer.officer_id in self._refused and officer.role != LEFT:
                role = _("{role}: not confirmed by the province").format(role=role)
            elif officer.officer_id in self._waiting:
                role = _("{role}: waiting for the province").format(role=role)
            name = _("{name} (you)").format(name=officer.name) if officer.own else officer.name
            cells = (name, officer.login, role, str(officer.open_cases or ""))
            rows.append((cells, ("void", "muted") if officer.role == LEFT else ("", ""), officer))
        self.table.show_rows(rows)
        self._enable()

    # -- what is to be done --------------------------------------------------------------------

    def unfold(self, task: str) -> None:
        """Show what *task* (``add``, ``role``, ``dismiss``) asks for; "" hides and forgets it."""
        self._task = task
        shown = {
            "": (),
            "add": ("name", "login", "title", "role", "new", "own"),
            "role": ("role",),
            "dismiss": ("own",),
        }[task]
        for line in (self.name, self.login, self.title):
            line.clear()
        self.new.clear()
        self.own.clear()
        for name, row in self._rows.items():
            row.setVisible(name in shown)
        chosen: Officer | None = self.table.chosen()
        self.words.setText(self._explained(chosen) if task else "")
        self.do.setText(
            {
                "add": _("Let her in"),
                "role": _("Give this role"),
                "dismiss": _("Lock and close the way in"),
            }.get(task, self.do.text())
        )
        self.role.setCurrentIndex(max(self.role.findData(chosen.role), 0) if chosen else 0)
        self.fields.setVisible(bool(task))
        self._enable()
        if task:
            {"add": self.name, "role": self.role, "dismiss": self.own}[task].setFocus()

    def _chosen(self) -> None:
        # What is unfolded names an officer; it never stays for another one.
        if self._task in {"role", "dismiss"}:
            self.unfold("")
        self._enable()

    def _explained(self, chosen: Officer | None) -> str:
        if self._task == "add":
            return _(
                "She opens this desk with a name and password of her own and sees what her role "
                "sees. Let her type the password herself."
            )
        name = chosen.name if chosen else ""
        if self._task == "role":
            return _("{name} gets another role from the next unlocking on.").format(name=name)
        text = _(
            "{name} will not be able to open this desk any more. What was written under this name "
            "stays. The desk locks, encrypts everything anew and opens again with your password; "
            "this takes some minutes with many cases. Do not switch off the PC; if the power "
            "fails, nothing is lost."
        ).format(name=name)
        if chosen and chosen.open_cases:
            cases = ngettext(
                "{n} open case is in her charge: hand it over first (Cases, Hand over).",
                "{n} open cases are in her charge: hand them over first (Cases, Hand over).",
                chosen.open_cases,
            ).format(n=chosen.open_cases)
            text = f"{text} {cases}"
        return text

    def _typed(self) -> None:
        self.new.set_context(self.name.text(), self.login.text(), self._host.desk.info.unit_name)
        self._enable()

    def _enable(self) -> None:
        may = officers.may_manage(self._found, self._host.desk.info.role)
        chosen: Officer | None = self.table.chosen()
        other = chosen is not None and not chosen.own and chosen.role != LEFT
        self.add_button.setEnabled(may)
        for button in (self.role_button, self.dismiss_button):
            button.setEnabled(may and other)
        self.do.setEnabled(
            {
                "": False,
                "add": bool(self.name.text().strip() and self.login.text().strip())
                and self.new.ready()
                and bool(self.own.text()),
                "role": other,
                "dismiss": other and bool(self.own.text()),
            }[self._task]
        )

    def act(self) -> None:
        """Do what is unfolded."""
        if not self.do.isEnabled():
            return
        self.do.setEnabled(False)
        chosen: Officer | None = self.table.chosen()
        if self._task == "add":
            self._let_in()
        elif self._task == "role" and chosen is not None:
            change = SetRole(chosen.officer_id, str(self.role.currentData()))
            self._host.do(
                change, lambda _nothing: self._done(_("The role was changed.")), owner=self
            )
        elif self._task == "dismiss" and chosen is not None:
            self._dismiss(chosen)

    def _let_in(self) -> None:
        desk, own = self._host.desk, self.own.text()
        new = NewOfficer(
            self.name.text(),
            self.login.text(),
            self.new.password(),
            str(self.role.currentData()),
            self.title.text(),
        )
        words = _("{name} can open this desk now.").format(name=new.name.strip())
        self._host.jobs.run(
            lambda: officers.add(desk, own, new),
            done=lambda _id: self._done(words),
            failed=self._failed,
            owner=self,
            write=True,
            words=_("Letting an officer in…"),
        )

    def _dismiss(self, gone: Officer) -> None:
        path = self._host.desk.info.vault_path
        login = next(o.login for o in self._found if o.own)
        own, now = self.own.text(), self._host.desk.context.now

        def work() -> str:
            officers.dismiss(path, login, own, gone.officer_id, now)
            return officers.dismissed_words(gone)

        self.unfold("")
        self.dismissing.emit(work)

    def _done(self, words: str) -> None:
        self.unfold("")
        self._host.messages.tell(words)
        self.load()

    def _failed(self, problem: Exception) -> None:
        self._enable()
        self._host.fail(problem)


def _line(name: str, words: str, most: int) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setAccessibleName(words)
    line.setMaxLength(most)
    line.setMaximumWidth(theme.current().px(420))
    return line


def _row(editor: QWidget) -> QWidget:
    label = kit.label(editor.accessibleName(), "label", wrap=False)
    label.setBuddy(editor)
    return kit.panel(kit.vbox(label, editor, gap=4))
