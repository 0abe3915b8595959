"""Words that explain a result, kept as template and arguments until they are read.

A reason is built once and may be read later in another language, so it holds
the English source text and its arguments; ``str()`` translates and fills it in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from traffick_desk import i18n
from traffick_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a data file in both languages; ``str()`` gives the one in use."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.vi if i18n.language() == "vi" else self.en


@dataclass(frozen=True, slots=True)
class Words:
    """A marked source text with its named arguments."""

    template: str
    args: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return _(self.template).format(**{name: spell(value) for name, value in self.args})


def say(template: str, **args: object) -> Words:
    """Make words of *template* (marked with ``N_`` at the call) and its arguments."""
    return Words(template, tuple(args.items()))


def number(value: int) -> str:
    """*value* with the thousands mark of the language in use: ``2.400.000`` or ``2,400,000``."""
    grouped = f"{value:,}"
    return grouped.replace(",", ".") if i18n.language() == "vi" else grouped


def money(value: int) -> str:
    """An amount of đồng as it is shown everywhere: ``2.400.000 ₫``."""
    return f"{number(value)} ₫"


def spell(value: object) -> str:
    """One argument as a reader expects it: dates dd/MM/yyyy, numbers grouped, lists with commas."""
    if isinstance(value, datetime):
        return value.strftime("%H:%M %d/%m/%Y")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, int):
        return number(value)
    if isinstance(value, (tuple, list)):
        return ", ".join(spell(part) for part in value)
    return str(value)


FACT_LABELS = {
    "accompanies": N_("whom the person accompanies"),
    "birth": N_("date of birth"),
    "citizenship": N_("citizenship"),
    "events.old_application_received": N_("date of the application under the 2011 law"),
    "events.supported_school_years_ended": N_("last day of the school years with support"),
    "health_insurance": N_("health insurance"),
    "identified_on": N_("date of identification as a victim"),
    "location": N_("where the person is (abroad or in the country)"),
    "permanent_resident": N_("permanent residence in Viet Nam"),
    "poor_household": N_("poor household"),
    "province": N_("province before July 2025 whose levels apply"),
    "status": N_("status (being identified, victim, not a victim)"),
    "stays": N_("stays in a facility"),
    "studying": N_("whether the person still goes to school"),
    "trafficked_in": N_("where the person was trafficked"),
    "travel_days": N_("days of travel home"),
}


def fact_label(name: str) -> str:
    """The words for a fact named in ``missing``, e.g. ``accompanies.birth``."""
    if name.startswith("accompanies."):
        return _("{fact} of the person accompanied").format(fact=fact_label(name[12:]))
    return _(FACT_LABELS[name])


def unique(values: Iterable[T]) -> tuple[T, ...]:
    """The *values* in their order, each once."""
    return tuple(dict.fromkeys(values))
