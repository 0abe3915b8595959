"""An intake that a tip led to: what was told stands above, and what fits is proposed."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QFrame

from traffick_desk.desk import kit
from traffick_desk.i18n import _
from traffick_desk.services.views import CaseView, RecordView

# Of a long account the beginning; all of it is on the page of the tip.
MOST = 240
_WORDS_OF_A_NAME = range(2, 6)


def name_in(persons: str) -> str:
    """A name that *persons* begins with, ``Lò Thị Mỷ, khoảng 15 tuổi``; "" if it is none."""
    head = persons.splitlines()[0] if persons else ""
    for sign in ",;:.(–-":
        head = head.partition(sign)[0]
    words = head.split()
    named = all(w.isalpha() and w[0].isupper() and not w.isupper() for w in words)
    return " ".join(words) if named and len(words) in _WORDS_OF_A_NAME else ""


class TipNotice(QFrame):
    """What was told, above the sections of the intake."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("intake_tip")
        self.setProperty("role", "notice")
        self._title = kit.label("", "label", name="intake_tip_title")
        self._about = kit.label("", name="intake_tip_about")
        self.setLayout(kit.vbox(self._title, self._about, margins=(12, 8, 12, 8), gap=2))
        self.clear()

    def clear(self) -> None:
        """No tip led to this intake."""
        self.case_id = ""
        self.proposals: dict[str, dict[str, Any]] = {}
        self.hide()

    def set_compact(self, on: bool) -> None:
        """With large text on a small screen the form needs the room; the number is left."""
        self._about.setHidden(on)

    def show_tip(self, case: CaseView) -> None:
        """Show the tip of *case*; what fits is in :attr:`proposals`, by record type."""
        found = case.of("tip")
        if not found:
            return
        number, tip = case.row.file_no, found[0]
        self._title.setText(_("From tip {number}").format(number=number))
        parts = [str(tip.get(n)) for n in ("persons", "place", "about") if tip.get(n)]
        text = " · ".join("; ".join(part.split("\n")) for part in parts)
        self._about.setText(text if len(text) <= MOST else f"{text[:MOST]}…")
        self.proposals = self._proposals(number, tip)
        self.show()

    @staticmethod
    def _proposals(number: str, tip: RecordView) -> dict[str, dict[str, Any]]:
        about = _("From tip {number}").format(number=number)
        found: dict[str, dict[str, Any]] = {"reception": {"note": f"{about}: {tip.get('about')}"}}
        if name := name_in(str(tip.get("persons") or "")):
            found["person"] = {"name": name}
        return found
