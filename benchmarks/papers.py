"""Papers against WeasyPrint and LibreOffice drawing the same page with the same font."""

from __future__ import annotations

import datetime as dt
import json
import pickle
import subprocess
import time
from pathlib import Path
from typing import Any

from benchmarks import filled, libre_page
from benchmarks.measure import ROOT, NotThere, Row, Settings, child, environment, median
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
_DRAW = """
import pickle, sys
from pathlib import Path
from traffick_desk import papers
facts = pickle.loads(Path(sys.argv[1]).read_bytes())
Path(sys.argv[2]).write_bytes(papers.render_many((sys.argv[3], given) for given in facts))
print(len(facts))
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
    """One paper at a time, then many in one file; all programs warm, then the first one cold."""
    vault = filled.filled(settings, settings.sizes[0])
    batches = (20, 40) if settings.quick else (100, 500)
    facts = facts_of(vault.path, max(batches))
    papers.render(KEY, facts[0])
    # Ours before and after the peer, so that other load on the machine falls on both.
    before = _ours(settings, facts, batches)
    peer = _weasyprint(settings, facts, batches)
    after = _ours(settings, facts, batches)
    one = before[0] + after[0]
    many = [(x + y) / 2 for x, y in zip(before[1], after[1], strict=True)]
    first = float(child(_FIRST, str(vault.path)))
    single, peer_single = median(one) * 1000, median(peer["one"]) * 1000
    rows = [
        Row(
            "one paper (record of reception), warm",
            "ms",
            single,
            peer_single,
            "WeasyPrint, same page",
            "≥ 10× faster; ≤ 50 ms",
            single * 10 <= peer_single and single <= 50,
        )
    ]
    for at, number in enumerate(batches):
        each, peer_each = (took / number * 1000 for took in (many[at], peer["many"][at]))
        rows.append(
            Row(
                f"{number} papers in one go, each",
                "ms",
                each,
                peer_each,
                "WeasyPrint, same pages",
                "≥ 10× faster; ≤ 50 ms",
                each * 10 <= peer_each and each <= 50,
            )
        )
    rows += _libreoffice(settings, facts, many[-1])
    rows.append(
        Row("the first paper of a process, fonts and ReportLab loaded within", "ms", first * 1000)
    )
    return rows


def _ours(
    settings: Settings, facts: list[Any], batches: tuple[int, ...]
) -> tuple[list[float], list[float]]:
    """Seconds of single papers, and of each batch."""
    one, many = [], []
    for given in facts[: settings.repeats * 2]:
        start = time.perf_counter()
        papers.render(KEY, given)
        one.append(time.perf_counter() - start)
    for number in batches:
        start = time.perf_counter()
        papers.render_many((KEY, given) for given in facts[:number])
        many.append(time.perf_counter() - start)
    return one, many


def _libreoffice(settings: Settings, facts: list[Any], took: float) -> list[Row]:
    """The largest batch again, with the program's start within, as both are called for a batch."""
    number = len(facts)
    plain = json.loads(json.dumps(facts, default=_plain))
    stored, drawn = settings.cache / "papers.pickle", settings.cache / "papers.pdf"
    stored.write_bytes(pickle.dumps(facts))
    start = time.perf_counter()
    child(_DRAW, str(stored), str(drawn), KEY)
    whole = time.perf_counter() - start
    try:
        peer = libre_page.convert(plain, settings.cache / "libreoffice")
    except NotThere as error:
        return [Row(f"{number} papers in one go ({error})", "s", took)]
    return [
        Row(
            f"{number} papers in one go, whole, the program's start within",
            "s",
            whole,
            peer["all"],
            "LibreOffice headless, all in one document",
        ),
        Row(
            "the same, a file for each there",
            "s",
            whole,
            peer["each"],
            "LibreOffice headless, a call for 200",
        ),
    ]


def _weasyprint(settings: Settings, facts: list[Any], batches: tuple[int, ...]) -> dict[str, Any]:
    # Pango must be on the machine: apt-get install libpango-1.0-0 libpangoft2-1.0-0
    python = environment(settings, "weasyprint", "weasyprint")
    given = {
        "fonts": str(ROOT / "resources" / "fonts"),
        "papers": facts,
        "repeats": settings.repeats,
        "batches": batches,
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
