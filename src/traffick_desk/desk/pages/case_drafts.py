"""What is typed on the case page survives a crash, a lock and a power cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.case_section import CaseSection
from traffick_desk.desk.pages.drafts import DraftKeeper
from traffick_desk.desk.pages.showing import person_words, time_of
from traffick_desk.i18n import _
from traffick_desk.services.queries import Drafts
from traffick_desk.services.views import CaseView

PREFIX = "case:"


class CaseDrafts(QObject):
    """The draft of one case.

    Args:
        host: the window.
        sections: gives the sections that were made, by key.
        current: gives the key of the section that is shown.

    Attributes:
        state: says when the draft was kept; the page places it.

    Signals:
        resumed: a draft of an earlier time is to be shown; Emits: its payload.
    """

    resumed = Signal(object)

    def __init__(
        self,
        host: Host,
        sections: Callable[[], Mapping[str, Any]],
        current: Callable[[], str],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._host, self._sections, self._current = host, sections, current
        self._case: CaseView | None = None
        self.keeper: DraftKeeper | None = None
        self.state = kit.label("", "muted", name="case_draft", wrap=False)
        self.state.hide()

    def start(self, case: CaseView) -> None:
        """Keep the draft of *case* from now on."""
        self._case = case
        self.keeper = DraftKeeper(
            self._host,
            PREFIX + case.row.case_id,
            case.row.case_id,
            self._title,
            self._payload,
            self,
        )
        self.keeper.kept.connect(self._kept)
        self.keeper.failed.connect(self.state.setText)

    def look_for_one(self) -> None:
        """Go on with what was kept earlier, if there is anything."""
        self._host.ask(Drafts(), self._resume, owner=self)

    def stop(self) -> None:
        """Another case comes."""
        self.keeper = self._case = None
        self.state.hide()

    def flush(self) -> None:
        """Keep what is typed in open forms, now."""
        if self.keeper is not None:
            self.keeper.flush()

    def to_drop(self) -> str:
        """The key of the draft, which goes with the save unless another form is still open."""
        opened = sum(len(parts) for parts in self._open().values())
        return self.keeper.key if self.keeper is not None and opened <= 1 else ""

    def edited(self) -> None:
        """Something was typed, or a form was opened or closed."""
        if self.keeper is None:
            return
        if self._open():
            self.state.setText(_("Keeping the draft…"))
            self.state.show()
            self.keeper.touch()
        else:
            # Nothing is open any more: saved, or left without saving.
            self.state.hide()
            self.keeper.forget()

    def _open(self) -> dict[str, Any]:
        found = {
            key: section.open_drafts()
            for key, section in self._sections().items()
            if isinstance(section, CaseSection)
        }
        return {key: typed for key, typed in found.items() if typed}

    def _payload(self) -> dict[str, Any] | None:
        typed = self._open()
        return {"section": self._current(), "sections": typed} if typed else None

    def _title(self) -> str:
        row = self._case.row
        who = person_words({"sex": row.sex, "birth": row.birth}, self._host.context.now().date())
        return f"{row.file_no} – {who}"

    def _kept(self) -> None:
        time = self._host.context.now().strftime("%H:%M")
        self.state.setText(_("Draft kept at {time} on this PC").format(time=time))

    def _resume(self, drafts: Any) -> None:
        if self.keeper is None:
            return
        found = next((d for d in drafts if d.key == self.keeper.key), None)
        if found is None:
            return
        self.keeper.exists = True
        self.resumed.emit(found.payload)
        self.state.setText(
            _("Draft of {time}, as you left it.").format(time=time_of(found.saved_at))
        )
        self.state.show()
