"""What an export or import did, as cards: first what needs a look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.pages import sync_words as words
from traffick_desk.desk.pages.scrolling import bring_into_view
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.exchange import ExportReport, ImportReport

MOST = 20


class ReportCard(QFrame):
    """The outcome of one export or import, until the next one."""

    def __init__(
        self,
        open_cases: Callable[[Sequence[str]], object],
        name_of: Callable[[str, str], str] = lambda _device, label: label,
    ) -> None:
        """Begin hidden.

        Args:
            open_cases: shows the cases that a bundle brought.
            name_of: (device, label) → how people call that desk.
        """
        super().__init__()
        self._name_of = name_of
        self.setObjectName("sync_report")
        self.setProperty("role", "notice")
        self._open_cases = open_cases
        self._column = kit.vbox(margins=16, gap=8)
        self.setLayout(self._column)
        self.hide()

    def clear(self) -> None:
        """Take the last outcome away."""
        kit.clear(self._column)
        self.hide()

    def show_export(self, reports: Sequence[ExportReport]) -> None:
        """Say what was written, and that the stick may be pulled out."""
        if not reports:
            self._begin("ok", _("There is nothing new to send. Nothing was written."))
            self._stand()
            return
        self._begin("ok", _("Written and read back. You may pull out the stick."))
        for report in reports[:MOST]:
            self._add(kit.label(words.went(report, self._name_of)))
        self._rest(len(reports))
        self._stand()

    def show_import(self, reports: Sequence[ImportReport]) -> None:
        """Say what came, from whom, what is new, what was refused and why."""
        self._begin(*words.summary(reports))
        for report in words.in_order(reports)[:MOST]:
            self._add(self._line(report))
        self._rest(len(reports))
        self._stand()

    def say(self, tone: str, *lines: str) -> None:
        """Say something else."""
        self._begin(tone, lines[0])
        for line in lines[1:]:
            self._add(kit.label(line))
        self._stand()

    def _stand(self) -> None:
        """Be seen: what was pressed may be far below."""
        self.show()
        QTimer.singleShot(0, self, lambda: bring_into_view(self))

    def _begin(self, tone: str, text: str) -> None:
        kit.clear(self._column)
        kit.retone(self, tone)
        icon = kit.IconLabel(kit.TONE_ICONS[tone], tone, 24)
        self._lines = kit.vbox(kit.label(text, "subheading", name="sync_outcome"), gap=8)
        row = kit.hbox(icon, self._lines, gap=12)
        row.setStretch(1, 1)
        row.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
        self._column.addWidget(kit.panel(row))
        self.setAccessibleName(text)

    def _line(self, report: ImportReport) -> QWidget:
        _order, icon_name, tone = words.OUTCOMES.get(report.outcome, (0, "info", "muted"))
        head, body = words.came(report, self._name_of)
        texts = kit.vbox(kit.label(head, "label"), kit.label(body), gap=0)
        row: list[Any] = [kit.IconLabel(icon_name, tone, 20), texts]
        cases = tuple(dict.fromkeys((*report.new_cases, *report.changed_cases)))
        if report.outcome == "applied" and len(cases) == 1:
            row.append(
                kit.button(
                    _("Show the case"),
                    f"report_open_{report.number}",
                    lambda: self._open_cases(cases),
                )
            )
        layout = kit.hbox(*row, gap=12)
        layout.setStretch(1, 1)
        layout.setAlignment(row[0], Qt.AlignmentFlag.AlignTop)
        return kit.panel(layout)

    def _rest(self, total: int) -> None:
        if total > MOST:
            text = ngettext("and {n} more", "and {n} more", total - MOST).format(n=total - MOST)
            self._add(kit.label(text, "muted"))

    def _add(self, widget: QWidget) -> None:
        self._lines.addWidget(widget)
