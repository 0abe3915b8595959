"""The window of a practice desk: the real one with a band above and the lesson below."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from traffick_desk.desk.desk_window import EXPECTED, DeskWindow
from traffick_desk.desk.lesson_panel import LessonPanel
from traffick_desk.desk.page import PageCommand
from traffick_desk.desk.practice_band import PracticeBand, marked_title
from traffick_desk.desk.practice_start import anew_question
from traffick_desk.desk.shortcuts import Keys
from traffick_desk.i18n import _
from traffick_desk.services import practice, vaults
from traffick_desk.services.base import Desk
from traffick_desk.services.lesson_progress import Shown, State
from traffick_desk.services.lessons import Step, Where

SHOWN_MS = 4000
TRY_AGAIN_MS = 50
MOST_TRIES = 60


class PracticeWindow(DeskWindow):
    """Everything of the real window, marked.

    Signals:
        real_wanted: the officer goes to the real desk.
        anew_wanted: all that was practised is to be thrown away; the question was answered.
    """

    real_wanted = Signal()
    anew_wanted = Signal()

    def __init__(self, *arguments: Any, quiet: bool = False, **more: Any) -> None:
        """Build it.

        Args:
            *arguments: see :class:`DeskWindow`.
            quiet: opened under force: nothing on the screen speaks of another, real desk.
            **more: see :class:`DeskWindow`.
        """
        self._quiet = quiet
        super().__init__(*arguments, **more)
        self.setWindowTitle(marked_title(self.windowTitle()))
        self.host._expected = (  # noqa: SLF001 - what practice says is written for people too
            *EXPECTED, practice.PracticeDamaged, practice.PracticeNotMade, vaults.PracticeApart,
        )  # fmt: skip
        ways = (
            (_("Begin practice anew…"), "practice_begin_anew", self.ask_anew),
            (_("Go to the real desk"), "practice_leave", self.real_wanted.emit),
        )
        self.band = PracticeBand(*(() if quiet else ways))
        whole = self.centralWidget().layout()
        whole.insertWidget(0, self.band)
        self.panel: LessonPanel | None = None
        if self.host.desk.info.profile == "commune" and not quiet:
            self.panel = LessonPanel(self.host, self.shown)
            self.panel.where_wanted.connect(self.show_where)
            self.panel.real_wanted.connect(self.real_wanted)
            whole.insertWidget(3, self.panel)
            QShortcut(QKeySequence(Keys.LESSON.keys), self).activated.connect(
                self.panel.take_keyboard
            )
        self.highlight = Highlight(self)
        self._stack.currentChanged.connect(lambda _page: self.highlight.hide())

    def commands(self) -> list[PageCommand]:
        """What the palette offers: of the lesson and of practice first."""
        if self._quiet:
            return super().commands()
        mine = [
            PageCommand(_("Go to the real desk"), self.real_wanted.emit, "lock"),
            PageCommand(_("Begin practice anew…"), self.ask_anew, "undo"),
        ]
        if self.panel is not None:
            mine = [*self.panel.commands(), *mine]
        return [*super().commands(), *mine]

    def ask_anew(self) -> None:
        """Throw away what was practised, after one question."""
        title, text, verb = anew_question()
        self.host.dialogs.confirm(title, text, verb, self.anew_wanted.emit, danger=True)

    def lock(self) -> None:
        """Nothing is judged any more while drafts are kept and work ends."""
        self._stop_looking()
        super().lock()

    def hand_over(self) -> Desk:
        """The next window looks after the lessons."""
        self._stop_looking()
        return super().hand_over()

    def _stop_looking(self) -> None:
        if self.panel is not None:
            self.panel.stop()

    # -- what is shown, and where ------------------------------------------------------------

    def shown(self) -> Shown:
        """What the window shows, for the services to judge."""
        page = self.page
        sections = getattr(page, "list", None)
        section = sections.current() if hasattr(sections, "current") else ""
        case = getattr(page, "case", None)
        regimes = getattr(page, "regimes", None)
        reasons = regimes is not None and regimes.showing_reasons()
        return Shown(
            page.name,
            section,
            case.row.case_id if case is not None and page.name == "case" else "",
            "reasons" if reasons else "",
        )

    def show_where(self, step: Step, state: State) -> None:
        """Go to where a step is done, and draw a frame around what is meant."""
        where = step.where
        if where.case and not state.case_id:
            self.messages.warn(
                _("This lesson has no case yet."),
                _("Nothing is lost."),
                _("Please do the steps before, or start the lesson anew."),
            )
            return
        arguments: dict[str, Any] = {}
        if where.case:
            arguments["case_id"] = state.case_id
        if where.form:
            arguments["form"] = where.form
        if where.page == "case":
            arguments["section"] = where.section
        if self.page.name != where.page or where.case:
            self.go(where.page, **arguments)
        if where.page == "case" and self.page.regimes.showing_reasons():
            # They hide the buttons of the list.
            self.page.regimes.show_all()
        if where.section and where.page != "case":
            self.page.list.choose(where.section)
        self._try(where, MOST_TRIES)

    def _try(self, where: Where, left: int) -> None:
        """The page may still be reading; look again until the place is there."""
        if self._locking or self.page.name != where.page:
            return
        named = self.page.findChildren(QWidget, where.widget) if where.widget else [self.page]
        target = next((widget for widget in named if widget.isVisible()), None)
        if target is not None:
            self._point_at(target)
        elif left:
            QTimer.singleShot(TRY_AGAIN_MS, self, lambda: self._try(where, left - 1))

    def _point_at(self, target: QWidget) -> None:
        above = target.parentWidget()
        while above is not None and above is not self:
            if isinstance(above, QAbstractScrollArea) and hasattr(above, "ensureWidgetVisible"):
                above.ensureWidgetVisible(target)
            above = above.parentWidget()
        inner = [w for w in target.findChildren(QWidget) if w.isVisible() and _takes_keyboard(w)]
        to = target if _takes_keyboard(target) or not inner else inner[0]
        to.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if target is not self.page:
            self.highlight.around(target)


def _takes_keyboard(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled()


class Highlight(QFrame):
    """A frame around something, for a moment; clicks go through it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("lesson_frame")
        self.setProperty("role", "lesson_frame")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._wait = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._wait.timeout.connect(self.hide)
        self.hide()

    def around(self, target: QWidget) -> None:
        """Draw the frame around *target*."""
        window = self.parentWidget()
        corner = target.mapTo(window, target.rect().topLeft())
        self.setGeometry(target.rect().translated(corner).adjusted(-5, -5, 5, 5))
        self.show()
        self.raise_()
        self._wait.start()
