"""What the sections of an intake and of a case ask, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from traffick_desk.i18n import N_


@dataclass(frozen=True, slots=True)
class FormPlan:
    """One form of a section.

    Attributes:
        record: record type.
        fields: what is asked.
        title: subheading, English source text.
        required: what must be there.
        whole: field without which the record makes no sense, once anything is filled in.
        name: where a section has two forms of one record.
    """

    record: str
    fields: tuple[str, ...]
    title: str = ""
    required: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True, slots=True)
class ListPlan:
    """One list of records of a section; *groups* are headings by the field they stand above."""

    record: str
    fields: tuple[str, ...]
    title: str
    add: str
    empty: str = ""
    line: tuple[str, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """One section.

    Attributes:
        key: name; also that of its job aid.
        title: in the list of sections, English source text.
        parts: forms and lists from top to bottom.
        key_fields: (record, field) that make the section count as filled in.
    """

    key: str
    title: str
    parts: tuple[FormPlan | ListPlan, ...]
    key_fields: tuple[tuple[str, str], ...] = ()


NAMES = ListPlan(
    "person_name",
    ("kind", "name"),
    N_("Other names"),
    N_("Add a name"),
    N_("Also called, earlier name, name used abroad. Helps to find the person again."),
    line=("name", "kind"),
)
PAPERS = ListPlan(
    "identity_paper",
    ("kind", "number", "issued_on", "issued_by", "state"),
    N_("Identity papers"),
    N_("Add a paper"),
    N_("None written yet. Support does not depend on papers."),
    line=("kind", "number", "state"),
)
ADDRESSES = ListPlan(
    "address",
    ("kind", "unit", "old_unit", "line", "country", "do_not_print"),
    N_("Addresses"),
    N_("Add an address"),
    N_("None written yet. The commune or province alone is a good start."),
    line=("kind", "line", "unit", "old_unit", "country"),
)
MINORS = ListPlan(
    "person",
    ("name", "sex", "birth", "citizenship", "permanent_resident", "insured", "note"),
    N_("Accompanying persons under 18"),
    N_("Add a child"),
    N_(
        "None written yet. A child of the person, or a younger sister she looks after, belongs "
        "here."
    ),
    line=("name", "sex", "birth", "citizenship"),
    fixed={"role": "accompanying"},
    name="minor",
)
GIVEN = ListPlan(
    "given_item",
    ("item", "quantity", "given_on", "note"),
    N_("Given at once"),
    N_("Add what was given"),
    N_("Nothing written yet. Meals, clothes, a bed, medicine: each with its quantity."),
    line=("item", "quantity", "note"),
)

PLANS: tuple[SectionPlan, ...] = (
    SectionPlan(
        "identity",
        N_("Identity"),
        (
            FormPlan(
                "person",
                ("name", "sex", "birth", "citizenship", "permanent_resident", "ethnicity"),
                required=("name",),
                fixed={"role": "main"},
            ),
            FormPlan(
                "person",
                ("languages", "interpreter", "literacy", "education", "phone", "insured"),
                N_("Language, reading, health card"),
                fixed={"role": "main"},
            ),
            NAMES,
        ),
        (("person", "name"), ("person", "sex"), ("person", "birth"), ("person", "citizenship")),
    ),
    SectionPlan("papers", N_("Papers and addresses"), (PAPERS, ADDRESSES)),
    SectionPlan("minors", N_("Accompanying persons under 18"), (MINORS,)),
    SectionPlan(
        "reception",
        N_("Reception"),
        (
            FormPlan(
                "reception",
                ("at", "place", "from_body", "from_country", "from_officer", "paper_no"),
                required=("at",),
                whole=("at",),
            ),
            FormPlan("case", ("return_form", "group_name")),
            FormPlan("reception", ("condition", "urgent"), N_("Condition and urgent needs")),
            GIVEN,
            FormPlan("reception", ("support_from", "note"), N_("Support begins")),
        ),
        (("reception", "at"), ("reception", "place"), ("reception", "from_body")),
    ),
    SectionPlan(
        "account",
        N_("The account"),
        (
            FormPlan(
                "account",
                ("state", "exploitation", "acts", "means", "countries", "began", "ended", "story"),
                whole=("state",),
            ),
        ),
        (("account", "state"),),
    ),
    SectionPlan(
        "consent",
        N_("Consent to sharing"),
        (FormPlan("consent", ("given", "asked_on", "giver", "scope", "note"), whole=("given",)),),
        (("consent", "given"),),
    ),
    SectionPlan(
        "status",
        N_("Legal status"),
        (
            FormPlan(
                "status",
                (
                    "status",
                    "since",
                    "trafficked_in",
                    "body",
                    "old_province",
                    "paper_no",
                    "paper_on",
                ),
                whole=("status", "since"),
            ),
        ),
        (("status", "status"), ("status", "since")),
    ),
)
