"""Every face of every field is there, and values that cannot be are found."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traffick_desk import i18n, resources
from traffick_desk.domain import validation
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.lists import code_list, is_code
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.spine import ANY, Field, Kind, Privacy, RecordType, Registry, Search
from traffick_desk.domain.validation import check, check_record, tidy
from traffick_desk.store.changes import VOID, WHOLE
from traffick_desk.store.tables import column_type, record_tables, table_name

FIELDS = [(t, f) for t in REGISTRY for f in t]
IDS = [f"{t.name}.{f.name}" for t, f in FIELDS]
DATA_LISTS = {"country", "ethnicity", "language"}
TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def vietnamese():
    before = i18n.language()
    i18n.set_language("vi")
    yield
    i18n.set_language(before)


@pytest.fixture(scope="module")
def catalogue():
    path = resources.translations() / "vi" / "LC_MESSAGES" / "domain.po"
    from babel.messages.pofile import read_po

    with path.open("rb") as stream:
        return {m.id: m.string for m in read_po(stream, locale="vi") if m.id}


# --- the walk ------------------------------------------------------------------


@pytest.mark.parametrize(("record_type", "field"), FIELDS, ids=IDS)
def test_every_field_has_all_its_faces(record_type, field, catalogue):
    assert re.fullmatch(r"[a-z][a-z_]*", field.name)
    assert field.name not in {"id", "heads", "rivals", "voided", VOID, WHOLE}
    assert len(field.name) <= 64
    assert isinstance(field.privacy, Privacy)
    assert field.label
    assert catalogue.get(field.label), field.label
    assert not field.help or catalogue.get(field.help), field.help
    table = record_tables(REGISTRY).tables[table_name(record_type.name)]
    assert isinstance(table.c[field.name].type, column_type(field))
    assert (field.kind in (Kind.CODE, Kind.CODES, Kind.ANSWER)) == bool(field.codes)
    if field.codes and field.codes not in DATA_LISTS:
        assert field.codes in SMALL_LISTS
    if field.kind is Kind.ANSWER:
        assert field.codes == "answer"
    assert (field.kind is Kind.REF) == bool(field.target)
    if field.target:
        assert field.target == ANY or field.target in REGISTRY
    if field.search is not None:
        assert field.kind in (Kind.TEXT, Kind.LONG_TEXT)
    if field.search is Search.NAME:
        assert field.privacy is Privacy.IDENTIFYING
    if field.limit:
        assert field.kind in (Kind.TEXT, Kind.LONG_TEXT)
    if field.lowest is not None or field.highest is not None:
        assert field.kind in (Kind.INTEGER, Kind.MONEY)
    if field.ahead:
        assert field.kind in (Kind.DATE, Kind.MOMENT, Kind.PARTIAL_DATE)
    if field.kind is Kind.MONEY:
        assert field.lowest == 0


@pytest.mark.parametrize("record_type", list(REGISTRY), ids=lambda t: t.name)
def test_every_record_type_has_all_its_faces(record_type, catalogue):
    assert catalogue.get(record_type.label)
    assert catalogue.get(record_type.plural)
    names = [f.name for f in record_type]
    assert len(set(names)) == len(names)
    assert ("case" in names) == record_type.in_case
    assert record_type.writers
    assert record_type.writers <= {"commune", "province"}
    columns = [c.name for c in record_tables(REGISTRY).tables[table_name(record_type.name)].columns]
    assert columns == ["id", *names, "heads", "rivals", "voided"]


def test_no_name_or_document_of_a_person_is_public_or_operational():
    # The codes of a paper and of a group are random: they say nothing of anybody.
    of_nobody = {"case", "reception", "paper", "group_member"}
    for record_type, field in FIELDS:
        of_unit = record_type.of_unit and field.search is not Search.NAME
        if field.search is not None and record_type.name not in of_nobody and not of_unit:
            assert field.privacy is Privacy.IDENTIFYING, (record_type.name, field.name)


def test_decisions_status_and_consent_never_merge_field_by_field():
    whole = {t.name for t in REGISTRY if t.whole}
    assert {"status", "consent", "entitlement", "entitlement_decision"} <= whole


def test_only_the_province_decides():
    assert REGISTRY["entitlement_decision"].writers == {"province"}


@pytest.mark.parametrize("name", sorted(SMALL_LISTS))
def test_every_code_has_a_vietnamese_label_and_is_found_without_accents(name, catalogue):
    small = SMALL_LISTS[name]
    assert small.codes()
    for code in small.codes():
        assert re.fullmatch(r"[a-zđ][a-z_]*", code)
        assert catalogue.get(small.labels[code]), small.labels[code]
        assert small.label(code) == catalogue[small.labels[code]]
    labels = [small.label(code) for code in small.codes()]
    assert len(set(labels)) == len(labels), "two codes look the same"
    assert small.label("no such code") == "no such code"


@pytest.mark.parametrize("name", sorted({f.codes for _t, f in FIELDS if f.codes}))
def test_every_code_list_of_the_spine_exists_and_speaks_vietnamese(name):
    found = code_list(name)
    assert (name in DATA_LISTS) == (name not in SMALL_LISTS)
    assert len(found.codes()) > (50 if name in DATA_LISTS else 1)
    assert len(set(found.codes())) == len(found.codes())
    for code in found.codes():
        assert found.label(code)
        assert is_code(name, code)
    assert not is_code(name, "no such code")


def test_every_code_list_is_used():
    used = {f.codes for _t, f in FIELDS} | {"regime", "role", "answer"}
    assert set(SMALL_LISTS) <= used


def test_labels_are_shown_in_the_language_of_the_desk():
    field = REGISTRY["person"]["birth"]
    assert field.shown_label() == "Ngày sinh"
    assert REGISTRY["status"].shown_label() == "Tình trạng pháp lý"
    i18n.set_language("en")
    assert field.shown_label() == "Date of birth"
    assert Field("x", Kind.TEXT, "X").shown_help() == ""


def test_two_types_of_one_name_are_refused():
    with pytest.raises(ValueError):
        Registry((REGISTRY["note"], REGISTRY["note"]))
    assert REGISTRY.get("no such type") is None
    assert "note" in REGISTRY


# --- single values --------------------------------------------------------------

GOOD = {
    Kind.TEXT: "Vàng Thị Dợ",
    Kind.LONG_TEXT: "Một dòng\nhai dòng",
    Kind.ANSWER: "not_asked",
    Kind.DATE: "2026-02-28",
    Kind.PARTIAL_DATE: "2009-05~",
    Kind.MOMENT: "2026-11-21T20:40+07:00",
    Kind.INTEGER: 3,
    Kind.MONEY: 500_000,
    Kind.UNIT: "2025/00691",
    Kind.REF: "0197a3f2-8d5c-7a31-9be4-0d6f1f0a2b3c",
}


def good_value(field):
    if field.kind in (Kind.CODE, Kind.CODES):
        code = code_list(field.codes).codes()[0]
        return code if field.kind is Kind.CODE else [code]
    if field.kind is Kind.INTEGER:
        return max(GOOD[Kind.INTEGER], field.lowest or 0)
    return GOOD[field.kind]


@pytest.mark.parametrize(("_record_type", "field"), FIELDS, ids=IDS)
def test_every_field_takes_a_good_value_and_no_answer(_record_type, field):
    value = good_value(field)
    assert check(field, value) is None
    assert check(field, None) is None
    assert tidy(field, value) == value


WRONG = [1.5, True, b"x", {"a": 1}, [1], ["x", 2], object(), [[]], ("yes",), 2**53, -(2**60)]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("value", WRONG, ids=lambda v: type(v).__name__)
def test_a_value_of_another_kind_is_refused_and_never_crashes(kind, value):
    field = Field("x", kind, "X", codes="sex")
    problem = check(field, value)
    assert problem is not None
    assert problem.impossible
    assert problem.text
    tidy(field, value)


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        (Kind.DATE, "2026-02-30", "no_date"),
        (Kind.DATE, "2026-2-3", "no_date"),
        (Kind.DATE, "20260203", "no_date"),
        (Kind.DATE, "2026-W05-1", "no_date"),
        (Kind.DATE, "21/11/2026", "no_date"),
        (Kind.DATE, "2026-11-21\n", "no_date"),
        (Kind.DATE, "２０２６-11-21", "no_date"),
        (Kind.DATE, "0211-11-21", "year"),
        (Kind.DATE, "2206-11-21", "year"),
        (Kind.PARTIAL_DATE, "2009-13", "no_date"),
        (Kind.PARTIAL_DATE, "1009", "year"),
        (Kind.PARTIAL_DATE, "khoảng 2009", "no_date"),
        (Kind.MOMENT, "2026-11-21T20:40", "no_moment"),
        (Kind.MOMENT, "2026-11-21T13:40+00:00", "no_moment"),
        (Kind.MOMENT, "2026-11-21T20:40:00+07:00", "no_moment"),
        (Kind.MOMENT, "2026-11-21 20:40+07:00", "no_moment"),
        (Kind.MOMENT, "2026-11-31T20:40+07:00", "no_moment"),
        (Kind.MOMENT, "2026-11-21T25:40+07:00", "no_moment"),
        (Kind.MOMENT, "0001-01-01T00:00+23:59", "no_moment"),
        (Kind.TEXT, "a\u202eb", "unclean"),
        (Kind.TEXT, "Nguye\u0302\u0303n", "unclean"),
        (Kind.TEXT, "a\nb", "unclean"),
        (Kind.TEXT, " a", "unclean"),
        (Kind.TEXT, "a\0", "unclean"),
        (Kind.TEXT, "\ud800", "empty"),
        (Kind.TEXT, "  ", "empty"),
        (Kind.TEXT, "", "empty"),
        (Kind.TEXT, "x" * 501, "too_long"),
        (Kind.LONG_TEXT, "x" * 100_000, "too_long"),
        (Kind.LONG_TEXT, "a\r\nb", "unclean"),
        (Kind.CODE, "no such code", "code"),
        (Kind.CODE, "", "code"),
        (Kind.CODES, ["male", "female"], "codes"),
        (Kind.CODES, ["male", "male"], "codes"),
        (Kind.CODES, ["male", "nobody"], "code"),
        (Kind.CODES, [], "empty"),
        (Kind.ANSWER, "maybe", "code"),
        (Kind.UNIT, "691", "unit"),
        (Kind.UNIT, "2025/00691/1", "unit"),
        (Kind.REF, "", "kind"),
        (Kind.REF, "a'b", "kind"),
    ],
)
def test_what_cannot_be_is_refused_by_name(kind, value, code):
    problem = check(Field("x", kind, "X", codes="sex"), value)
    assert problem is not None
    assert (problem.field, problem.code, problem.impossible) == ("x", code, True)


def test_numbers_keep_to_their_bounds():
    field = Field("x", Kind.INTEGER, "X", lowest=0, highest=60)
    assert check(field, 0) is None
    assert check(field, 60) is None
    assert check(field, -1).code == "low"
    assert check(field, 61).code == "high"
    assert check(Field("x", Kind.MONEY, "X"), 2**53 - 1) is None
    assert check(Field("x", Kind.MONEY, "X"), 2**53).code == "high"


def test_the_limit_of_a_field_counts():
    field = REGISTRY["case"]["file_no"]
    assert check(field, "x" * 40) is None
    problem = check(field, "x" * 41)
    assert problem.code == "too_long"
    assert "40" in problem.text


def test_the_long_lists_count_too():
    field = REGISTRY["person"]["citizenship"]
    for code in ("VN", "KH", "stateless", "unknown"):
        assert check(field, code) is None
    assert check(field, "ZZ").code == "code"
    assert check(field, "Việt Nam").code == "code"


@given(st.text(max_size=200))
def test_a_tidied_text_is_never_refused(text):
    for kind in (Kind.TEXT, Kind.LONG_TEXT):
        field = Field("x", kind, "X", limit=2_000)
        value = tidy(field, text)
        assert check(field, value) is None
        assert tidy(field, value) == value


@given(st.lists(st.sampled_from(["female", "male", "other"]), max_size=6))
def test_tidied_choices_are_never_refused(codes):
    field = Field("x", Kind.CODES, "X", codes="sex")
    assert check(field, tidy(field, codes)) is None


def test_every_problem_has_a_vietnamese_text():
    with_vietnamese = re.compile(
        "[ăâđêôơưàáảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]"
    )
    for text in validation._TEXTS.values():
        assert with_vietnamese.search(i18n._(text)), text


# --- fields against each other ---------------------------------------------------


def found(type_name, values, others=(), today=TODAY):
    record_type = REGISTRY[type_name]
    return {
        (p.field, p.code, p.impossible)
        for p in check_record(record_type, values, others, today=today)
        if p.code != "missing"
    }


PERSON = {"id": "p1", "role": "main", "name": "Hoa", "birth": "2009-05-03"}
CHILD = {"id": "p2", "role": "accompanying", "name": "Bé", "birth": "2020", "accompanies": "p1"}


def test_what_is_not_filled_in_yet_is_only_told():
    problems = check_record(REGISTRY["case"], {}, today=TODAY)
    assert {p.field for p in problems} == {"file_no", "unit", "opened_on", "stage"}
    assert not any(p.impossible for p in problems)
    assert not any(p.field in {"case", "person"} for p in check_record(REGISTRY["status"], {}))


def test_nobody_is_received_before_being_born():
    reception = ("reception", {"at": "2009-05-02T08:00+07:00"})
    assert found("person", PERSON, [reception]) == {("birth", "birth_after", True)}
    assert found("reception", reception[1], [("person", PERSON)]) == {("at", "birth_after", True)}
    same_day = ("reception", {"at": "2009-05-03T08:00+07:00"})
    assert found("person", PERSON, [same_day]) == set()


def test_an_estimated_birth_or_a_child_born_later_is_only_a_warning():
    reception = ("reception", {"at": "2008-05-02T08:00+07:00"})
    about = {**PERSON, "birth": "2009~"}
    assert found("person", about, [reception]) == {("birth", "birth_after", False)}
    assert found("person", CHILD, [reception]) == {("birth", "birth_after", False)}
    assert found("reception", reception[1], [("person", CHILD)]) == {("at", "birth_after", False)}


def test_a_partly_known_birth_is_refused_only_when_no_day_of_it_fits():
    reception = ("reception", {"at": "2009-05-02T08:00+07:00"})
    assert found("person", {**PERSON, "birth": "2009"}, [reception]) == set()
    assert found("person", {**PERSON, "birth": "2009-05"}, [reception]) == set()
    assert found("person", {**PERSON, "birth": "2009-06"}, [reception]) == {
        ("birth", "birth_after", True)
    }


def test_dates_in_the_future_are_told_and_a_future_birth_refused():
    assert found("case", {"opened_on": "2026-11-22"}) == {("opened_on", "future", False)}
    assert found("case", {"opened_on": "2026-11-21"}) == set()
    assert found("note", {"at": "2026-11-22T00:00+07:00"}) == {("at", "future", False)}
    assert found("person", {**PERSON, "birth": "2026-12"}) == {("birth", "birth_future", True)}
    assert found("stay", {"since": "2026-11-01", "until": "2027-03-01"}) == set()
    assert found("journey_home", {"leaves_on": "2026-12-01"}) == set()


@pytest.mark.parametrize(
    ("type_name", "earlier", "later"),
    [
        ("case", "opened_on", "closed_on"),
        ("stay", "since", "until"),
        ("stay", "since", "extended_until"),
        ("stay", "until", "extended_until"),
        ("consent", "asked_on", "withdrawn_on"),
        ("journey_home", "leaves_on", "arrived_on"),
        ("account", "began", "ended"),
    ],
)
def test_the_end_is_not_before_the_beginning(type_name, earlier, later):
    wrong = {earlier: "2026-05-02", later: "2026-05-01"}
    assert found(type_name, wrong) == {(later, "order", True)}
    assert found(type_name, {earlier: "2026-05-02", later: "2026-05-02"}) == set()


def test_a_partly_known_time_is_refused_only_when_it_cannot_fit():
    assert found("account", {"began": "2019-05", "ended": "2019"}) == set()
    assert found("account", {"began": "2019-05", "ended": "2018"}) == {("ended", "order", True)}


@pytest.mark.parametrize(
    ("type_name", "name"),
    [("status", "since"), ("whereabouts", "since"), ("identity_paper", "issued_on"),
     ("account", "began"), ("stay", "since"), ("consent", "asked_on")],
)  # fmt: skip
def test_nothing_happens_to_a_person_before_birth(type_name, name):
    record = {"person": "p1", name: "2009-05-02"}
    assert found(type_name, record, [("person", PERSON)]) == {(name, "birth_after", True)}
    assert found("person", PERSON, [(type_name, record)]) == {("birth", "birth_after", True)}
    other = {"person": "p9", name: "2009-05-02"}
    assert found(type_name, other, [("person", PERSON)]) == set()
    assert found("person", PERSON, [(type_name, other)]) == set()


def test_an_accompanying_adult_is_told():
    reception = ("reception", {"at": "2026-11-20T08:00+07:00"})
    grown = {**CHILD, "birth": "2008-11-20"}
    assert found("person", grown, [reception]) == {("birth", "adult", False)}
    assert found("person", {**grown, "birth": "2008-11-21"}, [reception]) == set()
    # Perhaps still a child: no warning.
    assert found("person", {**grown, "birth": "2008"}, [reception]) == set()
    assert found("person", {**grown, "role": "main"}, [reception]) == set()


def test_nobody_accompanies_herself():
    assert found("person", {**CHILD, "accompanies": "p2"}) == {("accompanies", "self", True)}


def test_an_age_beyond_all_others_is_told():
    assert found("person", {**PERSON, "birth": "1901"}) == {("birth", "too_old", False)}


def test_support_before_reception_is_told():
    reception = {"at": "2026-11-20T08:00+07:00", "support_from": "2026-11-19"}
    assert found("reception", reception) == {("support_from", "order", False)}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)


@given(st.data())
def test_no_record_of_any_values_makes_the_checks_fail(data):
    record_type = data.draw(st.sampled_from(list(REGISTRY)))
    dates = st.sampled_from(["2009-05-03", "2009~", "0001-01-01", "9999-12-31T00:00+07:00"])
    values = {f.name: data.draw(JSON | dates) for f in record_type}
    other = data.draw(st.sampled_from(list(REGISTRY)))
    others = [(other.name, {f.name: data.draw(JSON | dates) for f in other}), ("person", PERSON)]
    for problem in check_record(record_type, {**values, "id": "p1"}, others, today=TODAY):
        assert problem.text
        assert problem.field in record_type.by_name


def test_the_clock_is_used_when_no_day_is_given():
    problems = check_record(REGISTRY["case"], {"opened_on": "2099-01-01"})
    assert ("opened_on", "future") in {(p.field, p.code) for p in problems}


def test_a_record_type_of_a_newer_program_is_checked_too():
    record_type = RecordType(
        "visit", "Visit", "Visits", (Field("on", Kind.DATE, "On"),), in_case=False
    )
    assert [p.code for p in check_record(record_type, {"on": "x"}, today=TODAY)] == ["no_date"]


def test_a_check_looks_at_no_other_records_than_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who saves reads only these from the vault; what is compared beyond would go unseen."""
    asked: set[str] = set()
    real = validation._all

    def noted(others: validation.Others, type_name: str) -> list[validation.Values]:
        asked.add(type_name)
        return real(others, type_name)

    monkeypatch.setattr(validation, "_all", noted)
    person = {"id": "p", "role": "main", "birth": "2001-05-03"}
    for record_type in REGISTRY.of_cases():
        asked.clear()
        values = {"id": "r", "person": "p", **(person if record_type.name == "person" else {})}
        for field in record_type:
            if field.kind in (Kind.DATE, Kind.PARTIAL_DATE):
                values.setdefault(field.name, "1990-01-01")
            elif field.kind is Kind.MOMENT:
                values.setdefault(field.name, "1990-01-01T10:00+07:00")
        others = [("person", person), ("reception", {"id": "q", "at": "1990-01-01T10:00+07:00"})]
        validation.check_record(record_type, values, others=others)
        assert asked <= validation.compared_with(record_type.name), record_type.name
    asked.clear()
    validation.check_record(REGISTRY["person"], {**person, "id": "p"}, others=[])
    assert asked == validation.compared_with("person")
