"""A hint while a person is entered: she may have a case already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QTimer

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.hint_list import HintList
from traffick_desk.desk.pages.record_list import Line
from traffick_desk.desk.pages.same_words import found_words
from traffick_desk.domain.person_keys import PersonFacts
from traffick_desk.i18n import _
from traffick_desk.services.same_person.find import LookForPerson

PAUSE_MS = 300
MOST = 3
SHORTEST = 3
# Records of an intake by which a person is known.
KNOWN_BY = frozenset({"person", "person_name", "identity_paper", "address"})


def facts_typed(person: dict[str, Any], name: str, rows: dict[str, Iterable[Any]]) -> PersonFacts:
    """What an intake says so far of who it is.

    Args:
        person: values of the person.
        name: as typed, even if it is not finished.
        rows: record type → lines of its list.
    """

    def of(record: str, *fields: str) -> list[tuple[str, ...]]:
        return [tuple(r.values.get(f) or "" for f in fields) for r in rows.get(record, ())]

    names = [n for n in (name, *(row[0] for row in of("person_name", "name"))) if n]
    return PersonFacts(
        names=tuple(dict.fromkeys(names)),
        birth=person.get("birth") or "",
        sex=person.get("sex") or "",
        papers=tuple((k, n) for k, n in of("identity_paper", "kind", "number") if n),
        homes=tuple((u, old, line) for u, old, line in of("address", "unit", "old_unit", "line")),
        phones=(person["phone"],) if person.get("phone") else (),
    )


class DuplicateHint(HintList):
    """Cases that may be of the person who is entered, with the reasons; the draft stays."""

    def __init__(self, host: Host) -> None:
        super().__init__(
            "duplicates",
            _("This person may have a case already"),
            _("Cases that may be of the same person"),
        )
        self._host = host
        self._facts = PersonFacts()
        self._dismissed = False
        self._found: Any = ()
        host.privacy.switched.connect(self._privacy)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.add(
            kit.button(_("&Look at this case"), "duplicates_open", self.open_chosen),
            kit.button(_("It is somebody &else"), "duplicates_dismiss", self.dismiss, role="quiet"),
        )
        self.opened.connect(lambda case: host.go("case", case_id=case))

    def look_for(self, facts: PersonFacts) -> None:
        """Look for the person of *facts* once the typing pauses."""
        if facts == self._facts:
            return
        self._facts = facts
        name = facts.names[0].strip() if facts.names else ""
        if self._dismissed or (len(name) < SHORTEST and not facts.papers):
            self._pause.stop()
            self.hide()
            return
        self._pause.start()

    def dismiss(self) -> None:
        """It is somebody else: say no more."""
        self._dismissed = True
        self.hide()

    def _ask(self) -> None:
        facts = self._facts
        self._host.ask(
            LookForPerson(facts, MOST), lambda found: self._answer(facts, found), owner=self
        )

    def _privacy(self, _on: bool) -> None:
        """Names are masked, or shown again."""
        if not self.isHidden():
            self._answer(self._facts, self._found)

    def _answer(self, facts: PersonFacts, found: Any) -> None:
        if facts != self._facts or self._dismissed:
            return
        self._found = found
        self.show_lines([Line(f.row.case_id, {}, text=found_words(self._host, f)) for f in found])
