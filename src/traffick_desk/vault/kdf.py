"""Argon2id (RFC 9106) with a floor and a ceiling that hold when writing *and* when opening.

Less than the floor would let a stolen vault be guessed; more than the ceiling
would let a hostile vault file hang the PC.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from traffick_desk.vault.errors import KdfOutOfRange, NotEnoughMemory
from traffick_desk.vault.primitives import KEY_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable

SALT_SIZE = 16
_MIB = 1024
_MEMORY = (64 * _MIB, 1024 * _MIB)
_ITERATIONS = (3, 10)
_LANES = (4, 16)


@dataclass(frozen=True, slots=True)
class KdfParams:
    """How much work one password guess costs.

    Args:
        memory_kib: memory in KiB, 64 MiB to 1 GiB.
        iterations: passes over it, 3 to 10.
        lanes: parallel lanes, 4 to 16.

    Raises:
        KdfOutOfRange: outside these, whoever asks.
    """

    memory_kib: int = _MEMORY[0]
    iterations: int = _ITERATIONS[0]
    lanes: int = _LANES[0]

    def __post_init__(self) -> None:
        for value, (low, high) in (
            (self.memory_kib, _MEMORY),
            (self.iterations, _ITERATIONS),
            (self.lanes, _LANES),
        ):
            if not low <= value <= high:
                raise KdfOutOfRange(f"{value} is not within {low} to {high}")

    @property
    def cost(self) -> int:
        """Memory times passes: what the time is proportional to."""
        return self.memory_kib * self.iterations


FLOOR = KdfParams()


def derive(params: KdfParams, salt: bytes, secret: bytes | bytearray) -> bytearray:
    """A key of 32 bytes from *secret*; takes 0.1 to some seconds, so never on the GUI thread.

    Raises:
        NotEnoughMemory: the system has no room for it; nothing weaker is tried instead.
    """
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    if len(salt) != SALT_SIZE:
        raise ValueError("a salt has 16 bytes")
    out = bytearray(KEY_SIZE)
    try:
        Argon2id(
            salt=salt,
            length=KEY_SIZE,
            iterations=params.iterations,
            lanes=params.lanes,
            memory_cost=params.memory_kib,
        ).derive_into(secret, out)  # type: ignore[arg-type]
    except MemoryError as error:
        raise NotEnoughMemory(f"{params.memory_kib} KiB") from error
    return out


def _measure(params: KdfParams) -> float:
    start = time.perf_counter()
    derive(params, bytes(SALT_SIZE), b"calibration")
    return time.perf_counter() - start


def calibrate(
    target: float = 0.75,
    *,
    memory_limit_kib: int = 256 * _MIB,
    measure: Callable[[KdfParams], float] = _measure,
) -> KdfParams:
    """Parameters that take about *target* seconds (0.5 to 1.0) on this PC, never under the floor.

    Memory grows first, since it is what makes guessing expensive, up to *memory_limit_kib* (the
    vault must also open on a busy PC of 4 GB); then the passes. On a PC where already the floor
    takes longer, the floor it is.
    """
    seconds = measure(FLOOR)
    if seconds >= target:
        return FLOOR
    wanted = FLOOR.cost * target / seconds
    memory = FLOOR.memory_kib
    while memory * 2 <= min(memory_limit_kib, _MEMORY[1]) and memory * 2 * 3 <= wanted:
        memory *= 2
    passes = max(_ITERATIONS[0], min(_ITERATIONS[1], round(wanted / memory)))
    found = KdfParams(memory, passes, FLOOR.lanes)
    # One look at the real thing: more memory than the cache holds is slower than proportional.
    measured = measure(found)
    while measured > target * 4 / 3 and found != FLOOR:
        before = found.cost
        if found.iterations > _ITERATIONS[0]:
            found = KdfParams(found.memory_kib, found.iterations - 1, found.lanes)
        else:
            found = KdfParams(found.memory_kib // 2, found.iterations, found.lanes)
        measured *= found.cost / before
    return found
