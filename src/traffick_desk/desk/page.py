"""The base class of all pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from PySide6.QtWidgets import QLayout, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.i18n import _
from traffick_desk.services.roles import may


@dataclass(frozen=True)
class PageCommand:
    """Something to do that the palette (Ctrl+K) offers.

    Attributes:
        words: a verb phrase in the language of the desk.
        act: called without arguments.
        icon: name of an icon.
        keys: its key sequence, to show.
    """

    words: str
    act: Callable[[], object]
    icon: str = "chevron-right"
    keys: str = ""


class Page(QWidget):
    """One page of the window.

    Attributes:
        name: how other pages go to it.
        label: English source text (marked ``N_``) for navigation and palette.
        icon: name of its icon.
        in_navigation: whether it stands at the left; others are gone to.
        belongs_to: the page in the navigation that is lit while this one is shown.
        interests: kinds of change that make :meth:`refresh` be called.
        profiles: the profiles that have the page.
        permission: what an officer's role must include; "" for everybody's pages.
        navigation_roles: roles for which it stands at the left all the same.
        ahead: pages that one goes to from here most often; made while nobody touches the desk.
    """

    name: ClassVar[str] = ""
    label: ClassVar[str] = ""
    icon: ClassVar[str] = "document"
    in_navigation: ClassVar[bool] = True
    belongs_to: ClassVar[str] = ""
    interests: ClassVar[frozenset[str]] = frozenset()
    profiles: ClassVar[frozenset[str]] = frozenset({"commune", "province"})
    permission: ClassVar[str] = ""
    navigation_roles: ClassVar[frozenset[str]] = frozenset()
    ahead: ClassVar[tuple[str, ...]] = ()

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.host = host
        self.setObjectName(f"page_{self.name}")
        self.setProperty("role", "page")
        self.setAccessibleName(self.title())

    def set_body(self, body: QWidget | QLayout, *, scrolls: bool = True) -> None:
        """Fill the page; by default the body scrolls up and down as a whole."""
        layout = body if isinstance(body, QLayout) else kit.vbox(body)
        if not scrolls:
            kit.measures(layout, 24, 12)
            self.setLayout(layout)
            return
        inner = kit.panel(layout, name=f"{self.name}_body")
        kit.measures(layout, 24, 12)
        self.setLayout(kit.vbox(kit.scroll(inner, f"{self.name}_scroll")))

    @classmethod
    def title(cls) -> str:
        """The name of the page in the language of the desk. Never a person's name."""
        return _(cls.label)

    @classmethod
    def open_to(cls, role: str) -> bool:
        """Whether an officer of *role* has the page."""
        return not cls.permission or may(role, cls.permission)

    def opened(self, **_arguments: Any) -> None:
        """The page is shown; by default it reads everything anew."""
        self.refresh(frozenset())

    def refresh(self, changed: frozenset[str]) -> None:
        """Something changed (*changed* is empty: read everything); called only while shown."""

    def save_drafts(self) -> None:
        """Keep what is typed but not saved, through ``host.do(SaveDraft(…))``; before a lock."""

    def back(self) -> bool:
        """Esc was pressed; true when the page has dealt with it."""
        return False

    def commands(self) -> list[PageCommand]:
        """What the palette offers while this page is shown."""
        return []
