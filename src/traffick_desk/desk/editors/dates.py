"""Editors of dates and moments. They say below the field how the text was understood."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from PySide6.QtWidgets import QLineEdit

from traffick_desk.desk import kit, parsing
from traffick_desk.desk.editors.base import Context, Editor
from traffick_desk.desk.editors.text import PASTE_LIMIT, LineEditor
from traffick_desk.domain.spine import Field
from traffick_desk.domain.values import ICT, PartialDate, moment
from traffick_desk.i18n import _


class DateEditor(LineEditor):
    """A full date: ``21112026``, ``21/11/26``, ``hôm qua``."""

    chars = 12

    def __init__(self, field: Field, context: Context) -> None:
        super().__init__(field, context)
        self.input.setPlaceholderText(_("dd/mm/yyyy"))
        self.input.setMaximumWidth(self.width_for(self.chars + 6))
        self.layout().addStretch(1)

    def today(self) -> date:
        """Today, in Viet Nam."""
        return self.context.now().date()

    def value(self) -> str | None:
        """``YYYY-MM-DD``, or ``None`` when empty or not understood."""
        day, _problem = self._read()
        return day.isoformat() if day else None

    def set_value(self, value: Any) -> None:
        """Show *value*."""
        self.input.setText(parsing.show_date(date.fromisoformat(value)) if value else "")

    def problem(self) -> str:
        """Not a date."""
        return self._read()[1]

    def understood(self) -> str:
        """The weekday and how far it is from today."""
        day, _problem = self._read()
        return parsing.explain_date(day, self.today()) if day else ""

    def tidy(self) -> None:
        """Write the date in full."""
        day, _problem = self._read()
        if day:
            self.input.setText(parsing.show_date(day))

    def _read(self) -> tuple[date | None, str]:
        text = self.input.text()
        if not text.strip():
            return None, ""
        try:
            return parsing.parse_date(text, self.today()), ""
        except parsing.NotUnderstood as problem:
            return None, str(problem)


class PartialDateEditor(LineEditor):
    """A date known to the year, the month or the day, perhaps estimated; not in the future."""

    chars = 18

    def __init__(self, field: Field, context: Context) -> None:
        super().__init__(field, context)
        self.input.setPlaceholderText(_("21/11/2009, 2009, about 2009"))
        self.input.setMaximumWidth(self.width_for(self.chars + 14))
        self.layout().addStretch(1)

    def value(self) -> str | None:
        """``YYYY[-MM[-DD]][~]``, or ``None`` when empty or not understood."""
        found, _problem = self._read()
        return str(found) if found else None

    def set_value(self, value: Any) -> None:
        """Show *value*."""
        self.input.setText(self._written(PartialDate.parse(value)) if value else "")

    def problem(self) -> str:
        """Not a date, or in the future."""
        return self._read()[1]

    def understood(self) -> str:
        """The date in words, and for a date of birth the age."""
        found, _problem = self._read()
        if found is None:
            return ""
        return parsing.explain_partial(
            found, self.context.now().date(), age=self.field.name == "birth"
        )

    def tidy(self) -> None:
        """Write the date in the usual form."""
        found, _problem = self._read()
        if found:
            self.input.setText(self._written(found))

    @staticmethod
    def _written(value: PartialDate) -> str:
        bare = value.shown().removeprefix("~")
        return _("about {date}").format(date=bare) if value.estimated else bare

    def _read(self) -> tuple[PartialDate | None, str]:
        text = self.input.text()
        if not text.strip():
            return None, ""
        try:
            return parsing.parse_partial(text, self.context.now().date()), ""
        except parsing.NotUnderstood as problem:
            return None, str(problem)


class MomentEditor(Editor):
    """A date and a time of day, side by side."""

    chars = 24

    def __init__(self, field: Field, context: Context) -> None:
        super().__init__(field, context)
        self.day = QLineEdit()
        self.clock = QLineEdit()
        for widget, words, chars in (
            (self.day, _("dd/mm/yyyy"), 14),
            (self.clock, _("hh:mm"), 7),
        ):
            widget.setMaxLength(PASTE_LIMIT)
            widget.setPlaceholderText(words)
            widget.setProperty("problem", "false")
            widget.setMinimumWidth(self.width_for(chars - 4))
            widget.setMaximumWidth(self.width_for(chars + 2))
            widget.textEdited.connect(lambda _text: self.edited.emit())
        self.day.setAccessibleName(f"{field.shown_label()}: {_('date')}")
        self.clock.setAccessibleName(f"{field.shown_label()}: {_('time')}")
        self.name_parts(self.day, self.clock)
        self.now_button = kit.button(
            _("Now"),
            f"{field.name}_now",
            self._take_now,
            role="quiet",
            accessible=f"{field.shown_label()}: {_('Now')}",
        )
        self.setLayout(kit.hbox(self.day, self.clock, self.now_button, None))

    def value(self) -> str | None:
        """``YYYY-MM-DDTHH:MM+07:00``, or ``None`` when empty or not understood."""
        when, _problem = self._read()
        return moment(when) if when else None

    def set_value(self, value: Any) -> None:
        """Show *value*."""
        shown = parsing.show_moment(value).split() if value else ["", ""]
        self.day.setText(shown[0])
        self.clock.setText(shown[1])

    def raw(self) -> Any:
        """Both texts as typed."""
        typed = [self.day.text(), self.clock.text()]
        return typed if any(typed) else None

    def set_raw(self, raw: Any) -> None:
        """Put both texts back."""
        day, clock = raw or ("", "")
        self.day.setText(day)
        self.clock.setText(clock)

    def problem(self) -> str:
        """Not a date, not a time, or one without the other."""
        return self._read()[1]

    def understood(self) -> str:
        """The weekday and how far it is from today."""
        when, _problem = self._read()
        if when is None:
            return ""
        return parsing.explain_date(when.date(), self.context.now().date())

    def tidy(self) -> None:
        """Write both in the usual form."""
        when, _problem = self._read()
        if when:
            self.set_value(moment(when))

    def set_read_only(self, on: bool) -> None:
        """Show without allowing changes."""
        self.day.setReadOnly(on)
        self.clock.setReadOnly(on)
        self.now_button.setHidden(on)

    def _take_now(self) -> None:
        self.set_value(moment(self.context.now()))
        self.edited.emit()
        self.leave()

    def _read(self) -> tuple[datetime | None, str]:
        day, clock = self.day.text().strip(), self.clock.text().strip()
        if not day and not clock:
            return None, ""
        now = self.context.now()
        try:
            if not day:
                return None, _("The date is missing.")
            found = parsing.parse_date(day, now.date())
            if not clock:
                return None, _("The time is missing; an estimate is fine.")
            at = parsing.parse_time(clock, time(now.hour, now.minute))
        except parsing.NotUnderstood as problem:
            return None, str(problem)
        return datetime.combine(found, at, ICT), ""
