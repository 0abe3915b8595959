"""HTCDS: our lists against IOM's own field list, its traps, the validator, round trips."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from desk.pages.world import carry, make_desk
from services.conftest import take_in as people
from traffick_desk.reports.standards.anonymous import k_anonymous, least_group
from traffick_desk.reports.standards.files import FORMATS, FileUnreadable, Sheet, to_bytes
from traffick_desk.reports.standards.htcds import field_of, standard
from traffick_desk.reports.standards.rows import (
    DEIDENTIFIED,
    IDENTIFIED,
    age_band,
    incoming,
    name_parts,
    phone,
)
from traffick_desk.reports.standards.validate import valid, validate
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.ictip import ExportIctip
from traffick_desk.services.standards import (
    ExportStandard,
    FileRefused,
    ReceiverMissing,
    read,
    take_in,
)
from traffick_desk.store.journal import Edit

HERE = Path(__file__).parent / "htcds"
TODAY = date(2026, 11, 21)
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def ods_rows() -> Iterator[list[str]]:
    """Rows of the normative field list, unchanged as IOM published it."""
    with zipfile.ZipFile(HERE / "field-standards-2.0.ods") as archive:
        tree = ET.fromstring(archive.read("content.xml"))
    for row in tree.iter(f"{_TABLE}table-row"):
        cells: list[str] = []
        for cell in row.iter(f"{_TABLE}table-cell"):
            text = "\n".join("".join(p.itertext()) for p in cell.iter(f"{_TEXT}p"))
            repeat = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
            cells += [text] * min(repeat, 20)
        yield cells


def test_fields_and_lists_are_those_of_the_normative_file() -> None:
    known = standard()
    whole = "\n".join(" ".join(cells) for cells in ods_rows()).replace("\xa0", " ")
    rows = [[c.replace("\xa0", " ").strip() for c in cells] for cells in ods_rows()]
    named = {c for cells in rows for c in cells if c in known.fields}
    by_prefix = {f"{p}{f}" for cells in rows for p, f in pairwise(cells)
                 if p.endswith("_")}  # fmt: skip
    # The one field of the file without a type has no place in ours.
    assert (named | by_prefix) >= set(known.fields)
    for name, values in known.lists.items():
        if name == "iso3166_1_alpha2":
            continue
        for value in values:
            assert value in whole, (name, value)
    assert len(known.fields) == 83
    assert len(known.core) == 38
    assert {n for n, f in known.fields.items() if f.deprecated} == {
        "vic_AgreementToManagePersonalData",
        "vic_Vulnerabilities",
        "vic_DetailsOfVulnerabilities",
    }


def test_the_template_of_iom_is_read_by_what_people_see() -> None:
    from openpyxl import load_workbook

    page = load_workbook(HERE / "template-2.0.xlsx").worksheets[0]
    names, labels = ([c.value or "" for c in row] for row in page.iter_rows(max_row=2))
    found = [field_of(str(n), str(label)) for n, label in zip(names, labels, strict=True)]
    found = [f for f in found if f]
    assert set(standard().core) == set(found)
    assert len(found) == len(set(found)) == 38


def test_names_codes_and_labels_as_files_of_iom_write_them() -> None:
    assert field_of("vic_TraffickinStatusDecisionMakingOrg") == (
        "vic_TraffickingStatusDecisionMakingOrg"
    )
    assert field_of("prs_First_Name") == "prs_FirstName"
    assert field_of("prs_MailingCity", "Mailing Street") == "prs_MailingStreet"
    assert field_of("", "Reason for Outgoing Referral") == "cas_ReasonForOutgoingReferral"
    value = standard().value
    assert value("vic_MethodsOfControl", "DebtBondage ") == "DebtBondage"
    assert value("prs_Gender", "Feminine\xa0") == "Feminine"
    assert value("cas_Status", "Follow up") == "FollowUp"
    assert value("cas_ReasonForIncomingReferral", "Migration Or Change Of Location") == (
        "MigrationOrChangeOfLocation"
    )
    assert value("vic_RelationshipToTrafficker", "Unaquainted") == "Unaquainted"
    assert value("spl_Type", "") is None


def test_vietnamese_names_telephones_and_ages() -> None:
    assert name_parts("Nguyễn Thị Thu Hương") == ("Nguyễn", "Thị Thu", "Hương")
    assert name_parts("A") == ("", "", "A")
    assert phone("0912 345 678") == "+84912345678"
    assert phone("84912345678") == "84912345678"
    assert phone("không có") == ""
    assert age_band("2010-11-22", "2026-11-21") == "9—17"
    assert age_band("2008", "2026-11-21") == ""
    assert age_band("1960", "2026-11-21") == "48+"


GOOD = {"prs_Gender": "Feminine", "prs_Citizenship": "VN;CN", "con_Consent": "TRUE",
        "prs_FirstName": "Hương", "prs_Birthdate": "2009-11-21", "prs_MobilePhone": "+84912345678",
        "vic_TypeOfExploitation": "ForcedLabour;Other", "td_Own": "x"}  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("prs_Gender", "Female", "not-in-list"),
        ("prs_Gender", "Feminine;Masculine", "several"),
        ("prs_Citizenship", "VNM", "not-in-list"),
        ("prs_Citizenship", "VN;;CN", "empty-part"),
        ("prs_Citizenship", "VN;VN", "doubled-value"),
        ("prs_Birthdate", "21/11/2009", "date"),
        ("prs_Birthdate", "2009-02-30", "date"),
        ("prs_Birthdate", "2027-01-01", "future-birth"),
        ("cas_IncomingReferralDate", "1899-12-31", "date"),
        ("prs_MobilePhone", "0912345678", "phone"),
        ("prs_NumberOfChildren", "-1", "number"),
        ("prs_NumberOfChildren", "1.5", "number"),
        ("prs_MailingLatitude", "91", "coordinate"),
        ("prs_PrimaryLanguage", "vi", "language"),
        ("prs_PrimaryLanguage", "tyz", "language"),
        ("con_Consent", "yes", "checkbox"),
        ("con_Consent", "FALSE", "no-consent"),
        ("vic_Vulnerabilities", "Poverty", "deprecated"),
        ("prs_Hair", "black", "unknown-column"),
        ("hte_Country", "Vietnam", "country"),
    ],
)
def test_what_is_not_valid_is_named(column: str, value: str, code: str) -> None:
    row = {**GOOD, column: value}
    problems = validate(Sheet(tuple(row), (row,)), TODAY)
    assert not valid(problems)
    assert code in {p.code for p in problems}
    assert all(p.text for p in problems)


def test_a_good_row_is_valid_and_doubts_are_only_warned_of() -> None:
    assert validate(Sheet(tuple(GOOD), (GOOD,)), TODAY) == ()
    row = {**GOOD, "vic_TypeOfSexExploitation": "Prostitution", "cas_Status": "ClosedReferred",
           "vic_TraffickingStatus": "ActualVictimOfTrafficking", "td_ForcedCriminality": "TRUE",
           "vic_TypeOfExploitation": "ChildLabour", "vic_AgeWhenTrafficked": "19",
           "cas_IncomingReferralDate": "2026-02-01",
           "cas_OutgoingReferralDate": "2026-01-01"}  # fmt: skip
    problems = validate(Sheet(tuple(row), (row,)), TODAY)
    assert valid(problems)
    assert {p.code for p in problems} == {
        "without-kind", "no-body", "no-reason", "no-receiver", "order", "not-a-child",
        "criminality",
    }  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path, "province")
    found = people(made, "E1", "E2", "E3", "E5", "E6", "E7")
    edits = []
    for number, (case, person) in enumerate(found.values()):
        answer = {"case": case, "person": person, "given": "yes" if number else "no",
                  "asked_on": "2026-11-20", "giver": "self",
                  "scope": ["research", "services", "statistics"]}  # fmt: skip
        edits.append(Edit("consent", new_id(), answer))
        account = {"case": case, "person": person, "state": "taken", "acts": ["recruiting"],
                   "exploitation": ["crime", "labour"], "means": ["deceit", "threat"],
                   "countries": ["KH"], "began": "2025-03", "ended": "2025-12"}  # fmt: skip
        edits.append(Edit("account", new_id(), account))
    made.do(SaveRecords(tuple(edits)))
    yield made
    made.close()


@pytest.mark.parametrize("kind", FORMATS)
def test_out_checked_in_elsewhere_and_out_again_is_equal(
    desk: Desk, tmp_path: Path, kind: str
) -> None:
    wanted = ExportStandard("identified", kind, receiver="Sở Y tế")
    first = desk.do(wanted)
    assert first.rows == 5
    assert first.left_out == {"no_consent": 1}
    path = tmp_path / f"out{kind}"
    path.write_bytes(first.content)
    sheet = read(path)
    assert validate(sheet, TODAY) == ()
    assert sheet.columns == IDENTIFIED
    assert all(row["vic_TypeOfExploitation"] == "Other;ForcedLabour" for row in sheet.rows)
    assert all(row["td_ForcedCriminality"] == "TRUE" for row in sheet.rows)
    (tmp_path / "other").mkdir()
    other = make_desk(tmp_path / "other", "province")
    try:
        found = take_in(other, sheet)
        assert len(found.opened) == 5
        assert take_in(other, sheet).here == 5
        again = other.do(wanted)
        second = tmp_path / f"again{kind}"
        second.write_bytes(again.content)
        assert read(second) == sheet
        if kind != ".xlsx":  # a workbook holds the time at which it was written
            assert again.content == first.content
    finally:
        other.close()


def test_without_names_nothing_of_anybody_stands_there(desk: Desk, tmp_path: Path) -> None:
    made = desk.do(ExportStandard())
    assert made.rows == 0
    assert made.left_out == {"no_consent": 1, "stands_out": 5}
    from traffick_desk.services.statistics.release import SetThreshold

    desk.do(SetThreshold(3))
    made = desk.do(ExportStandard(kind=".json"))
    path = tmp_path / "d.json"
    path.write_bytes(made.content)
    sheet = read(path)
    assert valid(validate(sheet, TODAY))
    assert sheet.columns == DEIDENTIFIED
    assert made.rows >= 3
    from traffick_desk.services.standards import QUASI_HTCDS

    assert least_group(sheet.rows, QUASI_HTCDS) >= 3
    text = made.content.decode()
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT name FROM r_person")
        assert not [n for (n,) in cursor.fetchall() if n in text]
    research = desk.do(ExportStandard("research", ".csv"))
    assert research.content.decode("utf-8-sig").startswith("yearOfRegistration,gender,ageBroad")


def test_names_need_a_receiver_and_consent_to_the_use(desk: Desk) -> None:
    with pytest.raises(ReceiverMissing):
        desk.do(ExportStandard("identified"))
    assert desk.do(ExportStandard("identified", receiver="Công an", use="police")).rows == 0


def test_a_second_answer_about_consent_keeps_the_person_out(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "xã").mkdir()
    other = make_desk(tmp_path / "xã")
    try:
        carry(desk, other)
        with desk.context.store.read() as cursor:
            cursor.execute("SELECT id FROM r_consent WHERE given = 'yes' AND scope LIKE '%resea%'")
            consent = cursor.fetchone()[0]
        other.do(SaveRecords((Edit("consent", consent, {"given": "no"}),)))
        desk.do(SaveRecords((Edit("consent", consent, {"note": "nói lại"}),)))
        carry(other, desk)
        made = desk.do(ExportStandard("identified", receiver="Sở Y tế"))
        assert made.left_out["two_answers"] == 1
    finally:
        other.close()


def test_a_foreign_file_is_taken_in_by_the_words_of_the_standard(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "ngo.csv"
    path.write_text(
        "prs_First_Name,prs_Second_Name,prs_Gender,prs_Citizenship,con_Consent,"
        "vic_TypeOfExploitation,vic_Methods_of_Control,cas_IncomingReferralDate\n"
        "Hoa,Lò,Feminine,VN,TRUE,ForcedMarriage,FalsePromises,2026-05-04\n"
        ",,Masculine,VN,FALSE,,,2026-05-05\n",
        "utf-8",
    )
    found = take_in(desk, read(path))
    assert (len(found.opened), found.nameless) == (1, 1)
    with desk.context.store.read() as cursor:
        cursor.execute('SELECT name, sex FROM r_person WHERE "case" = ?', found.opened)
        assert cursor.fetchone() == ("Lò Hoa", "female")
        cursor.execute('SELECT exploitation, means FROM r_account WHERE "case" = ?', found.opened)
        assert cursor.fetchone() == ('["marriage"]', '["deceit"]')
    path.write_text("prs_FirstName,prs_Gender\nHoa,nữ\n", "utf-8")
    with pytest.raises(FileRefused):
        take_in(desk, read(path))
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileUnreadable):
        read(path)


def test_nobody_stands_out_whatever_the_rows() -> None:
    import random

    chance = random.Random(4)
    quasi = ("a", "b", "c")
    rows = [{"a": chance.choice("xxxy"), "b": chance.choice("pqqrs"), "c": str(chance.randint(1, 9)),
             "v": ";".join(sorted(chance.sample("klmn", 2)))} for _ in range(400)]  # fmt: skip
    made = k_anonymous(rows, quasi, 11)
    assert len(made.rows) + made.left_out == 400
    assert least_group(made.rows, quasi) >= 11
    for key in {tuple(r.get(q, "") for q in quasi) for r in made.rows}:
        group = [r for r in made.rows if tuple(r.get(q, "") for q in quasi) == key]
        for part in "klmn":
            count = sum(part in r.get("v", "").split(";") for r in group)
            assert count == 0 or count >= 11
    assert made.emptied


def test_the_bridge_to_ic_tip_says_draft_in_every_line(desk: Desk) -> None:
    lines = desk.do(ExportIctip()).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("version,status,")
    assert len(lines) > 40
    assert all(line.startswith("draft-2026-11,draft,") for line in lines[1:])
    assert "forced_criminality" in "\n".join(lines)


def test_own_columns_are_believed_first() -> None:
    row = {"td_Exploitation": "crime", "vic_TypeOfExploitation": "Other", "td_FullName": "A Lìn",
           "prs_FirstName": "Lìn", "prs_SecondName": "A"}  # fmt: skip
    found = incoming(row).records
    assert found["account"]["exploitation"] == ["crime"]
    assert found["person"]["name"] == "A Lìn"
    assert to_bytes(Sheet(("a",), ({"a": "=1+1"},)), ".csv").endswith(b"'=1+1\r\n")
