"""The lesson at the foot of a practice window: the present step, how far it is, and help.

It stands below the page and covers nothing. What is ticked off is decided by the services; the
panel tells them what the window shows and draws what they answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import PageCommand
from traffick_desk.desk.shortcuts import Keys
from traffick_desk.i18n import _
from traffick_desk.services import lesson_progress as progress
from traffick_desk.services import lessons as data
from traffick_desk.services import practice
from traffick_desk.services.lesson_progress import Progress, Shown, State
from traffick_desk.services.lessons import Lesson, Step

LOOK_MS = 300
# Width in px at 100 % text size below which the sentence has a line of its own.
COMPACT = 1100


class LessonPanel(QWidget):
    """The list of lessons, or the lesson that is open.

    Signals:
        where_wanted: "show me where"; Emits: the step and the state of its lesson.
        real_wanted: the officer has practised and goes to the real desk.
    """

    where_wanted = Signal(object, object)
    real_wanted = Signal()

    def __init__(self, host: Host, shown: Callable[[], Shown]) -> None:
        """Build it.

        Args:
            host: the window.
            shown: tells what the window shows.
        """
        super().__init__()
        self.setObjectName("lesson_panel")
        self.setProperty("role", "lesson")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.setAccessibleName(_("Lesson"))
        self._host, self._shown = host, shown
        self._progress = Progress({})
        self._judged: Shown | None = None
        self._judging = self._again = False
        self._hinted = ""
        self._build()
        host.changed.connect(self._changed)
        # Pages do not tell of every section and part they show; looking costs next to nothing.
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._look_again)
        self._look.start()
        self.read()

    def stop(self) -> None:
        """Look no more; the window goes."""
        self._look.stop()

    def _build(self) -> None:
        self.title = kit.label("", "subheading", name="lesson_title", wrap=False)
        self.count = kit.label("", "muted", name="lesson_count", wrap=False)
        self.fold_button = kit.button("", "lesson_fold", self.fold, role="quiet")
        self.list_button = kit.button(_("All lessons"), "lesson_list", self.show_list, role="quiet")
        self.anew_button = kit.button(
            _("Start this lesson anew"), "lesson_anew", self.ask_anew, role="quiet", icon="undo"
        )
        head = kit.hbox(
            self.title, self.count, None, self.anew_button, self.list_button, self.fold_button
        )
        self._compact = False
        self.do = kit.label("", "lesson_text", name="lesson_do")
        self.where_button = kit.button(
            _("Show me where"), "lesson_where", self.show_where, role="primary"
        )
        self.act_button = kit.button(
            _("Let the province answer"), "lesson_act", self.act, role="primary"
        )
        self.hint_button = kit.button(_("Hint"), "lesson_hint", self.show_hint, icon="help")
        self.skip_button = kit.button(_("Skip this step"), "lesson_skip", self.skip)
        self.next_button = kit.button(
            _("Next lesson"), "lesson_next", self.next_lesson, role="primary"
        )
        self.real_button = kit.button(
            _("Go to the real desk"), "lesson_real", self.real_wanted.emit
        )
        self.hint = kit.label("", "muted", name="lesson_hint_text")
        buttons = kit.hbox(
            self.act_button, self.where_button, self.hint_button, self.skip_button,
            self.next_button, self.real_button, None,
        )  # fmt: skip
        self._row = kit.hbox(self.do, kit.panel(buttons))
        self._row.setStretch(0, 1)
        self._step = kit.panel(kit.vbox(self._row, self.hint, gap=4), name="lesson_step")
        self._choices = kit.FlowLayout(8)
        self._list = kit.panel(self._choices, name="lesson_choices")
        self._start: dict[str, Any] = {}
        for number, made in enumerate(data.lessons(), 1):
            button = kit.button(
                f"{number}. {made.title}", f"lesson_start_{made.id}",
                lambda made=made: self.open_lesson(made), tooltip=str(made.about),
            )  # fmt: skip
            self._start[made.id] = button
            self._choices.addWidget(button)
        self.setLayout(kit.vbox(head, self._step, self._list, margins=(16, 6, 16, 6), gap=4))
        self._folded = bool(self._host.preferences.get("lesson_folded", False))

    # -- reading -----------------------------------------------------------------------------

    @property
    def lesson(self) -> Lesson | None:
        """The lesson that is open."""
        known = self._progress.present
        return next((made for made in data.lessons() if made.id == known), None)

    @property
    def state(self) -> State | None:
        """How far it is."""
        return self._progress.states.get(self._progress.present)

    @property
    def step(self) -> Step | None:
        """The step to be done now."""
        made, state = self.lesson, self.state
        return state.present(made) if made is not None and state is not None else None

    def read(self) -> None:
        """Ask how far the lessons are, and draw it."""
        self._host.ask(progress.ReadProgress(), self._answer, owner=self)

    def _answer(self, found: Progress) -> None:
        if found != self._progress:
            self._progress = found
            # Another step may be done by what is shown already, but only by what is there.
            self._judged = None
        self._draw()

    def _changed(self, kinds: frozenset[str]) -> None:
        if "practice" in kinds:
            self.read()
        self._judge()

    def _look_again(self) -> None:
        if self.step is not None and self._shown() != self._judged:
            self._judge()

    def _judge(self) -> None:
        made = self.lesson
        if made is None or self.step is None:
            return
        if self._judging:
            self._again = True
            return
        self._judging, self._again = True, False
        shown = self._judged = self._shown()
        self._host.ask(
            progress.Judge(made.id, shown),
            lambda state: self._verdict(made, shown, state),
            owner=self,
            failed=self._not_judged,
        )

    def _verdict(self, made: Lesson, shown: Shown, state: State | None) -> None:
        self._judging = False
        if state is not None:
            self._write(progress.TickOff(made.id, shown))
        elif self._again:
            self._judge()

    def _not_judged(self, problem: Exception) -> None:
        self._judging = False
        self._host.fail(problem)

    def _write(self, command: Any) -> None:
        # Not through ``host.do``: ticking off is no saving of the officer's.
        desk = self._host.desk
        self._host.jobs.run(
            lambda: desk.do(command), failed=self._host.fail, owner=self, write=True
        )

    # -- drawing -----------------------------------------------------------------------------

    def _draw(self) -> None:
        made, state = self.lesson, self.state
        step = self.step
        opened = made is not None and state is not None
        self.title.setText(self._title(made) if opened else _("Lessons"))
        self.count.setText(self._count(made, state) if opened else self._all_count())
        self.do.setText(self._words(made, step))
        self.do.setVisible(bool(self.do.text()))
        if step is None or step.id != self._hinted:
            self.hint.hide()
        self.act_button.setVisible(step is not None and step.act == "province")
        for button in (self.where_button, self.hint_button, self.skip_button):
            button.setVisible(step is not None)
        self.where_button.setProperty(
            "role", "" if self.act_button.isVisibleTo(self) else "primary"
        )
        self.next_button.setVisible(opened and step is None and self._next() is not None)
        self.real_button.setVisible(opened and step is None)
        # Where there is little room they are in the palette (Ctrl+K).
        self.anew_button.setVisible(opened and not self._compact)
        self.list_button.setVisible(opened and (not self._compact or step is None))
        for number, one in enumerate(data.lessons(), 1):
            mark = " ✓" if self._progress.finished(one) else ""
            self._start[one.id].setText(f"{number}. {one.title}{mark}")
        self._step.setVisible(opened and not self._folded)
        self._list.setVisible(not opened and not self._folded)
        self.fold_button.setText(_("Show the lesson") if self._folded else _("Fold away"))
        self.fold_button.setAccessibleName(self.fold_button.text())
        self.fold_button.setToolTip(f"{self.fold_button.text()} ({Keys.LESSON.shown})")
        self._keep_room()

    def _title(self, made: Lesson) -> str:
        number = [one.id for one in data.lessons()].index(made.id) + 1
        if self._compact:
            text = _("Lesson {number} of {total}")
            return text.format(number=number, total=len(data.lessons()))
        text = _("Lesson {number} of {total}: {title}")
        return text.format(number=number, total=len(data.lessons()), title=made.title)

    def _count(self, made: Lesson, state: State) -> str:
        marks = " ".join(
            "✓" if s.id in state.done else "–" if s.id in state.skipped else "○" for s in made.steps
        )
        over = len(state.done) + len(state.skipped)
        if over == len(made.steps):
            finished = _("finished")
            return f"{marks}   {finished}"
        text = _("step {number} of {total}").format(number=over + 1, total=len(made.steps))
        file_no = f"   {state.file_no}" if state.file_no and not self._compact else ""
        return f"{marks}   {text}{file_no}"

    def _all_count(self) -> str:
        done = sum(self._progress.finished(one) for one in data.lessons())
        if not done:
            return _("Choose a lesson. Each takes about five minutes.")
        return _("{done} of {total} finished").format(done=done, total=len(data.lessons()))

    def _words(self, made: Lesson | None, step: Step | None) -> str:
        if made is None:
            return ""
        if step is not None:
            return str(step.do)
        if all(self._progress.finished(one) for one in data.lessons()):
            return _("{closing} You have practised all lessons; go to the real desk.").format(
                closing=made.closing
            )
        return _("You have practised: {closing}").format(closing=made.closing)

    def _next(self) -> Lesson | None:
        return next((one for one in data.lessons() if not self._progress.finished(one)), None)

    # -- what the officer does ---------------------------------------------------------------

    def open_lesson(self, made: Lesson) -> None:
        """Go on with a lesson, or begin it."""
        state = self._progress.states.get(made.id)
        if state is None:
            self._begin(made.id)
        else:
            self._choose(made.id)

    def next_lesson(self) -> None:
        """The first one that is not finished."""
        made = self._next()
        if made is not None:
            self.open_lesson(made)

    def ask_anew(self) -> None:
        """Begin this lesson anew, after one question; only its case is left behind."""
        made = self.lesson
        if made is None:
            return
        self._host.dialogs.confirm(
            _("Start this lesson anew?"),
            _("The case of this lesson is closed and a new one is made. All else stays."),
            _("Start anew"),
            lambda: self._begin(made.id),
        )

    def _begin(self, lesson_id: str) -> None:
        self._host.do(progress.StartLesson(lesson_id), owner=self)

    def _choose(self, lesson_id: str) -> None:
        self._write(progress.ChooseLesson(lesson_id))

    def show_list(self) -> None:
        """Leave the lesson as it is and show all of them."""
        self._choose("")

    def skip(self) -> None:
        """Pass over the present step."""
        made, step = self.lesson, self.step
        if made is not None and step is not None:
            self._write(progress.SkipStep(made.id, step.id))

    def show_hint(self) -> None:
        """Show the hint of the present step, or hide it."""
        step = self.step
        if step is not None:
            self._hinted = step.id
            self.hint.setText(str(step.hint))
            self.hint.setVisible(self.hint.isHidden())
            self._keep_room()

    def show_where(self) -> None:
        """Have the window show where the present step is done."""
        if self.step is not None:
            self.where_wanted.emit(self.step, self.state)

    def act(self) -> None:
        """Play the province's officer."""
        place, now = practice.beside(self._host.desk.info.vault_path), self._host.context.now
        self.act_button.setEnabled(False)

        def done(answered: practice.Answered) -> None:
            self.act_button.setEnabled(True)
            if answered.taken_in:
                text = _("The province of Ví Dụ has read the stick and written its answer on it.")
                self._host.messages.tell(text, _("Now import it."))
            else:
                self._host.messages.warn(
                    _("The province found nothing new on the practice stick."),
                    _("Nothing is lost."),
                    _("Please export to the practice stick first."),
                )
            self._judge()

        def failed(problem: Exception) -> None:
            self.act_button.setEnabled(True)
            self._host.fail(problem)

        self._host.jobs.run(
            lambda: practice.province_answers(place, now), done=done, failed=failed, owner=self,
            words=_("The province is reading…"),
        )  # fmt: skip

    def fold(self) -> None:
        """Leave only the head line, or show all of it again."""
        self._folded = not self._folded
        self._host.preferences.set("lesson_folded", self._folded)
        self._draw()

    def resizeEvent(self, event: Any) -> None:
        """With large text, or in a narrow window, the sentence has a line of its own."""
        super().resizeEvent(event)
        compact = self.width() < theme.current().px(COMPACT)
        if compact != self._compact:
            self._compact = compact
            directions = QBoxLayout.Direction
            self._row.setDirection(directions.TopToBottom if compact else directions.LeftToRight)
            self._draw()
        self._keep_room()

    def _keep_room(self) -> None:
        """Where room is short the page scrolls; a sentence cut in two helps nobody."""
        self.setMinimumHeight(self.layout().heightForWidth(self.width()))

    def commands(self) -> list[PageCommand]:
        """What the palette offers."""
        mine = [PageCommand(Keys.LESSON.words, self.take_keyboard, "help", Keys.LESSON.shown)]
        if self.lesson is not None:
            mine += [
                PageCommand(_("Start this lesson anew"), self.ask_anew, "undo"),
                PageCommand(_("All lessons"), self.show_list, "help"),
            ]
        return mine

    def take_keyboard(self) -> None:
        """Unfold, and put the keyboard on what comes next."""
        if self._folded:
            self.fold()
        first = next(
            (b for b in (*self._step.findChildren(kit.Button), *self._start.values())
             if b.isVisible() and b.isEnabled()),
            self.fold_button,
        )  # fmt: skip
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)
