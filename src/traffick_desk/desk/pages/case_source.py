"""Where the rows of the list of cases come from: SQL, or the search while something is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from traffick_desk.services.case_filter import CaseFilter
from traffick_desk.services.queries import CountCases, ListCases, SearchCases
from traffick_desk.services.views import CaseRow

MOST_HITS = 500
Ask = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row of the list and whether the accents agree with what was typed."""

    row: CaseRow
    exact: bool = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


@dataclass(frozen=True)
class CaseSource:
    """Rows for one filter.

    Without text every row is reached and SQL sorts. With text the best
    :data:`MOST_HITS` are read once, those with the same accents first.
    """

    ask: Ask
    filter: CaseFilter

    def fetch(self, order: str, offset: int, limit: int) -> Sequence[CaseRow | FoundRow]:
        """One page."""
        if self.filter.text:
            return self._hits[offset : offset + limit]
        rows: tuple[CaseRow, ...] = self.ask(ListCases(self.filter, order, offset, limit))
        return rows

    def count(self) -> int:
        """How many rows there are."""
        if self.filter.text:
            return len(self._hits)
        return int(self.ask(CountCases(self.filter)))

    @cached_property
    def _hits(self) -> list[FoundRow]:
        found = self.ask(SearchCases(self.filter.text, MOST_HITS, self.filter))
        return [FoundRow(hit.row, hit.exact) for hit in found]

    def anew(self) -> CaseSource:
        """The same question, asked again."""
        return replace(self)
