"""Documents: keeping a photo against a bare blob of the same bytes, and what a full vault costs."""

from __future__ import annotations

import os
import random
from io import BytesIO

from benchmarks import filled
from benchmarks.measure import Row, Settings, median, seconds
from traffick_desk.services import vaults
from traffick_desk.services.base import Desk
from traffick_desk.services.documents.commands import AddDocument
from traffick_desk.services.documents.prepare import Prepared, look_at, prepare
from traffick_desk.services.documents.queries import Documents, OpenDocument
from traffick_desk.services.queries import OpenCase
from traffick_desk.store import engine
from traffick_desk.store.documents import digest_of

_EACH = 200_000


def photo(size: int, seed: int) -> bytes:
    """A photo of about *size* bytes, as a telephone makes it."""
    from PIL import Image

    chance = random.Random(seed)
    side = 2_000
    noise = Image.frombytes("RGB", (side // 6, side // 6), chance.randbytes((side // 6) ** 2 * 3))
    made = noise.resize((side, side), Image.Resampling.BICUBIC)
    for quality in range(70, 99, 2):
        buffer = BytesIO()
        made.save(buffer, "JPEG", quality=quality)
        if buffer.tell() >= size:
            break
    return buffer.getvalue()


def run(settings: Settings) -> list[Row]:
    """One photo at a time; then a vault with 1,000 documents beside one without."""
    vault = filled.filled(settings, settings.sizes[0])
    plain_at, full_at = vault.working_copy("plain"), vault.working_copy("documents")
    rows = _keeping(settings, full_at)
    number = 200 if settings.quick else 1_000
    cases = _fill(full_at, number)
    rows += _opening(settings, plain_at, full_at, number, cases)
    return rows


def _keeping(settings: Settings, path: object) -> list[Row]:
    desk = filled.open_desk(path)
    header, unlocked = filled.keys(path)
    assert header.vault_id
    bare = engine.connect(path / "bare.db", vaults.key_source(unlocked.dek))
    bare.execute("CREATE TABLE held (name TEXT PRIMARY KEY, body BLOB NOT NULL)")
    looking: list[float] = []
    ours: list[float] = []
    peers: list[float] = []
    case = _cases(desk)[0]
    size = 0
    try:
        for turn in range(settings.repeats + 1):
            content = photo(2_000_000, turn)
            size = len(content)
            ready: list[Prepared] = []
            looked = seconds(lambda c=content, r=ready: r.append(prepare(look_at(c))))
            command = AddDocument(case, ready[0], {"kind": "photo", "title": f"Ảnh {turn}"})
            took = seconds(lambda c=command: desk.do(c))

            def insert(c: bytes = ready[0].content, t: int = turn) -> None:
                bare.execute("BEGIN IMMEDIATE")
                bare.execute("INSERT INTO held VALUES (?, ?)", (str(t), c))
                bare.execute("COMMIT")

            alone = seconds(insert)
            if turn:
                looking.append(looked * 1000)
                ours.append(took * 1000)
                peers.append(alone * 1000)
    finally:
        bare.close()
        desk.close()
    kept, blob = median(ours), median(peers)
    return [
        Row(
            f"keep a photo of {size / 1e6:.1f} MB, durable",
            "ms",
            kept,
            blob,
            "bare SQLCipher, one blob",
            "≤ 2×",
            kept <= 2 * blob,
        ),
        Row(f"look at and clean a photo of {size / 1e6:.1f} MB", "ms", median(looking)),
    ]


def _cases(desk: Desk) -> list[str]:
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT case_id FROM case_row ORDER BY case_id LIMIT 50")
        return [case for (case,) in cursor.fetchall()]


def _fill(path: object, number: int) -> list[str]:
    """Documents of 200 KB each over fifty cases."""
    desk = filled.open_desk(path)
    try:
        cases = _cases(desk)
        for start in range(0, number, 50):
            with desk.context.store.work() as work:
                for turn in range(start, start + 50):
                    content = b"\xff\xd8\xff" + os.urandom(_EACH)
                    ready = Prepared(content, digest_of(content), "jpeg", 1, b"\xff\xd8\xff")
                    values = {"kind": "photo", "title": f"Ảnh {turn}"}
                    case = cases[turn % len(cases)]
                    AddDocument(case, ready, values).run(desk.context, work)
        return cases
    finally:
        desk.close()


def _opening(
    settings: Settings, plain_at: object, full_at: object, number: int, cases: list[str]
) -> list[Row]:
    times: dict[str, list[float]] = {name: [] for name in ("plain", "full", "case", "full_case",
                                                           "list", "one")}  # fmt: skip
    paths = {"plain": plain_at, "full": full_at}
    for turn in range(settings.repeats + 1):
        for name in ("plain", "full") if turn % 2 else ("full", "plain"):
            held: list[Desk] = []
            path = paths[name]
            # The key is wiped when the desk is closed.
            header, unlocked = filled.keys(path)
            took = seconds(lambda p=path, h=header, u=unlocked, o=held: o.append(
                filled.desk_with_keys(p, h, u)))  # fmt: skip
            desk = held[0]
            case = cases[turn % len(cases)]
            opened = seconds(lambda d=desk, c=case: d.ask(OpenCase(c)))
            if turn:
                times[name].append(took * 1000)
                times["full_case" if name == "full" else "case"].append(opened * 1000)
            if name == "full":
                views = desk.ask(Documents(case))
                listed = seconds(lambda d=desk, c=case: d.ask(Documents(c)))
                one = seconds(lambda d=desk, c=case, v=views[0].id: d.ask(OpenDocument(c, v)))
                if turn:
                    times["list"].append(listed * 1000)
                    times["one"].append(one * 1000)
            desk.close()
    middle = {name: median(found) for name, found in times.items()}
    opening, plain = middle["full"], middle["plain"]
    return [
        Row(
            f"open a vault with {number:,} documents ({number * _EACH / 1e6:.0f} MB)",
            "ms",
            opening,
            plain,
            "the same vault without",
            "≤ 1.2×",
            opening <= 1.2 * plain + 1,
        ),
        Row(
            f"open a case with {number // 50 or 1} documents",
            "ms",
            middle["full_case"],
            middle["case"],
            "the same case without",
            "≤ 1.5×",
            middle["full_case"] <= 1.5 * middle["case"] + 1,
        ),
        Row("list the documents of a case", "ms", middle["list"]),
        Row("read a document of 0.2 MB, digest checked", "ms", middle["one"]),
    ]
