"""Records about the case as a whole: its frame, steps, notes and papers."""

from __future__ import annotations

from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType, Search
from traffick_desk.i18n import N_

CASE_REF = Field("case", Kind.REF, N_("Case"), Privacy.OPERATIONAL, target="case", required=True)
PERSON_REF = Field(
    "person", Kind.REF, N_("Person"), Privacy.OPERATIONAL, target="person", required=True
)

CASE = RecordType(
    "case",
    N_("Case"),
    N_("Cases"),
    (
        Field(
            "file_no",
            Kind.TEXT,
            N_("File number"),
            Privacy.OPERATIONAL,
            required=True,
            search=Search.TEXT,
            limit=40,
        ),
        Field("unit", Kind.UNIT, N_("Commune"), Privacy.OPERATIONAL, required=True),
        Field("opened_on", Kind.DATE, N_("Opened on"), Privacy.OPERATIONAL, required=True),
        Field("stage", Kind.CODE, N_("Stage"), Privacy.OPERATIONAL, codes="stage", required=True),
        Field(
            "stage_reason",
            Kind.LONG_TEXT,
            N_("Reason for the stage"),
            help=N_("Why a stage was skipped, or why the case went back."),
        ),
        Field("return_form", Kind.CODE, N_("How the person came"), codes="return_form"),
        Field(
            "group_name",
            Kind.TEXT,
            N_("Word for the arrival"),
            Privacy.OPERATIONAL,
            help=N_(
                "A short word for people who came at once, such as place and day; never a name: it "
                "goes with each of their cases."
            ),
            limit=80,
        ),
        Field("officer", Kind.TEXT, N_("Officer in charge"), Privacy.OPERATIONAL, limit=120),
        Field("closed_on", Kind.DATE, N_("Closed on"), Privacy.OPERATIONAL),
        Field("closed_code", Kind.CODE, N_("Kind of closing"), codes="closing_reason"),
        Field("closed_reason", Kind.LONG_TEXT, N_("Reason for closing")),
    ),
    in_case=False,
)

STEP = RecordType(
    "step",
    N_("Step of the procedure"),
    N_("Steps of the procedure"),
    (
        CASE_REF,
        Field("person", Kind.REF, N_("Person"), Privacy.OPERATIONAL, target="person"),
        Field(
            "kind", Kind.CODE, N_("What was done"), Privacy.OPERATIONAL, codes="step", required=True
        ),
        Field("at", Kind.MOMENT, N_("When"), Privacy.OPERATIONAL, required=True),
        Field("body", Kind.TEXT, N_("Which body, who"), Privacy.OPERATIONAL, limit=200),
        Field("channel", Kind.CODE, N_("How"), Privacy.OPERATIONAL, codes="channel"),
        Field("paper_no", Kind.TEXT, N_("Number of the paper"), Privacy.OPERATIONAL, limit=60),
        Field("note", Kind.LONG_TEXT, N_("Note")),
    ),
)

NOTE = RecordType(
    "note",
    N_("Note"),
    N_("Notes"),
    (
        CASE_REF,
        Field("at", Kind.MOMENT, N_("When"), Privacy.OPERATIONAL, required=True),
        Field("text", Kind.LONG_TEXT, N_("Note"), required=True),
    ),
)

PAPER = RecordType(
    "paper",
    N_("Issued paper"),
    N_("Issued papers"),
    (
        CASE_REF,
        Field("person", Kind.REF, N_("Person"), Privacy.OPERATIONAL, target="person"),
        Field("form", Kind.TEXT, N_("Form"), Privacy.OPERATIONAL, required=True, limit=80),
        Field("number", Kind.TEXT, N_("Number"), Privacy.OPERATIONAL, limit=60),
        Field(
            "issued_at", Kind.MOMENT, N_("Printed or saved at"), Privacy.OPERATIONAL, required=True
        ),
        Field("purpose", Kind.TEXT, N_("Purpose"), Privacy.OPERATIONAL, limit=200),
        Field(
            "code",
            Kind.TEXT,
            N_("Code of the paper"),
            Privacy.OPERATIONAL,
            help=N_("Stands at the foot of each page; typed into the search it finds the case."),
            search=Search.TEXT,
            limit=20,
        ),
        Field(
            "copy_of",
            Kind.REF,
            N_("Printed again from"),
            Privacy.OPERATIONAL,
            target="paper",
        ),
        Field(
            "content",
            Kind.LONG_TEXT,
            N_("Kept for printing again"),
            Privacy.IDENTIFYING,
            help=N_("Packed; read by the program alone."),
            limit=150_000,
        ),
    ),
)
