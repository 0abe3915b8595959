"""Small code lists of scans and photos in the vault: what they are, how secret, what was done."""

from __future__ import annotations

from traffick_desk.i18n import N_

DOCUMENT_LISTS: dict[str, dict[str, str]] = {
    "document_kind": {
        "identity": N_("Identity paper"),
        "decision": N_("Decision, certificate"),
        "letter": N_("Official letter"),
        "health": N_("Health record"),
        "injury": N_("Photo of an injury"),
        "photo": N_("Other photo"),
        "signed": N_("Signed paper"),
        "consent": N_("Signed consent"),
        "receipt": N_("Receipt for money or goods"),
        "reply": N_("Reply to a request or referral"),
        "statement": N_("Written statement"),
        "other": N_("Other document"),
    },
    "activity_file_kind": {
        "photo": N_("Photo of the activity"),
        "attendance": N_("Attendance list, scanned"),
        "paper": N_("Other paper of the activity"),
    },
    "photo_faces": {
        "nobody": N_("Nobody can be recognised"),
        "agreed": N_("All who can be recognised have agreed"),
    },
    "document_secrecy": {
        "ordinary": N_("As the rest of the case"),
        "hidden": N_("Hidden until it is opened"),
    },
    "document_media": {
        "jpeg": N_("Photo (JPEG)"),
        "png": N_("Picture (PNG)"),
        "tiff": N_("Scan (TIFF)"),
        "pdf": N_("PDF"),
    },
    "document_change": {
        "cleaned": N_("Place, time and device data taken out"),
        "turned": N_("Turned upright"),
        "shrunk": N_("Made smaller"),
    },
}

# Media code → ending of a file that is written, and its type as mail and browsers name it.
ENDINGS = {"jpeg": ".jpg", "png": ".png", "tiff": ".tif", "pdf": ".pdf"}
