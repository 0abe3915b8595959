"""What follows from the records: deadlines, list, search, persons; and the tables made anew."""

from __future__ import annotations

import hashlib
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Protocol

from traffick_desk.domain.spine import Registry
from traffick_desk.store import erasure, persons, projection, search, unit_text
from traffick_desk.store.engine import translated
from traffick_desk.store.errors import StoreError
from traffick_desk.store.rebuilding import rebuild
from traffick_desk.store.rights import Judge
from traffick_desk.store.stale import Stale
from traffick_desk.store.tables import table_name

_SMALL = ("officer", "device", "link", "link_case", "bundle_out", "secret", "meta", "draft")
# Of a line of the list what follows from the journal alone; deadlines follow from the rules too.
_LINE = "case_id, file_no, name, sex, birth, status, stage, unit, opened_on, officer, return_form"


class DeadlineRows(Protocol):
    """Computes the deadlines of cases.

    It may have an attribute ``needs``: record type → the fields it reads. A change of others
    then does not make it compute.
    """

    def __call__(self, cursor: Any, cases: frozenset[str]) -> list[tuple[str, str, str, str, str]]:
        """Rows of case, person, clock, started at, due."""


@dataclass(frozen=True, slots=True)
class Following:
    """Brings what follows from the records up to date, within an open transaction.

    Attributes:
        registry: record types of this version.
        deadlines: computes the deadlines of cases from their records.
        judge: which role may write what (I7); by profile and unit alone without it.
        device: this desk's device id.
    """

    registry: Registry
    deadlines: DeadlineRows | None
    judge: Judge | None
    device: str

    def project(self, cursor: Any, cases: AbstractSet[str], stale: Stale | None = None) -> None:
        """Bring deadlines, list, search and what tells persons apart of *cases* up to date.

        Args:
            cursor: of the open transaction.
            cases: all that were touched.
            stale: what of them changed; all of it is made anew if this is not known.
        """
        if gone := cases & erasure.erased(cursor):
            erasure.clear(cursor, gone)
            cases = cases - gone
        dated = listed = searched = known = cases
        if stale is not None:
            needs = getattr(self.deadlines, "needs", None)
            dated = cases if needs is None else stale.touching(needs)
            listed = stale.touching(projection.SHOWN) | stale.rivals
            searched = stale.searched
            known = stale.touching(persons.KNOWN_BY)
            if gone:
                dated, listed, searched, known = (
                    some - gone for some in (dated, listed, searched, known)
                )
        related = getattr(self.deadlines, "related", None)
        if related is not None and dated:
            dated = dated | related(cursor, dated)
        if self.deadlines is not None and dated:
            rows = self.deadlines(cursor, frozenset(dated))
            listed = listed | projection.update_deadlines(cursor, dated, rows)
        rivals = None if stale is None else stale.rivals
        projection.update(cursor, self.registry, listed, rivals)
        search.update(cursor, self.registry, searched)
        persons.update(cursor, known)

    def redate(self, cursor: Any) -> None:
        """Compute the deadlines of all cases anew, part by part."""
        if self.deadlines is None:
            return
        cursor.execute("SELECT id FROM r_case WHERE voided IS NULL ORDER BY id")
        cases = [case for (case,) in cursor.fetchall()]
        for start in range(0, len(cases), 500):
            part = frozenset(cases[start : start + 500])
            moved = projection.update_deadlines(cursor, part, self.deadlines(cursor, part))
            projection.update(cursor, self.registry, moved, frozenset())

    def rebuild(self, cursor: Any) -> None:
        """Make all record tables anew from the journal (I1)."""
        rebuild(
            cursor,
            self.registry,
            lambda cases: self.project(cursor, cases),
            self.judge,
            self.device,
        )
        unit_text.rebuild(cursor, self.registry)

    def unlike_journal(self, cursor: Any) -> list[str]:
        """Record tables that were not what follows from the journal (I1).

        Made anew to be compared; who asks undoes the transaction.
        """
        names = [table_name(record_type.name) for record_type in self.registry]
        names += ["person_row", "person_key"]
        before = {name: _digest_of(cursor, name) for name in names}
        lines = _digest_of(cursor, "case_row", _LINE)
        found = [] if _search_fits(cursor) else ["search"]
        self.rebuild(cursor)
        found += [name for name in names if _digest_of(cursor, name) != before[name]]
        if _digest_of(cursor, "case_row", _LINE) != lines:
            found.append("case_row")
        return found


def small_tables(cursor: Any) -> bytes:
    """One digest of what follows from nothing else: officers, desks, links, keys, settings."""
    found = hashlib.sha256()
    for name in _SMALL:
        found.update(_digest_of(cursor, name))
    return found.digest()


def _search_fits(cursor: Any) -> bool:
    """Whether the parts of the search index agree with each other."""
    try:
        with translated():
            cursor.execute("INSERT INTO search_fts (search_fts) VALUES ('integrity-check')")
    except StoreError:
        return False
    return True


def _digest_of(cursor: Any, table: str, columns: str = "*") -> bytes:
    found = hashlib.sha256(table.encode())
    cursor.execute(f'SELECT {columns} FROM "{table}" ORDER BY 1, 2')
    for row in cursor:
        found.update(repr(row).encode("utf-8", "surrogatepass"))
    return found.digest()
