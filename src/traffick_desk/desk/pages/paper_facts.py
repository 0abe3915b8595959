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
# Kind of editor → paths of the facts that are typed with it; the labels are those of the form.
_BY_KIND: Mapping[Kind, tuple[str, ...]] = {
    Kind.TEXT: (
        *("letter.number", "letter.phone", "signer.name", "reception.handover_title"),
        *("application.school", "application.training", "application.payment"),
        "application.applicant.relation",
        *("handover.place", "handover.to_body", "handover.to_officer", "handover.to_title"),
        *("handover.to_phone", "handover.foreign_body", "handover.foreign_officer"),
        *("handover.foreign_title", "handover.foreign_papers", "handover.languages"),
        *("declaration.representative", "declaration.crossing", "declaration.return_paper"),
        *("receipt.content", "receipt.basis", "receipt.behalf", "receipt.witness"),
        *("escort.papers", "escort.title", "escort.phone", "escort.transport"),
        *("escort.destination", "escort.receiver", "escort.receiver_papers", "escort.relation"),
        *("escort.receiver_phone", "referral.to_body", "referral.service", "referral.at"),
        *("referral.escort", "closing.archive", "summary.to_officer", "visit.place", "visit.met"),
    ),
    Kind.LONG_TEXT: (
        *("application.attachments", "handover.reason", "handover.condition", "handover.needs"),
        *("declaration.relatives", "declaration.places", "declaration.evidence"),
        *("declaration.helped_by", "declaration.wishes", "declaration.protection"),
        *("extension.reason", "extension.plan", "escort.care", "escort.condition"),
        *("referral.note", "consent.not_shared", "closing.open", "closing.follow_up"),
        *("summary.note", "visit.promised", "visit.wishes", "visit.todo"),
    ),
    Kind.DATE: (
        *("letter.date", "application.date", "extension.until", "visit.last_on", "visit.next_on"),
    ),
    Kind.MOMENT: (
        *("letter.phoned_at", "reception.ended_at", "handover.at", "handover.ended_at"),
        *("receipt.at", "escort.handed_at", "visit.at"),
    ),
    Kind.INTEGER: ("handover.copies", "reception.copies"),
    Kind.MONEY: ("receipt.amount",),
    Kind.CODE: ("letter.with_name", "reception.rights_told", "handover.agreed", "closing.told"),
    Kind.CODES: ("application.purposes",),
}
TYPED: Mapping[str, Kind] = {path: kind for kind, paths in _BY_KIND.items() for path in paths}
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
        **{name_of(path): yes_no for path in _BY_KIND[Kind.CODE]},
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
