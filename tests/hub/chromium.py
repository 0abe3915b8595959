"""A headless Chromium of the system, spoken to over a pipe: no driver, no port."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any


def program() -> str | None:
    if sys.platform == "win32":
        return None
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Chromium:
    """One page."""

    def __init__(self, folder: Path) -> None:
        found = program()
        assert found is not None
        there, self._to = os.pipe()
        self._from, back = os.pipe()
        # The browser reads from 3 and writes to 4; the shell puts them there.
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$0" "$@" 3<&{there} 4>&{back}', found, "--headless",
             "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe",
             f"--user-data-dir={folder}", "--window-size=1000,700", "about:blank"],
            pass_fds=(there, back), stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(there)
        os.close(back)
        self._number, self._rest = 0, b""
        self.events: list[dict[str, Any]] = []
        try:
            self._attach()
        except BaseException:
            self.close()
            raise

    def _attach(self) -> None:
        pages = self.ask("Target.getTargets")["targetInfos"]
        target = next(page["targetId"] for page in pages if page["type"] == "page")
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for area in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{area}.enable")

    _session = ""

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            part = os.read(self._from, 65536)
            assert part, "the browser ended"
            self._rest += part
        line, self._rest = self._rest.split(b"\0", 1)
        return json.loads(line)

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        call: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            call["sessionId"] = self._session
        os.write(self._to, json.dumps(call).encode() + b"\0")
        while True:
            told = self._read()
            if told.get("id") == self._number:
                assert "error" not in told, told
                return told["result"]
            self.events.append(told)

    def loaded(self) -> None:
        """Wait until a page that is on its way is there."""
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._read())
        self.events = [e for e in self.events if e.get("method") != "Page.loadEventFired"]

    def go(self, address: str) -> None:
        self.ask("Page.navigate", url=address)
        self.loaded()

    def run(self, script: str) -> Any:
        return self.ask("Runtime.evaluate", expression=script)["result"].get("value")

    def type_into(self, selector: str, text: str) -> None:
        self.run(f"document.querySelector('{selector}').focus()")
        self.ask("Input.insertText", text=text)

    def press(self, selector: str) -> None:
        self.run(f"document.querySelector('{selector}').click()")
        self.loaded()

    def complaints(self) -> list[str]:
        """What the browser did not like: refused styles or scripts, failed parts."""
        return [
            str(event["params"]["entry"]["text"])
            for event in self.events
            if event.get("method") == "Log.entryAdded"
        ]

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(60)
        os.close(self._to)
        os.close(self._from)
