"""The list of cases: filter, sort, group and scroll at 1,000 and at 50,000 cases."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks import filled
from benchmarks.measure import Row, Settings, median
from traffick_desk.services.base import Desk
from traffick_desk.services.case_filter import GROUPS, ORDERS, CaseFilter
from traffick_desk.services.case_lists import GroupedCases, Lines
from traffick_desk.services.queries import CountCases, ListCases

PAGE = 100
FILTERS = (
    CaseFilter(due="late"),
    CaseFilter(due="week", minor=True),
    CaseFilter(officer="Nguyễn Văn Cường"),
    CaseFilter(received="year"),
    CaseFilter(stage="support", return_form="rescued"),
    CaseFilter(status="victim", return_form="rescued"),
    CaseFilter(text="nguyen thi", minor=True),
)


@dataclass
class Times:
    """Milliseconds of one kind of question."""

    all: list[float] = field(default_factory=list)
    worst: float = 0.0
    slowest: str = ""

    def add(self, took: list[float], what: str) -> None:
        """Of one question, asked several times."""
        middle = median(took)
        self.all.append(middle)
        if middle > self.worst:
            self.worst, self.slowest = middle, what


def timed(work: Callable[[], object], times: int) -> list[float]:
    """The first call, which warms the page cache, does not count."""
    work()
    took = []
    for _turn in range(times):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1000)
    return took


def measured(desk: Desk, cases: int, times: int) -> dict[str, Times]:
    """Kind of question → its times."""
    found = {kind: Times() for kind in ("sort", "filter", "group", "scroll", "scroll in groups")}
    chance = random.Random(cases)
    for name in ORDERS:
        for order in (name, f"-{name}"):
            found["sort"].add(timed(lambda o=order: desk.ask(ListCases(order=o)), times), order)  # type: ignore[misc]
    for wanted in FILTERS:

        def page_and_count(wanted: CaseFilter = wanted) -> None:
            desk.ask(ListCases(wanted))
            desk.ask(CountCases(wanted))

        found["filter"].add(timed(page_and_count, times), str(wanted.as_json()))
    for by in GROUPS:
        for order in ("name", "-due", "birth"):
            question = GroupedCases(by, order=order)
            found["group"].add(timed(lambda q=question: desk.ask(q), times), f"{by}, {order}")  # type: ignore[misc]
    for _turn in range(times):
        offset = chance.randrange(max(1, cases - PAGE))
        took = timed(lambda o=offset: desk.ask(ListCases(offset=o)), 1)  # type: ignore[misc]
        found["scroll"].add(took, str(offset))
    lines = [line for group in desk.ask(GroupedCases("officer")) for line in group.lines]
    for _turn in range(times):
        start = chance.randrange(max(1, len(lines) - PAGE))
        part = tuple(lines[start : start + PAGE])
        found["scroll in groups"].add(timed(lambda p=part: desk.ask(Lines(p)), 1), str(start))  # type: ignore[misc]
    return found


def run(settings: Settings) -> list[Row]:
    """Growth from the smallest to the largest vault, and the slowest of each kind."""
    sizes = (settings.sizes[0], settings.sizes[-1])
    by_size = {}
    for size in sizes:
        desk = filled.open_desk(filled.filled(settings, size).path)
        try:
            by_size[size] = measured(desk, size, 3 if settings.quick else 7)
        finally:
            desk.close()
    small, large = (by_size[size] for size in sizes)
    rows = []
    for kind, times in large.items():
        rows.append(
            Row(
                f"list of {sizes[1]:,} cases, {kind}, median",
                "ms",
                median(times.all),
                median(small[kind].all),
                f"itself at {sizes[0]:,}",
            )
        )
        rows.append(
            Row(
                f"the same, slowest ({times.slowest})",
                "ms",
                times.worst,
                small[kind].worst,
                f"slowest at {sizes[0]:,}",
                "≤ 1 s, in a thread",
                times.worst <= 1_000,
            )
        )
    return rows
