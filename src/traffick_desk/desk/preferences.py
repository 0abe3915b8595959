"""How an officer likes the desk: text size, colours, columns. Nothing about any person."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

DEFAULTS: dict[str, Any] = {
    "language": "vi",
    "text_percent": 100,
    "scheme": "system",
    "lock_minutes": 5,
    "privacy_view": False,
    # Windows only: screenshots and shared screens leave the desk out.
    "block_capture": True,
}


class Preferences:
    """A small JSON file; an unreadable one counts as empty, for it holds only taste."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._values: dict[str, Any] = {}
        if path is not None:
            try:
                found = json.loads(path.read_text("utf-8"))
            except (OSError, ValueError):
                found = {}
            self._values = found if isinstance(found, dict) else {}

    def get(self, key: str, default: Any = None) -> Any:
        """The value of *key*; one of the wrong type gives the default."""
        fallback = DEFAULTS.get(key, default)
        value = self._values.get(key, fallback)
        return fallback if fallback is not None and type(value) is not type(fallback) else value

    def set(self, key: str, value: Any) -> None:
        """Keep *value*; when the file cannot be written it holds until the program ends."""
        self._values[key] = value
        if self._path is None:
            return
        temporary = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(self._values, ensure_ascii=False, indent=1), "utf-8")
            os.replace(temporary, self._path)  # noqa: PTH105 - atomic on Windows too
        except OSError:
            temporary.unlink(missing_ok=True)
