"""What the evaluator answers: outcomes, amounts, reasons, citations, and how they were reached."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from traffick_desk.i18n import N_, _
from traffick_desk.law.pack import Code
from traffick_desk.law.words import money, say

if TYPE_CHECKING:
    from datetime import date

    from traffick_desk.law.facts import Facts, Status
    from traffick_desk.law.pack import Amount, Cap, Citation, Level, Mark, Regime, Row
    from traffick_desk.law.standing import LawChoice
    from traffick_desk.law.usage import Usage
    from traffick_desk.law.words import Text, Words


class Result(StrEnum):
    """The answer for a regime or for one amount."""

    GRANTED = "granted"
    CASE_DEPENDENT = "case_dependent"
    NOT_GRANTED = "not_granted"
    NEEDS_REVIEW = "needs_review"

    @property
    def label(self) -> str:
        """The result in words."""
        return _(RESULT_WORDS[self])


RESULT_WORDS = {
    Result.GRANTED: N_("granted"),
    Result.CASE_DEPENDENT: N_("depends on the case"),
    Result.NOT_GRANTED: N_("not granted"),
    Result.NEEDS_REVIEW: N_("needs review"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One amount of a regime (allowance, loan, meals …) with its own result.

    *amount* is đồng per *unit* and is ``None`` whenever *code* is not a number;
    *total* is *amount* × *quantity* where the facts give the quantity.
    """

    level: Level
    result: Result
    code: Code
    amount: int | None
    quantity: int | None
    total: int | None
    unit: Text | None
    reason: Words | None
    flags: tuple[str, ...]
    questions: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def not_found(self) -> bool:
        """Whether the law's figure for this line is not known."""
        return self.code is Code.NOT_FOUND or self.level.amount.rate_not_found

    @property
    def costs(self) -> bool:
        """Whether money is spent on it that belongs into a total."""
        if not self.level.counted:
            return False
        return self.not_found or self.code not in {Code.FREE, Code.IN_KIND}

    @property
    def amount_text(self) -> str:
        """The amount in words, as it is shown and printed."""
        # A formula gives its result, or that its parameter has no value for the day.
        worked_out = replace(self.level.amount, code=self.code, vnd=self.amount)
        return amount_words(worked_out, self.unit, once=self.level.unit == "once")


def amount_words(amount: Amount, unit: Text | None, *, once: bool = False) -> str:
    """What a level gives, as it is shown and printed."""
    if amount.vnd is not None:
        text = money(amount.vnd)
        text = f"{text} ({unit})" if once else f"{text}/{unit}"
        return _("at least {amount}").format(amount=text) if amount.at_least else text
    if amount.code is Code.NOT_FOUND:
        return _not_found(amount)
    text = str(amount.formula) if amount.formula else amount.code.label
    return f"{text}; {_not_found(amount)}" if amount.rate_not_found else text


def _not_found(amount: Amount) -> str:
    if amount.set_by is None:  # a parameter without a value for the day
        return amount.code.label
    words = N_("level under {instrument} – amount not available")
    return str(say(words, instrument=amount.set_by.name))


@dataclass(frozen=True, slots=True)
class Total:
    """The known sum; *at_least* when a part was not found; *plus* is what comes on top."""

    amount: int
    at_least: bool
    plus: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The total in words; nothing but missing figures is *not available*, not 0."""
        if self.at_least and not self.amount:
            return Code.NOT_FOUND.label
        text = money(self.amount)
        return _("at least {amount}").format(amount=text) if self.at_least else text


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the explanation: which facts, which rule, what followed, and where it stands."""

    facts: tuple[str, ...]
    rule: str
    words: Words | Text
    cite: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer for one regime."""

    regime: Regime
    result: Result
    reason: Words
    lines: tuple[Line, ...]
    cap: Cap | None
    usage: Usage | None
    cite: tuple[Citation, ...]
    mark: Mark
    flags: tuple[str, ...]
    questions: tuple[str, ...]
    missing: tuple[str, ...]
    notes: tuple[Words | Text, ...]
    trace: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything the law says about one person on one day, under one pack."""

    facts: Facts
    as_of: date
    law: LawChoice
    status: Status | None
    rows: tuple[Row, ...]
    category: Words | Text
    outcomes: tuple[Outcome, ...]
    reference: tuple[Line, ...]
    known_total: Total
    notes: tuple[Words | Text, ...]
    missing: tuple[str, ...]
    questions: tuple[str, ...]
    trace: tuple[Step, ...]
    pack_id: str
    pack_version: str
    pack_sha256: str

    def outcome(self, letter: str) -> Outcome:
        """The outcome of the regime *letter* (``a`` … ``k``).

        Raises:
            KeyError: the governing law has no such regime.
        """
        return {outcome.regime.letter: outcome for outcome in self.outcomes}[letter]
