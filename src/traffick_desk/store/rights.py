"""What officers may do by the word of the province, asked of every change (I7).

The province says of each desk who works there, as what, from which and up to which change of that
desk (records ``officer_right``). Numbers of changes are gapless on a desk and chained, so "since
she was let in" and "after she left" are told by them and never by a clock (I9).

A change that is not covered is *held*: it stays in the journal, is passed on, and takes effect as
soon as the province has said so. While the province has not listed anybody of a desk, what its
keys signed counts by profile and unit. At home, desks of the own unit, who was let in and not yet
listed counts at once; elsewhere she waits for the province.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from traffick_desk.domain.spine import RecordType
from traffick_desk.store.changes import Change, is_tombstone

Judge = Callable[[str, str, RecordType], bool]
"""Whether a role of a profile may write records of a type; given by the services."""
RIGHT = "officer_right"
ROSTER = "desk_officer"
# What says who works where is not itself asked for: it would have to be there before itself. New
# keys count by what the former key signed, and by nobody's role.
_FREE = frozenset({RIGHT, ROSTER, "desk_key"})


@dataclass(frozen=True, slots=True)
class Span:
    """An officer had a role from change *since* of her desk up to *until*; 0: it holds on."""

    role: str
    since: int
    until: int

    def covers(self, seq: int) -> bool:
        """Whether change *seq* of the desk lies within."""
        return self.since <= seq and (not self.until or seq <= self.until)


Spans = Mapping[str, tuple[Span, ...]]


@dataclass
class Rights:
    """The rights as they stand within one transaction.

    Args:
        cursor: of the transaction.
        judge: who may write what; nobody is held while it is not given.
        own: this desk.
        profiles: device → profile.
        units: device → unit.
    """

    cursor: Any
    judge: Judge | None
    own: str
    profiles: Mapping[str, str]
    units: Mapping[str, str]
    held: dict[str, Change] = field(default_factory=dict)
    _spans: dict[str, Spans] = field(default_factory=dict)

    def allow(self, record_type: RecordType, change: Change) -> bool:
        """Whether a change may take effect now."""
        if self.judge is None or record_type.name in _FREE:
            return True
        spans = self.spans_of(change.device)
        if not spans:
            return True
        own = spans.get(change.officer, ())
        profile = self.profiles.get(change.device, "")
        if self._at_home(change.device) and all(not s.until or change.seq <= s.until for s in own):
            return True
        judge = self.judge
        return any(s.covers(change.seq) and judge(profile, s.role, record_type) for s in own)

    def _at_home(self, device: str) -> bool:
        here = self.profiles.get(self.own)
        return device == self.own or (
            here == "commune"
            and self.profiles.get(device) == here
            and self.units.get(device) == self.units.get(self.own)
        )

    def spans_of(self, device: str) -> Spans:
        """What the province said of the officers of a desk."""
        if device not in self._spans:
            self.cursor.execute(
                f"SELECT officer, role, since, until FROM r_{RIGHT} "
                "WHERE device = ? AND voided IS NULL ORDER BY id",
                (device,),
            )
            found: dict[str, tuple[Span, ...]] = {}
            for officer, role, since, until in self.cursor.fetchall():
                span = Span(role or "", since or 1, until or 0)
                found[officer or ""] = (*found.get(officer or "", ()), span)
            self._spans[device] = found
        return self._spans[device]

    def hold(self, change: Change) -> None:
        """Keep a change back."""
        self.held[change.ref] = change

    def holds(self, ref: str) -> bool:
        """Whether the change called *ref* is kept back."""
        if self.judge is None:
            return False
        if ref in self.held:
            return True
        device, _dot, seq = ref.rpartition(".")
        self.cursor.execute("SELECT 1 FROM held WHERE device = ? AND seq = ?", (device, int(seq)))
        return self.cursor.fetchone() is not None

    def write(self) -> None:
        """Note what is kept back."""
        self.cursor.executemany(
            "INSERT OR IGNORE INTO held (device, seq, officer) VALUES (?, ?, ?)",
            [(c.device, c.seq, c.officer) for c in self.held.values()],
        )
        self.held.clear()

    def renew(self, devices: Iterable[str]) -> None:
        """Read again what the province says of *devices*."""
        for device in devices:
            self._spans.pop(device, None)

    def settled(
        self, devices: Iterable[str], type_of: Callable[[str], RecordType | None]
    ) -> tuple[list[Change], bool]:
        """What of *devices* takes effect now, and whether something did that may not any more.

        The changes are taken out of those kept back; who asks applies them, or makes all tables
        anew in the other case.
        """
        self.write()
        free: list[Change] = []
        for device in devices:
            self.cursor.execute(
                "SELECT j.body, h.seq IS NOT NULL FROM main.journal j LEFT JOIN held h "
                "ON h.device = j.device AND h.seq = j.seq WHERE j.device = ? ORDER BY j.seq",
                (device,),
            )
            for body, kept in self.cursor.fetchall():
                if is_tombstone(bytes(body)):
                    continue
                change = Change.decode(bytes(body))
                record_type = type_of(change.type)
                if record_type is None:
                    continue
                allowed = self.allow(record_type, change)
                if allowed and kept:
                    free.append(change)
                elif not allowed and not kept:
                    return [], True
        self.cursor.executemany(
            "DELETE FROM held WHERE device = ? AND seq = ?", [(c.device, c.seq) for c in free]
        )
        return free, False
