"""Records of the directory of services. Terms follow Open Referral's HSDS 3.

One entry is what HSDS calls a *service at a location*: organisation, service, location, phones,
schedule, languages, cost and eligibility in one record, because that is how an officer thinks of
it and how lists of services come on paper. ``services/directory/hsds.py`` takes it apart.
"""

from __future__ import annotations

from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType, Search
from traffick_desk.i18n import N_

_OPEN, _ALL = Privacy.OPERATIONAL, Privacy.PUBLIC
UNIT = Field("unit", Kind.UNIT, N_("Whose entry it is"), _ALL, required=True)

SERVICE = RecordType(
    "service",
    N_("Service"),
    N_("Services"),
    (
        UNIT,
        Field(
            "name",
            Kind.TEXT,
            N_("Name of the service"),
            _ALL,
            required=True,
            search=Search.TEXT,
            limit=200,
            source="HSDS service.name",
        ),
        Field(
            "organization",
            Kind.TEXT,
            N_("Organisation"),
            _ALL,
            required=True,
            search=Search.TEXT,
            limit=200,
            source="HSDS organization.name",
        ),
        Field("provider", Kind.CODE, N_("Kind of organisation"), _ALL, codes="provider_kind"),
        Field(
            "kinds",
            Kind.CODES,
            N_("What it helps with"),
            _ALL,
            codes="directory_service",
            required=True,
            help=N_("By this the service is found for a need; several are possible."),
            source="HSDS taxonomy_term",
        ),
        Field(
            "about",
            Kind.LONG_TEXT,
            N_("What is offered"),
            _ALL,
            search=Search.TEXT,
            limit=2_000,
            source="HSDS service.description",
        ),
        Field("phone", Kind.TEXT, N_("Telephone"), _ALL, search=Search.TEXT, limit=40),
        Field("phone_other", Kind.TEXT, N_("Other telephone"), _ALL, limit=40),
        Field("email", Kind.TEXT, N_("E-mail"), _ALL, limit=120),
        Field("website", Kind.TEXT, N_("Website"), _ALL, limit=200),
        Field(
            "contact",
            Kind.TEXT,
            N_("Whom to ask for"),
            _OPEN,
            help=N_("Name and post of the person who answers. It is not printed for others."),
            limit=200,
        ),
        Field(
            "place_unit",
            Kind.UNIT,
            N_("Commune, province of the place"),
            _ALL,
            help=N_("Without coordinates the distance is measured to the centre of this unit."),
        ),
        Field(
            "address",
            Kind.TEXT,
            N_("Address"),
            _ALL,
            search=Search.TEXT,
            limit=300,
            source="HSDS address.address_1",
        ),
        Field(
            "position",
            Kind.TEXT,
            N_("Coordinates"),
            _ALL,
            help=N_("Degrees north and east, as a telephone shows them: 23.2787, 105.3627"),
            limit=40,
            source="HSDS location.latitude, location.longitude",
        ),
        Field("transport", Kind.TEXT, N_("How to get there"), _ALL, limit=300),
        Field("always", Kind.ANSWER, N_("Day and night"), _ALL, codes="answer"),
        Field(
            "days",
            Kind.CODES,
            N_("Open on"),
            _ALL,
            codes="weekday",
            source="HSDS schedule.byday",
        ),
        Field("opens", Kind.TEXT, N_("From (time)"), _ALL, limit=20, source="HSDS schedule"),
        Field("closes", Kind.TEXT, N_("To (time)"), _ALL, limit=20, source="HSDS schedule"),
        Field("hours_note", Kind.TEXT, N_("More about the hours"), _ALL, limit=200),
        Field("languages", Kind.CODES, N_("Languages spoken there"), _ALL, codes="language"),
        Field("interpreter", Kind.TEXT, N_("Interpreting there"), _ALL, limit=200),
        Field("for_sex", Kind.CODE, N_("For whom"), _ALL, codes="service_sex"),
        Field("age_from", Kind.INTEGER, N_("From the age of"), _ALL, lowest=0, highest=120),
        Field(
            "age_to",
            Kind.INTEGER,
            N_("To the age of"),
            _ALL,
            help=N_("The last age at which it is still given: 17 for children under 18."),
            lowest=0,
            highest=120,
        ),
        Field("with_child", Kind.ANSWER, N_("Takes a parent with a child"), _ALL, codes="answer"),
        Field("for_whom", Kind.LONG_TEXT, N_("Other conditions"), _ALL, limit=1_000),
        Field("cost", Kind.CODE, N_("What it costs"), _ALL, codes="service_cost"),
        Field("cost_note", Kind.TEXT, N_("More about the cost"), _ALL, limit=200),
        Field("access", Kind.LONG_TEXT, N_("How to get in"), _ALL, limit=1_000),
        Field("papers", Kind.TEXT, N_("Papers to bring"), _ALL, limit=300),
        Field("agreement_no", Kind.TEXT, N_("Number of the agreement"), _OPEN, limit=60),
        Field("agreement_on", Kind.DATE, N_("Agreement signed on"), _OPEN),
        Field(
            "agreement_by",
            Kind.TEXT,
            N_("Agreement signed by"),
            _OPEN,
            help=N_("Who signed for each side, with post."),
            limit=300,
        ),
        Field("agreement_until", Kind.DATE, N_("Agreement ends on"), _OPEN, ahead=True),
        Field(
            "listing",
            Kind.CODE,
            N_("Who may read it"),
            _ALL,
            codes="service_listing",
            help=N_("The address of a safe shelter is printed on no paper and shown on no map."),
        ),
        Field("verified_on", Kind.DATE, N_("Last checked on"), _OPEN, source="HSDS assured_date"),
        Field("verified_by", Kind.TEXT, N_("Checked by"), _OPEN, limit=120),
        Field("status", Kind.CODE, N_("State"), _ALL, codes="service_status", required=True),
        Field("status_reason", Kind.TEXT, N_("Why it is closed"), _OPEN, limit=300),
        Field("note", Kind.LONG_TEXT, N_("Note for officers"), _OPEN, limit=2_000),
    ),
    in_case=False,
    of_unit=True,
)

# What a desk found when it called a service of whoever's entry: the owner mends the entry itself.
SERVICE_REMARK = RecordType(
    "service_remark",
    N_("Check of a service"),
    N_("Checks of services"),
    (
        UNIT,
        Field("service", Kind.REF, N_("Service"), _OPEN, target="service", required=True),
        Field("found_on", Kind.DATE, N_("On"), _OPEN, required=True),
        Field(
            "finding",
            Kind.CODE,
            N_("What was found"),
            _OPEN,
            codes="service_finding",
            required=True,
        ),
        Field("words", Kind.LONG_TEXT, N_("What is wrong, in words"), _OPEN, limit=1_000),
        Field("by", Kind.TEXT, N_("Checked by"), _OPEN, limit=120),
    ),
    in_case=False,
    of_unit=True,
)

DIRECTORY_RULE = RecordType(
    "directory_rule",
    N_("How often the directory is checked"),
    N_("How often the directory is checked"),
    (
        UNIT,
        Field(
            "months",
            Kind.INTEGER,
            N_("Check every entry again after … months"),
            _ALL,
            lowest=1,
            highest=60,
            required=True,
        ),
    ),
    in_case=False,
    of_unit=True,
    writers=frozenset({"province"}),
)
