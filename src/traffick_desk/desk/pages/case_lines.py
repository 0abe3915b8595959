"""The list of a case's sections: which there are, and how each stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from traffick_desk.desk.pages.case_plans import CASE_PLANS
from traffick_desk.desk.pages.case_plans_tip import JOINED, TIP, TIP_SECTIONS
from traffick_desk.desk.pages.case_section import section_state
from traffick_desk.desk.pages.section_list import CHOOSE, DONE, EMPTY, PROBLEM, SectionLine
from traffick_desk.domain.codes_tip import TIP_STAGES
from traffick_desk.i18n import _
from traffick_desk.law import State
from traffick_desk.services.groups_read import Group
from traffick_desk.services.tips_read import TipView
from traffick_desk.services.views import CaseView

PLANS = {plan.key: plan for plan in CASE_PLANS}
CONFLICTS = "conflicts"
# Sections that show records of one type, and are done when there is one.
_DONE_BY = {"support": "entitlement", "printed": "paper", "documents": "document"}


@dataclass
class Beside:
    """What is read beside a case: it may come before the case, after it, or change alone.

    Attributes:
        tips: the tips that were joined to the case.
        group: those who came together with the person.
        clocks: person's id and clock of each period of the law.
        assessed: what the law gives, and to whom; ``None`` until it was worked out.
    """

    tips: tuple[TipView, ...] = ()
    group: Group | None = None
    clocks: Any = ()
    assessed: tuple[Any, str] | None = None


def is_tip(case: CaseView | None) -> bool:
    """Whether *case* is a tip."""
    return case is not None and case.row.stage in TIP_STAGES


def section_lines(case: CaseView | None, beside: Beside) -> list[SectionLine]:
    """The sections of *case*: of a tip other ones than of a person."""
    if is_tip(case):
        plans = [TIP if key == TIP.key else PLANS[key] for key in TIP_SECTIONS]
    else:
        plans = [p for p in CASE_PLANS if beside.tips or p.key != JOINED.key]
    lines = [SectionLine(p.key, _(p.title)) for p in plans]
    return [SectionLine(CONFLICTS, _("Two values to choose")), *lines]


def first_section(case: CaseView | None) -> str:
    """The section that is shown where none was asked for."""
    return TIP.key if is_tip(case) else CASE_PLANS[0].key


def section_states(case: CaseView, beside: Beside, *, choose: bool) -> dict[str, Any]:
    """Section → how it stands; *choose* tells whether two values wait for a choice."""
    states = {plan.key: section_state(plan, case) for plan in CASE_PLANS}
    if any(clock.state is State.OVERDUE for _person, clock in beside.clocks):
        states["steps"] = PROBLEM
    for key, kind in _DONE_BY.items():
        states[key] = DONE if case.of(kind) else EMPTY
    states["together"] = DONE if beside.group is not None else EMPTY
    states[TIP.key] = DONE
    states[CONFLICTS] = CHOOSE if choose else EMPTY
    return states
