"""Gives readers changed bytes, within limits of time and memory; run by ``forked``.

The changes are drawn by Hypothesis, so that one that is not refused as promised is made small before
it is told.
"""

from __future__ import annotations

import resource
import signal
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from faults.forked import Life
from faults.readers import Reader, table_of

MEMORY = 200 * 1024 * 1024
SECONDS = 1.0
# What readers stumble over: depth, long numbers, odd texts, sizes at the edges.
TOKENS = (
    b"[" * 3_000, b'{"a":' * 2_000, b"9" * 5_000, b"-1", b"1e999", b"NaN", b"null", b"true",
    b'"\\ud800"', b"\x00", b"\xff\xfe", "ế\u202e\u0301".encode(), b"\xed\xa0\x80", b"../../con",
    bytes((255, 255, 255, 255)), bytes((127, 255, 255, 255)), bytes(8), b'""', b"{}", b"[]", b",",
    b"<a>" * 2_000, b"&a;", b"- " * 2_000, b"&x [*x]", b"!!python/name:os.system", b"x" * 70_000,
)  # fmt: skip
PLACE = st.floats(0, 1, exclude_max=True)
EDIT = st.one_of(
    st.tuples(st.just("set"), PLACE, st.integers(0, 255)),
    st.tuples(st.just("flip"), PLACE, st.integers(0, 7)),
    st.tuples(st.just("cut"), PLACE, PLACE),
    st.tuples(st.just("end"), PLACE, st.just(0)),
    st.tuples(st.just("again"), PLACE, st.integers(1, 2_000)),
    st.tuples(st.just("put"), PLACE, st.integers(0, len(TOKENS) - 1)),
    st.tuples(st.just("over"), PLACE, st.integers(0, len(TOKENS) - 1)),
    st.tuples(st.just("value"), PLACE, st.integers(0, len(TOKENS) - 1)),
)
ENDS = b'",:;{}[]<> \n\r\t='


def changed(data: bytes, edits: list[tuple[str, float, float]]) -> bytes:
    """*data* after *edits*; each names a place as a part of the whole."""
    made = bytearray(data)
    for kind, place, more in edits:
        at = int(place * len(made))
        number = int(more) if kind != "cut" else 0
        match kind:
            case "set":
                made[at : at + 1] = bytes((number,))
            case "flip" if made:
                made[at] ^= 1 << number
            case "cut":
                del made[at : at + 1 + int(more * (len(made) - at))]
            case "end":
                del made[at:]
            case "again":
                made[at:at] = made[at : at + 64] * number
            case "put":
                made[at:at] = TOKENS[number]
            case "over":
                made[at : at + len(TOKENS[number])] = TOKENS[number]
            case "value":
                # A whole word or number gives way to another.
                start, stop = at, at
                while start and made[start - 1] not in ENDS:
                    start -= 1
                while stop < len(made) and made[stop] not in ENDS:
                    stop += 1
                made[start:stop] = TOKENS[number]
    return bytes(made)


class TooSlow(BaseException):
    """A second of processor time was not enough."""


def _too_slow(*_given: object) -> None:
    raise TooSlow


def peak() -> int:
    """Most memory that this process ever had, bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def tried(reader: Reader, data: bytes, most: int) -> None:
    """Read; only what the reader promises may come of it, in time and within memory.

    Raises:
        Exception, TooSlow: another error of the reader.
        AssertionError: it took too much memory.
    """
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        reader.read(data)
    except reader.errors as error:
        str(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    assert peak() < most, f"{(peak() - most) / 1e6:.0f} MB too much"


def fuzz(life: Life, name: str, start: int, examples: int) -> None:
    """Try *examples* changes of the samples of one reader."""
    reader = table_of()[name]
    for sample in reader.samples:
        reader.read(reader.wrap(sample))  # what is valid is read, else nothing is tried
    signal.signal(signal.SIGPROF, _too_slow)
    most = peak() + MEMORY
    # Where the memory of a reader would grow without end, it ends here and not in the swap.
    size = 4 * MEMORY + _virtual()
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    life.arm()

    @seed(start)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        print_blob=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(reader.samples), st.lists(EDIT, min_size=1, max_size=4))
    def one(sample: bytes, edits: list[tuple[str, float, float]]) -> None:
        tried(reader, reader.wrap(changed(sample, edits)), most)

    one()


def bombs(life: Life, name: str, *files: str) -> None:
    """Try whole files against one reader."""
    reader = table_of()[name]
    signal.signal(signal.SIGPROF, _too_slow)
    most = peak() + MEMORY
    life.arm()
    for file in files:
        tried(reader, Path(file).read_bytes(), most)


def _virtual() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
