"""Strict reading of YAML: every node knows its file and line, every key is known and used once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypeVar

import yaml

from traffick_desk.i18n import _
from traffick_desk.law.words import Text
from traffick_desk.safe_yaml import Loader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


class PackError(ValueError):
    """A rule pack says something that it may not; names the file and the line."""

    def __init__(self, message: str, file: str, line: int = 0) -> None:
        self.file, self.line, self.problem = file, line, message
        where = _("{file}, line {line}").format(file=file, line=line) if line else file
        super().__init__(
            _("The rules were not loaded. {where}: {problem}").format(where=where, problem=message)
        )


class Reader:
    """One YAML node; mappings are read key by key and closed with :meth:`done`."""

    __slots__ = ("_fields", "_used", "file", "node")

    def __init__(self, node: yaml.Node, file: str) -> None:
        self.node, self.file = node, file
        self._fields: dict[str, yaml.Node] | None = None
        self._used: set[str] = set()

    @property
    def line(self) -> int:
        """The line of the node, from 1."""
        return int(self.node.start_mark.line) + 1

    def fail(self, message: str) -> PackError:
        """The error *message* at this node, to be raised."""
        return PackError(message, self.file, self.line)

    # mappings

    def fields(self) -> dict[str, yaml.Node]:
        """The fields of a mapping; a key given twice is an error."""
        if self._fields is None:
            if not isinstance(self.node, yaml.MappingNode):
                raise self.fail(_("a table of keys and values is expected here"))
            found: dict[str, yaml.Node] = {}
            for key, value in self.node.value:
                name = Reader(key, self.file).text()
                if name in found:
                    raise Reader(key, self.file).fail(
                        _("the key “{key}” is given twice").format(key=name)
                    )
                found[name] = value
            self._fields = found
        return self._fields

    def get(self, key: str) -> Reader:
        """The value of *key*, which must be there."""
        value = self.find(key)
        if value is None:
            raise self.fail(_("the key “{key}” is missing").format(key=key))
        return value

    def find(self, key: str) -> Reader | None:
        """The value of *key*, or ``None``."""
        self._used.add(key)
        node = self.fields().get(key)
        return None if node is None else Reader(node, self.file)

    def maybe(self, key: str, read: Callable[[Reader], T]) -> T | None:
        """What *read* makes of the value of *key*, or ``None`` without it."""
        found = self.find(key)
        return None if found is None else read(found)

    def flag(self, key: str) -> bool | None:
        """A ``true`` or ``false``, or ``None`` without it."""
        found = self.find(key)
        if found is None:
            return None
        return {"true": True, "false": False}[found.choice("true", "false")]

    def done(self) -> None:
        """Every key must have been read by now."""
        for key, node in self.fields().items():
            if key not in self._used:
                raise Reader(node, self.file).fail(
                    _("the key “{key}” is not known here").format(key=key)
                )

    def pairs(self) -> Iterator[tuple[str, Reader]]:
        """All fields of a mapping whose keys are free."""
        for key, node in self.fields().items():
            self._used.add(key)
            yield key, Reader(node, self.file)

    # sequences and scalars

    def items(self) -> Iterator[Reader]:
        """The members of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.fail(_("a list is expected here"))
        for node in self.node.value:
            yield Reader(node, self.file)

    def texts(self) -> tuple[str, ...]:
        """A list of words."""
        return tuple(item.text() for item in self.items())

    @property
    def is_scalar(self) -> bool:
        """Whether the node is one value."""
        return isinstance(self.node, yaml.ScalarNode)

    def text(self) -> str:
        """A value that is not empty, as written."""
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value.strip():
            raise self.fail(_("a text is expected here"))
        return str(self.node.value)

    def choice(self, *allowed: str) -> str:
        """One of *allowed*."""
        value = self.text()
        if value not in allowed:
            raise self.fail(
                _("“{value}” is not allowed here; allowed: {allowed}").format(
                    value=value, allowed=", ".join(allowed)
                )
            )
        return value

    def whole(self, lowest: int = 0) -> int:
        """A whole number that is at least *lowest*."""
        value = self.text()
        if not value.isascii() or not value.isdigit() or int(value) < lowest:
            raise self.fail(
                _("a whole number of at least {lowest} is expected, not “{value}”").format(
                    lowest=lowest, value=value
                )
            )
        return int(value)

    def decimal(self) -> Decimal:
        """A positive decimal number."""
        value = self.text()
        try:
            result = Decimal(value)
        except InvalidOperation:
            result = Decimal(0)
        if not result.is_finite() or result <= 0:
            raise self.fail(_("a number above 0 is expected, not “{value}”").format(value=value))
        return result

    def day(self) -> date:
        """A date written YYYY-MM-DD."""
        value = self.text()
        try:
            result = date.fromisoformat(value)
        except ValueError:
            result = None
        # Python takes other ways of writing too (20261101, 2026-W05-1).
        if result is None or result.isoformat() != value:
            raise self.fail(
                _("a date written YYYY-MM-DD is expected, not “{value}”").format(value=value)
            )
        return result

    def words(self) -> Text:
        """A text in both languages."""
        result = Text(self.get("vi").text(), self.get("en").text())
        self.done()
        return result

    def plain(self) -> object:
        """The content as lists, dicts and strings, for the digest."""
        return _plain(self.node)

    def values(self) -> object:
        """The content as JSON has it: few digits that are not in quotes are a whole number."""
        if isinstance(self.node, yaml.MappingNode):
            return {key: Reader(node, self.file).values() for key, node in self.fields().items()}
        if isinstance(self.node, yaml.SequenceNode):
            return [item.values() for item in self.items()]
        text = str(self.node.value)
        plain = not (isinstance(self.node, yaml.ScalarNode) and self.node.style in {"'", '"'})
        return int(text) if plain and text.isascii() and text.isdigit() and len(text) < 10 else text


def _plain(node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    return node.value


def decode(data: bytes, file: str) -> str:
    """The text of a file.

    Raises:
        PackError: it is not UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PackError(_("this file is not text in UTF-8"), file) from error


def parse(text: str, file: str) -> Reader:
    """The one document in *text*.

    Raises:
        PackError: it is not YAML, is empty, or uses an alias (which could swell without end).
    """
    loader = Loader(text)
    try:
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise PackError(
            _("this is not valid YAML ({problem})").format(problem=error.problem), file, line
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise PackError(
            _("this is not valid YAML ({problem})").format(problem=error), file
        ) from error
    finally:
        loader.dispose()
    if node is None:
        raise PackError(_("the file is empty"), file)
    _refuse_aliases(node, file)
    return Reader(node, file)


def _refuse_aliases(root: yaml.Node, file: str) -> None:
    """A reference makes one node appear twice; a few lines of them can describe gigabytes."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            raise Reader(node, file).fail(_("references (*name) are not allowed"))
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            waiting.extend(part for pair in node.value for part in pair)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
