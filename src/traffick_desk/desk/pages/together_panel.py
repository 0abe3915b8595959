"""What is asked about people received together: whom to tie, who is what to whom, what to give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.editors import Choice
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.asking import AskingPanel
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.desk.pages.together_words import member_words
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services import groups
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.groups_read import Group, Member

TIE, RELATION, LEAVE, GIVE = "tie", "relation", "leave", "give"
_TITLES = {
    TIE: N_("Which case belongs together with this one?"),
    RELATION: N_("What is {person} to whom?"),
    LEAVE: N_("Why does {person} not belong to the group?"),
    GIVE: N_("What was given, and to whom?"),
}
_VERBS = {
    TIE: N_("Tie the case"),
    RELATION: N_("Keep the relation"),
    LEAVE: N_("Take out of the group"),
    GIVE: N_("Write it down"),
}
_FIELDS = {
    TIE: ("group_member", ("relation", "accompanies")),
    RELATION: ("group_member", ("relation", "toward", "accompanies")),
    GIVE: ("given_item", ("item", "quantity", "given_on", "note")),
}
_REQUIRED = {TIE: ("relation",), RELATION: ("relation", "toward"), GIVE: ("item",)}


class TogetherPanel(AskingPanel):
    """One question at a time about the group of a case."""

    def __init__(self, host: Host) -> None:
        super().__init__(host, "together")
        self.setObjectName("together_panel")
        self._case = self._who = ""
        self._group: Group | None = None
        self.boxes: dict[str, QCheckBox] = {}
        self.finder.accepted.connect(self._to_form)
        self._whom = kit.vbox(gap=0)
        self.reason = QLineEdit()
        self.reason.setObjectName("together_reason")
        self.reason.setAccessibleName(_("Reason"))
        self.reason.setPlaceholderText(_("Reason, in a few words"))
        self.reason.setMaxLength(500)
        self.reason.textChanged.connect(lambda _text: self.mode and self.edited.emit())
        self.reason.returnPressed.connect(self.submit)
        self._said = kit.label("", tone="late", name="together_refused")
        whom = kit.panel(self._whom, name="together_whom")
        self.fill(self.finder, whom, self._place, self.reason, self._said)

    # -- asking ----------------------------------------------------------------------------

    def open(self, mode: str, case_id: str, group: Group | None, who: Member | None = None) -> None:
        """Ask what *mode* needs of the case, its group and the chosen person."""
        self._empty()
        self.mode, self._case, self._group = mode, case_id, group
        self._who = who.case_id if who is not None else ""
        name = self._name(who) if who is not None else ""
        self.entitle(_(_TITLES[mode]).format(person=name), _(_VERBS[mode]))
        self.finder.setVisible(mode == TIE)
        self.reason.setVisible(mode == LEAVE)
        self._said.hide()
        if mode in _FIELDS:
            self._ask(mode, who)
        if mode == GIVE:
            self._ask_whom()
        if mode == TIE:
            members = group.members if group is not None else ()
            self.finder.start(leave_out={case_id, *(m.case_id for m in members)})
        self.show()
        go_to(self._first())
        self.edited.emit()

    def _first(self) -> QWidget:
        if self.mode == TIE:
            return self.finder.search
        if self.mode == LEAVE or self.form is None:
            return self.reason
        return self.form.editor(self.form.names()[0])

    def _ask(self, mode: str, who: Member | None) -> None:
        record, fields = _FIELDS[mode]
        others = self._group.members if self._group is not None else ()
        context = self._host.context.with_choices(
            toward=[Choice(m.case_id, self._name(m)) for m in others if m.case_id != self._who]
        )
        form = RecordForm(
            REGISTRY[record],
            {},
            context=context,
            fields=fields,
            required=_REQUIRED[mode],
            name="together_form",
            keys=False,
        )
        if mode == GIVE:
            form.suggest({"given_on": self._host.context.now().date().isoformat()})
        elif mode == RELATION and who is not None:
            said = who.relations[0] if who.relations else None
            found = {
                "relation": said.code if said else "",
                "toward": (said.case_id if said else "") or self._reference(),
                "accompanies": said.accompanies if said else "",
            }
            form.suggest({name: value for name, value in found.items() if value})
        self.show_form(form)

    def _reference(self) -> str:
        """Of whom most is said; the first who is not the chosen one."""
        others = self._group.members if self._group is not None else ()
        return next((m.case_id for m in others if m.case_id != self._who and not m.relations), "")

    def _ask_whom(self) -> None:
        for member in self._group.members if self._group is not None else ():
            box = QCheckBox(f"{member_words(self._host, member)} · {member.file_no}")
            box.setObjectName(f"together_to_{member.file_no}")
            box.setAccessibleName(box.text())
            box.setChecked(True)
            box.toggled.connect(lambda _on: self._count())
            self.boxes[member.case_id] = box
            self._whom.addWidget(box)
        self._count()

    def _count(self) -> None:
        count = sum(box.isChecked() for box in self.boxes.values())
        words = ngettext("Write down for {n} person", "Write down for {n} persons", count)
        self.submit_button.setText(words.format(n=count))
        self.submit_button.setAccessibleName(self.submit_button.text())
        self.submit_button.setEnabled(count > 0)

    def _to_form(self) -> None:
        if self.form is not None:
            go_to(self.form.editor(self.form.names()[0]))

    def close_form(self) -> None:
        """Leave everything as it is."""
        self._empty()
        super().close_form()

    def _empty(self) -> None:
        """Forget what was asked before."""
        self.mode, self.form, self.boxes = "", None, {}
        kit.clear(self._place)
        kit.clear(self._whom)
        self.finder.clear()
        self.reason.clear()
        self.submit_button.setEnabled(True)

    def draft(self) -> dict[str, Any] | None:
        """What was typed, as JSON; ``None`` when there is nothing."""
        if not self.mode:
            return None
        return {
            "mode": self.mode,
            "who": self._who,
            "typed": self.form.draft() if self.form is not None else {},
            "text": self.finder.search.text() or self.reason.text(),
            "whom": [case for case, box in self.boxes.items() if box.isChecked()],
        }

    def restore(self, draft: Mapping[str, Any], case_id: str, group: Group | None) -> None:
        """Open again with what :meth:`draft` gave; what is no longer there is left out."""
        mode, who = draft.get("mode", ""), draft.get("who", "")
        member = group.member(who) if group is not None else None
        if mode not in _TITLES or (who and member is None) or (mode != TIE and group is None):
            return
        self.open(mode, case_id, group, member)
        if self.form is not None:
            self.form.restore(draft.get("typed", {}))
        text = self.finder.search if mode == TIE else self.reason
        text.setText(draft.get("text", ""))
        for case, box in self.boxes.items():
            box.setChecked(case in draft.get("whom", ()))

    # -- doing -----------------------------------------------------------------------------

    def submit(self) -> None:
        """Do what was asked."""
        if not self.mode or (self.form is not None and not self.form.check()):
            return
        values = self.form.values() if self.form is not None else {}
        tie = groups.Tie(
            str(values.get("toward") or self._case),
            str(values.get("relation") or ""),
            str(values.get("accompanies") or ""),
        )
        match self.mode:
            case "tie":
                case = self.finder.chosen()
                if case:
                    self._do(
                        groups.JoinGroup(case, tie),
                        _("The case is tied to this one."),
                        lambda made: groups.TakeBackRecords("group_member", made),
                    )
            case "relation":
                self._do(
                    groups.ChangeRelation(self._who, tie),
                    _("The relation is changed."),
                    SaveRecords,
                )
            case "leave":
                self._do(
                    groups.LeaveGroup(self._who, self.reason.text()),
                    _("The person does not belong to the group any more."),
                    lambda out: groups.RestoreRecords("group_member", out),
                )
            case _:
                cases = tuple(case for case, box in self.boxes.items() if box.isChecked())
                self._do(
                    groups.GiveToAll(cases, values),
                    _("Written down in each case."),
                    lambda made: groups.TakeBackRecords("given_item", made),
                )

    def _do(self, command: Any, words: str, undo: Callable[[Any], Any]) -> None:
        host = self._host

        def done(answer: Any) -> None:
            self.close_form()
            host.undo.offer(words, lambda: host.do(undo(answer)))

        host.do(command, done, owner=self, failed=self._refused)

    def _refused(self, problem: Exception) -> None:
        if not isinstance(problem, InvalidValues):
            self._host.fail(problem)
            return
        for _kind, name, text in problem.problems:
            if self.form is not None and name in self.form.names():
                self.form.box(name).say(text, "late")
                go_to(self.form.editor(name))
            else:
                self._said.setText(text)
                self._said.show()
                go_to(self._first())

    def _name(self, member: Member) -> str:
        return self._host.privacy.name(member.name or _("without a name"))
