"""The sections of the case that is shown, each made when it is first looked at."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.case_care import NeedsSection
from traffick_desk.desk.pages.case_conflicts import ConflictSection
from traffick_desk.desk.pages.case_extra import PrintedSection, StepsSection
from traffick_desk.desk.pages.case_kinds import KINDS
from traffick_desk.desk.pages.case_lines import CONFLICTS, PLANS, Beside
from traffick_desk.desk.pages.case_plans_tip import JOINED, TIP
from traffick_desk.desk.pages.case_section import CaseSection
from traffick_desk.desk.pages.case_tip import JoinedTips, TipSection
from traffick_desk.desk.pages.case_together import TogetherSection
from traffick_desk.desk.pages.case_writer import CaseWriter
from traffick_desk.services.groups_read import Group
from traffick_desk.services.papers import Forms
from traffick_desk.services.tips_read import TipView
from traffick_desk.services.views import CaseView


class CaseSections(QStackedWidget):
    """Makes the sections, shows one of them, and hands each what was read beside the case.

    Attributes:
        made: key → section, of those that were looked at or asked for.
        places: key → what scrolls around the section.
        beside: what was read beside the case.

    Signals:
        edited, paper_wanted, section_wanted: see :class:`CaseSection`.
    """

    edited = Signal()
    paper_wanted = Signal(str, str, str)
    section_wanted = Signal(str)

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("case_stack")
        self.host = host
        self.made: dict[str, CaseSection | ConflictSection] = {}
        self.places: dict[str, QWidget] = {}
        self._titles: dict[str, str] = {}
        self.clear()

    # -- the case --------------------------------------------------------------------------

    def clear(self) -> None:
        """Let go of the case and of everything typed in its sections."""
        for place in self.places.values():
            self.removeWidget(place)
            place.deleteLater()
        self.places, self.made = {}, {}
        self._stale: set[str] = set()
        self._case: CaseView | None = None
        self._writer: CaseWriter | None = None
        self._tip = False
        self.beside = Beside()

    def begin(self, case: CaseView, writer: CaseWriter, *, tip: bool) -> None:
        """Make the sections of *case* from now on; they write through *writer*."""
        self._case, self._writer, self._tip = case, writer, tip

    def show_case(self, case: CaseView) -> None:
        """The case was read anew; open forms stay open.

        Sections that nobody looks at follow when somebody does: all of them at once kept the
        window from hearing keys for a tenth of a second after each save.
        """
        self._case = case
        self._stale = set(self.made)
        for key, place in self.places.items():
            if place is self.currentWidget():
                self._freshen(key)

    def _freshen(self, key: str) -> None:
        if key not in self._stale:
            return
        self._stale.discard(key)
        section = self.made[key]
        if isinstance(section, CaseSection):
            section.finish()
        section.show_case(self._case)

    # -- what is read beside it --------------------------------------------------------------

    def show_tips(self, tips: tuple[TipView, ...]) -> None:
        """The tips that were joined to the case."""
        self.beside.tips = tips
        self._hand_over(JOINED.key)

    def show_group(self, group: Group | None) -> None:
        """Those who came together with the person."""
        self.beside.group = group
        self._hand_over("together")

    def show_clocks(self, clocks: Any) -> None:
        """The periods of the law."""
        self.beside.clocks = clocks
        self._hand_over("steps")

    def show_assessed(self, found: Any, person_id: str) -> None:
        """What the law gives one person."""
        self.beside.assessed = (found, person_id)
        self._hand_over("needs")

    def _name_forms(self, forms: Any) -> None:
        self._titles = {form.key: str(form.title) for form in forms}
        self._hand_over("printed")

    def _hand_over(self, key: str) -> None:
        section = self.made.get(key)
        if not isinstance(section, CaseSection) or not section.stands or self._case is None:
            return
        match section:
            case JoinedTips():
                section.show_tips(self.beside.tips)
            case TogetherSection():
                section.show_group(self.beside.group)
            case StepsSection():
                section.show_clocks(self.beside.clocks, self._case)
            case NeedsSection() if self.beside.assessed:
                found, person_id = self.beside.assessed
                section.show_gaps(found, self._case, person_id)
            case PrintedSection():
                section.name_forms(self._titles)

    # -- the sections ------------------------------------------------------------------------

    def section(self, key: str) -> Any:
        """The whole section *key*, made if need be."""
        self._make(key)
        self._freshen(key)
        section = self.made[key]
        if isinstance(section, CaseSection):
            section.finish()
        return section

    def show_section(self, key: str) -> None:
        """Show section *key*; what of it does not stand yet comes in turns."""
        self._make(key)
        self._freshen(key)
        self.setCurrentWidget(self.places[key])

    def _make(self, key: str) -> None:
        if key in self.made:
            return
        made: CaseSection | ConflictSection
        if key == CONFLICTS:
            made = ConflictSection(self.host)
            made.show_case(self._case)
        else:
            made = self._kind_of(key)
            made.edited.connect(self.edited)
            made.paper_wanted.connect(self.paper_wanted)
            made.section_wanted.connect(self.section_wanted)
            made.built.connect(lambda: self._hand_over(key))
        if isinstance(made, PrintedSection):
            made.wanted.connect(lambda: self.paper_wanted.emit("", "", ""))
            if not self._titles:
                # All forms are read for it, which takes longer than the rest of the case.
                self.host.ask(Forms(), self._name_forms, owner=self)
        self.made[key] = made
        kit.measures(made.layout(), (4, 0, 12, 8), 16)
        place = self.places[key] = kit.scroll(None, f"{key}_scroll")
        self.addWidget(place)
        kit.fill_scroll(place, made)

    def _kind_of(self, key: str) -> CaseSection:
        plan, kind = PLANS[key], KINDS.get(key, CaseSection)
        if key == TIP.key and self._tip:
            plan, kind = TIP, TipSection
        return kind(plan, self.host, self._writer, self._case)
