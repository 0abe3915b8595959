"""Two values for one thing: both in view, with who and when; the officer chooses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from traffick_desk.desk import editors, kit, parsing
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.case_writer import WHOLE
from traffick_desk.desk.pages.scrolling import go_to
from traffick_desk.desk.pages.showing import nothing, shown
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.spine import Kind
from traffick_desk.i18n import _
from traffick_desk.services.conflicts import LATE, Choice, Side, TakeBackChoice
from traffick_desk.services.places.write import KEPT
from traffick_desk.services.to_choose import AS_WRITTEN, settle_command
from traffick_desk.services.views import RecordView
from traffick_desk.store.changes import VOID

# Who and whose it is stands in the head of a card; what is signed or packed is not for reading.
_UNREAD = frozenset({"case", "person", "unit", "signed", "content", "digest"})
# Longer texts are read in the entry itself.
_LONG = 1_000


def place_of(record: RecordView) -> tuple[str, dict[str, str]] | None:
    """The page on which an entry outside cases is worked at, with its arguments."""
    if record.type == "service":
        return "service", {"service": record.id}
    if record.type in {"activity", "material"}:
        return "outreach_entry", {"type_name": record.type, "record": record.id}
    if record.type in KEPT:
        return "facilities", {}
    return None


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


class ChoiceCard(QFrame):
    """One conflict: all values side by side, and what to do.

    Args:
        host: the window.
        choice: what waits. Who may not settle it sees all values and no button to choose.
        named: whether the card says of which case or entry it is.
        way: whether it also leads there.

    Signals:
        settled: a value was chosen.
    """

    settled = Signal()

    def __init__(
        self,
        host: Host,
        choice: Choice,
        *,
        named: bool = False,
        way: bool = False,
    ) -> None:
        super().__init__()
        self._host, self._choice, self._record = host, choice, choice.record
        self._register = choice.register
        self._type = REGISTRY[self._record.type]
        self._context = host.context.with_choices(
            **{
                name: [editors.Choice(one, words) for one, words in found.items()]
                for name, found in choice.names.items()
            }
        )
        mark = {WHOLE: "whole", VOID: "void", LATE: "late"}.get(self._register, self._register)
        self.name = f"{self._record.type}_{mark}"
        self.setObjectName(f"conflict_{self.name}")
        self.setProperty("role", "card")
        rest: list[QWidget] = []
        if self._register in (VOID, LATE):
            cards = self._voiding()
        else:
            cards = [self._column(number, side) for number, side in enumerate(choice.sides)]
            if choice.may_settle and self._type.name not in AS_WRITTEN:
                words = _("Both, edited") if self._joins() else _("None of them fits: write anew")
                rest.append(kit.button(words, f"conflict_{self.name}_edit", self.edit, icon="edit"))
        if choice.may_settle:
            later = kit.button(_("Later"), f"conflict_{self.name}_later", self.hide, role="quiet")
            rest.append(later)
        else:
            rest.append(kit.label(self._who_may(), "muted", name=f"{self.name}_not_here"))
        columns = kit.hbox(gap=12)
        for card in cards:
            columns.addWidget(card, 1)
        self._place = kit.vbox(gap=8)
        self.form: RecordForm | None = None
        head: list[QWidget] = [kit.label(self._title(), "subheading")]
        if named and (line := self._of_what(way=way)) is not None:
            head.insert(0, line)
        self.setLayout(
            kit.vbox(*head, columns, kit.hbox(*rest, None), self._place, margins=16, gap=12)
        )

    def _of_what(self, *, way: bool) -> QWidget | None:
        """Of which case or entry it is, and the *way* there."""
        choice, host = self._choice, self._host
        if choice.case_id:
            who = host.privacy.name(choice.name) if choice.name else ""
            words, text = [choice.file_no, who], _("Show the case")
            target: Any = ("case", {"case_id": choice.case_id})
        else:
            words, text = [choice.about, choice.whose], _("Show the entry")
            target = place_of(self._record)
        said = [kit.label(" · ".join(w for w in words if w), "muted", name=f"{self.name}_of")]
        if way and target is not None:
            name, arguments = target
            said.append(
                kit.button(
                    text, f"conflict_{self.name}_open", lambda: host.go(name, **arguments),
                    role="quiet",
                )
            )  # fmt: skip
        row = kit.hbox(*said)
        row.setStretch(0, 1)
        return kit.panel(row) if any(words) else None

    def _who_may(self) -> str:
        """Why there is no button to choose."""
        if self._host.desk.info.profile == "commune" and (
            self._type.office or self._type.of_unit or "commune" not in self._type.writers
        ):
            return _("The desk it belongs to, or the province, chooses which one holds.")
        return _("An officer of another role chooses which one holds.")

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
        look = kit.button(
            _("Preview"),
            f"conflict_{self.name}_preview_{number}",
            lambda: self.preview(side),
            role="quiet",
        )
        acts = [look]
        if self._choice.may_settle:
            take = kit.button(
                self._verb(side),
                f"conflict_{self.name}_take_{number}",
                lambda: self.choose(side.value),
                accessible=f"{self._verb(side)}: {value.text()}",
            )
            acts.insert(0, take)
        words = kit.label(side_words(self._host, side), "muted", name=f"{self.name}_who_{number}")
        return kit.card(words, value, *lines, *note, None, kit.hbox(*acts, None), name="")

    def _verb(self, side: Side) -> str:
        sides = self._choice.sides
        if side.own:
            return _("Keep mine")
        if len(sides) == 2 and any(s.own for s in sides):
            return _("Take theirs")
        return _("Take this one")

    def _before(self, side: Side) -> str:
        """What the value was written over, if this desk knows it."""
        if not side.known_before:
            return ""
        if self._register == WHOLE:
            text = self._lines(side.before or {}, self._differing(), empty=False)
        else:
            text = self._words(self._register, side.before)
        return _("before: {value}").format(value=text or nothing())

    def _value(self, side: Side) -> str:
        if self._register != WHOLE:
            return self._words(self._register, side.value) or nothing()
        return self._lines(side.value or {}, self._differing(), empty=True) or nothing()

    def _differing(self) -> list[str]:
        """Of a record that is chosen whole only what differs is worth reading."""
        values = [side.value or {} for side in self._choice.sides]
        return [
            f.name
            for f in self._type
            if f.name not in _UNREAD and any(v.get(f.name) != values[0].get(f.name) for v in values)
        ]

    def _words(self, name: str, value: Any) -> str:
        text = shown(self._type[name], value, self._context)
        return text if len(text) <= _LONG else text[: _LONG - 1] + "…"

    def _lines(
        self, values: Mapping[str, Any], names: Iterable[str], *, empty: bool = False
    ) -> str:
        lines = []
        for name in names:
            text = self._words(name, values.get(name))
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
            names = [f.name for f in self._type if f.name in values and f.name not in _UNREAD]
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
                    *self._to_press(verb, f"conflict_{self.name}_{mark}", value),
                    None,
                ),
                name="",
            )
            for head, texts, verb, value, mark in cards
        ]

    def _to_press(self, verb: str, name: str, value: Any) -> list[QWidget]:
        if not self._choice.may_settle:
            return []
        return [kit.button(verb, name, lambda: self.choose(value))]

    # -- acting ----------------------------------------------------------------------------

    def choose(self, value: Any) -> None:
        """Settle it with *value*; all stay in the history, and it can be undone until sent."""
        kind, record, register = self._record.type, self._record.id, self._register
        host = self._host
        text = _("Chosen. The other value stays in the history.")

        # Without an owner: the page may have drawn itself anew by then, and this is gone.
        def done(_none: object) -> None:
            if self._type.case_key:
                host.undo.offer(text, lambda: host.do(TakeBackChoice(kind, record, register)))
            else:
                host.messages.tell(text)
            if shiboken6.isValid(self):
                self.settled.emit()

        host.do(settle_command(self._type, record, register, value), done)

    def preview(self, side: Side) -> None:
        """Show the whole entry as it would be after taking this value."""
        kit.clear(self._place)
        self.form = None
        values = dict(self._record.values)
        if self._register == WHOLE:
            values = dict(side.value or {})
        else:
            values[self._register] = side.value
        names = [f.name for f in self._type if f.name not in _UNREAD]
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
            context=self._context,
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
