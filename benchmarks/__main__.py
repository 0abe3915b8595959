"""Run the benchmarks and print the table; exit status says only whether they ran."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import tempfile
import time
from pathlib import Path

from benchmarks.measure import ROOT, NotThere, Row, Settings, machine

NAMES = (
    "start",
    "unlock",
    "save",
    "encryption",
    "search",
    "lists",
    "same_person",
    "intake",
    "export",
    "exchange",
    "window",
    "papers",
    "law",
    "hub",
    "hub_country",
    "memory",
    "documents",
    "reports",
    "rights",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="small vaults, few repeats")
    parser.add_argument(
        "--cache", type=Path, help="folder for filled vaults (default .cache/bench)"
    )
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(NAMES)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    cache = arguments.cache or _cache()
    cache.mkdir(parents=True, exist_ok=True)
    settings = Settings(arguments.quick, cache, lambda text: print(text, flush=True))
    about = machine()
    settings.say(
        f"{about['cores']} cores, {about['cpu']}, {about['distribution']}, "
        f"Python {about['python']}, SQLCipher {about['sqlcipher']}; "
        f"load {about['load_before']:.1f}, {about['day']}"
    )
    rows: list[Row] = []
    skipped: dict[str, str] = {}
    for name in arguments.names or NAMES:
        settings.say(f"\n{name} …")
        start = time.perf_counter()
        try:
            found = importlib.import_module(f"benchmarks.{name}").run(settings)
        except NotThere as error:
            skipped[name] = str(error)
            settings.say(f"  !!! SKIPPED {name}: {error}")
            continue
        rows += found
        for row in found:
            settings.say("  " + line(row))
        settings.say(f"  ({time.perf_counter() - start:.0f} s)")
    about["load_after"] = os.getloadavg()[0]
    out = ROOT / "out"
    out.mkdir(exist_ok=True)
    result = {"machine": about, "rows": [r.as_json() for r in rows], "skipped": skipped}
    (out / "benchmarks.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    settings.say("\n" + table(rows))
    for name, reason in skipped.items():
        settings.say(f"!!! SKIPPED {name}: {reason}")
    missed = sum(1 for r in rows if r.met is False)
    settings.say(f"\n{missed} missed; figures in out/benchmarks.json")
    return 0


def _cache() -> Path:
    """Beside the sources, or in the temporary folder when they cannot be written to."""
    if os.access(ROOT, os.W_OK):
        return ROOT / ".cache" / "bench"
    return Path(tempfile.gettempdir()) / "traffick-desk-bench"


def figure(value: float | None) -> str:
    """Three digits, no more."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def share(ratio: float | None) -> str:
    """A ratio to the hundredth, smaller ones to two digits."""
    if ratio is None:
        return "–"
    return f"{ratio:.2f}" if ratio >= 0.05 else f"{ratio:.2g}"


def line(row: Row) -> str:
    """One row for the eye."""
    parts = [f"{row.what}: {figure(row.ours)} {row.unit}"]
    if row.peer is not None:
        parts.append(f"{row.peer_name}: {figure(row.peer)}, ratio {share(row.ratio)}")
    if row.target:
        parts.append(f"target {row.target}: {'met' if row.met else 'MISSED'}")
    return "; ".join(parts)


def table(rows: list[Row]) -> str:
    """The table as in docs/measurements.md."""
    lines = ["| what | ours | peer | ratio | target | |", "| --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        peer = f"{figure(row.peer)} ({row.peer_name})" if row.peer is not None else "–"
        ratio = share(row.ratio)
        state = {True: "met", False: "**missed**", None: ""}[row.met]
        lines.append(
            f"| {row.what} | {figure(row.ours)} {row.unit} | {peer} | {ratio} | "
            f"{row.target or '–'} | {state} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
