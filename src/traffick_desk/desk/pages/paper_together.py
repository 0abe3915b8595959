"""For whom a paper is made: this person, all of the group on one paper, or one paper of each."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.pages.together_words import elsewhere_words
from traffick_desk.i18n import _, ngettext
from traffick_desk.papers import FormInfo
from traffick_desk.services.groups_read import Group
from traffick_desk.services.papers import IssueMany, IssuePaper

ONE, ALL, EACH = "one", "all", "each"
# A form that lists these can name several persons.
_OTHERS = "companions"


class TogetherChoice(QWidget):
    """The choice; hidden for who was received alone.

    Signals:
        changed: another choice.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._cases: tuple[str, ...] = ()
        self._asked, self._elsewhere = False, ""
        self.box = QuietCombo()
        self.box.setObjectName("paper_together")
        self.box.setAccessibleName(_("For whom"))
        self.box.activated.connect(lambda _row: self._chosen())
        label = kit.label(_("For whom"), "label")
        label.setBuddy(self.box)
        self._note = kit.label("", "muted", name="paper_together_note")
        self.setLayout(kit.vbox(label, self.box, self._note, gap=4))
        self.hide()

    def ask_for_all(self, *, on: bool) -> None:
        """Whether all of the group are wanted as soon as it is known."""
        self._asked = on
        self.box.clear()

    def show_group(self, group: Group | None, info: FormInfo | None) -> None:
        """Offer what the form allows for *group*."""
        members = group.members if group is not None else ()
        self._cases = tuple(m.case_id for m in members)
        before = self.mode
        self.box.clear()
        several = len(members) > 1 and info is not None
        self.setVisible(several)
        if several:
            self.box.addItem(_("This person"), ONE)
            if any(fact.path == _OTHERS for fact in info.facts):
                self.box.addItem(_("All of the group, on one paper"), ALL)
            words = ngettext("One paper of each ({n} person)", "One paper of each ({n} persons)",
                             len(members))  # fmt: skip
            self.box.addItem(words.format(n=len(members)), EACH)
            wanted = ALL if self._asked else before
            self._asked = False
            self.box.setCurrentIndex(max(self.box.findData(wanted), 0))
            away = group is not None and group.elsewhere
            self._elsewhere = elsewhere_words() if away else ""
        self._say()

    @property
    def mode(self) -> str:
        """:data:`ONE`, :data:`ALL` or :data:`EACH`."""
        return self.box.currentData() or ONE

    def others(self) -> tuple[str, ...]:
        """The cases that the paper names too."""
        return self._cases if self.mode == ALL else ()

    def command(self, one: IssuePaper) -> Any:
        """What makes the paper: *one* for this person, or the like for all."""
        if self.mode == EACH:
            return IssueMany(self._cases, one.form, one.extra)
        return one

    def _chosen(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        if self.mode == ALL:
            words = _(
                "It names several persons, so it is not kept for printing again; that it was made "
                "is noted in each case."
            )
        elif self.mode == EACH:
            words = _("Below is the first; each has a code of its own and is noted in its case.")
        else:
            words = ""
        words = f"{words} {self._elsewhere}".strip() if words else ""
        self._note.setText(words)
        self._note.setVisible(bool(words))
