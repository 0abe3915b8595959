"""What a value means beside the rest of the case: told when a field is left.

Only the impossible keeps from saving; what is merely unlikely stands there in
amber and may stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject

from traffick_desk.desk.form import RecordForm
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.validation import Problem, check_record
from traffick_desk.services.views import CaseView

Values = Mapping[str, Any]
Checker = Callable[[Values], list[Problem]]
# The form itself asks for what is required.
_OF_THE_FORM = frozenset({"missing"})


def no_check(_values: Values) -> list[Problem]:
    """Nothing is known about the rest."""
    return []


def checker_of(case: CaseView, record_type: str, record_id: Callable[[], str], now: Any) -> Checker:
    """Checks a record of *case* against its other records.

    Args:
        case: as it is shown.
        record_type: of the record.
        record_id: gives the id of the record that is edited, "" for a new one.
        now: the clock.
    """
    described = REGISTRY[record_type]

    def check(values: Values) -> list[Problem]:
        own = record_id()
        others = [
            (kind, {**record.values, "id": record.id})
            for kind, records in case.records.items()
            for record in records
            if record.voided is None and record.id != own
        ]
        whole = {**values, "id": own}
        if "person" in described.by_name and not values.get("person") and len(case.persons) == 1:
            # With one person in the case the form does not ask whom the record is about.
            whole["person"] = case.persons[0].id
        return check_record(described, whole, others, today=now().date())

    return check


class Watch(QObject):
    """Looks at one form whenever a field is left."""

    def __init__(self, form: RecordForm, values: Callable[[], Values], check: Checker) -> None:
        """Watch *form*; *values* gives the whole record, fields that are not shown too."""
        super().__init__(form)
        self._form, self._values, self._check = form, values, check
        for name in form.names():
            form.editor(name).left.connect(self.look)

    def problems(self) -> list[Problem]:
        """What does not fit, as far as the form has fields for it."""
        names = self._form.names()
        return [
            p
            for p in self._check(self._values())
            if p.field in names and p.code not in _OF_THE_FORM
        ]

    def impossible(self) -> dict[str, str]:
        """Field → why it cannot be saved."""
        return {p.field: p.text for p in self.problems() if p.impossible}

    def look(self) -> None:
        """Say beside the fields what does not fit."""
        for problem in self.problems():
            if self._form.editor(problem.field).problem():
                continue
            self._form.box(problem.field).say(problem.text, "late" if problem.impossible else "due")
            self._form.editor(problem.field).mark(problem=problem.impossible)
