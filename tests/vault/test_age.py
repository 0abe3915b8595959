"""age files: what goes in comes out, and nothing else ever does."""

from __future__ import annotations

import io
import shutil
import subprocess
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traffick_desk.vault import age, bech32
from traffick_desk.vault.age_format import MAX_HEADER
from traffick_desk.vault.age_stream import CHUNK

HYBRID = age.HybridIdentity.generate()
X25519 = age.X25519Identity.generate()
EDGES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1]
needs_age = pytest.mark.skipif(
    shutil.which("age") is None,
    reason="THE STOCK age TOOL IS MISSING: interoperation NOT checked (apt-get install age)",
)


@pytest.mark.parametrize("identity", [HYBRID, X25519], ids=["hybrid", "x25519"])
@pytest.mark.parametrize("size", EDGES)
def test_every_size_around_a_chunk_comes_back(identity, size):
    plain = bytes(i % 251 for i in range(size))
    sealed = age.encrypt(plain, [identity.to_recipient()])
    assert age.decrypt(sealed, [identity]) == plain


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=3000), st.integers(1, 4), st.booleans())
def test_any_bytes_come_back_for_every_recipient(plain, count, in_text):
    identities = [age.HybridIdentity.generate() for _ in range(count)]
    sealed = age.encrypt(plain, [i.to_recipient() for i in identities])
    if in_text:
        sealed = age.armor(sealed)
    for identity in identities:
        assert age.decrypt(sealed, [identity]) == plain


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2000))
def test_armour_is_undone_exactly(data):
    text = age.armor(data)
    assert max(len(line) for line in text.splitlines()) <= 64
    assert age.dearmor(text) == data
    assert age.dearmor(text.replace(b"\n", b"\r\n")) == data


def test_two_sealings_of_one_text_differ():
    first, second = (age.encrypt(b"x" * 50, [HYBRID.to_recipient()]) for _ in range(2))
    assert first[-66:] != second[-66:]


@pytest.mark.parametrize("identity", [HYBRID, X25519], ids=["hybrid", "x25519"])
def test_every_truncation_is_refused(identity):
    sealed = age.encrypt(b"a person's name", [identity.to_recipient()])
    for length in range(len(sealed)):
        with pytest.raises(age.AgeError):
            age.decrypt(sealed[:length], [identity])


@pytest.mark.parametrize("identity", [HYBRID, X25519], ids=["hybrid", "x25519"])
def test_every_flipped_bit_is_refused(identity):
    sealed = bytearray(age.encrypt(b"a person's name", [identity.to_recipient()]))
    for at in range(len(sealed)):
        for bit in (1 << (at % 8),) if identity is HYBRID else [1 << b for b in range(8)]:
            sealed[at] ^= bit
            with pytest.raises(age.AgeError):
                age.decrypt(bytes(sealed), [identity])
            sealed[at] ^= bit


@pytest.mark.parametrize("extra", [1, 16, 17, 64])
def test_bytes_after_the_end_are_refused(extra):
    sealed = age.encrypt(b"x", [X25519.to_recipient()])
    with pytest.raises(age.PayloadInvalid):
        age.decrypt(sealed + bytes(extra), [X25519])


def test_swapped_repeated_dropped_and_spliced_chunks_are_refused():
    plain = bytes(3 * CHUNK)
    sealed = age.encrypt(plain, [X25519.to_recipient()])
    other = age.encrypt(plain, [X25519.to_recipient()])
    size = CHUNK + 16
    start = len(sealed) - 3 * size
    head, a, b, c = sealed[:start], *(sealed[start + i * size :][:size] for i in range(3))
    for body in (b + a + c, a + a + b + c, a + c, b + c, a + b, a + b + c + c, c):
        with pytest.raises(age.PayloadInvalid):
            age.decrypt(head + body, [X25519])
    with pytest.raises(age.PayloadInvalid):
        age.decrypt(head + other[start:], [X25519])


def test_a_file_for_another_desk_is_not_opened():
    sealed = age.encrypt(b"x", [HYBRID.to_recipient()])
    with pytest.raises(age.NoMatch):
        age.decrypt(sealed, [age.HybridIdentity.generate(), X25519])


def test_all_refusals_of_a_file_show_one_text():
    errors = (age.NoMatch, age.HeaderInvalid, age.MacInvalid, age.PayloadInvalid, age.ArmorInvalid)
    assert len({str(error("detail")) for error in errors}) == 1


def test_hybrid_recipients_stand_alone():
    for mixed in (
        [HYBRID.to_recipient(), X25519.to_recipient()],
        [age.ScryptRecipient("word", 10), X25519.to_recipient()],
        [age.ScryptRecipient("word", 10), age.ScryptRecipient("other", 10)],
        [],
    ):
        with pytest.raises(age.RecipientRefused):
            age.encrypt(b"x", mixed)


def test_the_limit_stops_a_file_that_is_too_long():
    sealed = age.encrypt(bytes(5000), [X25519.to_recipient()])
    assert len(age.decrypt(sealed, [X25519], limit=5000)) == 5000
    with pytest.raises(age.TooLarge):
        age.decrypt(sealed, [X25519], limit=4999)


def test_an_endless_header_is_refused_without_reading_it_all():
    class Endless(io.RawIOBase):
        given = 0

        def readable(self):
            return True

        def readinto(self, buffer):
            buffer[:] = b"A" * len(buffer)
            self.given += len(buffer)
            return len(buffer)

    endless = Endless()
    with pytest.raises(age.HeaderInvalid):
        age.decrypt_stream(io.BufferedReader(endless), io.BytesIO(), [X25519])
    assert endless.given <= MAX_HEADER + 2 * io.DEFAULT_BUFFER_SIZE


class _Zeros(io.RawIOBase):
    def __init__(self, size):
        super().__init__()
        self.left = size

    def readable(self):
        return True

    def readinto(self, buffer):
        size = min(len(buffer), self.left)
        buffer[:size] = bytes(size)
        self.left -= size
        return size


class _Count:
    def __init__(self):
        self.total = 0

    def write(self, data):
        self.total += len(data)


def test_streams_need_constant_memory(tmp_path):
    size = 24 * 1024 * 1024
    path = tmp_path / "sealed"
    tracemalloc.start()
    try:
        with path.open("wb") as out:
            assert age.encrypt_stream(_Zeros(size), out, [HYBRID.to_recipient()]) == size
        counted = _Count()
        with path.open("rb") as source:
            assert age.decrypt_stream(source, counted, [HYBRID]) == size
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert counted.total == size
    assert peak < 2 * 1024 * 1024


def test_a_reader_hands_out_the_first_part_before_the_rest_is_read():
    sealed = age.encrypt(b"first" + bytes(4 * CHUNK), [HYBRID.to_recipient()])
    source = io.BytesIO(sealed)
    reader = age.open_reader(source, [HYBRID])
    assert reader.read(5) == b"first"
    assert source.tell() < len(sealed) // 2


def test_an_unfinished_file_is_refused():
    out = io.BytesIO()
    writer = age.open_writer(out, [X25519.to_recipient()])
    writer.write(bytes(2 * CHUNK))
    with pytest.raises(age.PayloadInvalid):
        age.decrypt(out.getvalue(), [X25519])


def test_passphrase_files_come_back_and_refuse_the_wrong_phrase():
    sealed = age.encrypt(b"guide", [age.ScryptRecipient("mật khẩu", 10)])
    assert age.decrypt(sealed, [age.ScryptIdentity("mật khẩu")]) == b"guide"
    with pytest.raises(age.NoMatch):
        age.decrypt(sealed, [age.ScryptIdentity("mat khau")])
    with pytest.raises(age.HeaderInvalid):
        age.decrypt(sealed, [age.ScryptIdentity("mật khẩu", max_work_factor=9)])


# --- keys as text --------------------------------------------------------------------------


@pytest.mark.parametrize("identity", [HYBRID, X25519], ids=["hybrid", "x25519"])
def test_keys_survive_their_text_form(identity):
    again = age.parse_identity(str(identity))
    assert type(again) is type(identity)
    assert str(again) == str(identity)
    assert again.to_recipient() == identity.to_recipient()
    recipient = age.parse_recipient(f" {identity.to_recipient()}\n")
    assert recipient == identity.to_recipient()
    assert hash(recipient) == hash(identity.to_recipient())


def test_key_texts_have_the_prefixes_of_the_specification():
    assert str(HYBRID).startswith("AGE-SECRET-KEY-PQ-1")
    assert str(HYBRID.to_recipient()).startswith("age1pq1")
    assert str(X25519).startswith("AGE-SECRET-KEY-1")
    assert str(X25519.to_recipient()).startswith("age1")


def test_the_example_keys_of_the_specification_agree():
    secret = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
    public = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
    assert str(age.X25519Identity.from_string(secret).to_recipient()) == public


def test_representations_hide_secrets():
    for identity in (HYBRID, X25519):
        assert str(identity) not in repr(identity)
        assert "SECRET" not in repr(identity)


@pytest.mark.parametrize(
    "text",
    ["", "age1", "age1pq1", "age1pq1qqqqqq", str(X25519), str(HYBRID.to_recipient())[:-1] + "b"],
    ids=["empty", "prefix", "hybrid prefix", "short", "a secret key", "wrong checksum"],
)
def test_a_bad_recipient_is_refused_in_words(text):
    with pytest.raises(age.RecipientRefused) as caught:
        age.parse_recipient(text)
    assert "key" in str(caught.value)


def test_every_single_typing_error_in_a_key_is_noticed():
    text = str(X25519.to_recipient())
    for at in range(len(text)):
        for char in "qpz9":
            if char != text[at]:
                with pytest.raises(age.RecipientRefused):
                    age.parse_recipient(text[:at] + char + text[at + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "A12UEL5L",
        "a12uel5l",
        "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
    ],
)
def test_bech32_takes_the_valid_strings_of_bip_173(text):
    prefix, data = bech32.decode(text)
    assert bech32.encode(prefix, data) == text.lower()


@pytest.mark.parametrize(
    "text",
    [
        "pzry9x0s0muk",
        "1pzry9x0s0muk",
        "x1b4n0q5v",
        "li1dgmt3",
        "A1G7SGD8",
        "10a06t8",
        "1qzzfhee",
        "a12UEL5L",
    ],
)
def test_bech32_refuses_the_invalid_strings_of_bip_173(text):
    with pytest.raises(ValueError):
        bech32.decode(text)


# --- the stock tool ------------------------------------------------------------------------


@needs_age
@pytest.mark.parametrize("in_text", [False, True], ids=["binary", "armoured"])
def test_the_stock_tool_opens_our_files(tmp_path, in_text):
    plain = bytes(range(256)) * 600
    sealed = age.encrypt(
        plain, [X25519.to_recipient(), age.X25519Identity.generate().to_recipient()]
    )
    (tmp_path / "key").write_text(str(X25519) + "\n")
    (tmp_path / "in").write_bytes(age.armor(sealed) if in_text else sealed)
    done = subprocess.run(
        ["age", "-d", "-i", tmp_path / "key", tmp_path / "in"], capture_output=True, check=True
    )
    assert done.stdout == plain


@needs_age
@pytest.mark.parametrize("option", [[], ["-a"]], ids=["binary", "armoured"])
def test_we_open_the_files_of_the_stock_tool(option):
    plain = bytes(range(256)) * 600
    done = subprocess.run(
        ["age", *option, "-r", str(X25519.to_recipient())],
        input=plain,
        capture_output=True,
        check=True,
    )
    assert age.decrypt(done.stdout, [HYBRID, X25519]) == plain


@needs_age
def test_the_stock_tool_makes_keys_that_we_read():
    made = subprocess.run(["age-keygen"], capture_output=True, check=True, text=True).stdout
    public = next(line.split(": ")[1] for line in made.splitlines() if "public key" in line)
    secret = made.splitlines()[-1]
    assert str(age.parse_identity(secret).to_recipient()) == public
