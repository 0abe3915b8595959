"""Hubs that start at once: a process that has read the whole program and forks one at each word.

``python -m hub.forge``: on a line ``{"data": …, "port": …}`` it answers with the pid of a new hub,
which is a ``traffick-desk hub run`` in everything but how it came to be.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from hub.hubs import ROOT
from hub.postgres import signal_of_end
from traffick_desk.hub import setup


class Forge:
    """Makes hubs over one place."""

    def __init__(self, place: setup.Place) -> None:
        path = os.pathsep.join((str(ROOT / "src"), str(ROOT / "tests")))
        self._place = place
        self._log = place.data.with_suffix(".log")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hub.forge", self._log],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip

    def hub(self, port: int = 0) -> Forged:
        """A new hub, listening."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"data": str(self._place.data), "port": port}) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        return Forged(told["pid"], told["port"])

    def errors(self) -> list[str]:
        """What hubs complained of."""
        lines = self._log.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if '"level": "error"' in line or not line.startswith("{")]

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


class Forged:
    """One hub."""

    def __init__(self, pid: int, port: int) -> None:
        self._pid, self.port = pid, port
        self._alive = os.pidfd_open(pid)
        self._lock = threading.Lock()
        self.address = f"http://127.0.0.1:{port}"

    @property
    def dead(self) -> bool:
        return self._alive < 0

    def kill(self) -> None:
        """SIGKILL; it is gone when this returns."""
        with self._lock:
            if not self.dead:
                signal.pidfd_send_signal(self._alive, signal.SIGKILL)
                signal_of_end(self._alive)
                self._alive = -1


def _serve(log: str) -> None:
    from traffick_desk.hub import logs
    from traffick_desk.hub.web import application  # noqa: F401 - read before the first fork

    # Whoever is killed is gone: nobody asks how.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        ready, say = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ready)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
            real = logs.log.info

            def info(message: str, *, extra: dict[str, object], real=real, say=say) -> None:
                event = str(extra.get("event", ""))
                if event.startswith("listening on "):
                    os.write(say, event.rpartition(":")[2].encode())
                    os.close(say)
                real(message, extra=extra)

            logs.log.info = info  # type: ignore[method-assign]
            setup.run(setup.Place(Path(order["data"])), "127.0.0.1", order["port"])
            os._exit(0)
        os.close(say)
        with os.fdopen(ready) as told:
            port = int(told.read())
        print(json.dumps({"pid": pid, "port": port}), flush=True)


if __name__ == "__main__":
    _serve(sys.argv[1])
