"""Read the matrices and the levels of a pack."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from traffick_desk.i18n import _
from traffick_desk.law.draft import (
    Draft,
    named,
    new_id,
    read_cite,
    read_clock_name,
    read_conditions,
    read_mark,
    read_questions,
    read_span,
)
from traffick_desk.law.pack import (
    Amount,
    Cap,
    Cell,
    Code,
    Footnote,
    Level,
    Mark,
    Matrix,
    Regime,
    Row,
    Transition,
    Who,
    World,
)
from traffick_desk.law.reader import Reader
from traffick_desk.law.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

LETTERS = ("a", "b", "c", "d", "đ", "e", "g", "h", "i", "k")
SPECIAL_REGIMES = ("SA", "helper")  # social assistance for reference; helpers are no victims


def read_matrix(draft: Draft, root: Reader) -> None:
    """Read a file of the kind “matrix” into *draft*."""
    at = root.get("law")
    law = named(at, draft.instruments)
    if law in draft.matrices:
        raise at.fail(_("the id “{name}” is given twice").format(name=law))
    letters = tuple(item.choice(*LETTERS) for item in root.get("letters").items())
    regimes: dict[str, Regime] = {}
    for entry in root.get("regimes").items():
        letter = entry.get("letter").choice(*(x for x in letters if x not in regimes))
        regimes[letter] = Regime(
            law=law,
            letter=letter,
            label=entry.get("label").words(),
            content=entry.maybe("content", Reader.words),
            form=entry.maybe("form", Reader.text),
            clock=read_clock_name(draft, entry),
            cite=read_cite(draft, entry),
            mark=read_mark(entry),
            questions=read_questions(draft, entry),
        )
        entry.done()
    if tuple(regimes) != letters:
        raise root.fail(_("every letter needs its regime, in the order of the law"))
    notes: dict[str, Footnote] = {}
    for entry in root.get("footnotes").items():
        name = new_id(draft, entry)
        notes[name] = Footnote(
            id=name,
            text=Text(entry.get("vi").text(), entry.get("en").text()),
            cite=read_cite(draft, entry),
            mark=read_mark(entry),
            question=entry.maybe("question", lambda item: named(item, draft.questions)),
        )
        entry.done()
    rows: dict[str, Row] = {}
    index: dict[World, str] = {}
    accompanying: dict[str, str] = {}
    for entry in root.get("rows").items():
        row = _row(draft, entry, letters, notes)
        rows[row.id] = row
        for world in _worlds(row):
            if world in index:
                raise entry.fail(
                    _("“{one}” and “{two}” name the same person").format(
                        one=index[world], two=row.id
                    )
                )
            index[world] = row.id
        for other in row.accompanies:
            if other not in rows or other in accompanying:
                raise entry.fail(
                    _("“{name}” is not defined above, or is accompanied twice").format(name=other)
                )
            accompanying[other] = row.id
    shift = root.find("transition")
    transition = None
    if shift is not None:
        transition = Transition(
            shift.get("identified_before").day(), read_cite(draft, shift), read_mark(shift)
        )
        shift.done()
    draft.matrices[law] = Matrix(
        law=law,
        valid=read_span(root.get("valid")),
        cite=read_cite(draft, root),
        mark=read_mark(root),
        regimes=regimes,
        rows=rows,
        unnamed_question=root.maybe("unnamed_question", lambda item: named(item, draft.questions)),
        transition=transition,
        index=index,
        accompanying=accompanying,
    )


def _row(
    draft: Draft, entry: Reader, letters: tuple[str, ...], notes: Mapping[str, Footnote]
) -> Row:
    cells: dict[str, Cell] = {}
    table = entry.get("cells")
    for letter, at in table.pairs():
        if letter not in letters:
            raise at.fail(_("the key “{key}” is not known here").format(key=letter))
        cells[letter] = _cell(at, notes)
    for letter in letters:
        table.get(letter)
    who = entry.find("who")
    accompanies = entry.maybe("accompanies", Reader.texts) or ()
    if (who is None) == (not accompanies):
        raise entry.fail(_("a row says either “who” or “accompanies”"))
    row = Row(
        id=new_id(draft, entry),
        label=entry.get("label").words(),
        who=tuple(_who(item) for item in who.items()) if who else (),
        accompanies=accompanies,
        cells={letter: cells[letter] for letter in letters},
        question=entry.maybe("question", lambda item: named(item, draft.questions)),
        cite=read_cite(draft, entry),
        note_abroad=entry.maybe("note_abroad", Reader.words),
    )
    entry.done()
    return row


def _cell(at: Reader, notes: Mapping[str, Footnote]) -> Cell:
    codes = ("Y", "C", "-", "?")
    if at.is_scalar:
        return Cell(at.choice(*codes))
    footnote = at.find("footnote")
    cell = Cell(
        code=at.get("cell").choice(*codes),
        default_granted=at.maybe("default", lambda item: item.choice("granted")) is not None,
        when=read_conditions(at),
        footnote=notes[named(footnote, notes)] if footnote else None,
    )
    at.done()
    if cell.default_granted and cell.footnote is None:
        raise at.fail(_("a default needs the footnote that allows it"))
    return cell


def _who(at: Reader) -> Who:
    resident = at.maybe("permanent_resident", lambda item: item.choice("yes", "no"))
    who = Who(
        status=at.get("status").choice("victim", "in_process"),
        citizenship=at.maybe("citizenship", lambda item: item.choice("VN", "stateless", "foreign")),
        permanent_resident=None if resident is None else resident == "yes",
        trafficked_in=at.maybe("trafficked_in", lambda item: item.choice("VN", "elsewhere")),
        location=at.maybe("location", lambda item: item.choice("abroad", "in_country")),
    )
    at.done()
    return who


def _worlds(row: Row) -> list[World]:
    """Every concrete person that a row names, each once, in a fixed order."""
    found: dict[World, None] = {}
    for who in row.who:
        found |= dict.fromkeys(
            itertools.product(
                (who.status,),
                ("VN", "stateless", "foreign") if who.citizenship is None else (who.citizenship,),
                (True, False) if who.permanent_resident is None else (who.permanent_resident,),
                ("VN", "elsewhere") if who.trafficked_in is None else (who.trafficked_in,),
                ("abroad", "in_country") if who.location is None else (who.location,),
            )
        )
    return list(found)


def read_levels(draft: Draft, root: Reader) -> None:
    """Read a file of the kind “levels” into *draft*."""
    at = root.get("law")
    matrix = draft.matrices[named(at, draft.matrices)]
    for entry in root.get("levels").items():
        draft.levels.append((read_level(draft, entry, matrix), entry))


def read_level(draft: Draft, entry: Reader, matrix: Matrix) -> Level:
    """One level of a regime of *matrix*."""
    name = new_id(draft, entry)
    unit = entry.maybe("unit", lambda item: named(item, draft.units))
    mark = read_mark(entry)
    rows = entry.find("rows")
    review = entry.find("review_rows")
    level = Level(
        id=name,
        law=matrix.law,
        regime=entry.get("regime").choice(*matrix.regimes, *SPECIAL_REGIMES),
        need=entry.get("need").text(),
        label=entry.get("label").words(),
        amount=read_amount(draft, entry.get("amount"), unit, mark),
        unit=unit,
        cap=entry.maybe("cap", lambda item: _cap(draft, item)),
        rows=tuple(named(item, matrix.rows) for item in rows.items()) if rows else (),
        review_rows={
            row: named(item, draft.questions) for row, item in (review.pairs() if review else ())
        },
        when=read_conditions(entry),
        province=entry.maybe("province", lambda item: named(item, draft.provinces)),
        counted=entry.flag("counted") is not False,
        confirm=bool(entry.flag("confirm")),
        valid=read_span(entry.get("valid")),
        cite=read_cite(draft, entry),
        mark=mark,
        questions=read_questions(draft, entry),
        note=entry.maybe("note", Reader.words),
    )
    entry.done()
    if set(level.review_rows) - set(matrix.rows):
        raise entry.fail(
            _("“{name}” is not defined in this pack").format(name=", ".join(level.review_rows))
        )
    return level


def contradict(one: Level, two: Level) -> bool:
    """Whether two levels are for the same need, persons and days."""
    return (
        (one.law, one.regime, one.need, one.province, one.when)
        == (two.law, two.regime, two.need, two.province, two.when)
        and one.valid.overlaps(two.valid)
        and (not one.rows or not two.rows or bool(set(one.rows) & set(two.rows)))
    )


def read_amount(draft: Draft, at: Reader, unit: str | None, mark: Mark) -> Amount:
    """What a level gives per *unit*."""
    vnd = at.maybe("vnd", lambda item: item.whole(1))
    code = at.maybe("code", lambda item: item.choice(*(c for c in Code if c != "VND"), "NF"))
    if (vnd is None) == (code is None):
        raise at.fail(_("an amount has either a number of đồng (vnd) or a code"))
    if vnd is not None and unit is None:
        raise at.fail(_("an amount needs a unit"))
    if vnd is not None and mark is Mark.NOT_FOUND:
        raise at.fail(_("what was not found (NF) cannot have a number"))
    set_by = at.find("set_by")
    parameter = at.find("parameter")
    amount = Amount(
        code=Code.VND if code is None else Code.NOT_FOUND if code == "NF" else Code(code),
        vnd=vnd,
        at_least=bool(at.flag("at_least")),
        rate_not_found=at.maybe("rate", lambda item: item.choice("NF")) is not None,
        set_by=draft.instruments[named(set_by, draft.instruments)] if set_by else None,
        parameter=named(parameter, draft.parameters) if parameter else None,
        coefficient=at.maybe("coefficient", Reader.decimal),
        formula=at.maybe("formula", Reader.words),
    )
    at.done()
    if (amount.code is Code.NOT_FOUND or amount.rate_not_found) and amount.set_by is None:
        raise at.fail(_("an amount that was not found names the instrument that sets it (set_by)"))
    if (amount.code is Code.FORMULA) != bool(amount.formula or amount.parameter):
        raise at.fail(_("a formula needs its words or its parameter, and only a formula has them"))
    if amount.parameter is not None and unit is None:
        raise at.fail(_("an amount needs a unit"))
    if (amount.parameter is None) != (amount.coefficient is None):
        raise at.fail(_("a parameter and a coefficient go together"))
    return amount


def _cap(draft: Draft, at: Reader) -> Cap:
    cap = Cap(
        days=at.maybe("days", lambda item: item.whole(1)),
        months=at.maybe("months", lambda item: item.whole(1)),
        times=at.maybe("times", lambda item: item.whole(1)),
        clock=read_clock_name(draft, at),
        extendable=bool(at.flag("extendable")),
        note=at.maybe("note", Reader.words),
    )
    at.done()
    if sum(part is not None for part in (cap.days, cap.months, cap.times)) != 1:
        raise at.fail(_("a cap counts days, months or times: exactly one of them"))
    return cap
