"""The Human Trafficking Case Data Standard (HTCDS) 2.0 by IOM, as data.

Our own columns carry the prefix ``td_``: a file without them is pure HTCDS.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from traffick_desk import resources

OWN = "td_"
"""Prefix of our own columns."""
FORCED_CRIMINALITY = "td_ForcedCriminality"
"""Extension: the standard has no value for forced criminality (HTCDS#28)."""

# Names that files of IOM itself use for a field: misspelt in the template, underscored in the
# survey form.
ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "vic_TraffickinStatusDecisionMakingOrg": "vic_TraffickingStatusDecisionMakingOrg",
        "prs_First_Name": "prs_FirstName",
        "prs_Second_Name": "prs_SecondName",
        "vic_Methods_of_Control": "vic_MethodsOfControl",
    }
)
# Columns of the template whose hidden name contradicts the visible label: what a person filled
# in follows the label.
BY_LABEL = frozenset(
    {"prs_MailingCity", "prs_MailingCountry", "prs_MailingStreet", "prs_MailingPostalCode"}
)


@dataclass(frozen=True, slots=True)
class StandardField:
    """One field of the standard."""

    name: str
    label: str
    section: str
    type: str
    core: bool = False
    deprecated: bool = False
    multi: bool = False
    codes: str = ""
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Standard:
    """Fields and code lists.

    Attributes:
        attribution: must travel with every file.
        fields: by name, in the order of the standard.
        lists: name → value → label.
    """

    version: str
    attribution: str
    fields: Mapping[str, StandardField]
    lists: Mapping[str, Mapping[str, str]]

    @property
    def core(self) -> tuple[str, ...]:
        """The live core fields in the order of the standard."""
        return tuple(f.name for f in self.fields.values() if f.core and not f.deprecated)

    def value(self, codes: str, text: str) -> str | None:
        """The value that *text* means: itself, or the value of that label; ``None`` if neither.

        The template stores labels in other capitals; blanks and no-break spaces around are cut.
        """
        wanted = text.replace("\xa0", " ").strip()
        known = self.lists.get(codes, {})
        if wanted in known:
            return wanted
        folded = wanted.casefold()
        for value, label in known.items():
            if folded in {value.casefold(), label.casefold()}:
                return value
        return None


@lru_cache(maxsize=1)
def standard() -> Standard:
    """The standard, read once."""
    found = json.loads(resources.path("standards", "htcds-2.0.json").read_text("utf-8"))
    fields = {f["name"]: StandardField(**f) for f in found["fields"]}
    lists = {n: MappingProxyType(v) for n, v in found["lists"].items()}
    return Standard(
        found["version"], found["attribution"], MappingProxyType(fields), MappingProxyType(lists)
    )


def field_of(head: str, label: str = "") -> str:
    """The name of a column as the standard has it; *label* is the visible head, if there are two.

    Where the two contradict each other in the template the label counts.
    """
    name = ALIASES.get(head.strip(), head.strip())
    by_label = {f.label.casefold(): f.name for f in standard().fields.values() if f.core}
    meant = by_label.get(label.replace("\xa0", " ").strip().casefold(), "")
    if meant and (not name or name in BY_LABEL):
        return meant
    if not name.startswith((OWN, "org_", "prs_", "vic_", "per_", "cas_", "cco_", "hte_", "spl_",
                            "con_")):  # fmt: skip
        return by_label.get(name.casefold(), name)
    return name
