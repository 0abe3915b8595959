"""What rules that came later would change in requests that are still open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.domain.records.support import ENTITLEMENT, ENTITLEMENT_DECISION
from traffick_desk.domain.spine import RecordType
from traffick_desk.i18n import _
from traffick_desk.law import Assessment
from traffick_desk.services import assess, reading
from traffick_desk.services.base import Context, Query
from traffick_desk.services.errors import NotHere
from traffick_desk.services.roles import CASE_READ
from traffick_desk.services.rules import province_of
from traffick_desk.services.views import RecordView


@dataclass(frozen=True, slots=True)
class NewerRules(Query[Mapping[str, str]]):
    """Request id → what the present rules say instead, for requests made under other rules.

    Both are worked out on the same facts of today, so only the rules make the difference. What was
    requested and decided stays as it is. A closed case and a returned request have none.
    """

    permission: ClassVar[str] = CASE_READ

    case_id: str

    def run(self, context: Context, cursor: Any) -> Mapping[str, str]:
        """See :class:`Query`."""
        rows = reading.case_rows(cursor, "WHERE case_id = ?", (self.case_id,))
        if not rows:
            raise NotHere
        if rows[0].stage == "closed":
            return {}
        returned = {
            d.get("entitlement")
            for d in self._standing(cursor, ENTITLEMENT_DECISION)
            if d.get("decision") == "returned"
        }
        found: dict[str, str] = {}
        for request in self._standing(cursor, ENTITLEMENT):
            version = request.get("pack") or ""
            if request.id in returned or version == context.pack.version:
                continue
            person, regime = str(request.get("person")), str(request.get("regime"))
            before = context.rules.at(cursor, version, province_of(context))
            if before is None:
                text = _("Requested under rules {version}, which this program does not have.")
                found[request.id] = text.format(version=version)
                continue
            was, now = (
                _words(assess.under(context, cursor, self.case_id, person, pack), regime)
                for pack in (before, context.pack)
            )
            if was != now:
                text = _("The rules have changed since: {before} → {after}")
                found[request.id] = text.format(before=was, after=now)
        return found

    def _standing(self, cursor: Any, kind: RecordType) -> list[RecordView]:
        # Not the whole case: this is asked at each opening, and most cases have no such request.
        records = reading.records_of(cursor, kind, self.case_id)
        return [record for record in records if record.voided is None]


def _words(found: Assessment, regime: str) -> str:
    governing, _slash, letter = regime.partition("/")
    if found.law.law not in {None, governing}:
        return _("another law governs")
    try:
        outcome = found.outcome(letter)
    except KeyError:
        return _("not in this law")
    amounts = "; ".join(dict.fromkeys(line.amount_text for line in outcome.lines))
    return f"{outcome.result.label}, {amounts}" if amounts else outcome.result.label
