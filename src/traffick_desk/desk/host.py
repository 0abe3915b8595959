"""What pages reach the rest of the program through."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal

from traffick_desk.desk.dialogs import Dialogs
from traffick_desk.desk.editors.base import Context, default_context
from traffick_desk.desk.jobs import Job, Jobs
from traffick_desk.desk.messages import Messages, UndoBar
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.privacy import PrivacyView
from traffick_desk.i18n import _

if TYPE_CHECKING:
    from traffick_desk.desk.hub_line import HubLine


class DeskLike(Protocol):
    """The part of ``services.Desk`` that the window uses."""

    info: Any
    listeners: list[Callable[[frozenset[str]], None]]

    def do(self, command: Any) -> Any:
        """Carry out a command."""

    def ask(self, query: Any) -> Any:
        """Answer a query; safe from any thread."""

    def close(self) -> None:
        """Drop the keys."""


class Host(QObject):
    """One unlocked desk as its pages see it.

    Attributes:
        desk: the services; pages go through :meth:`ask` and :meth:`do`.
        jobs, messages, undo, dialogs, preferences, privacy: see their classes.
        context: for editors and forms.

    Signals:
        changed: kinds of thing that changed (``"cases"``, ``"drafts"``…), in the window's thread.
        saved: something was durably saved; Emits: when.
        going: a page is asked for; Emits: its name and its arguments as a dict.
    """

    changed = Signal(object)
    saved = Signal(object)
    going = Signal(str, object)

    def __init__(
        self,
        desk: DeskLike,
        *,
        messages: Messages,
        undo: UndoBar,
        dialogs: Dialogs,
        preferences: Preferences | None = None,
        context: Context | None = None,
        expected: tuple[type[Exception], ...] = (),
    ) -> None:
        """Tie the parts together.

        Args:
            desk: an unlocked desk.
            messages: where messages are shown.
            undo: where undo is offered.
            dialogs: asks before what is final.
            preferences: how the officer likes the desk.
            context: choices and clock for editors.
            expected: classes of exceptions whose text is written for people; all others
                are defects of the program and get a general text.
        """
        super().__init__()
        self.desk = desk
        self.jobs = Jobs(self)
        self.messages = messages
        self.undo = undo
        self.dialogs = dialogs
        self.preferences = preferences or Preferences()
        self.context = context or default_context()
        self.privacy = PrivacyView(on=self.preferences.get("privacy_view"))
        self._expected = expected
        # Speaks with the hub behind the window; the window puts it here.
        self.line: HubLine | None = None
        desk.listeners.append(self._heard)

    def ask(
        self,
        query: Any,
        done: Callable[[Any], object],
        *,
        owner: QObject | None = None,
        failed: Callable[[Exception], object] | None = None,
        words: str = "",
    ) -> Job:
        """Answer *query* in a thread and call *done* with the answer in this one.

        Pass the page as *owner*: nothing is called after it is gone.
        """
        return self.jobs.run(
            lambda: self.desk.ask(query),
            done=done,
            failed=failed or self.fail,
            owner=owner,
            words=words,
        )

    def do(
        self,
        command: Any,
        done: Callable[[Any], object] | None = None,
        *,
        owner: QObject | None = None,
        failed: Callable[[Exception], object] | None = None,
        words: str = "",
    ) -> Job:
        """Carry out *command* in a thread, in the order asked; tell when it is saved."""

        def finished(result: Any) -> None:
            self.saved.emit(self.context.now())
            if done is not None:
                done(result)

        return self.jobs.run(
            lambda: self.desk.do(command),
            done=finished,
            failed=failed or self.fail,
            owner=owner,
            words=words or _("Saving…"),
            write=True,
        )

    def go(self, page: str, **arguments: Any) -> None:
        """Show the page called *page*: ``host.go("case", case_id=…)``."""
        self.going.emit(page, arguments)

    def fail(self, problem: Exception) -> None:
        """Tell that something did not work, in words."""
        if isinstance(problem, self._expected):
            self.messages.fail(*str(problem).split("\n", 1))
            return
        logging.getLogger(__name__).error("unexpected %s", type(problem).__name__, exc_info=problem)
        self.messages.fail(
            _("This did not work, because of a fault in the program."),
            _("What was saved before is safe, and what you typed is still here."),
            _("Please try once more. If it happens again, tell the province's desk."),
        )

    @property
    def expected(self) -> tuple[type[Exception], ...]:
        """Classes of exceptions whose text is written for people."""
        return self._expected

    def close(self) -> None:
        """Wait for work under way, then drop the keys."""
        if self.line is not None:
            self.line.stop()
        self.jobs.stop()
        if self._heard in self.desk.listeners:
            self.desk.listeners.remove(self._heard)
        self.desk.close()

    def _heard(self, kinds: frozenset[str]) -> None:
        # Called in whichever thread ran the command; the signal brings it home.
        self.changed.emit(kinds)
