"""An old page, an old file, a lost write-ahead log: found wherever a head is known outside."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from services.conftest import PASSWORD, Make, take_in
from traffick_desk.services import vaults
from traffick_desk.services.base import Desk
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.month import PreviewMonthlyList
from traffick_desk.services.verify import compare, verify
from traffick_desk.store import audit
from traffick_desk.store.engine import connect
from traffick_desk.store.errors import StoreUnreadable
from traffick_desk.store.journal import Edit
from traffick_desk.vault import header as vault_header
from traffick_desk.vault import slots
from traffick_desk.vault.pages import sound
from traffick_desk.vault.primitives import subkey

PAGE = 4096


def change_everything(desk: Desk, person: str, case: str) -> None:
    """Another value in a record, in the log, and in the small tables."""
    desk.do(SaveRecords((Edit("person", person, {"phone": "0987 654 321"}),)))
    desk.do(SaveRecords((Edit("case", case, {"officer": "Trần Văn An"}),)))
    with desk.context.store.work() as work:
        work.cursor.execute("UPDATE officer SET title = 'Chủ tịch'")


@pytest.fixture
def twice(make: Make, tmp_path: Path) -> tuple[Path, bytes, bytes]:
    """A closed vault, and its file before and after something changed."""
    desk = make()
    case, person = take_in(desk, "E5", "E7")["E5"]
    path = desk.info.vault_path
    desk.close()
    before = (path / vaults.DATABASE).read_bytes()
    desk = vaults.unlock(path, "huong", PASSWORD)
    change_everything(desk, person, case)
    desk.close()
    return path, before, (path / vaults.DATABASE).read_bytes()


def _key(path: Path) -> bytes:
    header = vault_header.read_header(path / vault_header.FILE_NAME)
    unlocked = slots.unlock_with_password(header, "huong", PASSWORD)
    return bytes(subkey(unlocked.dek, "database"))


def _search_pages(path: Path) -> set[int]:
    header = vault_header.read_header(path / vault_header.FILE_NAME)
    unlocked = slots.unlock_with_password(header, "huong", PASSWORD)
    raw = connect(path / vaults.DATABASE, vaults.key_source(unlocked.dek), read_only=True)
    names = "SELECT rootpage FROM sqlite_master WHERE name LIKE 'search_fts_%'"
    found = {page for (page,) in raw.execute(names)}
    raw.close()
    return found


def found_out(path: Path) -> bool:
    """Whether opening or verifying says that something is wrong."""
    try:
        desk = vaults.unlock(path, "huong", PASSWORD)
    except StoreUnreadable:
        return True
    try:
        return bool(desk.trouble) or not verify(desk).intact
    finally:
        desk.close()


def test_the_file_as_it_is_fits(twice: tuple[Path, bytes, bytes]) -> None:
    path, _before, _after = twice
    desk = vaults.unlock(path, "huong", PASSWORD)
    report = verify(desk)
    assert (desk.trouble, report.intact) == ("", True), report.lines
    desk.close()


def test_every_old_page_that_says_something_else_is_found(
    twice: tuple[Path, bytes, bytes], tmp_path: Path
) -> None:
    path, before, after = twice
    old_file = tmp_path / "before.db"
    old_file.write_bytes(before)
    key = _key(path)
    old_pages, new_pages = sound(old_file, key), sound(path / vaults.DATABASE, key)
    # Each writing gives a page another look; what counts is what it says.
    # The search index proves nothing and can be made anew; an old page of it is not looked for.
    search = _search_pages(path)
    other = [
        n - 1 for n, page in new_pages.items() if old_pages.get(n, page) != page and n not in search
    ]
    assert len(other) > 8
    missed = []
    for number in random.Random(9).sample(other, min(8, len(other))):
        target = tmp_path / f"page{number}"
        shutil.copytree(path, target)
        old = before[number * PAGE : (number + 1) * PAGE]
        mixed = after[: number * PAGE] + old + after[(number + 1) * PAGE :]
        (target / vaults.DATABASE).write_bytes(mixed)
        if not found_out(target):
            missed.append(number)
    assert missed == []


def test_a_whole_old_file_is_told_at_opening(twice: tuple[Path, bytes, bytes]) -> None:
    path, before, _after = twice
    (path / vaults.DATABASE).write_bytes(before)
    desk = vaults.unlock(path, "huong", PASSWORD)
    assert desk.trouble
    assert not verify(desk).intact
    desk.close()


def test_a_changed_officer_alone_is_told_at_opening(twice: tuple[Path, bytes, bytes]) -> None:
    path, _before, _after = twice
    desk = vaults.unlock(path, "huong", PASSWORD)
    desk.close()
    header = vault_header.read_header(path / vault_header.FILE_NAME)
    unlocked = slots.unlock_with_password(header, "huong", PASSWORD)
    raw = connect(path / vaults.DATABASE, vaults.key_source(unlocked.dek))
    raw.execute("UPDATE officer SET role = 'lead'")
    raw.close()
    desk = vaults.unlock(path, "huong", PASSWORD)
    assert desk.trouble
    desk.close()


def test_the_code_of_a_printed_list_is_compared_with_the_log(desk: Desk) -> None:
    take_in(desk, "E5")
    with desk.context.store.read() as cursor:
        code = audit.short(audit.head(cursor))
    take_in(desk, "E7")
    assert compare(desk, code).intact
    assert compare(desk, f" {code.lower()} ").intact
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert not compare(desk, wrong).intact
    assert not compare(desk, "9999-0000-0000-0000").intact
    assert not compare(desk, "nothing").intact


def test_the_monthly_list_prints_the_code(desk: Desk) -> None:
    import io

    import pdfplumber

    take_in(desk, "E5")
    with desk.context.store.read() as cursor:
        code = audit.short(audit.head(cursor))
    issued = desk.ask(PreviewMonthlyList(2026, 11))
    with pdfplumber.open(io.BytesIO(issued.pdf)) as read:
        text = "\n".join(page.extract_text() for page in read.pages)
    assert code in text
