"""The province prepares its rules: lists of what is set, what follows from it, and signing."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.editors import Choice
from traffick_desk.desk.editors.choice import ToggleRow
from traffick_desk.desk.host import Host
from traffick_desk.desk.newest import Newest
from traffick_desk.desk.pages.record_list import Line, RecordList
from traffick_desk.desk.pages.rules_forms import FormsPart
from traffick_desk.desk.pages.rules_types import PARTS, Part, context_for
from traffick_desk.desk.shortcuts import SAVING, bind
from traffick_desk.i18n import _, ngettext
from traffick_desk.services import rules, rules_draft
from traffick_desk.services.rules_draft import DayUnread, RulesDraft

KEEP_AFTER_MS = 400
# Of more nobody reads each; the command line says them all.
MOST_LINES = 30


class Prepare(QWidget):
    """What a province is about to say, as lists of entries; nothing holds until it is signed.

    Signals:
        closed: signed, thrown away or left; what was typed is kept as a draft.
    """

    closed = Signal()

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("rules_prepare")
        self._host = host
        self._view: rules.RulesView | None = None
        self.draft: RulesDraft | None = None
        self._begun: RulesDraft | None = None
        self._newest = Newest()
        self._keep = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._keep.timeout.connect(self.keep)
        self.lists: dict[str, RecordList] = {}
        self._others: dict[str, Any] = {}
        self._boxes: dict[str, QWidget] = {}
        self._build()
        for keys in SAVING:
            bind(self, keys, self._submit_open)

    # -- building --------------------------------------------------------------------------

    def _build(self) -> None:
        self.parts = ToggleRow(
            [*(Choice(part.kind, _(part.title)) for part in PARTS), Choice("forms", _("Forms"))],
            "rules_part",
            _("What to set"),
        )
        self.parts.press([PARTS[0].kind])
        self.parts.toggled.connect(self._part_chosen)
        self._lists = kit.vbox()
        self.forms = FormsPart(self._host)
        self.forms.added.connect(lambda entry: self._set_form(None, entry))
        self.forms.removed.connect(lambda place: self._set_form(place, None))
        self._boxes["forms"] = self.forms
        self._lists.addWidget(self.forms)
        self.note = QLineEdit()
        self.note.setObjectName("rules_note")
        self.note.setAccessibleName(_("What is new, in one sentence for the communes"))
        self.note.setMaxLength(300)
        self.note.textEdited.connect(self._noted)
        self._follows = kit.vbox(gap=4)
        self.follows_title = kit.label(_("What follows from it"), "heading")
        self.sign_button = kit.button(
            _("&Sign and send with the next bundles"),
            "rules_sign",
            self.ask_to_sign,
            role="primary",
            icon="check",
        )
        self.drop_button = kit.button(
            _("Throw away what is prepared"), "rules_drop", self.ask_to_drop, role="quiet"
        )
        leave = kit.button(_("Back to the rules"), "rules_leave", self.leave, icon="chevron-left")
        foot = kit.buttons(self.sign_button, self.drop_button)
        self.setLayout(
            kit.vbox(
                kit.hbox(leave, None),
                kit.label(_("Prepare rules of the province"), "title"),
                kit.label(
                    _(
                        "Say only what a text sets, with its source. The national rules stay "
                        "below; nothing holds until it is signed."
                    ),
                    "muted",
                ),
                self.parts,
                self._lists,
                kit.label(_("What is new, in one sentence for the communes"), "label"),
                self.note,
                kit.card(self.follows_title, self._follows, name="rules_follows"),
                kit.panel(foot),
                None,
                gap=12,
            )
        )

    def _add_list(self, part: Part, view: rules.RulesView) -> None:
        made = RecordList(
            part.type,
            context_for(self._host.context, view.national, self.draft),
            title=_(part.title),
            add=_(part.add),
            fields=[f.name for f in part.type],
            suggest=dict,
            empty=_(part.empty),
            name=f"rules_{part.kind}",
        )
        made.submitted.connect(partial(self._submitted, part))
        made.removed.connect(partial(self._removed, part))
        other = kit.label("", "muted", name=f"rules_{part.kind}_other")
        box = kit.card(made, other, name=f"rules_{part.kind}_card")
        self.lists[part.kind], self._others[part.kind], self._boxes[part.kind] = made, other, box
        self._lists.addWidget(box)

    # -- what is prepared --------------------------------------------------------------------

    def show_view(self, view: rules.RulesView) -> None:
        """Begin with the draft that was kept, or with what is in force."""
        self._view = view
        highest = max((text.number for text in view.texts), default=0)
        today = self._host.context.now().date().isoformat()
        self._begun = rules_draft.start(view.text, highest, today)
        kept = rules_draft.read(view.draft) if view.draft else self._begun
        # Another desk of the province may have signed meanwhile.
        self.draft = RulesDraft(self._begun.number, today, kept.note, kept.entries)
        for part in PARTS:
            if part.kind not in self.lists:
                self._add_list(part, view)
        self.note.setText(self.draft.note)
        self._part_chosen()
        self._show()

    def set_amount(self, level: str) -> None:
        """Open the form for the amount of a level."""
        self._open("level", {"level": level, "mark": "T"})

    def end_level(self, level: str) -> None:
        """Open the form for the end of a level."""
        self._open("end", {"level": level})

    def _open(self, kind: str, values: dict[str, Any]) -> None:
        self.parts.press([kind])
        self._part_chosen()
        self.lists[kind].add(values)

    def _part_chosen(self) -> None:
        pressed = self.parts.pressed() or [PARTS[0].kind]
        self.parts.press(pressed)
        for kind, box in self._boxes.items():
            box.setVisible(kind == pressed[0])

    def _entries(self, part: Part) -> list[tuple[int, dict[str, Any]]]:
        """The entries of a part with their places in the draft."""
        return [
            (place, entry)
            for place, entry in enumerate(self.draft.of(part.place))
            if part.place == part.kind or rules_draft.kind_of(entry) == part.kind
        ]

    def _show(self) -> None:
        context = context_for(self._host.context, self._view.national, self.draft)
        for part in PARTS:
            lines, others = [], []
            for place, entry in self._entries(part):
                words = rules_draft.words_of(part.kind, entry, self.draft, self._view.national)
                values = rules_draft.shown(part.kind, entry)
                if values is None:
                    others.append(words)
                else:
                    lines.append(Line(str(place), values, text=words))
            made = self.lists[part.kind]
            made.context = context
            made.show_lines(lines)
            self._others[part.kind].setText("\n".join(others))
            self._others[part.kind].setVisible(bool(others))
        self.forms.show_entries(self.draft.of("forms"))
        self._look_ahead()

    def _submit_open(self) -> None:
        for made in self.lists.values():
            if made.is_open():
                made.submit()

    def _set_form(self, place: int | None, entry: dict[str, Any] | None) -> None:
        if entry is not None:
            keys = [e.get("key") for e in self.draft.of("forms")]
            place = keys.index(entry["key"]) if entry["key"] in keys else None
        self.draft = self.draft.with_entry("forms", place, entry)
        self._changed()

    def _submitted(self, part: Part, record: str, changes: dict[str, Any]) -> None:
        made = self.lists[part.kind]
        place = int(record) if record else None
        before = rules_draft.shown(part.kind, self.draft.of(part.place)[place]) if record else {}
        values = {k: v for k, v in {**(before or {}), **changes}.items() if v is not None}
        try:
            entry = rules_draft.entry_of(part.kind, values, self._next_id(part))
        except DayUnread as error:
            problem = _("“{line}” is no day of that year. Please write 02/09 and what day it is.")
            text = problem.format(line=error.line)
            made.refuse(dict.fromkeys(("holidays", "working_days"), text))
            return
        self.draft = self.draft.with_entry(part.place, place, entry)
        made.close_form()
        self._changed()

    def _next_id(self, part: Part) -> int:
        """A number that no entry of the draft has in its id."""
        used = {str(e.get("id") or e.get("add", {}).get("id")) for e in self.draft.of(part.place)}
        number = len(self.draft.of(part.place))
        while any(name.endswith(f"-{number + 1}") for name in used):
            number += 1
        return number

    def _removed(self, part: Part, record: str, _reason: str) -> None:
        before = self.draft
        self.draft = before.with_entry(part.place, int(record), None)
        self._changed()

        def back() -> None:
            self.draft = before
            self._changed()

        self._host.undo.offer(_("Taken out of what is prepared."), back)

    def _noted(self, text: str) -> None:
        self.draft = RulesDraft(
            self.draft.number, self.draft.made_on, text.strip(), self.draft.entries
        )
        self._keep.start()

    def _changed(self) -> None:
        self._show()
        self._keep.start()

    def keep(self) -> None:
        """Keep the draft in the vault."""
        self._keep.stop()
        if self.draft is not None and self._begun is not None:
            text = "" if self._same() else self.draft.text
            if text != self._view.draft:
                self._host.do(rules.KeepRulesDraft(text), owner=self)

    def _same(self) -> bool:
        return self.draft.entries == self._begun.entries and not self.draft.note

    # -- what follows --------------------------------------------------------------------------

    def _look_ahead(self) -> None:
        """Work out in a thread what changes, and for which worked examples."""
        only, desk, text = self._newest.begin(), self._host.desk, self.draft.text
        self.sign_button.setEnabled(False)
        self._host.jobs.run(
            lambda: rules.preview(desk, text),
            done=only(lambda found: self._follow(*found)),
            failed=self._host.fail,
            owner=self,
            words=_("Working out the examples…"),
        )

    def _follow(self, amended: Any, found: Any) -> None:
        kit.clear(self._follows)
        lines: list[QWidget] = []
        for unfit in amended.unfit:
            row = kit.hbox(kit.IconLabel("late", "late", 20), kit.label(unfit.problem), gap=8)
            row.setStretch(1, 1)
            lines.append(kit.panel(row))
        if found.results:
            lines.append(kit.label(_("Worked examples whose result changes:"), "label"))
            before = ""
            for moved in found.results[:MOST_LINES]:
                if moved.who != before:
                    lines.append(kit.label(moved.who, "muted"))
                    before = moved.who
                lines.append(kit.label(f"• {moved.text}"))
        elif not amended.unfit:
            lines.append(kit.label(_("No result of the worked examples changes."), "muted"))
        more = len(found.results) - MOST_LINES
        if more > 0:
            text = ngettext("and {n} more", "and {n} more", more).format(n=more)
            lines.append(kit.label(text, "muted"))
        for line in lines:
            self._follows.addWidget(line)
        self.sign_button.setEnabled(not amended.unfit and not self._same())
        self.drop_button.setEnabled(not self._same())

    # -- the end -------------------------------------------------------------------------------

    def ask_to_sign(self) -> None:
        """Ask once more: from then on every commune goes by it."""
        number = self.draft.number
        self._host.dialogs.confirm(
            _("Sign rules number {number}?").format(number=number),
            _(
                "They are in force at this desk at once, and in every commune when it has taken in "
                "the next bundle. You can take them back later; the rules before then hold again."
            ),
            _("Sign"),
            self._sign,
        )

    def _sign(self) -> None:
        self._keep.stop()
        desk, text, number = self._host.desk, self.draft.text, self.draft.number

        def done(_record: str) -> None:
            self._host.messages.tell(
                _("Rules number {number} are signed. They go out with the next bundles.").format(
                    number=number
                )
            )
            self._end()

        self._host.jobs.run(
            lambda: rules.sign(desk, text),
            done=done,
            failed=self._host.fail,
            owner=self,
            words=_("Signing…"),
            write=True,
        )

    def ask_to_drop(self) -> None:
        """Ask before what was prepared is thrown away."""
        self._host.dialogs.confirm(
            _("Throw away what is prepared?"),
            _("The rules that are in force stay as they are."),
            _("Throw away"),
            self._drop,
            danger=True,
        )

    def _drop(self) -> None:
        self._keep.stop()
        self._host.do(rules.KeepRulesDraft(""), lambda _done: self._end(), owner=self)

    def leave(self) -> None:
        """Go back; what was typed is kept."""
        self.keep()
        self._end()

    def _end(self) -> None:
        for made in self.lists.values():
            if made.is_open():
                made.close_form()
        self.closed.emit()
