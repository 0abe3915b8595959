"""One section of a new intake: its forms and lists, and what was typed in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.editors import Context
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.in_turns import InTurns
from traffick_desk.desk.pages.aid_card import SectionHead
from traffick_desk.desk.pages.checking import Watch
from traffick_desk.desk.pages.conditions import Conditions, remark_on_age
from traffick_desk.desk.pages.plans import FormPlan, ListPlan, SectionPlan
from traffick_desk.desk.pages.record_list import Line, RecordList
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.desk.pages.section_list import DONE, EMPTY, PROBLEM, SOME
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.validation import Problem
from traffick_desk.i18n import _
from traffick_desk.services.base import new_id

# (record type, its id or "" for the one that the forms hold, values) → what does not fit.
RecordCheck = Callable[[str, str, Mapping[str, Any]], list[Problem]]
_NEW_RECORD = "new"


class IntakeSection(QWidget):
    """One section with its forms and lists. What is typed lives here until the case is opened.

    Signals:
        edited: something was typed; Emits: record type and field ("" for a list).
    """

    edited = Signal(str, str)

    def __init__(self, plan: SectionPlan, context: Context, check: RecordCheck) -> None:
        """Make the section; *check* judges a record beside all the others of the intake."""
        super().__init__()
        self.plan, self._check = plan, check
        self.setObjectName(f"section_{plan.key}")
        self._context = context
        self.head = SectionHead(plan.key)
        self._forms: list[tuple[FormPlan, RecordForm, Conditions]] = []
        self._watches: list[Watch] = []
        self._lists: list[tuple[ListPlan, RecordList]] = []
        self._rows: dict[str, list[Line]] = {}
        self.visited = False
        self._column = kit.vbox(self.head, gap=16)
        self._column.addStretch(1)
        self.setLayout(self._column)
        # The first part is there at once, the others in turns or when somebody asks for them.
        first, *others = plan.parts
        self._build(first)
        self._building = InTurns([partial(self._build, part) for part in others], self)

    def _build(self, part: FormPlan | ListPlan) -> None:
        made = self._form(part) if isinstance(part, FormPlan) else self._list(part)
        self._column.insertWidget(self._column.count() - 1, made)

    @property
    def forms(self) -> list[tuple[FormPlan, RecordForm, Conditions]]:
        """The forms of the section, in order."""
        self._building.finish()
        return self._forms

    @property
    def lists(self) -> list[tuple[ListPlan, RecordList]]:
        """The lists of records of the section, in order."""
        self._building.finish()
        return self._lists

    def _form(self, plan: FormPlan) -> QWidget:
        form = RecordForm(
            REGISTRY[plan.record],
            context=self._context,
            fields=plan.fields,
            required=plan.required,
            name=f"{self.plan.key}_{plan.record}_{len(self._forms)}",
            keys=False,
        )
        conditions = Conditions(form, plan.fixed)
        form.edited.connect(lambda name: self._typed(plan, form, name))
        form.finished.connect(self._onward)
        self._forms.append((plan, form, conditions))
        self._watches.append(
            Watch(
                form,
                lambda: {**plan.fixed, **self.values(plan.record)},
                lambda values: self._check(plan.record, "", values),
            )
        )
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
        made.check = lambda values: self._check(plan.record, made.editing or _NEW_RECORD, values)
        key = plan.name or plan.record
        self._rows[key] = []
        made.submitted.connect(lambda record, values: self._kept(plan, made, record, values))
        made.removed.connect(lambda record, _reason: self._taken_out(plan, made, record))
        made.edited.connect(lambda: self.edited.emit(plan.record, ""))
        made.opened.connect(lambda _open: self.edited.emit(plan.record, ""))
        self._lists.append((plan, made))
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
        """Whether nothing at all was typed; in a part that does not stand yet nothing was."""
        return (
            not any(form.draft() for _plan, form, _conditions in self._forms)
            and not any(self._rows.values())
            and not any(made.is_open() for _plan, made in self._lists)
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

    def suggest(self, record: str, values: Mapping[str, Any], words: str = "") -> None:
        """Fill *values* in; *words* stand beside each, by default beside the first of a form."""
        for plan, form, conditions in self.forms:
            mine = {n: v for n, v in values.items() if n in form.names()}
            if plan.record != record or not mine:
                continue
            form.suggest(mine)
            conditions.apply()
            for name in mine if words else list(mine)[:1]:
                form.box(name).say(words or _("Proposed; change it if it is not so."), "accent")

    # -- checking --------------------------------------------------------------------------

    def check(self) -> bool:
        """Show what cannot be saved and go to the first; true when all can."""
        for _plan, made in self.lists:
            if not made.submit():
                return False
        for (plan, form, conditions), watch in zip(self.forms, self._watches, strict=True):
            problems = conditions.problems(saving=True) or watch.impossible()
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
        go_to(form.editor(next(iter(problems))))

    def form_with(self, record: str, name: str) -> RecordForm | None:
        """The form that asks field *name* of record type *record*."""
        return next(
            (f for p, f, _c in self.forms if p.record == record and name in f.names()), None
        )

    def state(self) -> str:
        """How far the section is, as the list of sections marks it."""
        if any(c.problems() for _plan, _form, c in self._forms):
            return PROBLEM
        if self.is_empty():
            return EMPTY
        if self.plan.key_fields:
            full = all(self.values(r).get(n) for r, n in self.plan.key_fields)
            return DONE if full else SOME
        return DONE if any(self._rows.values()) else SOME

    def first_field(self) -> None:
        """Go to the first field, or to the first button of a list."""
        if self._forms:
            form = self._forms[0][1]
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
            go_to(following.editor(following.names()[0]))
        else:
            self.focusNextChild()
