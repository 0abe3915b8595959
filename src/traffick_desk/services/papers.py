"""Papers of a case: preview in memory, and issuing with its line in the case and the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from traffick_desk import papers
from traffick_desk.domain.values import moment
from traffick_desk.services import paper_facts, reading
from traffick_desk.services.base import Command, Context, Query, new_id
from traffick_desk.services.roles import CASE_READ, CASE_WRITE, OWN
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

# Forms about a case; the sheet of the recovery code belongs to the vault.
_NOT_OF_A_CASE = frozenset({"noi-bo/ma-khoi-phuc"})


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper that was issued: its bytes, and the record in the case."""

    pdf: bytes
    paper_id: str
    missing: tuple[papers.Fact, ...]


@dataclass(frozen=True, slots=True)
class Forms(Query[tuple[papers.FormInfo, ...]]):
    """The forms that can be made for a case."""

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> tuple[papers.FormInfo, ...]:  # noqa: ARG002
        """See :class:`Query`."""
        return tuple(f for f in papers.forms() if f.key not in _NOT_OF_A_CASE)


@dataclass(frozen=True, slots=True)
class PreviewPaper(Query[Issued]):
    """A draft of a paper, made in memory; nothing is recorded but that it was looked at.

    Attributes:
        form: key of the form, ``<instrument>/<number>``.
        extra: facts the officer typed for this paper.
    """

    permission: ClassVar[str] = CASE_READ

    case_id: str
    form: str
    person_id: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def run(self, context: Context, cursor: Any) -> Issued:
        """See :class:`Query`."""
        return _render(context, cursor, self, draft=True)


@dataclass(frozen=True, slots=True)
class IssuePaper(Command[Issued]):
    """Make a paper to be printed or saved, and record in the case that it was issued."""

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "paper.issue"
    changes: ClassVar[frozenset[str]] = frozenset({"cases"})

    case_id: str
    form: str
    person_id: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    purpose: str = ""

    def run(self, context: Context, work: Work) -> Issued:
        """See :class:`Command`."""
        issued = _render(context, work.cursor, self, draft=False)
        paper_id = new_id()
        letter = self.extra.get("letter")
        number = letter.get("number") if isinstance(letter, Mapping) else None
        values: dict[str, Any] = {
            "case": self.case_id,
            "form": self.form,
            "issued_at": moment(context.now()),
        }
        if self.person_id:
            values["person"] = self.person_id
        if number:
            values["number"] = str(number)
        if self.purpose:
            values["purpose"] = self.purpose
        edit = Edit("paper", paper_id, values)
        work.journal.write(edit, context.info.officer_id, self.case_id)
        return Issued(issued.pdf, paper_id, issued.missing)


def _render(
    context: Context, cursor: Any, wanted: PreviewPaper | IssuePaper, *, draft: bool
) -> Issued:
    case = reading.open_case(context, cursor, wanted.case_id)
    facts = paper_facts.build(context, cursor, case, wanted.person_id, wanted.extra)
    missing = papers.missing_facts(wanted.form, facts)
    return Issued(papers.render(wanted.form, facts, draft=draft), "", missing)


def recovery_sheet(unit_name: str, officer: str, vault: str, made_at: Any, code: str) -> bytes:
    """The sheet with the recovery code, to be printed at once and locked away."""
    facts = {
        "unit": {"name": unit_name},
        "officer": {"name": officer},
        "recovery": {"vault": vault, "made_at": made_at, "code": code},
    }
    return papers.render("noi-bo/ma-khoi-phuc", facts)
