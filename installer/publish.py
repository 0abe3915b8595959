"""What only the publisher does: keys, and update files for sticks.

``key FILE``       a new signing key under a password; prints the public half, which builds pin
``pack TREE``      an update file in ``dist/`` out of a built tree (``build/windows/versions/<n>`` …)

The password is read from the terminal, or from the file that ``--password-file`` names. The private key
never belongs on a build machine that others use, nor into the repository.
"""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import json
import sys
from pathlib import Path

import parts
from parts import DIST, say
from traffick_desk.sync import update_file
from traffick_desk.vault import publisher_key
from traffick_desk.vault.signing import SigningKey


def password(options: argparse.Namespace) -> str:
    if options.password_file:
        return str(options.password_file.read_text("utf-8").rstrip("\r\n"))
    return getpass.getpass("Password of the publisher's key: ")


def key(options: argparse.Namespace) -> int:
    made = SigningKey.generate()
    publisher_key.save(options.file, made, password(options))
    say(f"public key (for --publisher): {made.verify_key.raw.hex()}")
    return 0


def pack(options: argparse.Namespace) -> int:
    signing = publisher_key.load(options.key, password(options))
    about = json.loads((options.tree / "program.json").read_text("utf-8"))
    pinned = list(options.tree.rglob("publishers.json"))
    if not pinned:
        raise SystemExit("this tree was not made by a build: it pins no publisher")
    keys = json.loads(pinned[0].read_text("ascii"))
    if not keys:
        say(
            "note: who takes this version takes no further updates: it was built without --publisher"
        )
    made_on = dt.datetime.fromtimestamp(parts.epoch(), dt.UTC).date()
    DIST.mkdir(exist_ok=True)
    target = DIST / f"traffick-desk-{about['version']}-{about['platform']}{update_file.SUFFIX}"
    manifest = update_file.made(
        options.tree, target, signing, about,
        made_on=made_on.isoformat(), expires=options.expires,
        notes=(options.notes_vi, options.notes_en), level=options.level,
    )  # fmt: skip
    parts.sums(target)
    say(
        f"{target.name}: {target.stat().st_size / 1e6:.1f} MB, number {manifest.number}, until {manifest.expires}"
    )
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    steps = parser.add_subparsers(required=True)
    step = steps.add_parser("key")
    step.add_argument("file", type=Path)
    step.add_argument("--password-file", type=Path)
    step.set_defaults(run=key)
    step = steps.add_parser("pack")
    step.add_argument("tree", type=Path)
    step.add_argument("--key", type=Path, required=True)
    step.add_argument("--password-file", type=Path)
    step.add_argument("--expires", required=True, help="last day it may be used, 2027-12-31")
    step.add_argument("--notes-vi", default="")
    step.add_argument("--notes-en", default="")
    step.add_argument("--level", type=int, default=19)
    step.set_defaults(run=pack)
    options = parser.parse_args()
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())
