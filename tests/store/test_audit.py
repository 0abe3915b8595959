"""The log names the first line that does not fit; its head outside finds the rest."""

from __future__ import annotations

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from store.desks import OFFICER, Desk, key
from traffick_desk.store import audit
from traffick_desk.store.audit import Head
from traffick_desk.store.engine import connect

AT = "2026-11-21T20:40+07:00"
LINES = 8
REST = "at, officer, action, object, digest, chain FROM audit"


@pytest.fixture
def desk(tmp_path):
    found = Desk(tmp_path, "c0")
    with found.store.work() as work:
        for number in range(1, LINES + 1):
            work.log(AT, OFFICER, "records.save", f"k{number}", bytes([number]) * 32)
    yield found
    found.close()


def head(desk):
    with desk.store.read() as cursor:
        return audit.head(cursor)


def mismatch(desk, known=None):
    with desk.store.read() as cursor:
        return audit.first_mismatch(cursor, known)


def tamper(desk, *statements):
    """Someone with the key writes with a tool of his own."""
    raw = connect(desk.path, key)
    for trigger in ("audit_no_update", "audit_no_delete", "audit_only_appended"):
        raw.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    for statement in statements:
        raw.execute(statement)
    raw.close()


def test_an_untouched_log_fits(desk):
    assert mismatch(desk) is None
    assert mismatch(desk, head(desk)) is None
    assert head(desk).seq == LINES


def test_an_empty_log_fits(tmp_path):
    desk = Desk(tmp_path, "c0")
    assert head(desk) == Head(0, audit.START)
    assert mismatch(desk) is None
    assert mismatch(desk, Head(0, audit.START)) is None
    assert mismatch(desk, Head(1, audit.START)) == 1
    desk.close()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET action = 'x'",
        "UPDATE audit SET chain = chain",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE seq = 8",
        f"INSERT OR REPLACE INTO audit SELECT 3, {REST} WHERE seq = 4",
        "REPLACE INTO audit SELECT * FROM audit WHERE seq = 8",
        f"INSERT INTO audit SELECT 0, {REST} LIMIT 1",
    ],
)
def test_the_program_itself_cannot_change_the_log(desk, sql):
    before = desk.rows("SELECT * FROM audit")
    with pytest.raises(sqlcipher.DatabaseError, match="never changed"), desk.store.work() as work:
        work.cursor.execute(sql)
    assert desk.rows("SELECT * FROM audit") == before


@pytest.mark.parametrize("column", ["at", "officer", "action", "object"])
@pytest.mark.parametrize("seq", [1, 4, LINES])
def test_a_changed_line_is_named(desk, column, seq):
    tamper(desk, f"UPDATE audit SET {column} = {column} || 'x' WHERE seq = {seq}")
    assert mismatch(desk) == seq


@pytest.mark.parametrize(
    ("sql", "first"),
    [
        ("UPDATE audit SET digest = zeroblob(32) WHERE seq = 5", 5),
        ("UPDATE audit SET chain = zeroblob(32) WHERE seq = 5", 5),
        ("UPDATE audit SET digest = 32 WHERE seq = 5", 5),
        ("UPDATE audit SET digest = 'text' WHERE seq = 5", 5),
        ("UPDATE audit SET chain = 'text' WHERE seq = 5", 5),
        ("UPDATE audit SET chain = 1.5 WHERE seq = 5", 5),
        ("UPDATE audit SET action = x'00' WHERE seq = 5", 5),
        ("UPDATE audit SET officer = '' WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 4", 4),
        (f"INSERT INTO audit SELECT 9, {REST} WHERE seq = 8", 9),
        (f"INSERT INTO audit SELECT 0, {REST} WHERE seq = 1", 1),
        (f"INSERT INTO audit SELECT -5, {REST} WHERE seq = 1", 1),
    ],
)
def test_a_dropped_added_or_strange_line_is_named(desk, sql, first):
    tamper(desk, sql)
    assert mismatch(desk) == first


def test_lines_in_another_order_are_named(desk):
    tamper(
        desk,
        "UPDATE audit SET seq = 100 WHERE seq = 3",
        "UPDATE audit SET seq = 3 WHERE seq = 6",
        "UPDATE audit SET seq = 6 WHERE seq = 100",
    )
    assert mismatch(desk) == 3


def test_a_line_put_in_between_is_named(desk):
    tamper(
        desk,
        "UPDATE audit SET seq = -seq",
        "UPDATE audit SET seq = 1 - seq WHERE seq <= -5",
        "UPDATE audit SET seq = -seq WHERE seq < 0",
        f"INSERT INTO audit SELECT 5, {REST} WHERE seq = 4",
    )
    assert [r[0] for r in desk.rows("SELECT seq FROM audit ORDER BY seq")] == list(range(1, 10))
    assert mismatch(desk) == 5


def test_lost_last_lines_are_found_only_with_a_known_head(desk):
    known = head(desk)
    tamper(desk, "DELETE FROM audit WHERE seq >= 7")
    assert mismatch(desk) is None
    assert mismatch(desk, known) == 7
    tamper(desk, "DELETE FROM audit")
    assert mismatch(desk, known) == 1


def test_a_log_written_anew_is_found_with_a_known_head(desk):
    known = head(desk)
    earlier = desk.rows("SELECT seq, chain FROM audit WHERE seq = 4")[0]
    tamper(desk, "DELETE FROM audit")
    with desk.store.work() as work:
        for number in range(1, LINES + 3):
            work.log(AT, OFFICER, "something.else", f"k{number}")
    assert mismatch(desk) is None
    assert mismatch(desk, known) == LINES
    assert mismatch(desk, Head(*earlier)) == 4


def test_a_longer_log_fits_its_earlier_heads(desk):
    known = head(desk)
    with desk.store.work() as work:
        work.log(AT, OFFICER, "vault.unlock", "v")
        assert work.audit_head.seq == LINES + 1
    assert mismatch(desk, known) is None
    assert mismatch(desk, Head(LINES + 1, known.chain)) == LINES + 1


def test_an_act_and_its_line_become_durable_together(desk):
    def interrupted():
        with desk.store.work() as work:
            work.log(AT, OFFICER, "records.save", "k9")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert head(desk).seq == LINES


def test_an_old_page_put_back_is_found_with_the_known_head(tmp_path):
    """SQLCipher accepts an earlier version of a page; only the head outside the file tells."""
    desk = Desk(tmp_path, "c0")
    with desk.store.work() as work:
        for number in range(40):
            work.log(AT, OFFICER, "records.save", f"k{number}", bytes(32))
    desk.close()
    before = desk.path.read_bytes()
    desk.open()
    with desk.store.work() as work:
        for number in range(3):
            work.log(AT, OFFICER, "case.close", f"k{number}", bytes(32))
    known = head(desk)
    desk.close()
    after = desk.path.read_bytes()
    assert len(before) == len(after)
    pages = [p for p in range(0, len(after), 4096) if before[p : p + 4096] != after[p : p + 4096]]
    found = silent = 0
    for page in pages:
        desk.path.write_bytes(after[:page] + before[page : page + 4096] + after[page + 4096 :])
        raw = connect(desk.path, key)
        assert raw.execute("PRAGMA cipher_integrity_check").fetchall() == []
        try:
            cursor = raw.cursor()
            silent += audit.first_mismatch(cursor) is None
            found += audit.first_mismatch(cursor, known) is not None
        except sqlcipher.DatabaseError:
            pass
        finally:
            raw.close()
    assert found >= 1, "the page that holds the end of the log"
    assert silent >= found, "without the head nothing is noticed"
    # The whole file put back.
    desk.path.write_bytes(before)
    desk.open()
    assert mismatch(desk) is None
    assert mismatch(desk, known) == 41
    desk.close()
