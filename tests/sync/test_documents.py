"""Documents between desks: chunked, checked on arrival, asked for, lost on the way, never lost."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pytest
import uuid6

from services import documents_world as files
from sync.craft import manifest
from sync.desks import AT, Country, Desk, raw_key
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.records.document import DOCUMENT
from traffick_desk.domain.spine import Registry
from traffick_desk.store import documents
from traffick_desk.store.errors import DocumentElsewhere
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Store
from traffick_desk.sync import bundle as bundle_module
from traffick_desk.sync import documents as traffic
from traffick_desk.sync import export, links, scope
from traffick_desk.sync.bundle import plain_bytes, seal
from traffick_desk.sync.parts import pack

assert "digest" in DOCUMENT.by_name


def add(desk: Desk, case: str, content: bytes, *, name: bytes | None = None) -> str:
    """A record and its bytes; *name*: the record names the digest of other bytes."""
    record = str(uuid6.uuid7())
    named = content if name is None else name
    values = {
        "case": case, "kind": "photo", "media": "jpeg", "size": len(named),
        "digest": documents.digest_of(named), "pages": 1,
    }  # fmt: skip
    with desk.store.work() as work:
        documents.keep(work.cursor, content)
        work.journal.write(Edit("document", record, values), "o", case)
    return documents.digest_of(named)


def read(desk: Desk, digest: str) -> bytes | None:
    with desk.store.read() as cursor:
        try:
            return documents.read(cursor, digest)
        except DocumentElsewhere:
            return None


def send(sender: Desk, receiver: Desk, **options: object) -> list:
    """Everything the sender makes is carried and taken in."""
    reports = []
    for made in sender.make(receiver, **options):
        export.mark_carried(sender.store, made, at=AT)
        reports.append(receiver.take(made.data))
        assert reports[-1].outcome == "applied", reports[-1]
    return reports


def acquainted(land: Country, desk: Desk | None = None) -> None:
    """Each side knows which formats the other reads."""
    desk = desk or land.a
    send(desk, land.province)
    send(land.province, desk)


PHOTO = files.jpeg(1_600, 1_200, quality=95)
SCAN = files.pdf(2, text="Giấy" * 30)


def test_a_document_follows_its_record_and_is_the_same(land: Country) -> None:
    acquainted(land)
    case = land.a.open_case()
    digest, other = add(land.a, case, PHOTO), add(land.a, case, SCAN)
    assert len(PHOTO) > 2 * documents.PIECE
    reports = send(land.a, land.province)
    assert [r.documents for r in reports] == [0, 2]
    assert read(land.province, digest) == PHOTO
    assert read(land.province, other) == SCAN
    # Nothing is carried twice, and nothing is carried back.
    assert [m.documents for m in land.a.make(land.province)] == [0]
    assert [m.documents for m in land.province.make(land.a)] == [0]


def test_to_an_older_program_only_the_record_goes_and_the_bytes_follow_later(land: Country) -> None:
    case = land.a.open_case()
    digest = add(land.a, case, PHOTO)
    # It has not said yet that it reads documents.
    (made,) = land.a.make(land.province)
    export.mark_carried(land.a.store, made, at=AT)
    assert land.province.take(made.data).outcome == "applied"
    assert read(land.province, digest) is None
    assert land.province.ask("SELECT digest FROM r_document") == [(digest,)]
    # Now it does: what it lacks follows.
    send(land.province, land.a)
    assert [r.documents for r in send(land.a, land.province)] == [0, 1]
    assert read(land.province, digest) == PHOTO


def test_an_older_program_takes_the_records_in_and_shows_them_after_its_update(
    land: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A province whose program knows neither the record type nor format 2 (I5)."""
    send(land.a, land.province)
    old = Registry(tuple(t for t in REGISTRY if t.name != "document"))
    land.province.store.close()
    land.province.store = Store(land.province.path, raw_key, old, "p")
    land.province.store.open()
    case = land.a.open_case()
    digest = add(land.a, case, PHOTO)
    with monkeypatch.context() as patched:
        patched.setattr(bundle_module, "FORMAT", 1)
        (made,) = land.a.make(land.province)
        assert land.province.take(made.data).outcome == "applied"
    land.province.store.close()
    land.province.store = Store(land.province.path, raw_key, REGISTRY, "p")
    land.province.store.open()
    assert land.province.ask("SELECT digest FROM r_document") == [(digest,)]


def test_without_documents_they_stay_until_they_are_asked_for(land: Country) -> None:
    acquainted(land)
    case = land.a.open_case()
    digest, other = add(land.a, case, PHOTO), add(land.a, case, SCAN)
    assert [r.documents for r in send(land.a, land.province, most_documents=0)] == [0]
    assert read(land.province, digest) is None
    with land.province.store.work() as work:
        work.cursor.execute("INSERT INTO document_asked VALUES ('', ?, ?)", (digest, AT))
    send(land.province, land.a)
    # What was asked for goes even when no others do.
    assert [r.documents for r in send(land.a, land.province, most_documents=0)] == [0, 1]
    assert read(land.province, digest) == PHOTO
    assert read(land.province, other) is None
    assert land.province.ask("SELECT * FROM document_asked") == []
    assert land.a.ask("SELECT * FROM document_asked") == []
    assert send(land.a, land.province)[-1].documents == 1
    assert read(land.province, other) == SCAN


def test_a_small_line_takes_a_document_piece_by_piece(land: Country) -> None:
    acquainted(land)
    case = land.a.open_case()
    digest = add(land.a, case, PHOTO)
    rounds = 0
    while read(land.province, digest) is None:
        send(land.a, land.province, most_documents=documents.PIECE)
        with land.province.store.read() as cursor:
            held = documents.states(cursor, [digest])[digest]
        rounds += 1
        assert held.have <= rounds * documents.PIECE
    assert rounds == documents.pieces_of(len(PHOTO))


def test_many_are_cut_into_bundles_that_do_not_wait_for_each_other(
    land: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traffic, "IN_ONE", 3 * documents.PIECE)
    acquainted(land)
    case = land.a.open_case()
    contents = [files.jpeg(1_600, 1_200, quality=95, seed=n) for n in range(3)]
    digests = [add(land.a, case, content) for content in contents]
    made = land.a.make(land.province)
    assert len(made) > 3
    # The second of those with documents is lost; the last comes first.
    for one in (made[0], *reversed(made[3:]), made[1]):
        export.mark_carried(land.a.store, one, at=AT)
        assert land.province.take(one.data).outcome in {"applied", "already"}
    assert [read(land.province, d) for d in digests] != contents
    # The province names what it has; the next export heals the rest.
    send(land.province, land.a)
    again = land.a.make(land.province)
    assert sum(m.documents for m in again) <= 2
    for one in again:
        land.province.take(one.data)
    assert [read(land.province, d) for d in digests] == contents


def test_taking_in_again_changes_nothing(land: Country) -> None:
    acquainted(land)
    case = land.a.open_case()
    add(land.a, case, PHOTO)
    made = land.a.make(land.province)
    for one in made:
        land.province.take(one.data)
    before = land.province.dump()
    for one in (*made, *reversed(made)):
        assert land.province.take(one.data).outcome == "already"
    assert land.province.dump() == before


def test_documents_before_their_records_wait(land: Country) -> None:
    acquainted(land)
    case = land.a.open_case()
    digest = add(land.a, case, PHOTO)
    first, second = land.a.make(land.province)
    assert land.province.take(second.data).outcome == "waiting"
    assert read(land.province, digest) is None
    report = land.province.take(first.data)
    assert (report.outcome, report.documents) == ("applied", 1)
    assert read(land.province, digest) == PHOTO


def test_bytes_that_are_not_what_the_record_says_are_dropped(land: Country) -> None:
    acquainted(land)
    case = land.a.open_case()
    digest = add(
        land.a, case, b"other bytes of the same size...", name=b"what the record speaks of: this"
    )
    with land.a.store.work() as work:
        # A desk that lies, or whose disk did: other bytes under that digest.
        work.cursor.execute("UPDATE document_bytes SET digest = ?", (digest,))
        work.cursor.execute("UPDATE document_piece SET digest = ?", (digest,))
    reports = send(land.a, land.province)
    assert (reports[-1].documents, reports[-1].refused_documents) == (0, 1)
    assert read(land.province, digest) is None
    assert land.province.ask("SELECT * FROM document_piece") == []


def crafted(land: Country, items: list[bytes], sender: Desk | None = None) -> bytes:
    """A well-sealed bundle of documents with whatever inside, after all that was sent."""
    desk = sender or land.a
    with desk.store.work() as work:
        link = links.load(work.cursor, "p")
        heads = links.own_heads(work.cursor, desk.device, 1 << 40)
    packed = [pack("certificates", ()), pack("changes", ()), pack("documents", items)]
    made = manifest(
        desk.device, "p", number=link.sent_number + 1, after=link.sent_number,
        previous=link.sent_digest, heads=heads, seen=link.seen,
        parts=tuple(info for info, _data in packed), format=2,
    )  # fmt: skip
    plain = plain_bytes(made, (data for _info, data in packed), desk.keys)
    return seal(plain, land.province.keys.recipient)


def piece(digest: str, size: int, number: int, body: bytes) -> bytes:
    return struct.pack(">B32sQI", 1, bytes.fromhex(digest), size, number) + body


def bad_items(land: Country) -> Iterator[tuple[str, bytes]]:
    case = land.a.open_case()
    digest = add(land.a, case, PHOTO)
    whole = documents.PIECE
    yield "no record", piece("ab" * 32, 5, 0, b"12345")
    yield "another size", piece(digest, len(PHOTO) + 1, 0, PHOTO[:whole])
    yield "huge", piece(digest, 1 << 60, 0, PHOTO[:whole])
    yield "number", piece(digest, len(PHOTO), 1 << 31, PHOTO[:whole])
    yield "short", piece(digest, len(PHOTO), 0, PHOTO[:100])
    yield "long", piece(digest, len(PHOTO), 0, PHOTO[: whole + 1])
    yield "empty", piece(digest, len(PHOTO), 0, b"")
    yield "kind", b"\x09" + bytes(60)
    yield "cut", b"\x01\x02"
    yield "ask cut", b"\x02" + bytes(5)


def test_items_of_no_honest_desk_are_left_out_and_counted(land: Country) -> None:
    acquainted(land)
    found = list(bad_items(land))
    send(land.a, land.province, most_documents=0)
    before = land.province.ask("SELECT * FROM document_piece")
    report = land.province.take(crafted(land, [item for _name, item in found]))
    assert (report.outcome, report.refused_documents) == ("applied", len(found))
    assert land.province.ask("SELECT * FROM document_piece") == before


def test_a_commune_cannot_fish_for_documents_of_another_one(land: Country) -> None:
    acquainted(land)
    acquainted(land, land.b)
    case = land.b.open_case()
    digest = add(land.b, case, SCAN)
    send(land.b, land.province)
    assert read(land.province, digest) == SCAN
    report = land.province.take(crafted(land, [b"\x02" + bytes.fromhex(digest)]))
    assert report.outcome == "applied"
    assert land.province.ask("SELECT * FROM document_asked") == []
    with land.a.store.work() as work:
        work.cursor.execute("UPDATE link SET sent_number = sent_number + 1")
    assert sum(m.documents for m in land.province.make(land.a)) == 0


def test_a_commune_cannot_bring_bytes_for_the_case_of_another_one(land: Country) -> None:
    acquainted(land)
    case = land.b.open_case()
    digest = add(land.b, case, SCAN)
    acquainted(land, land.b)
    with land.province.store.work() as work:
        documents.forget(work.cursor, digest)
    report = land.province.take(crafted(land, [piece(digest, len(SCAN), 0, SCAN)]))
    assert report.refused_documents == 1
    assert read(land.province, digest) is None


def test_a_referred_case_takes_its_documents_along_and_no_others(land: Country) -> None:
    for desk in (land.a, land.b):
        acquainted(land, desk)
    case, other = land.a.open_case(), land.a.open_case("Trần Thị Bình")
    digest, secret = add(land.a, case, PHOTO), add(land.a, other, SCAN)
    send(land.a, land.province)
    with land.province.store.work() as work:
        scope.share_case(work.cursor, "b", case)
    send(land.province, land.b)
    assert read(land.b, digest) == PHOTO
    assert read(land.b, secret) is None


def test_changes_beside_documents_are_refused(land: Country) -> None:
    from dataclasses import replace

    acquainted(land)
    packed = [pack("certificates", ()), pack("changes", [b"{}"]), pack("documents", [])]
    with land.a.store.work() as work:
        link = links.load(work.cursor, "p")
    made = manifest(
        "a", "p", number=link.sent_number + 1, after=0, previous=link.sent_digest,
        parts=tuple(info for info, _data in packed), format=2,
    )  # fmt: skip
    data = seal(
        plain_bytes(made, (d for _i, d in packed), land.a.keys), land.province.keys.recipient
    )
    report = land.province.take(data)
    assert (report.outcome, report.code) == ("refused", "manifest: changes beside documents")
    older = replace(made, format=1)
    data = seal(
        plain_bytes(older, (d for _i, d in packed), land.a.keys), land.province.keys.recipient
    )
    assert land.province.take(data).code == "manifest: parts"


def test_a_voided_document_is_not_sent_unasked(land: Country) -> None:
    from traffick_desk.store.changes import VOID

    acquainted(land)
    case = land.a.open_case()
    digest = add(land.a, case, PHOTO)
    ((record,),) = land.a.ask("SELECT id FROM r_document")
    land.a.edit("document", record, case, **{VOID: "nhầm người"})
    send(land.a, land.province)
    assert read(land.province, digest) is None


def test_the_link_says_how_much_is_still_to_be_sent(land: Country) -> None:
    acquainted(land)
    case = land.a.open_case()
    add(land.a, case, PHOTO)

    def waiting() -> tuple[int, int]:
        with land.a.store.read() as cursor:
            (view,) = links.views(cursor, "a")
        return view.documents, view.document_size

    assert waiting() == (1, len(PHOTO))
    send(land.a, land.province, most_documents=documents.PIECE)
    assert waiting() == (1, len(PHOTO) - documents.PIECE)
    send(land.a, land.province)
    assert waiting() == (0, 0)


@pytest.mark.parametrize("at", range(6))
def test_a_failure_while_taking_in_leaves_nothing_half_done(
    land: Country, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    acquainted(land)
    case = land.a.open_case()
    digest = add(land.a, case, PHOTO)
    changes, bytes_of_it = land.a.make(land.province)
    land.province.take(changes.data)
    before = land.province.dump()
    real, calls = traffic._piece, iter(range(100))

    def failing(*arguments: object) -> str:
        if next(calls) == at:
            raise OSError("power")
        return real(*arguments)

    monkeypatch.setattr(traffic, "_piece", failing)
    pieces = documents.pieces_of(len(PHOTO))
    if at < pieces:
        with pytest.raises(OSError, match="power"):
            land.province.take(bytes_of_it.data)
        assert land.province.dump() == before
        monkeypatch.setattr(traffic, "_piece", real)
    land.province.take(bytes_of_it.data)
    assert read(land.province, digest) == PHOTO
