"""What bundles brought and took, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from traffick_desk.desk.pages.places import size_words
from traffick_desk.desk.parsing import show_moment
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.exchange import ExportReport, ImportReport, LinkView

# (device, label) → how people call that desk.
NameOf = Callable[[str, str], str]
# Outcome → order in the report (what needs a look comes first), icon, tone.
OUTCOMES = {
    "refused": (0, "late", "late"),
    "waiting": (1, "clock", "due"),
    "applied": (2, "ok", "ok"),
    "already": (3, "info", "muted"),
}


def state(link: LinkView) -> list[tuple[str, str, str]]:
    """The state of the link to the province: lines of icon, tone and words."""
    lines = []
    if link.unsent:
        text = ngettext(
            "{n} change is saved on this PC only.", "{n} changes are saved on this PC only.",
            link.unsent,
        )  # fmt: skip
        lines.append(("export", "due", text.format(n=link.unsent)))
    if link.carried and link.hub_at:
        text = ngettext(
            "{n} change was sent to the hub ({when}); the province has not confirmed it yet.",
            "{n} changes were sent to the hub ({when}); the province has not confirmed them yet.",
            link.carried,
        )
        when = show_moment(link.hub_at)
        lines.append(("sync", "accent", text.format(n=link.carried, when=when)))
    elif link.carried:
        text = ngettext(
            "{n} change was written to a stick; the province has not confirmed it yet.",
            "{n} changes were written to a stick; the province has not confirmed them yet.",
            link.carried,
        )
        lines.append(("stick", "accent", text.format(n=link.carried)))
    nothing_left = not link.unsent and not link.carried and not link.documents
    if nothing_left and link.received_on:
        text = _("The province has received everything ({when}).")
        lines.append(("ok", "ok", text.format(when=show_moment(link.received_on))))
    elif link.received_on:
        text = _("The province last confirmed on {when}.")
        lines.append(("ok", "ok", text.format(when=show_moment(link.received_on))))
    elif nothing_left:
        lines.append(("ok", "ok", _("There is nothing to send.")))
    if link.documents:
        text = ngettext(
            "{n} document is still to be sent ({size}).",
            "{n} documents are still to be sent ({size}).",
            link.documents,
        )
        words = text.format(n=link.documents, size=size_words(link.document_size))
        lines.append(("document", "due", words))
    if link.waiting:
        text = ngettext(
            "{n} file of the province waits for an earlier one.",
            "{n} files of the province wait for an earlier one.",
            link.waiting,
        )
        lines.append(("clock", "due", text.format(n=link.waiting)))
    if link.last_import_on:
        text = _("Last file of the province: {when}.")
        lines.append(("import", "muted", text.format(when=show_moment(link.last_import_on))))
    return lines


def heard(link: LinkView) -> str:
    """When something of a commune last came in."""
    return show_moment(link.last_import_on) if link.last_import_on else _("never yet")


def confirmed(link: LinkView) -> str:
    """When a commune last confirmed."""
    return show_moment(link.received_on) if link.received_on else _("not yet")


def brought(report: ImportReport) -> list[str]:
    """What one bundle brought, part by part."""
    new, changed = len(report.new_cases), len(report.changed_cases)
    counted = (
        (new, ngettext("{n} new case", "{n} new cases", new)),
        (changed, ngettext("{n} changed case", "{n} changed cases", changed)),
        (report.decisions, ngettext("{n} decision", "{n} decisions", report.decisions)),
        (
            report.conflicts,
            ngettext("{n} value to choose", "{n} values to choose", report.conflicts),
        ),
        (
            report.documents,
            ngettext("{n} document", "{n} documents", report.documents),
        ),
        (
            report.refused_documents,
            _("documents that do not fit their entry were left out"),
        ),
        (
            report.handed_back,
            ngettext(
                "{n} entry of the province's former PC handed back; please compare with the papers",
                "{n} entries of the province's former PC handed back; please compare with the "
                "papers",
                report.handed_back,
            ),
        ),
        (report.released, ngettext("{n} waiting file", "{n} waiting files", report.released)),
    )
    parts = [text.format(n=number) for number, text in counted if number]
    if report.receipts:
        parts.append(_("confirmation of what was sent"))
    return parts


def came(report: ImportReport, name_of: NameOf) -> tuple[str, str]:
    """Head and body of one imported bundle."""
    if report.sender and report.number:
        head = _("{sender}, bundle {number}").format(
            sender=name_of(report.sender, report.sender_label), number=report.number
        )
        if report.made_at:
            head += f" · {show_moment(report.made_at)}"
    else:
        head = _("File {name}").format(name=report.file)
    if report.outcome != "applied":
        return head, report.message
    parts = brought(report)
    text = ", ".join(parts) if parts else _("nothing new")
    return head, _("Taken in: {what}.").format(what=text)


def in_order(reports: Sequence[ImportReport]) -> list[ImportReport]:
    """What needs a look first."""
    return sorted(reports, key=lambda r: OUTCOMES.get(r.outcome, (0,))[0])


def summary(reports: Sequence[ImportReport]) -> tuple[str, str]:
    """Tone and one line about a whole import."""
    applied = sum(r.outcome == "applied" for r in reports)
    refused = sum(r.outcome == "refused" for r in reports)
    waiting = sum(r.outcome == "waiting" for r in reports)
    if not reports:
        return "due", _("There is no file for this desk here. Nothing was changed.")
    parts = []
    if applied:
        parts.append(_count_files(applied))
    if waiting:
        text = ngettext("{n} waits for an earlier file", "{n} wait for an earlier file", waiting)
        parts.append(text.format(n=waiting))
    if refused:
        text = ngettext("{n} was not taken in", "{n} were not taken in", refused)
        parts.append(text.format(n=refused))
    if not parts:
        return "ok", _("Everything here was taken in before. Nothing was changed.")
    tone = "late" if refused else "due" if waiting else "ok"
    return tone, ", ".join(parts) + "."


def _count_files(number: int) -> str:
    return ngettext("{n} file was taken in", "{n} files were taken in", number).format(n=number)


def went(report: ExportReport, name_of: NameOf) -> str:
    """One exported bundle."""
    cases = ngettext("{n} case", "{n} cases", report.cases).format(n=report.cases)
    if report.documents:
        cases = ngettext("{n} document", "{n} documents", report.documents)
        cases = cases.format(n=report.documents)
    elif not report.cases:
        # Nothing but the confirmation of what came in before.
        cases = _("confirmation of what was received")
    return _("For {receiver}: bundle {number}, {cases}, {size}").format(
        receiver=name_of(report.receiver, report.receiver_label),
        number=report.number,
        cases=cases,
        size=size_words(report.size),
    )
