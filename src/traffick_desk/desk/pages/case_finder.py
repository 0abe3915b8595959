"""Finding one case by typing, where another case, a tip or a group is to be tied to it."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.record_list import Line, LineModel
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.desk.pages.showing import person_words
from traffick_desk.desk.shortcuts import bind
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_tip import TIP_STAGES
from traffick_desk.i18n import _
from traffick_desk.services.queries import SearchCases
from traffick_desk.services.views import SearchHit

PAUSE_MS = 200
MOST = 8


class CaseFinder(QWidget):
    """A search box over the cases that fit; the first is chosen until another is.

    Signals:
        edited: something was typed.
        accepted: the chosen case is the right one.
    """

    edited = Signal()
    accepted = Signal()

    def __init__(self, host: Host, names: str) -> None:
        """Make it empty; *names* begins the names of its parts."""
        super().__init__()
        self._host = host
        self.leave_out: Container[str] = ()
        self.search = QLineEdit()
        self.search.setObjectName(f"{names}_search")
        self.search.setAccessibleName(_("Search for the case"))
        self.search.setPlaceholderText(_("Name, file number, paper… with or without accents"))
        self.search.setMaxLength(200)
        self._wait = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._wait.timeout.connect(self._ask)
        self.search.textChanged.connect(self._typed)
        self.model = LineModel(lambda line: line.text)
        self.view = QListView()
        self.view.setObjectName(f"{names}_cases")
        self.view.setAccessibleName(_("Cases found"))
        self.view.setModel(self.model)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setWordWrap(True)
        self.view.doubleClicked.connect(lambda _index: self.accepted.emit())
        bind(self.view, "Return", self.accepted.emit, children=False)
        bind(self.search, "Return", self._to_list, children=False)
        self._said = kit.label("", "muted", name=f"{names}_said")
        self.setLayout(kit.vbox(self.search, self._said, self.view, gap=8))
        self._found("", ())

    def start(self, *, leave_out: Container[str] = ()) -> None:
        """Look for what is typed now; cases in *leave_out* are not offered."""
        self.leave_out = leave_out
        self._found(self.search.text(), ())
        self._look(self.search.text())

    def clear(self) -> None:
        """Forget what was typed."""
        self._wait.stop()
        self.search.clear()

    def chosen(self) -> str:
        """The chosen case; says so and answers "" when there is none."""
        row = self.view.currentIndex().row()
        if 0 <= row < self.model.rowCount():
            return self.model.line(row).id
        self._say(_("Please choose the case first."), "late")
        go_to(self.search)
        return ""

    def _typed(self, text: str) -> None:
        if self.isVisible():
            self.edited.emit()
        self._look(text)

    def _look(self, text: str) -> None:
        if text.strip():
            self._wait.start()
        else:
            self._wait.stop()
            self._found(text, ())

    def _to_list(self) -> None:
        if self.model.rowCount():
            self.view.setFocus()
            self.view.setCurrentIndex(self.model.index(0))

    def _ask(self) -> None:
        text = self.search.text()
        self._host.ask(
            SearchCases(text, 4 * MOST), lambda hits: self._found(text, hits), owner=self
        )

    def _found(self, text: str, hits: tuple[SearchHit, ...]) -> None:
        if text != self.search.text():
            return
        fitting = (
            hit
            for hit in hits
            if not hit.row.hidden
            and hit.row.stage not in TIP_STAGES
            and hit.row.case_id not in self.leave_out
        )
        cases = list(fitting)[:MOST]
        self.model.show_lines([self._line(hit) for hit in cases])
        rows = sum(self.view.sizeHintForRow(n) for n in range(self.model.rowCount()))
        self.view.setFixedHeight(rows + theme.current().px(12))
        self.view.setVisible(bool(cases))
        self._say("" if cases or not text.strip() else _("No case fits."))
        if cases:
            self.view.setCurrentIndex(self.model.index(0))

    def _say(self, text: str, tone: str = "") -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))
        kit.retone(self._said, tone)

    def _line(self, hit: SearchHit) -> Line:
        row = hit.row
        who = person_words({"sex": row.sex, "birth": row.birth}, self._host.context.now().date())
        stage = SMALL_LISTS["stage"].label(row.stage)
        name = self._host.privacy.name(row.name)
        return Line(row.case_id, {}, text=f"{row.file_no} · {name} · {who} · {stage}")
