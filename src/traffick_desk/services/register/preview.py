"""What would be taken in, row by row; nothing is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from traffick_desk.domain.text import fold
from traffick_desk.domain.validation import as_partial
from traffick_desk.i18n import _
from traffick_desk.services.base import Context, Desk, Query
from traffick_desk.services.register.errors import NoName
from traffick_desk.services.register.made import CellProblem, Reading
from traffick_desk.services.register.mapping import ColumnMap, problems
from traffick_desk.services.register.rows import RowReader
from traffick_desk.services.register.table import Table, plain
from traffick_desk.services.roles import CASE_READ, CASE_WRITE

Progress = Callable[[int, int, str], None]
KEY = "register:row:"
READY, TWIN, IMPOSSIBLE, KNOWN, CHANGED, NO_PERSON = (
    "ready", "twin", "impossible", "known", "changed", "no_person",
)  # fmt: skip


def quiet(_done: int, _total: int, _words: str) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Same:
    """A case, or an earlier row, that may be of the same person; ``case_id`` is "" for a row."""

    case_id: str
    file_no: str
    name: str
    birth: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as the officer sees it before anything is written.

    Attributes:
        number: as the spreadsheet program counts it.
        state: ``ready``, ``twin`` (waits for the officer), ``impossible``, ``known``, ``changed``
            or ``no_person``.
        problems: of its cells.
        same: who it may be already; for ``known`` and ``changed`` the case it became.
        key: under which it is remembered once it is taken in.
    """

    number: int
    name: str
    birth: str
    state: str
    problems: tuple[CellProblem, ...] = ()
    same: Same | None = None
    key: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """All rows of a table.

    Attributes:
        counts: state → how many rows.
        cells: level of problem → how many cells.
    """

    rows: tuple[PreviewRow, ...]
    counts: Counter[str] = field(default_factory=Counter)
    cells: Counter[str] = field(default_factory=Counter)

    @property
    def ready(self) -> frozenset[int]:
        """Numbers of the rows that are taken in unless the officer says otherwise."""
        return frozenset(row.number for row in self.rows if row.state == READY)


@dataclass(frozen=True, slots=True)
class _People:
    """Who has a case, to be compared with."""

    names: dict[str, list[Same]]
    papers: dict[str, Same]
    taken: dict[str, tuple[str, str]]
    cases: dict[str, Same]


@dataclass(frozen=True, slots=True)
class _WhoIsHere(Query[_People]):
    permission: ClassVar[str] = CASE_READ

    def run(self, context: Context, cursor: Any) -> _People:  # noqa: ARG002
        cursor.execute("SELECT case_id, file_no, name, birth FROM case_row")
        names: dict[str, list[Same]] = defaultdict(list)
        cases = {}
        for case_id, file_no, name, birth in cursor.fetchall():
            same = Same(case_id, file_no, name, birth)
            cases[case_id] = same
            if name:
                names[fold(name)].append(same)
        cursor.execute(
            'SELECT "case", number FROM r_identity_paper '
            "WHERE number IS NOT NULL AND voided IS NULL"
        )
        papers = {
            plain(number).replace(" ", ""): cases[case]
            for case, number in cursor.fetchall()
            if case in cases
        }
        cursor.execute(
            "SELECT key, value FROM meta WHERE key >= ? AND key < ?", (KEY, KEY[:-1] + ";")
        )
        taken = {}
        for key, value in cursor.fetchall():
            case_id, _space, digest = value.partition(" ")
            taken[key.removeprefix(KEY)] = (case_id, digest)
        return _People(dict(names), papers, taken, cases)


def look(desk: Desk, table: Table, mapping: ColumnMap, progress: Progress = quiet) -> Preview:
    """Read every row and compare it with the cases that are here; nothing is written.

    Args:
        desk: an unlocked desk.
        table: what was found in the file.
        mapping: what its columns are.
        progress: told how far it is; may raise to stop.

    Raises:
        NoName: no column holds the name.
        NotAllowed: the role does not include it.
    """
    desk.require(CASE_WRITE)
    if problems(mapping):
        raise NoName
    people = desk.ask(_WhoIsHere())
    reader = RowReader(desk.context, table, mapping)
    comparing = _Comparing(people)
    found, total = [], len(table.rows)
    counts: Counter[str] = Counter()
    cells: Counter[str] = Counter()
    words = _("Looking at the rows…")
    for done, row in enumerate(table.rows):
        if done % 20 == 0:
            progress(done, total, words)
        seen = comparing.judge(reader.read(row))
        counts[seen.state] += 1
        cells.update(problem.level for problem in seen.problems)
        found.append(seen)
    progress(total, total, words)
    return Preview(tuple(found), counts, cells)


class _Comparing:
    """Compares readings with the cases of the vault and with the rows before."""

    def __init__(self, people: _People) -> None:
        self._people = people
        self._keys: Counter[str] = Counter()
        self._names: dict[str, list[Same]] = defaultdict(list)
        self._papers: dict[str, Same] = {}

    def judge(self, reading: Reading) -> PreviewRow:
        """The row with its state."""
        about = (reading.number, reading.name, reading.birth)
        if not reading.person:
            return PreviewRow(*about, NO_PERSON)
        self._keys[reading.key] += 1
        nth = self._keys[reading.key]
        key = reading.key if nth == 1 else f"{reading.key}.{nth}"
        state, same = READY, None
        if not reading.possible:
            state = IMPOSSIBLE
        elif key in self._people.taken:
            case_id, digest = self._people.taken[key]
            state = KNOWN if digest == reading.digest else CHANGED
            same = self._people.cases.get(case_id) or Same(case_id, "", "", "")
        elif (same := self._twin(reading)) is not None:
            state = TWIN
        mine = Same("", "", reading.name, reading.birth, reading.number)
        self._names[fold(reading.name)].append(mine)
        for paper in reading.papers:
            self._papers.setdefault(paper, mine)
        found = tuple(reading.problems)
        return PreviewRow(*about, state, found, same, key, reading.digest)

    def _twin(self, reading: Reading) -> Same | None:
        for paper in reading.papers:
            by_paper = self._people.papers.get(paper) or self._papers.get(paper)
            if by_paper is not None:
                return by_paper
        name = fold(reading.name)
        known = (*self._people.names.get(name, ()), *self._names.get(name, ()))
        return next((same for same in known if may_be_same(reading.birth, same.birth)), None)


def may_be_same(one: str, other: str) -> bool:
    """Whether two dates of birth may be of one person; an unknown one fits any."""
    first, second = as_partial(one), as_partial(other)
    if first is None or second is None:
        return True
    if first.estimated or second.estimated:
        return abs(first.year - second.year) <= 2
    return first.earliest <= second.latest and second.earliest <= first.latest
