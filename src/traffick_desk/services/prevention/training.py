"""Who was trained in what and when, and who is due again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from traffick_desk.domain.text import name_sort_key
from traffick_desk.domain.validation import as_partial
from traffick_desk.services.base import Context, Query
from traffick_desk.services.prevention.lists import unit_name
from traffick_desk.services.roles import PREVENTION_READ

# Kinds of activity at which people are trained whatever the line of work says.
TRAINING_KINDS = frozenset({"class"})


@dataclass(frozen=True, slots=True)
class Trained:
    """One attendance that counts as training."""

    activity: str
    title: str
    day: date
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """A training that is due.

    Attributes:
        topic: code of ``activity_topic``; "" when the person was never trained at all.
        since: the day from which it is due; ``None`` when it always was.
        why: ``never``, ``new_post`` (in this post since after the last training) or ``period``.
    """

    topic: str
    since: date | None
    why: str


@dataclass(frozen=True, slots=True)
class Person:
    """One member of staff or volunteer with what she was trained in.

    Attributes:
        left: she has left; nothing is due any more.
        trained: newest first.
        due: what must be done again, empty when all is well.
    """

    id: str
    name: str
    unit: str
    unit_name: str
    role: str
    post: str
    body: str
    team: str
    team_name: str
    since: str
    left: bool
    trained: tuple[Trained, ...]
    due: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class Training(Query[tuple[Person, ...]]):
    """All staff and volunteers in the order of their names.

    Attributes:
        team: only members of this team.
        due_only: only those who must be trained.
        day: as of which day; today by default.
    """

    permission: ClassVar[str] = PREVENTION_READ

    team: str = ""
    due_only: bool = False
    day: date | None = None

    def run(self, context: Context, cursor: Any) -> tuple[Person, ...]:
        """See :class:`Query`."""
        day = self.day or date.fromisoformat(context.today)
        attended = _attended(cursor, day)
        rules = _rules(cursor)
        cursor.execute("SELECT id, name FROM r_volunteer_team")
        teams = dict(cursor.fetchall())
        cursor.execute(
            "SELECT id, name, unit, role, post, body, team, since, left_on FROM r_staff "
            "WHERE voided IS NULL AND (? = '' OR team = ?)",
            (self.team, self.team),
        )
        found = []
        for record, name, unit, role, post, body, team, since, left_on in cursor.fetchall():
            left = as_partial(left_on)
            gone = left is not None and left.earliest <= day
            trained = tuple(attended.get(record, ()))
            due = () if gone else _due(trained, rules, role or "", since, day)
            if self.due_only and not due:
                continue
            found.append(
                Person(
                    record, name or "", unit, unit_name(context, unit), role or "", post or "",
                    body or "", team or "", teams.get(team) or "", since or "", gone, trained, due,
                )
            )  # fmt: skip
        return tuple(sorted(found, key=lambda p: (p.left, name_sort_key(p.name), p.id)))


def _attended(cursor: Any, day: date) -> dict[str, list[Trained]]:
    cursor.execute(
        'SELECT t.staff, a.id, a.title, a.since, a."until", a.topics FROM r_attendance t '
        "JOIN r_activity a ON a.id = t.activity WHERE t.voided IS NULL AND a.voided IS NULL "
        "AND a.state = 'done' AND (a.line IN ('training', 'both') OR a.kind IN "
        "(SELECT value FROM json_each(?)))",
        (json.dumps(sorted(TRAINING_KINDS)),),
    )
    found: dict[str, list[Trained]] = {}
    for staff, activity, title, since, until, topics in cursor.fetchall():
        on = as_partial(until) or as_partial(since)
        if on is not None and on.earliest <= day:
            line = Trained(activity, title or "", on.earliest, tuple(json.loads(topics or "[]")))
            found.setdefault(staff, []).append(line)
    for lines in found.values():
        lines.sort(key=lambda t: (t.day, t.activity), reverse=True)
    return found


def _rules(cursor: Any) -> Mapping[str, tuple[int, frozenset[str]]]:
    """Topic → months after which again, and for which roles (empty: everybody)."""
    cursor.execute("SELECT topic, months, roles FROM r_training_rule WHERE voided IS NULL "
                   "ORDER BY id")  # fmt: skip
    return {
        topic: (int(months), frozenset(json.loads(roles or "[]")))
        for topic, months, roles in cursor.fetchall()
        if topic and months
    }


def _due(
    trained: tuple[Trained, ...],
    rules: Mapping[str, tuple[int, frozenset[str]]],
    role: str,
    since: str | None,
    day: date,
) -> tuple[Due, ...]:
    began = as_partial(since)
    if not trained:
        return (Due("", None if began is None else began.earliest, "never"),)
    found = []
    # Who changed the post needs at least one training in the new one.
    if began is not None and trained[0].day < began.earliest <= day:
        found.append(Due("", began.earliest, "new_post"))
    for topic, (months, roles) in rules.items():
        if roles and role not in roles:
            continue
        last = next((t.day for t in trained if topic in t.topics), None)
        if last is None:
            found.append(Due(topic, None, "never"))
        elif (again := months_after(last, months)) <= day:
            found.append(Due(topic, again, "period"))
    return tuple(found)


def months_after(day: date, months: int) -> date:
    """The same day *months* later; the last of the month where it has no such day."""
    import calendar

    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


@dataclass(frozen=True, slots=True)
class Team:
    """A volunteer team with what it is made of and did.

    Attributes:
        members: who have not left.
        due: members who must be trained.
        last: day of the newest training of any member.
    """

    id: str
    name: str
    unit: str
    unit_name: str
    founded: str
    ended: bool
    members: int
    trained: int
    due: int
    last: date | None


@dataclass(frozen=True, slots=True)
class Teams(Query[tuple[Team, ...]]):
    """All volunteer teams, by commune and name."""

    permission: ClassVar[str] = PREVENTION_READ

    def run(self, context: Context, cursor: Any) -> tuple[Team, ...]:
        """See :class:`Query`."""
        day = date.fromisoformat(context.today)
        people: dict[str, list[Person]] = {}
        for person in Training().run(context, cursor):
            if person.team and not person.left:
                people.setdefault(person.team, []).append(person)
        cursor.execute(
            "SELECT id, name, unit, founded_on, ended_on FROM r_volunteer_team WHERE voided IS NULL"
        )
        found = []
        for record, name, unit, founded, ended_on in cursor.fetchall():
            members = people.get(record, [])
            ended = as_partial(ended_on)
            found.append(
                Team(
                    record, name or "", unit, unit_name(context, unit), founded or "",
                    ended is not None and ended.earliest <= day, len(members),
                    sum(bool(p.trained) for p in members), sum(bool(p.due) for p in members),
                    max((p.trained[0].day for p in members if p.trained), default=None),
                )
            )  # fmt: skip
        return tuple(sorted(found, key=lambda t: (t.ended, t.unit_name, t.name)))
