"""A wrong pack is refused with the file, the line and the reason; a right one is the same everywhere."""

from __future__ import annotations

import hashlib
import json
import re

import pytest
import yaml

from traffick_desk import i18n, resources
from traffick_desk.law import PackError, load_pack, pack_from_texts
from traffick_desk.law.conditions import CONDITIONS
from traffick_desk.law.loader import build
from traffick_desk.law.reader import Reader, parse

FILES = {
    path.name: path.read_text("utf-8") for path in sorted(resources.path("rules").glob("*.yaml"))
}


def line_of(file: str, text: str) -> int:
    return FILES[file][: FILES[file].index(text)].count("\n") + 1


def broken(file: str, old: str, new: str) -> dict[str, str]:
    assert old in FILES[file]
    return {**FILES, file: FILES[file].replace(old, new, 1)}


NODES = {name: parse(text, name).node for name, text in FILES.items()}


def changed(file: str, old: str, new: str) -> dict[str, Reader]:
    """The shipped files, of which only the changed one is parsed anew."""
    roots = {name: Reader(node, name) for name, node in NODES.items()}
    return {**roots, file: parse(broken(file, old, new)[file], file)}


# file, text to replace, replacement, where the error is (text whose line it names), what it says,
# how many lines below that text
WRONG = [
    ("levels-2011.yaml", "need: guard", "need: guard\n    surprise: 1", "need: guard", "the key “surprise” is not known here", 1),
    ("levels-2011.yaml", "need: guard", "need: guard\n    need: guard", "need: guard", "the key “need” is given twice", 1),
    ("levels-2011.yaml", "    need: abroad\n", "", "- id: O-abroad", "the key “need” is missing", 0),
    ("levels-2011.yaml", "amount: {vnd: 60000}", "amount: {vnd: 60000.5}", "amount: {vnd: 60000}", "a whole number of at least 1 is expected, not “60000.5”", 0),
    ("levels-2011.yaml", "amount: {vnd: 60000}", "amount: {vnd: -5}", "amount: {vnd: 60000}", "a whole number of at least 1 is expected, not “-5”", 0),
    ("levels-2011.yaml", "amount: {vnd: 60000}", "amount: {vnd: 0}", "amount: {vnd: 60000}", "a whole number of at least 1 is expected, not “0”", 0),
    ("levels-2011.yaml", "amount: {vnd: 60000}", "amount: {vnd: 60000, code: FREE}", "amount: {vnd: 60000}", "an amount has either a number of đồng (vnd) or a code", 0),
    ("levels-2011.yaml", "amount: {vnd: 60000}", "amount: {}", "amount: {vnd: 60000}", "an amount has either a number of đồng (vnd) or a code", 0),
    ("levels-2011.yaml", "    amount: {vnd: 60000}\n    unit: person-day\n", "    amount: {vnd: 60000}\n", "amount: {vnd: 60000}", "an amount needs a unit", 0),
    ("levels-2011.yaml", "amount: {code: NF, set_by: C84}", "amount: {vnd: 1000000}", "amount: {code: NF, set_by: C84}", "what was not found (NF) cannot have a number", 0),
    ("levels-2011.yaml", "amount: {code: NF, set_by: C84}", "amount: {code: NF}", "amount: {code: NF, set_by: C84}", "an amount that was not found names the instrument that sets it (set_by)", 0),
    ("levels-2011.yaml", "amount: {code: NF, set_by: C84}", "amount: {code: NF, set_by: C85}", "amount: {code: NF, set_by: C84}", "“C85” is not defined in this pack", 0),
    ("levels-2011.yaml", "amount: {code: NF, set_by: C84}", "amount: {code: FORMULA}", "amount: {code: NF, set_by: C84}", "a formula needs its words or its parameter, and only a formula has them", 0),
    ("levels-2024.yaml", ', coefficient: "5.0", at_least: true', "", 'coefficient: "5.0"', "a parameter and a coefficient go together", 0),
    ("levels-2024.yaml", "at_least: true}\n    unit: person-month", "at_least: true}", 'coefficient: "5.0"', "an amount needs a unit", 0),
    ("levels-2024.yaml", 'coefficient: "5.0"', 'coefficient: "0"', 'coefficient: "5.0"', "a number above 0 is expected, not “0”", 0),
    ("levels-2024.yaml", 'coefficient: "5.0"', 'coefficient: five', 'coefficient: "5.0"', "a number above 0 is expected, not “five”", 0),
    ("levels-2024.yaml", 'coefficient: "5.0"', 'coefficient: NaN', 'coefficient: "5.0"', "a number above 0 is expected, not “NaN”", 0),
    ("levels-2024.yaml", 'at_least: true}\n    unit: person-month', 'at_least: maybe}\n    unit: person-month', 'coefficient: "5.0"', "“maybe” is not allowed here; allowed: true, false", 0),
    ("levels-2011.yaml", "    cite: [{instrument: NQ15HG, sources: [S54]}]\n", "", "- id: O-HG-meal", "a citation (cite) is missing", 0),
    ("levels-2011.yaml", "cite: [{instrument: NQ15HG, sources: [S54]}]", "cite: []", "cite: [{instrument: NQ15HG", "a citation (cite) is missing", 0),
    ("levels-2011.yaml", "cite: [{instrument: NQ15HG, sources: [S54]}]", "cite: [{instrument: NQ15HG, sources: []}]", "cite: [{instrument: NQ15HG", "a citation needs at least one source", 0),
    ("levels-2011.yaml", "cite: [{instrument: NQ15HG, sources: [S54]}]", "cite: [{instrument: NQ15HG, clause: '1', sources: [S54]}]", "cite: [{instrument: NQ15HG", "a clause needs its article, and a point its clause", 0),
    ("levels-2011.yaml", "cite: [{instrument: NQ15HG, sources: [S54]}]", "cite: {instrument: NQ15HG}", "cite: [{instrument: NQ15HG", "a list is expected here", 0),
    ("levels-2011.yaml", "valid: {from: 2013-04-15, to: 2019-12-31}", "valid: {from: 2013-04-15}", "- id: O-meal\n", "the dates of “O-meal-2013” and “O-meal” overlap", 0),
    ("levels-2011.yaml", "valid: {from: 2013-04-15, to: 2019-12-31}", "valid: {from: 2013-04-15, to: 2013-04-14}", "valid: {from: 2013-04-15, to: 2019", "the last day is before the first", 0),
    ("levels-2011.yaml", "valid: {from: 2013-04-15, to: 2019-12-31}", "valid: {from: 15/04/2013}", "valid: {from: 2013-04-15, to: 2019", "a date written YYYY-MM-DD is expected, not “15/04/2013”", 0),
    ("levels-2011.yaml", "valid: {from: 2013-04-15, to: 2019-12-31}", "valid: {from: 20130415}", "valid: {from: 2013-04-15, to: 2019", "a date written YYYY-MM-DD is expected, not “20130415”", 0),
    ("levels-2011.yaml", "valid: {from: 2013-04-15, to: 2019-12-31}", "valid: yes", "valid: {from: 2013-04-15, to: 2019", "a table of keys and values is expected here", 0),
    ("levels-2011.yaml", "cap: {days: 60, clock: OLD-04a}", "cap: {days: 60, months: 2}", "cap: {days: 60", "a cap counts days, months or times: exactly one of them", 0),
    ("levels-2011.yaml", "cap: {days: 60, clock: OLD-04a}", "cap: {days: 60, clock: OLD-44}", "cap: {days: 60", "the clock “OLD-44” does not exist", 0),
    ("levels-2011.yaml", "when: [abroad]", "when: [rich]", "when: [abroad]", "“rich” is not allowed here; allowed: " + ", ".join(CONDITIONS), 0),
    ("levels-2011.yaml", "mark: NF", "mark: X", "mark: NF", "“X” is not allowed here; allowed: T, T*, S, I, NF", 0),
    ("levels-2011.yaml", "- id: O-road\n", "- id: O-meal\n", "- id: O-road\n", "the id “O-meal” is given twice", 0),
    ("levels-2011.yaml", "regime: helper", "regime: z", "regime: helper", "“z” is not allowed here; allowed: a, b, c, d, đ, e, SA, helper", 0),
    ("levels-2024.yaml", "rows: [R1]", "rows: [R99]", "rows: [R1]", "“R99” is not defined in this pack", 0),
    ("levels-2024.yaml", "review_rows: {R2: Q08}", "review_rows: {R22: Q08}", "- id: N-k-loan", "“R22” is not defined in this pack", 0),
    ("levels-2024.yaml", "review_rows: {R2: Q08}", "review_rows: {R2: Q99}", "review_rows", "“Q99” is not defined in this pack", 0),
    ("parameters.yaml", "to: 2024-06-30}", "to: 2024-07-01}", "- vnd: 500000", "the dates of two values of “sa-standard” overlap", 0),
    ("parameters.yaml", "mark: T\n", "mark: NF\n", "- vnd: 360000", "what was not found (NF) cannot have a number", 0),
    ("parameters.yaml", "unit: month", "unit: moon", "unit: month", "“moon” is not defined in this pack", 0),
    ("clocks.yaml", "limit: {unit: d, value: 3}", "limit: {unit: d}", "limit: {unit: d, value: 3}", "a limit needs a value, except “instant” and NF", 0),
    ("clocks.yaml", "limit: {unit: NF}", "limit: {unit: d, value: 7}", "limit: {unit: NF}", "what was not found (NF) cannot have a number", 0),
    ("clocks.yaml", "limit: {unit: instant}", "limit: {unit: instant, value: 1}", "limit: {unit: instant}", "a limit needs a value, except “instant” and NF", 0),
    ("matrix-2024.yaml", "letters: [a, b, c, d, đ, e, g, h, i, k]", "letters: [a, b, c, d, đ, e, g, h, i]", "- letter: k", "“k” is not allowed here; allowed: ", 0),
    ("matrix-2024.yaml", "letters: [a, b, c, d, đ, e, g, h, i, k]", "letters: [b, a, c, d, đ, e, g, h, i, k]", "kind:", "every letter needs its regime, in the order of the law", 0),
    ("matrix-2024.yaml", "h: Y, i: \"-\", k: \"-\"}", "h: Y, i: \"-\"}", "cells: {a: Y, b: Y, c: Y, d: Y, đ: Y, e: Y, g: Y, h: Y, i", "the key “k” is missing", 0),
    ("matrix-2024.yaml", "h: Y, i: \"-\", k: \"-\"}", "h: Y, i: \"-\", k: \"-\", m: Y}", "h: Y, i: \"-\", k: \"-\"}", "the key “m” is not known here", 0),
    ("matrix-2024.yaml", "h: Y, i: \"-\", k: \"-\"}", "h: Y, i: \"-\", k: N}", "h: Y, i: \"-\", k: \"-\"}", "“N” is not allowed here; allowed: Y, C, -, ?", 0),
    ("matrix-2024.yaml", "default: granted, footnote: needs-any-nationality", "default: granted", "default: granted, footnote: needs-any", "a default needs the footnote that allows it", 0),
    ("matrix-2024.yaml", "accompanies: [R1, R2]", "accompanies: [R1, R2]\n    who: [{status: victim}]", "- id: R3", "a row says either “who” or “accompanies”", 0),
    ("matrix-2024.yaml", "accompanies: [R4]", "accompanies: [R1]", "- id: R5", "“R1” is not defined above, or is accompanied twice", 0),
    ("matrix-2024.yaml", "who: [{status: victim, citizenship: foreign, trafficked_in: VN}]", "who: [{status: victim}]", "- id: R8", "“R1” and “R8” name the same person", 0),
    ("matrix-2024.yaml", "law: L53", "law: L66", "law: L53", "the id “L66” is given twice", 0),
    ("calendar.yaml", "[saturday, sunday]", "[monday, tuesday, wednesday, thursday, friday, saturday, sunday]", "kind:", "a week needs a working day", 0),
    ("calendar.yaml", "year: 2026", "year: 2025", "year: 2026", "the year 2025 is given twice", 0),
    ("calendar.yaml", "{year: 2026, complete: false}", "{year: 2026, complete: true, holidays: [{day: 2025-09-02, cite: [{instrument: L53, sources: [x]}]}]}", "year: 2026", "this day is not in 2026", 0),
    ("targets.yaml", "percent: NF", "percent: 50", "percent: NF", "what was not found (NF) cannot have a number", 0),
    ("targets.yaml", "percent: 95", "percent: NF", "percent: 95", "what was not found (NF) cannot have a number", 0),
    ("questions.yaml", "- id: Q02", "- id: Q01", "- id: Q02", "the id “Q01” is given twice", 0),
    ("questions.yaml", "kind: questions", "kind: answers", "kind: questions", "“answers” is not allowed here; allowed: pack, instruments, questions, provinces, calendar, parameters, clocks, matrix, levels, targets, examples", 0),
    ("pack.yaml", "last_checked: 2026-11-21\n", "", "kind:", "the key “last_checked” is missing", 0),
    ("pack.yaml", "kind: pack\n", "kind: pack\nextra: 1\n", "kind: pack", "the key “extra” is not known here", 1),
    ("pack.yaml", "kind: pack\n", "kind: &a pack\nother: *a\n", "kind: pack", "references (*name) are not allowed", 0),
    ("pack.yaml", "kind: pack\n", "kind: \n", "kind: pack", "a text is expected here", 0),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "at", "problem", "shift"), WRONG)
def test_refused_with_file_and_line(file, old, new, at, problem, shift) -> None:
    with pytest.raises(PackError) as caught:
        build(changed(file, old, new))
    error = caught.value
    assert error.problem == problem
    line = line_of(file, at) + shift
    assert (error.file, error.line) == (file, line)
    assert str(error) == f"The rules were not loaded. {file}, line {line}: {problem}"


@pytest.mark.parametrize(
    ("missing", "problem", "file"),
    [
        (["pack.yaml"], "the key “last_checked” is missing", "parameters.yaml"),
        (["calendar.yaml"], "no file of the kind “calendar” is there", "pack.yaml"),
        (["instruments.yaml"], "“D20” is not defined in this pack", "parameters.yaml"),
        (["provinces.yaml"], "“2004/02” is not defined in this pack", "levels-2011.yaml"),
        (["matrix-2011.yaml", "levels-2011.yaml"], "the matrix of L66 is missing", "pack.yaml"),
    ],
)
def test_a_part_that_is_missing_is_named(missing, problem, file) -> None:
    with pytest.raises(PackError) as caught:
        pack_from_texts({name: text for name, text in FILES.items() if name not in missing})
    assert (caught.value.problem, caught.value.file) == (problem, file)


def test_a_pack_without_its_head_is_refused() -> None:
    for files in ({}, {"questions.yaml": FILES["questions.yaml"]}):
        with pytest.raises(PackError) as caught:
            pack_from_texts(files)
        assert str(caught.value) == (
            "The rules were not loaded. pack.yaml: no file of the kind “pack” is there"
        )
        assert caught.value.line == 0


def test_the_transitional_rule_cannot_be_left_out() -> None:
    text = FILES["matrix-2011.yaml"]
    start, end = text.index("transition:"), text.index("letters:")
    with pytest.raises(PackError) as caught:
        pack_from_texts({**FILES, "matrix-2011.yaml": text[:start] + text[end:]})
    assert caught.value.problem == "the transitional rule (Art. 63) is missing"


@pytest.mark.parametrize("name", ["Q01", "Q02", "Q09", "Q10", "Q21"])
def test_the_questions_that_the_evaluator_asks_must_be_there(name) -> None:
    text = "\n".join(f"  - {{id: Q{n:02}, vi: x, en: x}}" for n in range(1, 22))
    files = {**FILES, "questions.yaml": f"kind: questions\nquestions:\n{text}\n"}
    pack_from_texts(files)
    files["questions.yaml"] = files["questions.yaml"].replace(f"id: {name},", "id: Q99,")
    with pytest.raises(PackError) as caught:
        pack_from_texts(files)
    assert caught.value.problem == f"“{name}” is not defined in this pack"


@pytest.mark.parametrize("kind", ["pack", "calendar"])
def test_two_heads_or_calendars_are_refused(kind) -> None:
    with pytest.raises(PackError) as caught:
        pack_from_texts({**FILES, "second.yaml": FILES[f"{kind}.yaml"]})
    assert caught.value.problem == f"there are two files of the kind “{kind}”"
    assert caught.value.file == "second.yaml"


@pytest.mark.parametrize(
    "text", ["", "# only a remark\n", "a: b\n---\nc: d\n", "\x00", "[" * 20_000, "a: !x {b}\n"]
)
def test_what_is_no_document_is_refused(text) -> None:
    with pytest.raises(PackError):
        pack_from_texts({"pack.yaml": text})


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("kind: pack\nid: [x\nversion: 1\n", 3, r"this is not valid YAML \(.*'\]'.*\)"),
        ("kind: pack\n---\nkind: pack\n", 2, r"this is not valid YAML \(.*document.*\)"),
        ("kind: pack\nid: \x00\n", 0, r"(?s)this is not valid YAML \(.+\)"),
        ("# only a remark\n", 0, "the file is empty"),
        ("- kind: pack\n", 1, "a table of keys and values is expected here"),
    ],
)
def test_what_is_no_document_is_named(text, line, problem) -> None:
    with pytest.raises(PackError) as caught:
        pack_from_texts({"pack.yaml": text})
    assert re.fullmatch(problem, caught.value.problem)
    assert (caught.value.file, caught.value.line) == ("pack.yaml", line)


def test_what_is_no_text_is_named(tmp_path) -> None:
    (tmp_path / "pack.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(PackError) as caught:
        load_pack(tmp_path)
    assert str(caught.value) == (
        "The rules were not loaded. pack.yaml: this file is not text in UTF-8"
    )


def test_a_calendar_that_is_filled_in_is_used() -> None:
    entry = (
        "{year: 2026, complete: true, holidays: [{day: 2026-09-02, label: {vi: Quốc khánh, en: "
        "National Day}, cite: [{instrument: L53, sources: [province]}]}], "
        "working_days: [{day: 2026-09-05, cite: [{instrument: L53, sources: [province]}]}]}"
    )
    pack = pack_from_texts(broken("calendar.yaml", "{year: 2026, complete: false}", entry))
    assert pack.calendar.complete == {2026}
    assert [d.isoformat() for d in sorted(pack.calendar.holidays)] == ["2026-09-02"]
    assert [d.isoformat() for d in sorted(pack.calendar.working)] == ["2026-09-05"]


def test_the_digest_is_of_the_content_and_not_of_its_layout(pack) -> None:
    tables = {
        name: yaml.load(text, yaml.BaseLoader)
        for name, text in FILES.items()
        if name != "examples.yaml"
    }
    canonical = json.dumps(tables, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert pack.sha256 == hashlib.sha256(canonical.encode()).hexdigest()
    assert load_pack(resources.path("rules")).sha256 == pack.sha256
    remarked = {name: f"# remark\n{text}\n" for name, text in FILES.items()}
    assert pack_from_texts(remarked).sha256 == pack.sha256
    changed = broken("levels-2011.yaml", "amount: {vnd: 60000}", "amount: {vnd: 60001}")
    assert pack_from_texts(changed).sha256 != pack.sha256


def test_an_own_date_of_checking_is_kept() -> None:
    changed = broken(
        "levels-2011.yaml",
        "cite: [{instrument: NQ15HG, sources: [S54]}]",
        "cite: [{instrument: NQ15HG, sources: [S54], last_checked: 2026-12-01}]",
    )
    level = next(x for x in pack_from_texts(changed).levels if x.id == "O-HG-meal")
    assert level.cite[0].last_checked.isoformat() == "2026-12-01"


def test_the_error_is_in_the_language_of_the_reader() -> None:
    i18n.set_language("vi")
    with pytest.raises(
        PackError, match=r"Không nạp được bộ quy định. levels-2011.yaml, dòng \d+: "
    ):
        pack_from_texts(broken("levels-2011.yaml", "regime: helper", "regime: z"))


def test_every_value_has_a_citation_a_source_and_a_date(pack) -> None:
    cited = [
        *pack.levels,
        *pack.clocks.values(),
        *pack.targets,
        *pack.days,
        *(value for parameter in pack.parameters.values() for value in parameter.values),
        *(row for matrix in pack.matrices.values() for row in matrix.rows.values()),
        *(regime for matrix in pack.matrices.values() for regime in matrix.regimes.values()),
    ]
    for value in cited:
        assert value.cite
        for cite in value.cite:
            assert cite.sources
            assert cite.last_checked.isoformat() == "2026-11-21"
            assert str(cite)
