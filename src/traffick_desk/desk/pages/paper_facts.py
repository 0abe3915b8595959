"""What is typed for one paper because the case does not hold it: number, date, telephone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from traffick_desk.desk.editors import Choice, Context
from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType
from traffick_desk.domain.values import parse_moment
from traffick_desk.i18n import N_, _
from traffick_desk.papers import FormInfo

_YES = "yes"
# Path of the fact → kind of its editor; the labels are those of the form.
TYPED: Mapping[str, Kind] = {
    "letter.number": Kind.TEXT,
    "letter.date": Kind.DATE,
    "letter.phoned_at": Kind.MOMENT,
    "letter.phone": Kind.TEXT,
    "letter.with_name": Kind.CODE,
    "application.purposes": Kind.CODES,
    "application.school": Kind.TEXT,
    "application.training": Kind.TEXT,
    "application.payment": Kind.TEXT,
    "application.applicant.relation": Kind.TEXT,
    "application.attachments": Kind.LONG_TEXT,
    "application.date": Kind.DATE,
    "reception.ended_at": Kind.MOMENT,
    "reception.handover_title": Kind.TEXT,
    "reception.rights_told": Kind.CODE,
    "signer.name": Kind.TEXT,
}
_PURPOSES = {
    "schooling": N_("Schooling"),
    "training": N_("Vocational training"),
    "allowance": N_("Initial hardship allowance"),
}


def name_of(path: str) -> str:
    """The field's name for a fact's path."""
    return path.replace(".", "_")


def record_type(info: FormInfo) -> RecordType | None:
    """The facts of a form that are typed, described like a record; ``None`` if there are none."""
    fields = tuple(
        Field(
            name_of(fact.path),
            TYPED[fact.path],
            str(fact.label),
            Privacy.OPERATIONAL,
            help=str(fact.why),
            codes=name_of(fact.path),
            limit=2000 if TYPED[fact.path] is Kind.LONG_TEXT else 200,
        )
        for fact in info.facts
        if fact.path in TYPED
    )
    if not fields:
        return None
    return RecordType("paper_facts", "", "", fields, in_case=False)


def context_for(context: Context) -> Context:
    """Choices for the few facts that are chosen."""
    yes_no = [Choice(_YES, _("Yes")), Choice("no", _("No"))]
    return context.with_choices(
        letter_with_name=yes_no,
        reception_rights_told=yes_no,
        application_purposes=[Choice(code, _(words)) for code, words in _PURPOSES.items()],
    )


def tree(values: Mapping[str, Any]) -> dict[str, Any]:
    """The typed values as the tree of facts that a form prints."""
    found: dict[str, Any] = {}
    for path, kind in TYPED.items():
        value = values.get(name_of(path))
        if value is None:
            continue
        match kind:
            case Kind.DATE:
                value = date.fromisoformat(value)
            case Kind.MOMENT:
                value = parse_moment(value)
            case Kind.CODE:
                value = value == _YES
            case Kind.LONG_TEXT:
                value = [line for line in value.split("\n") if line.strip()]
        *above, last = path.split(".")
        branch = found
        for part in above:
            branch = branch.setdefault(part, {})
        branch[last] = value
    return found
