"""Documents in a vault: kept whole with their record or not at all, shown, given out, checked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from services import documents_world as world
from services.conftest import NOW, PASSWORD, Make, take_in
from traffick_desk.services import backup, vaults, verify
from traffick_desk.services.base import Desk
from traffick_desk.services.commands import RestoreRecord, VoidRecord
from traffick_desk.services.documents import commands, queries
from traffick_desk.services.documents.prepare import look_at, prepare
from traffick_desk.services.errors import InvalidValues, NotAllowed, NotHere
from traffick_desk.services.queries import History, OpenCase
from traffick_desk.services.verify import Report
from traffick_desk.store import documents
from traffick_desk.store.errors import DocumentDamaged, DocumentElsewhere


def ready(content: bytes | None = None):
    return prepare(look_at(content or world.jpeg()))


@pytest.fixture
def case(desk: Desk) -> str:
    return take_in(desk, "E1")["E1"][0]


def add(desk: Desk, case: str, content: bytes | None = None, **values: str) -> str:
    return desk.do(commands.AddDocument(case, ready(content), {"kind": "photo", **values}))


def log(desk: Desk) -> list[tuple[str, str]]:
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT action, object FROM audit ORDER BY seq")
        return [tuple(row) for row in cursor.fetchall()]


def test_a_document_is_kept_and_comes_back_byte_for_byte(desk: Desk, case: str) -> None:
    made = ready(world.pdf(3))
    evidence = OpenCase(case)
    about = desk.ask(evidence).persons[0].id
    record = desk.do(
        commands.AddDocument(
            case, made, {"kind": "decision", "title": "Giấy xác nhận", "belongs_to": about}
        )
    )
    (view,) = desk.ask(queries.Documents(case))
    assert (view.id, view.held, view.size) == (record, queries.HERE, made.size)
    assert view.record.get("pages") == 3
    assert view.record.get("added_on") == NOW.date().isoformat()
    opened = desk.ask(queries.OpenDocument(case, record))
    assert (opened.media, opened.content) == ("pdf", made.content)
    assert desk.ask(queries.DocumentThumb(case, record)).picture == made.thumb
    assert log(desk)[-2:] == [("document.add", record), ("document.open", record)]
    assert desk.ask(queries.DocumentUsage()) == queries.Usage(1, made.size)


def test_the_same_bytes_are_kept_once(desk: Desk, case: str) -> None:
    first, second = add(desk, case), add(desk, case)
    assert desk.ask(queries.DocumentUsage()).count == 1
    assert first != second
    assert len(desk.ask(queries.Documents(case))) == 2


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, InvalidValues),
        ({"kind": "nonsense"}, InvalidValues),
        ({"kind": "photo", "dated": "gestern"}, InvalidValues),
        ({"kind": "photo", "title": "x" * 201}, InvalidValues),
        ({"kind": "photo", "belongs_to": "of-another-case"}, NotHere),
        ({"kind": "photo", "digest": "0" * 64}, NotHere),
    ],
)
def test_what_cannot_be_leaves_nothing_behind(desk, case, values, problem) -> None:
    with pytest.raises(problem):
        desk.do(commands.AddDocument(case, ready(), values))
    with pytest.raises(NotHere):
        desk.do(commands.AddDocument("no-such-case", ready(), {"kind": "photo"}))
    assert desk.ask(queries.Documents(case)) == ()
    assert desk.ask(queries.DocumentUsage()) == queries.Usage(0, 0)
    with desk.context.store.read() as cursor:
        for table in ("document_bytes", "document_piece", "document_thumb"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)


def test_a_newer_scan_stands_beside_the_older_one(desk: Desk, case: str) -> None:
    old = add(desk, case)
    new = desk.do(commands.AddDocument(case, ready(world.png()), {"kind": "photo"}, old))
    views = {v.id: v for v in desk.ask(queries.Documents(case))}
    assert views[old].newer == (new,)
    assert views[new].record.get("replaces") == old
    assert desk.ask(queries.OpenDocument(case, old)).content
    desk.do(VoidRecord("document", new, "mờ"))
    assert {v.id: v for v in desk.ask(queries.Documents(case))}[old].newer == ()


def test_voided_with_a_reason_and_brought_back(desk: Desk, case: str) -> None:
    record = add(desk, case)
    desk.do(VoidRecord("document", record, "nhầm người"))
    (view,) = desk.ask(queries.Documents(case))
    assert view.record.voided == "nhầm người"
    assert desk.ask(queries.OpenDocument(case, record)).content, "nothing is deleted (I4)"
    desk.do(RestoreRecord("document", record))
    assert desk.ask(queries.Documents(case))[0].record.voided is None


def test_what_is_said_of_it_can_be_changed_but_not_what_it_holds(desk: Desk, case: str) -> None:
    record = add(desk, case)
    desk.do(commands.DescribeDocument(record, {"title": "Vết thương ở tay", "kind": "injury"}))
    assert desk.ask(queries.Documents(case))[0].record.get("kind") == "injury"
    for name in ("digest", "size", "replaces", "nonsense"):
        with pytest.raises(NotHere):
            desk.do(commands.DescribeDocument(record, {name: "1"}))
    assert any("title" in item.fields for item in desk.ask(History(case)))


def test_giving_out_and_printing_stand_in_the_log(desk: Desk, case: str) -> None:
    record = add(desk, case)
    given = desk.do(commands.ExportDocument(case, record))
    assert given.media == "jpeg"
    assert desk.do(commands.PrintDocument(case, record)).content == given.content
    assert log(desk)[-2:] == [("document.export", record), ("document.print", record)]
    with pytest.raises(NotHere):
        desk.do(commands.ExportDocument("another", record))


def test_the_log_holds_neither_titles_nor_bytes(desk: Desk, case: str) -> None:
    command = commands.AddDocument(case, ready(), {"kind": "photo", "title": "MARKER"})
    assert "JFIF" not in repr(command)
    assert len(repr(command)) < 700
    assert all("MARKER" not in f"{action}{obj}" for action, obj in log(desk))


@pytest.mark.parametrize("role", ["clerk", "auditor", "it"])
def test_who_may_not_read_cases_sees_no_document(desk: Desk, case: str, role: str) -> None:
    from dataclasses import replace

    record = add(desk, case)
    desk.context.info = replace(desk.info, role=role)
    for query in (
        queries.Documents(case),
        queries.OpenDocument(case, record),
        queries.DocumentThumb(case, record),
    ):
        with pytest.raises(NotAllowed):
            desk.ask(query)
    for command in (
        commands.AddDocument(case, ready(), {"kind": "photo"}),
        commands.ExportDocument(case, record),
        commands.PrintDocument(case, record),
        commands.AskForDocument(case, record),
        commands.DescribeDocument(record, {"title": "x"}),
    ):
        with pytest.raises(NotAllowed):
            desk.do(command)


def test_opening_a_case_reads_no_byte_of_a_document(desk: Desk, case: str) -> None:
    add(desk, case)
    with desk.context.store.work() as work:
        work.cursor.execute("UPDATE document_piece SET body = x'00'")
    assert desk.ask(OpenCase(case)).of("document")
    assert desk.ask(queries.Documents(case))[0].held == queries.HERE


def test_bytes_that_changed_are_not_shown_and_verify_says_so(desk: Desk, case: str) -> None:
    record = add(desk, case)
    assert verify.verify(desk).intact
    with desk.context.store.work() as work:
        work.cursor.execute("UPDATE document_piece SET body = body || x'00' WHERE number = 0")
    with pytest.raises(DocumentDamaged):
        desk.ask(queries.OpenDocument(case, record))
    report: Report = verify.verify(desk)
    assert not report.intact
    assert any("1" in line and "ài liệu" in line for line in report.lines)


def test_bytes_that_are_not_here_are_asked_for(desk: Desk, case: str) -> None:
    record = add(desk, case)
    with desk.context.store.work() as work:
        for table in ("document_bytes", "document_piece", "document_thumb"):
            work.cursor.execute(f"DELETE FROM {table}")
    with pytest.raises(DocumentElsewhere):
        desk.ask(queries.OpenDocument(case, record))
    assert desk.ask(queries.Documents(case))[0].held == queries.ELSEWHERE
    desk.do(commands.AskForDocument(case, record))
    assert desk.ask(queries.Documents(case))[0].asked


def test_a_rebuild_of_the_tables_leaves_the_bytes_alone(desk: Desk, case: str) -> None:
    record = add(desk, case)
    before = desk.ask(queries.Documents(case))
    desk.context.store.rebuild()
    assert desk.ask(queries.Documents(case)) == before
    assert desk.ask(queries.OpenDocument(case, record)).content


def test_a_backup_holds_the_documents(make: Make, tmp_path: Path) -> None:
    desk = make()
    case = take_in(desk, "E1")["E1"][0]
    record = add(desk, case, world.pdf(2))
    content = desk.ask(queries.OpenDocument(case, record)).content
    (tmp_path / "stick").mkdir()
    copy = backup.backup(desk, tmp_path / "stick")
    desk.close()
    again = backup.restore(copy, tmp_path / "again", "huong", PASSWORD)
    try:
        assert again.ask(queries.OpenDocument(case, record)).content == content
        assert verify.verify(again).intact
    finally:
        again.close()


def test_no_byte_of_a_document_lies_in_a_file(make: Make, tmp_path: Path, monkeypatch) -> None:
    """Taken in, opened, drawn, backed up: the marker is in no file, and no temporary file is made."""
    import tempfile

    monkeypatch.setattr(tempfile, "_get_candidate_names", _forbidden)
    text = "MARKERINPDF" * 40
    desk = make()
    case = take_in(desk, "E1")["E1"][0]
    record = add(desk, case, world.pdf(1, text=text), title="MARKERTITLE")
    add(desk, case, world.jpeg(tells=False) + b"", note="MARKERNOTE")
    content = desk.ask(queries.OpenDocument(case, record)).content
    desk.ask(queries.DocumentThumb(case, record))
    (tmp_path / "stick").mkdir()
    backup.backup(desk, tmp_path / "stick")
    marks = [
        b"MARKER",
        "MARKER".encode("utf-16-le"),
        content[:64],
        world.jpeg(tells=False)[600:664],
    ]
    for path in tmp_path.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert not any(mark in held for mark in marks), path.name


def _forbidden() -> None:
    raise AssertionError("a temporary file was wanted")


KILLED = """
import os, sys, threading, time
sys.path[:0] = {paths!r}
from services import documents_world as world
from traffick_desk.services import vaults
from traffick_desk.services.documents import commands
from traffick_desk.services.documents.prepare import look_at, prepare
desk = vaults.unlock(__import__("pathlib").Path({vault!r}), "huong", {password!r})
made = [prepare(look_at(world.jpeg(1600, 1200, seed=n, quality=97))) for n in range(3)]
print("go", flush=True)
turn = 0
while True:
    desk.do(commands.AddDocument({case!r}, made[turn % 3], {{"kind": "photo", "title": str(turn)}}))
    turn += 1
    print(turn, flush=True)
"""


def test_killed_while_storing_it_is_whole_or_not_there(make: Make, tmp_path: Path) -> None:
    desk = make()
    case = take_in(desk, "E1")["E1"][0]
    desk.close()
    root = Path(__file__).parents[2]
    script = KILLED.format(
        paths=[str(root / "src"), str(root / "tests")],
        vault=str(tmp_path / "commune"),
        password=PASSWORD,
        case=case,
    )
    known = 0
    for turn in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        while process.stdout.readline().strip() != "go":
            assert process.poll() is None
        for _line in range(turn):
            process.stdout.readline()
        process.kill()
        process.wait()
        process.stdout.close()
        again = vaults.unlock(tmp_path / "commune", "huong", PASSWORD)
        try:
            views = again.ask(queries.Documents(case))
            assert len(views) >= known + turn, "what was acknowledged is there"
            known = len(views)
            for view in views:
                assert view.held == queries.HERE
                assert again.ask(queries.OpenDocument(case, view.id)).content
            with again.context.store.read() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM document_piece WHERE digest NOT IN "
                    "(SELECT digest FROM document_bytes WHERE complete)"
                )
                assert cursor.fetchone() == (0,)
            assert verify.verify(again).intact
        finally:
            again.close()


def test_pieces_come_in_any_order_and_a_wrong_whole_is_dropped(desk: Desk) -> None:
    content = bytes(range(256)) * 4_000
    digest, size = documents.digest_of(content), len(content)
    cut = [content[n : n + documents.PIECE] for n in range(0, size, documents.PIECE)]
    with desk.context.store.work() as work:
        for number in (3, 1, 1, 0):
            assert not documents.take_piece(work.cursor, digest, size, number, cut[number])
        assert documents.states(work.cursor, [digest])[digest].have < size
        with pytest.raises(DocumentElsewhere):
            documents.read(work.cursor, digest)
        with pytest.raises(ValueError, match="2"):
            documents.take_piece(work.cursor, digest, size, 2, cut[2][:-1])
        with pytest.raises(ValueError, match="9"):
            documents.take_piece(work.cursor, digest, size, 9, b"x")
        assert documents.take_piece(work.cursor, digest, size, 2, cut[2])
        assert documents.read(work.cursor, digest) == content
        other = documents.digest_of(b"another")
        with pytest.raises(DocumentDamaged):
            documents.take_piece(work.cursor, other, 7, 0, b"anothes")
        assert documents.states(work.cursor, [other]) == {}
