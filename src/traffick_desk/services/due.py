"""What is due besides the clocks of the law: tasks, answers, visits, measures, planned support.

Such a deadline stands in the same table as those of the law; its clock is ``kind:record id``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import N_, _

Values = Mapping[str, Any]
Row = tuple[str, str, str, str, str]

NEEDED: Mapping[str, frozenset[str]] = {
    "task": frozenset({"case", "person", "due", "done_on"}),
    "referral": frozenset({"case", "person", "answer_by", "sent_on", "answer"}),
    "visit": frozenset({"case", "person", "at", "next_on"}),
    "protection": frozenset({"case", "person", "since", "until", "refused"}),
    "risk": frozenset({"case", "person", "assessed_on"}),
    "plan_item": frozenset({"case", "person", "until", "state"}),
    # With *days* among them, as the law reads that field of the same records.
    "journey_home": frozenset({"case", "person", "leaves_on", "days", "arrived_on"}),
    "tip": frozenset(
        {
            "case",
            "forwarded_at",
            "answer_by",
            "answered_on",
            "answer",
            "anonymous",
            "tell_back",
            "told_on",
            "settled_on",
            "outcome",
        }
    ),
}
"""Record type → the fields that :func:`rows` reads."""

# Kind → words, the field that says what of the record, its section in the case.
_KINDS: Mapping[str, tuple[str, str, str]] = {
    "task": (N_("Task"), "what", "tasks"),
    "referral": (N_("Referral without an answer"), "service", "referrals"),
    "unsent": (N_("Referral not sent yet"), "service", "referrals"),
    "visit": (N_("Follow-up visit"), "", "follow_up"),
    "protection": (N_("Protection ends, assess the danger anew"), "measure", "protection"),
    "plan_item": (N_("Planned support"), "what", "needs"),
    "journey_home": (N_("Journey home: arrival not confirmed"), "", "stays"),
    "tip_answer": (N_("Tip without an answer"), "forwarded_to", "tip"),
    "tip_tell": (N_("Inform who told the tip"), "", "tip"),
}
# Kinds whose records are not of the type of the same name.
_TYPES = {"tip_answer": "tip", "tip_tell": "tip", "unsent": "referral"}
_LISTS = {"service": "service", "measure": "protection", "forwarded_to": "tip_body"}
_OPEN_PLAN = frozenset({"planned", "under_way"})


def rows(case: str, records: Mapping[str, Sequence[tuple[str, Values]]]) -> Iterable[Row]:
    """Case, person, clock, since and due of everything that is still to be done in *case*."""
    tips = records.get("tip", ())
    # Of a tip that was closed nothing more is to be done but to tell who told it.
    given_up = any(v.get("outcome") == "closed" for _record, v in tips)
    for record, v in tips:
        answered = v.get("answered_on") or v.get("answer")
        if v.get("answer_by") and not answered and not given_up:
            since = (v.get("forwarded_at") or "")[:10]
            yield _row(case, "tip_answer", record, v, since, v["answer_by"])
        ended = v.get("settled_on") or v.get("answered_on")
        wanted = v.get("tell_back") == "yes" and v.get("anonymous") != "yes"
        if wanted and ended and not v.get("told_on"):
            yield _row(case, "tip_tell", record, v, ended, ended)
    for record, v in () if given_up else records.get("task", ()):
        if v.get("due") and not v.get("done_on"):
            yield _row(case, "task", record, v, v["due"], v["due"])
    for record, v in records.get("referral", ()):
        if v.get("answer_by") and not v.get("answer"):
            kind = "referral" if v.get("sent_on") else "unsent"
            yield _row(case, kind, record, v, v.get("sent_on"), v["answer_by"])
    for record, v in records.get("plan_item", ()):
        if v.get("until") and v.get("state") in _OPEN_PLAN:
            yield _row(case, "plan_item", record, v, v["until"], v["until"])
    for record, v in records.get("journey_home", ()):
        if v.get("leaves_on") and not v.get("arrived_on"):
            left = date.fromisoformat(v["leaves_on"])
            # A journey of one day ends on the day on which it begins.
            there = left + timedelta(days=max((v.get("days") or 1) - 1, 0))
            yield _row(case, "journey_home", record, v, v["leaves_on"], there.isoformat())
    assessed: dict[str, str] = {}
    for _record, v in records.get("risk", ()):
        person = v.get("person", "")
        assessed[person] = max(assessed.get(person, ""), v.get("assessed_on", ""))
    for record, v in records.get("protection", ()):
        until = v.get("until")
        if until and v.get("refused") != "yes" and assessed.get(v.get("person", ""), "") < until:
            yield _row(case, "protection", record, v, v.get("since"), until)
    newest: dict[str, tuple[str, str, Values]] = {}
    for record, v in records.get("visit", ()):
        found = (v.get("at", ""), record, v)
        newest[v.get("person", "")] = max(newest.get(v.get("person", ""), found), found, key=_when)
    for at, record, v in newest.values():
        if v.get("next_on"):
            yield _row(case, "visit", record, v, at[:10], v["next_on"])


def _when(found: tuple[str, str, Values]) -> tuple[str, str]:
    return found[:2]


def _row(case: str, kind: str, record: str, v: Values, since: str | None, due: str) -> Row:
    return case, v.get("person") or "", f"{kind}:{record}", since or due, due


def is_due(clock: str) -> bool:
    """Whether *clock* names such a deadline, not a clock of the law."""
    return clock.partition(":")[0] in _KINDS and ":" in clock


def section_of(clock: str) -> str:
    """The section of the case in which it is dealt with."""
    return _KINDS[clock.partition(":")[0]][2]


def kind_words(clock: str) -> str:
    """What kind of thing is to be done; fit for a paper, as it repeats nothing that was typed."""
    return _(_KINDS[clock.partition(":")[0]][0])


def words_of(cursor: Any, clock: str) -> str:
    """What is to be done, in words; of a record that is gone the kind alone."""
    kind, _colon, record = clock.partition(":")
    name = _KINDS[kind][1]
    words = kind_words(clock)
    if not name:
        return words
    table = _TYPES.get(kind, kind)
    cursor.execute(f'SELECT "{name}" FROM r_{table} WHERE id = ?', (record,))
    row = cursor.fetchone()
    if row is None or not row[0]:
        return words
    value = SMALL_LISTS[_LISTS[name]].label(row[0]) if name in _LISTS else row[0]
    return f"{words}: {value}"
