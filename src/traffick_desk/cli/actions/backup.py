"""Backups on the command line: make, list, check, name a stick, restore, print the guide."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from traffick_desk.cli.actions.common import opened, out, password, table, vault_options
from traffick_desk.i18n import _


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "backup", help=_("write an encrypted copy and prove that it opens")
    )
    vault_options(parser)
    parser.add_argument("folder", type=Path, nargs="?", help=_("instead of the chosen place"))
    parser.add_argument(
        "--stick", action="store_true", help=_("use FOLDER from now on whenever it is there")
    )
    parser.set_defaults(run=backup)

    parser = commands.add_parser("backups", help=_("list copies, without a password"))
    parser.add_argument("folder", type=Path, nargs="*", help=_("places; all sticks if none"))
    parser.add_argument(
        "--check", action="store_true", help=_("read each file and compare it with its note")
    )
    parser.set_defaults(run=backups)

    parser = commands.add_parser("restore", help=_("make a working vault out of a backup"))
    parser.add_argument("copy", type=Path, help=_("folder of the backup, or the place it is in"))
    vault_options(parser)
    parser.add_argument(
        "--replace", action="store_true", help=_("put a vault that is there aside first")
    )
    parser.add_argument(
        "--code", action="store_true", help=_("ask for the recovery code and a new password")
    )
    parser.set_defaults(run=restore)

    parser = commands.add_parser("restore-guide", help=_("write the page that says how to restore"))
    vault_options(parser)
    parser.add_argument("--output", type=Path, required=True, help=_("file to write (PDF)"))
    parser.set_defaults(run=guide)


def backup(options: argparse.Namespace) -> int:
    """Write a backup."""
    from traffick_desk.services import backup as making

    with opened(options) as desk:
        if options.stick:
            making.name_stick(desk, options.folder or Path())
        out(
            _("Backup written and checked: {path}").format(path=making.backup(desk, options.folder))
        )
    return 0


def backups(options: argparse.Namespace) -> int:
    """List the copies in some places."""
    from traffick_desk.services import backup_copies
    from traffick_desk.services.backup import sound
    from traffick_desk.sync.sticks import sticks

    found = backup_copies.look_for(options.folder or [stick.path for stick in sticks()])
    words = {True: _("as written"), False: _("DAMAGED"), None: _("not known")}
    rows: list[tuple[str, ...]] = []
    good = True
    for one in found:
        note = one.copy.note
        state = sound(one.copy) if options.check else None
        good = good and state is not False
        rows.append(
            (
                one.copy.path.name,
                one.label,
                str(note.changes) if note else "-",
                f"{note.size / 1_000_000:.1f} MB" if note else "-",
                words[state] if options.check else "",
                str(one.copy.path),
            )
        )
    table(rows, (_("Made at"), _("PC"), _("Entries"), _("Size"), _("State"), _("Folder")))
    return 0 if good else 1


def restore(options: argparse.Namespace) -> int:
    """Make a vault out of a backup."""
    from traffick_desk.services import restore as restoring

    copy = restoring.newest_in(options.copy)
    login = options.login or input(_("Officer: "))
    if options.code:
        code = input(_("Recovery code: "))
        desk = restoring.restore_with_code(
            copy, options.vault, code, login, password(options, _("New password: ")),
            replacing=options.replace,
        )  # fmt: skip
    else:
        desk = restoring.restore(
            copy, options.vault, login, password(options), replacing=options.replace
        )
    try:
        out(_("The vault is at {path}.").format(path=options.vault))
        out(_("It counts as a new PC: please link it to the province again."))
    finally:
        desk.close()
    return 0


def guide(options: argparse.Namespace) -> int:
    """Write the page that says how to restore."""
    from traffick_desk.services import backup as making
    from traffick_desk.services.papers import restore_guide

    with opened(options) as desk:
        info = desk.info
        pdf = restore_guide(
            info.unit_name,
            info.officer_name,
            info.vault_id[:8],
            desk.context.now(),
            str(making.place(desk) or ""),
        )
    options.output.write_bytes(pdf)
    out(_("Written: {path}").format(path=options.output))
    return 0
