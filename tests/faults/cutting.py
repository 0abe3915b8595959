"""Cuts the power at each step of a record, and opens what the disk may hold then.

``python -m faults.cutting RECORD FOLDER IMAGES SEED``: writes what was proven as JSON, or fails
at the first image that is not sound.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sys
from collections import Counter
from pathlib import Path

from faults import powercut, quick
from store.desks import key
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store import audit
from traffick_desk.store.chain import verify_chain
from traffick_desk.store.store import Store

# Tries to draw an image that was not there yet; at some steps the disk has few choices.
TRIES = 6
# Most images are random parts; now and then all of it, or what was synced alone.
KINDS = ("all", "synced", "part", "part", "part", "part")


def prove(image: dict[str, bytes], said: list[str], folder: Path) -> bool:
    """Open what the disk holds; all that was said to be safe is there, and all of it is sound.

    Returns:
        Whether the case that is erased at the end of the record is erased.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in image.items():
        if name != "said":
            (folder / name).write_bytes(content)
    store = Store(folder / "vault.db", key, REGISTRY, "p0")
    store.open()
    try:
        store.check()
        with store.read() as cursor:
            assert audit.first_mismatch(cursor) is None
            assert verify_chain(cursor, "p0") is None
            cursor.execute("SELECT id FROM r_case")
            cases = {int(name[1:]) for (name,) in cursor.fetchall()}
            cursor.execute("SELECT count(*) FROM r_erasure")
            erased = bool(cursor.fetchone()[0])
        saved = {int(line.split()[1]) for line in said if line.startswith("saved")}
        assert saved - cases <= ({1} if erased else set()), "acknowledged and lost"
        assert len(cases - saved) <= 1
        assert erased or "erased 1" not in said
        assert not (erased and 1 in cases)
        return erased
    finally:
        store.close()


def campaign(record: Path, folder: Path, images: int, seed: int) -> Counter[str]:
    """Prove that many different images, the same number at each step as far as there are any."""
    steps = powercut.read(record / "log", record / "vault")
    chance = random.Random(seed)
    disk = powercut.Disk({"vault.db": (record / "before.db").read_bytes()})
    said: list[str] = []
    proven: set[bytes] = set()
    found: Counter[str] = Counter()
    for number, step in enumerate(steps, 1):
        disk.follow(step, record / "vault")
        if step.name == "said" and step.what == "w":
            # What was said just now counts; a cut cannot take back what the officer has read.
            said.append(step.data.decode().strip())
        tries = 0
        while found["images"] < images * number / len(steps) and tries < TRIES:
            tries += 1
            kind = chance.choice(KINDS)
            image = disk.image(chance if kind == "part" else None, everything=kind == "all")
            mark = hashlib.sha256(repr((len(said), sorted(image))).encode())
            for name in sorted(image):
                mark.update(hashlib.sha256(image[name]).digest())
            if mark.digest() in proven:
                continue
            proven.add(mark.digest())
            try:
                erased = prove(image, said, folder / "image")
            except BaseException:
                sys.stderr.write(f"step {number} of {len(steps)}, image {found['images']}\n")
                raise
            found["images"] += 1
            found[kind] += 1
            found["erased"] += erased
    return found


if __name__ == "__main__":
    quick.begin()
    print(json.dumps(campaign(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))))
