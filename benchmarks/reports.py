"""Statistics over an invented province: the full report, plain SQLite and DuckDB, a workbook.

The same aggregations (status by sex, age group by sex, exploitation by sex, form of return, money
by source) are asked of ours, of SQLite over a plain copy of the record tables, and of DuckDB over
the same rows. Ours does more: labels, unknowns, partial births, totals, tips left out. The
workbook of persons is written by ours (openpyxl) and by XlsxWriter alone. All figures are processor
time, so that a busy machine measures the same; DuckDB, which would use all cores, has one thread.
"""

from __future__ import annotations

import gc
import io
import sqlite3
import time
from pathlib import Path
from typing import Any

from benchmarks.filled import _without_guarded_memory
from benchmarks.measure import Row, Settings, child
from traffick_desk.services import vaults
from traffick_desk.services.demo import Wanted, make, place
from traffick_desk.services.statistics.builtin import TABLES
from traffick_desk.services.statistics.queries import ReportTables, Statistics
from traffick_desk.services.statistics.release import PrepareRelease
from traffick_desk.services.statistics.spec import Period, Scope
from traffick_desk.store import engine
from traffick_desk.vault.kdf import FLOOR

PASSWORD = "bốn con trâu đen qua suối"
SAME = ("status_sex", "age_sex", "exploitation_sex", "return_age", "funds")
_COPIED = ("case", "person", "status", "account", "reception", "payment", "entitlement")
PLAIN = tuple(
    statement.strip()
    for statement in """
    SELECT s.status, p.sex, count(*) FROM person p JOIN (SELECT person, status, row_number() OVER
    (PARTITION BY person ORDER BY since DESC, id DESC) n FROM status) s ON s.person = p.id
    AND s.n = 1 WHERE p.role = 'main' GROUP BY 1, 2;
    SELECT CASE WHEN age < 18 THEN 'u18' WHEN age < 25 THEN '18' WHEN age < 35 THEN '25' ELSE '35'
    END, sex, count(*) FROM (SELECT sex, CAST(substr(c.opened_on, 1, 4) AS INTEGER) -
    CAST(substr(p.birth, 1, 4) AS INTEGER) age FROM person p JOIN "case" c ON c.id = p."case"
    WHERE p.role = 'main') q GROUP BY 1, 2;
    SELECT c.return_form, count(*) FROM "case" c GROUP BY 1;
    SELECT fund, sum(amount) FROM payment GROUP BY 1;
    SELECT a.exploitation, p.sex, count(*) FROM person p JOIN account a ON a.person = p.id
    GROUP BY 1, 2
    """.split(";")  # noqa: SIM905 - statements, no words
)
_FILL = """
import sys
from pathlib import Path
from benchmarks import reports
reports.fill(Path(sys.argv[1]), int(sys.argv[2]))
"""


def fill(folder: Path, cases: int) -> None:
    """Make the province in a process of its own, without guarded memory."""
    engine._connect = _without_guarded_memory  # noqa: SLF001 - this process only
    make(folder, PASSWORD, Wanted(cases=cases), kdf=FLOOR)


def _timed(work: Any, times: int = 3) -> float:
    """Processor time of the whole process, the best of *times*: other load falls on nobody."""
    took = []
    for _ in range(times):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    return min(took) * 1000


def _copy(desk: Any, target: Any) -> None:
    with desk.context.store.read() as cursor:
        for name in _COPIED:
            cursor.execute(f"SELECT * FROM r_{name} WHERE voided IS NULL")
            names = [d[0] for d in cursor.description]
            columns = ", ".join(f'"{n}"' for n in names)
            target.execute(f'CREATE TABLE "{name}" ({columns})')
            marks = ",".join("?" * len(names))
            target.executemany(f'INSERT INTO "{name}" VALUES ({marks})', cursor.fetchall())


def run(settings: Settings) -> list[Row]:
    """Measure."""
    cases = 2_000 if settings.quick else 50_000
    folder = settings.cache / f"province-{cases}"
    if not place(folder).exists():
        start = time.perf_counter()
        child(_FILL, str(folder), str(cases))
        settings.say(f"  made a province of {cases:,} cases in {time.perf_counter() - start:.0f} s")
    desk = vaults.unlock(place(folder), "mau", PASSWORD)
    # As while the desk runs (``desk/collector.py``).
    gc.disable()
    try:
        year = Scope(Period.parse("2026"))
        same = tuple(TABLES[k] for k in SAME)
        full = _timed(lambda: desk.ask(ReportTables("full", year)))
        every = _timed(lambda: desk.ask(ReportTables("full")))
        mine = _timed(lambda: desk.ask(Statistics(same)))
        control = _timed(lambda: desk.ask(PrepareRelease(tuple(TABLES.values()), year)), 1)
        plain = sqlite3.connect(":memory:")
        _copy(desk, plain)
        sqlite = _timed(lambda: [plain.execute(q).fetchall() for q in PLAIN])
        rows = [
            Row(f"full report of a year, {len(TABLES)} tables ({cases:,} cases)", "ms", full),
            Row("the same, controlled to be released", "ms", control),
            Row(f"full report of all years ({cases:,} cases)", "ms", every),
            Row(
                "five tables of it", "ms", mine, sqlite, "plain SQLite in memory", "≤ 3×",
                mine <= 3 * sqlite,
            ),
        ]  # fmt: skip
        duck = _duck(plain)
        if duck is not None:
            rows.append(Row("five tables of it", "ms", mine, duck, "DuckDB in memory"))
        rows.append(_workbook(plain))
    finally:
        gc.enable()
        desk.close()
    return rows


def _duck(plain: sqlite3.Connection) -> float | None:
    try:
        import duckdb
    except ImportError:
        return None
    duck = duckdb.connect(config={"threads": 1})
    for name in _COPIED:
        names = [r[1] for r in plain.execute(f'PRAGMA table_info("{name}")')]
        rows = plain.execute(f'SELECT * FROM "{name}"').fetchall()
        kinds = ", ".join(f'"{n}" {"BIGINT" if n == "amount" else "VARCHAR"}' for n in names)
        duck.execute(f'CREATE TABLE "{name}" ({kinds})')
        marks = ", ".join("unnest(?)" for _name in names)
        duck.execute(
            f'INSERT INTO "{name}" SELECT {marks}',
            [[r[i] for r in rows] for i in range(len(names))],
        )
    return _timed(lambda: [duck.execute(q).fetchall() for q in PLAIN])


def _workbook(plain: sqlite3.Connection) -> Row:
    from traffick_desk.reports.standards.files import Sheet, to_bytes

    rows = plain.execute(
        "SELECT id, sex, birth, ethnicity, citizenship, education, interpreter, role FROM person"
    ).fetchall()
    names = ("td_Id", "td_Sex", "td_Birth", "td_Ethnicity", "td_Citizenship", "td_Education",
             "td_Interpreter", "td_Role")  # fmt: skip
    texts = [[str(c or "") for c in row] for row in rows]
    sheet = Sheet(names, tuple(dict(zip(names, row, strict=True)) for row in texts))
    mine = _timed(lambda: to_bytes(sheet, ".xlsx"), 1)
    other = None
    try:
        import xlsxwriter
    except ImportError:
        pass
    else:

        def bare() -> None:
            book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True})
            page = book.add_worksheet()
            for number, row in enumerate([names, *texts]):
                page.write_row(number, 0, row)
            book.close()

        other = _timed(bare, 1)
    return Row(f"workbook of {len(rows):,} rows", "ms", mine, other, "XlsxWriter")
