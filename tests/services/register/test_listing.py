"""A list saved as a file: no names unless asked for, no formula, and a line in the log."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.conftest import take_in
from traffick_desk.domain.spine import Kind, Privacy
from traffick_desk.services import register
from traffick_desk.services.base import Desk, new_id
from traffick_desk.services.case_filter import CaseFilter
from traffick_desk.services.commands import NewCase
from traffick_desk.services.register.errors import ListNotWritten
from traffick_desk.services.register.listing import DEFAULT, guarded, list_columns
from traffick_desk.store.journal import Edit


def rows_of(path: Path) -> list[tuple[object, ...]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return [tuple(row) for row in csv.reader(stream, delimiter=";")]
    book = openpyxl.load_workbook(path)
    return [tuple(cell.value or "" for cell in row) for row in book.active.iter_rows()]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_usual_columns_name_nobody(desk: Desk, tmp_path: Path, ending: str) -> None:
    take_in(desk)
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / f"l.{ending}"
    count = register.save_list(desk, path)
    rows = rows_of(path)
    assert len(rows) == count + 1
    assert "Tuổi" in rows[0]
    assert "Họ và tên" not in rows[0]
    whole = path.read_text("utf-8-sig") if ending == "csv" else str(rows)
    assert "Dợ" not in whole
    assert "04/04/2004" not in whole
    assert list(folder.iterdir()) == [path]


def test_nothing_identifying_is_among_the_usual_columns(desk: Desk) -> None:
    known = list_columns(desk.context)
    assert not any(known[key].identifying for key in DEFAULT)
    registry = desk.context.store.registry
    for key, column in known.items():
        record, _dot, name = key.partition(".")
        field = registry[record].by_name.get(name)
        if field is not None and (
            field.privacy is Privacy.IDENTIFYING or field.kind is Kind.LONG_TEXT
        ):
            assert column.identifying, key


def test_chosen_columns_of_the_filtered_cases(desk: Desk, tmp_path: Path) -> None:
    take_in(desk)
    path = tmp_path / "l.xlsx"
    keys = ("case.file_no", "person.name", "person.birth", "address.unit")
    assert register.save_list(desk, path, keys, CaseFilter(text="vang thi do")) == 1
    assert rows_of(path)[1][1:3] == ("Vàng Thị Dợ", "04/04/2004")


def test_an_address_that_must_not_be_printed_is_not_exported(desk: Desk, tmp_path: Path) -> None:
    person = new_id()
    desk.do(
        NewCase(
            (
                Edit("case", new_id(), {}),
                Edit("person", person, {"role": "main", "name": "Lò Thị Tơ"}),
                Edit("address", new_id(), {"person": person, "kind": "permanent",
                                           "line": "Nhà bí mật", "do_not_print": "yes"}),
            )
        )
    )  # fmt: skip
    path = tmp_path / "l.csv"
    register.save_list(desk, path, ("case.file_no", "address.line"))
    assert "bí mật" not in path.read_text("utf-8-sig")


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_name_that_is_a_formula_stays_a_text(desk: Desk, tmp_path: Path, ending: str) -> None:
    evil = ['=HYPERLINK("http://x")', "+1+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0"]
    for name in evil:
        person = {"role": "main", "name": name}
        desk.do(NewCase((Edit("case", new_id(), {}), Edit("person", new_id(), person))))
    path = tmp_path / f"l.{ending}"
    register.save_list(desk, path, ("case.file_no", "person.name"))
    if ending == "csv":
        assert all(row[1].startswith("'") for row in rows_of(path)[1:])
        return
    for row in openpyxl.load_workbook(path).active.iter_rows(min_row=2, min_col=2):
        assert row[0].data_type == "s"
        assert row[0].quotePrefix
        assert row[0].value in evil


@given(st.text(max_size=20))
def test_no_guarded_text_begins_a_formula(text: str) -> None:
    found = guarded(text)
    assert not found.startswith(("=", "@", "\t", "\r"))
    if found.startswith(("+", "-")):
        assert found in {"+", "-"} or found[1:].replace(".", "").replace(",", "").isdigit()


def test_saving_is_logged_without_names(desk: Desk, tmp_path: Path) -> None:
    take_in(desk, "E1")
    register.save_list(desk, tmp_path / "Nguyễn Thị X.xlsx", ("case.file_no", "person.name"))
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT action, object FROM audit ORDER BY seq DESC LIMIT 1")
        assert cursor.fetchone() == ("list.export", "1: case.file_no person.name")


def test_a_place_that_cannot_be_written_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(ListNotWritten) as refused:
        register.save_list(desk, tmp_path / "none" / "l.xlsx")
    assert "Không mất gì" in str(refused.value)
    target = tmp_path / "l.csv"
    target.mkdir()
    with pytest.raises(ListNotWritten):
        register.save_list(desk, target)
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == []
    assert stat.S_ISDIR(target.stat().st_mode)
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT count(*) FROM audit WHERE action = 'list.export'")
        assert cursor.fetchone() == (0,)
