"""What is to be said about a document, the same in the window and on the command line."""

from __future__ import annotations

from traffick_desk.i18n import N_, _
from traffick_desk.services.documents.prepare import Found
from traffick_desk.services.documents.queries import HERE, PART, DocumentView

_TOLD = {
    "place": N_("the place where it was taken"),
    "time": N_("the time when it was taken"),
    "device": N_("the telephone or camera"),
    "author": N_("who made it"),
    "more": N_("a second picture"),
    "other": N_("other data"),
}


def size_words(size: int) -> str:
    """``2,4 MB``: as people write it."""
    if size >= 1_000_000:
        return f"{size / 1_000_000:.1f} MB".replace(".", ",")
    return f"{max(1, round(size / 1000))} KB"


def remarks(found: Found, *, kept: bool) -> list[str]:
    """Sentences about a file that was looked at; *kept*: what a photo tells stays in it."""
    lines = []
    if found.misnamed:
        lines.append(
            _("The ending of the file's name says something else; it was taken for what it is.")
        )
    told = [_(text) for code, text in _TOLD.items() if code in found.told]
    if told and found.media == "pdf":
        lines.append(_("The PDF says who or what program made it; a PDF is kept as it is."))
    elif told and kept:
        lines.append(
            _("It tells, beside the picture: {what}. This stays in it.").format(
                what=", ".join(told)
            )
        )
    elif told:
        lines.append(
            _("It told, beside the picture: {what}. This is taken out.").format(
                what=", ".join(told)
            )
        )
    if "attachments" in found.told:
        lines.append(
            _("There are files attached to the PDF. They are kept in it and never opened here.")
        )
    if "scripts" in found.told:
        lines.append(_("There are scripts in the PDF. They are kept in it and never run here."))
    if "signed" in found.told:
        lines.append(
            _("The PDF has a digital signature. It stays valid as long as nothing is changed.")
        )
    return lines


def lost(found: Found) -> str:
    """What is lost when a file is made smaller."""
    if found.media == "pdf":
        text = _(
            "Each page becomes a picture: text can no longer be searched or copied, and fields, "
            "attached files and a digital signature are lost."
        )
    else:
        text = _(
            "Fine detail is lost: very small print and wounds may be harder to make out. What the "
            "photo tells beside its picture is lost too."
        )
    return text


def held_words(view: DocumentView, profile: str) -> str:
    """Where the content of a document is; empty when it is here."""
    if view.held == HERE:
        return ""
    where = _("still at the commune") if profile == "province" else _("still at the other desk")
    if view.held == PART and view.size:
        where = _("on its way: {have} of {size}").format(
            have=size_words(view.have), size=size_words(view.size)
        )
    return _("{where}; asked for").format(where=where) if view.asked else where
