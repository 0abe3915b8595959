"""Other cases of the person of a case, those that may be, and the dialogs that tie and untie."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.hint_list import HintList
from traffick_desk.desk.pages.record_list import Line
from traffick_desk.desk.pages.same_words import found_words, other_words
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import _
from traffick_desk.services.queries import RefreshCase, SearchCases
from traffick_desk.services.same_person.find import Found, MayBeSame
from traffick_desk.services.same_person.pairs import AnswerPair
from traffick_desk.services.same_person.ties import OtherCase, OtherCases, TieCases, UntieCases


class SamePerson(QWidget):
    """What stands above the sections of a case about other cases of the person."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("case_same")
        self._host, self._case_id, self._unit = host, "", ""
        self._others: dict[str, OtherCase] = {}
        self._found: tuple[Found, ...] = ()
        host.privacy.switched.connect(self._privacy)
        self.tied = HintList(
            "same_tied", _("The same person has another case"), _("Other cases of the person"), ""
        )
        look = kit.button(_("Look at it"), "same_tied_open", self.tied.open_chosen)
        self.untie_button = kit.button(
            _("Not the same after all…"), "same_untie", self.untie, role="quiet"
        )
        self.tied.add(look, self.untie_button)
        self.tied.opened.connect(self._look)
        self.maybe = HintList(
            "same_maybe",
            _("The same person may have another case"),
            _("Cases that may be of the same person"),
        )
        self.maybe.add(
            kit.button(_("The same person…"), "same_tie", self.tie),
            kit.button(_("Somebody else"), "same_other", lambda: self._say("other")),
            kit.button(_("Later"), "same_later", lambda: self._say("later"), role="quiet"),
            kit.button(_("Look at it"), "same_maybe_open", self.maybe.open_chosen, role="quiet"),
        )
        self.maybe.opened.connect(lambda case: host.go("case", case_id=case))
        self.setLayout(kit.vbox(self.tied, self.maybe, gap=8))
        self.hide()

    def show_case(self, case_id: str, unit: str, *, tip: bool) -> None:
        """Ask about the person of this case."""
        if case_id != self._case_id:
            self._answer_tied(())
            self._answer_maybe(())
        self._case_id, self._unit = case_id, unit
        if tip:
            return
        self._host.ask(
            OtherCases(case_id),
            lambda found: self._answer_tied(found) if case_id == self._case_id else None,
            owner=self,
        )
        self._host.ask(
            MayBeSame(case_id, 3),
            lambda found: self._answer_maybe(found) if case_id == self._case_id else None,
            owner=self,
        )

    def _answer_tied(self, found: tuple[OtherCase, ...]) -> None:
        self._others = {other.case_id or other.tie: other for other in found}
        self.tied.show_lines(
            [Line(key, {}, text=other_words(self._host, o)) for key, o in self._others.items()]
        )
        self._shown()

    def _privacy(self, _on: bool) -> None:
        """Names are masked, or shown again."""
        self._answer_maybe(self._found)

    def _answer_maybe(self, found: tuple[Found, ...]) -> None:
        self._found = found
        self.maybe.show_lines(
            [Line(f.row.case_id, {}, text=found_words(self._host, f)) for f in found]
        )
        self._shown()

    def _shown(self) -> None:
        self.setVisible(not self.tied.isHidden() or not self.maybe.isHidden())

    # -- acting ----------------------------------------------------------------------------

    def _look(self, key: str) -> None:
        other = self._others.get(key)
        if other is not None and other.case_id:
            self._host.go("case", case_id=other.case_id)

    def tie(self) -> None:
        """Say that the chosen case is of the same person."""
        if chosen := self.maybe.chosen():
            TieDialog(self.window(), self._host, self._case_id, chosen).open()

    def tie_another(self) -> None:
        """Say that a case, named by its number, is of the same person."""
        if self._case_id:
            TieDialog(self.window(), self._host, self._case_id).open()

    def untie(self) -> None:
        """Say that the chosen case is of somebody else after all."""
        other = self._others.get(self.tied.chosen())
        if other is not None and other.direct:
            UntieDialog(self.window(), self._host, self._case_id, other).open()
        elif other is not None:
            self._host.messages.warn(
                _("This case is tied to another case of the person. Untie it there.")
            )

    def _say(self, answer: str) -> None:
        other, case = self.maybe.chosen(), self._case_id
        if not other:
            return

        def again(_before: Any = None) -> None:
            self.show_case(case, self._unit, tip=False)

        def done(before: str) -> None:
            again()
            text = _("Remembered: somebody else.") if answer == "other" else _("Put off.")
            self._host.undo.offer(
                text,
                lambda: self._host.do(AnswerPair(case, other, before), again, owner=self),
            )

        self._host.do(AnswerPair(case, other, answer), done, owner=self)


class TieDialog(QDialog):
    """By what one knows that two cases are of one person."""

    def __init__(self, parent: QWidget, host: Host, case_id: str, other_id: str = "") -> None:
        """Ask about two cases; the second is asked for by its number when it is not given."""
        super().__init__(parent)
        self.setObjectName("tie")
        title = _("Two cases of the same person")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._host, self._case, self._other = host, case_id, other_id
        self._units: dict[str, str] = {}
        # What is known of each of the two cases, and what is told instead of the second.
        self._lines: dict[str, str] = {}
        self._told = ""
        self.number = QLineEdit()
        self.number.setObjectName("tie_number")
        self.number.setAccessibleName(_("File number of the other case"))
        self.number.setPlaceholderText(_("File number of the other case"))
        self.number.setMaxLength(40)
        self.number.textChanged.connect(self._look_up)
        self.number.setHidden(bool(other_id))
        self.words = kit.label("", name="tie_words")
        self.grounds: dict[str, QCheckBox] = {}
        columns = kit.vbox(gap=6), kit.vbox(gap=6)
        for code in SMALL_LISTS["same_ground"].codes():
            box = QCheckBox(SMALL_LISTS["same_ground"].label(code))
            box.setObjectName(f"tie_{code}")
            box.toggled.connect(lambda _on: self._judge())
            columns[len(self.grounds) % 2].addWidget(box)
            self.grounds[code] = box
        self.reason = QLineEdit()
        self.reason.setObjectName("tie_reason")
        self.reason.setAccessibleName(_("Reason, in words"))
        self.reason.setPlaceholderText(_("Reason, in words"))
        self.reason.setMaxLength(500)
        self.reason.textChanged.connect(lambda _text: self._judge())
        self.stays = kit.label("", "muted", name="tie_stays")
        self.do = kit.button(_("&The same person"), "tie_do", self.tie, role="primary")
        cancel = kit.button(_("Cancel"), "tie_cancel", self.reject)
        about = _("Both cases stay as they are and point to each other. It can be taken back.")
        self.setLayout(
            kit.vbox(
                kit.label(title, "heading"),
                kit.label(about, "muted"),
                self.number,
                self.words,
                kit.label(_("By what do you know?"), "label"),
                kit.hbox(*columns, None, gap=24),
                self.reason,
                self.stays,
                kit.hbox(None, cancel, self.do),
                margins=24,
                gap=10,
            )
        )
        self.setMinimumWidth(theme.current().px(560))
        for case in filter(None, (case_id, other_id)):
            host.ask(RefreshCase(case), lambda view: self._know(view.row), owner=self)
        self._judge()

    def _know(self, row: Any) -> None:
        name = self._host.privacy.name(row.name)
        self._units[row.case_id] = row.unit
        self._lines[row.case_id] = f"{row.file_no} · {name}"
        self._show_words()
        apart = len({self._units.get(case, row.unit) for case in (self._case, self._other)}) > 1
        self.stays.setText(
            _("The cases are of two communes: the reason stays on this desk, and each commune "
              "learns only that there is another case.") if apart else ""
        )  # fmt: skip

    def _show_words(self) -> None:
        shown = (self._lines.get(case, "") for case in (self._case, self._other))
        self.words.setText("\n".join(filter(None, (*shown, self._told))))

    def _look_up(self, text: str) -> None:
        self._other = self._told = ""
        self._show_words()
        wanted = text.strip()
        if len(wanted) > 2:
            self._host.ask(
                SearchCases(wanted, 20), lambda hits: self._found(wanted, hits), owner=self
            )
        self._judge()

    def _found(self, wanted: str, hits: Any) -> None:
        if wanted != self.number.text().strip():
            return
        row = next((h.row for h in hits if h.row.file_no.casefold() == wanted.casefold()), None)
        if row is None or row.tip is not None or row.case_id == self._case:
            self._told = _("No other case has this number.")
            self._show_words()
        else:
            self._other, self._told = row.case_id, ""
            self._know(row)
        self._judge()

    def _chosen(self) -> tuple[str, ...]:
        return tuple(code for code, box in self.grounds.items() if box.isChecked())

    def _judge(self) -> None:
        told = bool(self._chosen()) or bool(self.reason.text().strip())
        self.do.setEnabled(bool(self._other) and told)

    def tie(self) -> None:
        """Tie the cases; offer to take it back."""
        host, page, case = self._host, self.parentWidget(), self._case
        command = TieCases(case, self._other, self._chosen(), self.reason.text())

        def done(tie: str) -> None:
            why = _("Taken back at once")
            host.undo.offer(
                _("The two cases are of the same person now."),
                lambda: host.do(UntieCases(case, tie, why), owner=page),
            )

        host.do(command, done, owner=page)
        self.accept()


class UntieDialog(QDialog):
    """Why two cases are of two persons after all."""

    def __init__(self, parent: QWidget, host: Host, case_id: str, other: OtherCase) -> None:
        super().__init__(parent)
        self.setObjectName("untie")
        title = _("Not the same person after all")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._host, self._case, self._other = host, case_id, other
        self.reason = QLineEdit()
        self.reason.setObjectName("untie_reason")
        self.reason.setAccessibleName(_("Reason, in words"))
        self.reason.setPlaceholderText(_("Reason, in words"))
        self.reason.setMaxLength(500)
        self.reason.textChanged.connect(lambda text: self.do.setEnabled(bool(text.strip())))
        self.do = kit.button(_("&Untie the cases"), "untie_do", self.untie, role="primary")
        self.do.setEnabled(False)
        cancel = kit.button(_("Cancel"), "untie_cancel", self.reject)
        about = _("Nothing in either case changes. That they were tied stays in the history.")
        self.setLayout(
            kit.vbox(
                kit.label(title, "heading"),
                kit.label(about, "muted"),
                self.reason,
                kit.hbox(None, cancel, self.do),
                margins=24,
                gap=10,
            )
        )
        self.setMinimumWidth(theme.current().px(460))

    def untie(self) -> None:
        """Untie; tying again is the way back."""
        host, page, case, other = self._host, self.parentWidget(), self._case, self._other

        def done(_cases: Any) -> None:
            text = _("The cases are of two persons now.")
            if not other.case_id:
                host.messages.tell(text)
                return
            back = TieCases(case, other.case_id, other.grounds, other.note or _("Taken back"))
            host.undo.offer(text, lambda: host.do(back, owner=page))

        host.do(UntieCases(case, other.tie, self.reason.text()), done, owner=page)
        self.accept()
