"""Erasing a case on demand, holding it, and how long closed cases are kept."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from traffick_desk.cli.actions.cases import case_id as case_id_of
from traffick_desk.cli.actions.common import opened, out, table, vault_options
from traffick_desk.i18n import _


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser("erasure", help=_("erase a case on lawful demand, or hold it"))
    tasks = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)

    def task(name: str, words: str, run: Any, *, case: bool = False) -> Any:
        made = tasks.add_parser(name, help=words)
        vault_options(made)
        if case:
            made.add_argument("case", help=_("file number or id of the case"))
        made.set_defaults(run=run)
        return made

    task("list", _("demands that wait, and what was erased"), show)
    task("preview", _("what would be erased, and what stays"), preview, case=True)
    one = task("request", _("write down a demand; nothing is erased yet"), request, case=True)
    one.add_argument("--ground", required=True, help=_("code of the ground, see erasure grounds"))
    one.add_argument("--reason", required=True, help=_("what was asked, in words"))
    one.add_argument("--paper", default="", help=_("number of the demand or decision"))
    one = task("order", _("order a demand to be carried out (province, another officer)"), order)
    one.add_argument("request", help=_("id of the demand, see erasure list"))
    one.add_argument("--although-open", default="", help=_("why, if the case is not closed"))
    one = task("certificate", _("write the certificate"), certificate)
    one.add_argument("order", help=_("id of the order, see erasure list"))
    one.add_argument("--output", type=Path, required=True, help=_("file to write (PDF)"))
    one = task("hold", _("keep a case from being erased"), hold, case=True)
    one.add_argument("--body", required=True, help=_("who needs the data"))
    one.add_argument("--paper", default="", help=_("number of the demand or decision"))
    one.add_argument("--reason", default="", help=_("what for, in words"))
    task("holds", _("the cases that are held, and for whom"), holds)
    task("unhold", _("nobody needs the data any more"), unhold, case=True)
    one = task("keep", _("how long closed cases are kept, as the province decided"), keep)
    one.add_argument("--months", type=int, help=_("months after closing"))
    one.add_argument("--decision", default="", help=_("the decision that says so"))
    one.add_argument("--of", default="", help=_("its day, YYYY-MM-DD"))
    made = tasks.add_parser("grounds", help=_("the grounds and their codes"))
    made.set_defaults(run=grounds)


def grounds(_options: argparse.Namespace) -> int:
    """List the grounds."""
    from traffick_desk.domain.codes import SMALL_LISTS

    known = SMALL_LISTS["erasure_ground"]
    table([(code, known.label(code)) for code in known.codes()], (_("Code"), _("Ground")))
    return 0


def show(options: argparse.Namespace) -> int:
    """List demands and orders."""
    from traffick_desk.services.erasure import ErasureRequests, Erasures

    with opened(options) as desk:
        waiting, done = desk.ask(ErasureRequests()), desk.ask(Erasures())
    table(
        [(w.id, w.file_no, w.asked_on, w.ground, w.asked_by) for w in waiting],
        (_("Demand"), _("File number"), _("Asked on"), _("Ground"), _("Asked by")),
    )
    out()
    table(
        [(e.id, e.file_no, e.ordered_on, e.ground, str(e.entries)) for e in done],
        (_("Order"), _("File number"), _("Ordered on"), _("Ground"), _("Entries")),
    )
    return 0


def preview(options: argparse.Namespace) -> int:
    """Say what would go and what stays."""
    from traffick_desk.services.erasure import PreviewErasure

    with opened(options) as desk:
        seen = desk.ask(PreviewErasure(case_id_of(desk, options.case)))
    table([(name, str(n)) for name, n in seen.records.items()], (_("What goes"), _("How many")))
    out(_("Entries: {n}. Documents: {d}. Drafts: {f}.").format(
        n=seen.entries, d=seen.documents, f=seen.drafts))  # fmt: skip
    for words, found in (
        (_("Bodies that were told"), seen.told),
        (_("Other cases of the same person, which stay"), seen.ties),
        (_("Other cases in which the name is found, which stay"), seen.mentions),
        (_("Held for"), tuple(h.body for h in seen.holds)),
    ):
        if found:
            out(f"{words}: {'; '.join(found)}")
    return 0


def request(options: argparse.Namespace) -> int:
    """Write down a demand."""
    from traffick_desk.services.erasure import RequestErasure

    with opened(options) as desk:
        case = case_id_of(desk, options.case)
        made = desk.do(RequestErasure(case, options.ground, options.reason, options.paper))
    out(_("Demand {id} is written down. The province orders it.").format(id=made))
    return 0


def order(options: argparse.Namespace) -> int:
    """Order it and see it through."""
    from traffick_desk.services.erasing import erase, words_for

    with opened(options) as desk:
        proof = erase(desk, options.request, options.although_open)
    out(words_for(proof))
    out(_("Order: {id}").format(id=proof.order_id))
    return 0


def certificate(options: argparse.Namespace) -> int:
    """Write the certificate."""
    from traffick_desk.services.erasing import ErasureCertificate

    with opened(options) as desk:
        pdf = desk.ask(ErasureCertificate(options.order))
    options.output.write_bytes(pdf)
    out(_("Written: {path}").format(path=options.output))
    return 0


def hold(options: argparse.Namespace) -> int:
    """Hold a case."""
    from traffick_desk.services.holds import HoldCase

    with opened(options) as desk:
        case = case_id_of(desk, options.case)
        desk.do(HoldCase(case, options.body, options.paper, reason=options.reason))
    out(_("The case is held."))
    return 0


def holds(options: argparse.Namespace) -> int:
    """List the holds."""
    from traffick_desk.services.holds import Holds

    with opened(options) as desk:
        found = desk.ask(Holds())
    table(
        [(h.file_no, h.body, h.paper_no, h.since, h.reason) for h in found],
        (_("File number"), _("Held for"), _("Number"), _("Since"), _("Reason")),
    )
    return 0


def unhold(options: argparse.Namespace) -> int:
    """End the hold."""
    from traffick_desk.services.holds import EndHold

    with opened(options) as desk:
        desk.do(EndHold(case_id_of(desk, options.case)))
    out(_("The case is not held any more."))
    return 0


def keep(options: argparse.Namespace) -> int:
    """Say or set how long closed cases are kept."""
    from traffick_desk.services.retention import PastRetention, RetentionRule, SetRetention

    with opened(options) as desk:
        if options.months:
            day = options.of or desk.context.today
            desk.do(SetRetention(options.months, options.decision, day))
        known, past = desk.ask(RetentionRule()), desk.ask(PastRetention())
    if known is None:
        out(_("The province has not decided how long closed cases are kept; none is past it."))
        return 0
    out(_("{n} months after closing, by {decision} of {day}.").format(
        n=known.months, decision=known.decision, day=known.made_on))  # fmt: skip
    table(
        [(p.file_no, p.closed_on, p.since, _("held") if p.held else "") for p in past],
        (_("File number"), _("Closed on"), _("Past since"), ""),
    )
    return 0
