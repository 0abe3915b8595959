"""Whether a file is HTCDS 2.0. The standard has no validator of its own; these rules are ours.

They follow the published field list strictly: a file that passes holds only fields of the
standard or our own (``td_``), each value in its list and form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from traffick_desk.i18n import _
from traffick_desk.reports.standards.files import Row, Sheet, own
from traffick_desk.reports.standards.htcds import FORCED_CRIMINALITY, StandardField, standard

ERROR, WARNING = "error", "warning"
PHONE = re.compile(r"\+?[1-9]\d{1,14}")
_LANGUAGE = re.compile(r"[a-z]{3}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_COUNTRY_FIELDS = frozenset({"hte_Country"})
_ANSWERS = frozenset({"TRUE", "FALSE"})
# What makes a row one of an identified person.
_IDENTIFYING = ("prs_FirstName", "prs_SecondName", "prs_MiddleName", "prs_IdentityNumber",
                "prs_MobilePhone", "prs_HomePhone", "prs_Email", "prs_Birthdate",
                "td_FullName")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not right.

    Attributes:
        level: :data:`ERROR` or :data:`WARNING`.
        row: number of the row, from 1; 0 for the whole file.
        column: its name.
        code: stable word for programs.
        text: for people.
    """

    level: str
    row: int
    column: str
    code: str
    text: str


def validate(sheet: Sheet, today: date) -> tuple[Problem, ...]:
    """Everything that is not right with a file, in order.

    Args:
        sheet: the file.
        today: no birth is later.
    """
    rows = (p for n, row in enumerate(sheet.rows, 1) for p in _row(n, row, today))
    return (*_columns(sheet), *rows)


def valid(problems: tuple[Problem, ...]) -> bool:
    """Whether nothing worse than a warning was found."""
    return all(p.level != ERROR for p in problems)


def _columns(sheet: Sheet) -> Iterator[Problem]:
    fields = standard().fields
    for name in sheet.columns:
        if own(name):
            continue
        if name not in fields:
            text = _("“{name}” is no field of HTCDS and does not begin with td_.")
            yield Problem(ERROR, 0, name, "unknown-column", text.format(name=name))
        elif fields[name].deprecated:
            text = _("“{name}” is deprecated in HTCDS 2.0.")
            yield Problem(ERROR, 0, name, "deprecated", text.format(name=name))
    for name in sheet.doubled:
        text = _("The column “{name}” stands there twice.")
        yield Problem(ERROR, 0, name, "doubled-column", text.format(name=name))
    if not sheet.columns:
        yield Problem(ERROR, 0, "", "empty", _("The file has no columns."))


def _row(number: int, row: Row, today: date) -> Iterator[Problem]:
    fields = standard().fields
    for name, text in row.items():
        if text and name in fields and not fields[name].deprecated:
            for code, words in _cell(fields[name], text, today):
                shown = _("{column}: {problem}").format(column=name, problem=words)
                yield Problem(ERROR, number, name, code, shown)
    if any(row.get(n) for n in _IDENTIFYING) and row.get("con_Consent", "").upper() != "TRUE":
        text = _("An identified person without consent: con_Consent must be TRUE.")
        yield Problem(ERROR, number, "con_Consent", "no-consent", text)
    for column, code, words in _doubts(row):
        yield Problem(WARNING, number, column, code, words)


def _cell(known: StandardField, text: str, today: date) -> Iterator[tuple[str, str]]:
    if known.codes == "iso639_2":
        if not _LANGUAGE.fullmatch(text) or not is_language(text):
            yield "language", _("“{value}” is no language of ISO 639-2.").format(value=text)
    elif known.codes:
        yield from _coded(known, text)
    elif known.name in _COUNTRY_FIELDS:
        if standard().value("iso3166_1_alpha2", text) != text:
            yield "country", _("“{value}” is no country of ISO 3166-1.").format(value=text)
    elif known.pattern:
        if not PHONE.fullmatch(text):
            yield "phone", _("“{value}” is no number of the form +84912345678.").format(value=text)
    elif known.type == "Checkbox":
        if text.upper() not in _ANSWERS:
            yield "checkbox", _("TRUE or FALSE is expected, not “{value}”.").format(value=text)
    elif known.type == "Date":
        yield from _dated(known, text, today)
    elif "itude" in known.name:
        yield from _place(known, text)
    elif known.type == "Number" and not text.isdigit():
        yield "number", _("A whole number is expected, not “{value}”.").format(value=text)


def _coded(known: StandardField, text: str) -> Iterator[tuple[str, str]]:
    parts = [p.strip() for p in text.split(";")] if known.multi else [text.strip()]
    if not known.multi and ";" in text:
        yield "several", _("Only one value may stand here.")
        return
    if "" in parts:
        yield "empty-part", _("An empty value stands between “;”.")
    if len(set(parts)) < len(parts):
        yield "doubled-value", _("A value stands there twice.")
    values = standard().lists[known.codes]
    for part in parts:
        if part and part not in values:
            words = _("“{value}” is not in the list {name}.")
            yield "not-in-list", words.format(value=part, name=known.codes)


def _dated(known: StandardField, text: str, today: date) -> Iterator[tuple[str, str]]:
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not date(1900, 1, 1) <= day <= date(2100, 1, 1):
        yield "date", _("“{value}” is no date of the form 2026-11-21.").format(value=text)
    elif known.name == "prs_Birthdate" and day > today:
        yield "future-birth", _("Nobody is born in the future.")


def _place(known: StandardField, text: str) -> Iterator[tuple[str, str]]:
    most = 90 if "atitude" in known.name else 180
    try:
        good = abs(float(text)) <= most
    except ValueError:
        good = False
    if not good:
        yield "coordinate", _("“{value}” is no coordinate.").format(value=text)


def _doubts(row: Row) -> Iterator[tuple[str, str, str]]:
    """What fits the standard and yet hardly can be."""
    kinds = set(row.get("vic_TypeOfExploitation", "").split(";"))
    pairs = (("vic_TypeOfSexExploitation", "SexualExploitation"),
             ("vic_ForcedLabourIndustry", "ForcedLabour"))  # fmt: skip
    for column, needed in pairs:
        if row.get(column) and needed not in kinds:
            text = _("It is filled in although {value} is not named.").format(value=needed)
            yield column, "without-kind", text
    status = row.get("vic_TraffickingStatus")
    if status == "ActualVictimOfTrafficking" and not row.get(
        "vic_TraffickingStatusDecisionMakingOrg"
    ):
        text = _("An actual victim without the body that decided.")
        yield "vic_TraffickingStatusDecisionMakingOrg", "no-body", text
    closed = row.get("cas_Status") in {"Closed", "ClosedReferred"}
    if closed and not row.get("cas_ReasonForCaseClosure"):
        yield "cas_ReasonForCaseClosure", "no-reason", _("A closed case without the reason.")
    if row.get("cas_Status") == "ClosedReferred" and not row.get("cas_ReferredOrganisation"):
        text = _("Closed and referred, but not to whom.")
        yield "cas_ReferredOrganisation", "no-receiver", text
    came, went = row.get("cas_IncomingReferralDate"), row.get("cas_OutgoingReferralDate")
    if came and went and went < came:
        text = _("Referred to another before it came in.")
        yield "cas_OutgoingReferralDate", "order", text
    age = row.get("vic_AgeWhenTrafficked", "")
    if "ChildLabour" in kinds and age.isdigit() and int(age) >= 18:
        yield "vic_AgeWhenTrafficked", "not-a-child", _("Child labour at 18 or older.")
    if row.get(FORCED_CRIMINALITY) == "TRUE" and "Other" not in kinds:
        text = _("Forced criminality is told in HTCDS by the value Other.")
        yield "vic_TypeOfExploitation", "criminality", text


@lru_cache(maxsize=1)
def _languages() -> frozenset[str]:
    from traffick_desk.domain import codelists

    return frozenset(codelists.languages().codes())


def is_language(code: str) -> bool:
    """Whether *code* is of ISO 639-2; the languages of the border communes mostly are not."""
    return code in _languages() and code not in _ONLY_639_3


# Languages of the border communes that ISO 639-3 alone has.
_ONLY_639_3 = frozenset(
    {"tyz", "nut", "mtq", "blt", "twh", "tou", "kjg", "hni", "lhu", "ium", "hmv", "hnj", "mww"}
)
