"""A change: the unit of the journal, and its one canonical encoding.

The body of a change is canonical JSON: sorted keys, no white space, UTF-8, no
floats. Bytes that are not exactly the canonical form are refused, so a change
has one digest and one meaning everywhere (see ``docs/bundle-format.md``).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from traffick_desk.i18n import N_, _

FORMAT = 1
MAX_BODY = 1 << 20
VOID = "!void"
WHOLE = "*"
# The type of what is left of a change whose values were erased by order; its id is the digest of
# what it was. No record type has a name with this sign.
ERASED = "!erased"
# Deeper values would read on one desk and overflow the stack of another.
MAX_DEPTH = 16
_SAFE_INTEGER = 2**53
_REF = re.compile(r"[^.]{1,64}\.[1-9][0-9]{0,15}", re.ASCII)


class ChangeInvalid(Exception):
    """The bytes are not a change in canonical form. Nothing of them was used."""

    def __str__(self) -> str:
        return _(N_("A part of the data is not in the expected form. It was not used."))


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """A hybrid logical clock reading: wall milliseconds and a counter.

    It never goes back on a device and is always past every stamp the device
    has seen; it orders only what causality leaves open (I9).
    """

    millis: int
    counter: int

    def next(self, wall_millis: int) -> Stamp:
        """The next reading, given the wall clock.

        A foreign stamp may stand at the end of the range; ours stays within it, or no
        desk could read our changes. The order is then left to device and number.
        """
        if self.millis < wall_millis < _SAFE_INTEGER:
            return Stamp(wall_millis, 0)
        if self.counter + 1 < _SAFE_INTEGER:
            return Stamp(self.millis, self.counter + 1)
        return Stamp(self.millis + 1, 0) if self.millis + 1 < _SAFE_INTEGER else self


@dataclass(frozen=True, slots=True)
class Change:
    """One save of one record.

    Attributes:
        device: hex id of the device that made it.
        seq: gapless number on that device, from 1.
        stamp: hybrid logical clock.
        officer: id of the officer.
        type, id: record type and record id.
        case: id of the case the record belongs to, or ``None``.
        fields: new values; ``None`` clears a field; ``!void`` holds the reason of voiding.
        replaces: register → refs (``device.seq``) of the changes whose values it replaced.
    """

    device: str
    seq: int
    stamp: Stamp
    officer: str
    type: str
    id: str
    case: str | None
    fields: Mapping[str, Any]
    replaces: Mapping[str, tuple[str, ...]]

    @property
    def ref(self) -> str:
        """``device.seq``, unique for ever."""
        return f"{self.device}.{self.seq}"

    @property
    def order(self) -> tuple[Stamp, str, int]:
        """The same total order everywhere, for choosing which of two values is shown."""
        return (self.stamp, self.device, self.seq)

    def encode(self) -> bytes:
        """The canonical bytes.

        Raises:
            ChangeInvalid: larger than :data:`MAX_BODY`, or no desk could read it.
        """
        body = dump_canonical(
            {
                "c": self.case,
                "d": self.device,
                "f": dict(self.fields),
                "h": [self.stamp.millis, self.stamp.counter],
                "i": self.id,
                "n": self.seq,
                "o": self.officer,
                "r": {register: list(refs) for register, refs in self.replaces.items()},
                "t": self.type,
                "v": FORMAT,
            }
        )
        if len(body) > MAX_BODY:
            raise ChangeInvalid
        return body

    @classmethod
    def decode(cls, body: bytes) -> Self:
        """Read canonical bytes.

        Raises:
            ChangeInvalid: not canonical, not of this shape, or too large.
        """
        value = load_canonical(body)
        try:
            if value.keys() != _KEYS or type(value["v"]) is not int or value["v"] != FORMAT:
                raise ChangeInvalid
            if not all(type(refs) is list for refs in value["r"].values()):
                raise ChangeInvalid
            millis, counter = value["h"]
            change = cls(
                device=value["d"],
                seq=value["n"],
                stamp=Stamp(millis, counter),
                officer=value["o"],
                type=value["t"],
                id=value["i"],
                case=value["c"],
                fields=value["f"],
                replaces={k: tuple(v) for k, v in value["r"].items()},
            )
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise ChangeInvalid from error
        change._check()
        return change

    def _check(self) -> None:
        texts = (self.device, self.officer, self.type, self.id)
        numbers = (self.seq, self.stamp.millis, self.stamp.counter)
        good = (
            all(type(t) is str and 0 < len(t) <= 64 for t in texts)
            and (self.case is None or (type(self.case) is str and 0 < len(self.case) <= 64))
            and all(type(n) is int and 0 <= n < _SAFE_INTEGER for n in numbers)
            and self.seq >= 1
            and "." not in self.device
            and type(self.fields) is dict
            and len(self.fields) > 0
            and max(map(len, (*self.fields, *self.replaces))) <= 64
            and all(map(_are_refs, self.replaces.values()))
        )
        if not good:
            raise ChangeInvalid


def _are_refs(refs: tuple[Any, ...]) -> bool:
    """Whether these are refs, sorted and without doubles, so that one meaning has one form."""
    if len(refs) == 1:
        return type(refs[0]) is str and _REF.fullmatch(refs[0]) is not None
    return (
        bool(refs)
        and all(type(r) is str and _REF.fullmatch(r) for r in refs)
        and list(refs) == sorted(set(refs))
    )


_KEYS = {"c", "d", "f", "h", "i", "n", "o", "r", "t", "v"}


# How the canonical bytes of an erased change end: within a text the quotes would be escaped.
_ERASED_END = f'"t":"{ERASED}","v":{FORMAT}}}'.encode()
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


def is_tombstone(body: bytes) -> bool:
    """Whether these bytes are what is left of an erased change."""
    return body.endswith(_ERASED_END)


def digest(body: bytes) -> bytes:
    """SHA-256 of the canonical bytes of a change; of an erased one, of what it was.

    Raises:
        ChangeInvalid: an erased change names no digest.
    """
    if is_tombstone(body):
        was = Change.decode(body).id
        if _DIGEST.fullmatch(was) is None:
            raise ChangeInvalid
        return bytes.fromhex(was)
    return hashlib.sha256(body).digest()


def tombstone(change: Change, body: bytes) -> bytes:
    """What is left of a change when its values are erased: place, number, case and digest."""
    if is_tombstone(body):
        return body
    was = digest(body).hex()
    left = Change(
        change.device, change.seq, Stamp(0, 0), "-", ERASED, was, change.case, {"erased": True}, {}
    )
    return left.encode()


def link_chain(previous: bytes, body: bytes) -> bytes:
    """The next head of a device's hash chain; the first link has 32 zero bytes before it."""
    return hashlib.sha256(previous + digest(body)).digest()


CHAIN_START = bytes(32)


# Made once: json.dumps and json.loads make a new one in each call that has options.
_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)


def _dump(value: Any) -> bytes:
    return _ENCODER.encode(value).encode()


def _refuse_float(_text: str) -> Any:
    raise ChangeInvalid


_DECODER = json.JSONDecoder(parse_float=_refuse_float, parse_constant=_refuse_float)


def load_canonical(body: bytes, limit: int = MAX_BODY) -> dict[str, Any]:
    """Read a JSON object that is exactly in canonical form.

    Re-encoding must give the same bytes: this refuses duplicate keys, other
    spellings of the same value, and white space, all at once.

    Raises:
        ChangeInvalid: it is not.
    """
    if len(body) > limit:
        raise ChangeInvalid
    try:
        value = _DECODER.decode(body.decode())
        same = type(value) is dict and _flat(value) and _dump(value) == body
    except (ValueError, RecursionError) as error:
        raise ChangeInvalid from error
    if not same:
        raise ChangeInvalid
    return value  # type: ignore[no-any-return]


def dump_canonical(value: Mapping[str, Any]) -> bytes:
    """Canonical bytes of a JSON object; the counterpart of :func:`load_canonical`.

    Raises:
        ChangeInvalid: :func:`load_canonical` would refuse them (floats, deep nesting,
            lone surrogates, keys that are not texts).
    """
    try:
        if not _flat(value := dict(value)):
            raise ChangeInvalid
        return _dump(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise ChangeInvalid from error


def _flat(value: Any, depth: int = MAX_DEPTH) -> bool:
    """Whether *value* nests no deeper than *depth* and holds only what canonical JSON has."""
    # Plain loops: this runs for every value of every change that arrives.
    if type(value) is dict:
        for key in value:
            if type(key) is not str:
                return False
        inner: Iterable[Any] = value.values()
    elif type(value) is list:
        inner = value
    else:
        return type(value) in _PLAIN
    if depth <= 0:
        return False
    for one in inner:  # noqa: SIM110 - see above
        if type(one) not in _PLAIN and not _flat(one, depth - 1):
            return False
    return True


_PLAIN = frozenset({str, int, bool, type(None)})
