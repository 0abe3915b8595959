"""Reports and statistics without the window."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traffick_desk.cli.actions.common import opened, out, out_json, table, vault_options
from traffick_desk.i18n import _, speaking

if TYPE_CHECKING:
    from traffick_desk.reports.figures import Table
    from traffick_desk.services.base import Desk
    from traffick_desk.services.statistics.spec import Scope, TableSpec


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "report",
        help=_("a report: its tables as text, JSON, workbook or paper"),
        description=_(
            "Makes a built-in report. With --outside small figures are withheld; a report that is "
            "written to a file that way is remembered, so that no later one gives them away."
        ),
    )
    _place(parser)
    parser.add_argument("report", nargs="?", help=_("which report; without it all are listed"))
    parser.add_argument(
        "--format", choices=("text", "json", "xlsx", "pdf"), default="text", help=_("of the output")
    )
    parser.add_argument("--out", type=Path, metavar=_("FILE"), help=_("where to write"))
    parser.add_argument(
        "--before", type=Path, metavar=_("FILE"), help=_("words before the figures")
    )
    parser.add_argument("--after", type=Path, metavar=_("FILE"), help=_("words after the figures"))
    parser.add_argument("--freeze", action="store_true", help=_("keep it as it was sent"))
    parser.set_defaults(run=report)

    parser = commands.add_parser(
        "statistics",
        help=_("one table by anything that is described"),
        description=_(
            "Counts what is described, by one thing or two: --by sex,age_group. Without --by it "
            "lists what can be counted by."
        ),
    )
    _place(parser)
    parser.add_argument("--of", default="person", metavar=_("WHAT"), help=_("what is counted"))
    parser.add_argument("--by", metavar="ROWS[,COLUMNS]", help=_("by what"))
    parser.add_argument(
        "--where", action="append", default=[], metavar="NAME=CODE[,CODE]", help=_("only these")
    )
    parser.add_argument(
        "--measure", default="records", metavar="records|persons|cases|sum:FIELD|median:FIELD",
        help=_("how it is counted"),
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help=_("as JSON"))
    parser.set_defaults(run=statistics)

    parser = commands.add_parser(
        "threshold", help=_("show or set the least number that is shown in what leaves")
    )
    vault_options(parser)
    parser.add_argument("value", nargs="?", type=int, help=_("the new threshold"))
    parser.set_defaults(run=threshold)


def _place(parser: argparse.ArgumentParser) -> None:
    vault_options(parser)
    parser.add_argument(
        "--period", default="..", metavar=_("PERIOD"),
        help=_("2026, 2026-Q3, 2026-H1, 2026-11 or 2026-01-01..2026-06-30"),
    )  # fmt: skip
    parser.add_argument(
        "--commune", metavar=_("UNIT"),
        help=_("code of a commune or province; all: everything at this desk (a commune's own if "
               "nothing is said)"),
    )  # fmt: skip
    parser.add_argument("--outside", action="store_true", help=_("withhold small figures"))


def _scope(options: argparse.Namespace, desk: Desk) -> Scope:
    from traffick_desk.services.statistics.spec import Period, Scope, own_place

    unit = own_place(desk.info) if options.commune is None else options.commune
    return Scope(Period.parse(options.period), "" if unit == "all" else unit)


def report(options: argparse.Namespace) -> int:
    """Make a built-in report."""
    from traffick_desk.services.statistics.builtin import REPORTS, TABLES

    if options.report not in REPORTS:
        table([(k.key, k.shown_title()) for k in REPORTS.values()], (_("Report"), _("Title")))
        return 0 if options.report is None else 2
    if options.format in {"xlsx", "pdf"} and options.out is None:
        out(_("Please say with --out where the file goes."))
        return 2
    kind = REPORTS[options.report]
    specs = tuple(TABLES[key] for key in kind.tables)
    with opened(options) as desk:
        scope = _scope(options, desk)
        if options.format == "pdf":
            # Papers are Vietnamese whatever language the screen has.
            with speaking("vi"):
                _write(desk, options, kind.shown_title(), specs, scope)
        elif options.format == "xlsx":
            _write(desk, options, kind.shown_title(), specs, scope)
        else:
            tables = _tables(desk, options, specs, scope)
            if options.format == "json":
                _json(options, kind.key, scope, tables)
            else:
                for found in tables:
                    _show(found)
        if options.freeze:
            from traffick_desk.services.statistics.frozen import FreezeReport

            before, after = _words(options)
            desk.do(FreezeReport(kind.key, scope, before, after))
            out(_("The report is frozen as it is now."))
    return 0


def _words(options: argparse.Namespace) -> tuple[str, str]:
    before, after = (p.read_text("utf-8") if p else "" for p in (options.before, options.after))
    return before, after


def _write(
    desk: Desk, options: argparse.Namespace, title: str, specs: tuple[TableSpec, ...], scope: Scope
) -> None:
    from traffick_desk.domain.practice import file_path
    from traffick_desk.services.statistics.paper import IssueReport, ReportText
    from traffick_desk.services.statistics.release import release
    from traffick_desk.services.whole_file import write_whole

    if options.outside:
        tables = release(desk, specs, scope, title)
    else:
        tables = _tables(desk, options, specs, scope)
    before, after = _words(options)
    text = ReportText(title, scope, "", before, after, controlled=options.outside)
    target = file_path(options.out) if desk.info.practice else options.out
    write_whole(target, desk.do(IssueReport(text, tables, options.format)))
    out(str(target))


def _tables(
    desk: Desk, options: argparse.Namespace, specs: tuple[TableSpec, ...], scope: Scope
) -> tuple[Table, ...]:
    from traffick_desk.services.statistics.queries import Statistics
    from traffick_desk.services.statistics.release import ControlledTables

    if options.outside:
        return desk.ask(ControlledTables(specs, scope))
    return desk.ask(Statistics(specs, scope))


def _json(options: argparse.Namespace, key: str, scope: Scope, tables: tuple[Table, ...]) -> None:
    import json

    from traffick_desk.services.statistics.frozen import table_json

    found = {
        "report": key,
        "period": [scope.period.first, scope.period.last],
        "unit": scope.unit,
        "controlled": bool(options.outside),
        "tables": [table_json(t) for t in tables],
    }
    if options.out is None:
        out_json(found)
    else:
        options.out.write_text(json.dumps(found, ensure_ascii=False, indent=2), "utf-8")
        out(str(options.out))


def _show(found: Table) -> None:
    out(found.title)
    table(
        [(head.label, *(f.text() for f in figures)) for head, figures in found.lines()],
        found.heads(),
    )
    for note in found.all_notes():
        out(f"  {note}")
    out()


def statistics(options: argparse.Namespace) -> int:
    """Make one table, or list what can be counted by."""
    from traffick_desk.reports.figures import Measure
    from traffick_desk.services.statistics.frozen import table_json
    from traffick_desk.services.statistics.queries import BuilderChoices
    from traffick_desk.services.statistics.spec import SpecRefused, TableSpec

    with opened(options) as desk:
        if not options.by:
            choices = desk.ask(BuilderChoices(options.of))
            table([(c.key, c.label) for c in choices.subjects], ("--of", ""))
            out()
            table([(c.key, f"{c.group}: {c.label}" if c.group else c.label)
                   for c in choices.dimensions], ("--by", ""))  # fmt: skip
            return 0
        rows, _comma, columns = options.by.partition(",")
        where = {}
        for condition in options.where:
            name, equal, codes = condition.partition("=")
            if not equal:
                text = _("“{text}” is no condition; write NAME=CODE.")
                raise SpecRefused(text.format(text=condition))
            where[name.strip()] = tuple(c.strip() for c in codes.split(","))
        how, _colon, amount = options.measure.partition(":")
        if how not in set(Measure):
            raise SpecRefused(_("“{name}” cannot be counted.").format(name=options.measure))
        spec = TableSpec(
            options.of, rows.strip(), columns.strip(), Measure(how), amount, where
        ).of_the_received()
        (found,) = _tables(desk, options, (spec,), _scope(options, desk))
        if options.json:
            out_json(table_json(found))
        else:
            _show(found)
    return 0


def threshold(options: argparse.Namespace) -> int:
    """Show or set the threshold."""
    from traffick_desk.services.statistics.release import SetThreshold, Threshold

    with opened(options) as desk:
        if options.value is not None:
            desk.do(SetThreshold(options.value))
        out(str(desk.ask(Threshold())))
    return 0
