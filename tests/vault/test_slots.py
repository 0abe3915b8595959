"""Who opens a vault, and who does not: only the diagonal."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from traffick_desk.vault import slots
from traffick_desk.vault.age import HybridIdentity, decrypt
from traffick_desk.vault.errors import (
    HeaderFull,
    HeaderTampered,
    KdfOutOfRange,
    LastOfficer,
    LoginTaken,
    NoSuchSlot,
    RecoveryCodeMistyped,
    RecoveryRefused,
    UnlockRefused,
)
from traffick_desk.vault.header import OFFICER, PROVINCE, RECOVERY, seal_header, verify_header
from traffick_desk.vault.kdf import KdfParams
from vault.conftest import OFFICERS, new_header


def swapped(header, first, second, *names):
    """*header* with fields of two slots exchanged, sealed by nobody."""
    changed = {
        first.id: replace(first, **{n: getattr(second, n) for n in names}),
        second.id: replace(second, **{n: getattr(first, n) for n in names}),
    }
    return replace(header, slots=tuple(changed.get(s.id, s) for s in header.slots))


@pytest.mark.parametrize("row", OFFICERS)
@pytest.mark.parametrize("column", OFFICERS)
def test_only_the_diagonal_of_officers_and_passwords_opens(vault, row, column):
    login, password = OFFICERS[row][0], OFFICERS[column][1]
    if row == column:
        unlocked = slots.unlock_with_password(vault.header, login, password)
        assert unlocked.dek == vault.dek
        assert unlocked.officer_id == row
        assert vault.dek.hex() not in repr(unlocked)
        unlocked.wipe()
        assert unlocked.dek == bytes(32)
    else:
        with pytest.raises(UnlockRefused):
            slots.unlock_with_password(vault.header, login, password)


def test_a_login_may_be_typed_in_any_case_and_form(vault):
    typed = "  MINH   ANH "
    assert (
        slots.unlock_with_password(vault.header, typed, OFFICERS["officer-4"][1]).officer_id
        == "officer-4"
    )


@pytest.mark.parametrize(
    "password", ["", " diều giấy ếch xanh một", "dieu giay ech xanh mot", "x" * 100_000]
)
def test_another_spelling_of_a_password_is_another_password(vault, password):
    with pytest.raises(UnlockRefused):
        slots.unlock_with_password(vault.header, "hoa", password)


def test_unknown_login_and_wrong_password_look_the_same(vault, monkeypatch):
    work = []
    real = slots.derive
    from traffick_desk.vault import slot_keys

    def watched(params, salt, secret):
        work.append(params)
        return real(params, salt, secret)

    monkeypatch.setattr(slots, "derive", watched)
    monkeypatch.setattr(slot_keys, "derive", watched)
    said = []
    for login in ("hoa", "nobody"):
        with pytest.raises(UnlockRefused) as caught:
            slots.unlock_with_password(vault.header, login, "wrong")
        said.append((type(caught.value), str(caught.value), repr(caught.value)))
    assert said[0] == said[1]
    assert work[0] == work[1]
    assert len(work) == 2


def test_the_recovery_code_opens_and_another_does_not(vault):
    unlocked = slots.unlock_with_recovery(vault.header, vault.code.lower().replace("-", " "))
    assert unlocked.dek == vault.dek
    assert unlocked.officer_id == ""
    with pytest.raises(RecoveryRefused):
        slots.unlock_with_recovery(vault.header, slots.recovery.generate())
    last = "0" if vault.code[-1] != "0" else "2"
    with pytest.raises(RecoveryCodeMistyped):
        slots.unlock_with_recovery(vault.header, vault.code[:-1] + last)


def test_the_province_opens_its_slot_and_answers_the_desk(vault):
    slot = vault.header.of_kind(PROVINCE)[0]
    key = slots.open_key(slot.sealed, [vault.province])
    desk = HybridIdentity.generate()
    answer = slots.seal_key(key, desk.to_recipient())
    assert slots.unlock_with_sealed(vault.header, answer, [desk]).dek == vault.dek
    for wrong in ([vault.province], [HybridIdentity.generate()], []):
        with pytest.raises(RecoveryRefused):
            slots.unlock_with_sealed(vault.header, answer, wrong)
    for broken in (answer[:-1], b"", b"age-encryption.org/v1\n", slot.sealed):
        with pytest.raises(RecoveryRefused):
            slots.unlock_with_sealed(vault.header, broken, [desk])


def test_the_province_slot_is_an_age_file_that_a_person_can_read(vault):
    text = json.loads(decrypt(vault.header.of_kind(PROVINCE)[0].sealed, [vault.province]))
    assert text["dek"] == vault.dek.hex()
    assert text["vault_id"] == vault.header.vault_id


def test_an_answer_for_another_vault_slot_or_epoch_is_refused(vault):
    slot = vault.header.of_kind(PROVINCE)[0]
    desk = HybridIdentity.generate()
    right = slots.SealedKey(vault.header.vault_id, slot.id, 1, vault.key())
    for wrong in (
        replace(right, vault_id="0" * 32),
        replace(right, slot_id=vault.header.slots[0].id),
        replace(right, slot_id="nothing"),
        replace(right, epoch=2),
        replace(right, dek=bytearray(31)),
    ):
        with pytest.raises(RecoveryRefused):
            slots.unlock_with_sealed(
                vault.header, slots.seal_key(wrong, desk.to_recipient()), [desk]
            )
    forged = slots.seal_key(replace(right, dek=bytearray(32)), desk.to_recipient())
    with pytest.raises(HeaderTampered):
        slots.unlock_with_sealed(vault.header, forged, [desk])


# --- the rest of the matrix ----------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        ("wrapped",),
        ("wrapped", "salt"),
        ("sealed",),
        ("recipient",),
        ("recipient", "sealed"),
        ("login",),
        ("officer_id",),
        ("login", "officer_id"),
        ("wrapped", "salt", "recipient", "sealed"),
        ("id",),
    ],
    ids="+".join,
)
def test_swapped_slots_open_for_nobody(vault, names):
    first, second = vault.header.officer("officer-1"), vault.header.officer("officer-2")
    header = swapped(vault.header, first, second, *names)
    with pytest.raises((UnlockRefused, HeaderTampered)):
        slots.unlock_with_password(header, *OFFICERS["officer-1"])
    with pytest.raises(HeaderTampered):
        verify_header(header, vault.dek)


@pytest.mark.parametrize(
    "change",
    [{"iterations": 4}, {"memory_kib": 65537 + 7}, {"lanes": 5}],
    ids=["iterations", "memory", "lanes"],
)
def test_edited_parameters_open_for_nobody(vault, change):
    slot = vault.header.officer("officer-1")
    header = replace(
        vault.header,
        slots=tuple(
            replace(s, kdf=replace(s.kdf, **change)) if s is slot else s for s in vault.header.slots
        ),
    )
    with pytest.raises(UnlockRefused):
        slots.unlock_with_password(header, *OFFICERS["officer-1"])
    with pytest.raises(HeaderTampered):  # whoever else unlocks notices too
        verify_header(header, vault.dek)


def test_lowered_parameters_cannot_even_be_written_down():
    for change in ({"iterations": 2}, {"memory_kib": 65535}, {"lanes": 1}):
        with pytest.raises(KdfOutOfRange):
            replace(KdfParams(), **change)


@pytest.mark.parametrize(
    "change",
    [
        {"unit": "2025/00001"},
        {"profile": "province"},
        {"schema_min": 0},
        {"device_id": "d"},
        {"epoch": 2},
        {"generation": 99},
        {"audit_head": {"n": 1}},
        {"journal_head": {"n": 1}},
        {"desk_label": "x"},
        {"vault_id": "0" * 32},
        {"anchor": bytes(48)},
    ],
    ids=lambda c: next(iter(c)),
)
def test_a_header_edited_outside_the_program_stays_closed(vault, change):
    header = replace(vault.header, **change)
    with pytest.raises(HeaderTampered):
        verify_header(header, vault.dek)
    with pytest.raises(HeaderTampered):
        slots.with_heads(header, vault.key(), journal_head=None, audit_head=None)


def test_an_edited_header_stays_closed_for_the_right_password(vault):
    with pytest.raises(HeaderTampered):
        slots.unlock_with_password(replace(vault.header, unit="2025/00001"), *OFFICERS["officer-1"])
    missing = replace(vault.header, slots=vault.header.slots[:-1])
    with pytest.raises(HeaderTampered):
        slots.unlock_with_password(missing, *OFFICERS["officer-1"])


def test_a_vault_planted_by_a_thief_is_not_opened(vault):
    """A thief knows every public key in the file: he can seal a key of his own to all of them."""
    dek = bytearray(b"thief's key, known to the thief!")
    anchor = slots.seal_anchor(vault.header, dek, bytes(32))
    planted = replace(vault.header, anchor=anchor)
    planted = replace(planted, slots=tuple(slots.seal_dek(planted, s, dek) for s in planted.slots))
    planted = seal_header(planted, dek)
    verify_header(planted, dek)
    with pytest.raises(HeaderTampered):
        slots.unlock_with_password(planted, *OFFICERS["officer-1"])


# --- changes -------------------------------------------------------------------------------


def test_a_changed_password_opens_and_the_old_one_does_not(small):
    header, dek = small
    login, old = OFFICERS["officer-1"]
    changed, unlocked = slots.change_password(header, login, old, "bánh mì tàu hỏa sương mù")
    assert unlocked.dek == dek
    assert slots.unlock_with_password(changed, login, "bánh mì tàu hỏa sương mù").dek == dek
    with pytest.raises(UnlockRefused):
        slots.unlock_with_password(changed, login, old)
    with pytest.raises(UnlockRefused):
        slots.change_password(header, login, "wrong", "x")


def test_after_recovery_an_officer_gets_a_new_password(vault):
    header = slots.reset_password(vault.header, vault.key(), "officer-2", "pháo hoa nón lá")
    assert slots.unlock_with_password(header, "tuấn", "pháo hoa nón lá").dek == vault.dek
    with pytest.raises(NoSuchSlot):
        slots.reset_password(vault.header, vault.key(), "officer-9", "x")
    with pytest.raises(ValueError):
        slots.reset_password(vault.header, vault.key(), "officer-2", "")


def test_a_removed_officer_is_out_and_the_others_are_in(vault):
    gone = vault.header.officer("officer-1")
    header = slots.remove_slot(vault.header, vault.key(), gone.id)
    with pytest.raises(UnlockRefused):
        slots.unlock_with_password(header, *OFFICERS["officer-1"])
    assert slots.unlock_with_password(header, *OFFICERS["officer-2"]).dek == vault.dek
    with pytest.raises(HeaderTampered):  # putting the old slot back by hand
        slots.unlock_with_password(
            replace(header, slots=vault.header.slots), *OFFICERS["officer-1"]
        )
    with pytest.raises(NoSuchSlot):
        slots.remove_slot(header, vault.key(), gone.id)


def test_the_last_officer_cannot_be_removed(small):
    header, dek = small
    with pytest.raises(LastOfficer):
        slots.remove_slot(header, bytearray(dek), header.slots[0].id)
    with pytest.raises(LastOfficer):
        slots.rotate_key(header, bytearray(dek), remove=frozenset({header.slots[0].id}))


def test_a_new_key_reaches_everyone_left_without_their_passwords(vault):
    gone = vault.header.officer("officer-3")
    header, fresh = slots.rotate_key(vault.header, vault.key(), remove=frozenset({gone.id}))
    assert fresh != vault.dek
    assert header.epoch == 2
    assert slots.unlock_with_password(header, *OFFICERS["officer-1"]).dek == fresh
    assert slots.unlock_with_recovery(header, vault.code).dek == fresh
    key = slots.open_key(header.of_kind(PROVINCE)[0].sealed, [vault.province])
    assert key.dek == fresh
    with pytest.raises(UnlockRefused):
        slots.unlock_with_password(header, *OFFICERS["officer-3"])
    with pytest.raises(HeaderTampered):  # the old key is worth nothing with the new header
        verify_header(header, vault.dek)
    with pytest.raises(HeaderTampered):  # nor is the old slot, put back by hand
        slots.unlock_with_password(
            replace(header, slots=(*header.slots, gone)), *OFFICERS["officer-3"]
        )


def test_a_login_or_officer_is_taken_once(vault):
    for officer_id, login in (("officer-9", "HOA"), ("officer-1", "another")):
        with pytest.raises(LoginTaken):
            slots.add_officer_slot(vault.header, vault.key(), officer_id, login, "x")
    for login, password in (("", "x"), ("  ", "x"), ("new", "")):
        with pytest.raises(ValueError):
            slots.add_officer_slot(vault.header, vault.key(), "officer-9", login, password)


def test_nothing_is_changed_without_the_right_key(vault):
    wrong = bytearray(32)
    for change in (
        lambda: slots.add_officer_slot(vault.header, wrong, "officer-9", "new", "x"),
        lambda: slots.add_recovery_slot(vault.header, wrong),
        lambda: slots.add_province_slot(vault.header, wrong, vault.province.to_recipient()),
        lambda: slots.remove_slot(vault.header, wrong, vault.header.slots[0].id),
        lambda: slots.rotate_key(vault.header, wrong),
        lambda: slots.reset_password(vault.header, wrong, "officer-1", "x"),
        lambda: slots.with_desk(vault.header, wrong, unit="2025/01"),
    ):
        with pytest.raises(HeaderTampered):
            change()


def test_a_full_header_says_so(vault):
    header, recipient = vault.header, vault.province.to_recipient()
    for _ in range(8):
        header = slots.add_province_slot(header, vault.key(), recipient)
    slot = header.slots[-1]
    copies = tuple(replace(slot, id=f"{n:016x}") for n in range(9))
    with pytest.raises(HeaderFull) as caught:
        seal_header(replace(header, slots=header.slots + copies), vault.key())
    assert "no room" in str(caught.value)


def test_desk_facts_and_heads_are_kept(vault):
    header = slots.with_heads(
        vault.header, vault.key(), journal_head={"seq": 7, "hash": "ab"}, audit_head={"size": 3}
    )
    header = slots.with_desk(header, vault.key(), device_id="device-2", desk_label="Xã Lũng Cú")
    assert header.journal_head == {"seq": 7, "hash": "ab"}
    assert header.audit_head == {"size": 3}
    assert (header.device_id, header.desk_label, header.unit) == (
        "device-2",
        "Xã Lũng Cú",
        "2025/00754",
    )
    assert header.generation == vault.header.generation + 2
    assert {s.kind for s in header.slots} == {OFFICER, RECOVERY, PROVINCE}


def test_every_vault_has_its_own_key_and_id():
    made = [new_header() for _ in range(20)]
    assert len({bytes(dek) for _, dek in made}) == 20
    assert len({header.vault_id for header, _ in made}) == 20
