"""Choosing a service of the directory while a referral is written: by typing, without accents."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors.base import Choice
from traffick_desk.desk.editors.lookup import Lookup
from traffick_desk.desk.host import Host
from traffick_desk.desk.newest import Newest
from traffick_desk.desk.pages import directory_words as words
from traffick_desk.domain.text import fold
from traffick_desk.i18n import _
from traffick_desk.services.directory.find import Near, NearestForCase, ServiceRow


class ServiceSource:
    """Services in memory, the nearest first; every typed word must begin a word of one."""

    def __init__(self, rows: Sequence[ServiceRow]) -> None:
        self._rows = {row.id: row for row in rows}
        self._folded = [(f" {fold(f'{r.name} {r.organization} {r.phone}')}", r) for r in rows]

    def all(self) -> Sequence[Choice] | None:
        """Too many to show."""
        return None

    def search(self, text: str, limit: int = 20) -> Sequence[Choice]:
        """Services that fit *text*."""
        typed = [f" {word}" for word in fold(text).split()]
        found = [r for have, r in self._folded if all(word in have for word in typed)]
        return [self._choice(row) for row in found[:limit]]

    def label(self, value: str) -> str:
        """The name of a service."""
        row = self._rows.get(value)
        return row.name if row is not None else value

    @staticmethod
    def _choice(row: ServiceRow) -> Choice:
        parts = [p for p in (row.organization, words.far(row)) if p and p != row.name]
        return Choice(row.id, row.name, " · ".join(parts))


class ServiceLookup(QWidget):
    """A line that completes services, and the way to the map.

    Signals:
        picked: a service was chosen; Emits: its id.
        map_wanted: the directory is to be shown for this case.
    """

    picked = Signal(str)
    map_wanted = Signal()

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("referral_directory")
        self._host = host
        self._newest = Newest()
        self.line = Lookup(ServiceSource(()))
        self.line.setObjectName("referral_lookup")
        text = _("From the directory")
        self.line.setAccessibleName(text)
        self.line.setPlaceholderText(_("Type a name; the nearest that fits her comes first"))
        self.line.setMinimumWidth(theme.current().px(320))
        self.line.setMaximumWidth(theme.current().px(460))
        self.line.chosen.connect(self._chosen)
        label = kit.label(text, "label")
        label.setBuddy(self.line)
        self.map_button = kit.button(
            _("On the map…"), "referral_map", self.map_wanted.emit, role="quiet", icon="map"
        )
        row = kit.hbox(self.line, self.map_button, None)
        row.setStretch(0, 1)
        self.setLayout(kit.vbox(label, row, gap=4))

    def load(self, case_id: str, person_id: str) -> None:
        """Offer the services that fit this person."""
        only = self._newest.begin()
        # Of all kinds: what somebody is referred for need not be among the needs written down.
        query = NearestForCase(case_id, person_id, ALL_KINDS, limit=20_000)

        def came(found: Near) -> None:
            self.line.set_source(ServiceSource(found.found.rows))

        self._host.ask(query, only(came), owner=self)

    def _chosen(self) -> None:
        if value := self.line.value():
            self.picked.emit(value)

    def clear(self) -> None:
        """Nothing is chosen."""
        self.line.set_value(None)


def _all_kinds() -> tuple[str, ...]:
    from traffick_desk.domain.codes import SMALL_LISTS

    return SMALL_LISTS["directory_service"].codes()


ALL_KINDS = _all_kinds()
