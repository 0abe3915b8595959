"""The pages of a window, each built when it is first gone to: an unlocked desk is there at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from traffick_desk.desk.page import Page


class PageShelf(Mapping[str, Page]):
    """Name → page. Looking a page up builds it.

    Args:
        kinds: the classes of the pages, in order.
        build: makes the page of a class and puts it into the window.
    """

    def __init__(self, kinds: Sequence[type[Page]], build: Callable[[type[Page]], Page]) -> None:
        self.kinds = {kind.name: kind for kind in kinds}
        self._build = build
        self._built: dict[str, Page] = {}

    def __getitem__(self, name: str) -> Page:
        if name not in self._built:
            self._built[name] = self._build(self.kinds[name])
        return self._built[name]

    def __contains__(self, name: object) -> bool:
        return name in self.kinds

    def __iter__(self) -> Iterator[str]:
        return iter(self.kinds)

    def __len__(self) -> int:
        return len(self.kinds)

    def missing(self, names: Sequence[str]) -> list[str]:
        """Those of *names* that the window has and that were not built yet."""
        return [name for name in names if name in self.kinds and name not in self._built]

    @property
    def built(self) -> tuple[Page, ...]:
        """Those that were built; the others hold nothing to keep or to close."""
        return tuple(self._built.values())
