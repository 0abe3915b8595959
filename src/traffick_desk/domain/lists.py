"""Every code list of the spine by its name: small ones from the source, large ones from data."""

from __future__ import annotations

from typing import ClassVar, Protocol

from traffick_desk.domain import codelists
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.text import fold
from traffick_desk.i18n import N_, _

STATELESS = "stateless"
UNKNOWN = "unknown"


class Codes(Protocol):
    """A code list."""

    def codes(self) -> tuple[str, ...]:
        """All codes in the order in which they are offered."""

    def label(self, code: str) -> str:
        """The label of *code* in the language of the desk; the code itself if unknown."""

    def search(self, text: str, limit: int = 20) -> list[str]:
        """Codes whose label fits what was typed so far, the best first."""


class _Citizenships:
    """Countries of ISO 3166-1, after *stateless*, and *unknown*, which is not no."""

    _own: ClassVar = {STATELESS: N_("Stateless"), UNKNOWN: N_("Unknown")}

    def codes(self) -> tuple[str, ...]:
        return (*self._own, *codelists.countries().codes())

    def label(self, code: str) -> str:
        return _(self._own[code]) if code in self._own else codelists.countries().label(code)

    def search(self, text: str, limit: int = 20) -> list[str]:
        wanted = fold(text)
        own = [c for c in self._own if wanted and fold(self.label(c)).startswith(wanted)]
        return (own + codelists.countries().search(text, limit))[:limit]


_CITIZENSHIPS = _Citizenships()


def code_list(name: str) -> Codes:
    """The code list called *name*.

    Raises:
        KeyError: there is none.
    """
    if name == "country":
        return _CITIZENSHIPS
    if name == "language":
        return codelists.languages()
    if name == "ethnicity":
        return codelists.ethnicities()
    return SMALL_LISTS[name]


def is_code(name: str, code: str) -> bool:
    """Whether *code* is in the list called *name*."""
    return code in code_list(name).codes()
