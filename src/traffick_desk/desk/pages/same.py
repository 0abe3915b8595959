"""*Possibly the same person*: pairs of cases, and what an officer says of each."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QListView, QStackedLayout

from traffick_desk.desk import kit
from traffick_desk.desk.fitting_row import FittingRow
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages.case_same import TieDialog
from traffick_desk.desk.pages.record_list import Line, LineModel
from traffick_desk.desk.pages.same_words import answer_words, entry_words, why
from traffick_desk.desk.parsing import show_integer
from traffick_desk.desk.shortcuts import bind
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services.roles import CASE_READ
from traffick_desk.services.same_person.pairs import (
    AnswerPair,
    Pair,
    Pairs,
    PossiblySame,
    look_through,
)

# After so many slices the list is read again.
READ_AFTER = 8


class SamePage(Page):
    """Pairs of cases that may be of one person; comparing goes on while the page is shown."""

    name = "same"
    label = N_("Possibly the same person")
    icon = "persons"
    permission = CASE_READ
    in_navigation = False
    belongs_to = "cases"
    interests = frozenset({"cases"})

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._pairs: dict[str, Pair] = {}
        self._looking = False
        self._slices = 0
        self.count = kit.label("", "muted", name="same_count", wrap=False)
        self.model = LineModel(lambda line: line.text, self)
        self.view = QListView()
        self.view.setObjectName("same_pairs")
        self.view.setAccessibleName(self.title())
        self.view.setModel(self.model)
        self.view.setWordWrap(True)
        self.view.setTabKeyNavigation(False)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.doubleClicked.connect(lambda _index: self.look(1))
        bind(self.view, "Return", lambda: self.look(1), children=False)
        self.put_off = QCheckBox(_("Those put off, too"))
        self.put_off.setObjectName("same_put_off")
        self.put_off.toggled.connect(lambda _on: self._read())
        self.buttons = [
            kit.button(_("The same &person…"), "pair_same", self.tie, role="primary", icon="check"),
            kit.button(_("Some&body else"), "pair_other", lambda: self.say("other")),
            kit.button(_("Later"), "pair_later", lambda: self.say("later")),
            kit.button(_("Earlier case"), "pair_one", lambda: self.look(0), role="quiet"),
            kit.button(_("Later case"), "pair_two", lambda: self.look(1), role="quiet"),
        ]
        empty = kit.empty_state(
            _("No pair of cases looks like one person."),
            _(
                "Cases are compared by name, date of birth, papers, home and the mother's name. "
                "What looks alike stands here until you say what it is."
            ),
            icon="persons",
        )
        self._place = QStackedLayout()
        self._place.addWidget(self.view)
        self._place.addWidget(empty)
        body = kit.vbox(
            kit.hbox(kit.label(self.title(), "title", fills=True), self.count, self.put_off),
            kit.label(
                _(
                    "The program only asks; you say whether it is so. Nothing is joined: tied "
                    "cases stay two and point to each other."
                ),
                "muted",
            ),
            self._place,
            FittingRow("same_acts", *self.buttons[1:], keep=self.buttons[:1]),
        )
        body.setStretch(2, 1)
        self.set_body(body, scrolls=False)
        self.setFocusProxy(self.view)
        host.privacy.switched.connect(self._privacy)

    def refresh(self, changed: frozenset[str]) -> None:  # noqa: ARG002
        """Read the pairs, and go on comparing."""
        self._read()

    def _privacy(self, _on: bool) -> None:
        if self.isVisible():
            self._read()

    def _read(self) -> None:
        self.host.ask(PossiblySame(self.put_off.isChecked()), self._answer, owner=self)

    def _answer(self, found: Pairs) -> None:
        row = max(0, self.view.currentIndex().row())
        self._pairs = {pair.tie: pair for pair in found.pairs}
        self.model.show_lines(
            [Line(tie, {}, text=self._words(pair)) for tie, pair in self._pairs.items()]
        )
        if self._pairs:
            self.view.setCurrentIndex(self.model.index(min(row, len(self._pairs) - 1), 0))
        self._place.setCurrentIndex(0 if self._pairs else 1)
        for button in self.buttons:
            button.setEnabled(bool(self._pairs))
        pairs = len(self._pairs)
        text = ngettext("{n} pair", "{n} pairs", pairs).format(n=show_integer(pairs))
        if found.put_off:
            text += " · " + _("{n} put off").format(n=show_integer(found.put_off))
        if found.waiting:
            text += " · " + _("still to compare: {n}").format(n=show_integer(found.waiting))
        self.count.setText(text)
        if found.waiting:
            self._go_on()

    def _words(self, pair: Pair) -> str:
        lines = [entry_words(self.host, pair.one), entry_words(self.host, pair.other)]
        answer = answer_words(pair.answer)
        return "\n".join([*lines, f"{why(pair.other)} ({answer})" if answer else why(pair.other)])

    def _go_on(self) -> None:
        """Compare the next slice, unless one is under way or the page is left."""
        if self._looking or not self.isVisible():
            return
        self._looking = True
        desk = self.host.desk
        self.host.jobs.run(
            lambda: look_through(desk),
            done=self._looked,
            failed=self._not_looked,
            owner=self,
            words=_("Comparing cases…"),
        )

    def _looked(self, waiting: int) -> None:
        self._looking = False
        self._slices += 1
        if waiting and self._slices % READ_AFTER:
            self._go_on()
        else:
            self._read()

    def _not_looked(self, problem: Exception) -> None:
        self._looking = False
        self.host.fail(problem)

    # -- answering -------------------------------------------------------------------------

    def current(self) -> Pair | None:
        """The chosen pair."""
        index = self.view.currentIndex()
        return self._pairs.get(self.model.line(index.row()).id) if index.isValid() else None

    def look(self, which: int) -> None:
        """Look at one of the two cases."""
        if (pair := self.current()) is not None:
            found = pair.other if which else pair.one
            self.host.go("case", case_id=found.row.case_id)

    def tie(self) -> None:
        """It is the same person."""
        if (pair := self.current()) is not None:
            one, other = pair.one.row.case_id, pair.other.row.case_id
            TieDialog(self.window(), self.host, one, other).open()

    def say(self, answer: str) -> None:
        """It is somebody else, or is looked at later."""
        if (pair := self.current()) is None:
            return
        cases = (pair.one.row.case_id, pair.other.row.case_id)

        def done(before: str) -> None:
            self._read()
            text = _("Remembered: somebody else.") if answer == "other" else _("Put off.")
            self.host.undo.offer(
                text,
                lambda: self.host.do(
                    AnswerPair(*cases, before), lambda _was: self._read(), owner=self
                ),
            )

        self.host.do(AnswerPair(*cases, answer), done, owner=self)

    def commands(self) -> list[PageCommand]:
        """What the palette offers."""
        return [
            PageCommand(_("The same person"), self.tie, "check"),
            PageCommand(_("Somebody else"), lambda: self.say("other"), "close"),
        ]
