"""The draft bridge to IC-TIP: counts of victims under codes of our own, small ones withheld."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from traffick_desk import resources
from traffick_desk.reports.figures import TOTAL, Table
from traffick_desk.services.base import Command, Context
from traffick_desk.services.roles import CASE_READ
from traffick_desk.services.statistics.builtin import VICTIMS
from traffick_desk.services.statistics.release import ReleaseTables
from traffick_desk.services.statistics.spec import Scope, TableSpec
from traffick_desk.store.store import Work

ICTIP_VERSION = "draft-2026-11"
_ICTIP: tuple[tuple[str, str, str, Mapping[str, str]], ...] = (
    ("victim", "sex", "person.sex", {c: c for c in ("female", "male", "other", "unknown")}),
    ("victim", "majority", "minor", {"child": "child", "adult": "adult"}),
    ("victim", "status", "status.status",
     {"in_process": "possible", "victim": "actual", "not_victim": "not"}),
    ("victim", "form_of_exploitation", "account.exploitation",
     {"sexual": "other_sexual", "labour": "forced_labour_services", "marriage": "forced_marriage",
      "organs": "organ_removal", "begging": "forced_begging", "crime": "forced_criminality",
      "adoption": "illegal_adoption", "surrogacy": "surrogacy", "other": "other",
      "unknown": "unknown"}),
    ("event", "means", "account.means",
     {"force": "threat_or_force", "threat": "other_coercion", "deceit": "deception"}),
    ("event", "act", "account.acts",
     {"recruiting": "recruitment", "transporting": "transportation",
      "transferring": "transfer", "harbouring": "harbouring", "receiving": "receipt"}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExportIctip(Command[bytes]):
    """Counts by the draft bridge to IC-TIP, small ones withheld, as CSV marked *draft*.

    It holds no official code and conforms to nothing: the official tables are not available.
    The counts of the unit *event* are of persons whose account names it, and say so.
    """

    permission: ClassVar[str] = CASE_READ
    action: ClassVar[str] = "standards.ictip"

    scope: Scope = field(default_factory=Scope)

    def run(self, context: Context, work: Work) -> bytes:
        """See :class:`Command`."""
        specs = [TableSpec("person", by, where=VICTIMS if unit == "event" or "status" not in by
                           else {"person.role": ("main",)})
                 for unit, _dimension, by, _codes in _ICTIP]  # fmt: skip
        sdg = TableSpec("person", "account.exploitation", "minor", where=VICTIMS)
        tables = ReleaseTables((*specs, sdg), self.scope, "IC-TIP draft").run(context, work)
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(("version", "status", "unit", "dimension", "own_code", "label",
                         "official_code", "counts", "count"))  # fmt: skip
        labels = _draft_labels()
        for (unit, dimension, _by, codes), table in zip(_ICTIP, tables, strict=False):
            for code, label, count in _draft_rows(table, codes, labels, dimension):
                writer.writerow((ICTIP_VERSION, "draft", unit, dimension, code, label, "",
                                 "persons", count))  # fmt: skip
        for head, figures in tables[-1].lines():
            for column, figure in zip(tables[-1].shown_columns(), figures, strict=True):
                row = head.code if head.code not in {"", TOTAL} else head.label
                name = column if column not in {"", TOTAL} else tables[-1].heads()[-1]
                writer.writerow((ICTIP_VERSION, "draft", "victim", "SDG 16.2.2",
                                 f"{row} × {name}", head.label, "", "persons",
                                 "" if figure.hidden else figure.value))  # fmt: skip
        return out.getvalue().encode("utf-8-sig")

    def target(self, result: bytes) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return f"{self.scope.period.first}..{self.scope.period.last}"


def _draft_labels() -> dict[str, str]:
    text = resources.path("standards", "ic-tip-draft.csv").read_text("utf-8-sig")
    return {r["own_code"]: r["label_en"] for r in csv.DictReader(io.StringIO(text))}


def _draft_rows(
    table: Table, codes: Mapping[str, str], labels: Mapping[str, str], dimension: str
) -> Iterator[tuple[str, str, int | str | None]]:
    for head, (figure,) in table.lines():
        if head.code == TOTAL:
            code, label = "total", f"{dimension}: persons"
        elif head.code in codes:
            code = codes[head.code]
            label = labels.get(code, head.label)
        else:
            # What the bridge has no code for, and what nobody entered.
            code, label = f"td_{head.code or 'not_entered'}", head.label
        yield code, label, "" if figure.hidden else figure.value
