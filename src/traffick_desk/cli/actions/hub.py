"""The hub, for province IT; and a desk's round with it."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from traffick_desk.cli.actions.common import opened, out, out_json, password, table, vault_options
from traffick_desk.i18n import _

if TYPE_CHECKING:
    from traffick_desk.hub.setup import Place

_MIB = 1024 * 1024


def _default() -> Path:
    return Path(platformdirs.user_data_dir("traffick-desk", appauthor=False)) / "hub"


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser("exchange", help=_("send and fetch over the hub"))
    vault_options(parser)
    parser.add_argument("--hub", default="", help=_("address of the hub; kept for the next time"))
    parser.add_argument("--json", action="store_true", help=_("as JSON"))
    parser.set_defaults(run=exchange)

    parser = commands.add_parser(
        "hub", help=_("the hub: passes sealed files between desks and cannot read them")
    )
    steps = parser.add_subparsers(metavar=_("ACTION"), required=True)

    step = _step(steps, "init", _("make a hub that trusts a province"), init)
    step.add_argument(
        "--province", type=Path, required=True, help=_("certificate that the province wrote")
    )
    step.add_argument(
        "--bytes-in", choices=("folder", "database"), default="folder",
        help=_("where the bytes of bundles are kept (default: folder)"),
    )  # fmt: skip
    step.add_argument("--yes", action="store_true", help=_("the words were compared by telephone"))

    step = _step(steps, "run", _("serve until it is stopped"), run)
    step.add_argument(
        "--listen", default="127.0.0.1:8470", metavar=_("ADDRESS:PORT"), help=_("where to listen")
    )
    step.add_argument(
        "--name", action="append", default=[],
        help=_("host name by which desks call the hub; others are refused (may be repeated)"),
    )  # fmt: skip
    step.add_argument(
        "--proxy", default="127.0.0.1", help=_("address of the reverse proxy that is believed")
    )
    step.add_argument("--quota", type=int, default=512, help=_("MB that one desk may have here"))
    step.add_argument(
        "--requests", type=int, default=600, help=_("requests a minute that one desk may make")
    )

    step.add_argument("--most", type=int, default=200, help=_("files that one desk may have here"))

    step = _step(steps, "status", _("show desks and what waits"), status)
    step.add_argument("--json", action="store_true", help=_("as JSON"))

    step = _step(steps, "add-desk", _("add a desk by its certificate"), add_desk)
    step.add_argument("file", type=Path)

    step = _step(steps, "trust", _("trust another province's desk as well"), trust)
    step.add_argument("file", type=Path)
    step.add_argument("--yes", action="store_true", help=_("the words were compared by telephone"))

    step = _step(
        steps, "succeed", _("let a province's new PC take the place of the lost one"), succeed
    )
    step.add_argument("file", type=Path, help=_("letter that the new PC wrote (.tdnext)"))

    step = _step(steps, "revoke", _("refuse a desk from now on, for ever"), revoke)
    step.add_argument("desk", help=_("its id, or the beginning of it"))

    step = _step(steps, "user", _("give somebody a login for the status page"), user)
    step.add_argument("name")
    step.add_argument("--password-file", type=Path, help=_("file with the password"))
    step.add_argument("--drop", action="store_true", help=_("take the login away"))


def _step(steps: Any, name: str, text: str, act: Any) -> Any:
    step = steps.add_parser(name, help=text)
    step.add_argument("--data", type=Path, default=_default(), help=_("folder of the hub"))
    step.add_argument(
        "--database", default="",
        help=_("postgresql+psycopg://… (default: SQLite in the folder); better given in "
               "TRAFFICK_DESK_HUB_DATABASE, where no list of processes shows it"),
    )  # fmt: skip
    step.add_argument(
        "--bundles", type=Path, help=_("folder for the bytes of bundles (default: within --data)")
    )
    step.set_defaults(run=lambda options: _with_parts(act, options))
    return step


def _with_parts(act: Any, options: argparse.Namespace) -> int:
    try:
        return int(act(options))
    except ModuleNotFoundError as error:
        from traffick_desk.hub.errors import MissingPart

        if error.name and not error.name.startswith("traffick_desk"):
            raise MissingPart(name=error.name) from error
        raise


def _place(options: argparse.Namespace) -> Place:
    from traffick_desk.hub.limits import Limits
    from traffick_desk.hub.setup import Place

    limits = Limits()
    if hasattr(options, "listen"):
        limits = Limits(quota=options.quota * _MIB, requests=options.requests, bundles=options.most)
    names = frozenset(
        name.lower() for name in (options.name if hasattr(options, "listen") else ()) if name
    )
    return Place(options.data, options.database, options.bundles, limits, names)


def _province(options: argparse.Namespace, file: Path) -> Any:
    """The province's certificate, once its words were compared; ``None`` if they were not."""
    from traffick_desk.hub import setup
    from traffick_desk.sync.carriers import read_file

    found = setup.province_of(read_file(file))
    words = " · ".join(found.desk.words())
    out(_("Words of the province's desk: {words}").format(words=words))
    if not options.yes:
        answer = input(_("Were the words the same over the telephone? Type yes: ")).strip()
        if answer not in ("yes", "có", "co"):
            out(_("Not accepted. Nothing was changed."))
            return None
    return found


def init(options: argparse.Namespace) -> int:
    """Make a hub."""
    from traffick_desk.hub import setup

    found = _province(options, options.province)
    if found is None:
        return 1
    made = setup.make(_place(options), found, options.bytes_in)
    out(_("The hub is made: {name}. Start it with: traffick-desk hub run").format(name=made[:8]))
    return 0


def run(options: argparse.Namespace) -> int:
    """Serve."""
    from traffick_desk.hub import setup

    host, _colon, port = options.listen.rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        out(_("--listen needs an address and a port, such as 127.0.0.1:8470"))
        return 2
    setup.run(_place(options), host.strip("[]") or "127.0.0.1", int(port), proxy=options.proxy)
    return 0


def status(options: argparse.Namespace) -> int:
    """Show how the hub stands."""
    from traffick_desk.hub import setup
    from traffick_desk.hub import status as page

    with setup.opened(_place(options), connections=2) as hub:
        desks = page.lines(hub)
        figures = setup.figures(hub)
    if options.json:
        out_json({**figures, "desks": [asdict(line) for line in desks]})
        return 0
    rows: list[tuple[str, ...]] = [
        (
            line.device[:13],
            f"{page.place(line.unit)} {line.label}".strip(),
            page.heard(line),
            str(line.waiting),
            _("shut out") if line.revoked else "",
        )
        for line in desks
    ]
    table(rows, (_("Id"), _("Desk"), _("Last heard from"), _("Waits to be fetched"), ""))
    return 0


def add_desk(options: argparse.Namespace) -> int:
    """Add a desk that has not called yet."""
    from traffick_desk.hub import setup
    from traffick_desk.sync.carriers import read_file
    from traffick_desk.sync.enrolment import certificates_in

    certificate = certificates_in(read_file(options.file))[0]
    with setup.opened(_place(options), connections=2) as hub:
        if not setup.add_desk(hub, certificate):
            out(
                _("Not added: no province that this hub trusts has certified this desk, or the "
                  "desk was shut out. Nothing was changed.")
            )  # fmt: skip
            return 1
    out(_("The hub knows the desk {device}.").format(device=certificate.desk.device))
    return 0


def trust(options: argparse.Namespace) -> int:
    """Trust another province."""
    from traffick_desk.hub import setup

    found = _province(options, options.file)
    if found is None:
        return 1
    with setup.opened(_place(options), connections=2) as hub:
        setup.trust(hub, found)
    out(_("The hub trusts this province."))
    return 0


def succeed(options: argparse.Namespace) -> int:
    """Follow the letter of a new PC."""
    from traffick_desk.hub import setup

    with setup.opened(_place(options), connections=2) as hub:
        label = setup.succeed(hub, options.file.read_bytes())
    out(
        _("The hub follows the province's new PC {label}; the old one is refused.").format(
            label=label
        )
    )
    return 0


def revoke(options: argparse.Namespace) -> int:
    """Shut out a desk."""
    from traffick_desk.hub import setup

    with setup.opened(_place(options), connections=2) as hub:
        setup.shut_out(hub, options.desk)
    out(_("The hub refuses this desk from now on. The province should withdraw it too."))
    return 0


def user(options: argparse.Namespace) -> int:
    """Logins of the status page."""
    from traffick_desk.hub import setup

    with setup.opened(_place(options), connections=2) as hub:
        if options.drop:
            hub.viewers.drop(options.name)
        else:
            hub.viewers.put(options.name, password(options, _("New password: ")))
    out(_("Done."))
    return 0


def exchange(options: argparse.Namespace) -> int:
    """One round with the hub."""
    from traffick_desk.services import exchange as bundles
    from traffick_desk.services import hub

    with opened(options) as desk:
        report = hub.exchange(desk, address=options.hub, again=True)
        view = desk.ask(hub.Hub())
    if report is None:
        print(_("This desk has no hub. Please name one with --hub."), file=sys.stderr)
        return 1
    if options.json:
        found = {name: [asdict(r) for r in getattr(report, name)] for name in ("sent", "taken")}
        out_json({**found, "waiting": view.waiting})
    else:
        for sent in report.sent:
            out(
                _("For {receiver}: bundle {number}, {changes} changes, sent to the hub").format(
                    receiver=sent.receiver_label, number=sent.number, changes=sent.changes
                )
            )
        for taken in report.taken:
            out(bundles.words_of(taken))
        if not report.sent and not report.taken:
            out(_("Nothing to send and nothing to fetch."))
    return 1 if any(r.outcome == "refused" for r in report.taken) else 0
