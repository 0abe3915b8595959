"""The lessons of practice: files of data, read strictly.

A lesson is a row of steps. Each says in a sentence what to do, where in the window, and how the
program knows that it was done: by what stands in the vault, or by what the window shows. What a
file says that this program does not know is refused with file and line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from traffick_desk import papers, resources
from traffick_desk.domain.lists import code_list
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import _
from traffick_desk.papers import yamlfile
from traffick_desk.papers.errors import FormError
from traffick_desk.papers.forms import Words
from traffick_desk.papers.yamlfile import Item

PEOPLE = "people.yaml"
_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,79}")
# What the window can show besides a page and its section.
SHOWS = ("reasons",)
ACTS = ("province",)


class LessonError(Exception):
    """A lesson file is wrong: a fault of the installation.

    Attributes:
        file: its name.
        line: from 1.
        reason: what is wrong there.
    """

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(file, line, reason)
        self.file, self.line, self.reason = file, line, reason

    def __str__(self) -> str:
        return _(
            "The lesson {file} has a fault in line {line}: {reason}. Your data is safe; practising "
            "without lessons works. Please install the program again."
        ).format(file=self.file, line=self.line, reason=self.reason)


@dataclass(frozen=True, slots=True)
class Where:
    """A place in the window.

    Attributes:
        page: name of the page.
        section: of the page, "" for none.
        widget: object name of what gets the keyboard, "" for the page itself.
        form: key of the paper for the page of papers.
        case: whether the page is opened on the case of the lesson.
    """

    page: str
    section: str = ""
    widget: str = ""
    form: str = ""
    case: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """How the program knows that a step was done. All that is given must hold.

    Attributes:
        any_of: one of these instead.
        page, section, shows: what the window shows; a page of a case shows that of the lesson.
        draft: beginning of the key of a draft that was kept since the lesson began.
        draft_value: a value that stands in that draft.
        record: a record of this type was written in the case since the lesson began.
        has: its fields that are filled in.
        values: field → values one of which it has.
        sent: the newest entries of the case were written into a bundle.
        answer: a bundle from the province lies on the practice stick and was not taken in.
    """

    any_of: tuple[When, ...] = ()
    page: str = ""
    section: str = ""
    shows: str = ""
    draft: str = ""
    draft_value: str = ""
    record: str = ""
    has: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] | None = None
    sent: bool = False
    answer: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a lesson; *act* is something that the lesson does for the officer."""

    id: str
    do: Words
    hint: Words
    where: Where
    when: When
    act: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson.

    Attributes:
        person: who of the file of people it is about; "" when the officer opens the case.
        closing: what was learned, said at the end.
    """

    id: str
    title: Words
    about: Words
    closing: Words
    person: str
    steps: tuple[Step, ...]


def people() -> Path:
    """The file of the invented people."""
    return resources.path("practice", PEOPLE)


@lru_cache(maxsize=1)
def lessons() -> tuple[Lesson, ...]:
    """All lessons in the order of their files.

    Raises:
        LessonError: a file is wrong, or two have one id.
    """
    folder = resources.path("practice", "lessons")
    found: list[Lesson] = []
    for path in sorted(folder.glob("*.yaml")):
        made = read(path.read_text("utf-8"), path.name)
        if any(lesson.id == made.id for lesson in found):
            raise LessonError(path.name, 1, _("another lesson has this id"))
        found.append(made)
    return tuple(found)


def lesson(lesson_id: str) -> Lesson:
    """One lesson.

    Raises:
        KeyError: there is none with this id.
    """
    for found in lessons():
        if found.id == lesson_id:
            return found
    raise KeyError(lesson_id)


def read(text: str, file: str) -> Lesson:
    """Read one lesson.

    Raises:
        LessonError: it is not of this form.
    """
    try:
        return _lesson(yamlfile.read(text, file))
    except FormError as error:
        raise LessonError(error.file, error.line, error.reason) from error


def _lesson(root: Item) -> Lesson:
    head = root.mapping("id title about closing steps", "person")
    steps: list[Step] = []
    for item in head["steps"].list():
        step = _step(item)
        if any(other.id == step.id for other in steps):
            raise item.error(_('two steps are called "{id}"').format(id=step.id))
        steps.append(step)
    return Lesson(
        id=_match(head["id"], _ID),
        title=_words(head["title"]),
        about=_words(head["about"]),
        closing=_words(head["closing"]),
        person=_match(head["person"], _ID) if "person" in head else "",
        steps=tuple(steps),
    )


def _step(item: Item) -> Step:
    head = item.mapping("id do hint where when", "act")
    return Step(
        id=_match(head["id"], _ID),
        do=_words(head["do"]),
        hint=_words(head["hint"]),
        where=_where(head["where"]),
        when=_when(head["when"]),
        act=head["act"].word(*ACTS) if "act" in head else "",
    )


def _where(item: Item) -> Where:
    head = item.mapping("page", "section widget form case")
    return Where(
        page=_match(head["page"], _ID_OF_PAGE),
        section=_match(head["section"], _NAME) if "section" in head else "",
        widget=_match(head["widget"], _NAME) if "widget" in head else "",
        form=_form(head["form"]) if "form" in head else "",
        case="case" in head and head["case"].flag(),
    )


_ID_OF_PAGE = re.compile(r"[a-z][a-z_]{0,39}")


def _when(item: Item) -> When:
    head = item.mapping("", "any page section shows draft value record has is sent answer")
    if "any" in head:
        _alone(head, "any")
        return When(any_of=tuple(_when(inner) for inner in head["any"].list()))
    kinds = [key for key in ("page", "draft", "record", "sent", "answer") if key in head]
    if len(kinds) != 1:
        raise item.error(_("exactly one of page, draft, record, sent, answer or any is expected"))
    kind = kinds[0]
    if kind == "page":
        _alone(head, "page section shows")
        return When(
            page=_match(head["page"], _ID_OF_PAGE),
            section=_match(head["section"], _NAME) if "section" in head else "",
            shows=head["shows"].word(*SHOWS) if "shows" in head else "",
        )
    if kind == "draft":
        _alone(head, "draft value")
        value = head["value"].text() if "value" in head else ""
        return When(draft=_match(head["draft"], _NAME), draft_value=value)
    if kind == "record":
        _alone(head, "record has is")
        return _record(head)
    _alone(head, kind)
    if not head[kind].flag():
        raise head[kind].error(_("only true makes sense here"))
    return When(sent=kind == "sent", answer=kind == "answer")


def _record(head: Mapping[str, Item]) -> When:
    name = head["record"].text()
    if name not in REGISTRY:
        raise head["record"].error(_('there is no record type "{name}"').format(name=name))
    fields = REGISTRY[name].by_name
    has: list[str] = []
    for item in head["has"].list() if "has" in head else ():
        if item.text() not in fields:
            raise item.error(_('"{name}" is no field of it').format(name=item.text()))
        has.append(item.text())
    values: dict[str, tuple[str, ...]] = {}
    if "is" in head:
        for key, item in head["is"].mapping("", " ".join(fields)).items():
            values[key] = tuple(_code(inner, name, key) for inner in item.list())
    return When(record=name, has=tuple(has), values=values)


def _code(item: Item, record: str, field: str) -> str:
    text, codes = item.text(), REGISTRY[record][field].codes
    if field == "form":
        return _form(item)
    if codes and text not in code_list(codes).codes():
        raise item.error(_('"{code}" is no code of this field').format(code=text))
    return text


def _form(item: Item) -> str:
    key = item.text()
    if key not in {form.key for form in papers.forms()}:
        raise item.error(_('there is no form "{key}"').format(key=key))
    return key


def _alone(head: Mapping[str, Item], known: str) -> None:
    for key, inner in head.items():
        if key not in known.split():
            raise inner.error(_('"{key}" does not belong here').format(key=key))


def _match(item: Item, pattern: re.Pattern[str]) -> str:
    text = item.text()
    if pattern.fullmatch(text) is None:
        raise item.error(_('"{text}" is no name of this kind').format(text=text))
    return text


def _words(item: Item) -> Words:
    head = item.mapping("vi en")
    return Words(head["vi"].text().strip(), head["en"].text().strip())
