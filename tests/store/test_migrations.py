"""Files of every version open with this one, and nothing in them is lost."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine
from sqlalchemy.schema import CreateIndex, CreateTable

from store.desks import NEWER, SIGHTING, Desk, key, make
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.spine import Field, Kind, Registry
from traffick_desk.store import audit, schema
from traffick_desk.store.chain import verify_chain
from traffick_desk.store.changes import VOID, WHOLE, Change
from traffick_desk.store.errors import StoreUnreadable
from traffick_desk.store.following import Following
from traffick_desk.store.store import Store
from traffick_desk.store.tables import derived, fingerprint, fixed, record_tables

FIXTURES = Path(__file__).parent / "fixtures"
FILES = sorted(FIXTURES.glob("v*.db"))
MIGRATIONS = Path(schema.__file__).parent / "migrations" / "versions"


@pytest.fixture
def fresh(tmp_path):
    store = make(tmp_path / "new.db")
    yield store
    store.close()


def statements(connection) -> dict[str, str]:
    """Every table, index and trigger of ours as SQL, with white space made even."""
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL "
        "AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_fts%' AND name != 'alembic_version'"
    ).fetchall()
    return {name: " ".join(sql.split()) for name, sql in rows}


def test_migrations_make_exactly_the_tables_that_the_code_describes(fresh):
    with fresh._engines.read() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_name": lambda name, kind, _parents: (
                    kind != "table"
                    or not name.startswith(("search_fts", "sqlite_", "r_", *derived.tables))
                ),
            },
        )
        assert compare_metadata(context, fixed) == []
        have = statements(connection)
    # The comparison does not see checks, AUTOINCREMENT and partial indexes: compare the SQL.
    other = create_engine("sqlite://")
    everything = {
        t.name: t for meta in (fixed, derived, record_tables(REGISTRY)) for t in meta.sorted_tables
    }
    for name, table in everything.items():
        assert _parts(have[name]) == _parts(str(CreateTable(table).compile(other))), name
        for index in table.indexes:
            wanted = " ".join(str(CreateIndex(index).compile(other)).split())
            assert have[index.name].replace('"', "") == wanted.replace('"', ""), index.name
    other.dispose()
    named = {i.name for t in everything.values() for i in t.indexes}
    triggers = {"audit_no_update", "audit_no_delete", "audit_only_appended"}
    assert set(have) == set(everything) | named | triggers


def _parts(sql: str) -> set[str]:
    sql = " ".join(sql.split())
    inside = sql[sql.index("(") + 1 : sql.rindex(")")]
    parts = {p.strip().replace('"', "") for p in re.split(r",(?![^(]*\))", inside)}
    return parts | {sql[sql.rindex(")") + 1 :].strip()}


def test_a_new_file_has_everything(fresh):
    with fresh.read() as cursor:
        cursor.execute("SELECT version_num FROM alembic_version")
        assert cursor.fetchall() == [(schema.HEAD,)]
        cursor.execute("SELECT value FROM meta WHERE key = 'spine'")
        assert cursor.fetchone() == (fingerprint(REGISTRY),)
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'search_fts'")
        assert "remove_diacritics 0" in cursor.fetchone()[0]
        cursor.execute("PRAGMA foreign_keys")
        assert cursor.fetchone() == (1,)


def test_the_versions_known_are_those_that_exist():
    names = sorted(p.stem.split("_")[0].removeprefix("v") for p in MIGRATIONS.glob("v*.py"))
    assert tuple(names) == schema.KNOWN
    assert names[-1] == schema.HEAD
    assert [p.stem for p in FILES] == [f"v{name}" for name in names], "a fixture for each version"


def test_opening_again_does_nothing(fresh):
    fresh.close()
    before = fresh.path.read_bytes()
    called = []
    again = Store(fresh.path, key, REGISTRY, "c0")
    again.open(before_migration=lambda: called.append(1))
    again.close()
    assert not called
    assert again.path.read_bytes() == before


def copied(name: Path, folder: Path, registry=REGISTRY, called=None) -> Store:
    path = folder / "vault.db"
    shutil.copyfile(name, path)
    store = Store(path, key, registry, "c0")
    store.open(
        before_migration=lambda: called.append(path.read_bytes()) if called is not None else 0
    )
    return store


COUNTS = {"journal": 17, "device": 6, "audit": 13, "draft": 1, "link": 1, "secret": 1}


@pytest.mark.parametrize("name", FILES, ids=lambda p: p.stem)
@pytest.mark.parametrize("registry", [REGISTRY, NEWER], ids=["same", "newer"])
def test_a_file_of_an_earlier_version_opens_with_all_its_data(tmp_path, name, registry):
    called: list[bytes] = []
    store = copied(name, tmp_path, registry, called)
    assert name.stat().st_size < 1_000_000
    if registry is NEWER:
        assert called == [name.read_bytes()], "the file as it was can be kept"
    with store.read() as cursor:
        for table, count in COUNTS.items():
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (count,), table
        cursor.execute("PRAGMA foreign_key_check")
        assert cursor.fetchall() == []
        assert audit.first_mismatch(cursor) is None
        assert verify_chain(cursor, "c0") is None
        cursor.execute("SELECT body FROM journal")
        for (body,) in cursor.fetchall():
            assert Change.decode(body).encode() == body
        cursor.execute("SELECT value FROM secret")
        assert cursor.fetchone() == (b"\x00\xff",)
        cursor.execute("SELECT sent_number, sent_pos FROM link")
        assert cursor.fetchone() == (3, 0)
        cursor.execute("SELECT case_id, name, conflicts FROM case_row ORDER BY 1")
        shown = cursor.fetchall()
        assert [row[0] for row in shown] == ["k0", "k1", "k2"]
        assert [row[2] for row in shown] == [1, 1, 1]
    with store.work() as work:
        state = work.journal.state
        assert set(state("person", "a0").heads["name"]) == {"c0.10", "p9.1"}
        assert state("person", "a2").values["languages"] == ["hmn", "vi"]
        assert len(state("status", "s1").heads[WHOLE]) == 2
        assert state("note", "n").voided == "nhập nhầm"
        assert state("entitlement_decision", "e").empty
        if registry is NEWER:
            assert state("person", "a0").values["nickname"] == "Bống"
            assert state("sighting", "v").values["where"] == "Lũng Cú"
    store.check()
    new = make(tmp_path / "new.db", registry)
    with store._engines.read() as mine, new._engines.read() as theirs:
        assert statements(mine) == statements(theirs), "made anew by fixtures/make.py?"
    new.close()
    desk = Desk.__new__(Desk)
    desk.store, desk.registry = store, registry
    before = (desk.tables(), desk.found("vang thi do", "bong", "td-1"))
    store.rebuild()
    assert (desk.tables(), desk.found("vang thi do", "bong", "td-1")) == before
    assert desk.write("person", "a0", {"sex": "female"}).seq == 13
    store.close()


def test_a_field_added_to_the_spine_is_a_column_and_keeps_the_data(tmp_path):
    desk = Desk(tmp_path, "c0")
    desk.write("person", "a", {"case": "k0", "name": "Hoa"})
    desk.write("person", "a", {VOID: "trùng"})
    desk.write("status", "s", {"case": "k0", "status": "victim"})
    before = desk.bodies()
    person = REGISTRY["person"]
    first, *rest = person.fields
    middle = Field("hair", Kind.TEXT, "Hair")
    changed = replace(person, fields=(first, middle, *reversed(rest)))
    registry = Registry((*(changed if t is person else t for t in REGISTRY), SIGHTING))
    assert fingerprint(registry) != fingerprint(REGISTRY)
    desk.reopen(registry)
    columns = [row[1] for row in desk.rows("PRAGMA table_info(r_person)")]
    assert columns == ["id", *(f.name for f in changed), "heads", "rivals", "voided"]
    assert desk.state("person", "a").values == {"case": "k0", "name": "Hoa"}
    assert desk.state("person", "a").voided == "trùng"
    assert desk.bodies() == before
    desk.write("person", "a", {"hair": "dài"})
    assert desk.rows("SELECT hair FROM r_person") == [("dài",)]
    assert {r[1] for r in desk.rows("PRAGMA index_list(r_person)")} >= {"ix_r_person_case"}
    desk.close()


def test_a_field_that_becomes_searchable_is_found_at_once(tmp_path):
    from traffick_desk.domain.spine import Search

    desk = Desk(tmp_path, "c0")
    desk.write("case", "k0", {"file_no": "TD-1"})
    desk.write("note", "n", {"case": "k0", "text": "Lũng Cú"})
    assert desk.found("lung cu") == {"lung cu": []}
    note = REGISTRY["note"]
    fields = tuple(replace(f, search=Search.TEXT) if f.name == "text" else f for f in note.fields)
    desk.reopen(Registry(tuple(replace(t, fields=fields) if t is note else t for t in REGISTRY)))
    assert desk.found("lung cu") == {"lung cu": [("k0", False)]}
    desk.close()


def test_an_update_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    desk = Desk(tmp_path, "c0")
    desk.write("person", "a", {"case": "k0", "name": "Hoa"})
    desk.close()
    before = desk.path.read_bytes()

    def fail(_following, cursor):
        cursor.execute("DELETE FROM journal")
        raise StoreUnreadable

    store = Store(desk.path, key, NEWER, "c0")
    monkeypatch.setattr(Following, "rebuild", fail)
    with pytest.raises(StoreUnreadable):
        store.open()
    with store.read() as cursor:
        cursor.execute("SELECT name FROM r_person")
        assert cursor.fetchall() == [("Hoa",)]
        cursor.execute("SELECT name FROM sqlite_master WHERE name = 'r_sighting'")
        assert cursor.fetchall() == []
    store.close()
    desk.open()
    assert desk.state("person", "a").values == {"case": "k0", "name": "Hoa"}
    desk.close()
    assert len(before) == desk.path.stat().st_size


def test_a_file_on_which_a_foreign_key_does_not_fit_is_not_taken_for_good(tmp_path):
    desk = Desk(tmp_path, "c0")
    with desk.store._engines.write() as connection:
        connection.exec_driver_sql("CREATE TABLE child (x REFERENCES r_person (id))")
    desk.store._engines.set_on_writer("foreign_keys", "0")
    with desk.store._engines.write() as connection:
        connection.exec_driver_sql("INSERT INTO child VALUES ('nobody')")
    desk.store._engines.set_on_writer("foreign_keys", "1")
    with pytest.raises(StoreUnreadable):
        desk.store.check()
    desk.close()
    with pytest.raises(StoreUnreadable):
        desk.open(NEWER)
    desk.close()


def test_record_tables_share_nothing_with_the_fixed_ones():
    assert not set(fixed.tables) & set(record_tables(NEWER).tables)
    assert isinstance(record_tables(REGISTRY), MetaData)
