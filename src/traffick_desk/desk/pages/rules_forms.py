"""Forms that a province adds: read from files, listed, taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from traffick_desk import papers
from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.i18n import _
from traffick_desk.papers.formfile import OWN_KEYS


class FormsPart(QFrame):
    """The forms of a draft.

    Signals:
        added: a form was read; Emits: its entry (key, text).
        removed: a form is to be taken out; Emits: its place.
    """

    added = Signal(object)
    removed = Signal(int)

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("rules_forms_card")
        self.setProperty("role", "card")
        self._host = host
        self._lines = kit.vbox(gap=4)
        self.add_button = kit.button(
            _("Add a form from a file…"), "rules_forms_add", self.choose, icon="plus"
        )
        self.setLayout(
            kit.vbox(
                kit.label(_("Forms"), "subheading"),
                kit.label(
                    _(
                        "Forms of your province, described in a file as docs/forms.md says; the "
                        "key begins with “{prefix}”."
                    ).format(prefix=OWN_KEYS),
                    "muted",
                ),
                self._lines,
                kit.hbox(self.add_button, None),
                margins=16,
            )
        )

    def show_entries(self, entries: Sequence[dict[str, Any]]) -> None:
        """Show the forms of the draft, with what is wrong with one."""
        kit.clear(self._lines)
        for place, entry in enumerate(entries):
            key = str(entry.get("key"))
            try:
                title = str(papers.read_own(key, str(entry.get("text"))).info.title)
            except papers.FormError as error:
                title = str(error)
            take = kit.button(
                _("Take out"),
                f"rules_forms_remove_{place}",
                lambda place=place: self.removed.emit(place),
                role="quiet",
                accessible=_("Take out: {what}").format(what=title),
            )
            row = kit.hbox(kit.label(f"{title} ({key})"), take)
            row.setStretch(0, 1)
            self._lines.addWidget(kit.panel(row))

    def choose(self) -> None:
        """Let the person choose the file."""
        self._host.dialogs.open_file(
            _("Add a form"), _("Forms") + " (*.yaml *.yml)", self.read_file
        )

    def read_file(self, path: Path) -> None:
        """Read a form; what is wrong with it is said."""
        try:
            text = path.read_text("utf-8")
            key = papers.own_key(text, path.name)
            papers.read_own(key, text)
        except (OSError, UnicodeDecodeError) as error:
            self._host.messages.fail(
                _("The file could not be read."), "", getattr(error, "strerror", "") or ""
            )
        except papers.FormError as error:
            self._host.messages.fail(_("This form cannot be used."), str(error))
        else:
            self.added.emit({"key": key, "text": text})
