"""Reading cases out of the record tables into views."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from traffick_desk.domain.codes_tip import TIP_STAGES
from traffick_desk.domain.spine import RecordType
from traffick_desk.domain.values import ICT, moment
from traffick_desk.services import groups_read
from traffick_desk.services.base import Context
from traffick_desk.services.errors import NotHere
from traffick_desk.services.views import CaseRow, CaseView, Competing, RecordView, TipLine
from traffick_desk.store import choices, veil
from traffick_desk.store.changes import VOID
from traffick_desk.store.record_state import RecordState, columns_sql, state_from_row
from traffick_desk.store.tables import table_name
from traffick_desk.sync import hub_state, links

_ROW = (
    "case_id, file_no, name, sex, birth, status, stage, unit, opened_on, due, due_clock, "
    "conflicts, officer, return_form"
)
_STAGE = _ROW.split(", ").index("stage")


def case_rows(cursor: Any, where: str, parameters: Iterable[Any]) -> tuple[CaseRow, ...]:
    """Lines of the list of cases; *where* is SQL after ``FROM case_row``."""
    cursor.execute(f"SELECT {_ROW} FROM case_row {where}", tuple(parameters))
    rows = cursor.fetchall()
    states = links.case_states(cursor, [row[0] for row in rows])
    tips = _tip_lines(cursor, [row[0] for row in rows if row[_STAGE] in TIP_STAGES])
    shut = veil.hidden(cursor)
    together = groups_read.grouped(cursor, [row[0] for row in rows])
    found = []
    for row in rows:
        *frame, officer, form = row
        state, tip = states[row[0]], tips.get(row[0])
        values: list[Any] = [*frame, state, tip, row[0] in together, officer, form, row[0] in shut]
        found.append(CaseRow(*values))
    return tuple(found)


def _tip_lines(cursor: Any, cases: list[str]) -> dict[str, TipLine]:
    found: dict[str, TipLine] = {}
    for start in range(0, len(cases), 500):
        part = cases[start : start + 500]
        cursor.execute(
            'SELECT "case", urgency, place, coalesce(forwarded_at, forwarded_to), '
            "coalesce(answered_on, answer), outcome FROM r_tip "
            f'WHERE "case" IN ({",".join("?" * len(part))}) AND voided IS NULL ORDER BY id DESC',
            part,
        )
        for case, urgency, place, passed_on, answer, outcome in cursor.fetchall():
            found[case] = TipLine(
                urgency or "", place or "", bool(passed_on), bool(answer), outcome or ""
            )
    return found


def cases_only(table: str = "") -> str:
    """SQL that leaves tips out; *table* is the alias of ``case_row`` in the statement."""
    column = f"{table}.stage" if table else "stage"
    stages = ", ".join(f"'{stage}'" for stage in TIP_STAGES)
    return f"{column} NOT IN ({stages})"


def shown_moment(millis: int) -> str:
    """When a change was made by the wall clock of its desk, for showing only (I9)."""
    try:
        return moment(datetime.fromtimestamp(millis / 1000, ICT))
    except (OverflowError, OSError, ValueError):
        return ""


def view(state: RecordState) -> RecordView:
    """A record as views show it."""
    conflicts = {
        register: tuple(
            sorted(
                (
                    Competing(
                        ref=ref,
                        value=value,
                        officer=officer,
                        device=ref.rpartition(".")[0],
                        at=shown_moment(millis),
                        shown=_is_shown(state, register, ref),
                    )
                    for ref, (millis, _counter, officer, value) in state.rivals[register].items()
                ),
                key=lambda c: (not c.shown, c.ref),
            )
        )
        for register in choices.waiting(state.rivals, state.voided)
    }
    return RecordView(
        state.type.name, state.id, state.values, conflicts, state.voided, dict(state.heads)
    )


def _is_shown(state: RecordState, register: str, ref: str) -> bool:
    if register == choices.LATE:  # that it was voided is what holds until somebody chose
        return ref in state.heads.get(VOID, ())
    return ref == state.shown_ref(register)


def records_of(cursor: Any, record_type: RecordType, case_id: str) -> tuple[RecordView, ...]:
    """All records of one type in one case, voided ones last."""
    key = record_type.case_key
    cursor.execute(
        f"SELECT {columns_sql(record_type)} FROM {table_name(record_type.name)} "
        f'WHERE "{key}" = ? ORDER BY voided IS NOT NULL, id',
        (case_id,),
    )
    return tuple(view(state_from_row(record_type, row)) for row in cursor.fetchall())


def open_case(context: Context, cursor: Any, case_id: str) -> CaseView:
    """One whole case.

    Raises:
        NotHere: there is no such case.
    """
    rows = case_rows(cursor, "WHERE case_id = ?", (case_id,))
    if not rows:
        raise NotHere
    records = {t.name: records_of(cursor, t, case_id) for t in context.store.registry.of_cases()}
    received = links.case_received_on(cursor, case_id) if rows[0].sync == "received" else ""
    sent = hub_state.case_sent_at(cursor, case_id) if rows[0].sync == "carried" else ""
    return CaseView(rows[0], records, received, sent)
