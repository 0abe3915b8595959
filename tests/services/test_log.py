"""The log says who looked, changed, printed, exported, sent, unlocked, and what was refused."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from traffick_desk.services import exchange, officers, vaults
from traffick_desk.services.base import Desk
from traffick_desk.services.commands import RecordStep, VoidRecord
from traffick_desk.services.errors import NotAllowed
from traffick_desk.services.log import ExportLog, LogFilter, ReadLog
from traffick_desk.services.log_words import KINDS, kind_of, words_of
from traffick_desk.services.officers import NewOfficer
from traffick_desk.services.papers import IssuePaper
from traffick_desk.services.queries import OpenCase
from traffick_desk.services.register.listing import save_list
from traffick_desk.store.store import Work

from .conftest import PASSWORD, take_in
from .test_roles import ACTS

OTHER = "một đàn cò trắng bay ngang"


def lines(desk: Desk, **wanted: str) -> list[tuple[str, str]]:
    page = desk.ask(ReadLog(LogFilter(**wanted)))
    assert page.total >= len(page.lines)
    return [(line.action, line.kind) for line in page.lines]


def with_officer(desk: Desk, role: str) -> tuple[Path, str]:
    officer_id = officers.add(desk, PASSWORD, NewOfficer("Lê Thị Lan", "lan", OTHER, role))
    return desk.info.vault_path, officer_id


def test_each_kind_of_act_is_there(desk: Desk, tmp_path: Path) -> None:
    case, person = take_in(desk, "LS3")["LS3"]
    desk.ask(OpenCase(case))
    step = desk.do(RecordStep(case, "brought_to_commune"))
    desk.do(VoidRecord("step", step, "written twice"))
    desk.do(IssuePaper(case, "noi-bo/tom-tat-ban-giao"))
    save_list(desk, tmp_path / "list.csv")
    exchange.write_request(desk, tmp_path)
    number = desk.ask(OpenCase(case)).row.file_no
    (tmp_path / "td-0000.tdb").write_bytes(b"age-encryption.org/v1\n nonsense")
    exchange.import_bundles(desk, tmp_path / "td-0000.tdb")
    page = desk.ask(ReadLog())
    kinds = {line.kind for line in page.lines}
    assert kinds == set(KINDS) - {"kept"}
    # Filtered by case: all acts on it and its records, under its number; nothing of others.
    found = desk.ask(ReadLog(LogFilter(case=number.lower()[:8])))
    acts = {line.action for line in found.lines}
    assert acts == {"case.new", "case.open", "step.record", "record.void", "paper.issue"}
    assert {line.cases for line in found.lines} == {(number,)}
    assert all(line.officer == "Nguyễn Thị Hương" for line in found.lines)
    # No content: not her name, not the reason of voiding.
    assert "written twice" not in repr(page)
    name = desk.ask(OpenCase(case)).row.name
    assert name
    assert name not in repr(page)
    assert person not in repr(found)


def test_filters_are_each_their_own(desk: Desk) -> None:
    take_in(desk, "LS1")
    assert {kind for _a, kind in lines(desk, kind="changed")} == {"changed"}
    assert {kind for _a, kind in lines(desk, kind="unlocked")} == {"unlocked"}
    assert lines(desk, officer="huong")
    assert lines(desk, officer=desk.info.officer_id)
    assert not lines(desk, officer="lan")
    assert lines(desk, since="2026-11-21", until="2026-11-21")
    assert not lines(desk, until="2026-11-20")
    assert not lines(desk, since="2026-11-22")
    assert not lines(desk, case="TDXXX")
    everything = desk.ask(ReadLog(limit=-1)).lines
    assert [line.number for line in everything] == sorted(
        (n.number for n in everything), reverse=True
    )
    paged = [n.number for start in range(0, 4, 2) for n in desk.ask(ReadLog(LogFilter(
        until="2026-11-21", kind="changed"), start, 2)).lines]  # fmt: skip
    assert len(paged) == len(set(paged))


@pytest.mark.parametrize("role", ["officer", "chair", "clerk", "auditor"])
def test_who_may_read_it(desk: Desk, role: str) -> None:
    # Alone at her desk, whoever writes cases reads the log; with a chair or auditor, they do.
    assert desk.ask(ReadLog()).lines
    path, _id = with_officer(desk, role)
    if role in {"chair", "auditor"}:
        with pytest.raises(NotAllowed):
            desk.ask(ReadLog())
    else:
        assert desk.ask(ReadLog()).lines
    desk.close()
    other = vaults.unlock(path, "lan", OTHER)
    try:
        if role == "clerk":
            with pytest.raises(NotAllowed):
                other.ask(ReadLog())
            with pytest.raises(NotAllowed):
                other.do(ExportLog(path / "no.csv"))
            assert not (path / "no.csv").exists()
        else:
            assert ("officer.add", "changed") in lines(other)
    finally:
        other.close()


def test_an_auditor_sees_numbers_and_no_case(desk: Desk, tmp_path: Path) -> None:
    case, _person = take_in(desk, "LS3")["LS3"]
    number = desk.ask(OpenCase(case)).row.file_no
    path, _id = with_officer(desk, "auditor")
    desk.close()
    auditor = vaults.unlock(path, "lan", OTHER)
    try:
        with pytest.raises(NotAllowed):
            auditor.ask(OpenCase(case))
        page = auditor.ask(ReadLog(LogFilter(case=number)))
        assert {line.cases for line in page.lines} == {(number,)}
        with pytest.raises(NotAllowed):
            auditor.do(RecordStep(case, "brought_to_commune"))
        refused = auditor.ask(ReadLog(LogFilter(kind="failed"))).lines
        assert [(n.officer, n.about) for n in refused] == [("Lê Thị Lan", "RecordStep")]
        target = tmp_path / "log.csv"
        count = auditor.do(ExportLog(target))
        with target.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream, delimiter=";"))
        assert len(rows) == count + 1
        # That it was taken out stands in the log too.
        assert auditor.ask(ReadLog()).lines[0].action == "log.export"
    finally:
        auditor.close()


def test_the_line_and_the_act_are_one_transaction(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, _person = take_in(desk, "LS1")["LS1"]
    before = len(desk.ask(OpenCase(case)).of("step"))
    real = Work.log

    def full(*_given: object, **_more: object) -> None:
        raise OSError("no room for the line")

    monkeypatch.setattr(Work, "log", full)
    with pytest.raises(OSError, match="no room"):
        desk.do(RecordStep(case, "brought_to_commune"))
    # What cannot be written down is not shown either.
    with pytest.raises(OSError, match="no room"):
        desk.ask(OpenCase(case))
    monkeypatch.setattr(Work, "log", real)
    assert len(desk.ask(OpenCase(case)).of("step")) == before


def test_every_act_of_this_program_has_words() -> None:
    written = {
        str(getattr(cls, "action", "") or getattr(cls, "logged", "")) for cls in ACTS.values()
    }
    assert not [action for action in written - {""} if words_of(action) == action]
    assert kind_of("something.new") == "changed"
