"""Printed forms: form definitions are data, drawn by one renderer.

Importing this package loads neither ReportLab nor PDFium; drawing does.
"""

from __future__ import annotations

from collections.abc import Mapping

from traffick_desk.papers.errors import (
    BadFact,
    BadShortCode,
    FormError,
    MissingGlyph,
    NoLongerPrinted,
    NotKept,
    PaperError,
    TextTooLong,
    UnknownForm,
    UnreadablePaper,
)
from traffick_desk.papers.formfile import find, library, own_key, read_own, using
from traffick_desk.papers.forms import Fact, Form, FormInfo, Need, Status, Words
from traffick_desk.papers.raster import Raster, page_count, rasterise
from traffick_desk.papers.render import Paper, render, render_many, render_papers
from traffick_desk.papers.values import Answer, Scope, is_missing

__all__ = [
    "Answer",
    "BadFact",
    "BadShortCode",
    "Fact",
    "Form",
    "FormError",
    "FormInfo",
    "MissingGlyph",
    "Need",
    "NoLongerPrinted",
    "NotKept",
    "Paper",
    "PaperError",
    "Raster",
    "Status",
    "TextTooLong",
    "UnknownForm",
    "UnreadablePaper",
    "Words",
    "form",
    "forms",
    "missing_facts",
    "needed_facts",
    "own_key",
    "page_count",
    "rasterise",
    "read_own",
    "render",
    "render_many",
    "render_papers",
    "using",
]


def forms() -> tuple[FormInfo, ...]:
    """All forms, in the order of their files.

    Raises:
        FormError: a definition is wrong.
    """
    return tuple(form.info for form in library().values())


def form(key: str) -> FormInfo:
    """The form with this key.

    Raises:
        UnknownForm: there is none.
    """
    return find(key).info


def needed_facts(key: str) -> tuple[Fact, ...]:
    """What the form prints, each fact with its label and what it is for.

    Raises:
        UnknownForm: there is none.
    """
    return find(key).info.facts


def missing_facts(key: str, facts: Mapping[str, object]) -> tuple[Fact, ...]:
    """The facts of the form that would print as dotted lines now; not those within lists.

    Raises:
        UnknownForm: there is none.
        BadFact: the tree has a plain value where a mapping belongs.
    """
    made = find(key)
    scope = Scope(facts, made.label)
    return tuple(
        fact
        for fact in made.info.facts
        if fact.need is not Need.OPTIONAL and "[]." not in fact.path
        if is_missing(scope.get(fact.path.removesuffix("[]")))
    )
