"""Logs as JSON lines: what, how it ended, how long. No name, no address, nothing of a body."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

log = logging.getLogger("traffick_desk.hub")
_FIELDS = ("event", "route", "status", "code", "milliseconds", "number", "desk", "kind")


class Lines(logging.Formatter):
    """One JSON object a line; only fields that are named here can get in."""

    def format(self, record: logging.LogRecord) -> str:
        """See :class:`logging.Formatter`."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        line |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if "event" not in line:
            # Of other libraries (uvicorn) only what happened, not with whom.
            line["event"] = record.name
            line["message"] = str(record.msg)
        if record.exc_info and record.exc_info[0] is not None:
            line["kind"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            if trace is not None:
                line["place"] = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}"
        return json.dumps(line, ensure_ascii=False)


def begin(stream: TextIO | None = None) -> None:
    """Write to *stream* (standard error) from now on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines())
    for name in ("traffick_desk.hub", "uvicorn.error"):
        found = logging.getLogger(name)
        found.handlers = [handler]
        found.setLevel(logging.INFO)
        found.propagate = False
    # uvicorn's own access log would hold addresses.
    logging.getLogger("uvicorn.access").disabled = True


def short(device: str) -> str:
    """A desk in the log: enough to tell two apart, in the same form as on the status page."""
    return device[:13]
