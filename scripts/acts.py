"""What an officer does most, done to a real window under a heartbeat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtWidgets import QWidget

from heartbeat import Act, Heartbeat
from journey import commit, until

NAME = "dang thi"
NOTE = "Em kể đã đi cùng một người quen; hôm nay ăn ngủ tốt hơn, muốn gọi điện cho mẹ."

Done = Callable[[], object]


class Acts:
    """Acts on the window of an unlocked desk with at least two cases.

    Args:
        window: the window, shown.
        cases: ids of two cases.
    """

    def __init__(self, window: Any, cases: tuple[str, str]) -> None:
        self.window, self.cases = window, cases
        self._beat = Heartbeat()
        self._quiet = 0

    def all(self) -> Iterator[tuple[str, Act]]:
        """Do everything; the name of each act and what it did to the window."""
        first, second = self.cases
        yield from self._page("cases", "the list of cases")
        yield "filter by typing, from the last key", self._filter()
        yield "take the filter away", self._act(self.window.page.search.clear, self._filtered)
        yield "open a case, the first since unlocking", self._open(first)
        yield "open the next case", self._open(second)
        yield from self._sections()
        yield "open a new note", self._act(self._note)
        yield "type in it, slowest key", self._typed()
        yield "save it", self._act(self._part.submit, lambda: not self._part.is_open())
        yield from self._page("intake", "the intake")
        yield "type a name there, slowest key", self._name()
        yield from self._page("today", "Today")
        yield from self._page("sync", "Sync")
        yield from self._page("paper", "a paper", case_id=first, form="NB-01")

    def _act(self, do: Done, done: Done = lambda: True) -> Act:
        self._quiet = 0
        with self._beat.during() as act:
            do()
            until(lambda: done() and self._idle(), "the act")
        return act

    def _idle(self) -> bool:
        # Answers bring further questions; quiet is what stays so for some beats.
        self._quiet = 0 if self.window.host.jobs.running else self._quiet + 1
        return self._quiet > 5

    def _page(self, name: str, words: str, **arguments: Any) -> Iterator[tuple[str, Act]]:
        for when in ("first time", "again"):
            act = self._act(lambda: self.window.go(name, **arguments))
            yield f"go to {words}, {when}", act
            if when == "first time":
                self._act(lambda: self.window.go("settings"))

    def _open(self, case_id: str) -> Act:
        def there() -> bool:
            case = self.window.page.case
            return case is not None and case.row.case_id == case_id

        return self._act(lambda: self.window.go("case", case_id=case_id), there)

    def _sections(self) -> Iterator[tuple[str, Act]]:
        for when in ("first time", "again"):
            acts = [
                self._act(lambda line=line: self.window.page.list.choose(line.key))
                for line in list(self.window.page.list.lines.lines())
            ]
            yield f"slowest section of a case, {when}", max(acts, key=lambda a: a.blocked_ms)

    def _note(self) -> None:
        self.window.page.list.choose("notes")
        self._part = self.window.page.stack.section("notes").parts["note"][1]
        self._part.add()

    def _typed(self) -> Act:
        return self._keys(self._part.form.editor("text").focusProxy(), NOTE)

    def _filter(self) -> Act:
        slowest = self._keys(self.window.page.search, NAME)
        found = self._act(lambda: None, self._filtered)
        slowest.blocked_ms = max(slowest.blocked_ms, found.blocked_ms)
        slowest.done_ms = found.done_ms
        return slowest

    def _filtered(self) -> bool:
        page = self.window.page
        return page._source.filter.text == page.search.text() and not page._wait.isActive()  # noqa: SLF001

    def _name(self) -> Act:
        form = next(f for _p, f, _c in self.window.page.sections["identity"].forms)
        return self._keys(form.editor("name").focusProxy(), "Đặng Thị Hoa")

    def _keys(self, field: QWidget, text: str) -> Act:
        field.setFocus()
        slowest = Act()
        for sign in text:
            act = self._act(lambda sign=sign: commit(field, sign))
            slowest = max(slowest, act, key=lambda a: a.blocked_ms)
        return slowest
