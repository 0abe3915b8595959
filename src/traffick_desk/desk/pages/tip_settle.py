"""What comes of a tip besides a new case: it is joined to a case, or closed with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QListView

from traffick_desk.desk import kit, theme
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.record_list import Line, LineModel
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.desk.pages.showing import person_words
from traffick_desk.desk.shortcuts import bind
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_tip import TIP_STAGES
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import _
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.queries import SearchCases
from traffick_desk.services.tips import CloseTip, JoinTip, ReopenTip
from traffick_desk.services.views import SearchHit

PAUSE_MS = 200
MOST = 8
JOIN, CLOSE = "join", "close"


class SettlePanel(QFrame):
    """The form that joins or closes one tip.

    Signals:
        edited: something was typed.
        closed: done, or left alone.
    """

    edited = Signal()
    closed = Signal()

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("settle")
        self.setProperty("role", "card")
        self._host, self._case, self.mode = host, "", ""
        self.form: RecordForm | None = None
        self._place = kit.vbox()
        self.search = QLineEdit()
        self.search.setObjectName("settle_search")
        self.search.setAccessibleName(_("Search for the case"))
        self.search.setPlaceholderText(_("Name, file number, paper… with or without accents"))
        self.search.setMaxLength(200)
        self._wait = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._wait.timeout.connect(self._ask)
        self.search.textChanged.connect(self._typed)
        self.model = LineModel(lambda line: line.text)
        self.view = QListView()
        self.view.setObjectName("settle_cases")
        self.view.setAccessibleName(_("Cases found"))
        self.view.setModel(self.model)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setWordWrap(True)
        self.view.doubleClicked.connect(lambda _index: self.submit())
        bind(self.view, "Return", self.submit, children=False)
        bind(self.search, "Return", self._to_list, children=False)
        self._said = kit.label("", "muted", name="settle_said")
        self._finder = kit.panel(kit.vbox(self.search, self._said, self.view, gap=8))
        self._title = kit.label("", "subheading", name="settle_title")
        self.submit_button = kit.button("", "settle_submit", self.submit, role="primary")
        leave = kit.button(_("Cancel"), "settle_cancel", self.close_form)
        self.setLayout(
            kit.vbox(
                self._title,
                self._finder,
                self._place,
                kit.hbox(self.submit_button, leave, None),
                margins=16,
                gap=8,
            )
        )
        self.hide()

    def open(self, mode: str, case_id: str) -> None:
        """Ask for what *mode* needs: the case to join, or the reason for closing."""
        self._case, self.mode = case_id, mode
        joins = mode == JOIN
        self._title.setText(_("To which case?") if joins else _("Why is the tip closed?"))
        words = _("Join to this case") if joins else _("Close the tip")
        self.submit_button.setText(words)
        self.submit_button.setAccessibleName(words)
        kit.clear(self._place)
        self._finder.setVisible(joins)
        self.form = RecordForm(
            REGISTRY["tip"],
            {},
            context=self._host.context,
            fields=("reason_note",) if joins else ("reason", "reason_note"),
            required=() if joins else ("reason",),
            name="settle_form",
            keys=False,
        )
        self.form.edited.connect(lambda _name: self.edited.emit())
        self.form.finished.connect(self.submit_button.setFocus)
        self._place.addWidget(self.form)
        self._found(self.search.text(), ())
        if joins:
            self._typed(self.search.text())
        self.show()
        go_to(self.search if joins else self.form.editor("reason"))

    def close_form(self) -> None:
        """Leave the tip as it is."""
        self.mode, self.form = "", None
        kit.clear(self._place)
        self.search.clear()
        self.hide()
        self.closed.emit()

    def is_open(self) -> bool:
        """Whether something is asked."""
        return bool(self.mode)

    def draft(self) -> dict[str, Any] | None:
        """What was typed, as JSON; ``None`` when there is nothing."""
        if self.form is None:
            return None
        typed, text = self.form.draft(), self.search.text()
        return {"mode": self.mode, "typed": typed, "text": text} if typed or text else None

    def restore(self, draft: Mapping[str, Any], case_id: str) -> None:
        """Open again with what :meth:`draft` gave."""
        self.search.setText(draft.get("text", ""))
        self.open(draft.get("mode", CLOSE), case_id)
        self.form.restore(draft.get("typed", {}))

    def submit(self) -> None:
        """Join or close."""
        if self.form is None or not self.form.check():
            return
        values = self.form.values()
        note = values.get("reason_note", "")
        if self.mode == CLOSE:
            command: Any = CloseTip(self._case, values.get("reason", ""), note)
            words = _("The tip is closed.")
        else:
            row = self.view.currentIndex().row()
            if not 0 <= row < self.model.rowCount():
                self._say(_("Please choose the case first."), "late")
                go_to(self.search)
                return
            command = JoinTip(self._case, self.model.line(row).id, note)
            words = _("The tip is joined to the case.")
        case = self._case
        self._host.do(
            command, lambda _none: self._done(case, words), owner=self, failed=self._refused
        )

    def _done(self, case: str, words: str) -> None:
        self.close_form()
        self._host.undo.offer(words, lambda: self._host.do(ReopenTip(case)))

    def _refused(self, problem: Exception) -> None:
        if isinstance(problem, InvalidValues) and self.form is not None:
            for _kind, name, text in problem.problems:
                if name in self.form.names():
                    self.form.box(name).say(text, "late")
                    go_to(self.form.editor(name))
            return
        self._host.fail(problem)

    # -- finding the case --------------------------------------------------------------------

    def _typed(self, text: str) -> None:
        if self.is_open():
            self.edited.emit()
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
        cases = [hit for hit in hits if hit.row.stage not in TIP_STAGES][:MOST]
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
