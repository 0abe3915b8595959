"""A real PostgreSQL of the test's own, made from the binaries of the system."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp


def binaries() -> Path | None:
    """Where ``initdb`` and ``postgres`` are, if anywhere."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of a new cluster that is gone afterwards; it listens on a socket in a folder only."""
    where = binaries()
    assert where is not None
    folder = Path(mkdtemp(prefix="td-pg-"))
    # PostgreSQL refuses to run as root.
    user = ["setpriv", "--reuid=nobody", "--clear-groups", "--regid=nogroup", "--"]
    before = user if sys.platform == "linux" and os.geteuid() == 0 else []
    if before:
        shutil.chown(folder, "nobody")
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    try:
        subprocess.run(
            [*before, where / "initdb", "-D", folder / "data", "-A", "trust", "-U", "hub",
             "-E", "UTF8", "--no-sync"],
            check=True, capture_output=True, env=environment, cwd=folder,
        )  # fmt: skip
        options = f"-c listen_addresses= -k {folder} -c max_connections=60"
        control = [*before, where / "pg_ctl", "-D", folder / "data", "-w"]
        subprocess.run(
            [*control, "-o", options, "-l", folder / "log", "start"],
            check=True, capture_output=True, env=environment, cwd=folder,
        )  # fmt: skip
        try:
            yield f"postgresql+psycopg://hub@/postgres?host={folder}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True,
                           capture_output=True, env=environment, cwd=folder)  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)
