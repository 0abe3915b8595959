"""Papers of a case: preview in memory, issuing with its line in the case, and printing again.

A paper that was issued has a code of twelve random digits. It says nothing and cannot be
computed from or to anything; it is kept in the record of the paper, searched like any other
text, and travels with the case, so that every desk that has the case finds it by the code.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from traffick_desk import papers
from traffick_desk.domain.values import moment
from traffick_desk.i18n import _
from traffick_desk.papers.keep import pack, unpack
from traffick_desk.services import companions, paper_facts, paper_record, reading
from traffick_desk.services.base import Command, Context, Query, new_id
from traffick_desk.services.errors import NotHere
from traffick_desk.services.printed import Facts
from traffick_desk.services.roles import CASE_READ, CASE_WRITE, OWN
from traffick_desk.services.views import CaseView, RecordView
from traffick_desk.store import search
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

MONTHLY = "noi-bo/danh-sach-thang"
SERVICE_CARD, WALL_LIST = "noi-bo/the-dich-vu", "noi-bo/danh-ba"
# Forms about no single case: the sheets of the vault's code and of the province's key, how to
# restore, the certificate of an erasure, the list of many cases, those of the
# directory and of prevention.
_NOT_OF_A_CASE = frozenset(
    {
        "noi-bo/ma-khoi-phuc",
        "noi-bo/to-khoa",
        "noi-bo/huong-dan-khoi-phuc",
        "noi-bo/giay-xac-nhan-xoa",
        MONTHLY,
        "noi-bo/danh-sach-du",
        "noi-bo/bao-cao-hoat-dong",
        "D30/ke-hoach-phong-ngua",
        SERVICE_CARD,
        WALL_LIST,
    }
)
_GROUPS, _GROUP = 3, 4
_CODE = re.compile(r"\s*(\d{4})[\s.–-]*(\d{4})[\s.–-]*(\d{4})\s*", re.ASCII)


def code_typed(text: str) -> str:
    """*text* as codes are kept if it is the code of a paper, however grouped; else as it is."""
    found = _CODE.fullmatch(text)
    return "-".join(found.groups()) if found else text


def originals(case: CaseView, form: str, person_id: str = "") -> tuple[RecordView, ...]:
    """Issued papers of a form that can be printed again, the newest first.

    Args:
        case: the case.
        form: key of the form.
        person_id: only those about this person; a paper that names none is about the main one.
    """
    main = case.persons[0].id if case.persons else ""
    found = [
        p
        for p in case.of("paper")
        if p.get("form") == form and p.get("content") and not p.get("copy_of")
        if person_id in {"", p.get("person") or main}
    ]
    return tuple(sorted(found, key=lambda p: (p.get("issued_at") or "", p.id), reverse=True))


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper that was issued: its bytes, and the record in the case.

    Attributes:
        code: at the foot of each page; "" for a preview or a blank form.
        record: the referral or payment that it is made of, "" for none.
        given: paths of the facts that this record gives; they need not be typed.
    """

    pdf: bytes
    paper_id: str
    missing: tuple[papers.Fact, ...]
    code: str = ""
    record: str = ""
    given: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Forms(Query[tuple[papers.FormInfo, ...]]):
    """The forms that can be made for a case."""

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> tuple[papers.FormInfo, ...]:  # noqa: ARG002
        """See :class:`Query`."""
        return tuple(f for f in papers.forms() if f.key not in _NOT_OF_A_CASE)


@dataclass(frozen=True, slots=True)
class BlankPaper(Query[Issued]):
    """A form to be filled in by hand: it knows who hands it out, and nothing of any case.

    Nothing is recorded: what is written on it is entered later, with the day on which it
    happened; the journal itself keeps when it was entered.
    """

    permission: ClassVar[str] = OWN

    form: str

    def run(self, context: Context, cursor: Any) -> Issued:
        """See :class:`Query`."""
        facts = paper_facts.office_facts(context, cursor)
        return Issued(papers.render(self.form, facts, blank=True), "", ())


@dataclass(frozen=True, slots=True)
class PreviewPaper(Query[Issued]):
    """A draft of a paper, made in memory; nothing is recorded but that it was looked at.

    Attributes:
        form: key of the form, ``<instrument>/<number>``.
        extra: facts the officer typed for this paper.
        record_id: referral or payment that the paper is made of; the newest by default.
        together: cases of the same group whose persons are named too.
    """

    permission: ClassVar[str] = CASE_READ

    case_id: str
    form: str
    person_id: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    record_id: str = ""
    together: tuple[str, ...] = ()

    def run(self, context: Context, cursor: Any) -> Issued:
        """See :class:`Query`."""
        facts, about = _facts(context, cursor, self)
        pdf = papers.render(self.form, facts, draft=True)
        return Issued(pdf, "", papers.missing_facts(self.form, facts), "", *about)


@dataclass(frozen=True, slots=True)
class IssuePaper(Command[Issued]):
    """Make a paper to be printed or saved, and record in the case that it was issued.

    Attributes:
        together: cases of the same group whose persons are named too; noted in each of them.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "paper.issue"
    changes: ClassVar[frozenset[str]] = frozenset({"cases"})

    case_id: str
    form: str
    person_id: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    purpose: str = ""
    record_id: str = ""
    together: tuple[str, ...] = ()

    def run(self, context: Context, work: Work) -> Issued:
        """See :class:`Command`."""
        facts, about = _facts(context, work.cursor, self)
        code = _new_code(work.cursor)
        pdf = papers.render(self.form, facts, short_code=code)
        paper_id = self._note(context, work, facts, code)
        return Issued(pdf, paper_id, papers.missing_facts(self.form, facts), code, *about)

    def noted(self, context: Context, work: Work) -> papers.Paper:
        """The paper, noted in the case, to be drawn with others in one go."""
        facts, _about = _facts(context, work.cursor, self)
        code = _new_code(work.cursor)
        self._note(context, work, facts, code)
        return papers.Paper(self.form, facts, short_code=code)

    def _note(self, context: Context, work: Work, facts: Facts, code: str) -> str:
        paper_id = new_id()
        letter = self.extra.get("letter")
        number = letter.get("number") if isinstance(letter, Mapping) else None
        values: dict[str, Any] = {
            "case": self.case_id,
            "form": self.form,
            "issued_at": moment(context.now()),
            "code": code,
        }
        if self.person_id:
            values["person"] = self.person_id
        if number:
            values["number"] = str(number)
        if self.purpose:
            values["purpose"] = self.purpose
        others = [c for c in dict.fromkeys(self.together) if c != self.case_id]
        if others:
            values["purpose"] = self.purpose or _("One paper that names {n} persons").format(
                n=len(others) + 1
            )
        else:
            content = pack(self.form, facts)
            if len(content) <= context.store.registry["paper"]["content"].max_length:
                values["content"] = content
        work.journal.write(Edit("paper", paper_id, values), context.info.officer_id, self.case_id)
        for other in others:
            note = {**values, "case": other}
            note.pop("person", None)
            work.journal.write(Edit("paper", new_id(), note), context.info.officer_id, other)
        return paper_id


@dataclass(frozen=True, slots=True)
class IssueMany(Command[Issued]):
    """The same paper of several cases, each about its main person, to print in one go.

    Each is noted in its case with a code of its own, as any paper.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "paper.issue"
    changes: ClassVar[frozenset[str]] = frozenset({"cases"})

    case_ids: tuple[str, ...]
    form: str
    extra: Mapping[str, Any] = field(default_factory=dict)

    def run(self, context: Context, work: Work) -> Issued:
        """See :class:`Command`."""
        if not self.case_ids:
            raise NotHere
        made = [
            IssuePaper(c, self.form, "", self.extra).noted(context, work) for c in self.case_ids
        ]
        return Issued(papers.render_papers(made), "", ())

    def target(self, result: Issued) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return ",".join(self.case_ids)


@dataclass(frozen=True, slots=True)
class ReprintPaper(Command[Issued]):
    """Print an issued paper again, the same and marked as printed again; noted in the case.

    Raises:
        NotHere: there is no such paper in the case.
        NotKept: what it held is not known any more.
        NoLongerPrinted: it holds an address that must not be printed any more.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "paper.reprint"
    changes: ClassVar[frozenset[str]] = frozenset({"cases"})

    case_id: str
    paper_id: str

    def run(self, context: Context, work: Work) -> Issued:
        """See :class:`Command`."""
        case = reading.open_case(context, work.cursor, self.case_id)
        first = next((p for p in case.of("paper") if p.id == self.paper_id), None)
        if first is None:
            raise NotHere
        form, code = str(first.get("form", "")), str(first.get("code") or "")
        facts = unpack(form, str(first.get("content") or ""))
        _refuse_hidden(context, work.cursor, case, first, facts)
        pdf = papers.render(form, facts, copy=True, short_code=code or None)
        paper_id = new_id()
        values = {
            "case": self.case_id,
            "form": form,
            "issued_at": moment(context.now()),
            "copy_of": first.id,
        }
        values |= {n: first.get(n) for n in ("person", "number", "code") if first.get(n)}
        work.journal.write(Edit("paper", paper_id, values), context.info.officer_id, self.case_id)
        return Issued(pdf, paper_id, (), code)


def _refuse_hidden(
    context: Context, cursor: Any, case: CaseView, first: RecordView, facts: Mapping[str, Any]
) -> None:
    """An address may have been marked as not to be printed since (Law 53/2024, Art. 3(10))."""
    person = facts.get("person")
    held = person if isinstance(person, Mapping) else {}
    places = [name for name in ("address", "old_address") if held.get(name)]
    if not places:
        return
    now = paper_facts.build(context, cursor, case, str(first.get("person") or ""), {})
    if any(not now.get("person", {}).get(name) for name in places):
        raise papers.NoLongerPrinted


def _facts(
    context: Context, cursor: Any, wanted: PreviewPaper | IssuePaper
) -> tuple[Facts, tuple[str, frozenset[str]]]:
    """The facts; the record that the paper is made of, and the paths it gives."""
    case = reading.open_case(context, cursor, wanted.case_id)
    record = paper_record.of(case, wanted.form, wanted.person_id, wanted.record_id)
    if wanted.record_id and record is None:
        raise NotHere
    # A paper made of a record is about the person of that record.
    person_id = str(record.get("person") or "") if record is not None else wanted.person_id
    facts = paper_facts.build(
        context, cursor, case, person_id, wanted.extra, form=wanted.form, record=record
    )
    facts |= companions.facts(context, cursor, case, facts, wanted.together)
    if record is None:
        return facts, ("", frozenset())
    given = paper_record.paths(paper_record.facts(context, case, record, wanted.form))
    return facts, (record.id, frozenset(given))


def _new_code(cursor: Any) -> str:
    while True:
        digits = f"{secrets.randbelow(10 ** (_GROUPS * _GROUP)):0{_GROUPS * _GROUP}d}"
        code = "-".join(digits[n : n + _GROUP] for n in range(0, len(digits), _GROUP))
        if not search.find(cursor, code, 1):
            return code


def recovery_sheet(unit_name: str, officer: str, vault: str, made_at: Any, code: str) -> bytes:
    """The sheet with the recovery code, to be printed at once and locked away."""
    facts = {
        "unit": {"name": unit_name},
        "officer": {"name": officer},
        "recovery": {"vault": vault, "made_at": made_at, "code": code},
    }
    return papers.render("noi-bo/ma-khoi-phuc", facts)


def restore_guide(unit_name: str, officer: str, vault: str, made_at: Any, place: str) -> bytes:
    """The page that says how to restore; it lies with the stick for backups."""
    facts = {
        "unit": {"name": unit_name},
        "officer": {"name": officer},
        "recovery": {"vault": vault, "made_at": made_at, "place": place},
    }
    return papers.render("noi-bo/huong-dan-khoi-phuc", facts)
