"""Consent taken back: nothing more is shared, and whoever was told is told this too.

That nothing more is shared follows from ``consent``: a referral waits and its slip says nothing.
What was sent cannot be called back by the program; so a task is written for each receiver, until
the last day that the law gives for a withdrawal, and a letter to each can be printed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from traffick_desk.domain.text import clean
from traffick_desk.i18n import _
from traffick_desk.services.base import Context
from traffick_desk.services.lawful_days import WITHDRAWAL, last_day
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work


@dataclass(frozen=True, slots=True)
class Untold:
    """A body that was told of a person and does not know yet that consent was withdrawn.

    Attributes:
        referral_id: the newest referral by which it was told.
        task_id: of telling it.
    """

    case_id: str
    file_no: str
    person_id: str
    body: str
    withdrawn_on: str
    referral_id: str
    task_id: str


def follow(context: Context, work: Work, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The tasks that follow from consents withdrawn by *edits*, one for each body that was told.

    A body is told once for each withdrawal, whichever desk writes it down: the id of the task
    follows from both.
    """
    tasks = []
    for edit in edits:
        on = str(edit.values.get("withdrawn_on") or "")
        if edit.type != "consent" or not on:
            continue
        known = work.journal.state("consent", edit.id).values
        person = str(edit.values.get("person") or known.get("person") or "")
        case = str(edit.values.get("case") or known.get("case") or "")
        due = last_day(context, WITHDRAWAL, on)
        for body in _told(work, case, person):
            task = _task_id(edit.id, on, body)
            if work.journal.state("task", task).empty:
                values = {
                    "case": case,
                    "person": person,
                    "what": _words(body, on),
                    "due": due.isoformat() if due is not None else context.today,
                }
                tasks.append(Edit("task", task, values))
    return tuple(tasks)


def untold(cursor: Any) -> tuple[Untold, ...]:
    """Who is still to be told that a consent was withdrawn, the oldest withdrawal first."""
    cursor.execute(
        'SELECT c.id, c."case", k.file_no, c.person, c.withdrawn_on, r.to_body, '
        "max(r.sent_on || r.id), r.id FROM r_consent c "
        'JOIN r_case k ON k.id = c."case" '
        'JOIN r_referral r ON r."case" = c."case" AND r.person = c.person '
        "WHERE c.withdrawn_on > '' AND c.voided IS NULL AND r.voided IS NULL "
        "AND r.sent_on IS NOT NULL AND r.to_body IS NOT NULL "
        "GROUP BY c.id, r.to_body ORDER BY c.withdrawn_on, c.id, r.to_body"
    )
    found = []
    for consent, case, file_no, person, on, body, _newest, referral in cursor.fetchall():
        task = _task_id(consent, on, body)
        cursor.execute(
            "SELECT 1 FROM r_task WHERE id = ? AND done_on IS NULL AND voided IS NULL", (task,)
        )
        if cursor.fetchone() is not None:
            found.append(Untold(case, file_no or "", person, body, on, referral, task))
    return tuple(found)


def _task_id(consent: str, on: str, body: str) -> str:
    return hashlib.sha256(f"withdrawal\0{consent}\0{on}\0{body}".encode()).hexdigest()[:32]


def _told(work: Work, case: str, person: str) -> list[str]:
    work.cursor.execute(
        'SELECT DISTINCT to_body FROM r_referral WHERE "case" = ? AND person = ? '
        "AND sent_on IS NOT NULL AND to_body IS NOT NULL AND voided IS NULL ORDER BY to_body",
        (case, person),
    )
    return [body for (body,) in work.cursor.fetchall()]


def _words(body: str, on: str) -> str:
    text = _(
        "Tell {body} that consent was withdrawn on {day}: no further use, return or destroy what "
        "was sent, and confirm"
    ).format(body=body, day=f"{date.fromisoformat(on):%d/%m/%Y}")
    return clean(text, limit=300)
