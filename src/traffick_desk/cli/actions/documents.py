"""Documents of a case: take in, list, give out."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traffick_desk.cli.actions.cases import case_id
from traffick_desk.cli.actions.common import opened, out, out_json, table, vault_options
from traffick_desk.domain import practice
from traffick_desk.i18n import _

if TYPE_CHECKING:
    from traffick_desk.services.base import Desk
    from traffick_desk.services.documents.prepare import Found
    from traffick_desk.services.documents.queries import DocumentView

_OPTIONS = ("title", "dated", "maker", "secrecy", "note")


class NoSuchDocument(LookupError):
    """The case has no document whose id begins so, or several."""

    def __str__(self) -> str:
        return _(
            "No single document of the case {number} has an id that begins with {text}. "
            "Nothing was done; “document list” shows them."
        ).format(number=self.args[0], text=self.args[1])


class FileExists(OSError):
    """What would be written over something else."""

    def __str__(self) -> str:
        return _("{file} is there already. Nothing was written; please give another name.").format(
            file=self.args[0]
        )


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser("document", help=_("documents of a case: take in, list, export"))
    actions = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)

    one = _parser(actions, "add", _("take in scans or photos"), take_in)
    one.add_argument("files", type=Path, nargs="+", help=_("JPEG, PNG, TIFF or PDF"))
    one.add_argument("--kind", required=True, choices=_codes("document_kind"), help=_field("kind"))
    for name in _OPTIONS:
        one.add_argument(f"--{name}", default="", metavar="…", help=_field(name))
    one.add_argument("--replaces", default="", metavar="ID", help=_field("replaces"))
    one.add_argument(
        "--keep-metadata",
        action="store_true",
        help=_("leave place, time and device data in the photo"),
    )
    one.add_argument("--shrink", action="store_true", help=_("make it smaller"))

    one = _parser(actions, "list", _("documents of a case"), list_documents)
    one.add_argument("--json", action="store_true", help=_("as JSON"))

    one = _parser(actions, "export", _("write a document as a file, outside the vault"), export)
    one.add_argument("id", help=_("id of the document, or how it begins"))
    one.add_argument("--output", type=Path, required=True, help=_("file; it is NOT encrypted"))

    one = _parser(actions, "ask", _("ask the other desk for a document that is not here"), ask)
    one.add_argument("id", help=_("id of the document, or how it begins"))


def _parser(actions: Any, name: str, words: str, run: Any) -> Any:
    parser = actions.add_parser(name, help=words)
    vault_options(parser)
    parser.add_argument("number", help=_("file number"))
    parser.set_defaults(run=run)
    return parser


def _codes(name: str) -> tuple[str, ...]:
    from traffick_desk.domain.codes import SMALL_LISTS

    return SMALL_LISTS[name].codes()


def _field(name: str) -> str:
    from traffick_desk.domain.codes import SMALL_LISTS
    from traffick_desk.domain.records.document import DOCUMENT

    described = DOCUMENT[name]
    words = described.shown_label()
    if described.codes in SMALL_LISTS:
        return f"{words}: {', '.join(SMALL_LISTS[described.codes].codes())}"
    return f"{words}: 2026-11-21" if described.kind.value == "date" else words


def _found(desk: Desk, case: str, number: str, text: str) -> DocumentView:
    """The one document whose id is *text*, or begins so.

    Raises:
        NoSuchDocument: there is none, or more than one.
    """
    from traffick_desk.services.documents.queries import Documents

    views = desk.ask(Documents(case))
    found = [v for v in views if v.id == text] or [v for v in views if v.id.startswith(text)]
    if len(found) != 1:
        raise NoSuchDocument(number, text)
    return found[0]


def take_in(options: argparse.Namespace) -> int:
    """Take in files; all are looked at before the first is kept, each is one transaction."""
    from traffick_desk.services.documents.commands import AddDocument
    from traffick_desk.services.documents.prepare import look_at, prepare, read_file

    made = []
    for path in options.files:
        found = look_at(read_file(path), path.name)
        made.append(
            (path, found, prepare(found, clean=not options.keep_metadata, shrink=options.shrink))
        )
    values = {name: value for name in _OPTIONS if (value := getattr(options, name))}
    with opened(options) as desk:
        case = case_id(desk, options.number)
        replaces = options.replaces
        if replaces:
            replaces = _found(desk, case, options.number, replaces).id
        for path, found, prepared in made:
            described = {"kind": options.kind, **values}
            record = desk.do(AddDocument(case, prepared, described, replaces))
            out(f"{record}  {path.name}")
            for line in _told(found, kept=options.keep_metadata):
                out(f"    {line}")
            if prepared.size < len(found.content) and options.shrink:
                out(
                    "    "
                    + _("Made smaller: {before} KB before, {after} KB now.").format(
                        before=len(found.content) // 1000, after=prepared.size // 1000
                    )
                )
    out(_("The files themselves are still where they were, unlocked; delete them there."))
    return 0


def _told(found: Found, *, kept: bool) -> list[str]:
    from traffick_desk.services.documents.words import remarks

    return remarks(found, kept=kept)


def list_documents(options: argparse.Namespace) -> int:
    """List the documents of a case."""
    from traffick_desk.domain.codes import SMALL_LISTS
    from traffick_desk.services.documents.queries import Documents
    from traffick_desk.services.documents.words import held_words

    with opened(options) as desk:
        views = desk.ask(Documents(case_id(desk, options.number)))
    if options.json:
        out_json(
            [
                {"id": v.id, "held": v.held, "voided": v.record.voided, **v.record.values}
                for v in views
            ]
        )
        return 0
    rows: list[tuple[str, ...]] = [
        (
            v.id,
            SMALL_LISTS["document_kind"].label(v.record.get("kind") or ""),
            str(v.record.get("title") or ""),
            str(v.record.get("dated") or ""),
            f"{max(1, v.size // 1000)} KB",
            v.record.voided or held_words(v, desk.info.profile),
        )
        for v in views
    ]
    table(rows, (_("Id"), _("Kind of document"), _("Title"), _("Date"), _("Size"), _("State")))
    return 0


def export(options: argparse.Namespace) -> int:
    """Write a document outside the vault; the log says so."""
    from traffick_desk.services.documents.commands import ExportDocument

    with opened(options) as desk:
        output = practice.file_path(options.output) if desk.info.practice else options.output
        if output.exists():
            raise FileExists(output)
        case = case_id(desk, options.number)
        found = _found(desk, case, options.number, options.id)
        given = desk.do(ExportDocument(case, found.id))
        with output.open("xb") as stream:
            stream.write(given.content)
    text = _("Written to {path}. This file is not encrypted: delete it when it is not needed.")
    out(text.format(path=output))
    return 0


def ask(options: argparse.Namespace) -> int:
    """Ask for a document that is not here."""
    from traffick_desk.services.documents.commands import AskForDocument

    with opened(options) as desk:
        case = case_id(desk, options.number)
        found = _found(desk, case, options.number, options.id)
        desk.do(AskForDocument(case, found.id))
    out(_("Noted. The question goes with the next bundle, the document comes with the answer."))
    return 0
