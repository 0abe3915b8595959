"""What a form is: its description for people, the facts it prints, and its parts in order.

Defined in ``resources/forms/*.yaml`` (see ``docs/forms.md``), read by :mod:`.formfile`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from traffick_desk import i18n
from traffick_desk.papers.template import Template


@dataclass(frozen=True, slots=True)
class Words:
    """A text for people in both languages of the program."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.en if i18n.language() == "en" else self.vi


class Status(Enum):
    """How official a form is."""

    OFFICIAL = "official"
    """Layout and fields are those annexed to the instrument."""
    SUBSTITUTE = "substitute"
    """Stands in for a form of the instrument whose fields are not known."""
    LETTER = "letter"
    """An official letter: Decree 30/2020 sets its layout, its words are free."""
    INTERNAL = "internal"
    """No instrument sets a form."""


class Need(Enum):
    """How much a paper needs a fact."""

    REQUIRED = "required"
    """The paper does not do its work without it; a missing one still prints as a dotted line."""
    WANTED = "wanted"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that a form prints, or that decides what it prints.

    Attributes:
        path: where it is in the facts; ``minors[].name`` for one of a list.
        need: how much the paper needs it.
        label: what it is called.
        why: what it is for on this paper (the privacy note).
    """

    path: str
    need: Need
    label: Words
    why: Words


@dataclass(frozen=True, slots=True)
class FormInfo:
    """A form as a list of forms shows it.

    Attributes:
        key: ``<instrument>/<number>``; "Mẫu số 07" alone would name two forms.
        edition: counts the changes of the definition.
        status: how official it is.
        title: what it is called.
        about: when it is used, in a sentence.
        source: the legal source, or why there is none.
        receivers: who gets it.
        privacy: what it discloses and what it leaves out.
        signers: who signs.
        facts: all facts it prints.
        language: of the form's text, ``vi`` unless it says so.
        checked: whether someone whose first language that is has checked it.
    """

    key: str
    edition: int
    status: Status
    title: Words
    about: Words
    source: Words
    receivers: tuple[Words, ...]
    privacy: Words
    signers: tuple[Words, ...]
    facts: tuple[Fact, ...]
    language: str = "vi"
    checked: bool = True


@dataclass(frozen=True, slots=True)
class Header:
    """National title, and for papers of a body its name, number, place and date."""

    issuer: Template | None = None
    governing: Template | None = None
    number: Template | None = None
    place_date: Template | None = None
    about: Template | None = None
    circulation: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """Type of the paper and its subject, with the rule below."""

    kind: Template
    subject: Template | None
    rule: bool


@dataclass(frozen=True, slots=True)
class Receivers:
    """``Kính gửi:`` with one or more receivers."""

    lines: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class Bases:
    """Legal bases in italics."""

    lines: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text; *lines* is how many dotted lines a missing value at its end gets."""

    text: Template
    bold: bool = False
    italic: bool = False
    indent: bool = True
    align: str = "justify"
    lines: int = 1
    keep: bool = False
    size: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """Short texts side by side."""

    cells: tuple[Template, ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; *width* is relative."""

    title: Template
    width: int
    text: Template
    align: str


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table with a row for each value of the list at *path*."""

    path: str
    name: str
    columns: tuple[Column, ...]
    blank_rows: int
    empty: Template | None
    size: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table whose rows are set: what is asked stands there, the answer is written in.

    Attributes:
        columns: their text is not used.
        rows: a text for each column.
        height: of a row at least, in lines.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Template, ...], ...]
    height: float
    size: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """A ruled table whose columns come with the facts at *path*: ``heads`` and ``rows`` of texts.

    The last row is bold when ``total`` holds.
    """

    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of lines, boxes and words (``papers.drawing``) at *path*."""

    path: str


@dataclass(frozen=True, slots=True)
class Each:
    """Parts repeated for each value of the list at *path*."""

    path: str
    name: str
    body: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that stand or fall together."""

    body: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One box to tick; *details* follow when it is ticked."""

    code: str
    text: Template
    details: Template | None


@dataclass(frozen=True, slots=True)
class Options:
    """Boxes, ticked for the codes in the list at *path*."""

    path: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """A framed notice."""

    text: Template
    bold: bool


@dataclass(frozen=True, slots=True)
class Code:
    """A long code in large numbered groups; *groups* empty boxes when it is missing."""

    path: str
    groups: int


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign.

    Attributes:
        lines: authority and post, bold; line feeds make lines.
        note: how to sign, italic.
        name: full name below the space.
        place_date: place and date above.
        when: path that must hold for it to be shown.
        unless: path that must not hold.
    """

    lines: Template
    note: Template | None
    name: Template | None
    place_date: Template | None
    when: str
    unless: str


@dataclass(frozen=True, slots=True)
class Closing:
    """Signatures, with ``Nơi nhận`` at the left when there are *recipients*."""

    signatures: tuple[Signature, ...]
    recipients: tuple[Template, ...]


Block = (
    Header
    | Title
    | Receivers
    | Bases
    | Paragraph
    | Row
    | Table
    | Grid
    | Matrix
    | Picture
    | Each
    | Group
    | Options
    | Frame
    | Code
    | Closing
)


@dataclass(frozen=True, slots=True)
class Part:
    """A block and the conditions under which it is printed.

    Attributes:
        block: what is printed.
        when: path that must hold.
        unless: path that must not hold; a blank form has room for both cases.
        in_blank: whether a blank form has it.
    """

    block: Block
    when: str = ""
    unless: str = ""
    in_blank: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """A form as the renderer takes it.

    Attributes:
        info: its description.
        mark: printed at the top, e.g. that this is an internal form.
        size: of the body, points (13 or 14).
        spacing: of the body's lines, in single lines (1 to 1.5).
        parts: the blocks in order.
        unchecked: says in the form's language that nobody has checked it; printed at the top.
    """

    info: FormInfo
    mark: str
    size: int
    spacing: float
    parts: tuple[Part, ...]
    unchecked: Template | None = None

    def label(self, path: str) -> str:
        """The name of a declared fact in the language of the program."""
        return next((str(fact.label) for fact in self.info.facts if fact.path == path), path)
