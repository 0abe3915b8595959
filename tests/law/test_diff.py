"""Two packs: every difference in words with its day and citation, and whose result it changes."""

from __future__ import annotations

import pytest

from traffick_desk import i18n, resources
from traffick_desk.law import PackError, compare

SHIPPED = resources.path("rules")


@pytest.fixture
def folder(tmp_path):
    for path in SHIPPED.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def change(folder, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def words(folder) -> list[str]:
    return [str(entry) for entry in compare(SHIPPED, folder).changes]


def test_the_same_rules_differ_in_nothing(folder) -> None:
    found = compare(SHIPPED, folder)
    assert found.changes == ()
    assert found.results == ()


def test_an_amount_that_changes_and_whose_result(folder) -> None:
    change(folder, "levels-2011.yaml", "vnd: 60000", "vnd: 70000")
    found = compare(SHIPPED, folder)
    assert [str(entry) for entry in found.changes] == [
        (
            "level L66/O-HG-meal “Meals in a facility (Hà Giang)”: amount: 60,000 ₫/person per day"
            " → 70,000 ₫/person per day (from 20/07/2020; Resolution 15/2020/NQ-HĐND of Hà Giang)"
        )
    ]
    who = "E7 (Hoàng Thị Sen, 24, poor household, Hà Giang, identified in 2022): "
    assert tuple(map(str, found.results)) == (
        f"{who}known total: 6,300,000 ₫ → 6,700,000 ₫",
        (
            f"{who}Meals in a facility (Hà Giang): depends on the case, 60,000 ₫/person per day → "
            "depends on the case, 70,000 ₫/person per day"
        ),
    )


def test_a_cell_that_changes(folder) -> None:
    change(
        folder,
        "matrix-2024.yaml",
        "h: {cell: Y, when: [under_18], footnote: under-18}, i: Y, k: Y}",
        "h: C, i: Y, k: Y}",
    )
    (text,) = words(folder)
    assert text == (
        "row of the table of persons L53/R1 “Victim, Vietnamese citizen”: regime h: granted "
        "[when: under_18; footnote: under-18] → depends on the case (Art. 37(1) Law 53/2024/QH15)"
    )  # fmt: skip
    assert any("E3 (Giàng A Páo" in str(text) for text in compare(SHIPPED, folder).results)


def test_a_clock_a_parameter_and_a_head_that_change(folder) -> None:
    change(folder, "clocks.yaml", "limit: {unit: wd, value: 9}", "limit: {unit: d, value: 7}")
    change(folder, "parameters.yaml", "vnd: 500000", "vnd: 550000")
    change(folder, "pack.yaml", 'version: "2026.11.21"', 'version: "2026.12.01"')
    found = words(folder)
    assert "head of the file pack: “version”: 2026.11.21 → 2026.12.01" in found
    assert any("time limit: 9 working days → 7 days (from 01/07/2025;" in text for text in found)
    assert any(
        text.startswith("value of a reference amount sa-standard 2024-07-01 ")
        and "amount: 500,000 ₫ → 550,000 ₫ (from 01/07/2024;" in text
        for text in found
    )


def test_what_is_added_and_removed(folder) -> None:
    change(folder, "levels-2024.yaml", "id: N-c\n", "id: N-c-2\n")
    found = words(folder)
    assert [text.split(":")[0] for text in found] == ["Removed", "Added"]
    assert found[1].startswith(
        "Added: level L53/N-c-2 “Interpretation”; amount: amount not available [set_by: C120] (from"
    )
    assert compare(SHIPPED, folder).results == ()  # an id is nobody's result


def test_a_new_citation_a_note_and_a_text_in_both_languages(folder) -> None:
    change(folder, "levels-2024.yaml", "cite: [{instrument: L53, article: \"37\", sources: [S01]}]", "cite: [{instrument: D162, sources: [S01]}]\n    note: {vi: a, en: b}")  # fmt: skip
    found = words(folder)
    assert any(
        "citation: Art. 37 Law 53/2024/QH15 → Decree 162/2025/NĐ-CP (" in text for text in found
    )
    assert any("“note”: nothing → “a” / “b”" in text for text in found)


def test_a_code_a_list_and_several_citations(folder) -> None:
    change(folder, "levels-2024.yaml", "amount: {code: IN_KIND}\n", "amount: {code: FREE}\n")
    change(
        folder, "provinces.yaml", 'aliases: ["tỉnh Hà Giang", "Ha Giang", "HG"]', "aliases: [HG]"
    )
    change(
        folder,
        "levels-2011.yaml",
        "instrument: C84, sources: [S36, S37]",
        "instrument: C84, article: '2', sources: [S36, S37]",
    )
    change(
        folder,
        "levels-2024.yaml",
        'label: {vi: "Phiên dịch"',
        'confirm: true\n    label: {vi: "Phiên dịch"',
    )
    change(folder, "targets.yaml", "percent: 95", "percent: 96")
    found = words(folder)
    d09, c84 = "Art. 19 Decree 09/2013/NĐ-CP", "Circular 84/2019/TT-BTC"
    assert found[0] == (
        f"level L66/O-meal “Meals in a facility”: citation: {d09}; {c84} → {d09}; Art. 2 {c84} "
        f"(from 01/01/2020; {d09}; Art. 2 {c84})"
    )
    assert found[-2] == "province 2004/02 “Hà Giang”: “aliases”: tỉnh Hà Giang, Ha Giang, HG → HG"
    (room,) = (text for text in found if "L53/N-a-room " in text)
    assert "amount: in kind → free of charge (from 01/07/2025; " in room
    (spoken,) = (text for text in found if "L53/N-c " in text)
    assert "“confirm”: nothing → true (" in spoken
    (target,) = (text for text in found if text.startswith("target "))
    assert "“percent”: 95 → 96 (from 15/01/2024; " in target
    assert len(found) == 5


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\xff\xfe", "clocks.yaml: this file is not text in UTF-8"),
        (b"a: [", "clocks.yaml, line 2: this is not valid YAML"),
        (b"kind: clocks\nclocks: {}", "clocks.yaml, line 2: a list is expected here"),
    ],
)
def test_a_pack_that_is_wrong_is_named(folder, data, problem) -> None:
    (folder / "clocks.yaml").write_bytes(data)
    for pair in ((SHIPPED, folder), (folder, SHIPPED)):
        with pytest.raises(PackError) as caught:
            compare(*pair)
        assert str(caught.value).startswith(f"The rules were not loaded. {problem}")


def test_a_year_of_the_calendar(folder) -> None:
    change(folder, "calendar.yaml", "{year: 2026, complete: false}", "{year: 2026, complete: true}")
    assert words(folder) == ["year of the calendar 2026: “complete”: false → true"]


def test_without_examples_those_of_the_other_are_used(folder, tmp_path_factory) -> None:
    (folder / "examples.yaml").unlink()
    change(folder, "levels-2011.yaml", "vnd: 60000", "vnd: 70000")
    found = compare(SHIPPED, folder)
    assert found.results
    assert sum(str(entry).startswith("Removed: worked example") for entry in found.changes) == 12


def test_it_speaks_vietnamese(folder) -> None:
    change(folder, "levels-2011.yaml", "vnd: 60000", "vnd: 70000")
    i18n.set_language("vi")
    (text,) = words(folder)
    assert "60.000 ₫" in text
    assert "từ ngày 20/07/2020" in text
