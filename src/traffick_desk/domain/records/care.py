"""Records of protection, needs and plan, referral, money, follow-up and other programmes."""

from __future__ import annotations

from traffick_desk.domain.records.case import CASE_REF, PERSON_REF
from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType, Search
from traffick_desk.i18n import N_

_OPEN = Privacy.OPERATIONAL
_NOTE = Field("note", Kind.LONG_TEXT, N_("Note"))
_PAPER_NO = Field("paper_no", Kind.TEXT, N_("Number of the paper"), _OPEN, limit=60)
# What a follow-up visit scores, in the order of the form; each is a domain of needs too.
SCORED = ("safety", "housing", "health", "mind", "papers", "skills", "work", "family", "community")

EVIDENCE = RecordType(
    "evidence",
    N_("Evidence"),
    N_("Evidence"),
    (
        CASE_REF,
        PERSON_REF,
        Field(
            "source",
            Kind.CODE,
            N_("Where it comes from"),
            codes="evidence_source",
            required=True,
            source="L53 Art. 32(1)",
        ),
        Field("what", Kind.TEXT, N_("What it is"), required=True, limit=300),
        Field("body", Kind.TEXT, N_("Which body, who"), _OPEN, limit=200),
        _PAPER_NO,
        Field("dated", Kind.DATE, N_("Date of the paper"), _OPEN),
        _NOTE,
    ),
)

INQUIRY = RecordType(
    "inquiry",
    N_("Request for verification"),
    N_("Requests for verification"),
    (
        CASE_REF,
        PERSON_REF,
        Field("to_body", Kind.TEXT, N_("To which body"), _OPEN, required=True, limit=200),
        Field("sent_on", Kind.DATE, N_("Sent on"), _OPEN, required=True),
        Field("channel", Kind.CODE, N_("How"), _OPEN, codes="channel"),
        _PAPER_NO,
        Field("answer", Kind.CODE, N_("Reply"), codes="inquiry_answer"),
        Field("answered_on", Kind.DATE, N_("Answered on"), _OPEN),
        Field("answer_no", Kind.TEXT, N_("Number of the answer"), _OPEN, limit=60),
        _NOTE,
    ),
)

RISK = RecordType(
    "risk",
    N_("Assessment of danger"),
    N_("Assessments of danger"),
    (
        CASE_REF,
        PERSON_REF,
        Field("assessed_on", Kind.DATE, N_("On"), _OPEN, required=True),
        Field("level", Kind.CODE, N_("Danger"), codes="risk_level", required=True),
        Field("kinds", Kind.CODES, N_("What the danger is"), codes="risk", source="L53 Art. 35"),
        Field("by", Kind.TEXT, N_("Assessed by"), _OPEN, limit=120),
        _NOTE,
    ),
)

PROTECTION = RecordType(
    "protection",
    N_("Protection measure"),
    N_("Protection measures"),
    (
        CASE_REF,
        PERSON_REF,
        Field(
            "measure",
            Kind.CODE,
            N_("Measure"),
            codes="protection",
            required=True,
            source="L53 Art. 35; D162 Art. 13",
        ),
        Field("decided_by", Kind.TEXT, N_("Decided by"), _OPEN, limit=200),
        _PAPER_NO,
        Field("since", Kind.DATE, N_("From"), _OPEN),
        Field("until", Kind.DATE, N_("Until"), _OPEN, ahead=True),
        Field("refused", Kind.ANSWER, N_("Refused by the person"), codes="answer"),
        Field(
            "undertaking",
            Kind.TEXT,
            N_("Number of the written undertaking"),
            _OPEN,
            help=N_("A refusal with good reason needs a written undertaking."),
            source="D162 Art. 13",
            limit=60,
        ),
        _NOTE,
    ),
    whole=True,
)

CONTACT = RecordType(
    "contact",
    N_("Contact"),
    N_("Contacts"),
    (
        CASE_REF,
        PERSON_REF,
        Field(
            "name",
            Kind.TEXT,
            N_("Name"),
            Privacy.IDENTIFYING,
            required=True,
            search=Search.NAME,
            limit=200,
        ),
        Field("relation", Kind.TEXT, N_("Who it is to the person"), limit=120),
        Field("phone", Kind.TEXT, N_("Telephone"), Privacy.IDENTIFYING, limit=40),
        Field(
            "may_call",
            Kind.ANSWER,
            N_("May be called"),
            _OPEN,
            codes="answer",
            help=N_("Ask the person. Unless it is a yes, nobody calls."),
            required=True,
            source="L53 Art. 3(10)",
        ),
        _NOTE,
    ),
)

NEED = RecordType(
    "need",
    N_("Need"),
    N_("Needs"),
    (
        CASE_REF,
        PERSON_REF,
        Field("domain", Kind.CODE, N_("Matter"), codes="need_domain", required=True),
        Field("score", Kind.CODE, N_("How it stands"), codes="score", required=True),
        Field("assessed_on", Kind.DATE, N_("On"), _OPEN, required=True),
        Field("wish", Kind.LONG_TEXT, N_("What the person wants")),
        Field("by", Kind.TEXT, N_("Assessed by"), _OPEN, limit=120),
    ),
)

PLAN_ITEM = RecordType(
    "plan_item",
    N_("Planned support"),
    N_("Support plan"),
    (
        CASE_REF,
        PERSON_REF,
        Field("domain", Kind.CODE, N_("Matter"), codes="need_domain", required=True),
        Field("what", Kind.TEXT, N_("What is to be done"), required=True, limit=300),
        Field("regime", Kind.CODE, N_("Support regime"), codes="regime"),
        Field("who", Kind.TEXT, N_("Who does it"), _OPEN, limit=200),
        Field("until", Kind.DATE, N_("Until"), _OPEN, ahead=True),
        Field(
            "state",
            Kind.CODE,
            N_("How far it is"),
            _OPEN,
            codes="plan_state",
            required=True,
        ),
        Field("done_on", Kind.DATE, N_("Given on"), _OPEN),
        Field("result", Kind.LONG_TEXT, N_("Result")),
    ),
)

PAYMENT = RecordType(
    "payment",
    N_("Payment"),
    N_("Payments"),
    (
        CASE_REF,
        PERSON_REF,
        Field("regime", Kind.CODE, N_("Support regime"), codes="regime", required=True),
        Field("amount", Kind.MONEY, N_("Amount"), required=True, lowest=0),
        Field("paid_on", Kind.DATE, N_("Paid on"), _OPEN, required=True),
        Field("fund", Kind.CODE, N_("Source of the money"), _OPEN, codes="fund"),
        Field("receipt_no", Kind.TEXT, N_("Number of the receipt"), _OPEN, limit=60),
        Field(
            "entitlement",
            Kind.REF,
            N_("Approved request"),
            _OPEN,
            target="entitlement",
            help=N_("So that what is approved and what is paid can be compared."),
        ),
        Field("received_by", Kind.TEXT, N_("Received by"), Privacy.IDENTIFYING, limit=200),
        _NOTE,
    ),
)

REFERRAL = RecordType(
    "referral",
    N_("Referral"),
    N_("Referrals"),
    (
        CASE_REF,
        PERSON_REF,
        Field("service", Kind.CODE, N_("For what"), codes="service", required=True),
        Field("to_body", Kind.TEXT, N_("To whom"), _OPEN, required=True, limit=200),
        Field("to_unit", Kind.UNIT, N_("Commune, province"), _OPEN),
        Field(
            "sent_on",
            Kind.DATE,
            N_("Sent on"),
            _OPEN,
            help=N_("Left empty until the referral may be sent."),
        ),
        Field("channel", Kind.CODE, N_("How"), _OPEN, codes="channel"),
        Field(
            "shared",
            Kind.CODES,
            N_("What is shared"),
            _OPEN,
            codes="shared",
            help=N_("Only what the service needs, and only with the person's consent."),
            source="PDPL Art. 9; L53 Art. 3(10)",
        ),
        Field(
            "urgent_reason",
            Kind.LONG_TEXT,
            N_("Why it is sent before consent"),
            help=N_("Only where safety cannot wait, above all that of a child. It is kept."),
            source="PDPL Art. 19(1); L53 Art. 3(10)",
        ),
        Field(
            "entry",
            Kind.REF,
            N_("Entry of the directory"),
            _OPEN,
            target="service",
        ),
        Field(
            "entry_words",
            Kind.LONG_TEXT,
            N_("What the directory said"),
            _OPEN,
            help=N_("Kept as it was when the service was chosen; the entry may change later."),
            limit=2_000,
        ),
        Field("answer_by", Kind.DATE, N_("Answer expected by"), _OPEN, ahead=True),
        Field("answer", Kind.CODE, N_("Reply"), _OPEN, codes="referral_answer"),
        Field("answered_on", Kind.DATE, N_("Answered on"), _OPEN),
        Field("result", Kind.LONG_TEXT, N_("Result")),
    ),
)


def _score(name: str, label: str) -> Field:
    return Field(name, Kind.CODE, label, codes="score")


VISIT = RecordType(
    "visit",
    N_("Follow-up visit"),
    N_("Follow-up visits"),
    (
        CASE_REF,
        PERSON_REF,
        Field("at", Kind.MOMENT, N_("When"), _OPEN, required=True),
        Field("kind", Kind.CODE, N_("How"), _OPEN, codes="visit_kind", required=True),
        _score("safety", N_("Safety")),
        _score("housing", N_("Housing")),
        _score("health", N_("Health")),
        _score("mind", N_("State of mind")),
        _score("papers", N_("Identity papers")),
        _score("skills", N_("Schooling, vocational skills")),
        _score("work", N_("Work and income")),
        _score("family", N_("Family")),
        _score("community", N_("Village and community")),
        Field("risk", Kind.CODE, N_("Danger of being trafficked again"), codes="risk_level"),
        Field("job", Kind.TEXT, N_("Job or school now"), limit=200),
        Field("loan", Kind.CODE, N_("Loan"), codes="loan_state"),
        _NOTE,
        Field("next_on", Kind.DATE, N_("Next visit"), _OPEN, ahead=True),
    ),
)

ENROLMENT = RecordType(
    "enrolment",
    N_("Enrolment in a programme"),
    N_("Enrolments in programmes"),
    (
        CASE_REF,
        PERSON_REF,
        Field("programme", Kind.CODE, N_("Programme"), codes="programme", required=True),
        Field("detail", Kind.TEXT, N_("What exactly"), limit=300),
        Field("since", Kind.DATE, N_("From"), _OPEN, ahead=True),
        Field("until", Kind.DATE, N_("Until"), _OPEN, ahead=True),
        Field("result", Kind.LONG_TEXT, N_("Result")),
    ),
)

TASK = RecordType(
    "task",
    N_("Task"),
    N_("Tasks"),
    (
        CASE_REF,
        Field("person", Kind.REF, N_("Person"), _OPEN, target="person"),
        Field("what", Kind.TEXT, N_("What is to be done"), required=True, limit=300),
        Field("due", Kind.DATE, N_("By"), _OPEN, required=True, ahead=True),
        Field("who", Kind.TEXT, N_("Who does it"), _OPEN, limit=120),
        Field("done_on", Kind.DATE, N_("Done on"), _OPEN),
        _NOTE,
    ),
)
