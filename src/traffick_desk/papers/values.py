"""Facts as they are printed: lookup, Vietnamese formats, dotted lines for what is missing.

The words here are those of the paper, which is Vietnamese whatever language the
screen has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum

from traffick_desk.papers import fonts, shaping
from traffick_desk.papers.errors import BadFact
from traffick_desk.papers.template import Choice, Field, Node, Template, Text

VIETNAM = timezone(timedelta(hours=7))


class Answer(Enum):
    """An answer that is no value; the member's value is what the paper says."""

    UNKNOWN = "không biết"
    REFUSED = "từ chối trả lời"
    NOT_ASKED = ""


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one face.

    Attributes:
        text: cleaned text; line feeds break the line.
        face: name of the registered font.
        blank: a dotted line; at the end of a paragraph it is drawn to the margin.
        path: the fact that it came from, "" for text of the form.
    """

    text: str
    face: str
    blank: bool = False
    path: str = ""


def is_missing(value: object) -> bool:
    """Whether *value* leaves a place to be filled by hand."""
    if isinstance(value, str):
        return not value.strip()
    if value is None or value is Answer.NOT_ASKED:
        return True
    return isinstance(value, Sequence | Mapping) and not value


def two(number: int) -> str:
    """A number of a paper, with the leading zero below 10 (Decree 30/2020, Annex I)."""
    return f"{number:02d}"


def long_date(day: date) -> str:
    """``ngày 05 tháng 02 năm 2026``: zero before days < 10 and months 1, 2 (Decree 30/2020)."""
    month = two(day.month) if day.month < 3 else str(day.month)
    return f"ngày {two(day.day)} tháng {month} năm {day.year}"


def _short_date(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def _clock(moment: datetime | time) -> str:
    return f"{moment.hour:02d} giờ {moment.minute:02d} phút"


def _local(value: object) -> object:
    """Times with a zone as the clock on the wall in Viet Nam shows them."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(VIETNAM)
    return value


def _plain(value: object) -> str | None:
    match value:
        case bool():
            return "có" if value else "không"
        case int() | str():
            return str(value)
        case Answer():
            return value.value
        case datetime():
            return f"{_clock(value)}, {long_date(value)}"
        case date():
            return _short_date(value)
        case time():
            return _clock(value)
    return None


def _date(value: object) -> str | None:
    match value:
        case bool():
            return None
        case int():
            return f"năm {value}"
        case date():
            return _short_date(value)
    return None


def _long(value: object) -> str | None:
    return long_date(value) if isinstance(value, date) else None


def _time(value: object) -> str | None:
    return _clock(value) if isinstance(value, datetime | time) else None


def _money(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return f"{value:,}".replace(",", ".") + " đồng"


def _age(value: object) -> str | None:
    return f"{value} tuổi" if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> str | None:
    return two(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _upper(value: object) -> str | None:
    text = _plain(value)
    return None if text is None else text.upper()


def _tick(value: object) -> str | None:
    return ("x" if value else "") if isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class Format:
    """How a value prints, what stands for a missing one, how a list is joined."""

    write: Callable[[object], str | None]
    blank: str
    joint: str = ", "


_DOTS = "." * 30
FORMATS: dict[str, Format] = {
    "": Format(_plain, _DOTS),
    "short": Format(_plain, "." * 10),
    "date": Format(_date, "...../...../........"),
    "long": Format(_long, "ngày ...... tháng ...... năm ........"),
    "time": Format(_time, "...... giờ ...... phút"),
    "moment": Format(_plain, "...... giờ ...... phút, ngày ...... tháng ...... năm ........"),
    "money": Format(_money, "." * 20 + " đồng"),
    "age": Format(_age, "........ tuổi"),
    "yesno": Format(_plain, "." * 10),
    "number": Format(_number, "." * 6),
    "upper": Format(_upper, _DOTS),
    "lines": Format(_plain, _DOTS, "\n"),
    "list": Format(_plain, _DOTS, "; "),
    "count": Format(_number, "." * 6),
    "tick": Format(_tick, ""),
}
"""Formats by name; all print a text (``khoảng năm 2009``) as it stands."""


def write(value: object, name: str, path: str) -> str:
    """*value* in the format *name*; values of another kind print plainly.

    Raises:
        BadFact: a kind that no paper prints (float, bytes, objects).
    """
    form = FORMATS[name]
    if name == "count" and isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return two(len(value))
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return form.joint.join(write(item, name, path) for item in value if not is_missing(item))
    value = _local(value)
    if name == "upper" and isinstance(value, str):
        return value.upper()
    text = None if isinstance(value, str | Answer) else form.write(value)
    if text is None:
        text = _plain(value)
    if text is None:
        raise BadFact(path, value)
    return text


_KEPT = {"unit", "signer"}
"""What a blank form still knows: who hands it out."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the texts of one paper can see.

    Attributes:
        facts: the tree of facts.
        label: the name of a declared path in the reader's language.
        blank: print for filling in by hand: all but unit and signer is missing, all parts shown.
        locals: variables of repetitions.
        origins: for each variable the declared path of what it runs over.
        index: running number of the innermost repetition, from 1.
    """

    facts: Mapping[str, object]
    label: Callable[[str], str]
    blank: bool = False
    locals: Mapping[str, object] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    index: int = 0

    def inner(self, name: str, path: str, value: object, index: int) -> Scope:
        """The scope of one round of a repetition over *path*."""
        return Scope(
            self.facts,
            self.label,
            self.blank,
            {**self.locals, name: value},
            {**self.origins, name: f"{self.declared(path)}[]"},
            index,
        )

    def declared(self, path: str) -> str:
        """The path as the form declares it: ``minor.name`` is ``minors[].name``."""
        first, dot, rest = path.partition(".")
        return f"{self.origins[first]}{dot}{rest}" if first in self.origins else path

    def get(self, path: str) -> object:
        """The value at *path*, None when any part of the way is missing.

        Raises:
            BadFact: a part of the way is no mapping.
        """
        if path == "#":
            return self.index
        first, *rest = path.split(".")
        if first in self.locals:
            value = self.locals[first]
        elif self.blank and first not in _KEPT:
            return None
        else:
            value = self.facts.get(first)
        for key in rest:
            if is_missing(value):
                return None
            if not isinstance(value, Mapping):
                raise BadFact(path, value)
            value = value.get(key)
        return value

    def holds(self, path: str) -> bool:
        """Whether a part that depends on *path* is printed."""
        if self.blank and path.partition(".")[0] not in _KEPT:
            return True
        value = self.get(path)
        return not is_missing(value) and value is not False

    def rounds(self, path: str) -> list[object] | Answer:
        """The values to repeat over, or the answer given instead of a list."""
        value = self.get(path)
        if isinstance(value, Answer):
            return value
        if is_missing(value):
            return []
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise BadFact(path, value)
        return list(value)

    def runs(
        self, template: Template, *, bold: bool = False, italic: bool = False, dots: bool = True
    ) -> list[Run]:
        """The text of *template* with its values.

        Args:
            template: a parsed text.
            bold: everything in bold.
            italic: everything in italics.
            dots: whether a missing value leaves a dotted line (in a table the cell is the place).

        Raises:
            MissingGlyph: a character cannot be drawn.
            BadFact: a value cannot be printed.
        """
        return list(self._runs(template.nodes, bold=bold, italic=italic, dots=dots))

    def text(self, template: Template) -> str:
        """The bare text of *template*."""
        return "".join(run.text for run in self.runs(template))

    def _runs(self, nodes: tuple[Node, ...], *, bold: bool, italic: bool, dots: bool) -> list[Run]:
        runs: list[Run] = []
        for node in nodes:
            match node:
                case Text():
                    thick = bold or node.bold
                    face = face_of(bold=thick, italic=italic or node.italic)
                    text = fonts.clean(node.text, lambda: ("form", ""), of_form=True)
                    parts = shaping.runs(text, bold=thick)
                    runs += [Run(part, other or face) for part, other in parts]
                case Field():
                    face = face_of(bold=bold or node.bold, italic=italic or node.italic)
                    runs.append(self._value(node, face, dots=dots))
                case Choice():
                    branch = node.then if self.holds(node.path) != node.negate else node.otherwise
                    runs += self._runs(branch, bold=bold, italic=italic, dots=dots)
        return runs

    def _value(self, node: Field, face: str, *, dots: bool) -> Run:
        value = self.get(node.path)
        declared = self.declared(node.path)
        text = ""
        if not is_missing(value):
            text = fonts.clean(
                write(value, node.format, node.path), lambda: (self.label(declared), declared)
            ).strip()
        if text or (not is_missing(value) and node.format == "tick"):
            return Run(text, face, path=declared)
        blank = FORMATS[node.format].blank if dots else ""
        face = face_of(bold=False, italic=face in {fonts.ITALIC, fonts.BOLD_ITALIC})
        return Run(blank, face, blank=bool(blank) and not blank.strip("."), path=declared)


def face_of(*, bold: bool, italic: bool) -> str:
    """The name of the face."""
    if bold:
        return fonts.BOLD_ITALIC if italic else fonts.BOLD
    return fonts.ITALIC if italic else fonts.REGULAR
