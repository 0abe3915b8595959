"""An old register taken in from a spreadsheet, and a list of cases saved as one."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traffick_desk.cli.actions.common import opened, out, table, vault_options
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import _, ngettext

if TYPE_CHECKING:
    from traffick_desk.services.register import Preview, Table


class ColumnUnknown(LookupError):
    """There is no such column."""

    def __str__(self) -> str:
        return _("There is no column “{name}”. Nothing was written.").format(name=self.args[0])


class NotRedacted(PermissionError):
    """Columns that tell who somebody is were asked for without saying so."""

    def __str__(self) -> str:
        return _(
            "These columns tell who somebody is: {names}. Nothing was written. Add --identifying "
            "if you really need them."
        ).format(names=self.args[0])


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "import-register",
        help=_("take in an old register (.xlsx, .csv)"),
        description=_(
            "Each row becomes a case. Run again with the same file it adds nothing twice. "
            "With --dry-run nothing is written. “import” does the same when it is given a table."
        ),
    )
    vault_options(parser)
    parser.add_argument("file", type=Path, help=_("workbook (.xlsx) or text with columns (.csv)"))
    table_options(parser)
    parser.set_defaults(run=import_register)

    parser = commands.add_parser(
        "export-list",
        help=_("save the list of cases as a table (.xlsx, .csv)"),
        description=_(
            "The file is not encrypted. It holds no names, addresses or numbers of papers unless "
            "they are asked for with --columns and --identifying."
        ),
    )
    vault_options(parser)
    parser.add_argument("file", type=Path, help=_("file to write, .xlsx or .csv"))
    parser.add_argument("--columns", help=_("columns, with commas between; see --show-columns"))
    parser.add_argument("--show-columns", action="store_true", help=_("only show the columns"))
    parser.add_argument("--search", default="", help=_("only cases that this finds"))
    parser.add_argument(
        "--stage", default="", choices=("", *SMALL_LISTS["stage"].codes()),
        help=_("only cases of this stage"),
    )  # fmt: skip
    parser.add_argument(
        "--identifying", action="store_true", help=_("columns may tell who somebody is")
    )
    parser.set_defaults(run=export_list)


def is_table(path: Path) -> bool:
    """Whether a file is a table of people and not a bundle, by its name."""
    return path.suffix.lower() in {".xlsx", ".csv"}


def table_options(parser: Any) -> None:
    """How a table is read, shared with ``import``."""
    parser.add_argument("--sheet", default="", help=_("sheet of the workbook"))
    parser.add_argument("--map", type=Path, help=_("what the columns are, as --write-map writes"))
    parser.add_argument(
        "--write-map", type=Path, help=_("write what the columns are to this file, then stop")
    )
    parser.add_argument("--dry-run", action="store_true", help=_("only show what would be done"))
    parser.add_argument(
        "--status", choices=SMALL_LISTS["victim_status"].codes(),
        help=_("status of everybody for whom no column says it"),
    )  # fmt: skip
    parser.add_argument(
        "--stage", choices=SMALL_LISTS["stage"].codes(), help=_("stage of the cases")
    )
    parser.add_argument(
        "--citizenship", metavar="VN",
        help=_("citizenship of everybody for whom no column says it"),
    )  # fmt: skip
    parser.add_argument(
        "--closed-on", type=date.fromisoformat, metavar="YYYY-MM-DD",
        help=_("day on which closed cases ended, where no column says it"),
    )  # fmt: skip
    parser.add_argument(
        "--twins", action="store_true",
        help=_("take in those who may have a case already, too"),
    )  # fmt: skip


def import_register(options: argparse.Namespace) -> int:
    """Show what is in a register and take it in."""
    from traffick_desk.services import register

    with opened(options) as desk:
        found = register.read(options.file, options.sheet)
        mapping = (
            register.read_file(options.map, found)
            if options.map
            else desk.ask(register.ProposeColumns(found))
        )
        said = {name: getattr(options, name) for name in ("status", "stage", "citizenship")}
        if options.closed_on:
            said["closed_on"] = options.closed_on.isoformat()
        said = {name: value for name, value in said.items() if value}
        given = {**mapping.to_json(found), **said}
        mapping = register.mapping_of(given, found)
        if options.write_map:
            text = json.dumps(mapping.to_json(found), ensure_ascii=False, indent=2)
            options.write_map.write_text(f"{text}\n", "utf-8")
            out(str(options.write_map))
            return 0
        _show_columns(found, mapping)
        preview = register.look(desk, found, mapping, _progress)
        _show_preview(found, preview)
        if options.dry_run:
            out(_("Nothing was written."))
            return 0
        wanted = set(preview.ready)
        if options.twins:
            wanted |= {row.number for row in preview.rows if row.state == "twin"}
        report = register.take_in(desk, found, mapping, preview, wanted, _progress)
    for number, text in report.refused.items():
        out(f"{number}\t{text}")
    count = len(report.taken)
    out(ngettext("{n} case was opened.", "{n} cases were opened.", count).format(n=count))
    return 0


def _progress(done: int, total: int, words: str) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        sys.stderr.write(f"\r{words} {done}/{total}{end}")


def _show_columns(found: Table, mapping: Any) -> None:
    from traffick_desk.services.register import columns

    targets = columns().targets
    rows: list[tuple[str, ...]] = [
        (heading or "–", targets[key].label() if key else _("Not taken in"))
        for heading, key in zip(found.headings, mapping.targets, strict=True)
    ]
    table(rows, (_("Heading"), _("Is taken in as")))
    out()


def _show_preview(found: Table, preview: Preview) -> None:
    from traffick_desk.services.register import STATES

    for row in preview.rows:
        if row.state in {"no_person", "known"} or (row.state == "ready" and not row.problems):
            continue
        same = ""
        if row.same is not None:
            same = row.same.file_no or _("row {n}").format(n=row.same.row)
        out(f"{row.number}\t{row.name}\t{_(STATES[row.state])}\t{same}".rstrip())
        for problem in row.problems:
            head = found.headings[problem.column] if problem.column >= 0 else ""
            out(f"\t{head}: {problem.text}")
    out()
    for state, text in STATES.items():
        if preview.counts[state]:
            out(f"{preview.counts[state]:>7}  {_(text)}")


def export_list(options: argparse.Namespace) -> int:
    """Save the list of cases."""
    from traffick_desk.services import register
    from traffick_desk.services.case_filter import CaseFilter

    with opened(options) as desk:
        known = register.list_columns(desk.context)
        if options.show_columns:
            rows: list[tuple[str, ...]] = [
                (c.key, f"{c.shown_group()}: {c.shown_label()}", "!" if c.identifying else "")
                for c in known.values()
            ]
            table(rows, (_("Column"), _("Meaning"), _("Tells who somebody is")))
            return 0
        keys = register.DEFAULT
        if options.columns:
            keys = tuple(k.strip() for k in options.columns.split(",") if k.strip())
        for key in keys:
            if key not in known:
                raise ColumnUnknown(key)
        telling = [known[key].shown_label() for key in keys if known[key].identifying]
        if telling and not options.identifying:
            raise NotRedacted(", ".join(telling))
        wanted = CaseFilter(text=options.search, stage=options.stage)
        count = register.save_list(desk, options.file, keys, wanted, progress=_progress)
    out(ngettext("{n} case was written.", "{n} cases were written.", count).format(n=count))
    out(_("This file is not encrypted. Keep it safe and delete it when it is not needed."))
    return 0
