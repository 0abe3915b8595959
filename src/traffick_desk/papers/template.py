"""The language of the texts in forms: fields, formats, presence, bold and italic. Nothing runs.

::

    Họ và tên: {person.name}              a value; a dotted line when it is missing
    ngày {letter.date|long}               a value in a format of `values.FORMATS`
    {if minors}… {else}… {end}            one text or the other; also {if not path}
    {b}bold{/b}  {i}italic{/i}            faces
    {{  }}                                braces

Values are never read as templates: a brace in a name prints as a brace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from traffick_desk.i18n import _

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_PATH = r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*"
_STICKY = re.compile(r"\b(số|Số|Điều|khoản|ngày|tháng|năm) (?=[0-9])")
_FIELD = re.compile(rf"(#|{_PATH})(?:\|([a-z_]+))?")
_IF = re.compile(rf"if (not )?({_PATH})")


class TemplateError(ValueError):
    """The text is no template; the message says why, in the language of the program."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text that prints as it stands."""

    text: str
    bold: bool
    italic: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A value: *path* in the facts, "#" for the running number of a repetition."""

    path: str
    format: str
    bold: bool
    italic: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """*then* when *path* has a value (has none, when *negate*), else *otherwise*."""

    path: str
    negate: bool
    then: tuple[Node, ...]
    otherwise: tuple[Node, ...]


Node = Text | Field | Choice


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed text."""

    nodes: tuple[Node, ...] = ()

    def fields(self) -> Iterator[Field]:
        """Every field, in both branches of every choice."""
        return _fields(self.nodes)

    def paths(self) -> Iterator[str]:
        """Every path that decides what is printed, conditions included."""
        return _paths(self.nodes)


def _fields(nodes: tuple[Node, ...]) -> Iterator[Field]:
    for node in nodes:
        if isinstance(node, Field):
            yield node
        elif isinstance(node, Choice):
            yield from _fields(node.then + node.otherwise)


def _paths(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Field):
            yield node.path
        elif isinstance(node, Choice):
            yield node.path
            yield from _paths(node.then + node.otherwise)


class _Parser:
    def __init__(self, source: str) -> None:
        self._tokens = _TOKEN.finditer(source)
        self._bold = self._italic = False

    def run(self) -> tuple[Node, ...]:
        nodes, ended_by = self._until()
        if ended_by:
            raise TemplateError(
                _("{command} stands without its beginning").format(command=f"{{{ended_by}}}")
            )
        if self._bold or self._italic:
            raise TemplateError(_("bold or italic is not closed"))
        return nodes

    def _until(self) -> tuple[tuple[Node, ...], str]:
        """Nodes up to {else}, {end} or the end of the text, and which of them it was."""
        nodes: list[Node] = []
        for token in self._tokens:
            whole, inner = token.group(0), token.group(1)
            if whole in {"{{", "}}"}:
                nodes.append(Text(whole[0], self._bold, self._italic))
            elif whole in {"{", "}"}:
                raise TemplateError(_("a brace stands alone; write it twice to print one"))
            elif inner is None:
                # A number is not torn from its word at the end of a line.
                nodes.append(Text(_STICKY.sub("\\1\u00a0", whole), self._bold, self._italic))
            elif inner in {"else", "end"}:
                return tuple(nodes), inner
            elif not self._face(inner):
                nodes.append(self._field_or_choice(inner))
        return tuple(nodes), ""

    def _face(self, inner: str) -> bool:
        match inner:
            case "b" | "/b":
                self._bold = inner == "b"
            case "i" | "/i":
                self._italic = inner == "i"
            case _:
                return False
        return True

    def _field_or_choice(self, inner: str) -> Node:
        if field := _FIELD.fullmatch(inner):
            return Field(field.group(1), field.group(2) or "", self._bold, self._italic)
        condition = _IF.fullmatch(inner)
        if not condition:
            raise TemplateError(
                _("{command} is neither a field nor a command").format(command=f"{{{inner}}}")
            )
        then, ended_by = self._until()
        otherwise: tuple[Node, ...] = ()
        if ended_by == "else":
            otherwise, ended_by = self._until()
        if ended_by != "end":
            raise TemplateError(_("{command} has no end").format(command=f"{{{inner}}}"))
        return Choice(condition.group(2), bool(condition.group(1)), then, otherwise)


def parse(source: str) -> Template:
    """Read a template.

    Raises:
        TemplateError: unbalanced braces, unknown command, choice without end.
    """
    return Template(_Parser(source).run())
