"""Rows of the table, timing, and what the machine was doing meanwhile."""

from __future__ import annotations

import gc
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class NotThere(Exception):
    """Something that a benchmark needs is not there; the text says what."""


@dataclass
class Row:
    """One line of the table.

    Attributes:
        what: what was measured.
        unit: of *ours* and *peer*.
        ours, peer: medians of the same run; *peer* may be missing.
        peer_name: what it is compared with.
        target: in words, "" for a line that is only for information.
        met: whether the target was met; ``None`` without a target.
        detail: further figures.
    """

    what: str
    unit: str
    ours: float
    peer: float | None = None
    peer_name: str = ""
    target: str = ""
    met: bool | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    better: str = "lower"

    @property
    def ratio(self) -> float | None:
        """Ours by peer; above 1 is slower or larger, for a speed the other way round."""
        return self.ours / self.peer if self.peer else None

    def as_json(self) -> dict[str, Any]:
        """For ``out/benchmarks.json``."""
        return {**asdict(self), "ratio": self.ratio}


@dataclass
class Settings:
    """What every benchmark is given."""

    quick: bool
    cache: Path
    say: Callable[[str], None]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Numbers of cases."""
        return (200, 1_000) if self.quick else (1_000, 10_000, 50_000)

    @property
    def repeats(self) -> int:
        """How often a short thing is repeated."""
        return 5 if self.quick else 15


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call, with the garbage of what came before out of the way."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleaved(first: Callable[[], float], second: Callable[[], float], times: int) -> Any:
    """Two measurements turn by turn, so that other load on the machine falls on both."""
    ours, peers = [], []
    for turn in range(times):
        if turn % 2:
            peers.append(second())
            ours.append(first())
        else:
            ours.append(first())
            peers.append(second())
    return ours, peers


def median(values: list[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def p95(values: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]


def child(code: str, *arguments: str, environment: dict[str, str] | None = None) -> str:
    """Run Python *code* in a fresh process and return what it printed last."""
    inherited = os.environ.get("PYTHONPATH", "")
    paths = [str(ROOT / "src"), str(ROOT), *([inherited] if inherited else [])]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "QT_QPA_PLATFORM": "offscreen",
            **(environment or {}),
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=1_800,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-2000:])
    return done.stdout.strip().splitlines()[-1]


def environment(settings: Settings, name: str, package: str) -> Path:
    """The Python of an environment with *package*, a peer that is no part of the program.

    It is made in ``.cache`` when it is missing.
    """
    folder = ROOT / ".cache" / name
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        settings.say(f"  making an environment with {package} …")
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", package], check=True)
    return python


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    import sqlcipher3.dbapi2 as sqlcipher

    connection = sqlcipher.connect(":memory:")
    sqlite_version = connection.execute("SELECT sqlite_version()").fetchone()[0]
    cipher = connection.execute("PRAGMA cipher_version").fetchone()[0]
    connection.close()
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "distribution": _release(),
        "python": platform.python_version(),
        "sqlite": sqlite_version,
        "sqlcipher": cipher,
        "load_before": os.getloadavg()[0],
        "day": time.strftime("%Y-%m-%d"),
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((x.split(":", 1)[1].strip() for x in lines if x.startswith("model name")), "")


def _release() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        return ""
