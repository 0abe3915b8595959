"""What stands in the files is what the pack has: every entry written back gives the same table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from traffick_desk import resources
from traffick_desk.law import pack_from_texts
from traffick_desk.law.pack import Amount, Cap, Citation, Code, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from traffick_desk.law import Pack
    from traffick_desk.law.pack import Cell, ClockRule, Level, Matrix, Row, Who
    from traffick_desk.law.words import Text

FILES = {
    path.name: path.read_text("utf-8") for path in sorted(resources.path("rules").glob("*.yaml"))
}
# The shipped rules do not use every key that the files may have; these do.
MORE = {
    ("calendar.yaml", "{year: 2026, complete: false}"): (
        "{year: 2026, complete: true, holidays: [{day: 2026-09-02}, {day: 2026-01-01}], "
        "working_days: [{day: 2026-08-22}]}"
    ),
    ("levels-2024.yaml", "cap: {times: 1}"): (
        "cap: {times: 1, clock: CLK-07, note: {vi: một, en: one}}"
    ),
    ("levels-2024.yaml", "unit: person-year"): "unit: person-year\n    province: '2004/02'",
    ("levels-2011.yaml", "need: guard"): "need: guard\n    confirm: true",
    ("questions.yaml", "questions:\n"): "questions:\n  - {id: Q99, vi: mới, en: new}\n",
    ("clocks.yaml", "limit: {unit: d, value: 3}"): (
        "count_from: next_day\n    limit: {unit: d, value: 3}"
    ),
    ("matrix-2011.yaml", "mark: T\nletters"): "mark: T\nunnamed_question: Q12\nletters",
}
CITED = "cite: [{instrument: L53, sources: [x]}]"


def more() -> dict[str, str]:
    files = dict(FILES)
    for (name, old), new in MORE.items():
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)
    for day in ("2026-09-02", "2026-01-01", "2026-08-22"):
        files["calendar.yaml"] = files["calendar.yaml"].replace(
            f"{{day: {day}}}", f"{{day: {day}, label: {{vi: x, en: y}}, {CITED}}}"
        )
    return files


# Written back: what the file leaves out is left out here.


def table(**entries: Any) -> dict[str, Any]:
    """The keys that say something."""
    return {key: value for key, value in entries.items() if value not in (None, (), [], {})}


def words(text: Text | None) -> Any:
    return None if text is None else {"vi": text.vi, "en": text.en}


def flag(value: bool, usual: bool = False) -> str | None:
    return None if value is usual else str(value).lower()


def number(value: int | None) -> str | None:
    return None if value is None else str(value)


def day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def span(valid: Span) -> dict[str, Any]:
    return table(**{"from": day(valid.start), "to": day(valid.end)})


def cite(found: Iterable[Citation], pack: Pack) -> list[Any]:
    listed = []
    for part in found:
        assert part.instrument is pack.instruments[part.instrument.id]
        assert part.last_checked == pack.last_checked
        listed.append(
            table(
                instrument=part.instrument.id,
                chapter=part.chapter,
                article=part.article,
                clause=part.clause,
                point=part.point,
                sources=list(part.sources),
            )
        )
    return listed


def amount(of: Amount) -> dict[str, Any]:
    code = {Code.VND: None, Code.NOT_FOUND: "NF"}.get(of.code, of.code)
    return table(
        vnd=number(of.vnd),
        code=code if code is None else str(code),
        at_least=flag(of.at_least),
        rate="NF" if of.rate_not_found else None,
        set_by=of.set_by.id if of.set_by else None,
        parameter=of.parameter,
        coefficient=None if of.coefficient is None else str(of.coefficient),
        formula=words(of.formula),
    )


def cap(of: Cap | None) -> Any:
    return of and table(
        days=number(of.days),
        months=number(of.months),
        times=number(of.times),
        clock=of.clock,
        extendable=flag(of.extendable),
        note=words(of.note),
    )


def level(of: Level, pack: Pack) -> dict[str, Any]:
    assert of.amended is False
    return table(
        id=of.id,
        regime=of.regime,
        need=of.need,
        label=words(of.label),
        amount=amount(of.amount),
        unit=of.unit,
        cap=cap(of.cap),
        rows=list(of.rows),
        review_rows=dict(of.review_rows),
        when=list(of.when),
        province=of.province,
        counted=flag(of.counted, usual=True),
        confirm=flag(of.confirm),
        valid=span(of.valid),
        cite=cite(of.cite, pack),
        mark=str(of.mark),
        questions=list(of.questions),
        note=words(of.note),
    )


def clock(of: ClockRule, pack: Pack) -> dict[str, Any]:
    return table(
        id=of.id,
        label=words(of.label),
        start=of.start,
        stop=of.stop,
        unless=of.unless,
        only_if=of.only_if,
        extended_by=of.extended_by,
        limit=table(unit=of.unit, value=number(of.value)),
        count_from=None if of.starts_next_day else "same_day",
        body=words(of.body),
        todo=words(of.todo),
        law=of.law,
        listed="always" if of.always_listed else "when_started",
        valid=span(of.valid),
        cite=cite(of.cite, pack),
        mark=str(of.mark),
        questions=list(of.questions),
    )


def who(of: Who) -> dict[str, Any]:
    resident = {None: None, True: "yes", False: "no"}[of.permanent_resident]
    return table(
        status=of.status,
        citizenship=of.citizenship,
        permanent_resident=resident,
        trafficked_in=of.trafficked_in,
        location=of.location,
    )


def cell(of: Cell) -> Any:
    if not (of.default_granted or of.when or of.footnote):
        return of.code
    return table(
        cell=of.code,
        default="granted" if of.default_granted else None,
        when=list(of.when),
        footnote=of.footnote.id if of.footnote else None,
    )


def row(of: Row, pack: Pack) -> dict[str, Any]:
    return table(
        id=of.id,
        label=words(of.label),
        who=[who(one) for one in of.who],
        accompanies=list(of.accompanies),
        cells={letter: cell(one) for letter, one in of.cells.items()},
        question=of.question,
        cite=cite(of.cite, pack),
        note_abroad=words(of.note_abroad),
    )


def matrix(of: Matrix, pack: Pack, notes: Iterable[str]) -> dict[str, Any]:
    assert list(of.rows) == [one.id for one in of.rows.values()]
    assert {one.law for one in of.regimes.values()} == {of.law}
    footnotes = {
        one.footnote.id: one.footnote
        for line in of.rows.values()
        for one in line.cells.values()
        if one.footnote
    }
    shift = of.transition
    return table(
        kind="matrix",
        law=of.law,
        valid=span(of.valid),
        cite=cite(of.cite, pack),
        mark=str(of.mark),
        unnamed_question=of.unnamed_question,
        transition=shift
        and table(
            identified_before=day(shift.identified_before),
            cite=cite(shift.cite, pack),
            mark=str(shift.mark),
        ),
        letters=list(of.regimes),
        regimes=[
            table(
                letter=letter,
                label=words(one.label),
                content=words(one.content),
                form=one.form,
                clock=one.clock,
                cite=cite(one.cite, pack),
                mark=str(one.mark),
                questions=list(one.questions),
            )
            for letter, one in of.regimes.items()
        ],
        # A footnote that no cell names is in no pack.
        footnotes=[
            table(
                id=one.id,
                vi=one.text.vi,
                en=one.text.en,
                cite=cite(one.cite, pack),
                mark=str(one.mark),
                question=one.question,
            )
            for one in (footnotes[name] for name in notes)
        ],
        rows=[row(one, pack) for one in of.rows.values()],
    )


def years(pack: Pack, named: Iterable[str]) -> list[Any]:
    found = pack.calendar
    return [
        table(
            year=year,
            complete=flag(int(year) in found.complete),
            holidays=sorted(day(one) or "" for one in found.holidays if str(one.year) == year),
            working_days=sorted(day(one) or "" for one in found.working if str(one.year) == year),
        )
        for year in named
    ]


def written(pack: Pack, read: Mapping[str, Any]) -> dict[str, Any]:
    """*pack* as the tables of its files; *read* says which entries stand in which file."""
    found: dict[str, Any] = {
        "pack.yaml": table(
            kind="pack",
            id=pack.id,
            version=pack.version,
            last_checked=day(pack.last_checked),
            title=words(pack.title),
            units={name: words(text) for name, text in pack.units.items()},
        ),
        "instruments.yaml": table(
            kind="instruments",
            instruments=[
                table(
                    id=name,
                    name=words(one.name),
                    title=words(one.title),
                    issued=day(one.issued),
                    valid=span(one.valid),
                    status=one.status,
                    mark=str(one.mark),
                    sources=list(one.sources),
                    note=words(one.note),
                )
                for name, one in pack.instruments.items()
            ],
        ),
        "questions.yaml": table(
            kind="questions",
            questions=[
                table(id=name, vi=one.text.vi, en=one.text.en)
                for name, one in pack.questions.items()
            ],
        ),
        "provinces.yaml": table(
            kind="provinces",
            provinces=[
                table(
                    id=name,
                    name=words(one.name),
                    aliases=list(one.aliases),
                    merged_into=one.merged_into,
                )
                for name, one in pack.provinces.items()
            ],
        ),
        "calendar.yaml": table(
            kind="calendar",
            weekend=["saturday", "sunday"] if pack.calendar.weekend == {5, 6} else None,
            years=years(pack, [one["year"] for one in read["calendar.yaml"]["years"]]),
        ),
        "parameters.yaml": table(
            kind="parameters",
            parameters=[
                table(
                    id=name,
                    label=words(one.label),
                    unit=one.unit,
                    questions=list(one.questions),
                    values=[
                        table(
                            vnd=number(value.vnd),
                            at_least=flag(value.at_least),
                            valid=span(value.valid),
                            cite=cite(value.cite, pack),
                            mark=str(value.mark),
                            note=words(value.note),
                        )
                        for value in one.values
                    ],
                )
                for name, one in pack.parameters.items()
            ],
        ),
        "clocks.yaml": table(
            kind="clocks", clocks=[clock(one, pack) for one in pack.clocks.values()]
        ),
        "targets.yaml": table(
            kind="targets",
            targets=[
                table(
                    id=one.id,
                    label=words(one.label),
                    percent="NF" if one.percent is None else str(one.percent),
                    comparison=one.comparison,
                    valid=span(one.valid),
                    cite=cite(one.cite, pack),
                    mark=str(one.mark),
                    questions=list(one.questions),
                )
                for one in pack.targets
            ],
            days=[
                table(
                    id=one.id,
                    label=words(one.label),
                    month=str(one.month),
                    day=str(one.day),
                    valid=span(one.valid),
                    cite=cite(one.cite, pack),
                    mark=str(one.mark),
                )
                for one in pack.days
            ],
        ),
    }
    for year, law in (("2011", "L66"), ("2024", "L53")):
        name = f"matrix-{year}.yaml"
        notes = [one["id"] for one in read[name]["footnotes"]]
        found[name] = matrix(pack.matrices[law], pack, notes)
        found[f"levels-{year}.yaml"] = table(
            kind="levels",
            law=law,
            levels=[level(one, pack) for one in pack.levels if one.law == law],
        )
    return found


def as_read(value: Any) -> Any:
    """A table of a file without what it would mean anyway."""
    if isinstance(value, list):
        return [as_read(part) for part in value]
    if not isinstance(value, dict):
        return value
    usual = {
        "count_from": "next_day",
        "complete": "false",
        "at_least": "false",
        "counted": "true",
        "confirm": "false",
        "extendable": "false",
    }
    found = {k: as_read(part) for k, part in value.items() if usual.get(k) != part}
    for key in ("holidays", "working_days"):
        if key in found:
            found[key] = sorted(one["day"] for one in found[key])
    return {k: part for k, part in found.items() if part not in ([], {})}


@pytest.mark.parametrize("files", [FILES, more()], ids=["shipped", "every key"])
def test_the_pack_is_what_the_files_say(files) -> None:
    read = {
        name: as_read(yaml.load(text, yaml.BaseLoader))
        for name, text in files.items()
        if name != "examples.yaml"
    }
    pack = pack_from_texts(files)
    for name, tables in written(pack, read).items():
        for key in tables.keys() | read[name].keys():
            assert tables.get(key) == read[name].get(key), (name, key)
    # What stands under an id is what has it.
    for named in (pack.instruments, pack.questions, pack.provinces, pack.parameters, pack.clocks):
        assert [one.id for one in named.values()] == list(named)
    for law, found in pack.matrices.items():
        assert found.law == law
        assert [one.letter for one in found.regimes.values()] == list(found.regimes)
