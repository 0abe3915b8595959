"""Records of plans with tasks and targets, inspections with findings, and budgets."""

from __future__ import annotations

from traffick_desk.domain.records.teams import UNIT
from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType, Search
from traffick_desk.i18n import N_

_OPEN = Privacy.OPERATIONAL
_NOTE = Field("note", Kind.LONG_TEXT, N_("Note"), _OPEN)

PLAN = RecordType(
    "plan",
    N_("Plan"),
    N_("Plans"),
    (
        UNIT,
        Field("title", Kind.TEXT, N_("Title"), _OPEN, required=True, search=Search.TEXT, limit=300),
        Field("number", Kind.TEXT, N_("Number of the paper"), _OPEN, search=Search.TEXT, limit=60),
        Field("issued_on", Kind.DATE, N_("Date of the paper"), _OPEN),
        Field("issuer", Kind.TEXT, N_("Issued by the body"), _OPEN, limit=200),
        Field("since", Kind.DATE, N_("From"), _OPEN, required=True, ahead=True),
        Field("until", Kind.DATE, N_("Until"), _OPEN, required=True, ahead=True),
        Field("view_to", Kind.INTEGER, N_("With a view to the year"), _OPEN, lowest=2000,
              highest=2100),
        _NOTE,
    ),
    in_case=False,
    of_unit=True,
)  # fmt: skip

PLAN_TASK = RecordType(
    "plan_task",
    N_("Task of a plan"),
    N_("Tasks of a plan"),
    (
        UNIT,
        Field("plan", Kind.REF, N_("Plan"), _OPEN, target="plan", required=True),
        Field("number", Kind.TEXT, N_("Number"), _OPEN, limit=20),
        Field("line", Kind.CODE, N_("Line of work"), _OPEN, codes="plan_line"),
        Field("what", Kind.TEXT, N_("What is to be done"), _OPEN, required=True,
              search=Search.TEXT, limit=500),
        Field("who", Kind.TEXT, N_("Who does it"), _OPEN, limit=200),
        Field("due", Kind.DATE, N_("Until"), _OPEN, ahead=True),
        Field("measure", Kind.CODE, N_("Measured by"), _OPEN, codes="plan_measure",
              help=N_("What can be counted is counted from the data, within the plan's time.")),
        Field("target", Kind.INTEGER, N_("Target"), _OPEN, lowest=0),
        Field("target_unit", Kind.CODE, N_("Counted in"), _OPEN, codes="plan_unit"),
        Field("value", Kind.INTEGER, N_("Reached, told by hand"), _OPEN, lowest=0),
        Field("value_on", Kind.DATE, N_("As of"), _OPEN),
        Field("done_on", Kind.DATE, N_("Done on"), _OPEN),
        _NOTE,
    ),
    in_case=False,
    of_unit=True,
)  # fmt: skip

INSPECTION = RecordType(
    "inspection",
    N_("Inspection"),
    N_("Inspections"),
    (
        UNIT,
        Field("held_on", Kind.DATE, N_("On"), _OPEN, required=True, ahead=True),
        Field("subject", Kind.TEXT, N_("What is inspected"), _OPEN, required=True,
              search=Search.TEXT, limit=300),
        Field("body", Kind.TEXT, N_("Who is inspected"), _OPEN, search=Search.TEXT, limit=200),
        Field("inspectors", Kind.TEXT, N_("Who inspects"), _OPEN, limit=300),
        Field("number", Kind.TEXT, N_("Number of the paper"), _OPEN, limit=60),
        Field("result", Kind.LONG_TEXT, N_("Result"), _OPEN),
        _NOTE,
    ),
    in_case=False,
    of_unit=True,
)  # fmt: skip

FINDING = RecordType(
    "finding",
    N_("Finding"),
    N_("Findings"),
    (
        UNIT,
        Field("inspection", Kind.REF, N_("Inspection"), _OPEN, target="inspection", required=True),
        Field("what", Kind.TEXT, N_("What was found"), _OPEN, required=True, search=Search.TEXT,
              limit=500),
        Field("to_do", Kind.TEXT, N_("What is to be done"), _OPEN, limit=500),
        Field("who", Kind.TEXT, N_("Who does it"), _OPEN, limit=200),
        Field("due", Kind.DATE, N_("Until"), _OPEN, ahead=True),
        Field("done_on", Kind.DATE, N_("Done on"), _OPEN),
        Field("result", Kind.TEXT, N_("Result"), _OPEN, limit=500),
    ),
    in_case=False,
    of_unit=True,
)  # fmt: skip

BUDGET = RecordType(
    "budget",
    N_("Budget"),
    N_("Budgets"),
    (
        UNIT,
        Field("year", Kind.INTEGER, N_("Year"), _OPEN, required=True, lowest=2000, highest=2100),
        Field("purpose", Kind.CODE, N_("Purpose"), _OPEN, codes="budget_purpose", required=True),
        Field("fund", Kind.CODE, N_("Source of the money"), _OPEN, codes="fund", required=True),
        Field("planned", Kind.MONEY, N_("Planned"), _OPEN, lowest=0),
        Field("approved", Kind.MONEY, N_("Approved"), _OPEN, lowest=0),
        Field("paper_no", Kind.TEXT, N_("Number of the paper"), _OPEN, limit=60),
        _NOTE,
    ),
    in_case=False,
    of_unit=True,
)  # fmt: skip
