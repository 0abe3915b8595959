"""What a referral says about a person, and its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import _, ngettext
from traffick_desk.services import reading
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.commands import CASES, SaveRecords
from traffick_desk.services.consent import covering, held
from traffick_desk.services.errors import NotHere
from traffick_desk.services.printed import Facts, newest, shown, words
from traffick_desk.services.roles import CASE_READ, CASE_WRITE
from traffick_desk.services.views import CaseView, RecordView
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

# What nearly every receiver needs to prepare; everything else is chosen.
FIRST_SHARED = ("language", "sex")


@dataclass(frozen=True, slots=True)
class SharedLine:
    """One thing that is shared: its code, what it is, and the value; "" if it is not known."""

    code: str
    label: str
    value: str


def shared_lines(
    context: Context, case: CaseView, person_id: str, codes: Iterable[str]
) -> tuple[SharedLine, ...]:
    """What *codes* (of list ``shared``) say about a person, in the language spoken now.

    An address that must not be printed is never among it.
    """
    person = next((p for p in case.persons if p.id == person_id), None)
    if person is None:
        return ()
    chosen = set(codes)
    known = SMALL_LISTS["shared"]
    return tuple(
        SharedLine(code, known.label(code), _VALUES[code](context, case, person))
        for code in known.codes()
        if code in chosen
    )


def _field(name: str) -> Callable[[Context, CaseView, RecordView], str]:
    def value(context: Context, _case: CaseView, person: RecordView) -> str:
        return _of(context, person, name)

    return value


def _of(context: Context, record: RecordView, name: str) -> str:
    value = record.get(name)
    if value in (None, "", []):
        return ""
    return words(context.store.registry[record.type][name], value, context.units)


def _language(context: Context, _case: CaseView, person: RecordView) -> str:
    spoken = _of(context, person, "languages")
    if person.get("interpreter") == "yes":
        needs = _("needs an interpreter")
        return f"{spoken}; {needs}" if spoken else needs
    return spoken


def _minors(_context: Context, case: CaseView, person: RecordView) -> str:
    count = sum(p.get("accompanies") == person.id for p in case.persons)
    if not count and case.of("group_member"):
        return ""  # a child who comes along may have a case of her own: "none" could be untrue
    return ngettext("{n} child", "{n} children", count).format(n=count) if count else _("none")


def _address(context: Context, case: CaseView, person: RecordView) -> str:
    found = [a for a in case.of("address", person.id) if a.get("do_not_print") != "yes"]
    order = {"current": 0, "return_to": 1, "permanent": 2}
    found.sort(key=lambda a: order.get(str(a.get("kind")), 9))
    for address in found:
        parts = (_of(context, address, "line"), _of(context, address, "unit"))
        if text := ", ".join(p for p in parts if p):
            return text
    return ""


def _papers(context: Context, case: CaseView, person: RecordView) -> str:
    found = [
        " ".join(p for p in (_of(context, r, "kind"), _of(context, r, "number")) if p)
        for r in case.of("identity_paper", person.id)
    ]
    return "; ".join(found)


def _status(context: Context, case: CaseView, person: RecordView) -> str:
    found = newest(case.of("status", person.id), "since")
    return _of(context, found, "status") if found else ""


def _needs(context: Context, case: CaseView, person: RecordView) -> str:
    latest: dict[str, RecordView] = {}
    for need in sorted(case.of("need", person.id), key=lambda r: (str(r.get("assessed_on")), r.id)):
        latest[str(need.get("domain"))] = need
    order = SMALL_LISTS["need_domain"].codes()
    return "; ".join(
        f"{_of(context, latest[code], 'domain')}: {_of(context, latest[code], 'score')}"
        for code in order
        if code in latest
    )


def _health(context: Context, case: CaseView, person: RecordView) -> str:
    parts = []
    if person.get("role") == "main":
        parts = [_of(context, r, "condition") for r in case.of("reception")]
    for need in case.of("need", person.id):
        if need.get("domain") in {"health", "mind"}:
            parts.append(f"{_of(context, need, 'domain')}: {_of(context, need, 'score')}")
    return "; ".join(p for p in parts if p)


def _account(context: Context, case: CaseView, person: RecordView) -> str:
    taken = [a for a in case.of("account", person.id) if a.get("state") in {"taken", "from_file"}]
    if not taken:
        return ""
    parts = [_of(context, taken[-1], n) for n in ("exploitation", "countries", "story")]
    return "; ".join(p for p in parts if p)


_VALUES: Mapping[str, Callable[[Context, CaseView, RecordView], str]] = {
    "name": _field("name"),
    "birth": _field("birth"),
    "sex": _field("sex"),
    "phone": _field("phone"),
    "address": _address,
    "language": _language,
    "minors": _minors,
    "papers": _papers,
    "status": _status,
    "needs": _needs,
    "health": _health,
    "account": _account,
}


def slip(context: Context, case: CaseView, referral: RecordView) -> Facts:
    """What the slip prints of a referral: nothing about the person while it has to wait."""
    described = context.store.registry["referral"]
    waits = held(case, referral)
    shared = set() if waits else set(referral.get("shared") or ())
    person_id = str(referral.get("person") or "")
    covers = covering(case, person_id, str(referral.get("service") or ""))
    sent = referral.get("sent_on")
    letter: Facts = {"with_name": True if "name" in shared else None}
    if sent:
        letter["date"] = date.fromisoformat(sent)
    return {
        "letter": letter,
        "referral": {
            "recorded": True,
            "held": waits or None,
            "urgent": True if not waits and not covers.covered else None,
            "to_body": referral.get("to_body"),
            "service": shown(described["service"], referral.get("service")),
            "place": (referral.get("entry_words") or "").splitlines() or None,
            # The name stands on a line of its own.
            "shared": [
                {"label": line.label, "value": line.value}
                for line in shared_lines(context, case, person_id, shared - {"name"})
                if line.value
            ],
        },
    }


@dataclass(frozen=True, slots=True)
class AnswerReferral(Command[Mapping[str, Any]]):
    """Write down what came back, with the day; answers with what stood there before.

    Raises:
        NotHere: there is no such referral.
        InvalidValues: the answer is none of the list.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "referral.answer"
    changes: ClassVar[frozenset[str]] = CASES

    id: str
    answer: str
    on: str = ""

    def run(self, context: Context, work: Work) -> Mapping[str, Any]:
        """See :class:`Command`."""
        known = work.journal.state("referral", self.id)
        if known.empty:
            raise NotHere
        values = {"answer": self.answer, "answered_on": self.on or context.today}
        before = {name: known.values.get(name) for name in values}
        SaveRecords((Edit("referral", self.id, values),)).run(context, work)
        return before


@dataclass(frozen=True, slots=True)
class SharedFacts(Query[tuple[SharedLine, ...]]):
    """What is shared of a person with these codes of list ``shared``, to be seen beforehand."""

    permission: ClassVar[str] = CASE_READ

    case_id: str
    person_id: str
    codes: tuple[str, ...]

    def run(self, context: Context, cursor: Any) -> tuple[SharedLine, ...]:
        """See :class:`Query`."""
        case = reading.open_case(context, cursor, self.case_id)
        return shared_lines(context, case, self.person_id, self.codes)
