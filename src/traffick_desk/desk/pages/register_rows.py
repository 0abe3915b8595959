"""Step three of taking in a register: every row and its problems, before anything is kept."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from traffick_desk.desk import kit, parsing, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.tables import Column, ListModel, ListTable
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.register import STATES, Preview, PreviewRow, Table
from traffick_desk.services.register.table import Cell, text_of

_TONES = {"twin": "due", "impossible": "late", "changed": "due", "known": "ok", "ready": "accent"}
LOOK_AT = "look_at"


class RowsStep(QWidget):
    """The rows in a table, filtered by what happens with them, and the current one in full.

    Signals:
        changed: the officer decided about a row.
        case_wanted: a case is to be shown; Emits: its id.
    """

    changed = Signal()
    case_wanted = Signal(str)

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host
        self._table: Table | None = None
        self._preview = Preview(())
        self._rows: list[PreviewRow] = []
        self._cells: dict[int, tuple[Cell, ...]] = {}
        self._filter = ""
        self.anyway: set[int] = set()
        self.left_out: set[int] = set()
        self.model = ListModel(
            [
                Column("number", _("Row"), lambda r: str(r.number), "", 6, right=True),
                Column("name", _("Full name"), self._name, "", 26),
                Column("birth", _("Born"), lambda r: _born(r.birth), "", 12),
                Column("state", _("What happens"), self._state, "", 26, tone=self._tone),
                Column("problems", _("What to look at"), self._problems, "", 40),
            ],
            lambda _order, offset, limit: self._rows[offset : offset + limit],
        )
        self.list = ListTable(
            self.model,
            "register_rows",
            _("Rows of the register"),
            empty=kit.empty_state(_("No row fits."), _("Choose another kind of rows above.")),
            preferences=host.preferences,
        )
        self.list.view.setSortingEnabled(False)
        self.list.picked.connect(self._show)
        self.list.opened.connect(lambda _row: self.decide())
        self.chips: dict[str, QPushButton] = {}
        self._flow = kit.FlowLayout(8)
        for key in ("", "ready", LOOK_AT, "twin", "impossible", "changed", "known", "no_person"):
            chip = kit.button("", f"register_show_{key or 'all'}", role="choice")
            chip.setCheckable(True)
            chip.clicked.connect(lambda _on=False, key=key: self.filter(key))
            self.chips[key] = chip
            self._flow.addWidget(chip)
        self.detail = kit.label("", name="register_detail")
        self.decide_button = kit.button(_("Take in all the &same"), "register_anyway", self.decide)
        self.case_button = kit.button(_("&Look at the case"), "register_case", self._to_case)
        self.under = kit.card(
            self.detail, kit.hbox(self.decide_button, self.case_button, None), gap=8, margins=12
        )
        self.list.setMinimumHeight(theme.current().px(180))
        body = kit.vbox(kit.panel(self._flow), self.list, self.under, gap=8)
        body.setStretch(1, 1)
        # With large text there is not room for all of it: the step scrolls as a whole then.
        self.setLayout(kit.vbox(kit.scroll(kit.panel(body), "register_rows_scroll")))
        self.setFocusProxy(self.list)

    # -- what is shown ---------------------------------------------------------------------

    def show_preview(self, table: Table, preview: Preview) -> None:
        """Show *preview*; what the officer decided about rows stays."""
        self._table, self._preview = table, preview
        others = {row.number for row in preview.rows if row.state == "no_person"}
        self._cells = {row.number: row.cells for row in table.rows if row.number in others}
        states = {row.number: row.state for row in preview.rows}
        self.anyway &= {n for n, state in states.items() if state == "twin"}
        self.left_out &= {n for n, state in states.items() if state == "ready"}
        if self._filter and not self._count(self._filter):
            self._filter = ""
        self._fill()

    def forget(self) -> None:
        """Another file: decisions about rows are void."""
        self.anyway.clear()
        self.left_out.clear()
        self._filter = ""

    def cover(self) -> None:
        """Names are hidden from now on, or shown again."""
        self._fill()

    def filter(self, key: str) -> None:
        """Show only rows of one kind."""
        self._filter = key
        self._fill()

    def _fill(self) -> None:
        self._rows = [r for r in self._preview.rows if self._fits(r, self._filter)]
        for key, chip in self.chips.items():
            count = self._count(key)
            chip.setText(f"{self._words(key)} ({parsing.show_integer(count)})")
            chip.setVisible(bool(count) or not key)
            chip.setChecked(key == self._filter)
        self.model.reload()
        self._show(self.list.current())

    @staticmethod
    def _words(key: str) -> str:
        if key == LOOK_AT:
            return _("Something was left empty or assumed")
        return _(STATES[key]) if key else _("All rows")

    @staticmethod
    def _fits(row: PreviewRow, key: str) -> bool:
        if key == LOOK_AT:
            return row.state in {"ready", "twin"} and bool(row.problems)
        return not key or row.state == key

    def _count(self, key: str) -> int:
        return sum(self._fits(row, key) for row in self._preview.rows)

    def _name(self, row: PreviewRow) -> str:
        return self._host.privacy.name(row.name)

    def _state(self, row: PreviewRow) -> str:
        if row.number in self.anyway:
            return _("Will be taken in all the same")
        if row.number in self.left_out:
            return _("Left out")
        if row.state == "ready" and _gaps(row):
            return _("Will be taken in, with gaps")
        return _(STATES[row.state])

    def _tone(self, row: PreviewRow) -> str:
        if row.number in self.anyway:
            return "accent"
        if row.state == "ready" and _gaps(row):
            return "" if row.number in self.left_out else "due"
        return "" if row.number in self.left_out else _TONES.get(row.state, "")

    def _problems(self, row: PreviewRow) -> str:
        if row.state == "twin" and row.same is not None:
            return self._same(row)
        if row.state == "no_person":
            return self._content(row.number)
        found = sorted(row.problems, key=lambda p: p.level != "impossible")
        if not found:
            return ""
        text = self._problem(found[0])
        more = len(found) - 1
        if more:
            text += " " + ngettext("(and {n} more)", "(and {n} more)", more).format(n=more)
        return text

    def _content(self, number: int) -> str:
        """What stands in a row that is about nobody, so that one sees that it is."""
        if self._host.privacy.on:
            return "…"
        texts = (text_of(cell) for cell in self._cells.get(number, ()))
        return " · ".join(text for text in texts if text)[:120]

    def _problem(self, problem: Any) -> str:
        heads = self._table.headings if self._table is not None else ()
        head = heads[problem.column] if 0 <= problem.column < len(heads) else ""
        text = problem.text
        if problem.level == "empty":
            text = _("{problem} Left empty; kept in the note.").format(problem=text)
        return f"{head}: {text}" if head else text

    def _same(self, row: PreviewRow) -> str:
        same = row.same
        if same is None:
            return ""
        name = self._host.privacy.name(same.name)
        if same.row:
            text = _("The same name and birth as in row {n}: {name}, {born}")
            return text.format(n=same.row, name=name, born=_born(same.birth))
        text = _("There is a case already: {number}, {name}, {born}")
        return text.format(number=same.file_no, name=name, born=_born(same.birth))

    def _show(self, row: PreviewRow | None) -> None:
        lines: list[str] = []
        if row is not None:
            head = _("Row {n}: {state}").format(n=row.number, state=self._state(row))
            lines = [head, self._same(row), *(self._problem(p) for p in row.problems)]
            if row.state == "changed":
                text = _("A cell is another than when it was taken in. Change it in the case.")
                lines.append(text)
        # A row may have many remarks; the table must keep its room.
        shown = [line for line in lines if line]
        more = len(shown) - 7
        if more > 0:
            shown = [*shown[:7], _("… and {n} more").format(n=more)]
        self.detail.setText("\n".join(shown))
        self.under.setVisible(bool(shown))
        state = row.state if row is not None else ""
        self.decide_button.setVisible(state in {"twin", "ready"})
        self.case_button.setVisible(
            row is not None and row.same is not None and bool(row.same.case_id)
        )
        if row is not None:
            self.decide_button.setText(self._decision(row))

    def _decision(self, row: PreviewRow) -> str:
        if row.state == "twin":
            return (
                _("Do not take it &in") if row.number in self.anyway else _("Take in all the &same")
            )
        return _("Take it &in") if row.number in self.left_out else _("Lea&ve this row out")

    # -- deciding --------------------------------------------------------------------------

    def decide(self) -> None:
        """Turn round what happens with the current row."""
        row = self.list.current()
        if row is None or row.state not in {"twin", "ready"}:
            return
        chosen = self.anyway if row.state == "twin" else self.left_out
        chosen.symmetric_difference_update({row.number})
        here = self.list.view.currentIndex()
        self.model.dataChanged.emit(
            self.model.index(here.row(), 0), self.model.index(here.row(), 4)
        )
        self._show(row)
        self.changed.emit()

    def wanted(self) -> frozenset[int]:
        """Numbers of the rows to be taken in."""
        return (self._preview.ready - self.left_out) | self.anyway

    def _to_case(self) -> None:
        row = self.list.current()
        if row is not None and row.same is not None and row.same.case_id:
            self.case_wanted.emit(row.same.case_id)


def _gaps(row: PreviewRow) -> bool:
    return any(problem.level == "empty" for problem in row.problems)


def _born(birth: str) -> str:
    return parsing.show_partial(birth) if birth else "–"
