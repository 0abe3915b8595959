"""Erasing on order: nothing readable is left, chains fit, any order of arrival gives the same."""

from __future__ import annotations

import random

import pytest

from store.desks import RAW, Desk
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store import audit, documents, erasure, search
from traffick_desk.store.chain import verify_chain
from traffick_desk.store.changes import Change, digest, is_tombstone, link_chain, tombstone
from traffick_desk.store.journal_errors import Equivocation
from traffick_desk.vault.pages import decrypted

SECRET = "Zyxwvutsrq"
WORDS = (b"Zyxwvutsrq", b"zyxwvutsrq", b"0987654321", b"qqwxyzword")
ORDER = {"unit": "2025/06040", "ground": "person", "ordered_on": "2026-11-21"}


@pytest.fixture
def desks(tmp_path):
    made = [Desk(tmp_path, name) for name in ("c0", "p0", "p1")]
    yield made
    for desk in made:
        desk.close()


def fill(desk, case="k0", name=SECRET):
    desk.write("case", case, {"file_no": f"TD-{case}", "unit": "2025/06040"}, case)
    person = f"p-{case}"
    desk.write("person", person, {"case": case, "role": "main", "name": name}, case)
    desk.write("person", person, {"phone": "0987654321"}, case)
    desk.write("note", f"n-{case}", {"case": case, "text": "qqwxyzword " * 2_000}, case)
    desk.write("note", f"n-{case}", {"text": "short"}, case)


def order(desk, case="k0"):
    return desk.write("erasure", f"e-{case}", {"case": case, **ORDER}, case)


def left_in(desk) -> set[bytes]:
    """Which of the secret words any page of the file still holds."""
    desk.store.close()
    raw = bytes.fromhex(RAW[2:66].decode())
    content = b"".join(decrypted(desk.path, raw))
    found = {word for word in WORDS if word in content}
    desk.open()
    return found


def chain_of(desk, device):
    """What a peer would compute from the bodies it is sent."""
    chain = bytes(32)
    for body in desk.bodies(device=device):
        chain = link_chain(chain, body)
    return chain


def test_the_words_are_in_the_pages_before_and_nowhere_after(desks):
    commune, province, _other = desks
    fill(commune)
    fill(commune, "k1", "Nobody")
    assert left_in(commune) == set(WORDS), "else the search proves nothing"
    province.take(commune.bodies())
    order(province)
    assert left_in(province) == {b"0987654321", b"qqwxyzword"}, "those of the other case alone"
    commune.take(province.bodies(device="p0"))
    assert left_in(commune) == {b"0987654321", b"qqwxyzword"}
    for desk in (commune, province):
        assert desk.rows("SELECT id FROM r_case") == [("k1",)]
        assert desk.rows("SELECT case_id FROM case_row") == [("k1",)]
        assert desk.rows("SELECT case_id FROM search_doc") == [("k1",)]
        with desk.store.read() as cursor:
            assert search.find(cursor, SECRET, 5) == []
            assert len(search.find(cursor, "Nobody", 5)) == 1
            assert erasure.without_order(cursor) == []
        desk.store.check()


def test_chains_of_hashes_fit_as_before(desks):
    commune, province, _other = desks
    fill(commune)
    before = chain_of(commune, "c0")
    province.take(commune.bodies())
    order(province)
    commune.take(province.bodies(device="p0"))
    assert chain_of(commune, "c0") == chain_of(province, "c0") == before
    for desk in (commune, province):
        with desk.store.read() as cursor:
            assert verify_chain(cursor, desk.device) is None
            assert audit.first_mismatch(cursor) is None
    assert province.rows("SELECT action, object FROM audit")[-1] == ("case.erased", "k0")
    # The chain goes on: what is written next builds on what was erased.
    fill(commune, "k1", "Nobody")
    with commune.store.read() as cursor:
        assert verify_chain(cursor, "c0") is None


def test_any_order_of_arrival_and_a_rebuild_give_the_same_tables(desks, tmp_path):
    commune, province, other = desks
    fill(commune)
    fill(commune, "k1", "Nobody")
    originals = commune.bodies()
    other.take(originals)
    other.write("person", "p-k0", {"name": "Changed"}, "k0")
    province.take(originals)
    order(province)
    everything = originals + other.bodies(device="p1") + province.bodies(device="p0")
    everything += [b for b in province.bodies() if is_tombstone(b)]
    commune.take(everything)
    expected = commune.tables()
    chance = random.Random(20261128)
    for turn in range(12):
        folder = tmp_path / str(turn)
        folder.mkdir()
        desk = Desk(folder, "p9" if turn % 2 else "c9")
        mixed = everything + chance.sample(everything, 5)
        chance.shuffle(mixed)
        cut = chance.randrange(len(mixed))
        desk.take(mixed[:cut])
        desk.take(mixed[cut:])
        assert desk.tables() == expected
        desk.store.rebuild()
        assert desk.tables() == expected
        assert desk.rows("SELECT * FROM replaced_ahead") == []
        held = {Change.decode(b).ref: is_tombstone(b) for b in desk.bodies()}
        assert all(held[Change.decode(b).ref] for b in originals if Change.decode(b).case == "k0")
        desk.close()


def test_nothing_can_be_written_into_an_erased_case(desks):
    _commune, province, _other = desks
    fill(province)
    order(province)
    with pytest.raises(erasure.CaseErased):
        province.write("note", "n2", {"case": "k0", "text": "again"})
    assert order(province) is None, "the same order once more changes nothing"


def test_an_order_of_a_commune_does_not_take_effect(desks):
    _commune, province, _other = desks
    fill(province)
    change = Change("c0", 1, Change.decode(province.bodies()[0]).stamp, "0f" * 8, "erasure", "e1",
                    "k0", {"case": "k0", **ORDER}, {})  # fmt: skip
    province.take([change.encode()])
    assert province.rows("SELECT id FROM r_case") == [("k0",)]
    assert left_in(province) == set(WORDS)


def test_what_is_only_said_to_be_erased_comes_back_when_the_original_arrives(desks):
    commune, province, _other = desks
    fill(commune)
    originals = commune.bodies()
    false = [tombstone(Change.decode(body), body) for body in originals]
    province.take(false)
    with province.store.read() as cursor:
        assert len(erasure.without_order(cursor)) == len(originals)
    assert province.take(originals).new == len(originals)
    assert province.tables()["r_person"] == commune.tables()["r_person"]
    with province.store.read() as cursor:
        assert erasure.without_order(cursor) == []
    assert province.take(false).new == 0
    assert province.tables()["r_person"] == commune.tables()["r_person"]


def test_a_tombstone_of_something_else_is_an_equivocation(desks):
    commune, province, _other = desks
    fill(commune)
    originals = commune.bodies()
    province.take(originals)
    first, second = (Change.decode(body) for body in originals[:2])
    forged = Change(first.device, first.seq, first.stamp, "-", "!erased",
                    digest(originals[1]).hex(), first.case, {"erased": True}, {})  # fmt: skip
    with pytest.raises(Equivocation):
        province.take([forged.encode()])
    assert second.case == "k0"


def test_documents_drafts_and_what_was_remembered_go_too(desks):
    _commune, province, _other = desks
    fill(province)
    own, shared = b"of this case alone " * 50, b"of two cases " * 50
    with province.store.work() as work:
        for content in (own, shared):
            documents.keep(work.cursor, content)
        work.cursor.execute(
            "INSERT INTO draft VALUES ('d', 'k0', 'x', 'Zyxwvutsrq', '2026-11-21T20:40+07:00')"
        )
        work.cursor.execute("INSERT INTO seen VALUES ('n-k0', '2026-11-21')")
    for case, content in (("k0", own), ("k0", shared), ("k1", shared)):
        named = documents.digest_of(content)
        province.write(
            "document", f"{case}-{named[:6]}",
            {"case": case, "digest": named, "size": len(content), "title": "t"}, case,
        )  # fmt: skip
    order(province)
    with province.store.read() as cursor:
        assert documents.states(cursor, [documents.digest_of(own)]) == {}
        assert documents.read(cursor, documents.digest_of(shared)) == shared
    assert province.rows("SELECT * FROM draft") == []
    assert province.rows("SELECT * FROM seen") == []


def test_an_order_kept_by_an_older_version_takes_effect_after_the_upgrade(tmp_path, desks):
    commune, province, _other = desks
    fill(commune)
    province.take(commune.bodies())
    order(province)
    older = type(REGISTRY)(tuple(t for t in REGISTRY if t.name != "erasure"))
    folder = tmp_path / "older"
    folder.mkdir()
    desk = Desk(folder, "c9", older)
    desk.take(province.bodies(device="p0"))
    desk.take(_originals(tmp_path))
    assert desk.rows("SELECT count(*) FROM r_person") == [(1,)]
    desk.reopen(REGISTRY)
    assert desk.rows("SELECT count(*) FROM r_person") == [(0,)]
    assert left_in(desk) == set()
    desk.close()


def _originals(tmp_path) -> list[bytes]:
    folder = tmp_path / "again"
    folder.mkdir()
    desk = Desk(folder, "c1")
    fill(desk)
    found = desk.bodies()
    desk.close()
    return found


def test_a_sweep_that_was_cut_short_is_done_at_the_next_opening(desks, monkeypatch):
    _commune, province, _other = desks
    fill(province)
    monkeypatch.setattr(province.store, "_sweep", lambda: False)
    order(province)
    assert province.rows("SELECT key FROM meta WHERE key = 'erasure:sweep'") != []
    province.reopen()
    assert province.rows("SELECT key FROM meta WHERE key = 'erasure:sweep'") == []
    assert left_in(province) == set()


def test_a_record_that_was_moved_keeps_what_it_has_from_the_other_case(desks):
    _commune, province, other = desks
    fill(province)
    fill(province, "k1", "Nobody")
    province.write("note", "n-k0", {"case": "k1"}, "k1")
    province.write("note", "n-k1", {"case": "k0", "text": "gone"}, "k0")
    order(province)
    after = province.tables()
    assert [row[:2] for row in after["r_note"]] == [("n-k0", "k1"), ("n-k1", "k1")]
    province.store.rebuild()
    assert province.tables() == after
    other.take(province.bodies())
    assert other.tables() == after
