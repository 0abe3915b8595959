"""A page on which something new is typed: all of it is kept as a draft until it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page
from traffick_desk.desk.pages.drafts import DraftKeeper
from traffick_desk.desk.pages.showing import time_of
from traffick_desk.i18n import _
from traffick_desk.services.base import Command, new_id
from traffick_desk.services.commands import SaveDraft
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.queries import Drafts


class DraftPage(Page):
    """Keeps one draft at a time. Subclasses lay out what is asked and say what was typed.

    Attributes:
        prefix: with which the keys of its drafts begin.
        names: with which the names of its buttons and labels begin.
        kept_words: said when another is begun while one is a draft (``N_``).
        lost_words: what throwing a draft away means (``N_``).
        save_button: made by the subclass; it waits while something is being saved.
    """

    in_navigation = False
    prefix: ClassVar[str] = ""
    names: ClassVar[str] = ""
    kept_words: ClassVar[str] = ""
    lost_words: ClassVar[str] = ""
    save_button: QAbstractButton

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.keeper: DraftKeeper | None = None
        self._saving = False
        self._state = kit.label("", "muted", name=f"{self.names}_draft_state", fills=True)
        self._state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.drop_button = kit.button(
            _("&Discard draft…"), f"{self.names}_drop", self.ask_to_drop, role="quiet"
        )

    # -- what subclasses give --------------------------------------------------------------

    def lay_out(self) -> None:
        """Show everything empty."""
        raise NotImplementedError

    def typed(self) -> Mapping[str, Any] | None:
        """All that was typed, as JSON; ``None`` when there is nothing worth keeping."""
        raise NotImplementedError

    def draft_title(self) -> str:
        """Words for the list of drafts; without a name, the screen is seen by others."""
        raise NotImplementedError

    def restore(self, payload: Mapping[str, Any]) -> None:
        """Put back what :meth:`typed` gave."""
        raise NotImplementedError

    def point_out(self, refused: InvalidValues) -> None:
        """Say each problem beside its field and go to the first."""
        raise NotImplementedError

    # -- coming and going ------------------------------------------------------------------

    def opened(self, draft: str = "", **_more: Any) -> None:
        """Begin a new one, or take up *draft* (its key)."""
        before = self.keeper
        if before is not None and before.key == draft:
            return
        self.save_drafts()
        self.start(draft or self.new_key())
        if draft:
            self.host.ask(Drafts(), lambda found: self._resume(draft, found), owner=self)
        elif before is not None and before.exists:
            self.host.messages.tell(
                _(self.kept_words),
                actions=((_("Go on with it"), lambda: self.host.go(self.name, draft=before.key)),),
            )

    def new_key(self) -> str:
        """Key of a draft that there is none of yet."""
        return f"{self.prefix}{new_id()}"

    def start(self, key: str) -> None:
        """Show everything empty; the draft is kept under *key*."""
        self._keep(key)
        self._saving = False
        self.lay_out()
        self.save_button.setEnabled(True)
        self._state.setText(_("Nothing typed yet. What you type is kept by itself."))

    def afresh(self) -> None:
        """What was typed is saved or thrown away: the page is ready for another."""
        self.keeper = None
        self.start(self.new_key())

    def save_drafts(self) -> None:
        """Keep what is typed, now."""
        if self.keeper is not None:
            self.keeper.flush()

    def back(self) -> bool:
        """Esc: what is typed is kept, and the page left."""
        self.save_drafts()
        return False

    # -- the draft -------------------------------------------------------------------------

    def touched(self) -> None:
        """Something was typed."""
        self._state.setText(_("Keeping the draft…"))
        self.keeper.touch()

    def _keep(self, key: str, *, exists: bool = False) -> None:
        self.keeper = DraftKeeper(self.host, key, "", self.draft_title, self.typed, self)
        self.keeper.exists = exists
        self.keeper.kept.connect(self._kept)
        self.keeper.failed.connect(self._not_kept)

    def _resume(self, key: str, drafts: Any) -> None:
        found = next((d for d in drafts if d.key == key), None)
        if found is None or self.keeper is None or self.keeper.key != key:
            return
        self.restore(found.payload)
        self.keeper.exists = True
        self._state.setText(
            _("Draft of {time}, as you left it.").format(time=time_of(found.saved_at))
        )

    def _kept(self) -> None:
        now = self.host.context.now()
        self._state.setText(_("Draft kept at {time} on this PC").format(time=now.strftime("%H:%M")))

    def _not_kept(self, reason: str) -> None:
        self._state.setText(_("The draft could not be kept. {reason}").format(reason=reason))

    def ask_to_drop(self) -> None:
        """Throw away what was typed, after a question: it cannot be taken back."""
        if self.typed() is None:
            self._dropped()
            return
        self.host.dialogs.confirm(
            _("Discard this draft?"),
            _(self.lost_words),
            _("Discard draft"),
            self._dropped,
            danger=True,
        )

    def _dropped(self) -> None:
        self.keeper.drop()
        self.afresh()
        self.host.go("today")

    # -- saving ----------------------------------------------------------------------------

    def begin_saving(self) -> SaveDraft:
        """Nothing more is kept as a draft from here; answers with what would bring it back."""
        self._saving = True
        self.save_button.setEnabled(False)
        self.keeper.stop()
        return SaveDraft(self.keeper.key, "", self.draft_title(), self.typed() or {})

    def refused(self, problem: Exception) -> None:
        """It was not saved: all of it is a draft again, and what does not fit is pointed out."""
        self._saving = False
        self.save_button.setEnabled(True)
        self._keep(self.keeper.key, exists=self.keeper.exists)
        self.keeper.flush()
        self.host.fail(problem)
        if isinstance(problem, InvalidValues):
            self.point_out(problem)

    def take_back(self, command: Command[Any], back: SaveDraft) -> None:
        """Undo what was saved with *command*; what was typed is a draft again, to go on with."""

        def taken(_none: object) -> None:
            self.host.do(back, lambda _done: self.host.go(self.name, draft=back.key))

        # The page of what was saved must not ask for what is not there any more.
        self.host.go("today")
        self.host.do(command, taken, owner=self)
