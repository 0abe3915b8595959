"""A real PostgreSQL of the test's own, made from the binaries of the system; also two of them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp


def binaries() -> Path | None:
    """Where ``initdb`` and ``postgres`` are, if anywhere."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if found:
        return found[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


class Server:
    """A cluster in a folder; it listens on a socket in that folder only."""

    def __init__(self, folder: Path) -> None:
        where = binaries()
        assert where is not None
        self._where = where
        self.folder = folder
        # PostgreSQL refuses to run as root.
        user = ["setpriv", "--reuid=nobody", "--clear-groups", "--regid=nogroup", "--"]
        self._before = user if sys.platform == "linux" and os.geteuid() == 0 else []
        folder.mkdir(exist_ok=True)
        if self._before:
            shutil.chown(folder, "nobody")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://hub@/postgres?host={self.folder}"

    def run(self, program: str, *arguments: object) -> str:
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}
        done = subprocess.run(
            [*self._before, self._where / program, *arguments],
            check=True, capture_output=True, env=environment, cwd=self.folder, text=True,
        )  # fmt: skip
        return done.stdout

    def make(self) -> None:
        self.run("initdb", "-D", self.folder / "data", "-A", "trust", "-U", "hub", "-E", "UTF8",
                 "--no-sync")  # fmt: skip

    def follow(self, primary: Server) -> None:
        """Become a standby of another one, whatever was here before."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        about = f"host={primary.folder} user=hub application_name={self.folder.name}"
        self.run("pg_basebackup", "-D", self.folder / "data", "-d", about, "-R", "-X", "stream",
                 "-c", "fast", "--no-sync")  # fmt: skip

    def control(self, *arguments: object) -> None:
        self.run("pg_ctl", "-D", self.folder / "data", "-w", *arguments)

    def start(self) -> None:
        options = f"-c listen_addresses= -k {self.folder} -c max_connections=60"
        self.control("-o", options, "-l", self.folder / "log", "start")

    def ask(self, question: str) -> str:
        return self.run("psql", "-h", self.folder, "-U", "hub", "-Atc", question, "postgres")

    def wait_for(self, name: str) -> None:
        """Take no commit from now on that the standby *name* has not on its medium."""
        self.ask(f"ALTER SYSTEM SET synchronous_standby_names = '\"{name}\"'")
        self.ask("SELECT pg_reload_conf()")
        pause = threading.Event()
        for _turn in range(300):
            if self.ask("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'").strip():
                return
            pause.wait(0.05)
        raise AssertionError(self.ask("SELECT * FROM pg_stat_replication"))

    def kill(self) -> None:
        """SIGKILL to the postmaster and to every process that it made."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        ours = [first, *_children(first)]
        watched = []
        for pid in ours:
            with suppress(ProcessLookupError):
                watched.append(os.pidfd_open(pid))
        for pid in ours:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for descriptor in watched:
            signal_of_end(descriptor)

    def promote(self) -> None:
        self.control("promote")

    def stop(self) -> None:
        with suppress(subprocess.CalledProcessError):
            self.control("-m", "immediate", "stop")


def signal_of_end(descriptor: int) -> None:
    """Wait until the process behind a pidfd is gone, and close it."""
    import select

    try:
        assert select.select([descriptor], [], [], 30)[0]
    finally:
        os.close(descriptor)


def _children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.parent.name))
    return found


@contextmanager
def servers(number: int) -> Iterator[list[Server]]:
    """So many folders for clusters; nothing of them is left afterwards."""
    folder = Path(mkdtemp(prefix="td-pg-"))
    folder.chmod(0o755)
    made = [Server(folder / f"s{n}") for n in range(number)]
    try:
        yield made
    finally:
        for one in made:
            one.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def cluster() -> Iterator[str]:
    """The URL of a new cluster that is gone afterwards."""
    with servers(1) as (one,):
        one.make()
        one.start()
        yield one.url
