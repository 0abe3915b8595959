"""Linking a commune's PC with its province, step by step, with words compared by telephone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QScrollArea, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.places import PlacePicker
from traffick_desk.desk.pages.words_grid import WordsGrid
from traffick_desk.desk.parsing import show_moment
from traffick_desk.i18n import _
from traffick_desk.services import exchange


class Compare(QWidget):
    """The words of another desk, and the question whether they are the same.

    Signals:
        same: the officer says so.
        different: the officer says they differ.
    """

    same = Signal()
    different = Signal()

    def __init__(self, name: str, verb: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.who = kit.label("", "subheading", name=f"{name}_who")
        self.ask = kit.label("", name=f"{name}_ask")
        self.grid = WordsGrid(f"{name}_words")
        yes = kit.button(verb, f"{name}_same", self.same.emit, role="primary")
        no = kit.button(_("The words differ"), f"{name}_differ", self.different.emit, role="danger")
        self.setLayout(kit.vbox(self.who, self.ask, self.grid, kit.hbox(yes, no, None), gap=12))
        self.hide()

    def show_for(self, who: str, ask: str, words: str) -> None:
        """Ask about *words*."""
        self.who.setText(who)
        self.ask.setText(ask)
        self.grid.show_words(words)
        self.show()
        # The words stand below what was pressed; the page is laid out anew first.
        QTimer.singleShot(0, self, self._into_view)

    def _into_view(self) -> None:
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(self, 0, theme.current().px(24))


def _step(number: int, title: str, *items: Any) -> QWidget:
    head = kit.hbox(kit.badge(str(number), "accent"), kit.label(title, "subheading"), gap=12)
    head.setStretch(1, 1)
    return kit.panel(kit.vbox(head, *items, gap=8))


class LinkCard(QFrame):
    """Commune: ask for the link, let the province answer, install the answer.

    Signals:
        finished: the link is there.
    """

    finished = Signal()

    def __init__(self, host: Host, picker: PlacePicker, say: Callable[..., object]) -> None:
        super().__init__()
        self.setObjectName("link_card")
        self.setProperty("role", "card")
        self._host, self._picker, self._say = host, picker, say
        self._certificate: exchange.Certificate | None = None
        self.own = WordsGrid("own_words")
        self.write = kit.button(
            _("Write the request"), "link_request", self.request, role="primary", icon="export"
        )
        self.read = kit.button(_("Read the answer"), "link_answer", self.answer, icon="import")
        self.compare = Compare("answer", _("The words are the same: link"))
        self.compare.same.connect(self.install)
        self.compare.different.connect(self._differ)
        self.setLayout(
            kit.vbox(
                kit.label(_("Link this PC with the province"), "heading"),
                kit.label(
                    _(
                        "This is done once. Until then everything works on this PC, but nothing "
                        "can be sent."
                    ),
                    "muted",
                ),
                _step(
                    1,
                    _("Write the request to the stick and bring it to the province"),
                    kit.hbox(self.write, None),
                ),
                kit.line(),
                _step(
                    2,
                    _("Call the province and read out the words of this PC"),
                    kit.label(
                        _(
                            "The province sees the same ten words. If one differs, the stick was "
                            "exchanged on the way: stop, and tell the IT desk."
                        )
                    ),
                    self.own,
                ),
                kit.line(),
                _step(
                    3,
                    _("Read the province's answer from the stick and compare its words"),
                    kit.hbox(self.read, None),
                    self.compare,
                ),
                margins=16,
                gap=16,
            )
        )
        picker.changed.connect(self._enable)
        self._enable()

    def load(self) -> None:
        """Show the words of this PC."""
        self._host.ask(exchange.OwnWords(), self.own.show_words, owner=self)

    def _enable(self) -> None:
        self.write.setEnabled(self._picker.can_write())
        self.read.setEnabled(self._picker.place() is not None)

    def request(self) -> None:
        """Step one."""
        folder, desk = self._picker.place(), self._host.desk
        if folder is None:
            return
        self._host.jobs.run(
            lambda: exchange.write_request(desk, folder),
            done=lambda _made: self._say(
                "ok",
                _("The request was written. You may pull out the stick."),
                _("Bring the stick to the province, then call and compare the words."),
            ),
            failed=self._host.fail,
            owner=self,
            write=True,
            words=_("Writing the request…"),
        )

    def answer(self) -> None:
        """Step three: find the answer on the stick and show its words."""
        folder, desk = self._picker.place(), self._host.desk
        if folder is None:
            return

        def read() -> exchange.Certificate | None:
            # A stick may carry answers for several communes; ours is the one that fits.
            problem: Exception | None = None
            for path in exchange.files_at(desk, folder, exchange.CERTIFICATE_SUFFIX):
                try:
                    return exchange.read_certificate(desk, path)
                except Exception as error:  # noqa: BLE001 - the next file may be ours
                    problem = problem or error
            if problem is not None:
                raise problem
            return None

        self._host.jobs.run(
            read, done=self._answered, failed=self._host.fail, owner=self,
            words=_("Reading the answer…"),
        )  # fmt: skip

    def _answered(self, certificate: exchange.Certificate | None) -> None:
        self._certificate = certificate
        if certificate is None:
            self._say(
                "due",
                _("There is no answer of the province here."),
                _("Please bring the stick to the province first, or choose another one."),
            )
            return
        self.compare.show_for(
            certificate.label,
            _("Let the province read its words to you over the telephone. Are they these?"),
            certificate.words,
        )

    def install(self) -> None:
        """The words are the same."""
        certificate, desk = self._certificate, self._host.desk
        if certificate is None:
            return

        def done(_nothing: object) -> None:
            self._say("ok", _("This PC is linked to {label}.").format(label=certificate.label))
            self.compare.hide()
            self.finished.emit()

        self._host.jobs.run(
            lambda: exchange.install(desk, certificate), done=done, failed=self._host.fail,
            owner=self, write=True, words=_("Saving…"),
        )  # fmt: skip

    def _differ(self) -> None:
        self._certificate = None
        self.compare.hide()
        self._say(
            "late",
            _("Not linked. Nothing was changed."),
            _("Please tell the province's IT desk, and do not use this stick any more."),
        )


class AcceptCard(QFrame):
    """Province: read requests from a stick, compare words, write the answers.

    Signals:
        finished: a commune was accepted.
    """

    finished = Signal()

    def __init__(self, host: Host, picker: PlacePicker, say: Callable[..., object]) -> None:
        super().__init__()
        self.setObjectName("accept_card")
        self.setProperty("role", "card")
        self._host, self._picker, self._say = host, picker, say
        self._requests: list[exchange.Request] = []
        self.find = kit.button(
            _("Look for requests on the stick"), "accept_find", self.look, icon="search"
        )
        self.box = QComboBox()
        self.box.setObjectName("accept_request")
        self.box.setAccessibleName(_("Requests"))
        self.box.setMinimumWidth(theme.current().px(320))
        self.box.currentIndexChanged.connect(self._chosen)
        self.box.hide()
        self.compare = Compare("request", _("The words are the same: accept"))
        self.compare.same.connect(self.accept)
        self.compare.different.connect(self._differ)
        self.own = WordsGrid("own_words")
        own_title = kit.label(_("Words of this desk, to be read to the commune"), "subheading")
        self.setLayout(
            kit.vbox(
                kit.label(_("Link a commune's PC"), "heading"),
                kit.label(
                    _(
                        "The commune brings its request on a stick. Compare its words over the "
                        "telephone, write the answer to the same stick, and read your own words "
                        "to the commune."
                    ),
                    "muted",
                ),
                kit.hbox(self.find, None),
                kit.hbox(self.box, None),
                self.compare,
                kit.line(),
                own_title,
                self.own,
                margins=16,
                gap=12,
            )
        )
        picker.changed.connect(self._enable)
        self._enable()

    def load(self) -> None:
        """Show the words of this desk."""
        self._host.ask(exchange.OwnWords(), self.own.show_words, owner=self)

    def _enable(self) -> None:
        self.find.setEnabled(self._picker.place() is not None)

    def look(self) -> None:
        """Read all requests on the stick."""
        folder, desk = self._picker.place(), self._host.desk
        if folder is None:
            return

        def read() -> list[exchange.Request]:
            found, problem = [], None
            for path in exchange.files_at(desk, folder, exchange.REQUEST_SUFFIX):
                try:
                    found.append(exchange.read_request(desk, path))
                except Exception as error:  # noqa: BLE001 - one broken file hides no other
                    problem = problem or error
            if problem is not None and not found:
                raise problem
            return found

        self._host.jobs.run(
            read, done=self._found, failed=self._host.fail, owner=self,
            words=_("Reading requests…"),
        )  # fmt: skip

    def _found(self, requests: list[exchange.Request]) -> None:
        self._requests = requests
        self.box.clear()
        self.compare.hide()
        if not requests:
            self.box.hide()
            self._say("due", _("There is no request here. Nothing was changed."))
            return
        for request in requests:
            self.box.addItem(
                f"{request.unit_name} · {request.label} · {show_moment(request.made_at)}"
            )
        self.box.setVisible(len(requests) > 1)
        self._chosen(0)

    def _request(self) -> exchange.Request | None:
        number = self.box.currentIndex()
        return self._requests[number] if 0 <= number < len(self._requests) else None

    def _chosen(self, _number: int) -> None:
        request = self._request()
        if request is not None:
            self.compare.show_for(
                f"{request.unit_name} · {request.label}",
                _("Let the commune read its words to you over the telephone. Are they these?"),
                request.words,
            )

    def accept(self) -> None:
        """The words are the same: certify, and write the answer."""
        request, folder, desk = self._request(), self._picker.place(), self._host.desk
        if request is None or folder is None:
            return

        def done(_path: Path) -> None:
            self.compare.hide()
            self.box.hide()
            self._say(
                "ok",
                _("{unit} is linked. The answer is on the stick; you may pull it out.").format(
                    unit=request.unit_name
                ),
                _("Now read the words of this desk to the commune."),
            )
            self.finished.emit()

        self._host.jobs.run(
            lambda: exchange.accept(desk, request, folder), done=done, failed=self._host.fail,
            owner=self, write=True, words=_("Writing the answer…"),
        )  # fmt: skip

    def _differ(self) -> None:
        self.compare.hide()
        self._say(
            "late",
            _("Not accepted. Nothing was changed."),
            _("Please tell the IT desk: the stick was exchanged on the way, or it is another PC."),
        )
