"""What an erasure would take, what stays, what stands against it; and the words to search for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from traffick_desk.domain.values import PartialDate
from traffick_desk.i18n import _
from traffick_desk.services import reading
from traffick_desk.services.base import Context
from traffick_desk.services.views import CaseView
from traffick_desk.store import documents, search
from traffick_desk.store.merge import ORDER
from traffick_desk.store.tables import table_name

_MOST_MENTIONS = 20


@dataclass(frozen=True, slots=True)
class Holding:
    """A body that needs the data of a case."""

    body: str
    paper_no: str
    since: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure of one case means, before it is ordered.

    Attributes:
        records: label of a record type → how many go.
        entries: changes of the journal that lose their values.
        documents, size: scans and photos that go, and their bytes.
        drafts: drafts that go.
        papers: papers that were printed, which the program cannot take back.
        told: bodies that were told of the person by a referral.
        ties: file numbers of other cases of the same person; these stay.
        mentions: file numbers of other cases in which her name is found; these stay.
        holds: who needs the data.
        statistics: what stays, for counting.
    """

    case_id: str
    file_no: str
    unit: str
    stage: str
    records: Mapping[str, int]
    entries: int
    documents: int
    size: int
    drafts: int
    papers: int
    told: tuple[str, ...]
    ties: tuple[str, ...]
    mentions: tuple[str, ...]
    holds: tuple[Holding, ...]
    statistics: Mapping[str, Any]


def look(context: Context, cursor: Any, case_id: str) -> Preview:
    """See :class:`Preview`.

    Raises:
        NotHere: there is no such case.
    """
    case = reading.open_case(context, cursor, case_id)
    records = {
        context.store.registry[name].shown_label(): len(found)
        for name, found in case.records.items()
        if found and name != ORDER
    }
    cursor.execute(
        "SELECT count(*) FROM journal WHERE case_id = ? AND instr(body, ?) = 0",
        (case_id, f'"t":"{ORDER}","v":1'.encode()),
    )
    entries = int(cursor.fetchone()[0])
    digests = {str(r.get("digest")) for r in case.records.get("document", ()) if r.get("digest")}
    held = documents.states(cursor, digests)
    cursor.execute("SELECT count(*) FROM draft WHERE case_id = ?", (case_id,))
    drafts = int(cursor.fetchone()[0])
    told = {str(r.get("to_body")) for r in case.of("referral") if r.get("sent_on")}
    return Preview(
        case_id=case_id,
        file_no=case.row.file_no,
        unit=case.row.unit,
        stage=case.row.stage,
        records=records,
        entries=entries,
        documents=len(held),
        size=sum(one.have for one in held.values()),
        drafts=drafts,
        papers=len(case.of("paper")),
        told=tuple(sorted(told)),
        ties=_ties(cursor, case),
        mentions=_mentions(cursor, case),
        holds=holding(cursor, case_id),
        statistics=statistics(case),
    )


def holding(cursor: Any, case_id: str) -> tuple[Holding, ...]:
    """Who needs the data of a case now."""
    cursor.execute(
        'SELECT body, paper_no, since FROM r_legal_hold WHERE "case" = ? AND voided IS NULL '
        "AND until IS NULL ORDER BY since, id",
        (case_id,),
    )
    return tuple(Holding(*(v or "" for v in row)) for row in cursor.fetchall())


def statistics(case: CaseView) -> dict[str, Any]:
    """What stays for counting: years and two marks, too coarse to tell who it was."""
    opened, closed = case.case.get("opened_on"), case.case.get("closed_on")
    found: dict[str, Any] = {
        "opened_year": int(opened[:4]) if opened else None,
        "closed_year": int(closed[:4]) if closed else None,
        "minor": None,
        "sex": case.row.sex or None,
    }
    if case.row.birth and opened:
        from datetime import date

        youngest, oldest = PartialDate.parse(case.row.birth).ages_on(date.fromisoformat(opened))
        found["minor"] = "yes" if oldest < 18 else "no" if youngest >= 18 else "unknown"
    return found


def _ties(cursor: Any, case: CaseView) -> tuple[str, ...]:
    ties = {r.get("tie") for r in case.of("same_person")}
    found: set[str] = set()
    for tie in ties:
        cursor.execute(
            'SELECT c.file_no FROM r_same_person s JOIN case_row c ON c.case_id = s."case" '
            'WHERE s.tie = ? AND s."case" <> ? AND s.voided IS NULL',
            (tie, case.row.case_id),
        )
        found.update(number for (number,) in cursor.fetchall())
    return tuple(sorted(found))


def _mentions(cursor: Any, case: CaseView) -> tuple[str, ...]:
    """Other cases in which the whole name is found: to be looked at by hand."""
    found = set()
    for word in names(case):
        hits = [c for c, exact in search.find(cursor, word, _MOST_MENTIONS) if exact]
        for row in reading.case_rows(
            cursor, f"WHERE case_id IN ({','.join('?' * len(hits))})", hits
        ):
            if row.case_id != case.row.case_id:
                found.add(row.file_no)
    return tuple(sorted(found))


def names(case: CaseView) -> tuple[str, ...]:
    """The names of the persons of a case, other ones too."""
    given = [p.get("name") for p in case.persons]
    given += [r.get("name") for r in case.of("person_name")]
    return tuple(dict.fromkeys(str(name) for name in given if name))


def words_of(case: CaseView) -> tuple[str, ...]:
    """What tells who it was and is rare enough to be searched for: names, numbers, telephones."""
    found = [name for name in names(case) if " " in name.strip() and len(name) >= 6]
    for record in (*case.persons, *case.of("identity_paper"), *case.of("contact")):
        for field in ("phone", "number"):
            value = str(record.get(field) or "")
            found += [value] if len(re.sub(r"\W", "", value)) >= 6 else []
    return tuple(dict.fromkeys(found))


def left_in_tables(context: Context, cursor: Any, words: tuple[str, ...]) -> dict[str, int]:
    """In which tables, and how often, any of *words* is still found; reads all of them.

    Names of other people are the same sometimes: what is found is to be looked at, not a fault.
    """
    cursor.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_fts%' "
        "AND name NOT LIKE 'sqlite%' AND name <> 'document_piece' ORDER BY name"
    )
    found = {}
    for (table,) in cursor.fetchall():
        cursor.execute(f'SELECT * FROM "{table}"')
        hits = 0
        for row in cursor:
            text = "\0".join(
                v if isinstance(v, str) else bytes(v).decode("utf-8", "ignore")
                for v in row
                if isinstance(v, str | bytes)
            )
            hits += any(word in text for word in words)
        if hits:
            found[_table_words(context, table)] = hits
    return found


def _table_words(context: Context, table: str) -> str:
    for record_type in context.store.registry:
        if table_name(record_type.name) == table:
            return record_type.shown_label()
    return {"journal": _("Journal"), "draft": _("Drafts")}.get(table, table)
