"""Changes exported and imported a second, beside libraries that merge; how large a bundle is."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import uuid6

from benchmarks.measure import Row, Settings, environment, median
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Store
from traffick_desk.sync import enrolment
from traffick_desk.sync.export import make_bundles
from traffick_desk.sync.intake import import_bundle

AT = "2026-11-28T09:00+07:00"
COMMUNE, PROVINCE = ("a", "commune", "2025/05977"), ("p", "province", "2025/20")


def run(settings: Settings) -> list[Row]:
    """A commune's cases sealed, then taken in by an empty province; peers with the same changes."""
    cases = 200 if settings.quick else 2_000
    sealed: list[float] = []
    taken: list[float] = []
    cost: list[float] = []
    for _turn in range(3):
        with tempfile.TemporaryDirectory() as folder:
            commune, province = (_desk(Path(folder), *who) for who in (COMMUNE, PROVINCE))
            _enrol(province, commune)
            changes = _write(commune, cases)
            # What opening the first connections costs is not of the exchange.
            for store in (commune, province):
                with store.read() as cursor:
                    cursor.execute("SELECT 1")
            start = time.perf_counter()
            made = make_bundles(commune, "p", at=AT, officer="o")
            sealed.append(changes / (time.perf_counter() - start))
            start, begun = time.perf_counter(), time.process_time()
            for one in made:
                report = import_bundle(province, one.data, at=AT, officer="o")
                if report.outcome != "applied":
                    raise RuntimeError(report)
            taken.append(changes / (time.perf_counter() - start))
            cost.append(changes / (time.process_time() - begun))
            size, bodies = sum(len(one.data) for one in made), _bodies(commune)
            for store in (commune, province):
                store.close()
    speed = median(taken)
    rows = [
        Row("changes exported (sealed)", "/s", median(sealed), better="higher"),
        Row("changes imported (checked, merged, listed)", "/s", speed, None, "", "≥ 5,000/s",
            speed >= 5_000, better="higher"),
        Row("the same, by processor time", "/s", median(cost), better="higher"),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        rows += [*_merging(settings, Path(folder), bodies, speed),
                 *_sizes(settings, Path(folder), bodies, size)]  # fmt: skip
    return rows


def _merging(settings: Settings, folder: Path, bodies: list[bytes], speed: float) -> list[Row]:
    """Libraries that merge, in memory and without all else."""
    lines = folder / "changes.jsonl"
    lines.write_bytes(b"\n".join(bodies))
    rows = []
    for name in ("pycrdt", "loro"):
        python = environment(settings, name, name)
        found = [json.loads(_said(python, "crdt_edits.py", name, str(lines))) for _ in range(3)]
        theirs = len(bodies) / median([one["seconds"] for one in found])
        rows.append(
            Row("changes taken in, encrypted, searched and listed", "/s", speed, theirs,
                f"{name}, merged in memory alone", better="higher",
                detail={"update_bytes": found[0]["bytes"]})
        )  # fmt: skip
    return rows


def _sizes(settings: Settings, folder: Path, bodies: list[bytes], size: int) -> list[Row]:
    """The bundle beside what people would send instead."""
    rows = []
    if shutil.which("zstd") is not None:
        packed = subprocess.run(
            ("zstd", "-19", "-c"), input=b"\n".join(bodies), capture_output=True, check=True
        ).stdout
        rows.append(Row("bundle of the changes", "KB", size / 1000, len(packed) / 1000,
                        "zstd -19 of the same JSON, not encrypted"))  # fmt: skip
    sheet = folder / "changes.xlsx"
    _workbook(sheet, bodies)
    python = environment(settings, "py7zr", "py7zr")
    seven = int(_said(python, "seven_page.py", str(sheet), str(folder / "changes.7z")))
    rows.append(Row("bundle of the changes", "KB", size / 1000, seven / 1000,
                    "the same fields as xlsx in an encrypted 7z"))  # fmt: skip
    return rows


def _said(python: Path, script: str, *arguments: str) -> str:
    done = subprocess.run(
        [str(python), str(Path(__file__).with_name(script)), *arguments],
        capture_output=True, text=True, check=True, timeout=600,
    )  # fmt: skip
    return done.stdout.strip().splitlines()[-1]


def _workbook(path: Path, bodies: list[bytes]) -> None:
    """One sheet a record type, one line a record; who wrote it and what was before are lacking."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheets: dict[str, tuple[object, list[str]]] = {}
    for body in bodies:
        change = json.loads(body)
        if change["t"] not in sheets:
            page, names = book.create_sheet(change["t"]), sorted(change["f"])
            page.append(["id", *names])
            sheets[change["t"]] = (page, names)
        page, names = sheets[change["t"]]
        page.append([change["i"], *(change["f"].get(name) for name in names)])
    book.save(path)


def _desk(folder: Path, device: str, profile: str, unit: str) -> Store:
    store = Store(
        folder / f"{device}.db", lambda: bytearray(b"x'" + b"5a" * 32 + b"'"), REGISTRY, device
    )
    store.open(create=True)
    with store.work() as work:
        work.cursor.execute("INSERT OR REPLACE INTO meta VALUES ('device', ?)", (device,))
        enrolment.register_own_device(work.cursor, device, profile, unit, device, AT)
    return store


def _enrol(province: Store, commune: Store) -> None:
    with commune.read() as cursor:
        request = enrolment.read_request(enrolment.request_file(cursor, "a", AT))
        own = enrolment.own_desk(cursor, "a")
    with province.work() as work:
        answer = enrolment.certify(work.cursor, "p", request, AT)
    with commune.work() as work:
        enrolment.install(work.cursor, "a", enrolment.read_answer(answer, own))


def _write(store: Store, cases: int) -> int:
    changes = 0
    for start in range(0, cases, 100):
        with store.work() as work:
            for number in range(start, min(start + 100, cases)):
                case, person = str(uuid6.uuid7()), str(uuid6.uuid7())
                text = f"Đã hẹn gặp lại sau {number % 14} ngày cùng cán bộ y tế của xã."
                for edit in (
                    Edit("case", case, {"file_no": f"TD-{number:04}/2026", "unit": COMMUNE[2],
                                        "opened_on": "2026-11-02", "stage": "reception"}),
                    Edit("person", person, {"case": case, "name": f"Lò Thị Mỷ {number}",
                                            "role": "main", "sex": "female", "birth": "2009"}),
                    Edit("note", str(uuid6.uuid7()), {"case": case, "at": AT, "text": text}),
                ):  # fmt: skip
                    work.journal.write(edit, "0f" * 8, case)
                    changes += 1
    return changes


def _bodies(store: Store) -> list[bytes]:
    with store.read() as cursor:
        cursor.execute("SELECT body FROM journal ORDER BY pos")
        return [bytes(body) for (body,) in cursor.fetchall()]
