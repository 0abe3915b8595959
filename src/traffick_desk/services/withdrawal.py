"""Consent taken back: nothing more is shared, and whoever was told is told this too.

That nothing more is shared follows from ``consent``: a referral waits and its slip says nothing.
What was sent cannot be called back by the program; so a task is written for each receiver.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from traffick_desk.domain.text import clean
from traffick_desk.i18n import _
from traffick_desk.services.base import Context, new_id
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work


def follow(context: Context, work: Work, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The tasks that follow from consents withdrawn by *edits*, one for each body that was told.

    A body is told once for each withdrawal: a task with the same words that is there is enough.
    """
    tasks = []
    for edit in edits:
        if edit.type != "consent" or not edit.values.get("withdrawn_on"):
            continue
        known = work.journal.state("consent", edit.id).values
        person = str(edit.values.get("person") or known.get("person") or "")
        case = str(edit.values.get("case") or known.get("case") or "")
        for body in _told(work, case, person):
            what = _words(body, str(edit.values["withdrawn_on"]))
            work.cursor.execute(
                'SELECT 1 FROM r_task WHERE "case" = ? AND what = ? AND voided IS NULL',
                (case, what),
            )
            if work.cursor.fetchone() is None:
                values = {"case": case, "person": person, "what": what, "due": context.today}
                tasks.append(Edit("task", new_id(), values))
    return tuple(tasks)


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
