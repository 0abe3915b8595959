"""The encrypted file: its settings, its key, its damage, its threads."""

from __future__ import annotations

import inspect
import random
import shutil
import threading
import time
import traceback

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import QueuePool

from store.desks import OFFICER, RAW, Desk, key, make, other_key
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store import engine, schema
from traffick_desk.store.copies import check
from traffick_desk.store.engine import Engines, connect
from traffick_desk.store.errors import (
    SettingRefused,
    StoreError,
    StoreNewer,
    StoreUnreadable,
    StoreUnwritable,
)
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import SQLITE_MAGIC, Store

MARKER = "Đặng Thị Bí Mật"


@pytest.fixture
def desk(tmp_path):
    found = Desk(tmp_path, "c0")
    yield found
    found.close()


@pytest.fixture
def closed(tmp_path):
    """A closed file with some pages in it."""
    desk = Desk(tmp_path, "c0")
    desk.write("case", "k0", {"file_no": "TD-1"})
    with desk.store.work() as work:
        for number in range(200):
            edit = Edit("note", f"n{number}", {"case": "k0", "text": f"{MARKER} {number} " * 20})
            work.journal.write(edit, OFFICER, "k0")
            work.log("2026-11-21T20:40+07:00", OFFICER, "records.save", f"n{number}")
    desk.close()
    assert not list(tmp_path.glob("*-wal"))
    return desk.path


# --- settings ----------------------------------------------------------------------


def test_both_engines_use_a_queue_never_the_pool_that_crashes_under_threads(desk):
    for one in (desk.store._engines._writer, desk.store._engines._readers):
        assert type(one.pool) is QueuePool
        assert one.hide_parameters
        assert not one.echo


WANTED = {
    "foreign_keys": 1,
    "journal_mode": "wal",
    "synchronous": 2,
    "temp_store": 2,
    "secure_delete": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "busy_timeout": 5000,
    "cipher_memory_security": "1",
    "cipher_page_size": "4096",
    "kdf_iter": None,
}


@pytest.mark.parametrize("read_only", [False, True])
def test_every_setting_holds_on_writer_and_reader(desk, read_only):
    opened = desk.store._engines.read() if read_only else desk.store._engines.write()
    with opened as connection:
        for name, wanted in WANTED.items():
            if wanted is not None:
                assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == wanted, name
        assert connection.exec_driver_sql("PRAGMA query_only").scalar() == int(read_only)
        assert connection.exec_driver_sql("PRAGMA cipher_version").scalar().startswith("4.")


@pytest.mark.parametrize("number", range(len(engine._SETTINGS)))
def test_a_setting_that_does_not_take_effect_stops_the_opening(monkeypatch, closed, number):
    settings = list(engine._SETTINGS)
    name, value, expected = settings[number]
    settings[number] = (name, value, f"not {expected}")
    monkeypatch.setattr(engine, "_SETTINGS", tuple(settings))
    with pytest.raises(SettingRefused):
        connect(closed, key)
    with pytest.raises(SettingRefused):
        Store(closed, key, REGISTRY, "c0").open()


def test_extensions_cannot_be_loaded(desk):
    with desk.store.read() as cursor, pytest.raises(sqlcipher.OperationalError) as caught:
        cursor.execute("SELECT load_extension('/nowhere/libno.so')")
    assert "not authorized" in str(caught.value)


def test_a_reader_refuses_every_write(desk):
    desk.write("person", "a", {"name": "Hoa"})
    for sql in (
        "UPDATE r_person SET name = 'x'",
        "DELETE FROM journal",
        "INSERT INTO meta VALUES ('a', 'b')",
        "CREATE TABLE x (y)",
        "DROP TABLE r_person",
    ):
        with pytest.raises(StoreUnwritable), desk.store.read() as cursor:
            cursor.execute(sql)
    assert desk.state("person", "a").values == {"name": "Hoa"}


def test_a_read_sees_one_state_while_others_write(desk):
    desk.write("person", "a", {"name": "1"})
    with desk.store.read() as cursor:
        cursor.execute("SELECT name FROM r_person")
        assert cursor.fetchone() == ("1",)
        writer = threading.Thread(target=desk.write, args=("person", "a", {"name": "2"}))
        writer.start()
        writer.join()
        cursor.execute("SELECT name FROM r_person")
        assert cursor.fetchone() == ("1",)
    assert desk.state("person", "a").values == {"name": "2"}


def test_making_tables_is_undone_with_its_transaction(desk):
    def interrupted():
        with desk.store._engines.write() as connection:
            connection.exec_driver_sql("CREATE TABLE half (x)")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        interrupted()
    assert desk.rows("SELECT 1 FROM sqlite_master WHERE name = 'half'") == []


def test_no_error_text_holds_a_value(desk):
    sql = "INSERT INTO meta VALUES (?, ?)"
    with desk.store._engines.write() as connection:
        connection.exec_driver_sql(sql, (MARKER, MARKER))
        with pytest.raises(IntegrityError) as caught:
            connection.exec_driver_sql(sql, (MARKER, MARKER))
    assert MARKER not in "".join(traceback.format_exception(caught.value))
    assert "hidden" in str(caught.value)
    with desk.store.work() as work, pytest.raises(sqlcipher.IntegrityError) as caught:
        work.cursor.execute(sql, (MARKER, MARKER))
    assert MARKER not in "".join(traceback.format_exception(caught.value))


def test_nothing_readable_reaches_the_disk(tmp_path, desk, monkeypatch):
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    for number in range(300):
        desk.write("note", f"n{number}", {"case": "k0", "text": f"{MARKER} {number} " * 10})
    # A sort too large for the cache would spill into a file if it could.
    desk.rows("SELECT a.body FROM journal a, journal b ORDER BY a.body || b.seq LIMIT 5")
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        assert MARKER.encode() not in content
        assert b"CREATE TABLE" not in content
    assert desk.path.read_bytes()[:16] != SQLITE_MAGIC


# --- the key -------------------------------------------------------------------------

DIGITS = b"5a" * 32


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        DIGITS,
        b"x'" + b"5a" * 31 + b"'",
        b"x'" + b"5a" * 31 + b"5'",
        b"x'" + b"5a" * 32 + b"5'",
        b"x'" + b"5a" * 33 + b"'",
        b"x'" + b"5a" * 48 + b"'",
        b"X'" + DIGITS + b"'",
        b"x'" + b"5A" * 32 + b"'",
        b"x'" + b"zz" * 32 + b"'",
        b" x'" + DIGITS + b"'",
        b"x'" + DIGITS + b"' ",
        b"x'" + DIGITS + b"'\n",
        b"x'" + DIGITS,
        b'x"' + DIGITS + b'"',
        b"'" + DIGITS + b"'",
        bytes(range(32)),
        b"x'" + b"5a" * 16 + b" " * 32 + b"'",
        b"password",
    ],
    ids=repr,
)
def test_only_the_one_form_of_a_raw_key_opens_or_makes_a_file(tmp_path, closed, raw):
    given = bytearray(raw)
    for path in (closed, tmp_path / "new.db"):
        with pytest.raises(ValueError, match="not a raw key"):
            connect(path, lambda: given)
    assert not (tmp_path / "new.db").exists()
    assert not any(given), "the buffer is wiped even when it is refused"


@pytest.mark.parametrize(
    "raw", [RAW, RAW.decode(), None, 5, memoryview(RAW)], ids=lambda v: type(v).__name__
)
def test_a_key_that_cannot_be_wiped_is_refused(tmp_path, raw):
    with pytest.raises(ValueError, match="not a raw key"):
        connect(tmp_path / "new.db", lambda: raw)
    assert not (tmp_path / "new.db").exists()


def test_the_buffer_of_the_key_is_wiped_after_each_opening(closed):
    given = []

    def source():
        given.append(key())
        return given[-1]

    store = Store(closed, source, REGISTRY, "c0")
    store.open()
    with store.work() as work:
        work.log("2026-11-21T20:40+07:00", OFFICER, "x", "y")
    store.check()
    store.close()
    assert len(given) >= 3
    assert not any(any(buffer) for buffer in given)


def test_a_new_file_is_never_plain_nor_under_a_passphrase(closed):
    assert closed.read_bytes()[:16] != SQLITE_MAGIC
    plain = sqlcipher.connect(str(closed))
    with pytest.raises(sqlcipher.DatabaseError):
        plain.execute("SELECT count(*) FROM sqlite_master")
    plain.close()
    passphrase = sqlcipher.connect(str(closed))
    passphrase.execute("PRAGMA key = '" + DIGITS.decode() + "'")
    with pytest.raises(sqlcipher.DatabaseError):
        passphrase.execute("SELECT count(*) FROM sqlite_master")
    passphrase.close()
    connect(closed, key).close()


def refuses_to_open(path, source=key):
    """Opening says so in words, leaves the file as it is and can be closed."""
    before = path.read_bytes() if path.exists() else None
    store = Store(path, source, REGISTRY, "c0")
    with pytest.raises(StoreUnreadable) as caught:
        store.open()
    store.close()
    assert str(caught.value)
    assert (path.read_bytes() if path.exists() else None) == before
    return caught.value


def test_a_wrong_key_is_told_and_changes_nothing(closed):
    refuses_to_open(closed, other_key)
    with pytest.raises(StoreUnreadable):
        check(closed, other_key)
    assert sorted(closed.parent.iterdir()) == [closed]


def test_a_plain_database_is_refused(tmp_path):
    path = tmp_path / "plain.db"
    plain = sqlcipher.connect(str(path))
    plain.execute("CREATE TABLE meta (key, value)")
    plain.commit()
    plain.close()
    refuses_to_open(path)


def test_a_missing_or_empty_file_is_not_quietly_made_anew(tmp_path):
    path = tmp_path / "vault.db"
    refuses_to_open(path)
    path.touch()
    refuses_to_open(path)
    with pytest.raises(StoreUnreadable):
        check(path, key)
    with pytest.raises(StoreUnreadable):
        check(tmp_path / "none.db", key)
    assert list(tmp_path.iterdir()) == [path]
    path.unlink()
    Store(path, key, REGISTRY, "c0").close()
    assert not path.exists(), "closing what was never opened makes nothing"
    make(path).close()
    store = Store(path, key, REGISTRY, "c0")
    store.open()
    store.close()


def damaged(path):
    """Open, check and read everything; only words for the officer may come of it."""
    store = Store(path, key, REGISTRY, "c0")
    try:
        store.open()
        store.check()
        store.rebuild()
        with store.read() as cursor:
            for record_type in REGISTRY:
                cursor.execute(f"SELECT * FROM r_{record_type.name}")
                cursor.fetchall()
    except StoreError as error:
        return type(error) if str(error) else None
    finally:
        store.close()
    return None


def test_a_truncated_file_is_told(closed, tmp_path):
    content = closed.read_bytes()
    size = len(content)
    lengths = {1, 15, 16, 100, 4095, 4096, 4097, size // 2, size - 4096, size - 1}
    for length in sorted(lengths):
        path = tmp_path / f"cut{length}.db"
        path.write_bytes(content[:length])
        assert damaged(path) is StoreUnreadable, length


def test_a_flipped_bit_anywhere_is_told(closed, tmp_path):
    content = closed.read_bytes()
    rng = random.Random(5)
    pages = len(content) // 4096
    places = [rng.randrange(page * 4096, page * 4096 + 4096) for page in range(pages)]
    chosen = [*places[:4], *rng.sample(places, 26)]
    path = tmp_path / "flipped.db"
    for place in chosen:
        flipped = bytearray(content)
        flipped[place] ^= 1 << rng.randrange(8)
        path.write_bytes(flipped)
        assert damaged(path) is StoreUnreadable, place


def test_pages_in_another_place_are_told(closed, tmp_path):
    content = closed.read_bytes()
    one, two = content[4096 * 5 : 4096 * 6], content[4096 * 9 : 4096 * 10]
    assert one != two
    swapped = content[: 4096 * 5] + two + content[4096 * 6 : 4096 * 9] + one + content[4096 * 10 :]
    path = tmp_path / "swapped.db"
    path.write_bytes(swapped)
    assert damaged(path) is StoreUnreadable


def test_a_file_of_a_newer_program_is_left_untouched(closed):
    connection = connect(closed, key)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = closed.read_bytes()
    called = []
    store = Store(closed, key, REGISTRY, "c0")
    with pytest.raises(StoreNewer) as caught:
        store.open(before_migration=lambda: called.append(1))
    store.close()
    assert str(caught.value)
    assert not called
    assert closed.read_bytes() == before


def test_a_folder_that_does_not_exist_is_an_error_in_words(tmp_path):
    with pytest.raises(StoreUnwritable):
        connect(tmp_path / "no" / "such.db", key)


def test_a_mistake_in_sql_is_not_shown_as_a_broken_disk(desk):
    with pytest.raises(sqlcipher.OperationalError), desk.store.read() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    with pytest.raises(OperationalError), desk.store._engines.read() as connection:
        connection.exec_driver_sql("SELECT nothing FROM nowhere")
    assert issubclass(OperationalError, DBAPIError)


def test_every_error_of_the_store_speaks_to_people():
    from traffick_desk.store import errors

    found = [
        cls
        for _name, cls in inspect.getmembers(errors, inspect.isclass)
        if issubclass(cls, StoreError) and cls is not StoreError
    ]
    assert len(found) >= 6
    assert len({str(cls()) for cls in found}) == len(found)


# --- backup ----------------------------------------------------------------------------


def test_a_backup_is_encrypted_whole_and_opens(desk, tmp_path):
    desk.write("person", "a", {"name": MARKER})
    target = tmp_path / "backup.db"
    desk.store.backup(target)
    assert MARKER.encode() not in target.read_bytes()
    assert {p.name for p in tmp_path.iterdir()} - {"c0.db", "c0.db-wal", "c0.db-shm"} == {
        "backup.db"
    }
    copy = Store(target, key, REGISTRY, "c0")
    copy.open()
    with copy.read() as cursor:
        cursor.execute("SELECT name FROM r_person")
        assert cursor.fetchall() == [(MARKER,)]
    copy.close()
    desk.write("person", "a", {"name": "later"})
    desk.store.backup(target)
    check(target, key)


def test_a_backup_that_fails_leaves_the_one_before(desk, tmp_path, monkeypatch):
    target = tmp_path / "backup.db"
    desk.store.backup(target)
    before = target.read_bytes()

    def refuse(path, source):
        raise StoreUnreadable

    monkeypatch.setattr("traffick_desk.store.copies.check", refuse)
    with pytest.raises(StoreUnreadable):
        desk.store.backup(target)
    assert target.read_bytes() == before
    assert not list(tmp_path.glob("*.part*"))


def test_what_is_no_backup_of_ours_is_replaced_only_by_a_proven_one(desk, tmp_path):
    target = tmp_path / "backup.db"
    target.write_bytes(b"something else")
    desk.store.backup(target)
    check(target, key)
    with pytest.raises(StoreError):
        desk.store.backup(tmp_path / "no such folder" / "backup.db")


def test_a_backup_is_made_while_others_write(desk, tmp_path):
    stop = threading.Event()
    failures = []

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            try:
                desk.write("person", f"p{number % 5}", {"name": str(number)})
            except BaseException as error:
                failures.append(error)
                return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            desk.store.backup(tmp_path / f"b{number}.db")
    finally:
        stop.set()
        writer.join()
    assert not failures


# --- threads -----------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [3, pytest.param(600, marks=pytest.mark.slow)])
def test_twelve_threads_read_and_write_without_an_error(desk, tmp_path, seconds):
    failures: list[BaseException] = []
    until = time.monotonic() + seconds
    done = [0, 0]

    def work(number):
        rng = random.Random(number)
        try:
            while time.monotonic() < until:
                if rng.random() < 0.4:
                    desk.write("person", f"p{number}", {"name": str(rng.random())})
                    done[0] += 1
                else:
                    with desk.store.read() as cursor:
                        cursor.execute("SELECT count(*) FROM journal")
                        first = cursor.fetchone()
                        cursor.execute("SELECT count(*) FROM journal")
                        assert cursor.fetchone() == first
                    done[1] += 1
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert min(done) > 20
    desk.store.check()
    assert desk.rows("SELECT count(*) FROM journal") == [(done[0],)]
    before = desk.tables()
    desk.store.rebuild()
    assert desk.tables() == before


def test_a_copy_of_the_file_can_be_opened_beside_it(closed, tmp_path):
    shutil.copyfile(closed, tmp_path / "copy.db")
    engines = Engines(tmp_path / "copy.db", key)
    schema.bring_up(engines, REGISTRY, lambda _cursor: None)
    engines.close()
    engines.close()


def test_an_encrypted_file_without_our_tables_is_refused(tmp_path):
    path = tmp_path / "other.db"
    connection = connect(path, key)
    connection.execute("CREATE TABLE x (y)")
    connection.execute("INSERT INTO x VALUES (zeroblob(9000))")
    connection.close()
    refuses_to_open(path)
