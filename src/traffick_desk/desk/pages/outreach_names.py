"""The attendance list of an activity: names pasted, typed or taken from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFrame, QPlainTextEdit

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.case_lists import SmallTable
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.prevention.commands import (
    AddAttendance,
    Attended,
    SavePrevention,
    TakeBackPrevention,
)
from traffick_desk.services.prevention.lists import AttendanceOf, Listed
from traffick_desk.services.prevention.people import pasted_people, people
from traffick_desk.services.register import read
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit


class NamesCard(QFrame):
    """Who was there; only staff and volunteers are listed by name, others are counted."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("outreach_names")
        self.setProperty("role", "card")
        self._host, self._activity = host, ""
        self.count = kit.label("", "muted", name="outreach_names_count", wrap=False)
        self.table = SmallTable(
            "outreach_names_table",
            _("Attendance list"),
            (_("Full name"), _("Post"), _("Office or hamlet"), _("What she or he is")),
            shares=(4, 3, 4, 2),
        )
        self.paste = QPlainTextEdit()
        self.paste.setObjectName("outreach_paste")
        self.paste.setAccessibleName(_("Names to add"))
        self.paste.setTabChangesFocus(True)
        self.paste.setPlaceholderText(
            _("One name a line; or paste rows of a spreadsheet: name, post, office")
        )
        self.paste.setFixedHeight(theme.current().px(96))
        self.paste.textChanged.connect(self._typed)
        self.add_button = kit.button(_("Put on the &list"), "outreach_names_add", self.add_typed)
        self.file_button = kit.button(
            _("From a &file…"), "outreach_names_file", self.ask_for_file, icon="import"
        )
        self.remove_button = kit.button(
            _("Take off the list"), "outreach_names_remove", self.remove, role="quiet"
        )
        self.table.selectionModel().currentChanged.connect(lambda *_which: self._enable())
        tools = kit.hbox(self.add_button, self.file_button, None, self.remove_button)
        note = kit.label(
            _(
                "Names of officers, staff and volunteers, so that it is known who was trained. "
                "Guests and people of the village are only counted above."
            ),
            "muted",
        )
        self._tools = kit.panel(kit.vbox(self.paste, tools, gap=8))
        head = kit.hbox(kit.label(_("Attendance list"), "heading", wrap=False), self.count, None)
        self.setLayout(kit.vbox(head, note, self.table, self._tools, margins=16, gap=8))

    def show_for(self, activity: str, *, may: bool = True) -> None:
        """Show the list of *activity*; "" hides the card."""
        self._activity = activity
        self.setVisible(bool(activity))
        self._tools.setVisible(may)
        self.paste.clear()
        if activity:
            self.read()
        self._typed()

    def read(self) -> None:
        """Read the list anew."""
        self._host.ask(AttendanceOf(self._activity), self._show, owner=self)

    def _show(self, found: tuple[Listed, ...]) -> None:
        self.count.setText(ngettext("{n} name", "{n} names", len(found)).format(n=len(found)))
        roles = SMALL_LISTS["staff_role"]
        self.table.show_rows(
            [
                (
                    (self._host.privacy.name(one.name), one.post, one.body,
                     roles.label(one.role) if one.role else ""),
                    ("", ""),
                    one,
                )
                for one in found
            ]
        )  # fmt: skip
        self._enable()

    def _typed(self) -> None:
        count = len(pasted_people(self.paste.toPlainText()))
        words = ngettext("Put {n} name on the list", "Put {n} names on the list", count)
        self.add_button.setText(words.format(n=count) if count else _("Put on the &list"))
        self.add_button.setEnabled(count > 0)
        self._enable()

    def _enable(self) -> None:
        self.remove_button.setEnabled(self.table.chosen() is not None)

    def add_typed(self) -> None:
        """Put what was typed or pasted on the list."""
        self._add(pasted_people(self.paste.toPlainText()))

    def ask_for_file(self) -> None:
        """Take names from a spreadsheet."""
        self._host.dialogs.open_file(
            _("Choose the attendance list"), _("Tables (*.xlsx *.csv *.txt)"), self.take_file
        )

    def take_file(self, path: Path) -> None:
        """Read *path* in a thread and put its names on the list."""
        self._host.jobs.run(
            lambda: people(read(path)),
            done=self._add,
            failed=self._host.fail,
            owner=self,
            words=_("Reading the file…"),
        )

    def _add(self, found: Any) -> None:
        if not found:
            return

        def done(made: Attended) -> None:
            self.paste.clear()
            self.read()
            text = _("On the list: {added} new, {already} were there before.")
            back = TakeBackPrevention(made.records, _("taken back"))
            self._host.undo.offer(
                text.format(added=made.added, already=made.already),
                lambda: self._host.do(back, lambda _none: self.read()),
            )

        self._host.do(AddAttendance(self._activity, tuple(found)), done, owner=self)

    def remove(self) -> None:
        """Take the chosen name off the list; the person stays known."""
        chosen: Listed | None = self.table.chosen()
        if chosen is None:
            return
        edit = Edit("attendance", chosen.attendance, {VOID: _("was not there")})
        back = Edit("attendance", chosen.attendance, {VOID: None})

        def done(_ids: object) -> None:
            self.read()
            self._host.undo.offer(
                _("Taken off the list."),
                lambda: self._host.do(SavePrevention((back,)), lambda _ids: self.read()),
            )

        self._host.do(SavePrevention((edit,)), done, owner=self)
