"""The days that the law on personal data gives for a demand, as the pack in force has them.

Only what is known there is computed (I8): without a rule, or with a limit that was not found, there
is no day.
"""

from __future__ import annotations

from datetime import date

from traffick_desk.law.clocks import due_at
from traffick_desk.law.facts import day_of
from traffick_desk.law.pack import ClockRule
from traffick_desk.services.base import Context

REPLY, WITHDRAWAL, DELETION = "CLK-20-reply", "CLK-20-withdraw", "CLK-20-delete"
# Who asks by right of the law; a period of the province or a decision of a body has no such days.
BY_RIGHT = frozenset({"person", "representative"})


def rule(context: Context, clock: str, start: str) -> ClockRule | None:
    """The rule of *clock* that holds for what began on the day *start*, if its limit is known."""
    found = context.pack.clocks.get(clock)
    if found is None or found.value is None or date.fromisoformat(start) not in found.valid:
        return None
    return found


def last_day(context: Context, clock: str, start: str) -> date | None:
    """The last lawful day of what began on the day *start*; ``None`` where the law tells none."""
    known = rule(context, clock, start)
    if known is None:
        return None
    due, _incomplete = due_at(known, date.fromisoformat(start), context.pack)
    return None if due is None else day_of(due)
