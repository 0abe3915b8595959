"""*Take in a table*: activities and materials of a file or pasted, seen before they are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QPlainTextEdit

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages.case_lists import SmallTable
from traffick_desk.desk.pages.outreach_words import when as shown_days
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_prevention import ACTIVITY_COUNTS, MATERIAL_COUNTS
from traffick_desk.domain.counts import Count
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.validation import as_partial
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services.prevention.commands import TakeBackPrevention
from traffick_desk.services.prevention.sheet import (
    DIFFERS,
    KNOWN,
    READY,
    STATES,
    WRONG,
    LookAtSheet,
    Looked,
    LookedRow,
    TakeInSheet,
    TakenSheet,
    pasted,
)
from traffick_desk.services.prevention.sheet_words import QUANTITY
from traffick_desk.services.register import Table, read
from traffick_desk.services.roles import PREVENTION_READ

MOST_SHOWN = 300
_LOOKS = {
    READY: ("ok", "ok"), KNOWN: ("info", "muted"), DIFFERS: ("warning", "due"),
    WRONG: ("late", "late"),
}  # fmt: skip


class OutreachImportPage(Page):
    """A table comes in at the left of one button; each row is seen before it is kept."""

    name = "outreach_import"
    label = N_("Take in a table of activities")
    icon = "import"
    in_navigation = False
    belongs_to = "prevention"
    permission = PREVENTION_READ

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._table: Table | None = None
        self._looked: Looked | None = None
        self.file_button = kit.button(
            _("&Choose a file…"), "outreach_file", self.ask_for_file, icon="import"
        )
        self.paste = QPlainTextEdit()
        self.paste.setObjectName("outreach_sheet_paste")
        self.paste.setAccessibleName(_("Pasted table"))
        self.paste.setTabChangesFocus(True)
        self.paste.setPlaceholderText(
            _("Or paste rows of a spreadsheet here, headings too: kind, content, day, number…")
        )
        self.paste.setFixedHeight(theme.current().px(112))
        self.look_button = kit.button(_("&Look at it"), "outreach_look", self.look_at_pasted)
        self.year = QuietCombo()
        self.year.setObjectName("outreach_import_year")
        self.year.setAccessibleName(_("Year, where no column says when"))
        self.year.addItem(_("every row says when"), 0)
        this = host.context.now().year
        for year in range(this, this - 16, -1):
            self.year.addItem(str(year), year)
        self.year.activated.connect(lambda _index: self._look())
        year_label = kit.label(_("Year, where no column says when"), "label", wrap=False)
        year_label.setBuddy(self.year)
        self.columns = kit.label("", "muted", name="outreach_columns")
        self.said = kit.label("", name="outreach_import_said")
        self.rows = SmallTable(
            "outreach_rows",
            _("Rows of the table"),
            (_("Row"), _("What would come of it"), _("Numbers"), _("State")),
            shares=(1, 6, 5, 5),
        )
        self.take_button = kit.button(
            _("&Take in"), "outreach_take", self.take_in, role="primary", icon="check"
        )
        self.take_button.setEnabled(False)
        source = kit.card(
            kit.label(
                _(
                    "A workbook (.xlsx) or a text with columns (.csv); each row an activity or a "
                    "material. Numbers like “more than 1,000” are understood. Nothing is kept "
                    "before you press the button below."
                )
            ),
            kit.hbox(self.file_button, None),
            self.paste,
            kit.buttons(self.look_button, kit.panel(kit.hbox(year_label, self.year))),
            gap=12,
        )
        body = kit.vbox(
            kit.label(self.title(), "title"), source, self.columns, self.said,
            self.rows, kit.hbox(None, self.take_button), None, gap=12,
        )  # fmt: skip
        self.set_body(body)
        self.setFocusProxy(self.paste)

    def opened(self, file: str = "", **_more: Any) -> None:
        """Begin; *file* is read at once."""
        self._show(None)
        if file:
            self.read(Path(file))

    def commands(self) -> list[PageCommand]:
        """What the palette offers."""
        return [PageCommand(_("Choose a file…"), self.ask_for_file, "import")]

    # -- reading ---------------------------------------------------------------------------

    def ask_for_file(self) -> None:
        """Choose a file."""
        self.host.dialogs.open_file(
            _("Choose the table"), _("Tables (*.xlsx *.csv *.txt)"), self.read
        )

    def read(self, path: Path) -> None:
        """Read *path* in a thread."""
        self._run(lambda: read(path))

    def look_at_pasted(self) -> None:
        """Read what was pasted."""
        text = self.paste.toPlainText()
        if text.strip():
            self._run(lambda: pasted(text))

    def _run(self, work: Any) -> None:
        self.host.jobs.run(
            work, done=self._came, failed=self.host.fail, owner=self, words=_("Reading the file…")
        )

    def _came(self, table: Table) -> None:
        self._table = table
        self._look()

    def _look(self) -> None:
        if self._table is not None:
            query = LookAtSheet(self._table, self.year.currentData() or 0)
            self.host.ask(query, self._show, owner=self)

    def _show(self, looked: Looked | None) -> None:
        self._looked = looked
        if looked is None:
            self._table = None
            self.rows.show_rows([])
            self.columns.setText("")
            self.said.setText("")
            self.take_button.setEnabled(False)
            return
        pairs = [
            f"{heading} → {_target(target)}"
            for heading, target in zip(looked.headings, looked.targets, strict=True)
            if heading
        ]
        self.columns.setText(_("Columns: {pairs}").format(pairs="; ".join(pairs)))
        counts = [
            f"{_(words)}: {looked.count(state)}"
            for state, words in STATES.items()
            if looked.count(state)
        ]
        self.said.setText(" · ".join(counts))
        self.rows.show_rows(
            [(self._cells(looked, r), _LOOKS[r.state], r) for r in looked.rows[:MOST_SHOWN]]
        )
        ready = looked.count(READY)
        words = ngettext("Take in {n} row", "Take in {n} rows", ready).format(n=ready)
        self.take_button.setText(words)
        self.take_button.setAccessibleName(words)
        self.take_button.setEnabled(ready > 0)

    @staticmethod
    def _cells(looked: Looked, row: LookedRow) -> tuple[str, ...]:
        values = row.values
        what = ""
        if row.type:
            kind = SMALL_LISTS[f"{row.type}_kind"].label(str(values["kind"]))
            first = as_partial(values.get("since"))
            last = as_partial(values.get("until")) or first
            span = shown_days(first.earliest, last.latest) if first and last else ""
            what = f"{span} · {kind}: {values.get('title')}"
        names = ACTIVITY_COUNTS if row.type == "activity" else MATERIAL_COUNTS
        least = values.get("at_least", ())
        labels = SMALL_LISTS[f"{row.type}_count"] if row.type else None
        numbers = [
            f"{labels.label(n).lower()}: {Count(values[n], n in least).shown()}"
            for n in names
            if labels is not None and n in values
        ]
        state = _(STATES[row.state])
        if row.problems:
            parts = []
            for problem in row.problems:
                head = looked.headings[problem.column] if problem.column >= 0 else ""
                parts.append(f"{head}: {problem.text}" if head else problem.text)
            state = "\n".join(parts)
        return (str(row.number), what, " · ".join(numbers), state)

    # -- taking in ---------------------------------------------------------------------------

    def take_in(self) -> None:
        """Write the rows that are ready."""
        if self._looked is None or not self.take_button.isEnabled():
            return
        self.take_button.setEnabled(False)

        def done(taken: TakenSheet) -> None:
            count = len(taken.records)
            words = ngettext("{n} entry was taken in.", "{n} entries were taken in.", count)
            back = TakeBackPrevention(taken.records, _("taken back"))
            self.host.undo.offer(words.format(n=count), lambda: self.host.do(back))
            self.paste.clear()
            self.host.go("prevention", tab="activities")

        self.host.do(TakeInSheet(self._looked), done, owner=self, failed=self._not_taken)

    def _not_taken(self, problem: Exception) -> None:
        self.take_button.setEnabled(True)
        self.host.fail(problem)


def _target(target: str) -> str:
    if not target:
        return _("not taken in")
    if target == QUANTITY:
        return _("quantity")
    for name in ("activity", "material"):
        if target in REGISTRY[name].by_name:
            return REGISTRY[name][target].shown_label()
    return target
