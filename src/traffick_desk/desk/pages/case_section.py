"""One section of a case, made from its plan: records that are read, and edited in place."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.editors import Choice
from traffick_desk.desk.host import Host
from traffick_desk.desk.in_turns import InTurns
from traffick_desk.desk.pages.aid_card import SectionHead
from traffick_desk.desk.pages.case_plans import OF_A_PERSON
from traffick_desk.desk.pages.case_writer import CaseWriter
from traffick_desk.desk.pages.checking import checker_of
from traffick_desk.desk.pages.plans import FormPlan, ListPlan, SectionPlan
from traffick_desk.desk.pages.record_list import Line, RecordList
from traffick_desk.desk.pages.record_part import RecordPart
from traffick_desk.desk.pages.section_list import CHOOSE, DONE, EMPTY
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_tip import TIP_STAGES
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.values import moment
from traffick_desk.i18n import _
from traffick_desk.services.views import CaseView, RecordView


def person_choices(host: Host, case: CaseView) -> list[Choice]:
    """The persons of a case to choose from, the main person first."""
    return [
        Choice(
            person.id,
            host.privacy.name(person.get("name") or _("without a name")),
            "" if person.get("role") == "main" else _("accompanying person under 18"),
        )
        for person in case.persons
    ]


def stage_choices() -> list[Choice]:
    """The stages of a case of a person; a tip is no stage that it could go to."""
    stages = SMALL_LISTS["stage"]
    return [Choice(c, stages.label(c)) for c in stages.codes() if c not in TIP_STAGES]


def records_for(plan: FormPlan | ListPlan, case: CaseView) -> tuple[RecordView, ...]:
    """The records of a plan, voided ones last; persons by their role."""
    role = plan.fixed.get("role") if plan.record == "person" else None
    return tuple(
        r for r in case.records.get(plan.record, ()) if role is None or r.get("role") == role
    )


# Days that are nearly always the one on which they are written down.
_TODAY = frozenset({"assessed_on", "sent_on", "paid_on"})


class CaseSection(QWidget):
    """The parts of one section, built in turns so that the window hears keys in between.

    Attributes:
        stands: whether all of it is built; :meth:`show_case` and what subclasses add need that.

    Signals:
        built: all of it stands now.
        edited: something was typed, or a form opened or closed.
        paper_wanted: a paper is to be made; Emits: form, person and record id, "" for any.
        section_wanted: another section is to be shown; Emits: its key.
    """

    built = Signal()
    edited = Signal()
    paper_wanted = Signal(str, str, str)
    section_wanted = Signal(str)

    def __init__(self, plan: SectionPlan, host: Host, writer: CaseWriter, case: CaseView) -> None:
        super().__init__()
        self.plan, self.host, self.writer = plan, host, writer
        self.setObjectName(f"section_{plan.key}")
        self.several = len(case.persons) > 1
        self.main_id = case.persons[0].id if case.persons else ""
        persons = person_choices(host, case)
        self.context = host.context.with_choices(
            person=persons, accompanies=persons, stage=stage_choices()
        )
        self.head = SectionHead(plan.key)
        self._parts: dict[str, tuple[FormPlan | ListPlan, RecordPart | RecordList]] = {}
        self._shown: dict[RecordPart | RecordList, CaseView] = {}
        self.column = kit.vbox(self.head, gap=16)
        self.setLayout(self.column)
        self.stands = False
        self._building = InTurns(
            [*(partial(self._build, part, case) for part in plan.parts), lambda: self._end(case)],
            self,
        )

    def _build(self, plan: FormPlan | ListPlan, case: CaseView) -> None:
        made = self._form(plan) if isinstance(plan, FormPlan) else self._list(plan)
        self._parts[plan.name or plan.record] = (plan, made)
        self._show_part(plan, made, case)
        self.column.addWidget(made)

    def _end(self, case: CaseView) -> None:
        self.more()
        self.column.addStretch(1)
        self.stands = True
        self.show_case(case)
        self.built.emit()

    def finish(self) -> None:
        """Build at once what does not stand yet."""
        self._building.finish()

    @property
    def parts(self) -> Mapping[str, tuple[FormPlan | ListPlan, RecordPart | RecordList]]:
        """Name → plan and part, all of them."""
        self.finish()
        return self._parts

    def more(self) -> None:
        """Sections with more than records add it here."""

    # -- building --------------------------------------------------------------------------

    def _form(self, plan: FormPlan) -> RecordPart:
        part = RecordPart(
            REGISTRY[plan.record],
            self.context,
            name=plan.name or plan.record,
            fields=plan.fields,
            title=_(plan.title),
            required=plan.required,
            fixed=self._fixed(plan),
        )
        self._watch(plan.record, part)
        return part

    def _list(self, plan: ListPlan) -> RecordList:
        asks = self.several and plan.record in OF_A_PERSON
        fields = (*plan.fields, "person") if asks else plan.fields
        part = RecordList(
            REGISTRY[plan.record],
            self.context,
            title=_(plan.title),
            add=_(plan.add),
            fields=fields,
            line=(*plan.line, "person") if asks else plan.line,
            fixed=self._fixed(plan),
            suggest=lambda: self._suggested(plan.record),
            empty=_(plan.empty),
            reason=True,
            groups={first: _(words) for first, words in plan.groups.items()},
            name=plan.name,
        )
        self._watch(plan.record, part)
        part.removed.connect(lambda record, reason: self.writer.void(plan.record, record, reason))
        return part

    def _fixed(self, plan: FormPlan | ListPlan) -> dict[str, Any]:
        fixed = dict(plan.fixed)
        if plan.name == "minor" if isinstance(plan, ListPlan) else False:
            fixed["accompanies"] = self.main_id
        asked = self.several and isinstance(plan, ListPlan)
        if plan.record in OF_A_PERSON and not asked:
            fixed["person"] = self.main_id
        return fixed

    def _suggested(self, record: str) -> Mapping[str, Any]:
        suggestion: dict[str, Any] = {}
        if record in OF_A_PERSON and self.several:
            suggestion["person"] = self.main_id
        now = self.host.context.now()
        for name in REGISTRY[record].by_name:
            if name == "at":
                suggestion[name] = moment(now)
            elif name in _TODAY:
                suggestion[name] = now.date().isoformat()
        return suggestion

    def _watch(self, record: str, part: RecordPart | RecordList) -> None:
        part.submitted.connect(
            lambda record_id, changes: self.writer.save(part, record, record_id, changes)
        )
        part.edited.connect(self.edited)
        part.opened.connect(lambda _open: self.edited.emit())

    # -- showing ---------------------------------------------------------------------------

    def show_case(self, case: CaseView) -> None:
        """Show the records of *case*; open forms stay open."""
        for plan, part in self.parts.values():
            self._show_part(plan, part, case)

    def _show_part(
        self, plan: FormPlan | ListPlan, part: RecordPart | RecordList, case: CaseView
    ) -> None:
        if self._shown.get(part) is case:
            return
        self._shown[part] = case
        part.check = checker_of(case, plan.record, part.edited_id, self.host.context.now)
        records = records_for(plan, case)
        if isinstance(part, RecordList):
            part.show_lines([_line(r) for r in records])
        else:
            valid = [r for r in records if r.voided is None]
            part.show_record(valid[0] if valid else None)

    def open_first(self) -> None:
        """F2: open the first form."""
        for _plan, part in self.parts.values():
            if isinstance(part, RecordPart) or part.chosen() is not None:
                part.change()
            else:
                part.add()
            return

    def submit(self) -> None:
        """Ctrl+Enter: hand over the form that holds the focus, or the only one that is open."""
        opened = [p for _plan, p in self.parts.values() if p.is_open()]
        focus = QApplication.focusWidget()
        here = [p for p in opened if focus is not None and p.isAncestorOf(focus)] or opened
        if here:
            here[0].submit()

    def open_drafts(self) -> dict[str, Any]:
        """What the open forms hold, by name of the part."""
        found = {name: part.draft() for name, (_plan, part) in self._parts.items()}
        return {name: typed for name, typed in found.items() if typed}

    def restore(self, drafts: Mapping[str, Any]) -> None:
        """Open the forms again with what they held."""
        for name, typed in drafts.items():
            if name in self.parts:
                self.parts[name][1].restore(typed)


def _line(record: RecordView) -> Line:
    tone = "due" if record.conflicts else ""
    return Line(record.id, record.values, record.heads, tone=tone, voided=record.voided or "")


def section_state(plan: SectionPlan, case: CaseView) -> str:
    """How a section is marked in the list."""
    records = [r for part in plan.parts for r in records_for(part, case) if r.voided is None]
    if any(r.conflicts for r in records):
        return CHOOSE
    if plan.key == "frame":
        return EMPTY
    return DONE if records else EMPTY
