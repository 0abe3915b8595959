"""Killed while bundles are taken in or written: the state before or after, and nothing said is lost.

Each life goes on with what the one before it left. Some die at a call that changes the disk, part of
them with half of a write done, the others at some moment (``forked``).
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from faults.exchanger import digest, open_store
from faults.forked import Death, Forker, Kill
from sync.desks import AT, Country, country
from sync.test_documents import PHOTO, acquainted, add
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store import documents
from traffick_desk.store.store import Store
from traffick_desk.store.tables import table_name
from traffick_desk.sync.bundle import Inside, KeyOf, open_bundle
from traffick_desk.sync.export import mark_carried
from traffick_desk.sync.intake import import_bundle, known_keys
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.vault.age import Identity

KILLS = 100
MANY = int(os.environ.get("KILLS", "1000"))


@pytest.fixture(scope="module")
def forker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forker]:
    made = Forker(tmp_path_factory.mktemp("forked"), "faults.exchanger")
    yield made
    made.close()


def common(store: Store) -> dict[str, list[tuple]]:
    """What both ends must have alike: the changes, and what follows from them."""
    found = {}
    with store.read() as cursor:
        cursor.execute("SELECT device, seq, body FROM journal WHERE device <> 'p'")
        found["journal"] = sorted(cursor.fetchall())
        for record_type in REGISTRY.of_cases():
            cursor.execute(f"SELECT * FROM {table_name(record_type.name)}")
            found[record_type.name] = sorted(cursor.fetchall())
    return found


# --- taking in ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Intake:
    """A province's vault, four bundles for it, and what it is after each of them."""

    folder: Path
    files: tuple[Path, ...]
    states: tuple[str, ...]


def working(land: Country) -> list[str]:
    """Cases that both have, and each knows what the other reads."""
    cases = [land.a.open_case(f"Lò Thị {n}") for n in range(6)]
    acquainted(land)
    return cases


def write_more(land: Country, cases: list[str]) -> None:
    land.a.edit("case", cases[0], cases[0], file_no="của xã")
    for number, case in enumerate(cases):
        land.a.edit("note", f"n{number}", case, case=case, at=AT, text="Đã gọi điện. " * 20)


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Intake:
    """New cases; notes and rival values; a photo's record; its bytes."""
    folder = tmp_path_factory.mktemp("intake")
    with country(folder) as land:
        cases = working(land)
        land.province.edit("case", cases[0], cases[0], file_no="của tỉnh")
        for number in range(8):
            land.a.open_case(f"Vàng Thị {number}")
        files = [land.a.bundle(land.province)]
        write_more(land, cases)
        files.append(land.a.bundle(land.province))
        add(land.a, cases[0], PHOTO)
        for made in land.a.make(land.province):
            mark_carried(land.a.store, made, at=AT)
            files.append(made.data)
        land.province.store.close()
        path = land.province.path
        shutil.copyfile(path, folder / "before.db")
        store = open_store(path, "p")
        states = [digest(store)]
        for data in files:
            assert import_bundle(store, data, at=AT, officer="o").outcome == "applied"
            states.append(digest(store))
        with store.read() as cursor:
            cursor.execute("SELECT sum(conflicts) FROM case_row")
            assert cursor.fetchone() == (1,)
        store.close()
    assert len(set(states)) == len(states) == 5
    names = tuple(folder / f"{number}.age" for number in range(len(files)))
    for name, data in zip(names, files, strict=True):
        name.write_bytes(data)
    return Intake(folder, names, tuple(states))


def taken_in(forker: Forker, what: Intake, folder: Path, kills: int) -> Counter[int]:
    """Lives that each go on where the one before died; how many died in each of the states."""
    path = folder / "p.db"
    chance = random.Random(20261128)

    def fresh() -> None:
        for left in folder.glob("p.db*"):
            left.unlink()
        shutil.copyfile(what.folder / "before.db", path)

    def live(kill: Kill | None = None, *, thoroughly: bool = False) -> tuple[Death, int]:
        death = forker.run("faults.exchanger:take", path, "p", thoroughly, *what.files, kill=kill)
        found = death.said[0].removeprefix("found ")
        assert found in what.states, "neither before a bundle nor after it"
        return death, what.states.index(found)

    fresh()
    whole, state = live()
    assert state == 0
    assert whole.said[1:] == tuple(f"taken {n}" for n in range(1, 5))
    found: Counter[int] = Counter()
    fewest = most = 0
    fresh()
    ways = itertools.cycle(forker.kills(whole, max(kills, 1_000), chance))
    while found.total() < kills:
        death, state = live(next(ways), thoroughly=found.total() % 10 == 0)
        # The life before said so much, and may have done one more that it could not say.
        assert fewest <= state <= most
        fewest = max(state, len(death.said) - 1)
        most = max(state, min(len(death.said), 4))
        if death.killed:
            found[state] += 1
            continue
        assert live()[1] == 4, "and again it comes to the same end"
        fresh()
        fewest = most = 0
    return found


def test_killed_while_taking_in(forker: Forker, intake: Intake, tmp_path: Path) -> None:
    found = taken_in(forker, intake, tmp_path, KILLS)
    assert set(found) >= {0, 1, 2}
    assert found.total() >= KILLS * 3 // 4


@pytest.mark.slow
def test_killed_a_thousand_times_while_taking_in(
    forker: Forker, intake: Intake, tmp_path: Path
) -> None:
    found = taken_in(forker, intake, tmp_path, MANY)
    assert set(found) >= set(range(5))
    assert found.total() >= MANY * 3 // 4


# --- writing -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Giving:
    """A commune's vault that owes a bundle of changes and one of documents, and its province's."""

    commune: Path
    province: Path
    photo: str
    keys: tuple[tuple[Identity, ...], KeyOf]


@pytest.fixture(scope="module")
def giving(tmp_path_factory: pytest.TempPathFactory) -> Giving:
    folder = tmp_path_factory.mktemp("giving")
    with country(folder) as land:
        cases = working(land)
        write_more(land, cases)
        photo = add(land.a, cases[0], PHOTO)
        with land.province.store.read() as cursor:
            keys = DeviceKeys.load(cursor, "p").identities, known_keys(cursor, "p")
    return Giving(folder / "a.db", folder / "p.db", photo, keys)


def written(forker: Forker, what: Giving, folder: Path, kills: int) -> Counter[int]:
    """How many lives died with so many files on the carrier; each goes on where one died."""
    commune, province, place = folder / "a.db", folder / "p.db", folder / "stick"
    chance = random.Random(20261129)

    def fresh() -> None:
        for left in folder.glob("?.db*"):
            left.unlink()
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        shutil.copyfile(what.commune, commune)
        shutil.copyfile(what.province, province)

    def live(kill: Kill | None = None, *, thoroughly: bool = False) -> Death:
        return forker.run("faults.exchanger:give", commune, "a", "p", place, thoroughly, kill=kill)

    fresh()
    whole = live()
    assert sum(line.startswith("written ") for line in whole.said) == 2
    found: Counter[int] = Counter()
    fresh()
    ways = itertools.cycle(forker.kills(whole, max(kills, 1_000), chance))
    known, said = {}, set()
    lives = 0
    while found.total() < kills:
        lives += 1
        # After some lives one is left alone, over what the others left.
        death = live(None if lives % 6 == 0 else next(ways), thoroughly=lives % 10 == 0)
        numbers_fit(death.said, known, said)
        said |= {line.split()[1] for line in death.said if line.startswith("written ")}
        known = whole_files(what, place, known)
        assert known.keys() >= said, "what was said to be written is there"
        if death.killed:
            found[len(known)] += 1
            continue
        assert not list(place.rglob("*.tmp"))
        arrives(what, commune, province, place, chance)
        fresh()
        known, said = {}, set()
    return found


def arrives(
    what: Giving, commune: Path, province: Path, place: Path, chance: random.Random
) -> None:
    """All that lies on the carrier, in any order, makes both ends the same."""
    sender, receiver = open_store(commune, "a"), open_store(province, "p")
    try:
        files = sorted(place.rglob("*.age"))
        chance.shuffle(files)
        for file in files:
            report = import_bundle(receiver, file.read_bytes(), at=AT, officer="o")
            assert report.outcome != "refused", report
        assert common(receiver) == common(sender)
        with receiver.read() as cursor:
            assert documents.read(cursor, what.photo) == PHOTO
    finally:
        sender.close()
        receiver.close()


def whole_files(what: Giving, place: Path, known: dict[str, Inside]) -> dict[str, Inside]:
    """Every file under a name of a bundle is one, whole; name → what is inside."""
    return {
        path.name: known.get(path.name) or open_bundle(path.read_bytes(), *what.keys)
        for path in place.rglob("*.age")
    }


def numbers_fit(lines: tuple[str, ...], on_stick: dict[str, Inside], said: set[str]) -> None:
    """The vault knows each bundle that left under its number and digest, and what was said."""
    made = {}
    for line in lines:
        word, *rest = line.split()
        if word == "made":
            made[int(rest[0])] = rest[1:]
    for name, inside in on_stick.items():
        known_as, carried = made[inside.manifest.number]
        assert known_as == inside.digest.hex()
        # It is said only once the vault knows that it left.
        assert carried == AT or name not in said


def test_killed_while_writing(forker: Forker, giving: Giving, tmp_path: Path) -> None:
    found = written(forker, giving, tmp_path, KILLS)
    assert set(found) >= {0, 1}
    assert found.total() >= KILLS * 3 // 4


@pytest.mark.slow
def test_killed_a_thousand_times_while_writing(
    forker: Forker, giving: Giving, tmp_path: Path
) -> None:
    found = written(forker, giving, tmp_path, MANY)
    assert set(found) >= {0, 1, 2}
    assert found.total() >= MANY * 3 // 4
