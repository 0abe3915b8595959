"""One language per process, by gettext.

Source texts are English; the first language is Vietnamese. Texts in code are
marked with :func:`_` where they are shown and with :func:`N_` where they are
only described (labels in the spine, for example) and translated later.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from traffick_desk import resources

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}

_language = "vi"
_spoken: ContextVar[str] = ContextVar("spoken", default="")


def set_language(language: str) -> None:
    """Switch all later translations to *language* (a key of :data:`LANGUAGES`).

    Raises:
        KeyError: the language is not one the program speaks.
    """
    global _language
    _language = {code: code for code in LANGUAGES}[language]


def language() -> str:
    """The code of the language now in use."""
    return _spoken.get() or _language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak *language* in this thread meanwhile: papers are Vietnamese at every desk.

    Raises:
        KeyError: the language is not one the program speaks.
    """
    before = _spoken.set({code: code for code in LANGUAGES}[language])
    try:
        yield
    finally:
        _spoken.reset(before)


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    if language == "en":
        return _gettext.NullTranslations()
    path = resources.translations() / language / "LC_MESSAGES" / "traffick_desk.mo"
    with path.open("rb") as stream:
        return _gettext.GNUTranslations(stream)


def _translations() -> _gettext.NullTranslations:
    return _catalogue(language())


def _(message: str) -> str:
    """Translate *message*; an empty text stays empty."""
    return _translations().gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a text that depends on a number."""
    return _translations().ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    """Translate *message* as used in *context*."""
    return _translations().pgettext(context, message)


def N_(message: str) -> str:  # noqa: N802 - the usual name of gettext's "mark only"
    """Mark *message* for the catalogue without translating it now."""
    return message
