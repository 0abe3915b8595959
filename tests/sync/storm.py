"""Desks in a storm: random work, and whatever can befall bundles, clocks and disks in between.

One run is one seed. Bundles are real sealed files; a stick and the hub's mailbox are both a heap
out of which files are taken in any order, twice, cut, or never.
"""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import SimpleNamespace

import uuid6

from faults.forked import Life
from store.desks import expected
from sync.desks import AT, PROVINCE, UNIT_A, UNIT_B, Desk, enrol
from templates import raw_key
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store import choices, journal
from traffick_desk.store.changes import VOID, WHOLE, Change
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Store
from traffick_desk.store.tables import table_name
from traffick_desk.sync import enrolment, lineage, links, succession

OLD = "00000000000000aa"
UNITS = {"a": UNIT_A, "a2": UNIT_A, "b": UNIT_B, "c": "2025/06013"}
TEN_YEARS = 10 * 365 * 86_400 * 10**9
FAST = Path("/dev/shm") if Path("/dev/shm").is_dir() else Path(tempfile.gettempdir())


def desks_in(folder: Path) -> None:
    """Six enrolled desks, made once: each run copies their files."""
    province = Desk(folder, OLD, "province", PROVINCE)
    desks = [Desk(folder, name, "commune", unit) for name, unit in UNITS.items()]
    desks.append(Desk(folder, "q", "province", PROVINCE))
    for desk in desks:
        enrol(province, desk)
    for desk in (province, *desks):
        desk.close()


@functools.cache
def template() -> Path:
    """The desks of a run that is done alone."""
    folder = Path(tempfile.mkdtemp(prefix="td-storm-", dir=FAST))
    desks_in(folder)
    return folder


class Copied(Desk):
    """A desk over a copy of a file that knows its keys already."""

    def __init__(self, path: Path, device: str, profile: str, unit: str) -> None:
        self.device, self.profile, self.unit, self.path = device, profile, unit, path
        self.store = Store(path, raw_key, REGISTRY, device)


class Storm:
    """One run."""

    def __init__(self, seed: int, desks: Path | None = None) -> None:
        self.random = Random(seed)
        self.before = desks or template()
        self.folder = Path(tempfile.mkdtemp(prefix="td-storm-run-", dir=FAST))
        names = ["a", "b", *self.random.sample(["a2", "c", "q"], self.random.randint(0, 3))]
        self.desks = {"p": self._open(OLD, "province", PROVINCE)}
        for name in names:
            profile = "province" if name == "q" else "commune"
            self.desks[name] = self._open(name, profile, UNITS.get(name, PROVINCE))
        self.heap: list[tuple[str, str, bytes]] = []
        self.backups: dict[str, Path] = {}
        self.cases: list[str] = []
        self.was_of: dict[str, set[str]] = {}
        self.shut: set[str] = set()
        self.lost = False
        self.count = 0
        self.offset = 0
        self.ids: dict[str, list[tuple[str, str]]] = {}
        self._time = journal.time
        journal.time = SimpleNamespace(time_ns=lambda: self._time.time_ns() + self.offset)

    def close(self) -> None:
        journal.time = self._time
        for desk in self.desks.values():
            desk.close()
        shutil.rmtree(self.folder)

    def _open(self, device: str, profile: str, unit: str) -> Desk:
        path = self.folder / f"{device}.db"
        shutil.copyfile(self.before / f"{device}.db", path)
        return Copied(path, device, profile, unit)

    # -- what happens ----------------------------------------------------------------------

    def step(self) -> None:
        """One thing, chosen by chance."""
        acts = (
            (self.open_case, 3), (self.edit, 8), (self.whole, 3), (self.void, 2),
            (self.settle_choice, 2), (self.decide, 2), (self.same, 1), (self.move, 1),
            (self.jump, 2), (self.export, 6), (self.take, 8), (self.lose, 2), (self.cut, 1),
            (self.misdeliver, 1), (self.backup, 1), (self.restore, 1), (self.replace_province, 1),
        )  # fmt: skip
        (act,) = self.random.choices([a for a, _w in acts], [w for _a, w in acts])
        act()

    def some_desk(self, *, commune: bool = False) -> Desk:
        known = [d for d in self.desks.values() if not commune or d.profile == "commune"]
        return self.random.choice(known)

    def some_case(self, desk: Desk) -> str | None:
        cases = sorted(desk.cases())
        return self.random.choice(cases) if cases else None

    def value(self) -> str:
        self.count += 1
        # Seldom the same value twice, so that two desks sometimes agree without knowing.
        return self.random.choice(["như nhau", f"giá trị {self.count}"])

    def open_case(self) -> None:
        desk = self.some_desk(commune=True)
        case, person = desk.open_case(), str(uuid6.uuid7())
        self.cases.append(case)
        self.was_of[case] = {desk.unit}
        values = {"case": case, "name": "Vàng Thị Dợ", "role": "accompanying"}
        desk.edit("person", person, case, **values)
        self.ids[case] = [("person", person), ("case", case)]

    def edit(self) -> None:
        desk = self.some_desk()
        if (case := self.some_case(desk)) is None:
            return
        kind, record = self.random.choice(self.ids[case])
        field = self.random.choice(["phone", "nickname"] if kind == "person" else ["officer"])
        field = field if field in REGISTRY[kind].by_name else "phone"
        value = None if self.random.random() < 0.1 else self.value()
        if desk.value(kind, record, "id") is not None:
            desk.edit(kind, record, case, **{field: value})

    def whole(self) -> None:
        desk = self.some_desk()
        if (case := self.some_case(desk)) is not None:
            status = self.random.choice(["victim", "in_process"])
            desk.edit("status", f"s-{case}", case, case=case, status=status, note=self.value())

    def void(self) -> None:
        desk = self.some_desk()
        if (case := self.some_case(desk)) is None:
            return
        kind, record = self.random.choice([*self.ids[case][:1], ("status", f"s-{case}")])
        if desk.value(kind, record, "id") is not None:
            reason = None if self.random.random() < 0.3 else self.value()
            desk.edit(kind, record, case, **{VOID: reason})

    def settle_choice(self) -> None:
        """Choose one of the values that wait at some desk."""
        desk = self.some_desk()
        for kind in ("person", "case", "status"):
            rows = desk.ask(f"SELECT id FROM {table_name(kind)} WHERE rivals IS NOT NULL")
            for (record,) in rows[:1]:
                with desk.store.work() as work:
                    state = work.journal.state(kind, record)
                    register = self.random.choice(sorted(state.rivals))
                    rivals = [r[3] for _ref, r in sorted(state.rivals[register].items())]
                    chosen = self.random.choice(rivals)
                    if register == choices.LATE:
                        register, chosen = VOID, chosen if isinstance(chosen, str) else None
                    values = {register: chosen}
                    if register == WHOLE:
                        values = {f.name: chosen.get(f.name) for f in state.type.fields}
                    key = state.type.case_key
                    case = record if key == "id" else state.values.get(key)
                    base = {register: state.heads[register]}
                    work.journal.write(Edit(kind, record, values, base), "chooser", case)

    def decide(self) -> None:
        desk = self.random.choice([d for d in self.desks.values() if d.profile == "province"])
        if (case := self.some_case(desk)) is not None:
            amount = self.random.randint(1, 9) * 100_000
            desk.edit("entitlement_decision", f"d-{case}", case, case=case, decision="approved",
                      amount=amount)  # fmt: skip

    def same(self) -> None:
        desk = self.some_desk()
        if (case := self.some_case(desk)) is not None:
            tie = f"tie-{self.random.randint(0, 2)}"
            desk.edit("same_person", f"{tie}-{case}", case, case=case, tie=tie)

    def move(self) -> None:
        province = self.desks["p"]
        if (case := self.some_case(province)) is not None:
            unit = self.random.choice([d.unit for d in self.desks.values() if d.unit != PROVINCE])
            province.edit("case", case, case, unit=unit)
            self.was_of[case].add(unit)

    def jump(self) -> None:
        """The clock of the PC that works next is up to ten years off, either way."""
        self.offset = self.random.randint(-TEN_YEARS, TEN_YEARS)

    # -- bundles ---------------------------------------------------------------------------

    def export(self) -> None:
        name = self.random.choice(sorted(self.desks))
        others = [other for other in self.desks if self.linked(name, other)]
        if others:
            self.send(name, self.random.choice(sorted(others)))

    def linked(self, one: str, other: str) -> bool:
        with self.desks[one].store.read() as cursor:
            return self.desks[other].device in links.peers(cursor)

    def send(self, sender: str, receiver: str) -> None:
        size = self.random.choice([400, 1 << 20])
        for made in self.desks[sender].make(self.desks[receiver], most_raw=size):
            self.heap.append((self.desks[sender].device, self.desks[receiver].device, made.data))

    def take(self) -> None:
        for _file in range(self.random.randint(1, 3)):
            if self.heap:
                index = self.random.randrange(len(self.heap))
                twice = self.random.random() < 0.2
                self.deliver(*(self.heap[index] if twice else self.heap.pop(index)))

    def deliver(self, sender: str, receiver: str, data: bytes) -> None:
        desk = next((d for d in self.desks.values() if d.device == receiver), None)
        if desk is None:
            return
        report = desk.take(data)
        if report.outcome == "refused":
            # Only what comes from a desk that was shut out, or does not know its successor yet.
            assert sender in self.shut or not self.knows(desk, sender), report

    def knows(self, desk: Desk, sender: str) -> bool:
        with desk.store.read() as cursor:
            return sender in links.peers(cursor)

    def lose(self) -> None:
        if self.heap:
            self.heap.pop(self.random.randrange(len(self.heap)))

    def cut(self) -> None:
        if self.heap:
            _sender, receiver, data = self.random.choice(self.heap)
            desk = next((d for d in self.desks.values() if d.device == receiver), None)
            if desk is not None:
                part = data[: self.random.randrange(len(data))]
                assert desk.take(part).outcome == "refused"

    def misdeliver(self) -> None:
        if self.heap:
            _sender, receiver, data = self.random.choice(self.heap)
            desk = self.some_desk()
            if desk.device != receiver:
                assert desk.take(data).outcome == "refused"

    # -- disks -----------------------------------------------------------------------------

    def backup(self) -> None:
        name = self.random.choice(sorted(self.desks))
        self.count += 1
        path = self.folder / f"{name}-{self.count}.bak"
        self.desks[name].store.backup(path)
        self.backups[name] = path

    def _from_backup(self, name: str, device: str) -> Desk:
        lost, copy = self.desks[name], self.backups.pop(name)
        lost.close()
        path = self.folder / f"{device}.db"
        shutil.copyfile(copy, path)
        desk = Copied(path, device, lost.profile, lost.unit)
        with desk.store.work() as work:
            work.cursor.execute("INSERT OR REPLACE INTO meta VALUES ('device', ?)", (device,))
            enrolment.register_own_device(
                work.cursor, device, lost.profile, lost.unit, f"Desk {device}", AT
            )
        self.desks[name] = desk
        self.shut.add(lost.device)
        # What the lost PC had sent to nobody is gone, as it is in life.
        self.lost = True
        return desk

    def restore(self) -> None:
        """A commune's PC is lost: its backup becomes a new device (I6)."""
        known = [n for n in self.backups if n not in ("p", "q")]
        if not known:
            return
        name = self.random.choice(sorted(known))
        old = self.desks[name].device
        self.count += 1
        desk = self._from_backup(name, f"{name}-{self.count}")
        with self.desks["p"].store.work() as work:
            enrolment.revoke(work.cursor, old, "2026-03-02")
            letters = [succession.Letter.decode(d) for d in succession.letters(work.cursor)]
        # Its backup may be older than the province's PC: first it follows the letters.
        with desk.store.work() as work:
            for letter in letters:
                if lineage.successor(work.cursor, letter.predecessor) is None:
                    succession.apply(work.cursor, desk.device, letter, "2026-03-02")
        enrol(self.desks["p"], desk)

    def replace_province(self) -> None:
        """The province's PC is lost: two sheets and a backup make a new one."""
        if "p" not in self.backups:
            return
        with self.desks["p"].store.read() as cursor:
            secret = succession.secret_of(cursor, self.desks["p"].device)
        enrolled = set(self.desks)
        with self.desks["p"].store.read() as cursor:
            now = set(links.peers(cursor))
        self.count += 1
        copy = self.backups["p"]
        probe = Copied(copy, self.desks["p"].device, "province", PROVINCE)
        with probe.store.read() as cursor:
            then = set(links.peers(cursor))
        probe.close()
        if now != then:
            return  # a PC linked since the backup asks to go on by paper: not of this storm
        desk = self._from_backup("p", f"{self.count:016x}")
        with desk.store.work() as work:
            letter = succession.take_over(work.cursor, desk.device, secret, AT)
        for name in enrolled - {"p"}:
            with self.desks[name].store.work() as work:
                succession.apply(work.cursor, self.desks[name].device, letter, "2026-03-02")

    # -- afterwards ------------------------------------------------------------------------

    def settle(self) -> None:
        """One undisturbed round up and one down: everybody then has what concerns them."""
        self.heap.clear()
        self.offset = 0
        others = [n for n in self.desks if n != "p"]
        for name in others:
            self.exchange(name, "p")
        for name in others:
            self.exchange("p", name)

    def exchange(self, sender: str, receiver: str) -> None:
        for made in self.desks[sender].make(self.desks[receiver]):
            report = self.desks[receiver].take(made.data)
            assert report.outcome in ("applied", "already"), (sender, receiver, report)

    def check(self) -> None:
        """All equal, nothing lost, everybody has what is theirs and nothing else."""
        province = self.desks["p"]
        records, history = records_of(province), history_of(province)
        units = dict(province.ask("SELECT id, unit FROM r_case"))
        there = set(province.ask("SELECT device, seq FROM journal"))
        for name, desk in self.desks.items():
            assert desk.ask("SELECT count(*) FROM bundle_in WHERE waiting IS NOT NULL") == [(0,)]
            assert set(desk.ask("SELECT device, seq FROM journal WHERE via IS NULL")) <= there, name
            if desk is province:
                continue
            its_records, its_history = records_of(desk), history_of(desk)
            if desk.profile == "commune":
                assert all(desk.unit in self.was_of[case] for case in its_history), name
            for case, unit in units.items():
                if desk.profile == "province" or unit == desk.unit:
                    assert its_history[case] == history[case], name
                    assert its_records[case] == records[case], name
        self.check_values(province)

    def check_values(self, desk: Desk) -> None:
        """What is shown, and what waits, follows from the set of changes by the definition."""
        bodies = [bytes(b) for (b,) in desk.ask("SELECT body FROM journal")]
        profiles = dict(desk.ask("SELECT device, profile FROM device"))
        for (kind, record), registers in expected(bodies, REGISTRY, profiles).items():
            with desk.store.work() as work:
                state = work.journal.state(kind, record)
            for register, (shown, heads) in registers.items():
                assert set(state.heads[register]) == heads
                if register != WHOLE:
                    assert state.register_value(register) == shown
                if len(heads) > 1:
                    assert set(state.rivals[register]) == heads
            if state.voided is not None:
                self.check_late(state, bodies)

    @staticmethod
    def check_late(state, bodies) -> None:
        """An entry is late exactly if no voiding that holds had seen it."""
        by_ref = {c.ref: c for c in map(Change.decode, bodies)}
        voids = [by_ref[ref] for ref in state.heads[VOID] if by_ref[ref].fields[VOID] is not None]
        late = {
            ref
            for register, heads in state.heads.items()
            if register != VOID
            for ref in heads
            if not any(ref in v.replaces.get(register, ()) for v in voids)
        }
        marked = {r for r, v in state.rivals.get(choices.LATE, {}).items() if type(v[3]) is dict}
        assert marked == late


def records_of(desk: Desk) -> dict[str, list[tuple]]:
    """Case → all rows of all record tables."""
    found: dict[str, list[tuple]] = {}
    for kind in REGISTRY.of_cases():
        table = table_name(kind.name)
        for case, *row in desk.ask(f'SELECT "{kind.case_key}", * FROM {table}'):
            found.setdefault(case, []).append((kind.name, *row))
    return {case: sorted(rows, key=repr) for case, rows in found.items()}


def history_of(desk: Desk) -> dict[str, list[tuple]]:
    """Case → all its changes."""
    found: dict[str, list[tuple]] = {}
    for case, *row in desk.ask(
        "SELECT case_id, device, seq, body FROM journal WHERE case_id IS NOT NULL"
    ):
        found.setdefault(case, []).append(tuple(row))
    return {case: sorted(rows) for case, rows in found.items()}


def tables_of(desk: Desk) -> dict[str, list[tuple]]:
    """All record tables and the list of cases: what must follow from the journal alone (I1)."""
    names = [table_name(kind.name) for kind in REGISTRY]
    return {t: sorted(desk.ask(f"SELECT * FROM {t}"), key=repr) for t in (*names, "case_row")}


@contextmanager
def storm(seed: int, desks: Path | None = None) -> Iterator[Storm]:
    made = Storm(seed, desks)
    try:
        yield made
    finally:
        made.close()


def run(seed: int, steps: int = 22, desks: Path | None = None) -> None:
    """One whole run."""
    with storm(seed, desks) as one:
        for _step in range(steps):
            one.step()
        one.settle()
        one.check()
        if seed % 20 == 0:
            before = tables_of(one.desks["p"])
            one.desks["p"].store.rebuild()
            assert tables_of(one.desks["p"]) == before


def prepare(life: Life, folder: str) -> None:
    """Make the desks that all runs begin with."""
    life.arm()
    desks_in(Path(folder))


def ride(life: Life, folder: str, first: int, number: int, steps: int) -> None:
    """So many runs in a process of its own; one that fails names its seed."""
    life.arm()
    for seed in range(first, first + number):
        try:
            run(seed, steps, Path(folder))
        except Exception as error:
            raise AssertionError(f"storm.run({seed}, {steps})") from error
