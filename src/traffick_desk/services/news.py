"""What the last imports brought, for *Today*: until somebody has looked. On this PC only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.i18n import _, ngettext
from traffick_desk.services.base import Command, Context, Desk
from traffick_desk.services.roles import CASE_READ, OWN, may
from traffick_desk.services.same_person.pairs import PossiblySame, answers, look_through
from traffick_desk.services.same_person.ties import tied_cases
from traffick_desk.services.views import TodayItem
from traffick_desk.store.store import Work
from traffick_desk.sync.reports import ImportReport

_NEWS = "news:from:"
_PAIRS = "news:pairs"
PAIRS = "pairs"
"""Key of the line about pairs; those about desks have the desk's id."""
MOST_CASES = 500
# Persons compared right after an import; of more the page that lists pairs compares the rest.
MOST_SLICES = 6


@dataclass(frozen=True, slots=True)
class Looked(Command[None]):
    """Take a line away that somebody has looked at; *key* as of the line."""

    permission: ClassVar[str] = OWN
    action: ClassVar[str] = ""
    changes: ClassVar[frozenset[str]] = frozenset({"news"})

    key: str

    def run(self, context: Context, work: Work) -> None:  # noqa: ARG002
        """See :class:`Command`."""
        key = _PAIRS if self.key == PAIRS else _NEWS + self.key
        work.cursor.execute("DELETE FROM meta WHERE key = ?", (key,))


def note(desk: Desk, reports: Sequence[ImportReport]) -> None:
    """Remember what *reports* brought, and compare whom they brought with all others.

    Raises:
        StoreError: what was imported is safe.
    """
    came = [r for r in reports if r.outcome == "applied" and (r.new_cases or r.changed_cases)]
    if not came:
        return
    with desk.context.store.work() as work:
        for report in came:
            _add(work.cursor, report, desk.context.moment)
    if may(desk.info.role, CASE_READ):
        _compare(desk, {case for report in came for case in report.new_cases})


def _add(cursor: Any, report: ImportReport, at: str) -> None:
    known = _read(cursor, _NEWS + report.sender) or {"new": [], "changed": [], "decisions": 0}
    new = dict.fromkeys([*known["new"], *report.new_cases])
    changed = dict.fromkeys([*known["changed"], *(c for c in report.changed_cases if c not in new)])
    _keep(
        cursor,
        _NEWS + report.sender,
        {
            "at": at,
            "new": list(new)[-MOST_CASES:],
            "changed": list(changed)[-MOST_CASES:],
            "decisions": known["decisions"] + report.decisions,
            "label": report.sender_label,
        },
    )


def _compare(desk: Desk, cases: set[str]) -> None:
    if not cases:
        return
    for _slice in range(MOST_SLICES):
        if not look_through(desk):
            break
    found = desk.ask(PossiblySame())
    ties = {
        pair.tie: sorted((pair.one.row.case_id, pair.other.row.case_id))
        for pair in found.pairs
        if not cases.isdisjoint((pair.one.row.case_id, pair.other.row.case_id))
    }
    if not ties:
        return
    with desk.context.store.work() as work:
        known = _read(work.cursor, _PAIRS) or {}
        _keep(work.cursor, _PAIRS, {**known, **ties})


def lines(context: Context, cursor: Any) -> list[TodayItem]:
    """What came from each desk, and how many pairs wait for an answer."""
    cursor.execute(
        "SELECT key, value FROM meta WHERE key >= ? AND key < ? ORDER BY key",
        (_NEWS, _NEWS[:-1] + ";"),
    )
    found = [_line(context, cursor, key.removeprefix(_NEWS), v) for key, v in cursor.fetchall()]
    pairs = _open_pairs(cursor)
    if pairs:
        text = ngettext(
            "{n} new pair of cases may be of the same person",
            "{n} new pairs of cases may be of the same person",
            pairs,
        )
        found.append(TodayItem("came", "", "", text.format(n=pairs), action="compare", key=PAIRS))
    return found


def _line(context: Context, cursor: Any, device: str, value: str) -> TodayItem:
    news = json.loads(value)
    new, changed = news["new"], news["changed"]
    cursor.execute("SELECT unit FROM device WHERE device = ?", (device,))
    row = cursor.fetchone()
    unit = row[0] if row else ""
    who = context.units.full_name(unit) if unit in context.units else news["label"] or device
    counted = (
        (len(new), ngettext("{n} new case", "{n} new cases", len(new))),
        (len(changed), ngettext("{n} changed case", "{n} changed cases", len(changed))),
        (news["decisions"], ngettext("{n} decision", "{n} decisions", news["decisions"])),
    )
    what = ", ".join(text.format(n=number) for number, text in counted if number)
    text = _("From {sender}: {what}").format(sender=who, what=what)
    cases = [*new, *changed]
    one, file_no = cases[0] if len(cases) == 1 else "", ""
    if one:
        cursor.execute("SELECT file_no FROM case_row WHERE case_id = ?", (one,))
        found = cursor.fetchone()
        one, file_no = (one, found[0]) if found else ("", "")
    return TodayItem("came", one, file_no, text, news["at"], action="came", key=device)


def _open_pairs(cursor: Any) -> int:
    ties = _read(cursor, _PAIRS) or {}
    answered = answers(cursor) if ties else {}
    return sum(
        1
        for tie, (one, other) in ties.items()
        if tie not in answered and other not in tied_cases(cursor, one)
    )


def _read(cursor: Any, key: str) -> dict[str, Any] | None:
    cursor.execute("SELECT value FROM meta WHERE key = ?", (key,))
    row = cursor.fetchone()
    return None if row is None else json.loads(row[0])


def _keep(cursor: Any, key: str, value: dict[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, text))
