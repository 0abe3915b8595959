"""Wrong passwords: each makes the next one wait longer, also after a restart. Nothing is destroyed.

The file ``vault.tries`` holds the moments of the refusals since the vault was last open. It cannot
be kept under a key of the vault, which is locked; so it is made evident instead when somebody
tampers with it: the refusals are chained onward from a secret start that lies inside the vault,
and a chain cannot be walked back. When the vault is opened the chain is walked from its start, the
number of refusals goes into the log, and so does a file that is missing or does not fit. Whoever
removes it gains nothing but the time that is waited here; a guess still costs what Argon2 costs.
Who copied the file beforehand and puts the copy back is not noticed.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from traffick_desk.i18n import ngettext
from traffick_desk.services.errors import ServiceError

FILE = "vault.tries"
# Seconds to wait after the n-th refusal in a row; no longer for any after the last.
DELAYS = (0, 1, 2, 4, 8, 15, 30, 60, 120, 300)
# More are not written down; the wait has long been the longest.
MOST = 1000
_SIZE = 64 * 1024

T = TypeVar("T")


class TooSoon(ServiceError):
    """The wait after a wrong password is not over."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        return ngettext(
            "A wrong password was given several times. Your data is safe. Please wait {n} second, "
            "then try again.",
            "A wrong password was given several times. Your data is safe. Please wait {n} seconds, "
            "then try again.",
            self.seconds,
        ).format(n=self.seconds)


@dataclass(frozen=True, slots=True)
class Tries:
    """The refusals since the vault was last open."""

    times: tuple[int, ...]
    tag: bytes

    def refused(self, at: int) -> Tries:
        """With one more."""
        if len(self.times) >= MOST:
            return self
        return Tries((*self.times, at), _step(self.tag, at))


def _step(tag: bytes, at: int) -> bytes:
    return hashlib.sha256(b"traffick-desk/tries\x00" + tag + at.to_bytes(8, "big")).digest()


def _read(vault: Path) -> Tries | None:
    try:
        with (vault / FILE).open("rb") as stream:
            given = json.loads(stream.read(_SIZE))
        times = tuple(int(at) for at in given["times"][:MOST])
        tag = bytes.fromhex(given["tag"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Tries(times, tag) if len(tag) == 32 and all(0 <= at < 2**63 for at in times) else None


def _write(vault: Path, tries: Tries) -> None:
    temporary = vault / f"{FILE}.tmp"
    # A disk that refuses must keep nobody out: the wait then lasts as long as the program runs.
    with suppress(OSError):
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            json.dump({"tag": tries.tag.hex(), "times": list(tries.times)}, stream)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(vault / FILE)


def wait(vault: Path, clock: Callable[[], float] = time.time) -> int:
    """How many whole seconds are left before the next password may be tried."""
    tries = _read(vault)
    if tries is None or not tries.times:
        return 0
    delay = DELAYS[min(len(tries.times), len(DELAYS)) - 1]
    passed = clock() - tries.times[-1]
    # A clock that was put back would make it wait for ever.
    return delay if passed < 0 else max(0, min(delay, round(delay - passed)))


def refuse(vault: Path, clock: Callable[[], float] = time.time) -> None:
    """Note that a password was wrong."""
    before = _read(vault) or Tries((), os.urandom(32))
    _write(vault, before.refused(int(clock())))


def guarded(vault: Path, opening: Callable[[], T], clock: Callable[[], float] = time.time) -> T:
    """What *opening* gives; a refusal of the password is noted, and too early a try not made.

    Raises:
        TooSoon: the wait is not over; nothing was tried.
        UnlockRefused: of *opening*.
    """
    from traffick_desk.vault.errors import UnlockRefused

    if left := wait(vault, clock):
        raise TooSoon(left)
    try:
        return opening()
    except UnlockRefused:
        refuse(vault, clock)
        raise


@dataclass(frozen=True, slots=True)
class Settled:
    """What the file said when the vault was opened.

    Attributes:
        refused: how often a password was refused since the last opening.
        whole: false if the file was missing, or does not follow from its start.
    """

    refused: int
    whole: bool


def settle(vault: Path, cursor: Any, device: str) -> Settled:
    """Compare the file with its start inside the vault, and begin it anew if need be.

    Args:
        vault: folder of the vault.
        cursor: of the transaction that notes the opening.
        device: id of this desk; a restored vault begins without a file.
    """
    key = f"tries:{device}"
    cursor.execute("SELECT value FROM meta WHERE key = ?", (key,))
    row = cursor.fetchone()
    found = _read(vault)
    if row is None:
        said = Settled(0, whole=True)
    elif found is None:
        said = Settled(0, whole=False)
    else:
        tag = bytes.fromhex(row[0])
        for at in found.times:
            tag = _step(tag, at)
        said = Settled(len(found.times), tag == found.tag)
    if row is None or said.refused or not said.whole:
        start = os.urandom(32)
        cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, start.hex()))
        _write(vault, Tries((), start))
    return said
