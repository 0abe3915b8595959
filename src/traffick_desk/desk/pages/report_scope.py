"""Over which time and of which commune a report counts."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.commune_box import CommuneBox
from traffick_desk.domain.written_dates import NotUnderstood, parse_date
from traffick_desk.i18n import _
from traffick_desk.services.statistics.spec import Period, Scope, own_place

OWN = "own"


def periods(today: date) -> list[tuple[str, str]]:
    """Words and text form of the periods that are offered."""
    year = today.year
    found = [(_("Year {n}").format(n=year), str(year)),
             (_("Year {n}").format(n=year - 1), str(year - 1))]  # fmt: skip
    half = _("Half {n}/{year}")
    found += [(half.format(n=n, year=year), f"{year}-H{n}") for n in (1, 2)]
    for quarter in range((today.month + 2) // 3, 0, -1):
        words = _("Quarter {n}/{year}").format(n=quarter, year=year)
        found.append((words, f"{year}-Q{quarter}"))
    for back in range(13):
        month = today.month - back
        on = f"{year + (month - 1) // 12}-{(month - 1) % 12 + 1:02d}"
        found.append((_("Month {n}").format(n=f"{int(on[5:])}/{on[:4]}"), on))
    return [*found, (_("All the time"), ".."), (_("Other days…"), OWN)]


class ScopeBar(QWidget):
    """Chooses time and place.

    Signals:
        changed: another one was chosen.
    """

    changed = Signal()

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host
        self.period = QuietCombo()
        self.period.setObjectName("report_period")
        self.period.setAccessibleName(_("Period"))
        for words, text in periods(self._today()):
            self.period.addItem(words, text)
        self.period.activated.connect(self._chosen)
        self.first, self.last = (self._day(n) for n in ("first", "last"))
        self._dash = kit.label("–", wrap=False)
        self.commune = self._places()
        self.setLayout(
            kit.hbox(self.period, self.first, self._dash, self.last, self.commune, None, gap=8)
        )
        self._show_days()

    def _places(self) -> QComboBox:
        info = self._host.desk.info
        own = own_place(info)
        if own:
            box = QuietCombo()
            box.setAccessibleName(_("Whose cases and work"))
            box.addItem(_("Own commune"), own)
            box.addItem(_("Everything at this desk"), "")
            tip = _(
                "Everything at this desk: also cases that other communes referred here, and work "
                "of the province. A report to the province is of the own commune."
            )
            box.setItemData(1, tip, Qt.ItemDataRole.ToolTipRole)
            box.setToolTip(tip)
            box.activated.connect(lambda _row: self.changed.emit())
        else:
            box = CommuneBox(self._host.desk.context.units, info.unit)
            box.wanted.connect(self.changed)
        box.setObjectName("report_commune")
        return box

    def _today(self) -> date:
        return self._host.context.now().date()

    def _day(self, name: str) -> QLineEdit:
        box = QLineEdit()
        box.setObjectName(f"report_{name}")
        box.setPlaceholderText(_("dd/mm/yyyy"))
        box.setAccessibleName(_("First day") if name == "first" else _("Last day"))
        box.setMaximumWidth(theme.current().px(120))
        box.editingFinished.connect(self.changed)
        return box

    def _chosen(self, _row: int) -> None:
        self._show_days()
        if self.period.currentData() != OWN:
            self.changed.emit()
        else:
            self.first.setFocus()

    def _show_days(self) -> None:
        for widget in (self.first, self._dash, self.last):
            widget.setVisible(self.period.currentData() == OWN)

    def scope(self) -> Scope:
        """What is chosen; a day that is not understood leaves that end open."""
        unit = self.commune.currentData() or ""
        text = self.period.currentData()
        if text != OWN:
            return Scope(Period.parse(text), unit)
        days = []
        for box in (self.first, self.last):
            try:
                day = parse_date(box.text(), self._today())
            except NotUnderstood:
                box.clear()
                days.append("")
                continue
            box.setText(f"{day:%d/%m/%Y}")
            days.append(day.isoformat())
        if all(days) and days[0] > days[1]:
            days.reverse()
        return Scope(Period(*days), unit)
