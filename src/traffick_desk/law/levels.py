"""The amounts of a regime for one person: which level, how many, and what is not known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from traffick_desk.i18n import N_
from traffick_desk.law.assessment import Line, Result, Total
from traffick_desk.law.conditions import CONDITIONS
from traffick_desk.law.pack import Code, Mark
from traffick_desk.law.standing import CURRENT
from traffick_desk.law.usage import Usage, usage
from traffick_desk.law.words import Words, say, unique

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from traffick_desk.law.assessment import Outcome
    from traffick_desk.law.facts import Facts
    from traffick_desk.law.pack import Level, Pack, Regime
    from traffick_desk.law.standing import Role

# Before Circular 120/2026/TT-BTC came into force nobody knows which levels applied.
NO_CIRCULAR_YET = "Q02"
NO_AMOUNTS = "Q01"


def resolve_province(pack: Pack, name: str | None) -> tuple[str | None, bool]:
    """The id of the (old) province with levels of its own, and whether the answer is certain.

    A new province that took over such an old one does not tell which level applies;
    another province, by whatever name, certainly has none in the pack.
    """
    if name is None:
        return None, False
    wanted = name.casefold()
    for province in pack.provinces.values():
        if name == province.id or wanted in {
            alias.casefold() for alias in (province.name.vi, province.name.en, *province.aliases)
        }:
            return province.id, True
    return None, all(name != province.merged_into for province in pack.provinces.values())


def regime_lines(
    facts: Facts, pack: Pack, role: Role, regime: Regime, result: Result
) -> tuple[tuple[Line, ...], Usage | None]:
    """The lines of *regime* for a person in *role*, and the use of its cap on days."""
    day = facts.identified_on or facts.as_of
    if role.accompanying and facts.accompanies is not None:
        day = facts.accompanies.identified_on or facts.as_of
    if role.matrix.law == CURRENT:  # what is due today
        day = facts.as_of
    levels = pack.by_regime.get((regime.law, regime.letter), ())
    province, certain = resolve_province(pack, facts.province)
    chosen = [
        level for level in levels if day in level.valid and level.province in {None, province}
    ]
    own = {level.need for level in chosen if province is not None and level.province == province}
    lines: list[Line] = []
    spent: Usage | None = None
    for level in chosen:
        if level.province is None and level.need in own:
            continue
        line = _line(facts, pack, role, level, result)
        if line is None:
            continue
        if not certain and any(
            other.need == level.need and other.province is not None and day in other.valid
            for other in levels
        ):
            line = replace(line, missing=unique([*line.missing, "province"]))
        if level.cap is not None and spent is None:
            spent = usage(facts, level.cap)
        lines.append(line)
    return tuple(lines), spent


def reference_lines(facts: Facts, pack: Pack) -> tuple[Line, ...]:
    """What social-assistance law itself grants; shown beside, never added."""
    found: list[Line] = []
    for levels in (pack.by_regime.get((law, "SA"), ()) for law in pack.matrices):
        for level in levels:
            if facts.as_of in level.valid:
                line = _line(facts, pack, None, level, Result.CASE_DEPENDENT)
                if line is not None:
                    found.append(
                        replace(line, quantity=None, total=None, flags=(*line.flags, "reference"))
                    )
    return tuple(found)


def _line(facts: Facts, pack: Pack, role: Role | None, level: Level, result: Result) -> Line | None:
    """The line of *level*, or ``None`` where it has nothing to say about this person."""
    reason: Words | None = None
    missing: tuple[str, ...] = ()
    questions = level.questions
    if role is not None and level.rows:
        by_row = _by_row(role, level, result)
        if by_row is None:
            return None
        result, reason, missing, asked = by_row
        questions = unique([*questions, *asked])
    for name in level.when:
        verdict = CONDITIONS[name](facts, pack)
        if verdict.holds is False and verdict.silent:
            return None
        if verdict.holds is False:
            result, reason, missing = Result.NOT_GRANTED, verdict.reason, ()
        elif verdict.holds is None and result is not Result.NOT_GRANTED:
            result, reason = Result.NEEDS_REVIEW, verdict.reason
            missing = unique([*missing, *verdict.missing])
    code, amount, found = _amount(pack, level, facts.as_of)
    quantity = _quantity(facts, level)
    if code is Code.NOT_FOUND or level.amount.rate_not_found:
        questions = unique([*questions, *_gaps(level, facts.as_of)])
    return Line(
        level=level,
        result=result,
        code=code,
        amount=amount,
        quantity=quantity,
        total=None if amount is None or quantity is None else amount * quantity,
        unit=pack.units[level.unit] if level.unit else None,
        reason=reason,
        flags=_flags(level, found),
        questions=questions,
        missing=missing,
    )


def _by_row(
    role: Role, level: Level, result: Result
) -> tuple[Result, Words | None, tuple[str, ...], tuple[str, ...]] | None:
    """Result, reason, missing facts and questions by row; ``None``: not for this person."""
    fits = {row: row in level.rows for row in role.rows}
    asked = unique(level.review_rows[row] for row in role.rows if row in level.review_rows)
    if all(fits.values()):
        return result, None, (), ()
    if not asked and not any(fits.values()) and result is not Result.NEEDS_REVIEW:
        return None
    if result is Result.NOT_GRANTED:
        return result, None, (), asked
    missing = role.deciding(fits)
    words = (
        N_("It depends on facts that are not known yet.")
        if missing
        else N_("The texts do not settle whether this person gets it.")
    )
    return Result.NEEDS_REVIEW, say(words), missing, asked


def _amount(pack: Pack, level: Level, day: date) -> tuple[Code, int | None, Mark]:
    """The code and the đồng of a level on *day*; a formula over a parameter is worked out."""
    rule = level.amount
    if rule.parameter is None or rule.coefficient is None:
        return rule.code, rule.vnd, level.mark
    value = pack.parameters[rule.parameter].on(day)
    if value is None:
        return Code.NOT_FOUND, None, Mark.NOT_FOUND
    return rule.code, int(rule.coefficient * value.vnd), level.mark


def _quantity(facts: Facts, level: Level) -> int | None:
    """How many units the facts give; ``None`` where they do not tell."""
    if level.unit in {"once", "person"}:
        return 1
    if level.unit == "road-day":
        return facts.travel_days
    if level.unit == "person-day" and level.cap is not None and facts.stays is not None:
        spent = usage(facts, level.cap)
        return None if spent is None or not spent.used else spent.covered
    return None


def _gaps(level: Level, day: date) -> Iterable[str]:
    """The open questions behind an amount that was not found."""
    set_by = level.amount.set_by
    start = set_by.valid.start if set_by is not None else None
    if set_by is not None and set_by.status == "text_not_found":
        yield NO_AMOUNTS
        if start is not None and day < start:
            yield NO_CIRCULAR_YET


def _flags(level: Level, mark: Mark) -> tuple[str, ...]:
    flags: list[str] = []
    if level.province is not None:
        flags.append("provincial")
    if level.amended:
        flags.append("amended")
    if level.confirm or mark is Mark.INFERRED:
        flags.append("confirm")
    if mark is Mark.TEXT_CHECK:
        flags.append("check_wording")
    if level.amount.code is Code.NOT_FOUND or level.amount.rate_not_found:
        flags.append("amount_not_available")
    return tuple(flags)


def sum_up(outcomes: tuple[Outcome, ...], pack: Pack) -> Total:
    """The sum of what is known. What was not found makes it *at least*, and never counts as 0."""
    amount, at_least = 0, False
    plus: list[Line] = []
    for outcome in outcomes:
        has_levels = (outcome.regime.law, outcome.regime.letter) in pack.by_regime
        if outcome.result is not Result.NOT_GRANTED and has_levels and not outcome.lines:
            at_least = True  # as far as is known, no level was in force on that day
        at_least |= outcome.result is Result.NEEDS_REVIEW  # it may still come on top
        for line in outcome.lines:
            if line.result is Result.NOT_GRANTED or not line.costs:
                continue
            if line.result is Result.NEEDS_REVIEW:
                at_least = True
            elif line.total is not None:
                amount += line.total
                at_least |= line.level.amount.at_least or "province" in line.missing
            elif line.code in {Code.ACTUAL, Code.FARE} and not line.not_found:
                plus.append(line)
            else:
                at_least = True
                if not line.not_found:
                    plus.append(line)
    return Total(amount, at_least, tuple(plus))
