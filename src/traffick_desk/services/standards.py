"""Files of standards: HTCDS out and in, the research file.

Without names by default. Whoever has not agreed is not in a file: for names to the use that the
receiver is for, else to statistics or research.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import N_, _
from traffick_desk.reports.standards.anonymous import Anonymous, k_anonymous
from traffick_desk.reports.standards.files import Row, Sheet, to_bytes
from traffick_desk.reports.standards.files import read as read_rows
from traffick_desk.reports.standards.htcds import standard
from traffick_desk.reports.standards.research import COLUMNS, QUASI, research_row
from traffick_desk.reports.standards.rows import (
    DEIDENTIFIED,
    IDENTIFIED,
    Bundle,
    deidentified_row,
    identified_row,
    incoming,
)
from traffick_desk.reports.standards.validate import Problem, valid, validate
from traffick_desk.services.base import Command, Context, Desk, Query, new_id
from traffick_desk.services.commands import NewCase
from traffick_desk.services.errors import ServiceError
from traffick_desk.services.roles import CASE_READ, CASE_WRITE
from traffick_desk.services.statistics.release import threshold
from traffick_desk.services.statistics.sources import IN_TIME, Sources
from traffick_desk.services.statistics.spec import Scope
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work
from traffick_desk.vault import age

IDENTIFYING, DE_IDENTIFIED, RESEARCH = "identified", "deidentified", "research"
PROFILES = (DE_IDENTIFIED, IDENTIFYING, RESEARCH)
QUASI_HTCDS = ("prs_Gender", "td_AgeBand", "vic_TraffickingStatus", "prs_Citizenship", "td_Year",
               "prs_MailingState", "cas_Status")  # fmt: skip
_LEFT_OUT = {
    "no_consent": N_("did not agree to this use, or was not asked"),
    "two_answers": N_("two answers about consent; one must be chosen"),
    "stands_out": N_("would stand out among the others"),
}
_BATCH = 20


class ReceiverMissing(ServiceError):
    """A file with names goes to somebody."""

    def __str__(self) -> str:
        return _("A file with names needs the name of its receiver. Nothing was written.")


class FileRefused(ServiceError):
    """A file that is not valid is not taken in."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        head = _("The file is not valid HTCDS, so nothing was taken in.")
        return "\n".join([head, *(p.text for p in self.problems[:10])])


def left_out_words(reason: str) -> str:
    """Why persons were left out."""
    return _(_LEFT_OUT[reason])


@dataclass(frozen=True, slots=True)
class Exported:
    """A file in memory.

    Attributes:
        content: its bytes.
        rows: how many persons are in it.
        left_out: reason → how many are not.
    """

    content: bytes = field(repr=False)
    rows: int
    left_out: Mapping[str, int]


# --- out ---------------------------------------------------------------------------------------

_READ: Mapping[str, tuple[str, ...]] = {
    "person": (),
    "status": ("coalesce(since, '')", "id"),
    "account": ("id",),
    "consent": ("coalesce(asked_on, '')", "id"),
    "address": ("coalesce(kind, '') = 'permanent'", "id"),
}


def _values(context: Context, name: str, row: Sequence[Any], columns: list[str]) -> dict[str, Any]:
    record = context.store.registry[name]
    return {
        c: json.loads(v) if record[c].kind == "codes" else v
        for c, v in zip(columns, row, strict=True)
        if v is not None
    }


def bundles(context: Context, cursor: Any, scope: Scope) -> Iterator[tuple[Bundle, str]]:
    """Everybody who was received within *scope*, with the state of the answer about sharing.

    The state is ``rivals`` where two answers stand beside each other, else empty.
    """
    sources = Sources(context, cursor)
    by_person: dict[str, dict[str, dict[str, Any]]] = {}
    for name, order in _READ.items():
        columns = [f.name for f in context.store.registry[name] if f.kind != "ref"]
        key = "id" if name == "person" else "person"
        for row in sources.rows(name, [key, *columns], order):
            # The last one counts: the newest, of addresses the permanent one.
            found = by_person.setdefault(row[0], {})
            found[name] = _values(context, name, row[1:], columns)
    frames: dict[str, dict[str, Any]] = {}
    columns = [f.name for f in context.store.registry["case"]]
    for row in sources.rows("case", ["id", *columns]):
        frames[row[0]] = _values(context, "case", row[1:], columns)
    receptions: dict[str, dict[str, Any]] = {}
    for case, at, body in sources.rows("reception", ["case", "at", "from_body"], IN_TIME):
        receptions.setdefault(case, {"at": at, "from_body": body})
    referrals: dict[str, dict[str, Any]] = {}
    for person, to_body, sent in sources.rows(
        "referral", ["person", "to_body", "sent_on"], ["coalesce(sent_on, '')", "id"]
    ):
        if sent:
            referrals[person] = {"to_body": to_body, "sent_on": sent}
    cursor.execute("SELECT person FROM r_consent WHERE rivals IS NOT NULL AND voided IS NULL")
    rivals = {row[0] for row in cursor.fetchall()}
    bodies = SMALL_LISTS["handing_body"]
    for case in sorted(sources.real_cases & frames.keys()):
        person = sources.main_persons.get(case, "")
        received = sources.received.get(case, "")
        if not person or received not in scope.period:
            continue
        frame = frames[case]
        unit = frame.get("unit") or ""
        if scope.unit and scope.unit not in {unit, sources.province(unit)}:
            continue
        reception = receptions.get(case, {})
        records = {**by_person.get(person, {}), "case": frame, "reception": reception}
        commune, province = _place(context, records.get("address", {}))
        yield (
            Bundle(
                case, person, records, received, commune, province, referrals.get(person, {}),
                bodies.label(reception["from_body"]) if reception.get("from_body") else "",
            ),
            "rivals" if person in rivals else "",
        )  # fmt: skip


def _place(context: Context, address: Mapping[str, Any]) -> tuple[str, str]:
    unit = address.get("unit") or ""
    if address.get("do_not_print") == "yes" or unit not in context.units:
        return "", ""
    units = context.units
    province = units.province_of(unit)
    known = units.get(unit)
    commune = units.title(known) if known.id != province.id else ""
    return commune, units.title(province)


def _agreed(bundle: Bundle, wanted: Iterable[str]) -> bool:
    consent = bundle.records.get("consent", {})
    scope = set(consent.get("scope") or [])
    return (
        consent.get("given") == "yes"
        and not consent.get("withdrawn_on")
        and not scope.isdisjoint(wanted)
    )


@dataclass(frozen=True, slots=True)
class ExportStandard(Command[Exported]):
    """A file of persons, made in memory; that it was made, for whom and of how many is logged.

    Attributes:
        profile: of :data:`PROFILES`.
        kind: ``.csv``, ``.xlsx`` or ``.json``.
        receiver: who gets it; needed where names are in it.
        use: scope of consent that a file with names needs.
        recipient: public key of age; the file is then encrypted for it.

    Raises:
        ReceiverMissing: names without a receiver.
        VaultError: the key is none.
    """

    permission: ClassVar[str] = CASE_READ
    action: ClassVar[str] = "standards.export"

    profile: str = DE_IDENTIFIED
    kind: str = ".csv"
    scope: Scope = field(default_factory=Scope)
    receiver: str = ""
    use: str = "services"
    recipient: str = ""

    def run(self, context: Context, work: Work) -> Exported:
        """See :class:`Command`."""
        if self.profile == IDENTIFYING and not self.receiver.strip():
            raise ReceiverMissing
        wanted = {
            IDENTIFYING: (self.use,),
            DE_IDENTIFIED: ("statistics", "research"),
            RESEARCH: ("research",),
        }[self.profile]
        left_out: Counter[str] = Counter()
        chosen: list[Bundle] = []
        for bundle, state in bundles(context, work.cursor, self.scope):
            if state:
                left_out["two_answers"] += 1
            elif not _agreed(bundle, wanted):
                left_out["no_consent"] += 1
            else:
                chosen.append(bundle)
        columns, rows, out = self._rows(chosen, threshold(work.cursor, context.today))
        if out:
            left_out["stands_out"] = out
        about = {
            "standard": f"HTCDS {standard().version}" if self.profile != RESEARCH else "CTDC shape",
            "attribution": standard().attribution,
            "profile": self.profile,
        }
        content = to_bytes(Sheet(columns, tuple(rows), about), self.kind)
        if self.recipient:
            content = age.encrypt(content, [age.parse_recipient(self.recipient)])
        return Exported(content, len(rows), dict(left_out))

    def _rows(self, chosen: list[Bundle], k: int) -> tuple[tuple[str, ...], Sequence[Row], int]:
        if self.profile == IDENTIFYING:
            return IDENTIFIED, [identified_row(b) for b in chosen], 0
        make, quasi, columns = (
            (research_row, QUASI, COLUMNS)
            if self.profile == RESEARCH
            else (deidentified_row, QUASI_HTCDS, DEIDENTIFIED)
        )
        found: Anonymous = k_anonymous([make(b) for b in chosen], quasi, k)
        return columns, found.rows, found.left_out

    def target(self, result: Exported) -> str:
        """See :class:`Command`."""
        return f"{self.profile} {self.kind}: {result.rows} → {self.receiver}"


# --- in ----------------------------------------------------------------------------------------


def read(path: Path) -> Sheet:
    """Read a file of any of the three kinds; a strange workbook is looked through first.

    Raises:
        FileUnreadable, RegisterError, OSError: it cannot be read.
    """
    from traffick_desk.services.register import xlsx

    def lines(where: Path) -> list[list[Any]]:
        table = xlsx.read(where)
        return [list(table.headings), *(list(row.cells) for row in table.rows)]

    return read_rows(path, lines)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a file: cases opened, rows that were here already, rows without a name."""

    opened: tuple[str, ...]
    here: int
    nameless: int


@dataclass(frozen=True, slots=True)
class TakeInRows(Command[TakenIn]):
    """Open a case for each row of HTCDS; a person who is here already is left out.

    Raises:
        InvalidValues: a value cannot be; nothing was saved.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "standards.import"
    changes: ClassVar[frozenset[str]] = frozenset({"cases"})

    rows: tuple[Row, ...] = field(repr=False)

    def run(self, context: Context, work: Work) -> TakenIn:
        """See :class:`Command`."""
        opened: list[str] = []
        here = nameless = 0
        for row in self.rows:
            found = incoming(row)
            records = {n: dict(v) for n, v in found.records.items()}
            if not records.get("person", {}).get("name"):
                nameless += 1
                continue
            case, person = found.case_id or new_id(), found.person_id or new_id()
            if self._known(work, case, person):
                here += 1
                continue
            opened.append(NewCase(_edits(case, person, records)).run(context, work))
        return TakenIn(tuple(opened), here, nameless)

    @staticmethod
    def _known(work: Work, case: str, person: str) -> bool:
        work.cursor.execute(
            "SELECT 1 FROM r_case WHERE id = ? UNION SELECT 1 FROM r_person WHERE id = ?",
            (case, person),
        )
        return work.cursor.fetchone() is not None

    def target(self, result: TakenIn) -> str:
        """See :class:`Command`."""
        return f"{len(result.opened)} of {len(self.rows)}"


_NEEDED: Mapping[str, tuple[str, ...]] = {
    "status": ("status", "since"),
    "address": ("kind",),
    "referral": ("to_body", "sent_on"),
    "reception": ("at",),
    "consent": ("given",),
}


def _edits(case: str, person: str, records: dict[str, dict[str, Any]]) -> tuple[Edit, ...]:
    """A case of what a row says; a record that lacks what it must have is left out."""
    frame = records.pop("case", {})
    values = records.pop("person")
    if "address" in records:
        records["address"].setdefault("kind", "current")
    if "referral" in records:
        records["referral"].setdefault("service", "other")
    made = [Edit("case", case, frame), Edit("person", person, {"role": "main", **values})]
    for name, found in records.items():
        if all(found.get(n) for n in _NEEDED.get(name, ())):
            about = {} if name == "reception" else {"person": person}
            made.append(Edit(name, new_id(), {**about, **found}))
    return tuple(made)


def take_in(desk: Desk, sheet: Sheet) -> TakenIn:
    """Take in a whole file, a few rows in one transaction.

    Raises:
        FileRefused: it is not valid; nothing was taken in.
    """
    problems = validate(sheet, desk.context.now().date())
    if not valid(problems):
        raise FileRefused(tuple(p for p in problems if p.level == "error"))
    opened: list[str] = []
    here = nameless = 0
    for start in range(0, len(sheet.rows), _BATCH):
        part = desk.do(TakeInRows(sheet.rows[start : start + _BATCH]))
        opened += part.opened
        here += part.here
        nameless += part.nameless
    return TakenIn(tuple(opened), here, nameless)


@dataclass(frozen=True, slots=True)
class Check(Query[tuple[Problem, ...]]):
    """What is not right with a file, before it is taken in."""

    permission: ClassVar[str] = CASE_READ

    sheet: Sheet = field(repr=False)

    def run(self, context: Context, cursor: Any) -> tuple[Problem, ...]:  # noqa: ARG002
        """See :class:`Query`."""
        return validate(self.sheet, context.now().date())
