"""Papers against WeasyPrint drawing the same page with the same font."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import filled
from benchmarks.measure import ROOT, Row, Settings, child, median
from traffick_desk import papers
from traffick_desk.services import paper_facts, reading

KEY = "noi-bo/bien-ban-tiep-nhan"
_FIRST = """
import json, sys, time
start = time.perf_counter()
from benchmarks import papers
from traffick_desk import papers as ours
facts = papers.facts_of(sys.argv[1], 1)
start = time.perf_counter()
ours.render(papers.KEY, facts[0])
print(time.perf_counter() - start)
"""


def facts_of(path: str | Path, number: int) -> list[Any]:
    """Facts of real (invented) cases, as the desk prints them."""
    desk = filled.open_desk(Path(path))
    try:
        with desk.context.store.read() as cursor:
            cursor.execute("SELECT case_id FROM case_row ORDER BY sort_name LIMIT ?", (number,))
            cases = [row[0] for row in cursor.fetchall()]
            return [
                paper_facts.build(
                    desk.context, cursor, reading.open_case(desk.context, cursor, case), "", {}
                )
                for case in cases
            ]
    finally:
        desk.close()


def run(settings: Settings) -> list[Row]:
    """One paper at a time, then 100 in one file; both programs warm, then the first one cold."""
    vault = filled.filled(settings, settings.sizes[0])
    number = 20 if settings.quick else 100
    facts = facts_of(vault.path, number)
    papers.render(KEY, facts[0])
    one = []
    for given in facts[: settings.repeats * 2]:
        start = time.perf_counter()
        papers.render(KEY, given)
        one.append(time.perf_counter() - start)
    start = time.perf_counter()
    papers.render_many((KEY, given) for given in facts)
    many = time.perf_counter() - start
    peer = _weasyprint(settings, facts)
    first = float(child(_FIRST, str(vault.path)))
    each, peer_each = many / number * 1000, peer["many"] / number * 1000
    single, peer_single = median(one) * 1000, median(peer["one"]) * 1000
    return [
        Row(
            "one paper (record of reception), warm",
            "ms",
            single,
            peer_single,
            "WeasyPrint, same page",
            "≥ 10× faster; ≤ 50 ms",
            single * 10 <= peer_single and single <= 50,
        ),
        Row(
            f"{number} papers in one go, each",
            "ms",
            each,
            peer_each,
            "WeasyPrint, same pages",
            "≥ 10× faster; ≤ 50 ms",
            each * 10 <= peer_each and each <= 50,
        ),
        Row("the first paper of a process, fonts and ReportLab loaded within", "ms", first * 1000),
    ]


def _weasyprint(settings: Settings, facts: list[Any]) -> dict[str, Any]:
    python = _environment(settings)
    given = {
        "fonts": str(ROOT / "resources" / "fonts"),
        "papers": facts,
        "repeats": settings.repeats,
        "keep": str(settings.cache / "weasyprint.pdf"),
    }
    done = subprocess.run(
        [str(python), str(Path(__file__).with_name("weasy_page.py"))],
        input=json.dumps(given, default=_plain),
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def _environment(settings: Settings) -> Path:
    """A virtual environment with WeasyPrint, which is no part of the program; made when missing.

    Pango must be on the machine: ``apt-get install libpango-1.0-0 libpangoft2-1.0-0``.
    """
    folder = ROOT / ".cache" / "weasyprint"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        settings.say("  making an environment with WeasyPrint …")
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", "weasyprint"], check=True)
    return python
