"""Province: a commune's PC that nobody can open any more is helped, after comparing words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFrame

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.places import PlacePicker
from traffick_desk.desk.pages.sync_link import Compare
from traffick_desk.desk.parsing import show_moment
from traffick_desk.i18n import _
from traffick_desk.services import province_help


class HelpCard(QFrame):
    """Reads requests from a stick, lets the words be compared, and writes the answer."""

    def __init__(self, host: Host, picker: PlacePicker, say: Callable[..., object]) -> None:
        super().__init__()
        self.setObjectName("help_card")
        self.setProperty("role", "card")
        self._host, self._picker, self._say = host, picker, say
        self._requests: list[province_help.HelpRequest] = []
        self.find = kit.button(
            _("Look for requests for help"), "help_find", self.look, icon="search"
        )
        self.box = QComboBox()
        self.box.setObjectName("help_request")
        self.box.setAccessibleName(_("Requests for help"))
        self.box.setMinimumWidth(theme.current().px(320))
        self.box.currentIndexChanged.connect(self._chosen)
        self.box.hide()
        self.compare = Compare("help", _("The words are the same: help"))
        self.compare.same.connect(self.answer)
        self.compare.different.connect(self._differ)
        self.setLayout(
            kit.vbox(
                kit.label(_("Help a commune that cannot open its vault"), "heading"),
                kit.label(
                    _(
                        "All passwords and the printed code of a PC are lost. The commune brings a "
                        "request on a stick. Whoever gets the answer can open that vault: help "
                        "only after you have spoken with somebody you know."
                    ),
                    "muted",
                ),
                kit.hbox(self.find, None),
                kit.hbox(self.box, None),
                self.compare,
                margins=16,
                gap=12,
            )
        )
        picker.changed.connect(self._enable)
        self._enable()

    def _enable(self) -> None:
        self.find.setEnabled(self._picker.place() is not None)

    def look(self) -> None:
        """Read all requests on the stick."""
        folder, desk = self._picker.place(), self._host.desk
        if folder is None:
            return

        def read() -> list[province_help.HelpRequest]:
            found, problem = [], None
            for path in province_help.requests_at(desk, folder):
                try:
                    found.append(province_help.read_request(desk, path))
                except Exception as error:  # noqa: BLE001 - one broken file hides no other
                    problem = problem or error
            if problem is not None and not found:
                raise problem
            return found

        self._host.jobs.run(
            read, done=self._found, failed=self._host.fail, owner=self,
            words=_("Reading requests…"),
        )  # fmt: skip

    def _found(self, requests: list[province_help.HelpRequest]) -> None:
        self._requests = requests
        self.box.clear()
        self.compare.hide()
        self.box.setVisible(len(requests) > 1)
        if not requests:
            self._say("due", _("There is no request here. Nothing was changed."))
            return
        for request in requests:
            self.box.addItem(f"{self._who(request)} · {show_moment(request.made_at)}")
        self._chosen(0)

    @staticmethod
    def _who(request: province_help.HelpRequest) -> str:
        return f"{request.unit_name} · {request.label} · {request.login}"

    def _request(self) -> province_help.HelpRequest | None:
        number = self.box.currentIndex()
        return self._requests[number] if 0 <= number < len(self._requests) else None

    def _chosen(self, _number: int) -> None:
        request = self._request()
        if request is not None:
            self.compare.show_for(
                self._who(request),
                _(
                    "Call the commune on the number you know, not on one that came with the stick. "
                    "Speak with somebody you know, and let her read her words to you. Are they "
                    "these?"
                ),
                request.words,
            )

    def answer(self) -> None:
        """The words are the same: write the answer."""
        request, folder, desk = self._request(), self._picker.place(), self._host.desk
        if request is None or folder is None:
            return

        def done(_path: Path) -> None:
            self.compare.hide()
            self.box.hide()
            self._say(
                "ok",
                _("The answer for {unit} is on the stick; you may pull it out.").format(
                    unit=request.unit_name
                ),
                _("It opens that vault together with the new password chosen there."),
            )

        self._host.jobs.run(
            lambda: province_help.answer(desk, request, folder), done=done,
            failed=self._host.fail, owner=self, write=True, words=_("Writing the answer…"),
        )  # fmt: skip

    def _differ(self) -> None:
        self.compare.hide()
        self._say(
            "late",
            _("Not answered. Nothing was opened."),
            _("Somebody else may have made this request. Please tell the IT desk."),
        )
