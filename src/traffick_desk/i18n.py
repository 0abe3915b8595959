"""One language per process, by gettext.

Source texts are English; the first language is Vietnamese. Texts in code are
marked with :func:`_` where they are shown and with :func:`N_` where they are
only described (labels in the spine, for example) and translated later.
"""

from __future__ import annotations

import gettext as _gettext

from traffick_desk import resources

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}

_current: _gettext.NullTranslations | None = None
_language = "vi"


def set_language(language: str) -> None:
    """Switch all later translations to *language* (a key of :data:`LANGUAGES`).

    Raises:
        KeyError: the language is not one the program speaks.
    """
    global _current, _language
    _language = {code: code for code in LANGUAGES}[language]
    _current = None


def language() -> str:
    """The code of the language now in use."""
    return _language


def _translations() -> _gettext.NullTranslations:
    global _current
    if _current is None:
        if _language == "en":
            _current = _gettext.NullTranslations()
        else:
            path = resources.translations() / _language / "LC_MESSAGES" / "traffick_desk.mo"
            with path.open("rb") as stream:
                _current = _gettext.GNUTranslations(stream)
    return _current


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
