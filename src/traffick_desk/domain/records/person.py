"""Records about a person: who she is, her names, papers, addresses, status and consent."""

from __future__ import annotations

from traffick_desk.domain.records.case import CASE_REF, PERSON_REF
from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType, Search
from traffick_desk.i18n import N_

PERSON = RecordType(
    "person",
    N_("Person"),
    N_("Persons"),
    (
        CASE_REF,
        Field(
            "role",
            Kind.CODE,
            N_("Role in the case"),
            Privacy.OPERATIONAL,
            codes="person_role",
            required=True,
        ),
        Field(
            "accompanies",
            Kind.REF,
            N_("Accompanies"),
            Privacy.OPERATIONAL,
            target="person",
            source="L53 Art. 37(2)",
        ),
        Field(
            "name",
            Kind.TEXT,
            N_("Full name"),
            Privacy.IDENTIFYING,
            required=True,
            help=N_("As on the papers or as the person says it. A name of one part is fine."),
            search=Search.NAME,
            limit=200,
            source="HTCDS prs_FirstName, prs_SecondName",
        ),
        Field("sex", Kind.CODE, N_("Sex"), codes="sex", source="HTCDS prs_Gender"),
        Field(
            "birth",
            Kind.PARTIAL_DATE,
            N_("Date of birth"),
            Privacy.IDENTIFYING,
            help=N_(
                "21/11/2009, 11/2009, 2009, or “about 2009”. Whether the person is under 18 "
                "changes what the law gives."
            ),
            source="L53 Art. 2(1); HTCDS prs_Birthdate",
        ),
        Field(
            "citizenship",
            Kind.CODE,
            N_("Citizenship"),
            codes="country",
            help=N_("Or stateless. It decides which support the law gives."),
            source="L53 Art. 37; HTCDS prs_Citizenship",
        ),
        Field(
            "permanent_resident",
            Kind.ANSWER,
            N_("Permanent residence in Viet Nam"),
            help=N_("Asked for stateless persons."),
            codes="answer",
            source="L53 Art. 37(1)",
        ),
        Field("ethnicity", Kind.CODE, N_("Ethnic group"), codes="ethnicity"),
        Field(
            "languages",
            Kind.CODES,
            N_("Languages spoken"),
            codes="language",
            source="HTCDS prs_PrimaryLanguage",
        ),
        Field(
            "interpreter",
            Kind.ANSWER,
            N_("Needs an interpreter"),
            codes="answer",
            source="L53 Art. 37(1)(c)",
        ),
        Field("literacy", Kind.CODE, N_("Reading and writing"), codes="literacy"),
        Field(
            "education",
            Kind.CODE,
            N_("Education"),
            codes="education",
            source="HTCDS prs_HighestLevelOfEducation",
        ),
        Field(
            "phone", Kind.TEXT, N_("Telephone"), Privacy.IDENTIFYING, search=Search.TEXT, limit=40
        ),
        Field(
            "poor_household",
            Kind.ANSWER,
            N_("Poor household"),
            codes="answer",
            help=N_("Matters for persons identified before 1 July 2025."),
            source="L66 Art. 32",
        ),
        Field(
            "insured",
            Kind.ANSWER,
            N_("Has a health insurance card"),
            codes="answer",
            source="L53 Chapter V",
        ),
        Field("note", Kind.LONG_TEXT, N_("Note")),
    ),
)

PERSON_NAME = RecordType(
    "person_name",
    N_("Other name"),
    N_("Other names"),
    (
        CASE_REF,
        PERSON_REF,
        Field("kind", Kind.CODE, N_("Kind of name"), Privacy.OPERATIONAL, codes="name_kind"),
        Field(
            "name",
            Kind.TEXT,
            N_("Name"),
            Privacy.IDENTIFYING,
            required=True,
            search=Search.NAME,
            limit=200,
        ),
    ),
)

IDENTITY_PAPER = RecordType(
    "identity_paper",
    N_("Identity paper"),
    N_("Identity papers"),
    (
        CASE_REF,
        PERSON_REF,
        Field("kind", Kind.CODE, N_("Kind of paper"), codes="paper_kind", required=True),
        Field("number", Kind.TEXT, N_("Number"), Privacy.IDENTIFYING, search=Search.TEXT, limit=60),
        Field("issued_on", Kind.DATE, N_("Issued on")),
        Field("issued_by", Kind.TEXT, N_("Issued by"), limit=200),
        Field("state", Kind.CODE, N_("Seen or not"), codes="paper_state"),
    ),
)

ADDRESS = RecordType(
    "address",
    N_("Address"),
    N_("Addresses"),
    (
        CASE_REF,
        PERSON_REF,
        Field("kind", Kind.CODE, N_("Which address"), codes="address_kind", required=True),
        Field("unit", Kind.UNIT, N_("Commune, province (now)"), Privacy.IDENTIFYING),
        Field(
            "old_unit",
            Kind.UNIT,
            N_("Commune, district, province before July 2025"),
            Privacy.IDENTIFYING,
        ),
        Field(
            "line",
            Kind.TEXT,
            N_("House, hamlet, street"),
            Privacy.IDENTIFYING,
            search=Search.TEXT,
            limit=300,
        ),
        Field("country", Kind.CODE, N_("Country, if abroad"), codes="country"),
        Field(
            "do_not_print",
            Kind.ANSWER,
            N_("Must not be printed"),
            codes="answer",
            source="L53 Art. 3(10)",
        ),
    ),
)

STATUS = RecordType(
    "status",
    N_("Legal status"),
    N_("Legal status"),
    (
        CASE_REF,
        PERSON_REF,
        Field(
            "status",
            Kind.CODE,
            N_("Status"),
            codes="victim_status",
            required=True,
            source="L53 Art. 2(7)–(8)",
        ),
        Field(
            "since",
            Kind.DATE,
            N_("From"),
            required=True,
            help=N_(
                "For a victim: the day of the identification. It decides between the law of "
                "2011 and the law of 2024."
            ),
            source="L53 Art. 63",
        ),
        Field(
            "trafficked_in",
            Kind.CODE,
            N_("Where trafficked"),
            codes="place_of_trafficking",
            source="L53 Art. 37(4)",
        ),
        Field(
            "body",
            Kind.CODE,
            N_("Deciding body"),
            Privacy.OPERATIONAL,
            codes="deciding_body",
            source="L53 Art. 33",
        ),
        Field(
            "old_province",
            Kind.UNIT,
            N_("Province of the decision"),
            Privacy.OPERATIONAL,
            help=N_("For cases before July 2025: the province of that time; its levels apply."),
            source="L53 Art. 63",
        ),
        Field("paper_no", Kind.TEXT, N_("Number of the paper"), Privacy.OPERATIONAL, limit=60),
        Field("paper_on", Kind.DATE, N_("Date of the paper"), Privacy.OPERATIONAL),
        Field("note", Kind.LONG_TEXT, N_("Note")),
    ),
    whole=True,
)

WHEREABOUTS = RecordType(
    "whereabouts",
    N_("In the country or abroad"),
    N_("In the country or abroad"),
    (
        CASE_REF,
        PERSON_REF,
        Field(
            "place",
            Kind.CODE,
            N_("Where"),
            codes="whereabouts",
            required=True,
            source="L53 Art. 37(3)",
        ),
        Field("since", Kind.DATE, N_("From"), required=True),
        Field("country", Kind.CODE, N_("Country"), codes="country"),
    ),
)

CONSENT = RecordType(
    "consent",
    N_("Consent"),
    N_("Consents"),
    (
        CASE_REF,
        PERSON_REF,
        Field(
            "given",
            Kind.ANSWER,
            N_("Agrees to sharing"),
            codes="answer",
            required=True,
            help=N_("Silence is not consent."),
            source="PDPL Art. 9; L53 Art. 3(10)",
        ),
        Field("asked_on", Kind.DATE, N_("On"), Privacy.OPERATIONAL),
        Field(
            "giver",
            Kind.CODE,
            N_("Who agreed"),
            Privacy.OPERATIONAL,
            codes="consent_giver",
            help=N_("A child from 7 years is asked too."),
            source="PDPL Art. 24",
        ),
        Field(
            "scope",
            Kind.CODES,
            N_("With whom, for what"),
            Privacy.OPERATIONAL,
            codes="consent_scope",
        ),
        Field("withdrawn_on", Kind.DATE, N_("Withdrawn on"), Privacy.OPERATIONAL),
        Field("note", Kind.LONG_TEXT, N_("Note")),
    ),
    whole=True,
)
