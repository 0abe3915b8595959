"""Who works at which desk: said by the desk, confirmed by the province (I7).

A desk writes its officers as records ``desk_officer``; they travel as all else does. The province
answers with records ``officer_right``: this officer of this desk, in this role, from this change
of the desk up to that one. What counts on arrival is what the province said (``store.rights``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from traffick_desk.services.base import Command, Context, Query, new_id
from traffick_desk.services.errors import NotHere
from traffick_desk.services.roles import LEFT, OF_PROFILE, OFFICERS, OWN
from traffick_desk.store.changes import Change, is_tombstone
from traffick_desk.store.journal import Edit
from traffick_desk.store.rights import RIGHT, ROSTER
from traffick_desk.store.store import Work

CHANGED = frozenset({"officers", "cases"})


@dataclass(frozen=True, slots=True)
class Member:
    """An officer as her desk says, and as the province has confirmed.

    Attributes:
        role: as the desk says; ``left`` when she left.
        confirmed: the role that holds by the word of the province, or "".
        listed: the province has said something about her.
        desk_listed: the province has said something about officers of her desk at all.
        held: how many of her changes wait.
        said_in: the change of the desk that says so.
        ended_in: up to which change of the desk the province let her last role count.
    """

    device: str
    label: str
    unit: str
    officer_id: str
    name: str
    title: str
    role: str
    confirmed: str
    listed: bool
    desk_listed: bool
    held: int
    said_in: int
    ended_in: int = 0

    @property
    def waits(self) -> bool:
        """Whether the province has something to say about her."""
        if self.role == LEFT:
            return bool(self.confirmed)
        return self.role != self.confirmed and not self.refused

    @property
    def refused(self) -> bool:
        """Whether the province has ended what the desk says, and nothing new was said since."""
        return self.listed and not self.confirmed and self.said_in <= self.ended_in


def bring_up(work: Work, context: Context, *, begin: bool = False) -> None:
    """Let the journal say who works at this desk, where it says something else.

    Args:
        work: the transaction of the act that changed it.
        context: of the desk.
        begin: say it for the first time too; a desk without a link has nobody to tell.
    """
    info, cursor = context.info, work.cursor
    if not begin and not _begun(cursor, info.device):
        return
    cursor.execute("SELECT officer_id, name, title, role FROM officer ORDER BY officer_id")
    for officer_id, name, title, role in cursor.fetchall():
        values = {
            "device": info.device,
            "officer": officer_id,
            "name": name or None,
            "title": title or None,
            "role": role,
        }
        state = work.journal.state(ROSTER, f"{info.device}.{officer_id}")
        known = {key: state.values.get(key) for key in values}
        if known != values and (role != LEFT or not state.empty):
            edit = Edit(ROSTER, f"{info.device}.{officer_id}", values)
            work.journal.write(edit, info.officer_id, None)


def _begun(cursor: Any, device: str) -> bool:
    cursor.execute(f"SELECT 1 FROM r_{ROSTER} WHERE device = ? LIMIT 1", (device,))
    return cursor.fetchone() is not None


@dataclass(frozen=True, slots=True)
class Rosters(Query[tuple[Member, ...]]):
    """The officers of all desks as far as this desk knows them, those who wait first."""

    permission: ClassVar[str] = OWN

    device: str = ""

    def run(self, context: Context, cursor: Any) -> tuple[Member, ...]:  # noqa: ARG002
        """See :class:`Query`."""
        found = [m for m in members(cursor) if self.device in ("", m.device)]
        return tuple(sorted(found, key=lambda m: (not m.waits, m.unit, m.label, m.name)))


def members(cursor: Any) -> list[Member]:
    """What the desks say of their officers; no desk speaks for another."""
    cursor.execute("SELECT device, officer, count(*) FROM held GROUP BY device, officer")
    held = {(device, officer): number for device, officer, number in cursor.fetchall()}
    listed, open_roles, desks = set(), {}, set()
    ended: dict[tuple[str, str], int] = {}
    cursor.execute(
        f"SELECT device, officer, role, until FROM r_{RIGHT} WHERE voided IS NULL ORDER BY id"
    )
    for device, officer, role, until in cursor.fetchall():
        desks.add(device)
        listed.add((device, officer))
        if not until:
            open_roles[device, officer] = role
        else:
            ended[device, officer] = max(until, ended.get((device, officer), 0))
    cursor.execute(
        f"SELECT r.device, d.label, d.unit, r.officer, r.name, r.title, r.role, r.heads "
        f"FROM r_{ROSTER} r JOIN device d ON d.device = r.device WHERE r.voided IS NULL"
    )
    found = []
    for device, label, unit, officer, name, title, role, heads in cursor.fetchall():
        said = _said_in(heads, device)
        if said:
            key = (device, officer)
            found.append(
                Member(
                    device, label, unit, officer, name or "", title or "", role or "",
                    open_roles.get(key, ""), key in listed, device in desks,
                    held.get(key, 0), said, ended.get(key, 0),
                )
            )  # fmt: skip
    return found


def _said_in(heads: str, device: str) -> int:
    """The change of *device* that a record stands by; 0 if another desk wrote it."""
    numbers = []
    for ref in json.loads(heads):
        author, _dot, seq = ref.rpartition(".")
        if author != device:
            return 0
        numbers.append(int(seq))
    return max(numbers, default=0)


@dataclass(frozen=True, slots=True)
class ConfirmOfficers(Command[int]):
    """The province confirms what a desk says of its officers; answers with how many it was.

    What counted until now goes on counting: the first time, each officer who wrote something is
    confirmed up to the newest change that is here.

    Attributes:
        refuse: numbers of officers whom the province does not confirm: what they wrote until now
            and counted stays; nothing after it counts.
        others: confirm the others of the desk too; always so the first time, or they would wait.

    Raises:
        NotHere: the desk has said nothing.
    """

    permission: ClassVar[str] = OFFICERS
    action: ClassVar[str] = "officer.confirm"
    changes: ClassVar[frozenset[str]] = CHANGED

    device: str
    refuse: frozenset[str] = frozenset()
    others: bool = True

    def run(self, context: Context, work: Work) -> int:
        """See :class:`Command`."""
        cursor = work.cursor
        roster = [m for m in members(cursor) if m.device == self.device]
        if not roster:
            raise NotHere
        cursor.execute("SELECT profile FROM device WHERE device = ?", (self.device,))
        profile = str(cursor.fetchone()[0])
        cursor.execute("SELECT max(seq) FROM journal WHERE device = ?", (self.device,))
        top = int(cursor.fetchone()[0] or 0)
        if not roster[0].desk_listed:
            usual = OF_PROFILE[profile][0] if profile == "commune" else "lead"
            for officer in sorted(_authors(cursor, self.device)):
                self._add(context, work, officer, usual, 1, top)
        number = 0
        first = not roster[0].desk_listed
        for member in roster:
            if self.others or first or member.officer_id in self.refuse:
                number += self._confirm(context, work, member, top)
        return number

    def _confirm(self, context: Context, work: Work, member: Member, top: int) -> int:
        said, role = member.said_in, member.role
        if member.officer_id in self.refuse:
            if member.refused:
                return 0
            if not self._end(context, work, member.officer_id, top) and not member.listed:
                # Never confirmed: that she is refused is said by a role that nobody has.
                self._add(context, work, member.officer_id, LEFT, 1, max(top, 1))
            return 1
        if role == member.confirmed or (role == LEFT and not member.confirmed):
            return 0
        if role == LEFT:
            self._end(context, work, member.officer_id, said)
            return 1
        changed = self._end(context, work, member.officer_id, said - 1)
        self._add(context, work, member.officer_id, role, said if changed else 1, 0)
        return 1

    def _end(self, context: Context, work: Work, officer: str, until: int) -> bool:
        """End the role that holds; whether there was one."""
        work.cursor.execute(
            f"SELECT id FROM r_{RIGHT} WHERE device = ? AND officer = ? AND voided IS NULL "
            "AND (until IS NULL OR until = 0)",
            (self.device, officer),
        )
        ids = [record_id for (record_id,) in work.cursor.fetchall()]
        for record_id in ids:
            edit = Edit(RIGHT, record_id, {"until": max(until, 1)})
            work.journal.write(edit, context.info.officer_id, None)
        return bool(ids)

    def _add(
        self, context: Context, work: Work, officer: str, role: str, since: int, until: int
    ) -> None:
        values: dict[str, Any] = {
            "device": self.device,
            "officer": officer,
            "role": role,
            "since": since,
            "at": context.moment,
            "by": context.info.officer_name,
        }
        if until:
            values["until"] = until
        work.journal.write(Edit(RIGHT, new_id(), values), context.info.officer_id, None)

    def target(self, result: int) -> str:  # noqa: ARG002
        """The desk."""
        return self.device


def _authors(cursor: Any, device: str) -> set[str]:
    cursor.execute("SELECT body FROM journal WHERE device = ?", (device,))
    bodies = [bytes(body) for (body,) in cursor.fetchall()]
    return {Change.decode(body).officer for body in bodies if not is_tombstone(body)}
