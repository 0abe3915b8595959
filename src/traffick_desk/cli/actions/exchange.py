"""Bundles and enrolment."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from traffick_desk.cli.actions import register
from traffick_desk.cli.actions.common import confirmed, opened, out, out_json, vault_options
from traffick_desk.i18n import _


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser("export", help=_("write bundles to a stick or folder"))
    vault_options(parser)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help=_("as JSON"))
    parser.add_argument(
        "--documents",
        type=float,
        metavar="MB",
        help=_("at most so many MB of documents; 0 sends only those that were asked for"),
    )
    parser.set_defaults(run=export)

    parser = commands.add_parser(
        "import",
        help=_("read bundles from a stick or folder, or a table of people"),
        description=_(
            "Bundles of other desks; of a table (.xlsx, .csv) each row becomes a case, as with "
            "import-register. The options but --json are for tables."
        ),
    )
    vault_options(parser)
    parser.add_argument("file", type=Path, help=_("folder, one bundle file, or a table"))
    parser.add_argument("--json", action="store_true", help=_("as JSON"))
    register.table_options(parser)
    parser.set_defaults(run=import_)

    parser = commands.add_parser("enrol", help=_("link a commune's PC to its province"))
    steps = parser.add_subparsers(metavar=_("STEP"), required=True)
    step = steps.add_parser("request", help=_("commune: write the request"))
    vault_options(step)
    step.add_argument("folder", type=Path)
    step.set_defaults(run=request)
    step = steps.add_parser("accept", help=_("province: check a request and write the certificate"))
    vault_options(step)
    step.add_argument("file", type=Path)
    step.add_argument("folder", type=Path)
    step.add_argument("--yes", action="store_true", help=_("the words were compared by telephone"))
    step.set_defaults(run=accept)
    step = steps.add_parser("install", help=_("commune: install the certificate"))
    vault_options(step)
    step.add_argument("file", type=Path)
    step.add_argument("--yes", action="store_true", help=_("the words were compared by telephone"))
    step.set_defaults(run=install)
    step = steps.add_parser("root", help=_("province: write its own certificate for the hub"))
    vault_options(step)
    step.add_argument("folder", type=Path)
    step.set_defaults(run=root)
    step = steps.add_parser("new-keys", help=_("ask the province for new keys of this desk"))
    vault_options(step)
    step.set_defaults(run=new_keys)
    step = steps.add_parser("withdraw", help=_("province: shut out a lost or stolen PC for ever"))
    vault_options(step)
    step.add_argument("device", help=_("its id, as links shows it"))
    step.set_defaults(run=withdraw)

    parser = commands.add_parser("links", help=_("who was last heard from, what is not sent"))
    vault_options(parser)
    parser.set_defaults(run=links)


def export(options: argparse.Namespace) -> int:
    """Write bundles, read them back, say what was written."""
    from traffick_desk.services import exchange

    with opened(options) as desk:
        most = exchange.ALL_DOCUMENTS
        if options.documents is not None:
            most = max(0, int(options.documents * 1_000_000))
        reports = exchange.export_bundles(desk, options.folder, most_documents=most)
        left = [link for link in desk.ask(exchange.Links()) if link.documents]
    if options.json:
        out_json([asdict(r) for r in reports])
        return 0
    for report in reports:
        out(
            _("For {receiver}: bundle {number}, {changes} changes of {cases} cases, {path}").format(
                receiver=report.receiver_label,
                number=report.number,
                changes=report.changes,
                cases=report.cases,
                path=report.path,
            )
        )
    for link in left:
        out(
            _("Documents not sent yet: {n}, {size} KB").format(
                n=link.documents, size=link.document_size // 1000
            )
        )
    out(_("Written and read back. You may pull out the stick."))
    return 0


def import_(options: argparse.Namespace) -> int:
    """Read bundles, each whole or not at all; of a table each row becomes a case."""
    from traffick_desk.services import exchange

    if options.map or register.is_table(options.file):
        return register.import_register(options)
    with opened(options) as desk:
        reports = exchange.import_bundles(desk, options.file)
    if options.json:
        out_json([asdict(r) for r in reports])
    else:
        for report in reports:
            out(exchange.words_of(report))
        if not reports:
            out(_("There is no bundle for this desk here."))
    return 1 if any(r.outcome == "refused" for r in reports) else 0


def request(options: argparse.Namespace) -> int:
    """Write the request and show the words to read over the telephone."""
    from traffick_desk.services import exchange

    with opened(options) as desk:
        path, words = exchange.write_request(desk, options.folder)
    out(_("Written: {path}").format(path=path))
    out(_("Read these words to the province over the telephone: {words}").format(words=words))
    return 0


def accept(options: argparse.Namespace) -> int:
    """Check a request and write the certificate."""
    from traffick_desk.services import exchange

    with opened(options) as desk:
        found = exchange.read_request(desk, options.file)
        out(f"{found.unit_name} {found.label}".strip())
        if not confirmed(options, found.words):
            out(_("Not accepted. Nothing was changed."))
            return 1
        out(_("Written: {path}").format(path=exchange.accept(desk, found, options.folder)))
    return 0


def install(options: argparse.Namespace) -> int:
    """Install the certificate."""
    from traffick_desk.services import exchange

    with opened(options) as desk:
        found = exchange.read_certificate(desk, options.file)
        if not confirmed(options, found.words):
            out(_("Not installed. Nothing was changed."))
            return 1
        exchange.install(desk, found)
        out(_("This PC is linked to {label}.").format(label=found.label))
    return 0


def root(options: argparse.Namespace) -> int:
    """Write the province's own certificate."""
    from traffick_desk.services import exchange

    with opened(options) as desk:
        path, words = exchange.write_root(desk, options.folder)
    out(_("Written: {path}").format(path=path))
    out(_("Read these words to who sets up the hub: {words}").format(words=words))
    return 0


def withdraw(options: argparse.Namespace) -> int:
    """Shut out a desk."""
    from traffick_desk.services import hub

    with opened(options) as desk:
        desk.do(hub.Withdraw(options.device))
    out(_("Withdrawn. Nothing of this desk is taken in and nothing is sent to it any more."))
    return 0


def new_keys(options: argparse.Namespace) -> int:
    """Ask for new keys of this desk."""
    from traffick_desk.services import new_keys as keys

    with opened(options) as desk:
        desk.do(keys.AskForNewKeys())
    out(
        _(
            "New keys are made. The province is asked for its certificate with the next bundle; "
            "the desk takes them into use when the answer comes. Until then all goes on as it is."
        )
    )
    return 0


def links(options: argparse.Namespace) -> int:
    """Show the links."""
    from traffick_desk.services import exchange

    with opened(options) as desk:
        for link in desk.ask(exchange.Links()):
            out(
                f"{link.label or link.unit}\t{_('not sent')}: {link.unsent}\t"
                f"{_('received')}: {link.received_on}\t{_('last heard')}: {link.last_import_on}"
                f"\t{link.device}"
            )
    return 0
