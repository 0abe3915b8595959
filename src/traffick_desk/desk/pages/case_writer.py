"""Saving from the case page: only what changed, on top of what was seen, and with a way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from PySide6.QtCore import QObject

from traffick_desk.desk.host import Host
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import _
from traffick_desk.services.base import new_id
from traffick_desk.services.commands import RecordStep, RestoreRecord, SaveRecords, VoidRecord
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.views import CaseView, RecordView
from traffick_desk.store.journal import Edit

WHOLE = "*"


class Part(Protocol):
    """A form of the page that hands over changes."""

    def close_form(self) -> None:
        """The changes are kept."""

    def refuse(self, problems: Mapping[str, str]) -> None:
        """They are not, because of these fields."""


def base_of(record: RecordView, changes: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The refs of the values that the officer saw when making *changes* (I3).

    Where rival values wait for a choice only the one shown was seen: an edit in
    passing must not settle a conflict, so the others are left beside it.
    """
    whole = REGISTRY[record.type].whole
    names = (WHOLE,) if whole else tuple(changes)
    seen = {}
    for name in names:
        rivals = record.conflicts.get(name)
        refs = tuple(r.ref for r in rivals if r.shown) if rivals else record.heads.get(name, ())
        if refs:
            seen[name] = refs
    return seen


class CaseWriter(QObject):
    """Writes what the parts of one open case hand over.

    Args:
        host: the window.
        view: gives the case as it is shown.
        draft: gives the key of the draft that the save makes superfluous, or "".
    """

    def __init__(
        self,
        host: Host,
        view: Callable[[], CaseView],
        draft: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._host, self._view, self._draft = host, view, draft

    def save(
        self, part: Part, record_type: str, record_id: str, changes: Mapping[str, Any]
    ) -> None:
        """Save the changed fields of one record, or a new record."""
        case_id = self._view().row.case_id
        known = self._find(record_type, record_id)
        if known is None:
            record_id, base = record_id or new_id(), {}
            values = {n: v for n, v in changes.items() if v is not None}
            if REGISTRY[record_type].in_case:
                values["case"] = case_id
        else:
            values, base = dict(changes), base_of(known, changes)
        edit = Edit(record_type, record_id, values, base)
        back = self._way_back(known, record_type, record_id, changes)
        self._host.do(
            SaveRecords((edit,), draft=self._draft()),
            lambda _cases: self._saved(part, record_type, back),
            owner=self,
            failed=lambda problem: self._refused(part, record_type, problem),
        )

    def void(self, record_type: str, record_id: str, reason: str) -> None:
        """Mark a record as not valid."""
        label = REGISTRY[record_type].shown_label()
        self._host.do(
            VoidRecord(record_type, record_id, reason),
            lambda _none: self._host.undo.offer(
                _("Marked as not valid: {what}").format(what=label),
                lambda: self._host.do(RestoreRecord(record_type, record_id)),
            ),
            owner=self,
        )

    def step(self, kind: str, *, channel: str = "", person_id: str = "") -> None:
        """Write down that a step was done now."""
        command = RecordStep(self._view().row.case_id, kind, channel=channel, person_id=person_id)
        self._host.do(command, self._stepped, owner=self)

    # -- inner -----------------------------------------------------------------------------

    def _find(self, record_type: str, record_id: str) -> RecordView | None:
        records = self._view().records.get(record_type, ())
        return next((r for r in records if r.id == record_id), None)

    def _way_back(
        self, known: RecordView | None, record_type: str, record_id: str, changes: Mapping[str, Any]
    ) -> Any:
        if known is None:
            return VoidRecord(record_type, record_id, _("Taken back at once"))
        before = {name: known.get(name) for name in changes}
        return SaveRecords((Edit(record_type, record_id, before),))

    def _saved(self, part: Part, record_type: str, back: Any) -> None:
        part.close_form()
        text = _("Saved: {what}").format(what=REGISTRY[record_type].shown_label())
        self._host.undo.offer(text, lambda: self._host.do(back))

    def _stepped(self, record_id: str) -> None:
        back = VoidRecord("step", record_id, _("Taken back at once"))
        self._host.undo.offer(_("The step is written down."), lambda: self._host.do(back))

    def _refused(self, part: Part, record_type: str, problem: Exception) -> None:
        if isinstance(problem, InvalidValues):
            part.refuse({n: text for kind, n, text in problem.problems if kind == record_type})
        self._host.fail(problem)
