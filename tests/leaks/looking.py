"""Looks for a token in files and in the memory of a process, in all the forms it may have there."""

from __future__ import annotations

import base64
import re
from pathlib import Path


def forms(token: bytes) -> dict[str, bytes]:
    """The token as it is, wide, in base64 wherever it may begin, and in hex."""
    text = token.decode()
    found = {
        "utf-8": token,
        "utf-16": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "hex": token.hex().encode(),
        "HEX": token.hex().upper().encode(),
    }
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + token)
        # Without what depends on the bytes before and after.
        found[f"base64-{shift}"] = whole[4 if shift else 0 : len(whole) // 4 * 4 - 4]
    return found


def in_bytes(data: bytes, wanted: dict[str, bytes]) -> dict[str, int]:
    """How often each form is in *data*."""
    return {name: n for name, form in wanted.items() if (n := data.count(form))}


def in_files(folder: Path, wanted: dict[str, bytes]) -> dict[str, dict[str, int]]:
    """Which files below *folder* have it, in their content or their name."""
    found = {}
    for path in folder.rglob("*"):
        name = in_bytes(str(path.relative_to(folder)).encode(), wanted)
        content = in_bytes(path.read_bytes(), wanted) if path.is_file() else {}
        if name or content:
            found[str(path.relative_to(folder))] = {**name, **content}
    return found


_MAP = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (r[w-]..) \S+ \S+ \S+\s*(.*)")


def memory(pid: int, what: list[dict[str, bytes]]) -> list[dict[str, int]]:
    """How often each set of forms is in the writable memory of a process.

    Raises:
        PermissionError: the system does not let us look.
    """
    found: list[dict[str, int]] = [{} for _ in what]
    maps = Path(f"/proc/{pid}/maps").read_text()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as image:
        for line in maps.splitlines():
            match = _MAP.match(line)
            if match is None or match[3][1] != "w":
                continue
            start, end = int(match[1], 16), int(match[2], 16)
            image.seek(start)
            data = bytearray()
            try:
                while len(data) < end - start:
                    piece = image.read(min(1 << 24, end - start - len(data)))
                    if not piece:
                        break
                    data += piece
            except OSError:
                pass
            for one, wanted in zip(found, what, strict=True):
                for name, count in in_bytes(bytes(data), wanted).items():
                    one[name] = one.get(name, 0) + count
    return found
