"""Strict reading of a YAML file: every key known, none twice, every error with file and line."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

import yaml

from traffick_desk.i18n import _
from traffick_desk.papers.errors import FormError
from traffick_desk.safe_yaml import Loader


@dataclass(slots=True)
class Item:
    """One value of the file, with its place."""

    file: str
    node: yaml.Node
    seen: set[int] = field(repr=False)

    def __post_init__(self) -> None:
        # An alias would let a small file grow without bound, or contain itself.
        if id(self.node) in self.seen:
            raise self.error(_("aliases are not allowed"))
        self.seen.add(id(self.node))

    @property
    def line(self) -> int:
        """The line of the value, from 1."""
        return int(self.node.start_mark.line) + 1

    def error(self, reason: str) -> FormError:
        """The error to raise about this value."""
        return FormError(self.file, self.line, reason)

    def _inner(self, node: yaml.Node) -> Item:
        return Item(self.file, node, self.seen)

    def is_mapping(self) -> bool:
        """Whether the value is a mapping."""
        return isinstance(self.node, yaml.MappingNode)

    def mapping(self, required: str = "", optional: str = "") -> dict[str, Item]:
        """The value as a mapping with exactly the named keys (space-separated lists)."""
        found = self._any_mapping()
        known = {*required.split(), *optional.split()}
        for key, item in found.items():
            if key not in known:
                raise item.error(_('unknown key "{key}"').format(key=key))
        for key in required.split():
            if key not in found:
                raise self.error(_('the key "{key}" is missing').format(key=key))
        return found

    def _any_mapping(self) -> dict[str, Item]:
        """The value as a mapping with any keys, none of them twice."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error(_("a mapping is expected here"))
        found: dict[str, Item] = {}
        for key_node, value_node in self.node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._inner(key_node).error(_("a plain key is expected here"))
            key = str(key_node.value)
            if key in found:
                raise self._inner(key_node).error(_('the key "{key}" stands twice').format(key=key))
            found[key] = self._inner(value_node)
        return found

    def list(self) -> list[Item]:
        """The value as a list, not empty."""
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            raise self.error(_("a list is expected here"))
        return [self._inner(node) for node in self.node.value]

    def text(self, *, empty: bool = False) -> str:
        """The value as text in NFC."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.error(_("a text is expected here"))
        text = unicodedata.normalize("NFC", str(self.node.value))
        if not empty and not text.strip():
            raise self.error(_("a text is expected here"))
        return text

    def number(self, low: int, high: int) -> int:
        """The value as a whole number between *low* and *high*."""
        text = self.text()
        digits = text.isascii() and text.isdigit() and len(text) < 10
        if not digits or not low <= int(text) <= high:
            raise self.error(
                _("a number from {low} to {high} is expected here").format(low=low, high=high)
            )
        return int(text)

    def flag(self) -> bool:
        """The value as true or false."""
        text = self.text()
        if text not in {"true", "false"}:
            raise self.error(_("true or false is expected here"))
        return text == "true"

    def word(self, *words: str) -> str:
        """The value as one of *words*."""
        text = self.text()
        if text not in words:
            raise self.error(_("one of {words} is expected here").format(words=", ".join(words)))
        return text


def read(text: str, file: str) -> Item:
    """Parse one document.

    Raises:
        FormError: no YAML, or an empty document.
    """
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise FormError(
            file, line, _("this is not YAML: {problem}").format(problem=error.problem)
        ) from error
    except yaml.YAMLError as error:
        raise FormError(file, 1, _("this is not YAML: {problem}").format(problem=error)) from error
    if node is None:
        raise FormError(file, 1, _("the file is empty"))
    return Item(file, node, set())
