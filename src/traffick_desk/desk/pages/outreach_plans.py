"""Plans with numbered tasks, red where late; inspections and what must follow from them."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from traffick_desk.desk import kit, parsing
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.case_lists import SmallTable
from traffick_desk.desk.pages.unit_panel import UnitPanel
from traffick_desk.domain.counts import Count
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.prevention.commands import SavePlans
from traffick_desk.services.prevention.lists import OutreachFilter, OutreachList
from traffick_desk.services.prevention.plans import (
    PERCENT,
    Inspections,
    InspectionView,
    Plans,
    PlanView,
    Task,
)
from traffick_desk.services.roles import PLANS_WRITE, may
from traffick_desk.services.views import RecordView

_LOOKS = {"done": ("ok", "ok"), "late": ("late", "late"), "open": ("clock", "due")}


class PlansTab(QWidget):
    """The plan that is chosen with its tasks; below it the inspections.

    Signals:
        behind: the activities of a task are to be shown; Emits: their ids and words.
    """

    behind = Signal(object, str)

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("prevention_plans")
        self._host = host
        self._plans: tuple[PlanView, ...] = ()
        self._inspections: tuple[InspectionView, ...] = ()
        self.panel = UnitPanel(host, "plan")
        self.which = QuietCombo()
        self.which.setObjectName("plan_which")
        self.which.setAccessibleName(_("Plan"))
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.which.activated.connect(lambda _index: self._show_tasks())
        self.about = kit.label("", "muted", name="plan_about")
        self.tasks = SmallTable(
            "plan_tasks",
            _("Tasks of the plan"),
            (_("No."), _("What is to be done"), _("Target"), _("Reached"), _("Until"), _("State")),
            shares=(1, 7, 2, 3, 2, 3),
        )
        self.tasks.doubleClicked.connect(lambda _index: self.change_task())
        self.empty = kit.label(
            _(
                "No plan yet. Write down the plan with its number and time, then its tasks with "
                "their targets. What can be counted is counted from the data."
            ),
            "muted",
        )
        new_plan = kit.button(_("New &plan"), "plan_new", self.new_plan, icon="plus")
        edit_plan = kit.button(_("Change the plan"), "plan_change", self.change_plan)
        self.new_task_button = kit.button(_("New tas&k"), "task_new", self.new_task, icon="plus")
        self.task_button = kit.button(_("Open the task"), "task_open", self.change_task)
        self.behind_button = kit.button(
            _("Its activities"), "task_behind", self._behind, role="quiet"
        )
        self.findings = SmallTable(
            "inspection_table",
            _("Inspections and findings"),
            (_("Day"), _("What"), _("Who"), _("Until"), _("State")),
            shares=(2, 8, 4, 2, 3),
        )
        self.findings.doubleClicked.connect(lambda _index: self.change_finding())
        self.no_inspection = kit.label(
            _("No inspection yet. What must follow from one stands on Today until it is done."),
            "muted",
        )
        new_inspection = kit.button(
            _("New &inspection"), "inspection_new", self.new_inspection, icon="plus"
        )
        self.new_finding_button = kit.button(
            _("New &finding"), "finding_new", self.new_finding, icon="plus"
        )
        open_finding = kit.button(_("Open"), "finding_open", self.change_finding)
        writes = may(host.desk.info.role, PLANS_WRITE)
        for button in (
            new_plan, edit_plan, self.new_task_button, self.task_button, new_inspection,
            self.new_finding_button, open_finding,
        ):  # fmt: skip
            button.setVisible(writes)
        self._writes = writes
        self.setLayout(
            kit.vbox(
                self.panel,
                kit.card(
                    kit.hbox(kit.label(_("Plans"), "heading", wrap=False), self.which, None),
                    self.about,
                    self.empty,
                    self.tasks,
                    kit.buttons(
                        self.new_task_button, self.task_button, self.behind_button, new_plan,
                        edit_plan,
                    ),
                    gap=12,
                ),
                kit.card(
                    kit.label(_("Inspections"), "heading"),
                    self.no_inspection,
                    self.findings,
                    kit.buttons(new_inspection, self.new_finding_button, open_finding),
                    gap=12,
                ),
                None,
                gap=16,
            )
        )  # fmt: skip
        self.setFocusProxy(self.which)

    # -- reading -----------------------------------------------------------------------------

    def read(self) -> None:
        """Read plans and inspections."""
        self._host.ask(Plans(), self._show, owner=self)
        self._host.ask(Inspections(), self._show_inspections, owner=self)

    def _show(self, found: tuple[PlanView, ...]) -> None:
        kept = self.which.currentData()
        self._plans = found
        self.which.clear()
        for plan in found:
            self.which.addItem(_plan_words(plan), plan.record.id)
        self.which.setCurrentIndex(max(self.which.findData(kept), 0) if found else -1)
        self.which.setVisible(bool(found))
        self.empty.setVisible(not found)
        self.new_task_button.setEnabled(bool(found))
        self._show_tasks()

    def plan(self) -> PlanView | None:
        """The plan that is shown."""
        wanted = self.which.currentData()
        return next((p for p in self._plans if p.record.id == wanted), None)

    def _show_tasks(self) -> None:
        plan = self.plan()
        tasks = plan.tasks if plan is not None else ()
        self.tasks.show_rows([(_task_cells(t), _LOOKS.get(t.state, ("", "")), t) for t in tasks])
        text = ""
        if plan is not None:
            text = ngettext("{n} task", "{n} tasks", len(tasks)).format(n=len(tasks))
            if plan.late:
                text += " · " + _("late: {n}").format(n=plan.late)
            if plan.unit_name:
                text += f" · {plan.unit_name}"
        self.about.setText(text)

    def _show_inspections(self, found: tuple[InspectionView, ...]) -> None:
        self._inspections = found
        today = self._host.context.now().date().isoformat()
        rows: list[Any] = []
        for view in found:
            record = view.record
            look = (
                ("late", "late") if view.late else ("clock", "due") if view.open else ("ok", "ok")
            )
            said = (
                _("open findings: {n}").format(n=view.open) if view.open
                else _("nothing open") if view.findings else ""
            )  # fmt: skip
            cells = (_day(record.get("held_on")), str(record.get("subject") or ""),
                     str(record.get("body") or ""), "", said)  # fmt: skip
            rows.append((cells, look, record))
            rows += [
                (_finding_cells(one, today), _finding_look(one, today), one)
                for one in view.findings
            ]
        self.findings.show_rows(rows)
        self.no_inspection.setVisible(not found)
        self.new_finding_button.setEnabled(bool(found))

    # -- forms -------------------------------------------------------------------------------

    def _open(self, type_name: str, title: str, **more: Any) -> None:
        if self._writes:
            self.panel.open(type_name, title, SavePlans, **more)

    def new_plan(self) -> None:
        """Write down a plan; of this year, until it is said otherwise."""
        year = self._host.context.now().year
        suggest = {"since": f"{year}-01-01", "until": f"{year}-12-31"}
        self._open("plan", _("New plan"), suggest=suggest)

    def change_plan(self) -> None:
        """Change the plan that is shown."""
        plan = self.plan()
        if plan is not None:
            self._open("plan", str(plan.record.get("title")), record=plan.record)

    def new_task(self) -> None:
        """Write down a task of the plan that is shown."""
        plan = self.plan()
        if plan is None:
            return
        self._open(
            "plan_task",
            _("New task"),
            fixed={"plan": plan.record.id},
            unit=str(plan.record.get("unit")),
            suggest={"number": str(len(plan.tasks) + 1), "due": str(plan.record.get("until"))},
        )

    def change_task(self) -> None:
        """Change the chosen task."""
        chosen: Task | None = self.tasks.chosen()
        if chosen is not None:
            title = str(chosen.record.get("what"))
            self._open("plan_task", title, record=chosen.record, hide=("plan",))

    def _behind(self) -> None:
        chosen: Task | None = self.tasks.chosen()
        if chosen is None:
            return
        words = _("Activities of the task “{task}”").format(task=chosen.record.get("what"))
        query = OutreachList(OutreachFilter(task=chosen.record.id), limit=100_000)
        self._host.ask(
            query,
            lambda page: self.behind.emit(tuple(r.entry.id for r in page.rows) or ("-",), words),
            owner=self,
        )

    def new_inspection(self) -> None:
        """Write down an inspection."""
        today = self._host.context.now().date().isoformat()
        self._open("inspection", _("New inspection"), suggest={"held_on": today})

    def new_finding(self) -> None:
        """Write down a finding of the chosen inspection, or of the newest."""
        chosen: RecordView | None = self.findings.chosen()
        of = self._inspections[0].record if self._inspections else None
        if chosen is not None:
            wanted = chosen.id if chosen.type == "inspection" else chosen.get("inspection")
            of = next((i.record for i in self._inspections if i.record.id == wanted), of)
        if of is None:
            return
        self._open(
            "finding",
            _("Finding of the inspection “{what}”").format(what=of.get("subject")),
            fixed={"inspection": of.id},
            unit=str(of.get("unit")),
        )

    def change_finding(self) -> None:
        """Change the chosen inspection or finding."""
        chosen: RecordView | None = self.findings.chosen()
        if chosen is None:
            return
        hide = ("inspection",) if chosen.type == "finding" else ()
        title = str(chosen.get("what") or chosen.get("subject"))
        self._open(chosen.type, title, record=chosen, hide=hide)


def _plan_words(plan: PlanView) -> str:
    record = plan.record
    number = f"{record.get('number')} · " if record.get("number") else ""
    first, last = str(record.get("since"))[:4], str(record.get("until"))[:4]
    years = first if first == last else f"{first}–{last}"
    return f"{number}{record.get('title')} ({years})"


def _task_cells(task: Task) -> tuple[str, ...]:
    record, measured = task.record, task.measured
    sign = "\u00a0%" if record.get("target_unit") == PERCENT else ""
    target = record.get("target")
    if measured.note == "hidden":
        reached = _("seen by who reads cases")
    elif measured.value is None:
        reached = _("no victim yet") if measured.of == 0 else _("not told")
    else:
        reached = Count(measured.value, measured.at_least).shown() + sign
        if measured.of:
            reached += " " + _("of {n}").format(n=measured.of)
    states = {
        "done": _("reached"), "late": _("late"), "open": _("under way"), "unknown": _("not told"),
    }  # fmt: skip
    return (
        str(record.get("number") or ""),
        str(record.get("what") or ""),
        "" if target is None else parsing.show_integer(int(target)) + sign,
        reached,
        _day(record.get("due")),
        states[task.state],
    )


def _finding_cells(finding: RecordView, today: str) -> tuple[str, ...]:
    what = str(finding.get("what") or "")
    if finding.get("to_do"):
        what = f"{what} → {finding.get('to_do')}"
    due = str(finding.get("due") or "")
    if finding.get("done_on"):
        state = _("done on {day}").format(day=_day(finding.get("done_on")))
    else:
        state = _("late") if due and due < today else _("open")
    return ("", what, str(finding.get("who") or ""), _day(due), state)


def _finding_look(finding: RecordView, today: str) -> tuple[str, str]:
    if finding.get("done_on"):
        return ("ok", "ok")
    due = str(finding.get("due") or "")
    return ("late", "late") if due and due < today else ("clock", "due")


def _day(value: Any) -> str:
    return parsing.show_date(date.fromisoformat(str(value))) if value else ""
