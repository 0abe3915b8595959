"""Changes exported and imported a second, and how large a bundle is beside the bare compressor."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import uuid6

from benchmarks.measure import Row, Settings, median
from traffick_desk.domain.records import REGISTRY
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Store
from traffick_desk.sync import enrolment
from traffick_desk.sync.export import make_bundles
from traffick_desk.sync.intake import import_bundle

AT = "2026-11-28T09:00+07:00"
COMMUNE, PROVINCE = ("a", "commune", "2025/05977"), ("p", "province", "2025/20")


def run(settings: Settings) -> list[Row]:
    """A commune's cases sealed, then taken in by an empty province."""
    cases = 200 if settings.quick else 2_000
    sealed: list[float] = []
    taken: list[float] = []
    for _turn in range(2 if settings.quick else 3):
        with tempfile.TemporaryDirectory() as folder:
            commune, province = (_desk(Path(folder), *who) for who in (COMMUNE, PROVINCE))
            _enrol(province, commune)
            changes = _write(commune, cases)
            start = time.perf_counter()
            made = make_bundles(commune, "p", at=AT, officer="o")
            sealed.append(changes / (time.perf_counter() - start))
            start = time.perf_counter()
            for one in made:
                report = import_bundle(province, one.data, at=AT, officer="o")
                if report.outcome != "applied":
                    raise RuntimeError(report)
            taken.append(changes / (time.perf_counter() - start))
            size, bare = sum(len(one.data) for one in made), _bare(commune)
            for store in (commune, province):
                store.close()
    row = Row("bundle beside zstd -19 of the same changes", "KB", size / 1000, bare and bare / 1000,
              "zstd -19, not encrypted")  # fmt: skip
    return [
        Row("changes exported (sealed)", "/s", median(sealed)),
        Row("changes imported (checked, merged, listed)", "/s", median(taken)),
        row,
    ]


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


def _bare(store: Store) -> int | None:
    """Bytes of the same changes, one a line, after ``zstd -19``; ``None`` without that tool."""
    if shutil.which("zstd") is None:
        return None
    with store.read() as cursor:
        cursor.execute("SELECT body FROM journal ORDER BY pos")
        text = b"\n".join(bytes(body) for (body,) in cursor.fetchall())
    return len(
        subprocess.run(("zstd", "-19", "-c"), input=text, capture_output=True, check=True).stdout
    )
