"""The form of an activity or a material: few fields first, counts that may be *at least*."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from traffick_desk.desk.editors import Context
from traffick_desk.desk.editors.count import CountEditor
from traffick_desk.desk.form import FieldBox, RecordForm
from traffick_desk.desk.shortcuts import bind
from traffick_desk.domain.codes_prevention import ACTIVITY_COUNTS, MATERIAL_COUNTS
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.spine import Field
from traffick_desk.i18n import N_, _

_COUNTS = {"activity": ACTIVITY_COUNTS, "material": MATERIAL_COUNTS}
# What is asked at once, and what only on demand.
FIRST: Mapping[str, tuple[str, ...]] = {
    "activity": (
        "kind", "title", "since", "until", "state", "not_done_reason", "place_unit", "place",
        "times", "persons", "attendances", "women", "men", "represented",
    ),
    "material": (
        "kind", "title", "since", "state", "made", "received", "handed_out", "handed_to",
        "languages",
    ),
}  # fmt: skip
MORE: Mapping[str, tuple[str, ...]] = {
    "activity": (
        "line", "campaign", "topics", "levels", "risk_groups", "ages", "languages", "literacy",
        "organiser", "partners", "cost", "fund", "planned_persons", "planned_cost", "task",
        "result", "part_of", "note",
    ),
    "material": (
        "until", "received_from", "campaign", "activity", "cost", "fund", "planned_number",
        "planned_cost", "task", "part_of", "note",
    ),
}  # fmt: skip
_GROUPS: Mapping[str, Mapping[str, str]] = {
    "activity": {
        "kind": N_("What, when, where"), "times": N_("How many"), "line": N_("About whom and what"),
        "cost": N_("Money and plan"), "result": N_("Result"),
    },
    "material": {
        "kind": N_("What and when"), "made": N_("How many"), "until": N_("More about it"),
        "cost": N_("Money and plan"),
    },
}  # fmt: skip


class OutreachForm(RecordForm):
    """A form whose counts carry their *at least* with them."""

    def __init__(
        self, type_name: str, values: Mapping[str, Any], context: Context, *, all_fields: bool
    ) -> None:
        """Ask for the first fields, or for *all_fields*."""
        names = FIRST[type_name] + (MORE[type_name] if all_fields else ())
        groups = {n: _(words) for n, words in _GROUPS[type_name].items() if n in names}
        self._counts = _COUNTS[type_name]
        self._least_before: tuple[str, ...] = ()
        super().__init__(
            REGISTRY[type_name],
            values,
            context=context,
            fields=names,
            groups=groups,
            name="outreach_form",
            keys=False,
        )
        bind(self, "F1", self._help_here)

    def _add(self, field: Field, required: bool | None) -> None:
        if field.name not in self._counts:
            super()._add(field, required)
            return
        box = FieldBox(CountEditor(field, self.context), required=required)
        box.editor.edited.connect(lambda name=field.name: self.edited.emit(name))
        self._boxes[field.name] = box

    def least(self) -> list[str]:
        """The counts that are *at least*, as the field ``at_least`` keeps them."""
        shown = [n for n in self._counts if n in self._boxes and self.editor(n).at_least()]
        unseen = [n for n in self._least_before if n not in self._boxes]
        return sorted({*shown, *unseen})

    def values(self) -> dict[str, Any]:
        """All values that are filled in and understood."""
        found = super().values()
        if least := self.least():
            found["at_least"] = least
        return found

    def changes(self) -> dict[str, Any]:
        """What differs from the values before."""
        found = super().changes()
        least = self.least()
        if tuple(least) != self._least_before:
            found["at_least"] = least or None
        return found

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show *values* and take them as what was before."""
        super().set_values(values)
        self._least_before = tuple(sorted(values.get("at_least") or ()))
        for name in self._counts:
            if name in self._boxes and name in self._least_before:
                self.editor(name).set_count(values.get(name), at_least=True)
                self.box(name).check()

    def accept(self) -> None:
        """Take what is shown as what was before."""
        super().accept()
        self._least_before = tuple(self.least())
