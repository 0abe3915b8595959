"""The head of a case: who without a name, where the case stands, and what to do now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from traffick_desk.desk import kit, parsing
from traffick_desk.desk.pages.case_words import tip_state
from traffick_desk.desk.pages.showing import person_words
from traffick_desk.desk.pages.together_words import together_words
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_tip import TIP
from traffick_desk.i18n import N_, _
from traffick_desk.law import State
from traffick_desk.services.assess import NextStep
from traffick_desk.services.groups_read import Group
from traffick_desk.services.views import CaseView

# The long words of the law stand in the section; the head has room for short ones.
SHORT_STATUS = {
    "in_process": N_("being identified"),
    "victim": N_("victim"),
    "not_victim": N_("not a victim"),
    "": N_("status not written"),
}
STAGES = ("reception", "verification", "support", "reintegration", "closed")


class StageBar(QWidget):
    """The five stages; the present one is filled, and says so in words too.

    Signals:
        wanted: the case is to go to another stage; Emits: its code.
    """

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stage_bar")
        self._icons, self._labels = [], []
        row = kit.hbox(gap=8)
        for number, stage in enumerate(STAGES):
            if number:
                line = kit.line()
                line.setMinimumWidth(kit.theme.current().px(12))
                line.setMaximumWidth(kit.theme.current().px(48))
                row.addWidget(line)
            icon = kit.IconLabel("check", "muted", 16)
            act: Callable[[], None] = lambda stage=stage: self.wanted.emit(stage)  # noqa: E731
            label = kit.button("", f"stage_{stage}", act, role="stage")
            row.addWidget(icon)
            row.addWidget(label)
            self._icons.append(icon)
            self._labels.append(label)
        row.addStretch(1)
        self.setLayout(row)

    def show_stage(self, stage: str) -> None:
        """Show that the case is in *stage*."""
        words = SMALL_LISTS["stage"]
        at = STAGES.index(stage) if stage in STAGES else -1
        for number, (icon, label) in enumerate(zip(self._icons, self._labels, strict=True)):
            text = words.label(STAGES[number])
            label.setText(text)
            icon.setVisible(number <= at)
            icon.set_icon("chevron-right" if number == at else "check", "accent")
            label.setAccessibleName(_("Stage: {stage}").format(stage=text))
            words_now = _("The case is here.") if number == at else _("Change the stage…")
            label.setToolTip(words_now)
            kit.retone(label, "accent" if number == at else "")
        self.setAccessibleName(_("Stage: {stage}").format(stage=words.label(stage)))


class CaseHead(QWidget):
    """File number, sex and age, status; the stages; what is saved where."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("case_head")
        self.identity = kit.label("", "heading", name="case_identity")
        self.sync = kit.label("", "muted", name="case_sync", wrap=False)
        self.stages = StageBar()
        self._compact = self._is_tip = False
        self._identity = self._together = ""
        top = kit.hbox(self.identity, self.sync, gap=16)
        top.setStretch(0, 1)
        self._second = kit.hbox(self.stages, gap=16)
        self._second.setStretch(0, 1)
        self.setLayout(kit.vbox(top, self._second, gap=4))

    def show_case(self, case: CaseView, today: date, saved_at: str) -> None:
        """Show *case*; *saved_at* is when it was last saved on this computer, or ""."""
        row = case.row
        self._is_tip = row.tip is not None
        self.stages.setHidden(self._compact or self._is_tip)
        self.sync.setText(self._sync(case, saved_at))
        if row.tip is not None:
            kind = SMALL_LISTS["stage"].label(TIP)
            urgency = SMALL_LISTS["tip_urgency"].label(row.tip.urgency)
            self._identity = f"{row.file_no} – {kind} – {urgency} – {tip_state(row.tip)}"
            self._show_identity()
            return
        status = _(SHORT_STATUS.get(row.status, SHORT_STATUS[""]))
        who = person_words({"sex": row.sex, "birth": row.birth}, today)
        self._identity = f"{row.file_no} – {who} – {status}"
        shut = _("restricted")
        if case.of("restriction"):
            self._identity = f"{self._identity} – {shut}"
        self._show_identity()
        self.stages.show_stage(row.stage)

    def show_group(self, group: Group | None) -> None:
        """Show with how many others the person was received."""
        self._together = together_words(group)
        self._show_identity()

    def _show_identity(self) -> None:
        parts = [part for part in (self._identity, self._together) if part]
        self.identity.setText(" – ".join(parts) if self._identity else "")

    def take(self, label: QWidget) -> None:
        """Give *label* the place right of the stages."""
        self._second.addWidget(label)

    def set_compact(self, on: bool) -> None:
        """With large text on a small screen only the identity stays."""
        self._compact = on
        self.stages.setHidden(on or self._is_tip)
        self.sync.setHidden(on)

    @staticmethod
    def _sync(case: CaseView, saved_at: str) -> str:
        here = (
            _("Saved at {time} on this PC").format(time=saved_at)
            if saved_at
            else _("Saved on this PC")
        )
        return f"{here} · {CaseHead._carried(case)}"

    @staticmethod
    def _carried(case: CaseView) -> str:
        match case.row.sync:
            case "received":
                day = case.received_on[:10]
                if not day:
                    return _("received by the province")
                shown = parsing.show_date(date.fromisoformat(day))
                return _("received by the province on {date}").format(date=shown)
            case "carried" if case.sent_on:
                when = parsing.show_moment(case.sent_on)
                return _("sent to the hub on {when}").format(when=when)
            case "carried":
                return _("written to the stick")
        return _("not sent yet")


def due_words(due: date | datetime | None, today: date) -> str:
    """When something is due and how far that is."""
    if due is None:
        return _("no period in the rules")
    day = due.date() if isinstance(due, datetime) else due
    shown = parsing.show_date(day)
    if isinstance(due, datetime):
        shown = f"{due:%H:%M} {shown}"
    return f"{shown} ({parsing.distance(day, today)})"


class NextBar(QFrame):
    """The next step: what, by when, because of which article, with one button.

    Signals:
        wanted: the officer acts; Emits: the step (``NextStep``) and how: letter, phone, step, open.
    """

    wanted = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("next_step")
        self.setProperty("role", "notice")
        self._icon = kit.IconLabel("clock", "accent", 20)
        self._what = kit.label("", "label", name="next_what")
        self._when = kit.label("", name="next_when")
        self._step: NextStep | None = None
        self.phone = self._button(_("Done by &telephone"), "next_phone", "phone", "phone")
        self.act = self._button("", "next_act", "", "", role="primary")
        words = kit.vbox(self._what, self._when, gap=0)
        head = kit.hbox(self._icon, words, gap=12)
        head.setStretch(1, 1)
        buttons = kit.hbox(self.phone, self.act, None, gap=12)
        self._row = kit.hbox(head, buttons, margins=(12, 8, 12, 8), gap=12)
        self._row.setStretch(0, 1)
        self.setLayout(self._row)
        self.show_steps((), date.min)

    def _button(self, text: str, name: str, how: str, icon: str, role: str = "") -> Any:
        act: Callable[[], None] = lambda: self.wanted.emit(self._step, how or self._how)  # noqa: E731
        return kit.button(text, name, act, icon=icon, role=role)

    def set_compact(self, on: bool) -> None:
        """With large text on a small screen the details are left to the section."""
        self._when.setHidden(on)
        direction = self._row.Direction
        self._row.setDirection(direction.TopToBottom if on else direction.LeftToRight)

    def show_steps(self, steps: Sequence[NextStep], today: date, *, own: bool = True) -> None:
        """Show the most urgent of *steps*; hidden when nothing runs.

        *own* tells that this desk is the commune's, which writes the letters.
        """
        running = [s for s in steps if s.state is not State.NOT_STARTED and s.due is not None]
        waiting = [s for s in steps if s.state is State.NOT_STARTED and s.step]
        self._step = next(iter(running or waiting), None)
        self.setVisible(self._step is not None)
        if self._step is None:
            return
        step = self._step
        late = step.state is State.OVERDUE
        tone = "late" if late else "due" if step.due is not None else ""
        kit.retone(self, tone if late else "")
        self._icon.set_icon("late" if late else "clock", tone or "accent")
        when = due_words(step.due, today) if step.due else ""
        if late:
            when = _("overdue, {when}").format(when=when)
        what = _("Next step: {what}").format(what=step.label)
        self._what.setText(f"{what} – {when}" if when else what)
        kit.retone(self._what, "late" if late else "")
        self._when.setText(f"{step.todo} ({step.citation})" if step.citation else step.todo)
        self.setAccessibleName(f"{self._what.text()}. {self._when.text()}")
        letter = step.action == "letter" and own
        self._how = "letter" if letter else "step" if step.step else "open"
        self.act.setText(
            {"letter": _("Write the &letter"), "step": _("&Note it as done")}.get(
                self._how, _("Open the &section")
            )
        )
        self.act.setAccessibleName(self.act.text().replace("&", ""))
        self.phone.setVisible(letter)
