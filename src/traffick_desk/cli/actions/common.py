"""Opening the vault for a command."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from traffick_desk.i18n import _

if TYPE_CHECKING:
    from traffick_desk.services.base import Desk


def default_vault() -> Path:
    """Where the vault of this user is when none is named."""
    return Path(platformdirs.user_data_dir("traffick-desk", appauthor=False)) / "vault"


def vault_options(parser: argparse.ArgumentParser, *, login: bool = True) -> None:
    """Options of every command that opens a vault."""
    parser.add_argument(
        "--vault", type=Path, default=default_vault(), help=_("folder of the vault")
    )
    if login:
        parser.add_argument("--login", help=_("officer (not needed if there is only one)"))
        parser.add_argument("--password-file", type=Path, help=_("file with the password"))


def password(options: argparse.Namespace, prompt: str = "") -> str:
    """The password: from a file, the environment, or asked for without showing it."""
    if getattr(options, "own_password", None) is not None:
        return str(options.own_password)
    if getattr(options, "password_file", None):
        return str(options.password_file.read_text("utf-8").rstrip("\r\n"))
    given = os.environ.get("TRAFFICK_DESK_PASSWORD")
    return given if given is not None else getpass.getpass(prompt or _("Password: "))


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Desk]:
    """The unlocked desk; closed again whatever happens."""
    from traffick_desk.services import tries, vaults

    info = vaults.peek(options.vault)
    login = options.login or (info.logins[0] if len(info.logins) == 1 else "")
    login, secret = login or input(_("Officer: ")), password(options)
    desk = tries.guarded(options.vault, lambda: vaults.unlock(options.vault, login, secret))
    try:
        yield desk
    finally:
        desk.close()


def confirmed(options: argparse.Namespace, words: str) -> bool:
    """Whether the words of another desk were compared over the telephone and are the same."""
    out(_("Words of the other desk: {words}").format(words=words))
    if options.yes:
        return True
    return input(_("Were the words the same over the telephone? Type yes: ")).strip() in (
        "yes",
        "có",
        "co",
    )


def out(text: str = "") -> None:
    """Write a line of the answer."""
    sys.stdout.write(f"{text}\n")


def out_json(value: Any) -> None:
    """Write the answer as JSON."""
    out(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def table(rows: list[tuple[str, ...]], head: tuple[str, ...]) -> None:
    """Write rows in columns wide enough for their longest text."""
    widths = [max(len(r[i]) for r in (head, *rows)) for i in range(len(head))]
    for row in (head, *rows):
        out("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
