"""From facts and a rule pack to what is due: ten regimes (or the six of 2011) with reasons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from traffick_desk.i18n import N_
from traffick_desk.law.assessment import (
    RESULT_WORDS,
    Assessment,
    Line,
    Outcome,
    Result,
    Step,
)
from traffick_desk.law.conditions import CONDITIONS, Verdict, under_18
from traffick_desk.law.facts import Status
from traffick_desk.law.levels import reference_lines, regime_lines, sum_up
from traffick_desk.law.standing import (
    CURRENT,
    NOTHING,
    UNNAMED,
    Role,
    accompanying_role,
    choose_law,
    own_role,
)
from traffick_desk.law.words import Text, Words, say, unique

if TYPE_CHECKING:
    from traffick_desk.law.facts import Facts
    from traffick_desk.law.pack import Cell, Citation, Pack, Regime, World
    from traffick_desk.law.standing import LawChoice

OF_CODE = {
    "Y": Result.GRANTED,
    "C": Result.CASE_DEPENDENT,
    "-": Result.NOT_GRANTED,
    "?": Result.NEEDS_REVIEW,
}
COUNTING_DAYS = "Q10"  # are the 120 days cumulative?
_RANK = (Result.NOT_GRANTED, Result.NEEDS_REVIEW, Result.CASE_DEPENDENT, Result.GRANTED)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one role gives for one regime, before amounts."""

    role: Role | None
    result: Result
    reason: Words
    cite: tuple[Citation, ...] = ()
    flags: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[Words | Text, ...] = ()
    steps: tuple[Step, ...] = ()
    named: bool = True  # False: the row itself refuses, so there is no amount to speak of

    @property
    def weight(self) -> tuple[int, int]:
        """Greater is better for the person; without flags before with."""
        return _RANK.index(self.result), -len(self.flags)


def evaluate(facts: Facts, pack: Pack) -> Assessment:
    """What the law gives the person in *facts*. Never raises for any facts."""
    law, roles = _roles(facts, pack)
    category = _category(roles)
    outcomes = _outcomes(facts, pack, law, roles)
    rows = tuple(
        role.matrix.rows[row] for role in roles for row in role.rows if row in role.matrix.rows
    )
    reference = () if _is_nothing(roles) else reference_lines(facts, pack)
    return Assessment(
        facts=facts,
        as_of=facts.as_of,
        law=law,
        status=facts.status,
        rows=rows,
        category=category,
        outcomes=outcomes,
        reference=reference,
        known_total=sum_up(outcomes, pack),
        notes=_notes(facts, roles),
        missing=unique([*law.missing, *(m for o in outcomes for m in o.missing)]),
        questions=unique(q for o in outcomes for q in o.questions),
        trace=(
            Step((), "pack", say(N_("Rules {version}."), version=pack.version)),
            Step(("as_of", "status", "identified_on"), "law", law.reason, law.cite),
            Step(_category_facts(roles), "category", category, _category_cite(roles)),
        ),
        pack_id=pack.id,
        pack_version=pack.version,
        pack_sha256=pack.sha256,
    )


def regimes(facts: Facts, pack: Pack) -> tuple[Outcome, ...]:
    """The outcomes of :func:`evaluate` alone, for whoever asks for very many days."""
    return _outcomes(facts, pack, *_roles(facts, pack))


def _outcomes(
    facts: Facts, pack: Pack, law: LawChoice, roles: tuple[Role, ...]
) -> tuple[Outcome, ...]:
    matrix = pack.matrices[law.law or CURRENT]
    return tuple(_outcome(facts, pack, law, roles, regime) for regime in matrix.regimes.values())


# who the person is


def _roles(facts: Facts, pack: Pack) -> tuple[LawChoice, tuple[Role, ...]]:
    """The governing law and the roles under it: own status, accompanying under-18, or both."""
    principal = facts.accompanies
    own = facts.status in {Status.VICTIM, Status.IN_PROCESS} or principal is None
    unknown_own = bool(facts.statuses) and facts.status is None
    if own or principal is None:
        law = choose_law(facts, pack)
        roles = [own_role(facts, pack.matrices[law.law or CURRENT])]
        if principal is not None:
            other = choose_law(principal, pack)
            # Two laws cannot be mixed in one table; the person's own status goes first.
            if other.law is not None and other.law == law.law:
                roles.append(accompanying_role(principal, roles[0].matrix))
        return law, tuple(roles)
    law = choose_law(principal, pack)
    if law.missing:
        law = replace(law, missing=tuple(f"accompanies.{name}" for name in law.missing))
    matrix = pack.matrices[law.law or CURRENT]
    roles = [accompanying_role(principal, matrix)]
    if unknown_own:
        roles.append(own_role(facts, matrix))
    return law, tuple(roles)


def _is_nothing(roles: tuple[Role, ...]) -> bool:
    return all(role.rows == (NOTHING,) for role in roles)


def _category(roles: tuple[Role, ...]) -> Words | Text:
    """The category in words: the row, several possible rows, or none."""
    parts = [_row_words(role, row) for role in roles for row in role.rows]
    if len(parts) == 1:
        return parts[0]
    if all(len(role.rows) == 1 for role in roles):
        return say(N_("{one}; also: {two}"), one=parts[0], two=parts[1])
    return say(N_("Not certain yet; possible: {rows}"), rows=tuple(parts))


def _row_words(role: Role, row: str) -> Words | Text:
    if row in role.matrix.rows:
        return role.matrix.rows[row].label
    if row == UNNAMED:
        return say(N_("a person whom the law does not name"))
    return say(N_("not a victim"))


def _category_facts(roles: tuple[Role, ...]) -> tuple[str, ...]:
    names = ("status", "citizenship", "permanent_resident", "trafficked_in", "location")
    return tuple(
        f"accompanies.{name}" if role.accompanying else name for role in roles for name in names
    )


def _category_cite(roles: tuple[Role, ...]) -> tuple[Citation, ...]:
    return unique(
        cite
        for role in roles
        for row in role.rows
        if row in role.matrix.rows
        for cite in role.matrix.rows[row].cite
    )


def _notes(facts: Facts, roles: tuple[Role, ...]) -> tuple[Words | Text, ...]:
    notes: list[Words | Text] = []
    for role in roles:
        row = role.matrix.rows.get(role.rows[0]) if len(role.rows) == 1 else None
        if row is not None and row.note_abroad is not None and facts.location == "abroad":
            notes.append(row.note_abroad)
    if facts.accompanies is not None and not any(role.accompanying for role in roles):
        notes.append(
            say(
                N_(
                    "The person also accompanies someone who is under another law; "
                    "what that law gives an accompanying under-18 is not included here."
                )
            )
        )
    if _is_nothing(roles):
        notes.append(
            say(
                N_(
                    "Found not to be a victim: no support for victims from that day on. "
                    "Ordinary social assistance may apply."
                )
            )
        )
    return tuple(notes)


# one regime


def _outcome(
    facts: Facts, pack: Pack, law: LawChoice, roles: tuple[Role, ...], regime: Regime
) -> Outcome:
    if law.law is None:
        best = Judgement(None, Result.NEEDS_REVIEW, law.reason, cite=law.cite, missing=law.missing)
        lines: tuple[Line, ...] = ()
        spent = None
    else:
        judged = [_judge(facts, pack, role, regime) for role in roles]
        best = max(judged, key=lambda j: j.weight)
        lines, spent = (), None
        if best.role is not None and best.named:
            lines, spent = regime_lines(facts, pack, best.role, regime, best.result)
    flags, notes, questions = list(best.flags), list(best.notes), list(best.questions)
    if spent is not None and spent.over and best.result is not Result.NOT_GRANTED:
        flags.append("over_cap")
        notes.append(
            say(
                N_(
                    "The days to {last_day} are covered. {over} days come after that; {undecided} "
                    "of them need an extension decision."
                ),
                last_day=spent.last_day,
                over=spent.over,
                undecided=spent.undecided,
            )
        )
        if spent.has_gaps:
            questions.append(COUNTING_DAYS)
    granted = best.result is not Result.NOT_GRANTED
    if granted and facts.stays == () and any(line.level.need == "room" for line in lines):
        notes.append(say(N_("There is no stay: only meals and items given at reception.")))
    return Outcome(
        regime=regime,
        result=best.result,
        reason=best.reason,
        lines=lines,
        cap=spent.cap if spent else next((x.level.cap for x in lines if x.level.cap), None),
        usage=spent,
        cite=unique([*best.cite, *regime.cite]),
        mark=regime.mark,
        flags=unique(flags),
        questions=unique(
            [
                *questions,
                *(regime.questions if granted else ()),
                *(q for line in lines if granted for q in line.questions),
            ]
        ),
        missing=unique([*best.missing, *(m for line in lines for m in line.missing)]),
        notes=tuple(notes),
        trace=(
            *best.steps,
            *(
                Step((), line.level.id, line.reason or line.level.label, line.level.cite)
                for line in lines
            ),
        ),
    )


def _judge(facts: Facts, pack: Pack, role: Role, regime: Regime) -> Judgement:
    """What *role* gives for *regime*: its cell, then the conditions on it."""
    letter = regime.letter
    cells = {row: role.cell(row, letter) for row in role.rows}
    first_row = role.rows[0]
    cell = cells[first_row]
    meanings = {row: (c.code, c.when, c.default_granted) for row, c in cells.items()}
    if len(set(meanings.values())) > 1:
        missing = role.deciding(meanings)
        return Judgement(
            role,
            Result.NEEDS_REVIEW,
            say(N_("It depends on facts that are not known yet.")),
            cite=_category_cite((role,)),
            missing=missing,
            steps=tuple(
                Step(
                    missing,
                    f"{row}/{letter}",
                    say(
                        N_("If “{row}”: {result}."),
                        row=_row_words(role, row),
                        result=say(RESULT_WORDS[OF_CODE[c.code]]),
                    ),
                )
                for row, c in cells.items()
            ),
        )
    judgement = _by_cell(role, regime, first_row, cell)
    verdicts = [CONDITIONS[name](facts, pack) for name in cell.when]
    if role.accompanying and first_row != NOTHING:
        verdicts.insert(0, _accompanying_age(facts))
    if judgement.result is Result.NOT_GRANTED:
        # It may still come: when the person is identified, or is back in the country.
        return _not_yet(facts, pack, role, regime, judgement) if first_row != NOTHING else judgement
    return _with(judgement, verdicts)


def _accompanying_age(facts: Facts) -> Verdict:
    """Whether the person is still an under-18; support began with the principal's first status."""
    history = facts.accompanies.statuses if facts.accompanies else ()
    since = min((s.since for s in history if s.since), default=None)
    return under_18(facts, since, "accompanies.status")


def _by_cell(role: Role, regime: Regime, row: str, cell: Cell) -> Judgement:
    """What the cell itself says, in words."""
    result = OF_CODE[cell.code]
    cite = role.matrix.cite
    questions: tuple[str, ...] = ()
    if row in role.matrix.rows:
        found = role.matrix.rows[row]
        cite = found.cite
        questions = (found.question,) if found.question and cell.code == "?" else ()
        words = {
            "Y": N_("{cite} names this regime for: {row}."),
            "C": N_(
                "{cite} gives this regime “depending on the case” for: {row}. "
                "Decide it for each person."
            ),
            "-": N_("{cite} does not name this regime for: {row}."),
            "?": N_("The law does not name this person for this regime: {row}."),
        }[cell.code]
        reason = say(words, cite=cite[0], row=found.label)
    elif row == UNNAMED:
        questions = (role.matrix.unnamed_question,) if role.matrix.unnamed_question else ()
        reason = say(N_("The law does not name this person at all."))
    else:
        reason = say(N_("The person was found not to be a victim; nothing under this law is due."))
    note = cell.footnote
    flags: tuple[str, ...] = ("open_question",) if cell.code == "?" else ()
    if cell.default_granted:
        result = Result.GRANTED
        flags = ("confirm",)
        reason = say(N_("Granted by default, to be confirmed by the province."))
    if note is not None:
        cite = unique([*cite, *note.cite])
        questions = unique([*questions, *((note.question,) if note.question else ())])
    return Judgement(
        role=role,
        result=result,
        reason=reason,
        cite=cite,
        flags=flags,
        questions=questions,
        notes=() if note is None else (note.text,),
        steps=(Step(_category_facts((role,)), f"{row}/{regime.letter}", reason, cite),),
        named=result is not Result.NOT_GRANTED,
    )


def _with(judgement: Judgement, verdicts: list[Verdict]) -> Judgement:
    """The judgement after its conditions: one *no* refuses, one *not known* asks for review."""
    steps = [*judgement.steps, *(Step((v.fact,), "condition", v.reason) for v in verdicts)]
    failed = [v for v in verdicts if v.holds is False]
    open_ones = [v for v in verdicts if v.holds is None]
    result, reason = judgement.result, judgement.reason
    if failed:
        result, reason = Result.NOT_GRANTED, failed[0].reason
    elif open_ones:
        result, reason = Result.NEEDS_REVIEW, open_ones[0].reason
    decisive = failed or open_ones
    return replace(
        judgement,
        result=result,
        reason=reason,
        flags=unique([*judgement.flags, *(f for v in decisive for f in v.flags)]),
        questions=unique(
            [*judgement.questions, *(v.question for v in decisive if v.question is not None)]
        ),
        missing=() if failed else unique(m for v in open_ones for m in v.missing),
        steps=tuple(steps),
    )


def _not_yet(
    facts: Facts, pack: Pack, role: Role, regime: Regime, judgement: Judgement
) -> Judgement:
    """Say so when the regime comes with identification, or with arrival in the country."""
    world: World = next(iter(role.worlds))
    if world[0] != Status.IN_PROCESS or len(role.rows) > 1:
        return judgement
    arrived: World = (*world[:4], "in_country")
    identified: World = (Status.VICTIM.value, *arrived[1:])
    for later, words in (
        (arrived, N_("Not yet: this comes when the person is in the country.")),
        (
            identified,
            N_("Not yet, while being identified: this comes with identification as a victim."),
        ),
    ):
        row = role.matrix.index.get(later, UNNAMED)
        if role.accompanying:
            row = role.matrix.accompanying.get(row, UNNAMED)
        cell = role.cell(row, regime.letter)
        if cell.code in {"Y", "C"} and not any(
            CONDITIONS[name](facts, pack).holds is False for name in cell.when
        ):
            reason = say(words)
            return replace(
                judgement,
                reason=reason,
                flags=(*judgement.flags, "not_yet"),
                steps=(*judgement.steps, Step((), "later", reason, role.matrix.rows[row].cite)),
            )
    return judgement
