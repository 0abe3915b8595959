"""The form language: strict, without code, errors with file and line."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traffick_desk import papers
from traffick_desk.papers import formfile, template
from traffick_desk.papers.values import FORMATS, Answer, Scope, write

GOOD = """\
key: T1/Mẫu số 01
edition: 1
status: internal
title: {vi: Mẫu, en: Form}
about: {vi: Khi cần, en: When needed}
source: {vi: Không, en: None}
receivers: [{vi: Hồ sơ, en: File}]
privacy: {vi: Không có, en: Nothing}
signers: [{vi: Cán bộ, en: Officer}]
mark: Mẫu nội bộ
facts:
  - why: {vi: Biết ai, en: To know who}
    fields:
      - {path: person.name, vi: Họ và tên, en: Full name}
parts:
  - p: 'Họ và tên: {person.name}'
"""


def test_a_good_form_is_read() -> None:
    form = formfile.read(GOOD, "good.yaml")
    assert form.info.key == "T1/Mẫu số 01"
    assert [fact.path for fact in form.info.facts] == ["person.name"]


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("edition: 1", "edition: 1\ncolour: red", 3, 'unknown key "colour"'),
        ("edition: 1", "edition: 1\nedition: 2", 3, 'the key "edition" stands twice'),
        ("edition: 1\n", "", 1, 'the key "edition" is missing'),
        ("edition: 1", "edition: one", 2, "a number from 1 to 9999"),
        ("edition: 1", "edition: [1]", 2, "a text is expected"),
        ("status: internal", "status: maybe", 3, "one of official"),
        ("mark: Mẫu nội bộ\n", "", 1, "Mẫu nội bộ"),
        ("key: T1/Mẫu số 01", "key: Mẫu số 01", 1, "instrument/number"),
        ("{person.name}'", "{person.nam}'", 16, 'the fact "person.nam" is not declared'),
        ("{person.name}'", "x'", 12, 'the fact "person.name" is not used'),
        ("{person.name}'", "{person.name|shout}'", 16, 'there is no format "shout"'),
        ("{person.name}'", "{person.name'", 16, "brace"),
        ("{person.name}'", "{if person.name}'", 16, "has no end"),
        ("{person.name}'", "{person.name}{end}'", 16, "without its beginning"),
        ("{person.name}'", "{person.name}{b}'", 16, "not closed"),
        ("{person.name}'", "{person.__class__}'", 16, "not declared"),
        ("{person.name}'", "{person.name()}'", 16, "neither a field nor a command"),
        ("{person.name}'", "{1+1}'", 16, "neither a field nor a command"),
        ("path: person.name", "path: person name", 14, "no path"),
        ("  - p: 'Họ", "  - q: 'Họ", 16, 'unknown key "q"'),
        ("parts:\n", "parts: []\n#", 15, "a list is expected"),
        ("status: internal", "status: &a internal", 0, ""),
        ("receivers: [", "receivers: [*b, ", 7, "not YAML"),
        ("title: {vi: Mẫu, en: Form}", "title: {vi: Mẫu", 5, "not YAML"),
    ],
)
def test_a_fault_is_an_error_with_its_line(old, new, line, reason) -> None:
    changed = GOOD.replace(old, new)
    assert changed != GOOD
    if not line:
        formfile.read(changed, "ok.yaml")
        return
    with pytest.raises(papers.FormError) as caught:
        formfile.read(changed, "bad.yaml")
    assert reason in caught.value.reason
    assert (caught.value.file, caught.value.line) == ("bad.yaml", line)
    assert "bad.yaml" in str(caught.value)


def test_aliases_are_refused_so_that_a_form_cannot_grow_or_contain_itself() -> None:
    text = GOOD.replace("privacy: {vi: Không có, en: Nothing}", "privacy: &x {vi: *x, en: b}")
    with pytest.raises(papers.FormError):
        formfile.read(text, "bad.yaml")
    text = GOOD.replace("about: {", "about: &x {").replace(
        "source: {vi: Không, en: None}", "source: *x"
    )
    with pytest.raises(papers.FormError, match="aliases"):
        formfile.read(text, "bad.yaml")


@given(st.text(max_size=80))
def test_any_text_is_a_template_or_a_template_error(source) -> None:
    try:
        made = template.parse(source)
    except template.TemplateError:
        assert "{" in source or "}" in source
    else:
        assert len(list(made.fields())) <= source.count("{")


@given(st.text("abc{}| \n", max_size=40).filter(lambda text: text.strip()))
def test_a_value_is_never_read_as_a_template(value) -> None:
    scope = Scope({"a": {"b": value}}, str)
    assert scope.text(template.parse("[{a.b}]")) == f"[{value.strip()}]"


def test_one_branch_is_printed_and_false_is_not_present_but_printed() -> None:
    scope = Scope({"yes": True, "no": False, "list": [], "text": "x"}, str)

    def said(source: str) -> str:
        return scope.text(template.parse(source))

    assert said("{if yes}a{else}b{end}") == "a"
    assert said("{if no}a{else}b{end}") == "b"
    assert said("{if not list}none{end}") == "none"
    assert said("{if text}{if no}1{else}2{end}{end}") == "2"
    assert said("{no} {yes}") == "không có"
    assert said("{{{text}}}") == "{x}"


@pytest.mark.parametrize(
    ("value", "name", "printed"),
    [
        (date(2026, 2, 5), "", "05/02/2026"),
        (date(2026, 2, 5), "date", "05/02/2026"),
        (2009, "date", "năm 2009"),
        ("khoảng năm 2009", "date", "khoảng năm 2009"),
        (date(2026, 10, 5), "long", "ngày 05 tháng 10 năm 2026"),
        (
            datetime.fromisoformat("2026-11-21T20:05"),
            "",
            "20 giờ 05 phút, ngày 21 tháng 11 năm 2026",
        ),
        (time(7, 30), "time", "07 giờ 30 phút"),
        (1_234_567, "money", "1.234.567 đồng"),
        (0, "money", "0 đồng"),
        ("chưa có mức chi", "money", "chưa có mức chi"),
        (16, "age", "16 tuổi"),
        (7, "number", "07"),
        (True, "yesno", "có"),
        (False, "yesno", "không"),
        (True, "tick", "x"),
        (["a", "", None, "b"], "", "a, b"),
        (["a", "b"], "list", "a; b"),
        (["a", "b"], "lines", "a\nb"),
        (["a", "b"], "count", "02"),
        ("hoà bình đất", "upper", "HOÀ BÌNH ĐẤT"),
        (Answer.UNKNOWN, "money", "không biết"),
        (True, "money", "có"),
    ],
)
def test_values_are_written_in_vietnamese(value, name, printed) -> None:
    assert write(value, name, "x") == printed


def test_every_format_leaves_a_place_to_write_by_hand() -> None:
    for name in FORMATS:
        if name != "tick":
            suffix = f"|{name}" if name else ""
            assert "..." in Scope({}, str).text(template.parse(f"{{x{suffix}}}"))


def test_repetitions_see_their_own_variable_and_the_whole_tree(look) -> None:
    form = formfile.read(
        GOOD.replace(
            "      - {path: person.name, vi: Họ và tên, en: Full name}",
            "      - {path: person.name, vi: Họ và tên, en: Full name}\n"
            "      - {path: minors, vi: Trẻ, en: Children}\n"
            "      - {path: 'minors[].name', vi: Tên trẻ, en: Name of the child}",
        )
        + "  - each:\n      in: minors\n      as: child\n"
        + "      parts: [{p: '{#}. {child.name} của {person.name}'}]\n",
        "each.yaml",
    )
    from traffick_desk.papers.compose import Composer

    tree = {"person": {"name": "A"}, "minors": [{"name": "B"}, {"name": "C"}]}
    pieces = Composer(form, Scope(tree, form.label)).pieces
    lines = [
        piece.draw.keywords["line"].text for piece in pieces if hasattr(piece.draw, "keywords")
    ]
    assert lines[-2:] == ["1. B của A", "2. C của A"]
