"""Two values for one thing: both in view, with who and when; the officer chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
from traffick_desk.domain.spine import Kind
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.commands import ResolveConflict
from traffick_desk.services.conflicts import (
    LATE,
    CaseChoices,
    Choice,
    Side,
    TakeBackChoice,
)
from traffick_desk.services.views import CaseView, RecordView
from traffick_desk.store.changes import VOID


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


def side_words(host: Host, side: Side) -> str:
    """Who wrote a value, where and when."""
    if side.own:
        who = side.officer_name or _("An officer of this PC")
    else:
        who = side.desk or writer_words(host, side.officer, side.device, "")
    when = parsing.show_moment(side.at) if side.at else ""
    return f"{who}, {when}" if when else who


def open_conflicts(case: CaseView) -> list[tuple[RecordView, str]]:
    """(record, register) for each choice that waits."""
    return [
        (record, register)
        for records in case.records.values()
        for record in records
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


class ChoiceCard(QFrame):
    """One conflict: all values side by side, and what to do.

    Args:
        host: the window.
        choice: what waits.
        with_case: whether the card says of which case it is, and opens that.
        settle: makes the command that chooses: type, id, register, value. One of a case can be
            taken back, others are written anew.

    Signals:
        settled: a value was chosen.
    """

    settled = Signal()

    def __init__(
        self,
        host: Host,
        choice: Choice,
        *,
        with_case: bool = False,
        settle: Callable[[str, str, str, Any], Any] | None = None,
    ) -> None:
        super().__init__()
        self._settle = settle
        self._host, self._choice, self._record = host, choice, choice.record
        self._register = choice.register
        self._type = REGISTRY[self._record.type]
        mark = {WHOLE: "whole", VOID: "void", LATE: "late"}.get(self._register, self._register)
        self.name = f"{self._record.type}_{mark}"
        self.setObjectName(f"conflict_{self.name}")
        self.setProperty("role", "card")
        rest: list[QWidget] = []
        if self._register in (VOID, LATE):
            cards = self._voiding()
        else:
            cards = [self._column(number, side) for number, side in enumerate(choice.sides)]
            words = _("Both, edited") if self._joins() else _("None of them fits: write anew")
            rest.append(kit.button(words, f"conflict_{self.name}_edit", self.edit, icon="edit"))
        rest.append(kit.button(_("Later"), f"conflict_{self.name}_later", self.hide, role="quiet"))
        columns = kit.hbox(gap=12)
        for card in cards:
            columns.addWidget(card, 1)
        self._place = kit.vbox(gap=8)
        self.form: RecordForm | None = None
        head: list[QWidget] = [kit.label(self._title(), "subheading")]
        if with_case:
            case = choice.case_id
            go = kit.button(
                _("Show the case"), f"conflict_{self.name}_open",
                lambda: host.go("case", case_id=case), role="quiet",
            )  # fmt: skip
            who = host.privacy.name(choice.name) if choice.name else ""
            line = kit.label(" · ".join(t for t in (choice.file_no, who) if t), "muted")
            row = kit.hbox(line, go)
            row.setStretch(0, 1)
            head.insert(0, kit.panel(row))
        self.setLayout(
            kit.vbox(*head, columns, kit.hbox(*rest, None), self._place, margins=16, gap=12)
        )

    def _title(self) -> str:
        title = self._type.shown_label()
        if self._register in (VOID, LATE):
            return _("{what}: valid or not?").format(what=title)
        if self._register != WHOLE:
            return f"{title}: {self._type[self._register].shown_label()}"
        return title

    def _column(self, number: int, side: Side) -> QWidget:
        value = kit.label(self._value(side), "label", name=f"{self.name}_value_{number}")
        note = [kit.badge(_("shown now"))] if side.shown else []
        before = self._before(side)
        lines = [kit.label(before, "muted", name=f"{self.name}_before_{number}")] if before else []
        take = kit.button(
            self._verb(side),
            f"conflict_{self.name}_take_{number}",
            lambda: self.choose(side.value),
            accessible=f"{self._verb(side)}: {value.text()}",
        )
        look = kit.button(
            _("Preview"),
            f"conflict_{self.name}_preview_{number}",
            lambda: self.preview(side),
            role="quiet",
        )
        words = kit.label(side_words(self._host, side), "muted", name=f"{self.name}_who_{number}")
        return kit.card(words, value, *lines, *note, None, kit.hbox(take, look, None), name="")

    def _verb(self, side: Side) -> str:
        sides = self._choice.sides
        if side.own:
            return _("Keep mine")
        if len(sides) == 2 and any(s.own for s in sides):
            return _("Take theirs")
        return _("Take this one")

    def _before(self, side: Side) -> str:
        """What the value was written over, if this desk knows it."""
        if not side.known_before or self._register == WHOLE:
            return ""
        text = shown(self._type[self._register], side.before, self._host.context)
        return _("before: {value}").format(value=text or nothing())

    def _value(self, side: Side) -> str:
        if self._register != WHOLE:
            field = self._type[self._register]
            return shown(field, side.value, self._host.context) or nothing()
        # Of a record that is chosen whole only what differs is worth reading.
        sides = self._choice.sides
        differs = [
            f.name
            for f in self._type
            if f.name not in {"case", "person", "unit"}
            and any((s.value or {}).get(f.name) != (side.value or {}).get(f.name) for s in sides)
        ]
        return self._lines(side.value or {}, differs, empty=True) or nothing()

    def _lines(
        self, values: Mapping[str, Any], names: Iterable[str], *, empty: bool = False
    ) -> str:
        lines = []
        for name in names:
            text = shown(self._type[name], values.get(name), self._host.context)
            if text or empty:
                lines.append(f"{self._type[name].shown_label()}: {text or nothing()}")
        return "\n".join(lines)

    # -- valid or not ----------------------------------------------------------------------

    def _voiding(self) -> list[QWidget]:
        """Two columns: it is not valid, for this reason; and it holds, with what was written."""
        out, held = [], []
        for side in self._choice.sides:
            (out if isinstance(side.value, str) else held).append(side)
        reasons = [f"{side_words(self._host, s)}\n{s.value}" for s in out]
        entries = []
        for side in held:
            words = side_words(self._host, side)
            values = side.value or {}
            if WHOLE in values:
                values = values[WHOLE]
            names = [f.name for f in self._type if f.name in values and f.name != "case"]
            entries.append("\n".join(t for t in (words, self._lines(values, names)) if t))
        cards = (
            (_("Marked as not valid"), reasons, _("Not valid"), out[0].value, "drop"),
            (_("Written on another desk meanwhile"), entries, _("It is valid"), None, "keep"),
        )
        return [
            kit.card(
                kit.label(head, "muted"),
                kit.label("\n\n".join(texts) or nothing(), "label", name=f"{self.name}_{mark}"),
                None,
                kit.hbox(
                    kit.button(
                        verb, f"conflict_{self.name}_{mark}", lambda value=value: self.choose(value)
                    ),
                    None,
                ),
                name="",
            )
            for head, texts, verb, value, mark in cards
        ]

    # -- acting ----------------------------------------------------------------------------

    def choose(self, value: Any) -> None:
        """Settle it with *value*; all stay in the history, and it can be undone until sent."""
        kind, record, register = self._record.type, self._record.id, self._register
        host = self._host
        if self._settle is not None:
            host.do(self._settle(kind, record, register, value), self._done, owner=self)
            return

        def done(_none: object) -> None:
            host.undo.offer(
                _("Chosen. The other value stays in the history."),
                lambda: host.do(TakeBackChoice(kind, record, register)),
            )

        # Without an owner: the page may have drawn itself anew by then, and this is gone.
        host.do(ResolveConflict(kind, record, register, value), done)

    def _done(self, _none: object) -> None:
        self.settled.emit()

    def preview(self, side: Side) -> None:
        """Show the whole entry as it would be after taking this value."""
        kit.clear(self._place)
        self.form = None
        values = dict(self._record.values)
        if self._register == WHOLE:
            values = dict(side.value or {})
        else:
            values[self._register] = side.value
        names = [f.name for f in self._type if f.name not in {"case", "person", "unit"}]
        text = self._lines(values, names) or nothing()
        self._place.addWidget(kit.label(_("The entry after this choice"), "muted"))
        self._place.addWidget(kit.label(text, name=f"{self.name}_preview"))

    def _joins(self) -> bool:
        """Whether both values can stand in one text."""
        if self._register == WHOLE:
            return False
        return self._type[self._register].kind in (Kind.TEXT, Kind.LONG_TEXT)

    def _both(self) -> dict[str, Any]:
        if not self._joins():
            return dict(self._record.values)
        field = self._type[self._register]
        texts = dict.fromkeys(str(s.value) for s in self._choice.sides if s.value)
        text = ("\n" if field.kind is Kind.LONG_TEXT else "; ").join(texts)
        return {**self._record.values, self._register: text}

    def edit(self) -> None:
        """Write a third value, starting from both."""
        if self.form is not None:
            return
        kit.clear(self._place)
        names = None if self._register == WHOLE else (self._register,)
        self.form = RecordForm(
            self._type,
            self._both(),
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


def marks(choices: Iterable[Choice]) -> tuple[object, ...]:
    """What must be drawn anew when it differs; half-written forms stay otherwise."""
    return tuple(
        (c.record.type, c.record.id, c.register, tuple(s.ref for s in c.sides)) for c in choices
    )


class ConflictSection(QWidget):
    """All choices of a case that wait."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("section_conflicts")
        self._host = host
        self.head = SectionHead("conflicts")
        self._column = kit.vbox(gap=16)
        self._shown: tuple[object, ...] | None = None
        self.setLayout(kit.vbox(self.head, self._column, None, gap=16))

    def show_case(self, case: CaseView) -> None:
        """Ask what waits."""
        self._host.ask(CaseChoices(case.row.case_id), self._show, owner=self)

    def _show(self, found: Sequence[Choice]) -> None:
        """Show what waits; what did not change stays as it is, half-written forms too."""
        if marks(found) == self._shown:
            return
        self._shown = marks(found)
        kit.clear(self._column)
        for choice in found:
            self._column.addWidget(ChoiceCard(self._host, choice))
        if not found:
            self._column.addWidget(kit.label(_("Nothing waits for a choice."), "muted"))
