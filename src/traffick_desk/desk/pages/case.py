"""One case: who, where it stands, what to do now, all that is known, and what the law gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages.case_conflicts import ConflictBar
from traffick_desk.desk.pages.case_drafts import PREFIX, CaseDrafts
from traffick_desk.desk.pages.case_extra import SupportSection
from traffick_desk.desk.pages.case_head import CaseHead, NextBar
from traffick_desk.desk.pages.case_lines import (
    CONFLICTS,
    PLANS,
    Beside,
    first_section,
    is_tip,
    section_lines,
    section_states,
)
from traffick_desk.desk.pages.case_plans import CASE_PLANS
from traffick_desk.desk.pages.case_plans_tip import TIP
from traffick_desk.desk.pages.case_same import SamePerson
from traffick_desk.desk.pages.case_section import CaseSection
from traffick_desk.desk.pages.case_sections import CaseSections
from traffick_desk.desk.pages.case_writer import CaseWriter
from traffick_desk.desk.pages.regimes import SHEET, RegimePanel
from traffick_desk.desk.pages.restriction import GlassDialog, RestrictDialog
from traffick_desk.desk.pages.section_list import EMPTY, SectionList, SectionPicker
from traffick_desk.desk.shortcuts import SAVING, Keys, bind
from traffick_desk.i18n import N_, _
from traffick_desk.services.assess import NextStep
from traffick_desk.services.commands import MarkSeen
from traffick_desk.services.groups_read import Group, GroupOf
from traffick_desk.services.queries import Clocks, NextSteps, OpenCase, RefreshCase
from traffick_desk.services.roles import CASE_READ
from traffick_desk.services.tips_read import TipsOf, TipView
from traffick_desk.services.veiling import Restricted
from traffick_desk.services.views import CaseView

LETTER = "D30/cong-van-bao-tiep-nhan"
# Page widths in px at 100 % text size: below them the column, then the list of sections folds.
ROOM_FOR_COLUMN = 1040
ROOM_FOR_LIST = 820
COLUMN = 340
LEAST_HEIGHT = 260


class CasePage(Page):
    """The page of one case."""

    name = "case"
    label = N_("Case")
    icon = "cases"
    permission = CASE_READ
    in_navigation = False
    belongs_to = "cases"
    interests = frozenset({"cases"})

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.case: CaseView | None = None
        self.writer: CaseWriter | None = None
        self._wanted: dict[str, Any] = {}
        self._saved_at = ""
        self._case_id = ""
        self.head = CaseHead()
        self.head.stages.wanted.connect(self._go_to_stage)
        self.next = NextBar()
        self.next.wanted.connect(self._act)
        self.conflicts = ConflictBar()
        self.conflicts.wanted.connect(lambda: self.list.choose(CONFLICTS))
        self.same = SamePerson(host)
        self.list = SectionList(section_lines(None, Beside()), self)
        self.list.chosen.connect(self._show)
        self.picker = SectionPicker(self.list)
        self.stack = CaseSections(host)
        self.stack.paper_wanted.connect(self._paper)
        self.stack.section_wanted.connect(self.list.choose)
        self.regimes = RegimePanel(host)
        self.regimes.assessed.connect(self.stack.show_assessed)
        self.regimes.printing.connect(lambda person: self._paper(SHEET, person))
        self.drafts = CaseDrafts(host, lambda: self.stack.made, self.list.current, self)
        self.drafts.resumed.connect(self._resume)
        self.stack.edited.connect(self.drafts.edited)
        self._column_place = kit.vbox(margins=(4, 0, 12, 8))
        self._column = kit.scroll(kit.panel(self._column_place), "regime_scroll")
        self._build()
        host.saved.connect(self._note_saved)

    @property
    def is_tip(self) -> bool:
        """Whether what is shown is a tip."""
        return is_tip(self.case)

    def _build(self) -> None:
        self._column_place.addWidget(self.regimes)
        middle = kit.hbox(self.list, self.stack, self._column, gap=16)
        middle.setStretch(1, 1)
        self.head.take(self.drafts.state)
        body = kit.vbox(self.head, self.next, self.conflicts, self.same, self.picker, middle, gap=8)
        body.setStretch(5, 1)
        kit.measures(body, (24, 12, 16, 12), 8)
        # With large text on a small screen the whole page scrolls, and the section keeps room.
        for part in (self.list, self.stack, self._column):
            part.setSizePolicy(part.sizePolicy().horizontalPolicy(), QSizePolicy.Policy.Ignored)
        self.set_body(kit.vbox(kit.scroll(kit.panel(body), "case_scroll")), scrolls=False)
        kit.measures(self.layout(), 0, 0)
        self._narrow = self._compact = None
        for keys in SAVING:
            bind(self, keys, self._submit)
        bind(self, "F1", self._help)
        bind(self, "F2", self._edit)
        bind(self, Keys.PRINT.keys, lambda: self._paper("", ""))
        bind(self, Keys.NEAREST.keys, self._nearest)
        self._fold()

    # -- coming and going ------------------------------------------------------------------

    def opened(
        self,
        case_id: str = "",
        *,
        section: str = "",
        draft: str = "",
        step: str = "",
        entitlement: str = "",
        seen: str = "",
        forward: bool = False,
        refer: str = "",
        person: str = "",
        **_more: Any,
    ) -> None:
        """Show a case.

        Args:
            case_id: which one; taken from *draft* when empty.
            section: which section, the first by default.
            draft: key of the draft to go on with.
            step: code of the step to write down.
            entitlement: the request to decide on.
            seen: id of the answer of the province that the officer has now seen.
            forward: the tip is passed on now.
            refer: id of the service of the directory that somebody is referred to now.
            person: who is.
        """
        case_id = case_id or draft.removeprefix(PREFIX) or self._case_id
        if not case_id:
            return
        self._wanted = {
            "section": section,
            "step": step,
            "entitlement": entitlement,
            "forward": forward,
            "refer": refer,
            "person": person,
        }
        if seen:
            self.host.do(MarkSeen(seen))
        if case_id == self._case_id and self.case is not None:
            self._read(RefreshCase(case_id))
            return
        self.save_drafts()
        self._clear()
        self._case_id = case_id
        self._read(OpenCase(case_id))

    def refresh(self, changed: frozenset[str]) -> None:
        """The case changed, here or by an import."""
        if self._case_id and self.case is not None:
            self._read(RefreshCase(self._case_id))
        _ = changed

    def save_drafts(self) -> None:
        """Keep what is typed in open forms, now."""
        self.drafts.flush()

    def back(self) -> bool:
        """Esc closes the reasons first; what is typed is kept."""
        if self.regimes.showing_reasons():
            self.regimes.show_all()
            return True
        self.save_drafts()
        return False

    def commands(self) -> list[PageCommand]:
        """What the palette offers on a case."""
        go = [
            PageCommand(_("Section: {title}").format(title=p.title), self._go_to(p.key))
            for p in self.list.lines.lines()
            if p.key != CONFLICTS
        ]
        if self.is_tip:
            return go
        return [
            PageCommand(_("Print or preview a paper"), lambda: self._paper("", ""), "print"),
            PageCommand(_("Write down a step"), lambda: self._note_step(""), "check"),
            PageCommand(
                _("Find a place in a facility"),
                lambda: self.host.go("facilities", case_id=self._case_id),
                "bed",
            ),
            PageCommand(Keys.NEAREST.words, self._nearest, "map", Keys.NEAREST.shown),
            PageCommand(
                _("Add one more person of the same reception"),
                lambda: self.host.go("intake", with_case=self._case_id),
                "persons",
            ),
            PageCommand(_("Who may look into this case…"), self._restrict, "lock"),
            PageCommand(_("The same person has another case…"), self.same.tie_another, "persons"),
            PageCommand(
                _("Write down a demand to erase this case…"),
                lambda: self.host.go("erasure", case_id=self._case_id),
            ),
            *go,
        ]

    def _nearest(self) -> None:
        """Show the services nearest to the person, by what she needs."""
        if self.case is not None and not self.is_tip:
            self.save_drafts()
            self.host.go("directory", case_id=self._case_id)

    def _restrict(self) -> None:
        if self.case is not None:
            RestrictDialog(self.window(), self.host, self._case_id).open()

    def _go_to(self, key: str) -> Callable[[], None]:
        return lambda: self.list.choose(key)

    # -- reading ---------------------------------------------------------------------------

    def _read(self, query: Any) -> None:
        case_id = query.case_id

        def ask(question: Any, answer: Callable[[Any], object]) -> None:
            self.host.ask(question, answer, owner=self, failed=self._shut_beside)

        self.host.ask(query, self._answer, owner=self, failed=lambda e: self._shut(case_id, e))
        ask(NextSteps(case_id), self._answer_steps)
        ask(Clocks(case_id), self._answer_clocks)
        ask(TipsOf(case_id), lambda t: self._answer_tips(case_id, t))
        ask(GroupOf(case_id), lambda g: self._answer_group(case_id, g))

    def _shut_beside(self, problem: Exception) -> None:
        # What is asked beside the case itself is refused with it, and told once.
        if not isinstance(problem, Restricted):
            self.host.fail(problem)

    def _shut(self, case_id: str, problem: Exception) -> None:
        """A case that is restricted to others asks for a reason; without one, back to the list."""
        if not isinstance(problem, Restricted):
            self.host.fail(problem)
            return
        if case_id != self._case_id:
            return
        self._clear()
        self._case_id = ""
        dialog = GlassDialog(
            self.window(), self.host, case_id, lambda: self.host.go("case", case_id=case_id)
        )
        dialog.rejected.connect(lambda: self.host.go("cases"))
        dialog.open()

    def _answer(self, case: CaseView) -> None:
        if case.row.case_id != self._case_id:
            return
        first = self.case is None
        self.case = case
        if first:
            self._start(case)
            self._lay_lines()
            self._place_regimes()
        today = self.host.context.now().date()
        self.head.show_case(case, today, self._saved_at)
        self.conflicts.show_case(case)
        self.same.show_case(case.row.case_id, case.row.unit, tip=self.is_tip)
        self.stack.show_case(case)
        if not self.is_tip:
            self.regimes.show_case(case)
        self._mark()
        self._go_where_wanted()
        if first:
            self.drafts.look_for_one()

    def _answer_tips(self, case_id: str, tips: tuple[TipView, ...]) -> None:
        if case_id != self._case_id:
            return
        self.stack.show_tips(tips)
        if self.case is None or self.is_tip:
            # Laid out when the case itself has come; a tip has none of its own.
            return
        self._lay_lines()
        self._mark()

    def _answer_group(self, case_id: str, group: Group | None) -> None:
        if case_id == self._case_id:
            self.head.show_group(group)
            self.stack.show_group(group)
            self._mark()

    def _lay_lines(self) -> None:
        lines = section_lines(self.case, self.stack.beside)
        before = self.list.lines.lines()
        if [line.key for line in lines] == [line.key for line in before]:
            return
        here = self.list.current()
        self.list.lines.show_lines(lines)
        self._mark()
        if here:
            self.list.choose(
                here if self.list.lines.row_of(here) >= 0 else first_section(self.case)
            )

    def _answer_steps(self, steps: tuple[NextStep, ...]) -> None:
        self.next.show_steps(
            steps, self.host.context.now().date(), own=self.host.desk.info.profile == "commune"
        )

    def _answer_clocks(self, clocks: Any) -> None:
        self.stack.show_clocks(clocks)
        self._mark()

    def _start(self, case: CaseView) -> None:
        self.writer = CaseWriter(self.host, lambda: self.case, self.drafts.to_drop, self)
        self.stack.begin(case, self.writer, tip=self.is_tip)
        self.drafts.start(case)

    def _clear(self) -> None:
        self.case = None
        self.drafts.stop()
        self.head.show_group(None)
        self._saved_at = ""
        self._unfold_regimes()
        self.stack.clear()
        self.list.setCurrentIndex(self.list.lines.index(-1))
        self.list.lines.mark({plan.key: EMPTY for plan in CASE_PLANS})

    def _go_where_wanted(self) -> None:
        wanted, self._wanted = self._wanted, {}
        if wanted.get("entitlement"):
            self.list.choose("support")
            self.stack.section("support").decide(wanted["entitlement"])
        elif wanted.get("step"):
            self._note_step(wanted["step"])
        elif wanted.get("section"):
            self.list.choose(wanted["section"])
        elif not self.list.current():
            self.list.choose(first_section(self.case))
        if wanted.get("refer"):
            self.stack.section("referrals").refer(wanted["refer"], wanted["person"])
        if wanted.get("forward") and self.is_tip:
            self.stack.section(TIP.key).forward()

    # -- sections --------------------------------------------------------------------------

    def _show(self, key: str) -> None:
        if self.case is not None:
            self.stack.show_section(key)
            self._place_regimes()

    def _mark(self) -> None:
        if self.case is None:
            return
        waiting = not self.conflicts.isHidden()
        self.list.lines.mark(section_states(self.case, self.stack.beside, choose=waiting))
        row = self.list.lines.row_of(CONFLICTS)
        self.list.setRowHidden(row, not waiting)

    def _submit(self) -> None:
        section = self.stack.made.get(self.list.current())
        if isinstance(section, CaseSection):
            section.submit()

    def _edit(self) -> None:
        section = self.stack.made.get(self.list.current())
        if isinstance(section, CaseSection):
            section.open_first()

    def _help(self) -> None:
        section = self.stack.made.get(self.list.current())
        if section is not None:
            section.head.toggle()

    # -- acting ----------------------------------------------------------------------------

    def _act(self, step: NextStep, how: str) -> None:
        match how:
            case "letter":
                self._paper(LETTER, step.person_id)
            case "phone":
                self.writer.step(step.step, channel="phone")
            case "step":
                self._note_step(step.step, step.person_id)
            case _:
                self.list.choose("stays" if step.clock in {"CLK-07", "OLD-04b"} else "steps")

    def _note_step(self, kind: str, person_id: str = "") -> None:
        if self.case is None:
            return
        self.list.choose("steps")
        self.stack.section("steps").note(kind, person_id)

    def _go_to_stage(self, stage: str) -> None:
        """Clicked in the head: the section asks for a reason where one is needed."""
        if self.case is not None and not self.is_tip:
            self.list.choose("frame")
            self.stack.section("frame").propose(stage)

    def _paper(self, form: str, person_id: str, record_id: str = "") -> None:
        if self.case is not None and not self.is_tip:
            self.save_drafts()
            self.host.go(
                "paper",
                case_id=self._case_id,
                form=form,
                person_id=person_id,
                record_id=record_id,
            )

    def _note_saved(self, at: Any) -> None:
        self._saved_at = at.strftime("%H:%M")

    def _resume(self, payload: Any) -> None:
        for key, typed in payload.get("sections", {}).items():
            if key in PLANS:
                self.stack.section(key).restore(typed)
        self.list.choose(payload.get("section", "") or first_section(self.case))

    # -- folding ---------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The column and the list of sections fold where there is no room."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        look = theme.current()
        narrow = self.width() < look.px(ROOM_FOR_COLUMN)
        compact = self.width() < look.px(ROOM_FOR_LIST)
        if (narrow, compact) == (self._narrow, self._compact):
            return
        self._narrow, self._compact = narrow, compact
        self.list.setHidden(compact)
        self.picker.setVisible(compact)
        self.head.set_compact(compact)
        self.next.set_compact(compact)
        self._column.setFixedWidth(look.px(COLUMN))
        self.stack.setMinimumHeight(look.px(LEAST_HEIGHT))
        self._place_regimes()

    def _place_regimes(self) -> None:
        """Beside the case, or within the section on support when the window is narrow."""
        self._column.setHidden(bool(self._narrow) or self.is_tip)
        section = self.stack.made.get("support")
        if self._narrow and isinstance(section, SupportSection):
            section.finish()
            section.take(self.regimes)
        elif not self._narrow:
            self._unfold_regimes()

    def _unfold_regimes(self) -> None:
        self._column_place.addWidget(self.regimes)
        self.regimes.show()
