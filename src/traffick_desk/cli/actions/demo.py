"""A vault full of invented cases, to show, to test with and to measure."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from traffick_desk.cli.actions.common import out, password
from traffick_desk.domain.practice import SENTENCE
from traffick_desk.i18n import _


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "demo",
        help=_("make a vault of practice full of invented cases"),
        description=_(
            "The same seed gives the same cases. The vault is one of practice: everything from it "
            "is marked, and it never mixes with real data."
        ),
    )
    parser.add_argument("folder", type=Path, help=_("where the vault is made"))
    parser.add_argument("--communes", type=int, default=100, help=_("how many communes"))
    parser.add_argument("--cases", type=int, default=50_000, help=_("how many cases"))
    parser.add_argument("--years", type=int, default=5, help=_("over how many years"))
    parser.add_argument("--seed", type=int, default=1, help=_("another number, other cases"))
    parser.add_argument("--password-file", type=Path, help=_("file with the password"))
    parser.set_defaults(run=demo)


def demo(options: argparse.Namespace) -> int:
    """Make the vault."""
    from traffick_desk.services import demo as invented

    def tell(done: int, total: int, words: str) -> None:
        print(f"\r{words} {done}/{total}", end="", file=sys.stderr, flush=True)

    wanted = invented.Wanted(options.communes, options.cases, options.years, options.seed)
    path = invented.make(options.folder, password(options), wanted, tell)
    print(file=sys.stderr)
    out(str(path))
    out(SENTENCE)
    return 0
