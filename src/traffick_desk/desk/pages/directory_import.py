"""*Take in a table of services*: the file, what would come of each row, then the taking in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from traffick_desk.desk import kit, parsing
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages.directory_files import READS
from traffick_desk.desk.tables import Column, ListModel, ListTable
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services.directory import exchange
from traffick_desk.services.directory.prepared import (
    CHANGED,
    NEW,
    SAME,
    WRONG,
    CellProblem,
    Prepared,
    TakeServices,
)
from traffick_desk.services.roles import DIRECTORY_WRITE

_STATES = {
    NEW: N_("new"),
    CHANGED: N_("changes an entry"),
    SAME: N_("is here already"),
    WRONG: N_("left out"),
}


class DirectoryImportPage(Page):
    """Nothing is written before the last button."""

    permission = DIRECTORY_WRITE
    name = "directory_import"
    label = N_("Take in a table of services")
    icon = "import"
    in_navigation = False
    belongs_to = "directory"

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.prepared: Prepared | None = None
        self._lines: list[tuple[int, str, str, str, str]] = []
        self.choose_button = kit.button(
            _("&Choose a file…"), "directory_choose", self.ask_for_file, icon="import",
            role="primary",
        )  # fmt: skip
        self.take_button = kit.button(
            _("&Take in"), "directory_take", self.take_in, role="primary", icon="check"
        )
        self.take_button.hide()
        self.said = kit.label("", "subheading", name="directory_import_said")
        self.ignored = kit.label("", "muted", name="directory_import_ignored")
        columns = [
            Column("row", _("Row"), lambda r: str(r[0]) if r[0] else "", "", 6, right=True),
            Column("what", _("What"), lambda r: r[1], "", 26, tone=lambda r: r[4]),
            Column("column", _("Column"), lambda r: r[2], "", 24),
            Column("text", _("What is wrong"), lambda r: r[3], "", 60),
        ]
        self.model = ListModel(columns, lambda _o, at, n: self._lines[at : at + n], None, self)
        self.table = ListTable(
            self.model,
            "directory_rows",
            _("Rows of the file"),
            empty=kit.empty_state(
                _("Which table?"),
                _(
                    "A workbook (.xlsx) or a text with columns (.csv) with one service in each row "
                    "and headings as in a directory that was saved here; or a file of Open "
                    "Referral HSDS 3 (.json). You see every row before anything is kept, and a "
                    "table that is taken in twice doubles nothing."
                ),
                _("Example: save the directory as a file, fill in rows below, and take it in."),
                icon="import",
            ),
        )
        head = kit.hbox(
            kit.label(self.title(), "title", wrap=False), None, self.choose_button,
            self.take_button,
        )  # fmt: skip
        body = kit.vbox(head, self.said, self.ignored, self.table, gap=12)
        body.setStretch(3, 1)
        self.set_body(body, scrolls=False)
        self.setFocusProxy(self.choose_button)
        self.model.reload()
        self._say()

    def opened(self, file: str = "", **_more: Any) -> None:
        """Begin, or go on where it was left; *file* is read at once."""
        if file:
            self.read(Path(file))

    def commands(self) -> list[PageCommand]:
        """What the palette offers."""
        return [PageCommand(_("Choose a file…"), self.ask_for_file, "import")]

    # -- the file ----------------------------------------------------------------------------

    def ask_for_file(self) -> None:
        """Let the officer choose a file."""
        self.host.dialogs.open_file(_("Choose the table of services"), _(READS), self.read)

    def read(self, path: Path) -> None:
        """Read *path* and show what taking it in would do."""
        desk = self.host.desk
        self.host.jobs.run(
            lambda: exchange.read(desk, path),
            done=self._show,
            failed=self._failed,
            owner=self,
            words=_("Reading the file…"),
        )

    def _failed(self, problem: Exception) -> None:
        self._show(None)
        self.host.fail(problem)

    def _show(self, prepared: Prepared | None) -> None:
        self.prepared = prepared
        by_row: dict[int, list[CellProblem]] = {}
        for problem in prepared.problems if prepared else ():
            by_row.setdefault(problem.row, []).append(problem)
        self._lines = []
        for entry in prepared.entries if prepared else ():
            tone = "late" if entry.state == WRONG else "ok" if entry.state == NEW else ""
            words = f"{entry.name or '…'}: {_(_STATES[entry.state])}"
            problems = by_row.get(entry.row, [])
            if not problems:
                self._lines.append((entry.row, words, "", "", tone))
            for problem in problems:
                cell = f"“{problem.cell}”: " if problem.cell else ""
                self._lines.append(
                    (entry.row, words, problem.column, f"{cell}{problem.text}", tone)
                )
        # What has to be mended stands first.
        self._lines.sort(key=lambda line: (line[4] != "late", line[0]))
        self.model.reload()
        self._say()

    def _say(self) -> None:
        found = self.prepared
        self.said.setVisible(found is not None)
        self.take_button.setVisible(found is not None)
        self.choose_button.setProperty("role", "primary" if found is None else "")
        kit.retone(self.choose_button, "primary" if found is None else "", "role")
        self.ignored.setVisible(bool(found and found.ignored))
        if found is None:
            return
        parts = [
            f"{_(_STATES[state])}: {parsing.show_integer(number)}"
            for state in _STATES
            if (number := found.count(state))
        ]
        self.said.setText(" · ".join(parts))
        names = ", ".join(found.ignored)
        self.ignored.setText(_("Columns that mean nothing here: {names}").format(names=names))
        number = found.count(NEW) + found.count(CHANGED)
        text = ngettext("&Take in {n} service", "&Take in {n} services", number)
        self.take_button.setText(text.format(n=parsing.show_integer(number)))
        self.take_button.setAccessibleName(self.take_button.text().replace("&", ""))
        self.take_button.setEnabled(number > 0)

    def take_in(self) -> None:
        """Write what was shown."""
        if self.prepared is None or not self.take_button.isEnabled():
            return
        self.take_button.setEnabled(False)
        self.host.do(
            TakeServices(self.prepared.entries), self._taken, owner=self, failed=self.host.fail
        )

    def _taken(self, counts: tuple[int, int]) -> None:
        new, changed = (parsing.show_integer(n) for n in counts)
        self._show(None)
        self.host.messages.tell(
            _("Taken in: {new} new, {changed} changed.").format(new=new, changed=changed)
        )
        self.host.go("directory")
