"""Step two of taking in a register: what each column is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from traffick_desk.desk import kit, parsing, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.host import Host
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.lists import code_list
from traffick_desk.i18n import _
from traffick_desk.services.register import ColumnMap, Table, columns, problems
from traffick_desk.services.register.table import text_of

EXAMPLES = 3
_KEY = Qt.ItemDataRole.UserRole


def _choices() -> QStandardItemModel:
    """Everything a column can be, in groups; one model for all boxes."""
    model = QStandardItemModel()

    def item(text: str, key: str | None) -> None:
        made = QStandardItem(text)
        if key is None:
            made.setEnabled(False)
            made.setData(theme.current().font(bold=True), Qt.ItemDataRole.FontRole)
        else:
            made.setData(key, _KEY)
        model.appendRow(made)

    item(_("Not taken in"), "")
    found = columns()
    for group in found.groups:
        item(found.group_label(group), None)
        for key, target in found.targets.items():
            if target.group == group:
                item(target.label(), key)
    return model


class ColumnsStep(QWidget):
    """Headings with examples, and a box for each that says what it is.

    Signals:
        changed: another choice was made.
    """

    changed = Signal()

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host
        self._table: Table | None = None
        self._mapping = ColumnMap(())
        self._boxes: list[QuietCombo] = []
        self._shown: list[QLabel] = []
        self._model: QStandardItemModel | None = None
        self.status = self._setting("register_status")
        self.status.addItem(_("Leave it open"), "")
        for code in SMALL_LISTS["victim_status"].codes():
            self.status.addItem(SMALL_LISTS["victim_status"].label(code), code)
        self.stage = self._setting("register_stage")
        for code in SMALL_LISTS["stage"].codes():
            self.stage.addItem(SMALL_LISTS["stage"].label(code), code)
        self.citizenship = self._setting("register_citizenship")
        self.citizenship.addItem(_("Leave it open"), "")
        self.citizenship.addItem(code_list("country").label("VN"), "VN")
        self.closed_on = QLineEdit()
        self.closed_on.setObjectName("register_closed_on")
        self.closed_on.setPlaceholderText(_("Leave it open"))
        self.closed_on.setMaximumWidth(theme.current().px(180))
        self.closed_on.textChanged.connect(lambda _text: self._chosen())
        self.stage.currentIndexChanged.connect(lambda _index: self._stage_chosen())
        self.trouble = kit.label("", name="register_trouble")
        self.trouble.setProperty("tone", "late")
        self._place = kit.vbox()
        self.closed_label = kit.label(_("Closed on"), "label", wrap=False)
        settings = kit.FlowLayout(16)
        for label, box in (
            (kit.label(_("Status"), "label", wrap=False), self.status),
            (kit.label(_("Citizenship"), "label", wrap=False), self.citizenship),
            (kit.label(_("Stage"), "label", wrap=False), self.stage),
            (self.closed_label, self.closed_on),
        ):
            label.setBuddy(box)
            box.setAccessibleName(label.text())
            settings.addWidget(kit.panel(kit.vbox(label, box, gap=4)))
        inner = kit.vbox(
            kit.label(
                _(
                    "Please check what each column is. What cannot be read is kept in a note; "
                    "the choice is remembered for the next register with these headings."
                ),
                "muted",
            ),
            kit.label(_("For all rows in which no column says it"), "subheading"),
            kit.panel(settings),
            kit.label(
                _("Cases that are closed do not appear among what must be done today."), "muted"
            ),
            kit.line(),
            kit.panel(self._place),
            None,
            margins=(0, 0, 12, 0),
            gap=8,
        )
        scroll = kit.scroll(kit.panel(inner), "register_columns_scroll")
        body = kit.vbox(self.trouble, scroll, gap=8)
        body.setStretch(1, 1)
        self.setLayout(body)

    def _setting(self, name: str) -> QuietCombo:
        box = QuietCombo()
        box.setObjectName(name)
        box.setMinimumWidth(theme.current().px(220))
        return box

    def show_table(self, table: Table, mapping: ColumnMap) -> None:
        """Show the columns of *table* as *mapping* says."""
        self._table, self._mapping = table, mapping
        kit.clear(self._place)
        self._model = _choices()
        grid = QGridLayout()
        kit.measures(grid, 0, 8)
        self._boxes, self._shown = [], []
        heads = (_("Heading in the register"), _("What stands below it"), _("Is taken in as"))
        for column, text in enumerate(heads):
            grid.addWidget(kit.label(text, "label"), 0, column)
        for number, heading in enumerate(table.headings):
            name = kit.label(heading or _("Column {n}").format(n=number + 1))
            box = self._box(number, heading, mapping.targets[number])
            name.setBuddy(box)
            grid.addWidget(name, number + 1, 0)
            example = kit.label(self._examples(number), "muted")
            self._shown.append(example)
            grid.addWidget(example, number + 1, 1)
            grid.addWidget(box, number + 1, 2)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 4)
        grid.setColumnStretch(2, 4)
        self._place.addWidget(kit.panel(grid))
        if mapping.citizenship and self.citizenship.findData(mapping.citizenship) < 0:
            label = code_list("country").label(mapping.citizenship)
            self.citizenship.addItem(label, mapping.citizenship)
        for setting, value in (
            (self.status, mapping.status),
            (self.stage, mapping.stage),
            (self.citizenship, mapping.citizenship),
        ):
            setting.setCurrentIndex(max(0, setting.findData(value)))
        end = mapping.closed_on
        self.closed_on.setText(parsing.show_date(date.fromisoformat(end)) if end else "")
        self._judge()

    def _box(self, number: int, heading: str, key: str) -> QuietCombo:
        box = QuietCombo()
        box.setObjectName(f"register_column_{number}")
        box.setAccessibleName(_("{heading} is taken in as").format(heading=heading or number + 1))
        box.setModel(self._model)
        box.setSizeAdjustPolicy(QuietCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(28)
        box.setCurrentIndex(max(0, box.findData(key, _KEY)))
        box.activated.connect(lambda _index: self._chosen())
        self._boxes.append(box)
        return box

    def _examples(self, number: int) -> str:
        """The first different contents; hidden like names while names are hidden."""
        if self._host.privacy.on or self._table is None:
            return "…"
        found: dict[str, None] = {}
        for row in self._table.rows[:200]:
            if row.number in self._table.merged_titles:
                continue
            text = text_of(row.cells[number])
            if text:
                found[text if len(text) <= 40 else f"{text[:39]}…"] = None
            if len(found) == EXAMPLES:
                break
        return " · ".join(found)

    def cover(self) -> None:
        """Names are hidden from now on, or shown again."""
        for number, label in enumerate(self._shown):
            label.setText(self._examples(number))

    def choose(self, number: int, key: str) -> None:
        """Choose what a column is (for tests and the keyboard alike)."""
        box = self._boxes[number]
        box.setCurrentIndex(box.findData(key, _KEY))
        self._chosen()

    def mapping(self) -> ColumnMap:
        """What is chosen now."""
        return replace(
            self._mapping,
            targets=tuple(str(box.currentData(_KEY) or "") for box in self._boxes),
            status=str(self.status.currentData() or ""),
            stage=str(self.stage.currentData()),
            citizenship=str(self.citizenship.currentData() or ""),
            closed_on=self._closing_day() or "",
        )

    def _closing_day(self) -> str | None:
        """The day in the box, "" for none; ``None`` when it is no day."""
        text = self.closed_on.text().strip()
        if not text or self.closed_on.isHidden():
            return ""
        try:
            return parsing.parse_date(text, self._host.context.now().date()).isoformat()
        except parsing.NotUnderstood:
            return None

    def _stage_chosen(self) -> None:
        closed = self.stage.currentData() == "closed"
        self.closed_label.setVisible(closed)
        self.closed_on.setVisible(closed)
        self._chosen()

    def _chosen(self) -> None:
        self._judge()
        self.changed.emit()

    def _judge(self) -> None:
        if self._table is None:
            return
        found = problems(self.mapping())
        if self._closing_day() is None:
            found.append(_("The day in “Closed on” is not understood, such as 21/11/2026."))
        self.trouble.setText("\n".join(found))
        self.trouble.setVisible(bool(found))

    @property
    def good(self) -> bool:
        """Whether the next step can be taken."""
        ready = self._table is not None and self._closing_day() is not None
        return ready and not problems(self.mapping())
