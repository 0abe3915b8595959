"""The sections of a new intake: which forms and lists each holds, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.editors import Context
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.pages.aid_card import SectionHead
from traffick_desk.desk.pages.conditions import Conditions, remark_on_age
from traffick_desk.desk.pages.record_list import Line, RecordList, leave_keys_to_page
from traffick_desk.desk.pages.section_list import DONE, EMPTY, PROBLEM, SOME
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import N_, _
from traffick_desk.services.base import new_id


@dataclass(frozen=True, slots=True)
class FormPlan:
    """One form of a section.

    Attributes:
        record: record type.
        fields: what is asked.
        title: subheading, English source text.
        required: what must be there.
        whole: field without which the record makes no sense, once anything is filled in.
    """

    record: str
    fields: tuple[str, ...]
    title: str = ""
    required: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListPlan:
    """One list of records of a section."""

    record: str
    fields: tuple[str, ...]
    title: str
    add: str
    empty: str = ""
    line: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """One section.

    Attributes:
        key: name; also that of its job aid.
        title: in the list of sections, English source text.
        parts: forms and lists from top to bottom.
        key_fields: (record, field) that make the section count as filled in.
    """

    key: str
    title: str
    parts: tuple[FormPlan | ListPlan, ...]
    key_fields: tuple[tuple[str, str], ...] = ()


NAMES = ListPlan(
    "person_name",
    ("kind", "name"),
    N_("Other names"),
    N_("Add a name"),
    N_("Also called, earlier name, name used abroad. Helps to find the person again."),
    line=("name", "kind"),
)
PAPERS = ListPlan(
    "identity_paper",
    ("kind", "number", "issued_on", "issued_by", "state"),
    N_("Identity papers"),
    N_("Add a paper"),
    N_("None written yet. Support does not depend on papers."),
    line=("kind", "number", "state"),
)
ADDRESSES = ListPlan(
    "address",
    ("kind", "unit", "old_unit", "line", "country", "do_not_print"),
    N_("Addresses"),
    N_("Add an address"),
    N_("None written yet. The commune or province alone is a good start."),
    line=("kind", "line", "unit", "old_unit", "country"),
)
MINORS = ListPlan(
    "person",
    ("name", "sex", "birth", "citizenship", "permanent_resident", "insured", "note"),
    N_("Accompanying persons under 18"),
    N_("Add a child"),
    N_(
        "None written yet. A child of the person, or a younger sister she looks after, belongs "
        "here."
    ),
    line=("name", "sex", "birth", "citizenship"),
    fixed={"role": "accompanying"},
    name="minor",
)
GIVEN = ListPlan(
    "given_item",
    ("item", "quantity", "given_on", "note"),
    N_("Given at once"),
    N_("Add what was given"),
    N_("Nothing written yet. Meals, clothes, a bed, medicine: each with its quantity."),
    line=("item", "quantity", "note"),
)

PLANS: tuple[SectionPlan, ...] = (
    SectionPlan(
        "identity",
        N_("Identity"),
        (
            FormPlan(
                "person",
                ("name", "sex", "birth", "citizenship", "permanent_resident", "ethnicity"),
                required=("name",),
                fixed={"role": "main"},
            ),
            FormPlan(
                "person",
                ("languages", "interpreter", "literacy", "education", "phone", "insured"),
                N_("Language, reading, health card"),
                fixed={"role": "main"},
            ),
            NAMES,
        ),
        (("person", "name"), ("person", "sex"), ("person", "birth"), ("person", "citizenship")),
    ),
    SectionPlan("papers", N_("Papers and addresses"), (PAPERS, ADDRESSES)),
    SectionPlan("minors", N_("Accompanying persons under 18"), (MINORS,)),
    SectionPlan(
        "reception",
        N_("Reception"),
        (
            FormPlan(
                "reception",
                ("at", "place", "from_body", "from_country", "from_officer", "paper_no"),
                required=("at",),
                whole=("at",),
            ),
            FormPlan("case", ("return_form", "group_name")),
            FormPlan("reception", ("condition", "urgent"), N_("Condition and urgent needs")),
            GIVEN,
            FormPlan("reception", ("support_from", "note"), N_("Support begins")),
        ),
        (("reception", "at"), ("reception", "place"), ("reception", "from_body")),
    ),
    SectionPlan(
        "account",
        N_("The account"),
        (
            FormPlan(
                "account",
                ("state", "exploitation", "acts", "means", "countries", "began", "ended", "story"),
                whole=("state",),
            ),
        ),
        (("account", "state"),),
    ),
    SectionPlan(
        "consent",
        N_("Consent to sharing"),
        (FormPlan("consent", ("given", "asked_on", "giver", "scope", "note"), whole=("given",)),),
        (("consent", "given"),),
    ),
    SectionPlan(
        "status",
        N_("Legal status"),
        (
            FormPlan(
                "status",
                (
                    "status",
                    "since",
                    "trafficked_in",
                    "body",
                    "old_province",
                    "paper_no",
                    "paper_on",
                ),
                whole=("status", "since"),
            ),
        ),
        (("status", "status"), ("status", "since")),
    ),
)


class IntakeSection(QWidget):
    """One section with its forms and lists. What is typed lives here until the case is opened.

    Signals:
        edited: something was typed; Emits: record type and field ("" for a list).
    """

    edited = Signal(str, str)

    def __init__(self, plan: SectionPlan, context: Context) -> None:
        super().__init__()
        self.plan = plan
        self.setObjectName(f"section_{plan.key}")
        self._context = context
        self.head = SectionHead(plan.key)
        self.forms: list[tuple[FormPlan, RecordForm, Conditions]] = []
        self.lists: list[tuple[ListPlan, RecordList]] = []
        self._rows: dict[str, list[Line]] = {}
        self.visited = False
        column = kit.vbox(self.head, gap=16)
        for part in plan.parts:
            column.addWidget(self._form(part) if isinstance(part, FormPlan) else self._list(part))
        column.addStretch(1)
        self.setLayout(column)

    def _form(self, plan: FormPlan) -> QWidget:
        form = RecordForm(
            REGISTRY[plan.record],
            context=self._context,
            fields=plan.fields,
            required=plan.required,
            name=f"{self.plan.key}_{plan.record}_{len(self.forms)}",
        )
        leave_keys_to_page(form)
        conditions = Conditions(form, plan.fixed)
        form.edited.connect(lambda name: self._typed(plan, form, name))
        form.finished.connect(self._onward)
        self.forms.append((plan, form, conditions))
        head = [kit.label(_(plan.title), "subheading")] if plan.title else []
        return kit.panel(kit.vbox(*head, form, gap=8))

    def _list(self, plan: ListPlan) -> QWidget:
        made = RecordList(
            REGISTRY[plan.record],
            self._context,
            title=_(plan.title),
            add=_(plan.add),
            fields=plan.fields,
            line=plan.line,
            fixed=plan.fixed,
            empty=_(plan.empty),
            name=plan.name,
        )
        key = plan.name or plan.record
        self._rows[key] = []
        made.submitted.connect(lambda record, values: self._kept(plan, made, record, values))
        made.removed.connect(lambda record, _reason: self._taken_out(plan, made, record))
        made.edited.connect(lambda: self.edited.emit(plan.record, ""))
        made.opened.connect(lambda _open: self.edited.emit(plan.record, ""))
        self.lists.append((plan, made))
        return made

    # -- what is typed ---------------------------------------------------------------------

    def values(self, record: str) -> dict[str, Any]:
        """The values of the record of type *record* in the forms of this section."""
        found: dict[str, Any] = {}
        for plan, _form, conditions in self.forms:
            if plan.record == record:
                found |= conditions.values()
        return found

    def rows(self, key: str) -> list[Line]:
        """The records of list *key*."""
        return self._rows.get(key, [])

    def is_empty(self) -> bool:
        """Whether nothing at all was typed."""
        return (
            not any(form.draft() for _plan, form, _conditions in self.forms)
            and not any(self._rows.values())
            and not any(made.is_open() for _plan, made in self.lists)
        )

    def draft(self) -> dict[str, Any]:
        """Everything typed, as JSON."""
        forms = {form.objectName(): form.draft() for _plan, form, _conditions in self.forms}
        rows = {
            key: [{"id": line.id, "values": dict(line.values)} for line in lines]
            for key, lines in self._rows.items()
        }
        pending = {plan.name or plan.record: made.draft() for plan, made in self.lists}
        return {
            "forms": {name: typed for name, typed in forms.items() if typed},
            "rows": {name: lines for name, lines in rows.items() if lines},
            "open": {name: typed for name, typed in pending.items() if typed},
        }

    def restore(self, draft: Mapping[str, Any]) -> None:
        """Put back what :meth:`draft` gave; what this version does not know is left out."""
        for _plan, form, conditions in self.forms:
            form.restore(draft.get("forms", {}).get(form.objectName(), {}))
            conditions.apply()
        for plan, made in self.lists:
            key = plan.name or plan.record
            self._rows[key] = [
                Line(row["id"], row["values"]) for row in draft.get("rows", {}).get(key, ())
            ]
            made.show_lines(self._rows[key])
            made.restore(draft.get("open", {}).get(key))
        self.visited = self.visited or not self.is_empty()

    # -- checking --------------------------------------------------------------------------

    def check(self) -> bool:
        """Show what cannot be saved and go to the first; true when all can."""
        for _plan, made in self.lists:
            if not made.submit():
                return False
        for plan, form, conditions in self.forms:
            problems = conditions.problems(saving=True)
            missing = self._missing(plan)
            for name in missing:
                if name in form.names() and name not in problems:
                    problems[name] = _("Please fill this in, or empty the rest of this section.")
            if problems:
                self.show_problems(form, problems)
                return False
        return True

    def show_problems(self, form: RecordForm, problems: Mapping[str, str]) -> None:
        """Write each problem beside its field and go to the first."""
        for name, text in problems.items():
            form.box(name).say(text, "late")
            form.editor(name).mark(problem=True)
        form.editor(next(iter(problems))).setFocus()

    def form_with(self, record: str, name: str) -> RecordForm | None:
        """The form that asks field *name* of record type *record*."""
        return next(
            (f for p, f, _c in self.forms if p.record == record and name in f.names()), None
        )

    def state(self) -> str:
        """How far the section is, as the list of sections marks it."""
        if any(c.problems() for _plan, _form, c in self.forms):
            return PROBLEM
        if self.is_empty():
            return EMPTY
        if self.plan.key_fields:
            full = all(self.values(r).get(n) for r, n in self.plan.key_fields)
            return DONE if full else SOME
        return DONE if any(self._rows.values()) else SOME

    def first_field(self) -> None:
        """Go to the first field, or to the first button of a list."""
        if self.forms:
            form = self.forms[0][1]
            form.editor(form.names()[0]).setFocus()
        elif self.lists:
            self.lists[0][1].add_button.setFocus()

    def open_list(self) -> RecordList | None:
        """The list whose form is open and holds the focus."""
        focus = self.window().focusWidget() if self.window() else None
        for _plan, made in self.lists:
            if made.is_open() and focus is not None and made.isAncestorOf(focus):
                return made
        return None

    # -- inner -----------------------------------------------------------------------------

    def _missing(self, plan: FormPlan) -> list[str]:
        values = self.values(plan.record)
        return [n for n in plan.whole if not values.get(n)] if values else []

    def _typed(self, plan: FormPlan, form: RecordForm, name: str) -> None:
        if name == "birth":
            remark_on_age(form, self._context.now().date())
        self.edited.emit(plan.record, name)

    def _kept(
        self, plan: ListPlan, made: RecordList, record: str, values: Mapping[str, Any]
    ) -> None:
        key = plan.name or plan.record
        rows = self._rows[key]
        if record:
            merge: Callable[[Line], Line] = lambda line: Line(  # noqa: E731
                line.id, {n: v for n, v in {**line.values, **values}.items() if v is not None}
            )
            self._rows[key] = [merge(line) if line.id == record else line for line in rows]
        else:
            rows.append(Line(new_id(), dict(values)))
        made.close_form()
        made.show_lines(self._rows[key])
        self.edited.emit(plan.record, "")

    def _taken_out(self, plan: ListPlan, made: RecordList, record: str) -> None:
        key = plan.name or plan.record
        self._rows[key] = [line for line in self._rows[key] if line.id != record]
        made.show_lines(self._rows[key])
        self.edited.emit(plan.record, "")

    def _onward(self) -> None:
        forms = [form for _plan, form, _conditions in self.forms]
        here = self.sender()
        at = forms.index(here) if here in forms else -1
        if 0 <= at < len(forms) - 1:
            following = forms[at + 1]
            following.editor(following.names()[0]).setFocus()
        else:
            self.focusNextChild()
