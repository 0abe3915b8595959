"""HTCDS, the research file and the draft bridge to IC-TIP."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from traffick_desk.cli.actions.common import opened, out, out_json, vault_options
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import _, ngettext


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "htcds",
        help=_("files of the Human Trafficking Case Data Standard 2.0"),
        description=_(
            "Human Trafficking Case Data Standard (HTCDS) 2.0 by IOM, CC BY 4.0. Without names "
            "unless --identified is given; who has not agreed is left out."
        ),
    )
    actions = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)

    check = actions.add_parser("validate", help=_("whether a file is valid; needs no vault"))
    check.add_argument("file", type=Path, help=_("a .csv, .xlsx or .json file"))
    check.add_argument("--json", action="store_true", help=_("as JSON"))
    check.set_defaults(run=validate_file)

    export = actions.add_parser("export", help=_("write a file of persons"))
    _out(export)
    export.add_argument(
        "--identified", metavar=_("RECEIVER"), default="",
        help=_("with names, for this receiver"),
    )  # fmt: skip
    export.add_argument(
        "--use", default="services", choices=SMALL_LISTS["consent_scope"].codes(),
        help=_("what the persons must have agreed to"),
    )  # fmt: skip
    export.add_argument(
        "--recipient", metavar="age1…", default="", help=_("encrypt the file for this key of age")
    )
    export.set_defaults(run=export_file, profile="deidentified")

    take = actions.add_parser("import", help=_("open a case for each row of a file"))
    vault_options(take)
    take.add_argument("file", type=Path, help=_("a .csv, .xlsx or .json file"))
    take.set_defaults(run=import_file)

    research = commands.add_parser(
        "research-file",
        help=_("a k-anonymous file in the shape of CTDC, of those who agreed to research"),
    )
    _out(research)
    research.set_defaults(
        run=export_file, profile="research", identified="", use="research", recipient=""
    )

    draft = commands.add_parser(
        "ic-tip",
        help=_("counts by a draft of IC-TIP; no official codes, conforms to nothing"),
    )
    _out(draft)
    draft.set_defaults(run=ictip)


def _out(parser: argparse.ArgumentParser) -> None:
    vault_options(parser)
    parser.add_argument("file", type=Path, help=_("where to write"))
    parser.add_argument("--period", default="..", metavar=_("PERIOD"), help=_("of reception"))
    parser.add_argument("--commune", metavar=_("UNIT"), help=_("code of a commune or province"))


def _target(options: argparse.Namespace, practice: bool) -> Path:
    from traffick_desk.domain.practice import file_path

    return file_path(options.file) if practice else options.file


def _scope(options: argparse.Namespace) -> Any:
    from traffick_desk.services.statistics.spec import Period, Scope

    return Scope(Period.parse(options.period), options.commune or "")


def validate_file(options: argparse.Namespace) -> int:
    """Print what is not right with a file; 1 if it is not valid."""
    from dataclasses import asdict

    from traffick_desk.reports.standards.validate import valid, validate
    from traffick_desk.services.base import clock
    from traffick_desk.services.standards import read

    sheet = read(options.file)
    problems = validate(sheet, clock().date())
    if options.json:
        out_json({"rows": len(sheet.rows), "valid": valid(problems),
                  "problems": [asdict(p) for p in problems]})  # fmt: skip
        return 0 if valid(problems) else 1
    words = {"error": _("wrong"), "warning": _("doubtful")}
    for p in problems:
        where = _("row {n}").format(n=p.row) if p.row else _("file")
        out(f"{words[p.level]}\t{where}\t{p.text}")
    rows = ngettext("{n} row", "{n} rows", len(sheet.rows)).format(n=len(sheet.rows))
    verdict = _("Valid HTCDS 2.0") if valid(problems) else _("Not valid HTCDS 2.0")
    out(f"{verdict}: {rows}")
    return 0 if valid(problems) else 1


def export_file(options: argparse.Namespace) -> int:
    """Write a file of persons."""
    from traffick_desk.reports.standards.files import FORMATS
    from traffick_desk.services.standards import ExportStandard, left_out_words

    kind = options.file.suffix.lower()
    if kind not in FORMATS:
        out(_("Please choose a file that ends with .csv, .xlsx or .json."))
        return 2
    profile = "identified" if options.identified else options.profile
    with opened(options) as desk:
        command = ExportStandard(
            profile, kind, _scope(options), options.identified, options.use, options.recipient
        )
        made = desk.do(command)
        target = _target(options, desk.info.practice)
        target.write_bytes(made.content)
    rows = ngettext("{n} row", "{n} rows", made.rows).format(n=made.rows)
    out(f"{target}: {rows}")
    for reason, count in made.left_out.items():
        text = ngettext("{n} person left out: {why}", "{n} persons left out: {why}", count)
        out(text.format(n=count, why=left_out_words(reason)))
    return 0


def import_file(options: argparse.Namespace) -> int:
    """Open a case for each row."""
    from traffick_desk.services.standards import read, take_in

    sheet = read(options.file)
    with opened(options) as desk:
        found = take_in(desk, sheet)
    text = ngettext("{n} case opened", "{n} cases opened", len(found.opened))
    out(text.format(n=len(found.opened)))
    if found.here:
        out(_("Here already, left out: {n}").format(n=found.here))
    if found.nameless:
        out(_("Without a name, left out: {n}").format(n=found.nameless))
    return 0


def ictip(options: argparse.Namespace) -> int:
    """Write counts by the draft bridge."""
    from traffick_desk.services.ictip import ExportIctip

    with opened(options) as desk:
        content = desk.do(ExportIctip(_scope(options)))
        target = _target(options, desk.info.practice)
        target.write_bytes(content)
    out(str(target))
    out(_("This is a draft: it holds no official codes of IC-TIP and does not conform to it."))
    return 0
