"""Primitives, sealed parts, signatures, fingerprints, recovery codes, the self-test."""

from __future__ import annotations

import hmac
import re
import subprocess
import sys
import unicodedata

import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st

from traffick_desk import resources
from traffick_desk.vault import kdf, primitives, recovery, sealed, selftest, signing
from traffick_desk.vault.errors import (
    BadSignature,
    KdfOutOfRange,
    NotEnoughMemory,
    RecoveryCodeMistyped,
    RecoveryCodeWrongLength,
    SealBroken,
    SelfTestFailed,
    VaultError,
)

KEY = bytes(range(32))

# --- primitives ----------------------------------------------------------------------------


def test_sub_keys_differ_by_label_and_key_and_never_change():
    labels = ["database", "drafts", "backup", "audit", "header"]
    keys = {bytes(primitives.subkey(KEY, label)) for label in labels}
    assert len(keys) == len(labels)
    assert primitives.subkey(KEY, "database") != primitives.subkey(bytes(32), "database")
    # By hand (RFC 5869): another value means that no vault written before opens any more.
    extracted = hmac.digest(bytes(32), KEY, "sha256")
    expanded = hmac.digest(extracted, b"traffick-desk/v1/subkey/database\x01", "sha256")
    assert primitives.subkey(KEY, "database") == expanded


@pytest.mark.parametrize(
    ("key", "label"), [(KEY[:31], "database"), (KEY, ""), (KEY, "Database"), (KEY, "a/b")]
)
def test_a_sub_key_needs_a_whole_key_and_a_plain_label(key, label):
    with pytest.raises(ValueError):
        primitives.subkey(key, label)


def test_the_raw_key_has_the_one_form_that_sqlcipher_takes_as_raw():
    out = primitives.raw_key_pragma(bytearray(KEY))
    assert isinstance(out, bytearray)
    assert out == b"x'" + KEY.hex().encode() + b"'"


@pytest.mark.parametrize("key", [b"", KEY[:31], KEY + b"\0", KEY * 2, KEY + bytes(16)])
def test_a_raw_key_of_another_size_is_refused(key):
    with pytest.raises(ValueError):
        primitives.raw_key_pragma(key)


@pytest.mark.parametrize("key", ["a" * 32, "x'" + "00" * 32 + "'", None])
def test_a_raw_key_is_never_taken_from_text(key):
    with pytest.raises(TypeError):
        primitives.raw_key_pragma(key)


def test_wiping_leaves_zeros():
    buffer = bytearray(KEY)
    primitives.wipe(buffer, None)
    assert buffer == bytes(32)


# --- sealed parts --------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=500), st.binary(max_size=20))
def test_a_sealed_part_comes_back_only_in_its_context(plain, context):
    data = sealed.seal(KEY, plain, context=context)
    assert sealed.unseal(KEY, data, context=context) == plain
    for wrong in (context + b"x", b"x" + context):
        with pytest.raises(SealBroken):
            sealed.unseal(KEY, data, context=wrong)
    with pytest.raises(SealBroken):
        sealed.unseal(bytes(32), data, context=context)


def test_every_truncation_and_flipped_bit_of_a_sealed_part_is_refused():
    data = sealed.seal(KEY, b"draft", context=b"draft 1")
    for at in range(len(data)):
        with pytest.raises(SealBroken):
            sealed.unseal(KEY, data[:at], context=b"draft 1")
        for bit in range(8):
            bad = bytearray(data)
            bad[at] ^= 1 << bit
            with pytest.raises(SealBroken):
                sealed.unseal(KEY, bytes(bad), context=b"draft 1")


# --- signatures ----------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300), st.text("abcdefgh-", min_size=1, max_size=30))
def test_a_signature_fits_its_label_message_and_key_alone(message, label):
    key = signing.SigningKey.generate()
    signature = key.sign(label, message)
    key.verify_key.verify(label, message, signature)
    other = signing.SigningKey.generate().verify_key
    for verify, args in (
        (key.verify_key, (label + "x", message, signature)),
        (key.verify_key, (label, message + b"x", signature)),
        (key.verify_key, (label, message, signature[:-1])),
        (key.verify_key, (label, message, b"")),
        (key.verify_key, (label, message, bytes(64))),
        (other, (label, message, signature)),
    ):
        with pytest.raises(BadSignature):
            verify.verify(*args)


def test_a_part_of_the_label_cannot_move_into_the_message():
    key = signing.SigningKey.generate()
    with pytest.raises(BadSignature):
        key.verify_key.verify("bundle", b"X", key.sign("bundl", b"eX"))


def test_signing_keys_survive_their_raw_form_and_hide_it():
    key = signing.SigningKey.generate()
    again = signing.SigningKey(key.raw)
    assert again.verify_key == key.verify_key
    assert signing.VerifyKey(key.verify_key.raw).key_id == key.key_id
    assert re.fullmatch("[0-9a-f]{16}", key.key_id)
    assert key.raw.hex() not in repr(key)
    for size in (0, 31, 33, 64):
        with pytest.raises(ValueError):
            signing.SigningKey(bytes(size))
        with pytest.raises(ValueError):
            signing.VerifyKey(bytes(size))


@pytest.mark.parametrize("raw", [bytes(32), b"\x01" + bytes(31), b"\xff" * 32])
def test_a_degenerate_public_key_verifies_nothing_but_does_not_crash(raw):
    with pytest.raises(BadSignature):
        signing.VerifyKey(raw).verify("bundle", b"x", b"\x01" * 64)


# --- fingerprints --------------------------------------------------------------------------

WORDS = [
    line
    for line in resources.path("words", "fingerprint.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
_MERGED = [
    ("ngh", "ŋ"),
    ("ng", "ŋ"),
    ("nh", "ɲ"),
    ("tr", "č"),
    ("ch", "č"),
    ("th", "þ"),
    ("ph", "f"),
    ("kh", "χ"),
    ("gh", "g"),
    ("qu", "kw"),
    ("gi", "d"),
    ("r", "d"),
    ("v", "d"),
    ("d", "d"),
    ("s", "x"),
    ("n", "l"),
    ("c", "k"),
]


def fold(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


def heard(word: str) -> str:
    """What is left of a word on a bad line: no tones, and the mergers of north and south."""
    out = []
    for syllable in fold(word).split():
        for spelt, sound in _MERGED:
            if syllable.startswith(spelt):
                syllable = sound + syllable[len(spelt) :]  # noqa: PLW2901
                break
        syllable = re.sub("(ng|nh|n)$", "n", syllable)  # noqa: PLW2901
        out.append(re.sub("(ch|c|t)$", "t", syllable).replace("y", "i"))
    return " ".join(out)


def distance(left: str, right: str) -> int:
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def test_the_word_list_has_256_plain_words_of_two_syllables():
    assert len(WORDS) == 256
    for word in WORDS:
        assert len(word.split()) == 2
        assert word == unicodedata.normalize("NFC", word).lower()


def test_no_two_words_look_or_sound_alike():
    assert len({fold(word) for word in WORDS}) == 256
    sounds = [heard(word) for word in WORDS]
    close = [
        (WORDS[i], WORDS[j])
        for i in range(256)
        for j in range(i)
        if distance(sounds[i], sounds[j]) < 2
    ]
    assert close == []


def test_a_fingerprint_is_ten_words_that_never_change():
    words = signing.fingerprint_words(KEY)
    assert len(words) == 10
    assert set(words) <= set(WORDS)
    assert words == signing.fingerprint_words(KEY)
    assert words != signing.fingerprint_words(KEY[:-1] + b"\0")
    assert " · ".join(words[:3]) == "con trâu · ô dù · nho tím"


# --- key derivation ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "params",
    [
        (65535, 3, 4),
        (65536, 2, 4),
        (65536, 3, 3),
        (1048577, 3, 4),
        (65536, 11, 4),
        (65536, 3, 17),
        (0, 0, 0),
        (-1, 3, 4),
    ],
)
def test_work_under_the_floor_or_over_the_ceiling_is_refused(params):
    with pytest.raises(KdfOutOfRange):
        kdf.KdfParams(*params)


@pytest.mark.parametrize("speed", [0.02, 0.05, 0.12, 0.3, 0.6, 0.75, 2.0, 9.0])
@pytest.mark.parametrize("slower", [1.0, 1.3, 2.0])
def test_calibration_lands_between_half_a_second_and_one_or_at_the_floor(speed, slower):
    def measure(params):
        factor = params.cost / kdf.FLOOR.cost
        return speed * factor * (slower if factor > 1 else 1)

    found = kdf.calibrate(measure=measure)
    assert found.memory_kib <= 256 * 1024
    if found == kdf.FLOOR:
        assert speed >= 0.3
    elif found.iterations < 10:
        assert 0.4 <= measure(found) <= 1.01


# --- recovery codes ------------------------------------------------------------------------


def test_a_code_has_seven_groups_and_130_random_bits():
    code = recovery.generate()
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}", code)
    assert len({recovery.generate() for _ in range(50)}) == 50
    assert recovery.groups_of(code) == code.split("-")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_code_may_be_typed_loosely(data):
    code = code_from(
        "".join(data.draw(st.lists(st.sampled_from(recovery._ALPHABET), min_size=26, max_size=26)))
    )
    typed = "-".join(recovery.groups_of(code))
    for plain, variants in (("0", "0Oo"), ("1", "1IilL"), ("-", ["-", " ", "", "–", " - "])):
        typed = "".join(data.draw(st.sampled_from(variants)) if c == plain else c for c in typed)
    typed = "".join(c.lower() if data.draw(st.booleans()) else c for c in typed)
    assert recovery.parse(f"  {typed}\n") == code


def code_from(data: str) -> str:
    values = recovery.with_check([recovery._ALPHABET.index(c) for c in data])
    return "".join(recovery._ALPHABET[v] for v in values)


@pytest.mark.parametrize(
    ("data", "typed"),
    [
        ("DD", "Đ"),
        ("AA", "Â"),
        ("EE", "ê"),
        ("AW", "ă"),
        ("W0", "ưô"[:1] + "0"),
        ("00", "ô"),
        ("0W", "ơ"),
        ("AS", "á"),
        ("EJ", "ẹ"),
        ("EF", "È"),
    ],
)
def test_what_the_vietnamese_typing_tool_made_of_a_code_is_undone(data, typed):
    whole = code_from(data + "7" * 24)
    assert recovery.parse(typed + whole[2:]) == whole


def test_one_wrong_character_is_found_and_its_group_named():
    code = recovery.generate().replace("-", "")
    for at in range(28):
        for wrong in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".replace(code[at], ""):
            with pytest.raises(RecoveryCodeMistyped) as caught:
                recovery.parse(code[:at] + wrong + code[at + 1 :])
            assert caught.value.values["group"] == str(at // 4 + 1)


def test_two_swapped_characters_are_found():
    code = recovery.generate().replace("-", "")
    for i in range(28):
        for j in range(i):
            if code[i] != code[j]:
                chars = list(code)
                chars[i], chars[j] = chars[j], chars[i]
                with pytest.raises(RecoveryCodeMistyped):
                    recovery.parse("".join(chars))


@pytest.mark.parametrize(
    "typed", ["", "ABCD", "U" * 28, "0" * 27, "0" * 29, "💥" * 28, "0" * 100_000]
)
def test_what_is_no_code_at_all_is_refused_in_words(typed):
    with pytest.raises(RecoveryCodeWrongLength) as caught:
        recovery.parse(typed)
    assert "7" in str(caught.value)


# --- self-test and start-up ----------------------------------------------------------------


def test_the_known_answers_are_right():
    selftest.run()


@pytest.mark.parametrize("name", list(selftest.TESTS))
def test_a_wrong_answer_or_a_failure_stops_the_program(monkeypatch, name):
    monkeypatch.setitem(selftest.TESTS, name, lambda: False)
    with pytest.raises(SelfTestFailed) as caught:
        selftest.run()
    assert caught.value.detail == name
    monkeypatch.setitem(selftest.TESTS, name, lambda: 1 / 0)
    with pytest.raises(SelfTestFailed):
        selftest.run()


def test_the_unlock_window_loads_no_cryptography_and_no_dictionary():
    code = (
        "import sys, traffick_desk.vault.slots, traffick_desk.vault.header\n"
        "heavy = ('cryptography', 'zxcvbn', 'random', 'asyncio', 'email', 'http')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONPATH": str(resources.translations().parent / "src"), "PATH": ""},
    )
    assert done.stdout.strip() == "[]"


# --- words ---------------------------------------------------------------------------------


def _refusals(kind=VaultError):
    return {kind}.union(*(_refusals(inner) for inner in kind.__subclasses__()))


def test_every_refusal_says_what_happened_in_both_languages():
    path = resources.translations() / "vi" / "LC_MESSAGES" / "vault.po"
    with path.open("rb") as stream:
        catalogue = {m.id: m.string for m in read_po(stream)}
    for kind in _refusals():
        english, vietnamese = kind.text, catalogue[kind.text]
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", vietnamese))
        assert vietnamese.count(".") >= 2, kind  # what happened; what now, or that data is safe
        values = {"group": "3", "groups": 7, "size": 4, "row": 2, "rows": 8}
        assert "{" not in str(kind("detail", **values))
        assert "detail" not in str(kind("detail", **values))


def test_too_little_memory_is_said_and_nothing_weaker_is_tried(monkeypatch):
    from cryptography.hazmat.primitives.kdf import argon2

    def no_room(**_kwargs):
        raise MemoryError

    monkeypatch.setattr(argon2, "Argon2id", no_room)
    with pytest.raises(NotEnoughMemory):
        kdf.derive(kdf.FLOOR, bytes(16), b"x")
