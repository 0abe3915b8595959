"""A hint while a name is typed: this person may have a case already."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.record_list import Line, LineModel
from traffick_desk.desk.pages.showing import person_words
from traffick_desk.desk.shortcuts import bind
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import _
from traffick_desk.services.queries import SearchCases
from traffick_desk.services.views import SearchHit

PAUSE_MS = 300
MOST = 3
SHORTEST = 3


class DuplicateHint(QFrame):
    """Cases whose names fit what is typed; opening one keeps the draft."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host
        self._text = ""
        self._dismissed = False
        self.setObjectName("duplicates")
        self.setProperty("role", "notice")
        self.setProperty("tone", "due")
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.model = LineModel(lambda line: line.text, self)
        self.view = QListView()
        self.view.setObjectName("duplicates_list")
        self.view.setAccessibleName(_("Cases that may be of the same person"))
        self.view.setModel(self.model)
        self.view.setWordWrap(True)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.doubleClicked.connect(lambda _index: self.open_chosen())
        bind(self.view, "Return", self.open_chosen, children=False)
        look = kit.button(_("&Look at this case"), "duplicates_open", self.open_chosen)
        other = kit.button(
            _("It is somebody &else"), "duplicates_dismiss", self.dismiss, role="quiet"
        )
        self.setLayout(
            kit.vbox(
                kit.label(_("This person may have a case already"), "label"),
                self.view,
                kit.hbox(look, other, None),
                margins=12,
                gap=8,
            )
        )
        self.hide()

    def look_for(self, name: str) -> None:
        """Look for *name* once the typing pauses."""
        self._text = (name or "").strip()
        if len(self._text) < SHORTEST or self._dismissed:
            self._pause.stop()
            self.hide()
            return
        self._pause.start()

    def dismiss(self) -> None:
        """It is somebody else: say no more."""
        self._dismissed = True
        self.hide()

    def open_chosen(self) -> None:
        """Look at the chosen case."""
        index = self.view.currentIndex()
        row = index.row() if index.isValid() else 0
        if self.model.rowCount():
            self._host.go("case", case_id=self.model.line(row).id)

    def _ask(self) -> None:
        text = self._text
        self._host.ask(SearchCases(text, MOST), lambda hits: self._answer(text, hits), owner=self)

    def _answer(self, text: str, hits: Any) -> None:
        if text != self._text or self._dismissed:
            return
        self.model.show_lines([self._line(hit) for hit in hits[:MOST]])
        rows = sum(self.view.sizeHintForRow(n) for n in range(self.model.rowCount()))
        self.view.setFixedHeight(rows + theme.current().px(12))
        self.setVisible(bool(hits))

    def _line(self, hit: SearchHit) -> Line:
        row = hit.row
        today = self._host.context.now().date()
        who = person_words({"sex": row.sex, "birth": row.birth}, today)
        stage = SMALL_LISTS["stage"].label(row.stage)
        name = self._host.privacy.name(row.name)
        return Line(row.case_id, {}, text=f"{row.file_no} · {name} · {who} · {stage}")
