"""Form definitions: strict reading of ``resources/forms``.

A form must declare every fact that its texts use and use every fact that it
declares: what a paper discloses can be read off its definition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from traffick_desk import resources
from traffick_desk.i18n import _
from traffick_desk.papers import forms as f
from traffick_desk.papers import template, yamlfile
from traffick_desk.papers.errors import UnknownForm
from traffick_desk.papers.values import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from traffick_desk.papers.yamlfile import Item

_KEY = re.compile(r"[\w-]+/[\w -]+")
_PATH = re.compile(r"[a-z_][a-z0-9_]*(?:(?:\[\])?\.[a-z_][a-z0-9_]*)*(?:\[\])?")
_LANGUAGES = ("en", "km", "lo", "zh")
_HEAD = "key edition status title about source receivers privacy signers facts parts"


class _Reader:
    """Reads one definition and gathers the paths that its texts use."""

    def __init__(self) -> None:
        self.used: dict[str, Item] = {}
        self._origins: dict[str, str] = {}
        self._blocks: dict[str, Callable[[Item], f.Block]] = {
            "header": self._header,
            "title": self._title,
            "receivers": lambda item: f.Receivers(self._texts(item)),
            "bases": lambda item: f.Bases(self._texts(item)),
            "p": self._paragraph,
            "row": self._row,
            "table": self._table,
            "grid": self._grid,
            "matrix": self._matrix,
            "picture": self._picture,
            "each": self._each,
            "group": lambda item: f.Group(self.parts(item)),
            "options": self._options,
            "frame": self._frame,
            "code": self._code,
            "closing": self._closing,
        }

    def form(self, root: Item) -> f.Form:
        head = root.mapping(_HEAD, "mark size spacing language checked unchecked")
        if not _KEY.fullmatch(head["key"].text()):
            raise head["key"].error(_("a key is written instrument/number"))
        facts = tuple(fact for group in head["facts"].list() for fact in _facts(group))
        info = f.FormInfo(
            key=head["key"].text(),
            edition=head["edition"].number(1, 9999),
            status=f.Status(head["status"].word(*(s.value for s in f.Status))),
            title=_words(head["title"]),
            about=_words(head["about"]),
            source=_words(head["source"]),
            receivers=tuple(_words(item) for item in head["receivers"].list()),
            privacy=_words(head["privacy"]),
            signers=tuple(_words(item) for item in head["signers"].list()),
            facts=facts,
            language=head["language"].word(*_LANGUAGES) if "language" in head else "vi",
            checked="checked" not in head or head["checked"].flag(),
        )
        if ("checked" in head) != ("language" in head):
            raise root.error(_("a form in another language says whether its text was checked"))
        if info.checked == ("unchecked" in head):
            raise root.error(_("a text that was not checked says so in its own language"))
        mark = head["mark"].text() if "mark" in head else ""
        internal = info.status in {f.Status.INTERNAL, f.Status.SUBSTITUTE}
        if internal and "mẫu nội bộ" not in mark.lower():
            raise root.error(_('a form that is not official must say "Mẫu nội bộ" in its mark'))
        made = f.Form(
            info=info,
            mark=mark,
            size=head["size"].number(13, 14) if "size" in head else 14,
            spacing=head["spacing"].number(100, 150) / 100 if "spacing" in head else 1.1,
            parts=self.parts(head["parts"]),
            unchecked=self._optional(head, "unchecked"),
        )
        self._check_facts(head["facts"], facts)
        return made

    def _check_facts(self, declared: Item, facts: tuple[f.Fact, ...]) -> None:
        paths = [fact.path for fact in facts]
        for path, item in self.used.items():
            if path not in paths:
                raise item.error(_('the fact "{path}" is not declared').format(path=path))
        for path in paths:
            if path not in self.used:
                raise declared.error(_('the fact "{path}" is not used').format(path=path))
            if paths.count(path) > 1:
                raise declared.error(_('the fact "{path}" is declared twice').format(path=path))

    def _use(self, path: str, item: Item) -> str:
        first, dot, rest = path.partition(".")
        full = f"{self._origins[first]}{dot}{rest}" if first in self._origins else path
        self.used.setdefault(full, item)
        return path

    def _path(self, item: Item) -> str:
        path = item.text()
        if not _PATH.fullmatch(path) or "[" in path:
            raise item.error(_("this is no path of a fact"))
        return self._use(path, item)

    def _text(self, item: Item, *, empty: bool = False) -> template.Template:
        try:
            made = template.parse(item.text(empty=empty).rstrip("\n"))
        except template.TemplateError as error:
            raise item.error(str(error)) from error
        for field in made.fields():
            if field.format not in FORMATS:
                raise item.error(_('there is no format "{name}"').format(name=field.format))
        for path in made.paths():
            if path != "#":
                self._use(path, item)
        return made

    def _texts(self, item: Item) -> tuple[template.Template, ...]:
        return tuple(self._text(inner) for inner in item.list())

    def _optional(self, head: dict[str, Item], key: str) -> template.Template | None:
        return self._text(head[key]) if key in head else None

    def parts(self, item: Item) -> tuple[f.Part, ...]:
        return tuple(self._part(inner) for inner in item.list())

    def _part(self, item: Item) -> f.Part:
        head = item.mapping(optional=" ".join(self._blocks) + " when unless in_blank")
        names = [name for name in head if name in self._blocks]
        if len(names) != 1:
            raise item.error(_("a part has exactly one block"))
        return f.Part(
            self._blocks[names[0]](head[names[0]]),
            when=self._path(head["when"]) if "when" in head else "",
            unless=self._path(head["unless"]) if "unless" in head else "",
            in_blank="in_blank" not in head or head["in_blank"].flag(),
        )

    def _header(self, item: Item) -> f.Header:
        head = item.mapping(optional="issuer governing number place_date about circulation")
        texts = {key: self._text(inner) for key, inner in head.items() if key != "circulation"}
        note = head["circulation"].text() if "circulation" in head else ""
        return f.Header(**texts, circulation=note)

    def _title(self, item: Item) -> f.Title:
        head = item.mapping("kind", "subject rule")
        rule = head["rule"].flag() if "rule" in head else True
        return f.Title(self._text(head["kind"]), self._optional(head, "subject"), rule)

    def _paragraph(self, item: Item) -> f.Paragraph:
        if not item.is_mapping():
            return f.Paragraph(self._text(item))
        head = item.mapping("text", "bold italic indent align lines keep size")
        return f.Paragraph(
            self._text(head["text"]),
            bold="bold" in head and head["bold"].flag(),
            italic="italic" in head and head["italic"].flag(),
            indent="indent" not in head or head["indent"].flag(),
            align=_align(head, "justify"),
            lines=head["lines"].number(1, 20) if "lines" in head else 1,
            keep="keep" in head and head["keep"].flag(),
            size=head["size"].number(10, 20) if "size" in head else 0,
        )

    def _row(self, item: Item) -> f.Row:
        head = item.mapping("cells", "widths")
        cells = self._texts(head["cells"])
        widths = [1] * len(cells)
        if "widths" in head:
            widths = [inner.number(1, 100) for inner in head["widths"].list()]
        if len(widths) != len(cells):
            raise item.error(_("a width is needed for each cell"))
        return f.Row(cells, tuple(widths))

    def _repeat(self, head: dict[str, Item]) -> tuple[str, str]:
        path, name = self._path(head["in"]), head["as"].text()
        if not name.isidentifier() or name in self._origins:
            raise head["as"].error(_("this name cannot be used here"))
        first, dot, rest = path.partition(".")
        full = f"{self._origins[first]}{dot}{rest}" if first in self._origins else path
        self._origins[name] = f"{full}[]"
        return path, name

    def _table(self, item: Item) -> f.Table:
        head = item.mapping("in as columns", "blank_rows empty size")
        path, name = self._repeat(head)
        columns = tuple(self._column(inner) for inner in head["columns"].list())
        del self._origins[name]
        return f.Table(
            path,
            name,
            columns,
            blank_rows=head["blank_rows"].number(0, 40) if "blank_rows" in head else 3,
            empty=self._optional(head, "empty"),
            size=head["size"].number(10, 14) if "size" in head else 0,
        )

    def _column(self, item: Item) -> f.Column:
        head = item.mapping("title width text", "align")
        return f.Column(
            self._text(head["title"]),
            head["width"].number(1, 200),
            self._text(head["text"], empty=True),
            _align(head, "left"),
        )

    def _grid(self, item: Item) -> f.Grid:
        head = item.mapping("columns rows", "size height")
        columns = []
        for inner in head["columns"].list():
            entry = inner.mapping("title width", "align")
            columns.append(
                f.Column(
                    self._text(entry["title"]),
                    entry["width"].number(1, 200),
                    template.Template(),
                    _align(entry, "left"),
                )
            )
        rows = []
        for row in head["rows"].list():
            cells = tuple(self._text(cell, empty=True) for cell in row.list())
            if len(cells) != len(columns):
                raise row.error(_("a cell is needed for each column"))
            rows.append(cells)
        return f.Grid(
            tuple(columns),
            tuple(rows),
            height=head["height"].number(100, 800) / 100 if "height" in head else 1.0,
            size=head["size"].number(10, 14) if "size" in head else 0,
        )

    def _matrix(self, item: Item) -> f.Matrix:
        head = item.mapping("in", "size")
        size = head["size"].number(8, 14) if "size" in head else 0
        return f.Matrix(self._path(head["in"]), size)

    def _picture(self, item: Item) -> f.Picture:
        head = item.mapping("in", "")
        return f.Picture(self._path(head["in"]))

    def _each(self, item: Item) -> f.Each:
        head = item.mapping("in as parts")
        path, name = self._repeat(head)
        body = self.parts(head["parts"])
        del self._origins[name]
        return f.Each(path, name, body)

    def _options(self, item: Item) -> f.Options:
        head = item.mapping("in options")
        options = []
        for inner in head["options"].list():
            entry = inner.mapping("code text", "details")
            options.append(
                f.Option(
                    entry["code"].text(),
                    self._text(entry["text"]),
                    self._optional(entry, "details"),
                )
            )
        return f.Options(self._path(head["in"]), tuple(options))

    def _frame(self, item: Item) -> f.Frame:
        head = item.mapping("text", "bold")
        return f.Frame(self._text(head["text"]), "bold" in head and head["bold"].flag())

    def _code(self, item: Item) -> f.Code:
        head = item.mapping("value", "groups")
        groups = head["groups"].number(1, 40) if "groups" in head else 8
        return f.Code(self._path(head["value"]), groups)

    def _closing(self, item: Item) -> f.Closing:
        head = item.mapping("signatures", "recipients")
        signatures = []
        for inner in head["signatures"].list():
            entry = inner.mapping("lines", "note name place_date when unless")
            signatures.append(
                f.Signature(
                    self._text(entry["lines"]),
                    self._optional(entry, "note"),
                    self._optional(entry, "name"),
                    self._optional(entry, "place_date"),
                    self._path(entry["when"]) if "when" in entry else "",
                    self._path(entry["unless"]) if "unless" in entry else "",
                )
            )
        recipients = self._texts(head["recipients"]) if "recipients" in head else ()
        return f.Closing(tuple(signatures), recipients)


def _facts(group: Item) -> list[f.Fact]:
    """The facts of one purpose."""
    head = group.mapping("why fields")
    why = _words(head["why"])
    facts = []
    for item in head["fields"].list():
        entry = item.mapping("path vi en", "need")
        path = entry["path"].text()
        if not _PATH.fullmatch(path):
            raise entry["path"].error(_("this is no path of a fact"))
        need = entry["need"].word(*(n.value for n in f.Need)) if "need" in entry else "wanted"
        label = f.Words(entry["vi"].text(), entry["en"].text())
        facts.append(f.Fact(path, f.Need(need), label, why))
    return facts


def _words(item: Item) -> f.Words:
    head = item.mapping("vi en")
    return f.Words(head["vi"].text().strip(), head["en"].text().strip())


def _align(head: dict[str, Item], default: str) -> str:
    if "align" not in head:
        return default
    return head["align"].word("left", "center", "right", "justify")


def read(text: str, file: str) -> f.Form:
    """Read a form definition.

    Args:
        text: the YAML document.
        file: its name for errors.

    Raises:
        FormError: anything unknown, missing, doubled or out of range, with its line.
    """
    return _Reader().form(yamlfile.read(text, file))


# Keys of forms that a province adds begin so: no form of the program will ever have the same.
OWN_KEYS = "tinh/"
_own: ContextVar[Mapping[str, f.Form]] = ContextVar("own forms", default=MappingProxyType({}))


def own_key(text: str, file: str) -> str:
    """The key that a form definition gives itself.

    Raises:
        FormError: it is no form definition.
    """
    return read(text, file).info.key


def read_own(key: str, text: str) -> f.Form:
    """A form that a province adds.

    Raises:
        FormError: the definition is wrong, or its key is another, or not one of a province.
    """
    item = yamlfile.read(text, key)
    form = _Reader().form(item)
    if form.info.key != key or not key.startswith(OWN_KEYS):
        raise item.error(
            _('the key "{key}" must begin with {prefix}').format(key=form.info.key, prefix=OWN_KEYS)
        )
    return form


@contextmanager
def using(own: Mapping[str, f.Form]) -> Iterator[None]:
    """Have the forms of a province beside those of the program, in this thread meanwhile."""
    before = _own.set(own)
    try:
        yield
    finally:
        _own.reset(before)


def library() -> Mapping[str, f.Form]:
    """All forms by key: those that came with the program, then those of the province.

    Raises:
        FormError: a definition is wrong, or two have the same key.
    """
    return {**_shipped(), **_own.get()}


@lru_cache(maxsize=1)
def _shipped() -> dict[str, f.Form]:
    found: dict[str, f.Form] = {}
    for path in sorted(resources.path("forms").glob("*.yaml")):
        item = yamlfile.read(path.read_text(encoding="utf-8"), path.name)
        form = _Reader().form(item)
        if form.info.key in found:
            raise item.error(_('the key "{key}" stands twice').format(key=form.info.key))
        found[form.info.key] = form
    return found


def find(key: str) -> f.Form:
    """The form with this key.

    Raises:
        UnknownForm: there is none.
    """
    try:
        return library()[key]
    except KeyError:
        raise UnknownForm(key) from None
