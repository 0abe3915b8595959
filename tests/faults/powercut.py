"""What a disk may hold after a power cut, made from a record of writes and syncs.

What was synced is there. Of what was written since, the disk may have any part: all of it, none of
it, some writes and not others in whatever order, some sectors of a write and not the rest. New,
renamed and removed names are durable once the folder (or the file itself) was synced; before, any
first part of them is.
"""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512


@dataclass(frozen=True)
class Step:
    what: str
    name: str
    place: int
    data: bytes


def read(log: Path, folder: Path) -> list[Step]:
    """The steps that ``recorder.c`` wrote down; names are relative to the folder."""
    raw = log.read_bytes()
    steps, at = [], 0
    while at < len(raw):
        what = chr(raw[at])
        (length,) = struct.unpack_from("=I", raw, at + 1)
        at += 5
        name = raw[at : at + length].decode()
        at += length
        place, _second, size = struct.unpack_from("=QQQ", raw, at)
        at += 24
        steps.append(Step(what, _short(name, folder), place, raw[at : at + size]))
        at += size
    return steps


def _short(name: str, folder: Path) -> str:
    return name.removeprefix(str(folder)).lstrip("/")


@dataclass
class File:
    """Content that is on the disk for certain, and what was written or cut since."""

    durable: bytes = b""
    since: list[Step] = field(default_factory=list)


def apply(content: bytes, steps: list[Step]) -> bytes:
    made = bytearray(content)
    for step in steps:
        if step.what == "t":
            made = made[: step.place] + bytes(max(0, step.place - len(made)))
            continue
        if len(made) < step.place:
            made += bytes(step.place - len(made))
        made[step.place : step.place + len(step.data)] = step.data
    return bytes(made)


class Disk:
    """Follows the steps; :meth:`image` gives one thing the disk may hold now."""

    def __init__(self, before: dict[str, bytes]) -> None:
        self.files = {name: File(content) for name, content in before.items()}
        # Names as they are for certain, and changes of names since.
        self._names = dict(self.files)
        self._changes: list[dict[str, File]] = []

    def follow(self, step: Step, folder: Path) -> None:
        if step.name.endswith("-shm"):
            return  # made anew at opening
        match step.what:
            case "c":
                self.files = {**self.files, step.name: File()}
                self._changes.append(self.files)
            case "w" | "t":
                self.files[step.name].since.append(step)
            case "s":
                synced = self.files[step.name]
                synced.durable, synced.since = apply(synced.durable, synced.since), []
                self._settle()
            case "d":
                self._settle()
            case "u":
                self.files = {n: f for n, f in self.files.items() if n != step.name}
                self._changes.append(self.files)
            case "r":
                after = _short(step.data.decode(), folder)
                moved = dict(self.files)
                moved[after] = moved.pop(step.name)
                self.files = moved
                self._changes.append(self.files)

    def _settle(self) -> None:
        # As on a file system with a journal: syncing one file settles the names before it.
        self._names, self._changes = dict(self.files), []

    def image(self, chance: random.Random | None, *, everything: bool) -> dict[str, bytes]:
        """One possible content of the folder.

        Args:
            chance: which parts made it to the disk; without it, all or none did.
            everything: all that was written is there; else only what was synced.
        """
        if chance is None:
            names = self.files if everything else self._names
            return {
                name: apply(file.durable, file.since) if everything else file.durable
                for name, file in names.items()
            }
        names = chance.choice([self._names, *self._changes]) if self._changes else self.files
        return {name: _some(file, chance) for name, file in names.items()}


def _some(file: File, chance: random.Random) -> bytes:
    share = chance.choice((0.1, 0.5, 0.9))
    chosen = [step for step in file.since if chance.random() < share]
    if chance.random() < 0.5:
        chance.shuffle(chosen)
    torn = []
    for step in chosen:
        if step.what == "t" or chance.random() < 0.7:
            torn.append(step)
            continue
        for start in range(0, len(step.data), SECTOR):
            if chance.random() < 0.5:
                part = step.data[start : start + SECTOR]
                torn.append(Step("w", step.name, step.place + start, part))
    return apply(file.durable, torn)
