"""*Two values, one to choose*: everything that waits for a choice, in cases and outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page
from traffick_desk.desk.pages.conflicts import ChoiceCard, marks
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services.conflicts import Choice
from traffick_desk.services.roles import OWN
from traffick_desk.services.to_choose import Choices

# More than these nobody settles at one sitting.
MOST = 50


class ConflictsPage(Page):
    """Everything that waits for a choice, in all cases and all other parts the officer may see."""

    permission = OWN
    name = "conflicts"
    label = N_("Two values, one to choose")
    icon = "conflict"
    in_navigation = False
    belongs_to = "cases"
    interests = frozenset(
        {"cases", "prevention", "directory", "reports", "rules", "officers", "links"}
    )

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._shown: tuple[object, ...] | None = None
        self._cards: list[ChoiceCard] = []
        self._wanted = ""
        self.count = kit.label("", "muted", name="conflicts_count", wrap=False)
        self._column = kit.vbox(gap=16)
        self.empty = kit.empty_state(
            _("Nothing waits for a choice."),
            _(
                "When two desks write the same thing without knowing of each other, both values "
                "are kept and stand here, until you say which one holds. Your choice goes to the "
                "other desk with the next bundle."
            ),
            icon="conflict",
        )
        self.empty.hide()
        self.set_body(
            kit.vbox(
                kit.hbox(kit.label(self.title(), "title", wrap=False), None, self.count),
                kit.label(
                    _(
                        "Written differently on two desks. Nothing was overwritten; all values "
                        "stay in the history, whichever you choose."
                    ),
                    "muted",
                ),
                self.empty,
                self._column,
                None,
            )
        )
        host.privacy.switched.connect(self._masked)

    def opened(self, entry: str = "", **_more: Any) -> None:
        """Show everything; of a record outside cases (``type:id``) the card comes into view."""
        self._wanted = entry
        self.refresh(frozenset())

    def refresh(self, changed: frozenset[str]) -> None:  # noqa: ARG002
        """Ask what waits."""
        self.host.ask(Choices(MOST), self._show, owner=self)

    def _masked(self, _on: bool) -> None:
        self._shown = None
        if self.isVisible():
            self.refresh(frozenset())

    def _show(self, found: Sequence[Choice]) -> None:
        number = len(found)
        text = ngettext("{n} value to choose", "{n} values to choose", number)
        self.count.setText(
            text.format(n=number) if number < MOST else _("{n} or more").format(n=MOST)
        )
        self.count.setVisible(number > 0)
        self.empty.setVisible(not found)
        if marks(found) != self._shown:
            self._shown = marks(found)
            kit.clear(self._column)
            self._cards = [ChoiceCard(self.host, one, named=True, way=True) for one in found]
            for card in self._cards:
                self._column.addWidget(card)
        wanted, self._wanted = self._wanted, ""
        for card, choice in zip(self._cards, found, strict=True):
            if wanted == f"{choice.record.type}:{choice.record.id}":
                go_to(card)
                break
