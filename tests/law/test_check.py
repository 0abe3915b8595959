"""Everything wrong with a folder of rules is said at once, and nothing that only follows from it."""

from __future__ import annotations

import pytest

from traffick_desk import resources
from traffick_desk.law import check_folder, load_pack

SHIPPED = resources.path("rules")


@pytest.fixture
def folder(tmp_path):
    for path in SHIPPED.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def change(folder, file: str, old: str, new: str, times: int = 1) -> int:
    """Replace and say the line of the first place."""
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, times), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def places(folder) -> list[tuple[str, int]]:
    found = check_folder(folder)
    assert found.pack is None
    return [(error.file, error.line) for error in found.problems]


def test_the_shipped_rules_are_right() -> None:
    found = check_folder(SHIPPED)
    assert found.problems == ()
    assert found.pack is not None
    assert found.pack.sha256 == load_pack().sha256


def test_several_problems_in_several_files(folder) -> None:
    wrong = [
        ("instruments.yaml", change(folder, "instruments.yaml", "status: current", "status: x")),
        ("clocks.yaml", change(folder, "clocks.yaml", "unit: wd", "unit: we")),
        ("levels-2011.yaml", change(folder, "levels-2011.yaml", "mark: NF", "mark: XX")),
        ("levels-2011.yaml", change(folder, "levels-2011.yaml", "need: guard", "need: guard\n    odd: 1") + 1),
    ]  # fmt: skip
    assert places(folder) == sorted(wrong)


def test_what_only_follows_is_not_said(folder) -> None:
    line = change(folder, "provinces.yaml", "aliases:", "alias:")
    assert places(folder) == [("provinces.yaml", line)], "levels of that province are not blamed"


def test_an_id_given_twice(folder) -> None:
    line = change(folder, "instruments.yaml", "- id: D162", "- id: L86")
    assert ("instruments.yaml", line) in places(folder)


def test_an_open_question_without_words_may_still_be_named(folder) -> None:
    line = change(folder, "questions.yaml", "  - id: Q13\n    vi: ", "  - id: Q13\n    vn: ")
    assert [file for file, _line in places(folder)] == ["questions.yaml"]
    assert places(folder)[0][1] >= line


def test_a_missing_file_stops_the_reading(folder) -> None:
    (folder / "calendar.yaml").unlink()
    assert places(folder) == [("pack.yaml", 4)]


def test_what_is_no_text_or_no_yaml_is_said_for_every_file(folder) -> None:
    (folder / "clocks.yaml").write_bytes(b"\xff\xfe")
    (folder / "targets.yaml").write_text("a: [", "utf-8")
    assert [file for file, _line in places(folder)] == ["clocks.yaml", "targets.yaml"]


@pytest.mark.parametrize(
    "text", ["- a", "kind: targets", "kind: targets\ntargets: [1]", "kind: what", "x"]
)
def test_a_file_without_entries_that_can_be_set_aside(folder, text) -> None:
    (folder / "targets.yaml").write_text(text, "utf-8")
    assert [file for file, _line in places(folder)] == ["targets.yaml"]


def test_an_entry_without_an_id(folder) -> None:
    change(folder, "targets.yaml", "  - id: KH19-tried\n", "  - odd: KH19-tried\n")
    assert [file for file, _line in places(folder)] == ["targets.yaml"]


def test_a_folder_without_rules(tmp_path) -> None:
    assert places(tmp_path) == [("pack.yaml", 0)]


def test_a_wrong_example_is_named(folder) -> None:
    line = change(folder, "examples.yaml", "as_of: 2026-12-01", "as_off: 2026-12-01")
    assert places(folder) == [("examples.yaml", line)]
    problem = check_folder(folder).problems[0].problem
    assert problem.startswith("“as_of”: the day for which")


def test_examples_are_no_part_of_the_hash(folder) -> None:
    before = load_pack(folder)
    change(folder, "examples.yaml", "citizenship: KH", "citizenship: LA")
    after = load_pack(folder)
    assert before.sha256 == after.sha256 == load_pack().sha256
    assert [example.id for example in after.examples][:3] == ["E1", "E1-child", "E2"]
    assert after.examples[0].facts.citizenship == "LA"
    assert after.examples[0].facts.stays == before.examples[0].facts.stays


def test_entries_of_one_line_are_told_apart(folder) -> None:
    year = change(folder, "calendar.yaml", "year: 2026, complete: false", "year: 2026, complete: x")
    assert places(folder) == [("calendar.yaml", year)]
    other = change(
        folder, "calendar.yaml", "year: 2025, complete: false", "year: 2025, complete: x"
    )
    assert places(folder) == [("calendar.yaml", other), ("calendar.yaml", year)]


def test_the_last_entry_before_another_key_is_set_aside(folder) -> None:
    (folder / "calendar.yaml").write_text(
        "kind: calendar\nyears:\n  - {year: 2026, complete: x}\nweekend: [saturday, sunday]\n",
        "utf-8",
    )
    clock = change(folder, "clocks.yaml", "unit: wd", "unit: we")
    assert places(folder) == [("calendar.yaml", 3), ("clocks.yaml", clock)]
