"""One meaning, one form: a change that could be read in two ways is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.desks import change
from traffick_desk.store.changes import (
    MAX_BODY,
    VOID,
    Change,
    ChangeInvalid,
    Stamp,
    dump_canonical,
    load_canonical,
)

TOP = 2**53 - 1

GOOD = {
    "c": "k0",
    "d": "c0",
    "f": {"name": "Hoa", "note": None},
    "h": [5, 0],
    "i": "p0",
    "n": 3,
    "o": "o",
    "r": {"name": ["c0.1", "p0.2"]},
    "t": "person",
    "v": 1,
}


def packed(value):
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=True
    ).encode("utf-8", "surrogatepass")


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
scalars = (
    st.none() | st.booleans() | st.integers(-(2**70), 2**70)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)
refs = st.builds(
    lambda device, seq: f"{device}.{seq}", st.sampled_from(["c0", "p0"]), st.integers(1, 10**15)
)


@given(
    st.dictionaries(names | st.just(VOID), values, min_size=1, max_size=4),
    st.dictionaries(names, st.sets(refs, min_size=1, max_size=3).map(sorted), max_size=3),
    st.integers(0, TOP),
    st.integers(0, TOP),
    st.none() | names,
)
def test_a_change_survives_its_encoding(fields, replaces, millis, counter, case):
    replaces = {register: tuple(found) for register, found in replaces.items()}
    one = change("c0", 3, "person", "p0", fields, replaces, case, (millis, counter))
    again = Change.decode(one.encode())
    assert again == one
    assert again.encode() == one.encode()


def test_the_example_is_good():
    assert Change.decode(packed(GOOD)).ref == "c0.3"


def without(name):
    return {k: v for k, v in GOOD.items() if k != name}


def deep(levels):
    value = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "wrong",
    [
        {**GOOD, "x": 1},
        *(without(name) for name in GOOD),
        {**GOOD, "v": 2},
        {**GOOD, "v": True},
        {**GOOD, "v": "1"},
        {**GOOD, "n": 0},
        {**GOOD, "n": -1},
        {**GOOD, "n": True},
        {**GOOD, "n": 2**53},
        {**GOOD, "n": "3"},
        {**GOOD, "h": [5]},
        {**GOOD, "h": [5, 0, 0]},
        {**GOOD, "h": ["5", 0]},
        {**GOOD, "h": [-1, 0]},
        {**GOOD, "h": [2**53, 0]},
        {**GOOD, "h": {"a": 1, "b": 2}},
        {**GOOD, "h": "55"},
        {**GOOD, "h": None},
        {**GOOD, "d": ""},
        {**GOOD, "d": "a.b"},
        {**GOOD, "d": "a" * 65},
        {**GOOD, "d": 7},
        {**GOOD, "i": None},
        {**GOOD, "t": ""},
        {**GOOD, "o": []},
        {**GOOD, "c": ""},
        {**GOOD, "c": 1},
        {**GOOD, "f": {}},
        {**GOOD, "f": []},
        {**GOOD, "f": None},
        {**GOOD, "f": {"a" * 65: 1}},
        {**GOOD, "f": {"x": deep(40)}},
        {**GOOD, "f": {"x": deep(900)}},
        {**GOOD, "f": {"x": 1.5}},
        {**GOOD, "f": {"x": 1e300}},
        {**GOOD, "f": {"x": float("nan")}},
        {**GOOD, "f": {"x": float("inf")}},
        {**GOOD, "f": {"x": [1.0]}},
        {**GOOD, "f": {"x": "\ud800"}},
        {**GOOD, "r": []},
        {**GOOD, "r": None},
        {**GOOD, "r": {"name": "ab"}},
        {**GOOD, "r": {"name": {"c0.1": 1}}},
        {**GOOD, "r": {"name": []}},
        {**GOOD, "r": {"name": ["p0.2", "c0.1"]}},
        {**GOOD, "r": {"name": ["c0.1", "c0.1"]}},
        {**GOOD, "r": {"name": ["c0"]}},
        {**GOOD, "r": {"name": ["c0."]}},
        {**GOOD, "r": {"name": [".1"]}},
        {**GOOD, "r": {"name": ["c0.0"]}},
        {**GOOD, "r": {"name": ["c0.01"]}},
        {**GOOD, "r": {"name": ["c0.-1"]}},
        {**GOOD, "r": {"name": ["c0.\u00b2"]}},
        {**GOOD, "r": {"name": ["c0." + "9" * 80]}},
        {**GOOD, "r": {"name": [1]}},
        {**GOOD, "r": {"name": None}},
        {**GOOD, "r": {"a" * 65: ["c0.1"]}},
    ],
)
def test_another_shape_is_refused(wrong):
    with pytest.raises(ChangeInvalid):
        Change.decode(packed(wrong))


GOOD_BODY = packed(GOOD)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"1",
        b"{",
        b"{}",
        b" " + GOOD_BODY,
        GOOD_BODY + b"\n",
        GOOD_BODY.replace(b":", b": ", 1),
        GOOD_BODY.replace(b'"n":3', b'"n":3.0'),
        GOOD_BODY.replace(b'"n":3', b'"n":3e0'),
        GOOD_BODY.replace(b'"n":3', b'"n":03'),
        GOOD_BODY.replace(b'"n":3', b'"n":-0'),
        GOOD_BODY.replace(b'"n":3', b'"n":3,"n":3'),
        GOOD_BODY.replace(b'"n":3', b'"n":' + b"9" * 5000),
        GOOD_BODY.replace(b'"c":"k0","d":"c0"', b'"d":"c0","c":"k0"'),
        GOOD_BODY.replace(b"Hoa", b"\\u0048oa"),
        GOOD_BODY.replace(b"Hoa", b"\\u000a"),
        GOOD_BODY.replace(b"Hoa", b"\\u001F"),
        GOOD_BODY.replace(b"Hoa", b"Ho\\/a"),
        GOOD_BODY.replace(b"Hoa", b"\xff"),
        GOOD_BODY.replace(b"Hoa", b"\xc0\x80"),
        GOOD_BODY.replace(b"Hoa", b"\xed\xa0\x80"),
        GOOD_BODY.replace(b"Hoa", b"\\ud800"),
        GOOD_BODY.replace(b'"Hoa"', b"NaN"),
        GOOD_BODY.replace(b'"Hoa"', b"Infinity"),
        GOOD_BODY.replace(b'"Hoa"', b"-Infinity"),
        GOOD_BODY.replace(b'"Hoa"', b"tru"),
        GOOD_BODY.replace(b'"Hoa"', b"[" * 100_000),
        GOOD_BODY.replace(b'"Hoa"', b"[" * 100_000 + b"]" * 100_000),
        GOOD_BODY.replace(b'"Hoa"', b'{"a":' * 900 + b"1" + b"}" * 900),
        b"\xef\xbb\xbf" + GOOD_BODY,
        GOOD_BODY.decode().encode("utf-16"),
        GOOD_BODY.decode().encode("utf-32-be"),
        GOOD_BODY.replace(b"Hoa", b"x" * MAX_BODY),
    ],
)
def test_other_bytes_are_refused(body):
    with pytest.raises(ChangeInvalid):
        Change.decode(body)


@given(st.data())
def test_no_change_of_some_bytes_is_read_as_the_same_change(data):
    body = bytearray(GOOD_BODY)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(body) - 1))
        action = data.draw(st.sampled_from(["set", "insert", "delete", "double"]))
        if action == "set":
            body[place] = data.draw(st.integers(0, 255))
        elif action == "insert":
            body.insert(place, data.draw(st.sampled_from(list(b' "{}[]:,\\019e.-tn\n'))))
        elif action == "delete":
            del body[place]
        else:
            body[place:place] = body[place : place + data.draw(st.integers(1, 9))]
    try:
        one = Change.decode(bytes(body))
    except ChangeInvalid:
        return
    # What is accepted is the canonical form of what it says.
    assert one.encode() == bytes(body)


@given(st.binary(max_size=60))
@example(b"\x00")
def test_any_bytes_are_refused_in_one_way(body):
    with pytest.raises(ChangeInvalid):
        Change.decode(body)


@pytest.mark.parametrize("value", [1.5, float("nan"), "\ud800", {1: 2}, deep(30), b"x", (1,), {1}])
def test_what_no_desk_could_read_is_not_written(value):
    with pytest.raises(ChangeInvalid):
        change("c0", 1, "person", "p0", {"x": value}).encode()
    with pytest.raises(ChangeInvalid):
        dump_canonical({"x": value})


def test_a_change_too_large_is_not_written():
    with pytest.raises(ChangeInvalid):
        change("c0", 1, "person", "p0", {"x": "x" * MAX_BODY}).encode()


def test_the_limit_of_size_can_be_given():
    with pytest.raises(ChangeInvalid):
        load_canonical(b'{"a":1}', limit=6)
    assert load_canonical(b'{"a":1}', limit=7) == {"a": 1}


def test_the_refusal_speaks_to_people():
    assert str(ChangeInvalid())


@given(st.integers(0, TOP), st.integers(0, TOP), st.integers(-(2**60), 2**60))
@example(TOP, TOP, 0)
@example(TOP, 0, 0)
@example(5, TOP, 0)
@example(0, 0, 2**60)
def test_the_clock_never_goes_back_and_stays_readable(millis, counter, wall):
    now = Stamp(millis, counter)
    later = now.next(wall)
    assert later > now or now == Stamp(TOP, TOP) == later
    body = change("c0", 1, "p", "p", {"x": 1}, at=(later.millis, later.counter)).encode()
    assert Change.decode(body).stamp == later
