"""Two values for one thing: both in view, with who and when; the officer chooses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from traffick_desk.desk import kit, parsing
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.aid_card import SectionHead
from traffick_desk.desk.pages.case_writer import WHOLE
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.desk.pages.showing import nothing, shown
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.commands import ResolveConflict
from traffick_desk.services.views import CaseView, Competing, RecordView


def writer_words(host: Host, officer: str, device: str, at: str) -> str:
    """Who wrote something, where and when, as far as this desk knows."""
    info = host.desk.info
    if device == info.device:
        who = info.officer_name if officer == info.officer_id else _("An officer of this PC")
    elif info.profile == "commune":
        who = _("The province or another desk")
    else:
        who = _("The commune or another desk")
    when = parsing.show_moment(at) if at else ""
    return f"{who}, {when}" if when else who


def open_conflicts(case: CaseView) -> list[tuple[RecordView, str]]:
    """(record, register) for each choice that waits."""
    return [
        (record, register)
        for records in case.records.values()
        for record in records
        if record.voided is None
        for register in sorted(record.conflicts)
    ]


class ConflictBar(QFrame):
    """Says that values wait for a choice.

    Signals:
        wanted: the officer wants to choose now.
    """

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("conflict_bar")
        self.setProperty("role", "notice")
        self.setProperty("tone", "due")
        self._text = kit.label("", "label", name="conflict_text")
        choose = kit.button(_("&Choose now"), "conflict_choose", self.wanted.emit)
        icon = kit.IconLabel("conflict", "due", 20)
        row = kit.hbox(icon, self._text, choose, margins=(12, 8, 12, 8), gap=12)
        row.setStretch(1, 1)
        self.setLayout(row)
        self.hide()

    def show_case(self, case: CaseView) -> None:
        """Count the choices of *case*."""
        number = len(open_conflicts(case))
        text = ngettext(
            "{n} thing was written differently on two desks. Both are kept; please choose.",
            "{n} things were written differently on two desks. Both are kept; please choose.",
            number,
        )
        self._text.setText(text.format(n=number))
        self.setVisible(number > 0)


class Choice(QFrame):
    """One conflict: all values side by side, and what to do."""

    def __init__(self, host: Host, record: RecordView, register: str) -> None:
        super().__init__()
        self._host, self._record, self._register = host, record, register
        self._type = REGISTRY[record.type]
        self.name = f"{record.type}_{register.strip('*') or 'whole'}"
        self.setObjectName(f"conflict_{self.name}")
        self.setProperty("role", "card")
        rivals = record.conflicts[register]
        title = self._type.shown_label()
        if register != WHOLE:
            title = f"{title}: {self._type[register].shown_label()}"
        columns = kit.hbox(gap=12)
        for number, rival in enumerate(rivals):
            columns.addWidget(self._column(number, rival, rivals), 1)
        both = kit.button(
            _("None of them fits: write anew"), f"conflict_{self.name}_edit", self.edit, icon="edit"
        )
        later = kit.button(_("Later"), f"conflict_{self.name}_later", self.hide, role="quiet")
        self._place = kit.vbox(gap=8)
        self.form: RecordForm | None = None
        self.setLayout(
            kit.vbox(
                kit.label(title, "subheading"),
                columns,
                kit.hbox(both, later, None),
                self._place,
                margins=16,
                gap=12,
            )
        )

    def _column(self, number: int, rival: Competing, rivals: tuple[Competing, ...]) -> QWidget:
        words = writer_words(self._host, rival.officer, rival.device, rival.at)
        value = kit.label(self._value(rival, rivals), "label", name=f"{self.name}_value_{number}")
        note = [kit.badge(_("shown now"))] if rival.shown else []
        take = kit.button(
            _("Take this one"),
            f"conflict_{self.name}_take_{number}",
            lambda: self.choose(rival.value),
            accessible=_("Take this one: {value}").format(value=value.text()),
        )
        return kit.card(
            kit.label(words, "muted"), value, *note, None, kit.hbox(take, None), name=""
        )

    def _value(self, rival: Competing, rivals: tuple[Competing, ...]) -> str:
        context = self._host.context
        if self._register != WHOLE:
            return shown(self._type[self._register], rival.value, context) or nothing()
        # Of a record that is chosen whole only what differs is worth reading.
        values: Mapping[str, Any] = rival.value or {}
        lines = []
        for field in self._type:
            versions = [(r.value or {}).get(field.name) for r in rivals]
            if field.name in {"case", "person"} or all(v == versions[0] for v in versions):
                continue
            text = shown(field, values.get(field.name), context) or nothing()
            lines.append(f"{field.shown_label()}: {text}")
        return "\n".join(lines) or nothing()

    def choose(self, value: Any) -> None:
        """Settle it with *value*; both stay in the history."""
        command = ResolveConflict(self._record.type, self._record.id, self._register, value)
        self._host.do(
            command,
            lambda _none: self._host.messages.tell(
                _("Chosen. The other value stays in the history.")
            ),
            owner=self,
        )

    def edit(self) -> None:
        """Write a third value, starting from the one shown."""
        if self.form is not None:
            return
        names = None if self._register == WHOLE else (self._register,)
        self.form = RecordForm(
            self._type,
            self._record.values,
            context=self._host.context,
            fields=names,
            name=f"conflict_{self.name}_form",
            keys=False,
        )
        save = kit.button(
            _("Save this instead of both"),
            f"conflict_{self.name}_save",
            self._save,
            role="primary",
        )
        self._place.addWidget(self.form)
        self._place.addWidget(kit.panel(kit.hbox(save, None)))
        go_to(self.form.editor(self.form.names()[0]))

    def _save(self) -> None:
        if self.form is None or not self.form.check():
            return
        values = {**self._record.values, **self.form.values()}
        cleared = {n for n in self.form.names() if self.form.editor(n).value() is None}
        if self._register == WHOLE:
            self.choose({n: v for n, v in values.items() if n not in cleared})
        else:
            self.choose(self.form.editor(self._register).value())


class ConflictSection(QWidget):
    """All choices of a case that wait."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("section_conflicts")
        self._host = host
        self.head = SectionHead("conflicts")
        self._column = kit.vbox(gap=16)
        self._shown: tuple[object, ...] = ()
        self.setLayout(kit.vbox(self.head, self._column, None, gap=16))

    def show_case(self, case: CaseView) -> None:
        """Show what waits; what did not change stays as it is, half-written forms too."""
        found = open_conflicts(case)
        marks = tuple((r.type, r.id, n, tuple(c.ref for c in r.conflicts[n])) for r, n in found)
        if marks == self._shown:
            return
        self._shown = marks
        kit.clear(self._column)
        for record, register in found:
            self._column.addWidget(Choice(self._host, record, register))
        if not found:
            self._column.addWidget(kit.label(_("Nothing waits for a choice."), "muted"))
