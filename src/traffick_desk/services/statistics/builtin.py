"""The built-in set of tables: what a commune tells the province, and a province the ministry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from traffick_desk.i18n import N_, _
from traffick_desk.reports.figures import Measure
from traffick_desk.services.statistics.spec import RECEIVED, TableSpec

MAIN = {"person.role": ("main",)}
VICTIMS = {**MAIN, "status.status": ("victim",)}
_LIMITS = N_(
    "Time limits that began in the period. “Cannot be told”: the law names no limit, or public "
    "holidays of the year are not entered."
)
_VICTIMS = N_("Received in the period and by now identified as victims.")


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A set of tables that is made together.

    Attributes:
        key: stable; frozen reports name it.
        title: English source text.
        tables: in order.
    """

    key: str
    title: str
    tables: tuple[str, ...]

    def shown_title(self) -> str:
        """In the language of the desk."""
        return _(self.title)


def _people(
    key: str,
    title: str,
    rows: str,
    columns: str = "",
    where: Mapping[str, tuple[str, ...]] = MAIN,
) -> TableSpec:
    notes = (_VICTIMS,) if where is VICTIMS else (RECEIVED,)
    return TableSpec("person", rows, columns, where=where, title=title, notes=notes, key=key)


_TABLES = (
    _people("status_sex", N_("Persons received by legal status and sex"),
            "status.status", "person.sex"),
    _people("age_sex", N_("Victims by age group and sex"), "age_group", "person.sex",
            where=VICTIMS),
    _people("ethnicity_sex", N_("Victims by ethnic group and sex"), "person.ethnicity",
            "person.sex", where=VICTIMS),
    _people("citizenship_sex", N_("Victims by citizenship and sex"), "person.citizenship",
            "person.sex", where=VICTIMS),
    _people("return_age", N_("Persons received by how they came, under or over 18"),
            "case.return_form", "minor"),
    _people("exploitation_sex", N_("Victims by form of exploitation and sex"),
            "account.exploitation", "person.sex", where=VICTIMS),
    _people("exploitation_age", N_("Victims by form of exploitation, under or over 18"),
            "account.exploitation", "minor", where=VICTIMS),
    _people("countries", N_("Victims by country of trafficking and sex"), "account.countries",
            "person.sex", where=VICTIMS),
    _people("stage_status", N_("Persons received by stage and legal status"), "case.stage",
            "status.status"),
    _people("education_sex", N_("Persons received by education and sex"), "person.education",
            "person.sex"),
    _people("commune_status", N_("Persons received by commune and legal status"), "case.unit",
            "status.status"),
    _people("month_status", N_("Persons received by month and legal status"), "received.month",
            "status.status"),
    TableSpec("regime_use", "own.regime", "own.use", Measure.PERSONS, key="regimes",
              title=N_("Persons by support regime: requested, approved, paid, given"),
              notes=(N_("Each person once per regime and column, on the first day."),)),
    TableSpec("clock", "own.clock", "own.outcome", key="limits",
              title=N_("Time limits of the law: in time, late, open"), notes=(_LIMITS,)),
    TableSpec("clock", "own.clock", "", Measure.MEDIAN, "days", key="waiting",
              title=N_("Days until it was done, in the middle of all"),
              notes=(N_("The median of what was done: half took no longer."),)),
    TableSpec("referral", "own.service", "own.answer", key="referrals",
              title=N_("Referrals by service and answer"),
              notes=(N_("Referrals sent in the period."),)),
    TableSpec("follow_up", "own.months", "own.outcome", Measure.PERSONS, key="reintegration",
              title=N_("Reintegration 6, 12 and 24 months after reception"),
              notes=(N_("Persons received in the period. A visit counts up to 3 months before or "
                        "after the day; what was in the worst state decides."),)),
    TableSpec("money", "own.regime", "own.kind", Measure.SUM, "amount", key="money", across=False,
              title=N_("Money approved and paid by support regime"),
              notes=(N_("Approved: by day of the decision. Paid: by day of payment."),)),
    TableSpec("payment", "own.fund", "", Measure.SUM, "amount", key="funds",
              title=N_("Money paid by source")),
    TableSpec("stay", "own.kind", "person.sex", Measure.PERSONS, key="stays",
              title=N_("Persons in facilities by kind and sex"),
              notes=(N_("Stays that began in the period."),)),
    TableSpec("gap", "own.gap", "", Measure.CASES, key="gaps",
              title=N_("Gaps and contradictions in the data"),
              notes=(N_("Cases opened in the period."),)),
)  # fmt: skip

TABLES: Mapping[str, TableSpec] = MappingProxyType({t.key: t for t in _TABLES})

REPORTS: Mapping[str, ReportKind] = MappingProxyType(
    {
        r.key: r
        for r in (
            ReportKind("full", N_("Full report"), tuple(TABLES)),
            ReportKind(
                "victims",
                N_("Persons received and victims"),
                (
                    "status_sex", "age_sex", "ethnicity_sex", "citizenship_sex", "return_age",
                    "exploitation_sex", "countries", "commune_status",
                ),
            ),
            ReportKind(
                "support",
                N_("Support, time limits and money"),
                ("stage_status", "regimes", "limits", "waiting", "referrals", "stays", "money",
                 "funds"),
            ),
            ReportKind("reintegration", N_("Reintegration"), ("stage_status", "reintegration")),
            ReportKind("quality", N_("Gaps in the data"), ("gaps", "limits")),
        )
    }
)  # fmt: skip
