"""Bundles that are whole and well signed, but not what they should be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.craft import as_device, change, craft, digest, manifest
from sync.desks import AT, UNIT_A, Country
from traffick_desk.store.audit import Head
from traffick_desk.store.changes import CHAIN_START, Change, link_chain
from traffick_desk.sync import enrolment
from traffick_desk.sync.certificate import Certificate, Public
from traffick_desk.sync.errors import BundleNewer, BundleRefused
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.sync.manifest import FORMAT, NO_DIGEST, Heads, Receipt
from traffick_desk.sync.reports import ImportReport

CASE = "01900000-0000-7000-8000-000000000001"


def heads(*changes: Change) -> Heads:
    chain = CHAIN_START
    for one in changes:
        chain = link_chain(chain, one.encode())
    return Heads(Head(len(changes), chain), Head(0, NO_DIGEST))


def refused(report: ImportReport, code: str) -> None:
    assert (report.outcome, report.code) == ("refused", code)
    assert report.message


@pytest.fixture
def untouched(land: Country):
    """The province's file is byte for byte what it was before."""
    before = land.province.dump()
    yield
    assert land.province.dump() == before


def test_a_bundle_for_another_desk_is_refused(land: Country, untouched: None) -> None:
    data = craft(land.a.keys, land.b)
    refused(land.province.take(data), "not-for-this-desk")


def test_a_bundle_forwarded_to_another_desk_is_refused(land: Country, untouched: None) -> None:
    data = craft(land.a.keys, land.province, twist=lambda m: replace(m, receiver="b"))
    refused(land.province.take(data), "receiver")


def test_a_desk_that_speaks_in_the_name_of_another_is_refused(
    land: Country, untouched: None
) -> None:
    refused(land.province.take(craft(as_device(land.b.keys, "a"), land.province)), "sender")


def test_a_desk_that_is_not_enrolled_is_refused(land: Country, untouched: None) -> None:
    report = land.province.take(craft(DeviceKeys.generate("zz"), land.province))
    refused(report, "unknown-sender")
    assert report.message == str(BundleRefused())


def test_a_known_desk_without_a_link_is_refused(land: Country) -> None:
    land.add("a2", UNIT_A)
    case = land.a.open_case()
    land.a.send(land.province)
    second = land.desks[-1]
    land.province.send(second)
    refused(second.take(craft(land.a.keys, second)), "no-link")
    assert second.cases() == {case}


def test_a_revoked_desk_is_refused_in_its_own_words(land: Country) -> None:
    data = land.a.bundle(land.province)
    with land.province.store.work() as work:
        enrolment.revoke(work.cursor, "a", AT)
    before = land.province.dump()
    report = land.province.take(data)
    refused(report, "revoked")
    assert "withdrawn" in report.message
    assert land.province.dump() == before


def test_a_newer_format_is_refused_with_the_advice_to_update(
    land: Country, untouched: None
) -> None:
    data = craft(land.a.keys, land.province, twist=lambda m: replace(m, format=FORMAT + 1))
    report = land.province.take(data)
    refused(report, "format")
    assert report.message == str(BundleNewer())


def test_a_newer_format_of_a_stranger_is_just_refused(land: Country, untouched: None) -> None:
    stranger = DeviceKeys.generate("a")
    data = craft(stranger, land.province, twist=lambda m: replace(m, format=FORMAT + 1))
    refused(land.province.take(data), "unknown-sender")


@pytest.mark.parametrize(
    "twist",
    [
        lambda m: replace(m, number=0),
        lambda m: replace(m, number=2),
        lambda m: replace(m, number=3, after=3, previous=bytes(31) + b"1"),
        lambda m: replace(m, previous=b"1" * 32),
        lambda m: replace(m, made_at="yesterday"),
        lambda m: replace(m, program="x\u202ey"),
        lambda m: replace(m, parts=m.parts[:1]),
        lambda m: replace(m, parts=(m.parts[1], m.parts[0])),
        lambda m: replace(m, parts=(m.parts[0], m.parts[0])),
        lambda m: replace(m, receipts=tuple(Receipt(n, NO_DIGEST, AT) for n in range(1, 99))),
        lambda m: replace(m, number=2**53),
    ],
)
def test_a_manifest_of_a_wrong_shape_is_refused(land: Country, untouched: None, twist) -> None:
    report = land.province.take(craft(land.a.keys, land.province, twist=twist))
    assert report.outcome == "refused"
    assert report.code.startswith("manifest")
    assert report.message == str(BundleRefused())


def test_two_bundles_of_one_number_are_an_alarm(land: Country) -> None:
    land.province.take(craft(land.a.keys, land.province))
    before = land.province.dump()
    other = craft(land.a.keys, land.province, program="other")
    report = land.province.take(other)
    refused(report, "bundle")
    assert "differently" in report.message
    assert land.province.dump() == before


def test_a_bundle_that_does_not_follow_the_one_before_is_an_alarm(land: Country) -> None:
    land.province.take(craft(land.a.keys, land.province))
    data = craft(land.a.keys, land.province, number=2, after=1, previous=b"x" * 32)
    refused(land.province.take(data), "bundle")


def test_a_late_bundle_that_the_next_one_does_not_name_is_an_alarm(land: Country) -> None:
    land.province.take(craft(land.a.keys, land.province, number=2, previous=b"x" * 32))
    refused(land.province.take(craft(land.a.keys, land.province)), "bundle")


def test_a_bundle_that_builds_on_one_not_seen_waits_and_shows_nothing(land: Country) -> None:
    made = change("a", 1, CASE, fields={"file_no": "1", "unit": UNIT_A})
    first = manifest("a", "p", parts=())
    data = craft(
        land.a.keys, land.province, [made.encode()],
        number=2, after=1, previous=digest(first), heads=heads(made),
    )  # fmt: skip
    report = land.province.take(data)
    assert (report.outcome, report.new_changes) == ("waiting", 0)
    assert "missing" in report.message
    assert land.province.cases() == set()


def test_one_number_of_one_desk_with_two_contents_is_an_alarm(land: Country) -> None:
    land.a.open_case()
    land.a.send(land.province)
    before = land.province.dump()
    forged = change("a", 1, CASE)
    with land.a.store.read() as cursor:
        cursor.execute("SELECT sent_digest FROM link")
        previous = bytes(cursor.fetchone()[0])
    real = land.province.ask("SELECT peer_seq, peer_chain FROM link WHERE device = 'a'")[0]
    data = craft(
        land.a.keys, land.province, [forged.encode()], number=2, previous=previous,
        heads=Heads(Head(real[0], bytes(real[1])), Head(9, NO_DIGEST)),
    )  # fmt: skip
    refused(land.province.take(data), "equivocation")
    assert land.province.dump() == before


def test_a_rewritten_history_is_an_alarm(land: Country, untouched: None) -> None:
    made = change("a", 1, CASE)
    data = craft(land.a.keys, land.province, [made.encode()])
    refused(land.province.take(data), "chain")
    gap = change("a", 2, CASE)
    data = craft(land.a.keys, land.province, [gap.encode()], heads=heads(gap))
    refused(land.province.take(data), "chain")


def test_a_commune_may_not_bring_changes_of_another_unit(land: Country, untouched: None) -> None:
    for device, code in (("b", "author-unit"), ("p", "own-change"), ("zz", "author-unknown")):
        data = craft(land.a.keys, land.province, [change(device, 1, CASE).encode()])
        refused(land.province.take(data), code)


def test_a_commune_may_not_write_into_another_communes_case(land: Country) -> None:
    case = land.b.open_case()
    land.b.send(land.province)
    before = land.province.dump()
    forged = change("a", 1, case, type="note", id="n1", fields={"case": case, "text": "x"})
    data = craft(land.a.keys, land.province, [forged.encode()], heads=heads(forged))
    refused(land.province.take(data), "case-unit")
    assert land.province.dump() == before


@pytest.mark.parametrize("named", [None, "its own"])
def test_nor_by_naming_no_case_or_another(land: Country, named: str | None) -> None:
    case = land.b.open_case()
    land.b.edit("note", "n1", case, case=case, text="của xã B")
    own = land.a.open_case()
    land.b.send(land.province)
    land.a.send(land.province)
    before = land.province.dump()
    ((seq, chain),) = land.province.ask("SELECT peer_seq, peer_chain FROM link WHERE device = 'a'")
    ((previous,),) = land.province.ask("SELECT digest FROM bundle_in WHERE device = 'a'")
    text = {"text": "x"} if named is None else {"case": case, "text": "x"}
    record = "n1" if named is None else "n2"
    forged = replace(
        change("a", seq + 1, case, type="note", id=record, fields=text),
        case=None if named is None else own,
    )
    body = forged.encode()
    data = craft(
        land.a.keys, land.province, [body], number=2, after=1, previous=bytes(previous),
        heads=Heads(Head(seq + 1, link_chain(bytes(chain), body)), Head(9, NO_DIGEST)),
    )  # fmt: skip
    refused(land.province.take(data), "case-unit")
    assert land.province.dump() == before


def test_a_commune_cannot_decide_for_the_province(land: Country) -> None:
    case = land.a.open_case()
    land.a.send(land.province)
    with land.a.store.read() as cursor:
        cursor.execute("SELECT sent_digest FROM link")
        previous = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT seq, chain FROM journal WHERE device = 'a' ORDER BY seq DESC")
        seq, chain = cursor.fetchone()
    fields = {"case": case, "entitlement": "e", "decision": "approved"}
    forged = change("a", seq + 1, case, type="entitlement_decision", id="d1", fields=fields)
    head = Head(seq + 1, link_chain(bytes(chain), forged.encode()))
    data = craft(
        land.a.keys, land.province, [forged.encode()], number=2, previous=previous,
        heads=Heads(head, Head(9, NO_DIGEST)),
    )  # fmt: skip
    report = land.province.take(data)
    assert report.outcome == "applied"
    assert land.province.value("entitlement_decision", "d1", "decision") is None


def test_a_case_whose_change_names_another_case_is_refused(land: Country, untouched: None) -> None:
    forged = replace(change("a", 1, CASE), case="other")
    data = craft(land.a.keys, land.province, [forged.encode()], heads=heads(forged))
    refused(land.province.take(data), "case-id")


@pytest.mark.parametrize("body", [b"{}", b"[]", b"x", b'{"a":1}', b"\xff", b"[" * 100_000])
def test_a_change_of_a_wrong_shape_is_refused(land: Country, untouched: None, body: bytes) -> None:
    report = land.province.take(craft(land.a.keys, land.province, [body]))
    refused(report, "change")
    assert report.message == str(BundleRefused())


def test_certificates_are_taken_only_from_the_province(land: Country, untouched: None) -> None:
    own = land.a.keys
    desk = Public("evil", "commune", UNIT_A, "x", DeviceKeys.generate("evil").signing.verify_key.raw,
                  own.recipient)  # fmt: skip
    for issuer in ("a", "p", "zz"):
        forged = Certificate.sign(desk, 9, AT, issuer, (), own.signing).encode()
        report = land.province.take(craft(own, land.province, [], [forged]))
        assert report.outcome == "refused"
        assert report.code.startswith("certificate")


def test_a_commune_that_claims_to_have_seen_more_does_not_silence_the_province(
    land: Country,
) -> None:
    seen = Heads(Head(1_000, b"x" * 32), Head(0, NO_DIGEST))
    refused(land.province.take(craft(land.a.keys, land.province, seen=seen)), "heads")
    assert land.province.send(land.b).outcome == "applied"


def test_a_receipt_for_what_was_never_sent_is_refused(land: Country, untouched: None) -> None:
    receipt = Receipt(7, b"x" * 32, AT)
    data = craft(land.a.keys, land.province, receipts=(receipt,))
    refused(land.province.take(data), "receipt")


def test_other_desks_still_get_through_when_one_is_refused(land: Country) -> None:
    case = land.b.open_case()
    land.province.take(craft(DeviceKeys.generate("a"), land.province))
    assert land.b.send(land.province).new_cases == (case,)
