"""Province: the key of this PC on three sheets, and taking the place of a lost PC."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.places import PlacePicker
from traffick_desk.desk.pages.printing import (
    NoPrinter,
    choose_printer,
    pages_as_images,
    print_images,
)
from traffick_desk.desk.parsing import show_moment
from traffick_desk.i18n import _
from traffick_desk.services import trust


class SheetField(QWidget):
    """One typed sheet, judged when it is left."""

    def __init__(self, title: str, name: str) -> None:
        super().__init__()
        self.edit = QPlainTextEdit()
        self.edit.setObjectName(name)
        self.edit.setAccessibleName(title)
        self.edit.setTabChangesFocus(True)
        self.edit.setPlaceholderText("XXXX XXXX XXXX XXXX …")
        self.edit.setFixedHeight(theme.current().px(150))
        self.edit.textChanged.connect(lambda: self.say(""))
        self._line = kit.label("", "muted", name=f"{name}_line")
        self.setLayout(kit.vbox(kit.label(title, "label"), self.edit, self._line, None, gap=4))

    def text(self) -> str:
        """What was typed."""
        return self.edit.toPlainText()

    def say(self, text: str, tone: str = "") -> None:
        """Write *text* below it."""
        self._line.setText(text)
        kit.retone(self._line, tone)

    def check(self) -> bool:
        """Say which row is wrong, or that the sheet is right."""
        try:
            number = trust.check_sheet(self.text())
        except Exception as problem:  # noqa: BLE001 - its text is for people
            self.say(str(problem), "late")
            return False
        self.say(_("Sheet {number} is typed right.").format(number=number), "ok")
        return True


class TrustCard(QFrame):
    """The key on sheets; folded, because it is needed once in years.

    Signals:
        finished: links changed.
    """

    finished = Signal()

    def __init__(self, host: Host, picker: PlacePicker, say: Callable[..., object]) -> None:
        super().__init__()
        self.setObjectName("trust_card")
        self.setProperty("role", "card")
        self._host, self._picker, self._say = host, picker, say
        self._asked: tuple[trust.GoingOn, ...] = ()
        self.state = kit.label("", name="trust_state")
        self.make = kit.button(
            _("Print three sheets…"), "trust_sheets", self.make_sheets, icon="print"
        )
        self.replace = kit.button(
            _("This PC replaces a lost one…"), "trust_replace", self._unfold, role="quiet"
        )
        self.one = SheetField(_("First sheet"), "trust_one")
        self.two = SheetField(_("Second sheet, of the same day"), "trust_two")
        self.do = kit.button(
            _("Take the place of the lost PC"), "trust_take_over", self.take_over, role="primary"
        )
        back = kit.button(_("Cancel"), "trust_cancel", self._fold, role="quiet")
        sheets = kit.hbox(self.one, self.two, gap=16)
        self.fields = kit.panel(
            kit.vbox(
                kit.label(
                    _(
                        "First restore the newest backup of the lost PC on this one, if there is "
                        "any. Then type two of the three sheets. The communes follow this PC when "
                        "they next import, and the lost one is shut out."
                    )
                ),
                sheets,
                kit.hbox(self.do, back, None),
                gap=12,
            )
        )
        self.look = kit.button(
            _("Look for communes that ask to go on"), "trust_look", self.look_for, icon="search"
        )
        self.asked = kit.label("", name="trust_asked")
        self.accept = kit.button(_("Link them"), "trust_accept", self.accept_all, role="primary")
        self.going_on = kit.panel(
            kit.vbox(kit.hbox(self.look, None), self.asked, kit.hbox(self.accept, None), gap=8)
        )
        self.asked.hide()
        self.accept.hide()
        self.going_on.hide()
        self.setLayout(
            kit.vbox(
                kit.label(_("Key of the province's PC"), "heading"),
                kit.label(
                    _(
                        "If this PC breaks or is lost, a new one takes its place with two of three "
                        "sheets of paper, and no commune has to be linked again. Three people keep "
                        "them in three places; one sheet alone says nothing."
                    ),
                    "muted",
                ),
                self.state,
                kit.hbox(self.make, self.replace, None),
                self.fields,
                self.going_on,
                margins=16,
                gap=12,
            )
        )
        self._fold()
        picker.changed.connect(self._enable)
        self._enable()

    def load(self) -> None:
        """Ask when sheets were made."""
        self._host.ask(trust.TrustState(), self._show, owner=self)

    def _show(self, view: trust.TrustView) -> None:
        text = (
            _("Sheets were made on {when}.").format(when=show_moment(view.sheets_at))
            if view.sheets_at
            else _(
                "No sheets were made yet. If this PC is lost, every commune must be linked anew."
            )
        )
        self.state.setText(text)
        kit.retone(self.state, "" if view.sheets_at else "due")
        self.going_on.setVisible(view.took_over)

    def _enable(self) -> None:
        self.look.setEnabled(self._picker.place() is not None)

    def _fold(self) -> None:
        self.fields.hide()
        for field in (self.one, self.two):
            field.edit.clear()
        self.replace.show()

    def _unfold(self) -> None:
        self.fields.show()
        self.replace.hide()
        self.one.edit.setFocus()

    # -- acting ----------------------------------------------------------------------------

    def make_sheets(self) -> None:
        """Make three sheets and print them."""
        desk = self._host.desk

        def work() -> list[bytes]:
            return [trust.sheet_pdf(desk, sheet) for sheet in desk.do(trust.MakeSheets())]

        self._host.jobs.run(
            work, done=self._print, failed=self._host.fail, owner=self, write=True,
            words=_("Making the sheets…"),
        )  # fmt: skip

    def _print(self, pdfs: list[bytes]) -> None:
        images: list[Any] = [image for pdf in pdfs for image in pages_as_images(pdf)]
        try:
            choose_printer(self.window(), lambda printer: print_images(printer, images))
        except NoPrinter as problem:
            self._host.fail(problem)
        self.load()

    def take_over(self) -> None:
        """Type-check both sheets, then take the place."""
        if not all([self.one.check(), self.two.check()]):
            return
        typed, desk = (self.one.text(), self.two.text()), self._host.desk

        def done(_old: str) -> None:
            self._fold()
            self._say(
                "ok",
                _("This PC has taken the place of the lost one."),
                _(
                    "Export now: the communes follow when they import. Then print new sheets and "
                    "destroy the old ones."
                ),
            )
            self.finished.emit()
            self.load()

        self._host.jobs.run(
            lambda: trust.take_over(desk, typed), done=done, failed=self._host.fail, owner=self,
            write=True, words=_("Saving…"),
        )  # fmt: skip

    def look_for(self) -> None:
        """Which communes on the stick ask to go on."""
        folder, desk = self._picker.place(), self._host.desk
        if folder is None:
            return
        self._host.jobs.run(
            lambda: trust.going_on(desk, folder), done=self._found, failed=self._host.fail,
            owner=self, words=_("Reading requests…"),
        )  # fmt: skip

    def _found(self, asked: tuple[trust.GoingOn, ...]) -> None:
        self._asked = asked
        lines = [f"{one.unit_name} · {one.label}" for one in asked]
        self.asked.setText("\n".join(lines) or _("No desk asks to go on here."))
        self.asked.show()
        self.accept.setVisible(bool(asked))

    def accept_all(self) -> None:
        """Link all that ask."""
        asked, desk = self._asked, self._host.desk

        def work() -> None:
            for one in asked:
                trust.adopt(desk, one)

        def done(_none: object) -> None:
            self.asked.hide()
            self.accept.hide()
            self._say(
                "ok", _("They are linked. Please import again: what they sent is taken in now.")
            )
            self.finished.emit()

        self._host.jobs.run(
            work, done=done, failed=self._host.fail, owner=self, write=True, words=_("Saving…")
        )
