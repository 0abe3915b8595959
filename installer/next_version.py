"""A made-up next version out of a built tree, with its update file: only for the smoke tests.

``next_version.py TREE PLATFORM STICK [leave-out ...]``

The whole tree goes the real way: only the number in ``edition.py`` and the version in
``program.json`` are others. The key is made here, kept nowhere, and pinned in the copy; the smoke
test pins it in what it installed, too (``STICK/publishers.json``). What is shipped never has it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import parts
from traffick_desk.sync import update_file
from traffick_desk.vault.signing import SigningKey


def replace(path: Path, data: bytes) -> None:
    """Put other bytes at *path*, which may be a hard link to the built file."""
    path.unlink()
    path.write_bytes(data)


def make(tree: Path, platform: str, stick: Path, leave_out: list[str]) -> Path:
    """The update file of the version after *tree*, on *stick*."""
    signing = SigningKey.generate()
    pinned = json.dumps([signing.verify_key.raw.hex()]) + "\n"
    about = json.loads((tree / "program.json").read_text("utf-8"))
    number = about["number"] + 1
    version = f"{about['version']}.1"
    with tempfile.TemporaryDirectory(dir=tree.parent.parent) as made:
        copy = Path(made) / "next"
        subprocess.run(["cp", "-al", str(tree), str(copy)], check=True)
        for name in leave_out:
            (copy / name).unlink()
        (source,) = copy.rglob("traffick_desk/edition.py")
        text, found = re.subn(
            r"(?m)^NUMBER = \d+$", f"NUMBER = {number}", source.read_text("utf-8")
        )
        if found != 1:
            raise SystemExit("edition.py does not say its number on a line of its own")
        replace(source, text.encode())
        for compiled in source.parent.glob("__pycache__/edition.*.pyc"):
            compiled.unlink()
        (publishers,) = copy.rglob("publishers.json")
        replace(publishers, pinned.encode())
        for name in ("program.json", "files.json"):
            (copy / name).unlink()
        parts.describe(copy, platform, number=number, version=version)
        about = json.loads((copy / "program.json").read_text("utf-8"))
        folder = stick / "TD-UPDATE"
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"next{update_file.SUFFIX}"
        today = dt.datetime.now(dt.UTC).date()
        update_file.made(
            copy, target, signing, about, made_on=today.isoformat(),
            expires=(today + dt.timedelta(days=30)).isoformat(), notes=("thử", "trial"), level=1,
        )  # fmt: skip
    (stick / "publishers.json").write_text(pinned, "ascii")
    return target


def main() -> int:
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    target = make(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4:])
    parts.say(f"{target.name}: {target.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
