"""The table builder: what is counted, by what in rows and columns, which of them, how."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.host import Host
from traffick_desk.i18n import _
from traffick_desk.reports.figures import Measure
from traffick_desk.services.statistics.queries import BuilderChoices, Choice, Choices
from traffick_desk.services.statistics.spec import TableSpec


class BuilderBar(QWidget):
    """Chooses the parts of an own table.

    Signals:
        changed: the table is another now.
    """

    changed = Signal()

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host
        self._choices: Choices | None = None
        self.subject = self._box("subject", _("What is counted"))
        self.rows = self._box("rows", _("Rows"))
        self.columns = self._box("columns", _("Columns"))
        self.measure = self._box("measure", _("Counted how"))
        self.by = self._box("by", _("Only where"))
        self.only = self._box("only", _("is"))
        flow = kit.FlowLayout(12)
        for box in (self.subject, self.rows, self.columns, self.measure, self.by, self.only):
            label = kit.label(box.accessibleName(), "label", wrap=False)
            label.setBuddy(box)
            flow.addWidget(kit.panel(kit.vbox(label, box, gap=4)))
        self.setLayout(flow)
        self.subject.activated.connect(lambda _row: self.ask())
        self.by.activated.connect(lambda _row: self._filters())
        for box in (self.rows, self.columns, self.measure, self.only):
            box.activated.connect(lambda _row: self.changed.emit())

    def _box(self, name: str, words: str) -> QuietCombo:
        box = QuietCombo()
        box.setObjectName(f"builder_{name}")
        box.setAccessibleName(words)
        box.setMinimumWidth(theme.current().px(150))
        box.setMaximumWidth(theme.current().px(220))
        box.view().setTextElideMode(box.view().textElideMode().ElideRight)
        return box

    def ask(self) -> None:
        """Read what the chosen subject offers."""
        subject = self.subject.currentData() or "person"
        self._host.ask(BuilderChoices(subject), self._answer, owner=self)

    def _answer(self, choices: Choices) -> None:
        self._choices = choices
        if not self.subject.count():
            for choice in choices.subjects:
                self.subject.addItem(choice.label, choice.key)
        self._fill(self.rows, choices.dimensions, "")
        self._fill(self.columns, choices.dimensions, _("none"))
        self._fill(self.by, [c for c in choices.dimensions if c.key in choices.classes], _("all"))
        self.only.clear()
        self.only.setEnabled(False)
        self.measure.clear()
        self.measure.addItem(_("Number"), (Measure.RECORDS, ""))
        self.measure.addItem(_("Number of persons"), (Measure.PERSONS, ""))
        self.measure.addItem(_("Number of cases"), (Measure.CASES, ""))
        for amount in choices.amounts:
            self.measure.addItem(_("Sum: {what}").format(what=amount.label),
                                 (Measure.SUM, amount.key))  # fmt: skip
        for name in choices.days:
            self.measure.addItem(_("Median days"), (Measure.MEDIAN, name))
        self.changed.emit()

    @staticmethod
    def _fill(box: QuietCombo, choices: list[Choice] | tuple[Choice, ...], none: str) -> None:
        box.clear()
        if none:
            box.addItem(none, "")
        group = ""
        for choice in choices:
            if choice.group != group:
                group = choice.group
                box.insertSeparator(box.count())
                box.addItem(group)
                model = box.model()
                if isinstance(model, QStandardItemModel):
                    model.item(box.count() - 1).setEnabled(False)
            box.addItem(choice.label, choice.key)
        first = next((n for n in range(box.count()) if box.itemData(n) is not None), 0)
        box.setCurrentIndex(first)

    def _filters(self) -> None:
        self.only.clear()
        key = self.by.currentData()
        found = self._choices.classes.get(key, ()) if self._choices and key else ()
        for choice in found:
            self.only.addItem(choice.label, choice.key)
        self.only.setEnabled(bool(found))
        self.changed.emit()

    def spec(self) -> TableSpec | None:
        """The table that is put together, or ``None`` while the choices are being read."""
        rows = self.rows.currentData()
        if self._choices is None or not rows:
            return None
        measure, amount = self.measure.currentData()
        key, only = self.by.currentData(), self.only.currentData()
        return TableSpec(
            self.subject.currentData(),
            rows,
            self.columns.currentData() or "",
            measure,
            amount,
            {key: (only,)} if key and only else {},
        ).of_the_received()
