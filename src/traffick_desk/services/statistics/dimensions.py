"""By what can be counted: every described field with classes, and what is derived from fields.

Dimensions follow from the spine. A field added there can be counted by without a line here; a
text or an amount cannot, and of an identifying field only its year or province.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from traffick_desk.domain.codes import ANSWERS, SMALL_LISTS
from traffick_desk.domain.codes_tip import TIP_STAGES
from traffick_desk.domain.lists import code_list
from traffick_desk.domain.spine import Field, Kind, Privacy, Registry
from traffick_desk.i18n import N_, _
from traffick_desk.law import Pack
from traffick_desk.reports import groups
from traffick_desk.reports.figures import EMPTY
from traffick_desk.services.statistics import derived
from traffick_desk.services.statistics.sources import AGE, OF_CASE, PERSONAL, RECEIVED, Sources

Codes = tuple[str, ...]
NONE: Codes = (EMPTY,)
# A small list is shown whole, with its zeros; of a long one only what occurs.
SHOWN_WHOLE = 14
_TIMES = {
    groups.YEAR: N_("{field}: year"),
    groups.QUARTER: N_("{field}: quarter"),
    groups.MONTH: N_("{field}: month"),
}


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing to count by.

    Attributes:
        key: ``person.sex``, ``case.opened_on.year``, ``age_group``.
        label: English source text; *field* stands in for ``{field}`` in it.
        source, column: what must be read (``Sources.column``).
        classes: value → codes of its classes; more than one where several answers are possible.
        words: code → words, in the language of the desk.
        codes: all codes in their order; empty: those that occur, sorted.
        several: several answers are possible.
        group: English source text, for choosing.
    """

    key: str
    label: str
    source: str
    column: str
    classes: Callable[[Sources, Any], Codes]
    words: Callable[[str], str]
    codes: Codes = ()
    several: bool = False
    group: str = ""
    field: str = ""

    def shown_label(self) -> str:
        """In the language of the desk."""
        return _(self.label).format(field=_(self.field)) if self.field else _(self.label)

    def shown_group(self) -> str:
        """In the language of the desk."""
        return _(self.group)

    def word(self, code: str) -> str:
        """A class in words; what nobody entered is said too."""
        return self.words(code) if code != EMPTY else _("Not entered")


def _one(_sources: Sources, value: Any) -> Codes:
    return (value or EMPTY,)


@lru_cache(maxsize=4096)
def _codes(text: str) -> Codes:
    return tuple(json.loads(text)) or NONE


def _of_field(source: str, known: Field, group: str) -> list[Dimension]:
    """The dimensions that follow from one field."""
    key = f"{source}.{known.name}"

    def made(key: str, label: str, classes: Any, words: Any, codes: Codes = (), **more: Any) -> Any:
        return Dimension(key, label, source, known.name, classes, words, codes, group=group, **more)

    match known.kind:
        case Kind.CODE:
            listed = code_list(known.codes)
            codes = listed.codes() if known.codes in SMALL_LISTS else ()
            if known.codes == "stage":
                codes = tuple(c for c in codes if c not in TIP_STAGES)
            return [made(key, known.label, _one, listed.label, codes)]
        case Kind.CODES:
            listed = code_list(known.codes)
            codes = listed.codes() if known.codes in SMALL_LISTS else ()
            several = lambda _s, value: _codes(value or "[]")  # noqa: E731
            return [made(key, known.label, several, listed.label, codes, several=True)]
        case Kind.ANSWER:
            words = code_list("answer").label
            return [made(key, known.label, _one, words, tuple(ANSWERS))]
        case Kind.DATE | Kind.MOMENT | Kind.PARTIAL_DATE:
            kinds = _TIMES if known.privacy is not Privacy.IDENTIFYING else [groups.YEAR]
            return [
                made(f"{key}.{by}", _TIMES[by], _time(by), groups.time_words,
                     field=known.label)
                for by in kinds
            ]  # fmt: skip
        case Kind.UNIT:
            found = [made(f"{key}.province", N_("{field}: province"), _province, str,
                          field=known.label)]  # fmt: skip
            if known.privacy is not Privacy.IDENTIFYING:
                found.insert(0, made(key, known.label, _one, str))
            return found
    return []


def _time(by: str) -> Callable[[Sources, Any], Codes]:
    return lambda _sources, value: (groups.time_class((value or "")[:10], by),)


def _province(sources: Sources, value: Any) -> Codes:
    return (sources.province(value) if value else EMPTY,)


# --- derived ---------------------------------------------------------------------------------

_AGE = {"child": N_("Under 18"), "adult": N_("18 or older")}
_SINCE = ("0-5", "6-11", "12-23", "24+")
_SINCE_WORDS = {
    "0-5": N_("under 6 months"),
    "6-11": N_("6 to 11 months"),
    "12-23": N_("12 to 23 months"),
    "24+": N_("24 months or more"),
}


def _in_words(words: Mapping[str, str]) -> Callable[[str], str]:
    return lambda code: _(words[code]) if code in words else code


def _since(sources: Sources, value: Any) -> Codes:
    days = groups.days_between(value, sources.context.today)
    if days is None or days < 0:
        return NONE
    months = days * 12 // 365
    return (next(c for c, top in zip(_SINCE, (6, 12, 24, 10**6), strict=True) if months < top),)


def _derived() -> list[Dimension]:
    when = N_("At reception")
    return [
        Dimension("age_group", N_("Age group at reception"), AGE, "age_group", _one,
                  groups.age_words, groups.AGE_GROUPS, group=when),
        Dimension("minor", N_("Under or over 18 at reception"), AGE, "minor", _one,
                  _in_words(_AGE), tuple(_AGE), group=when),
        Dimension("since_reception", N_("Time since reception"), RECEIVED, "", _since,
                  _in_words(_SINCE_WORDS), _SINCE, group=when),
        *(
            Dimension(f"received.{by}", _TIMES[by], RECEIVED, "", _time(by), groups.time_words,
                      field=N_("Received on"), group=when)
            for by in _TIMES
        ),
    ]  # fmt: skip


def _own(key: str, label: str, words: Any, codes: Codes) -> Dimension:
    return Dimension(f"own.{key}", label, "own", key, _one, words, codes)


def derived_dimensions(subject: str, pack: Pack) -> list[Dimension]:
    """Dimensions of a subject that no record stands for (``derived``)."""
    outcome = N_("What became of it")
    match subject:
        case "clock":
            clocks = derived.CLOCKS

            def clock(code: str) -> str:
                rule = pack.clocks.get(code)
                return str(rule.label) if rule else code

            words = _in_words(groups.LIMIT_WORDS)
            return [
                _own("clock", N_("Time limit of the law"), clock, clocks),
                _own("outcome", outcome, words, tuple(groups.LIMIT_WORDS)[:5]),
            ]
        case "regime_use":
            regimes = SMALL_LISTS["regime"]
            label = lambda code: f"{code}) {regimes.label(code)}"  # noqa: E731
            return [
                _own("regime", N_("Support regime"), label, regimes.codes()),
                _own("use", N_("Requested, approved, given"), _in_words(derived.USES),
                     tuple(derived.USES)),
            ]  # fmt: skip
        case "money":
            regimes = SMALL_LISTS["regime"]
            letter = lambda code: f"{code}) {regimes.label(code)}"  # noqa: E731
            return [
                _own("regime", N_("Support regime"), letter, regimes.codes()),
                _own("kind", N_("Approved or paid"), _in_words(derived.MONEY),
                     tuple(derived.MONEY)),
                _own("fund", N_("Source of the money"), SMALL_LISTS["fund"].label,
                     SMALL_LISTS["fund"].codes()),
            ]  # fmt: skip
        case "prevention" | "prevention_cost":
            kinds = {
                f"{t}.{c}": SMALL_LISTS[f"{t}_kind"]
                for t in ("activity", "material")
                for c in SMALL_LISTS[f"{t}_kind"].codes()
            }
            counts = {
                **SMALL_LISTS["activity_count"].labels,
                **SMALL_LISTS["material_count"].labels,
            }
            kind = lambda code: (  # noqa: E731
                kinds[code].label(code.partition(".")[2]) if code in kinds else code
            )
            own = [_own("kind", N_("Kind"), kind, tuple(kinds)),
                   _own("unit", N_("Commune or province"), str, ())]  # fmt: skip
            if subject == "prevention":
                what = _own("what", N_("Which figure"), _in_words(counts), tuple(counts))
                return [*own, what]
            fund = SMALL_LISTS["fund"]
            return [*own, _own("fund", N_("Source of the money"), fund.label, fund.codes())]
        case "volunteers":
            roles, sexes = SMALL_LISTS["staff_role"], SMALL_LISTS["sex"]
            return [
                _own("role", N_("What she or he is"), roles.label, roles.codes()),
                _own("sex", N_("Sex"), sexes.label, sexes.codes()),
                _own("unit", N_("Commune or province"), str, ()),
            ]
        case "follow_up":
            months = lambda code: _("after {n} months").format(n=code)  # noqa: E731
            return [
                _own("months", N_("Time since reception"), months,
                     tuple(str(m) for m in derived.MONTHS)),
                _own("outcome", outcome, _in_words(groups.FOLLOW_WORDS),
                     tuple(groups.FOLLOW_WORDS)),
            ]  # fmt: skip
        case "gap":
            words = _in_words(derived.GAPS)
            return [_own("gap", N_("What is missing"), words, tuple(derived.GAPS))]
    return []


def dimensions(subject: str, registry: Registry, pack: Pack) -> dict[str, Dimension]:
    """Everything that *subject* can be counted by: key → dimension, in the order for choosing."""
    found = derived_dimensions(subject, pack)
    own = registry.get(subject)
    sources: list[str] = []
    if own is not None and subject not in {"person", "case"}:
        for known in own.fields:
            found += _of_field("own", known, own.label)
    if own is None or own.case_key:
        sources = [s for s in (*PERSONAL, *OF_CASE) if s in registry]
        found += _derived()
    for source in sources:
        for known in registry[source].fields:
            found += _of_field(source, known, registry[source].label)
    return {d.key: d for d in found}
