"""A desk changes its keys while it goes on; nothing under way is lost, nothing old counts later."""

from __future__ import annotations

import dataclasses

import pytest

from sync.desks import AT, UNIT_A, Country, Desk, enrol
from traffick_desk.store.changes import Change
from traffick_desk.sync import enrolment, rotation
from traffick_desk.sync.certificate import Certificate, Step, consent, learn
from traffick_desk.sync.errors import EnrolmentConflict, EnrolmentRefused, NotSetUp
from traffick_desk.sync.keys import key_id
from traffick_desk.vault.signing import SigningKey


def ask(desk: Desk) -> dict[str, str]:
    with desk.store.work() as work:
        values = rotation.begin(work.cursor, desk.device)
    desk.edit(rotation.RECORD, desk.device, None, **values)
    return values


def known(desk: Desk, device: str) -> Certificate:
    with desk.store.read() as cursor:
        return Certificate.decode(enrolment.own_certificate(cursor, device))


def test_new_keys_are_asked_for_and_answered_in_bundles(land: Country) -> None:
    a, p = land.a, land.province
    case = a.open_case()
    a.send(p)
    before = a.keys
    values = ask(a)
    assert a.keys.signing.raw == before.signing.raw, "nothing changes before the answer"
    assert ask(a) == values, "asked again it is the same"
    assert a.send(p).outcome == "applied"
    assert known(p, "a").desk.verify_key.hex() == values["verify_key"]
    # The answer is sealed to the new key; the desk opens it before it knows.
    p.edit("case", case, case, stage="support")
    answer = p.bundle(a)
    assert a.take(answer).outcome == "applied"
    assert a.value("case", case, "stage") == "support"
    after = a.keys
    assert after.signing.verify_key.raw.hex() == values["verify_key"]
    assert after.recipient == values["recipient"]
    # The former signing key is nowhere any more.
    assert before.signing.raw not in [bytes(v) for (v,) in a.ask("SELECT value FROM secret")]
    with a.store.read() as cursor:
        assert not rotation.waits(cursor, "a")
    other = a.open_case()
    assert a.send(p).new_cases == (other,)
    assert a.take(answer).outcome == "already"
    # And once more, and the chain is whole from the first key on.
    ask(a)
    a.send(p)
    p.send(a)
    last = known(p, "a")
    assert len(last.before) == 2
    assert last.follows(before.signing.verify_key.raw)
    assert a.keys.signing.verify_key.raw == last.desk.verify_key
    assert a.send(p).outcome == "applied"


def test_what_was_under_way_arrives_and_then_the_former_key_is_over(land: Country) -> None:
    a, p = land.a, land.province
    a.open_case()
    ask(a)
    first = a.bundle(p)
    late = a.open_case()
    second = a.bundle(p)
    assert p.take(first).outcome == "applied"
    # Sealed to the former key before the province knew of the new one.
    sealed = land.province.bundle(a)
    assert a.take(sealed).outcome == "applied"
    assert p.take(second).new_cases == (late,), "signed by the former key, sent before the answer"
    newest = a.open_case()
    assert a.send(p).new_cases == (newest,)
    with p.store.read() as cursor:
        number = cursor.execute("SELECT received_number FROM link WHERE device = 'a'").fetchone()[0]
        current = known(p, "a").desk.verify_key
        former = known(p, "a").before[-1].verify_key
    with p.store.work() as work:
        for at, counts in ((number - 1, True), (number, False), (number + 1, False)):
            assert rotation.may_sign(work.cursor, "a", key_id(former), at, current) is counts, at
        assert rotation.may_sign(work.cursor, "a", key_id(current), number + 1, current)


def test_a_bundle_sealed_to_the_former_key_stays_readable(land: Country) -> None:
    a, p = land.a, land.province
    a.send(p)
    old = p.bundle(a)
    ask(a)
    a.send(p)
    p.send(a)
    assert a.keys.signing.verify_key.raw == known(p, "a").desk.verify_key
    assert a.take(old).outcome == "already"


def test_what_is_not_in_order_changes_nothing(land: Country) -> None:
    a, b, p = land.a, land.b, land.province
    with a.store.work() as work:
        values = rotation.begin(work.cursor, "a")
    stranger = SigningKey.generate()
    before = known(p, "a")

    def answered(device: str = "a", **other: str) -> bool:
        change = Change(device, 1, "0", "o", rotation.RECORD, device, None, {**values, **other}, {})
        with p.store.work() as work:
            return rotation.answer(work.cursor, "p", change, AT)

    new = bytes.fromhex(values["verify_key"])
    for wrong in (
        {"device": "b"}, {"verify_key": stranger.verify_key.raw.hex()}, {"verify_key": "zz"},
        {"recipient": b.keys.recipient}, {"recipient": "age1x"}, {"proof": "00" * 64},
        {"consent": consent("a", stranger, new).hex()}, {"consent": consent("b", a.keys.signing, new).hex()},
        {"consent": ""}, {"verify_key": before.desk.verify_key.hex()},
    ):  # fmt: skip
        assert not answered(**wrong), wrong
    assert not answered("b"), "in the name of another"
    assert not answered("nobody")
    assert known(p, "a") == before
    with p.store.work() as work:
        enrolment.revoke(work.cursor, "a", "2026-03-02")
    assert not answered()
    with p.store.work() as work:
        work.cursor.execute("UPDATE device SET revoked_on = NULL")
    assert answered()
    assert not answered(), "once"


def test_the_province_itself_asks_nobody(land: Country) -> None:
    with land.province.store.work() as work, pytest.raises(EnrolmentConflict):
        rotation.begin(work.cursor, "p")
    lone = Desk(land.folder, "c", "commune", UNIT_A)
    land.desks.append(lone)
    with lone.store.work() as work, pytest.raises(NotSetUp):
        rotation.begin(work.cursor, "c")


def test_other_desks_learn_the_new_key_by_the_chain_and_by_nothing_else(land: Country) -> None:
    a, p = land.a, land.province
    second = land.add("a2", UNIT_A)
    a.open_case()
    a.send(p)
    p.send(second)
    before = known(second, "a")
    ask(a)
    a.send(p)
    p.send(a)
    a.open_case()
    a.send(p)
    assert p.send(second).outcome == "applied"
    assert known(second, "a") == known(p, "a")
    # An old one comes late: nothing changes, nothing is refused.
    with second.store.work() as work:
        assert learn(work.cursor, before) is False
    # The province alone cannot give a desk's name to another key.
    key = SigningKey.generate()
    taken = dataclasses.replace(before.desk, verify_key=key.verify_key.raw)
    for steps in ((), (Step(before.desk.verify_key, bytes(64)),)):
        with second.store.work() as work, pytest.raises(EnrolmentConflict):
            learn(work.cursor, Certificate.sign(taken, 99, AT, "p", (), p.keys.signing, steps))
    # Nor can it be made to by an old request.
    with p.store.work() as work, pytest.raises(EnrolmentConflict):
        enrolment.certify(work.cursor, "p", enrolment.Request(before.desk, AT), AT)


def test_certificates_of_both_versions(land: Country) -> None:
    plain = known(land.province, "a")
    assert b'"version":1' in plain.encode()
    assert b"before" not in plain.encode()
    key = SigningKey.generate()
    step = Step(plain.desk.verify_key, consent("a", land.a.keys.signing, key.verify_key.raw))
    desk = dataclasses.replace(plain.desk, verify_key=key.verify_key.raw)
    made = Certificate.sign(desk, 7, AT, "p", (), land.province.keys.signing, (step,))
    assert b'"version":2' in made.encode()
    assert Certificate.decode(made.encode()) == made
    assert made.follows(plain.desk.verify_key)
    assert not made.follows(key.verify_key.raw)
    made.verify(land.province.keys.signing.verify_key)
    for wrong in (
        made.encode().replace(b'"version":2', b'"version":1'),
        plain.encode().replace(b'"version":1', b'"version":2'),
        made.encode().replace(b'"before":[', b'"before":[{},'),
    ):
        with pytest.raises(EnrolmentRefused):
            Certificate.decode(wrong).verify(land.province.keys.signing.verify_key)


def test_enrolling_anew_keeps_the_chain(land: Country) -> None:
    a, p = land.a, land.province
    ask(a)
    a.send(p)
    p.send(a)
    enrol(p, a)
    assert len(known(a, "a").before) == 1
    a.open_case()
    assert a.send(p).outcome == "applied"
