"""A process of its own that derives keys, wipes them, and waits to be looked at."""

from __future__ import annotations

import sys

from traffick_desk.vault.primitives import subkey, wipe

DEK = bytes(range(32))
LABELS = tuple(f"database{chr(97 + number)}" for number in range(20))


def work() -> None:
    dek = bytearray(DEK)
    for label in LABELS:
        wipe(subkey(dek, label))
    wipe(dek)
    print("ready", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    work()
