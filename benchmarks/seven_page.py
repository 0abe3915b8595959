"""Run with the Python of a peer: puts a file into an encrypted 7z; prints its size.

python seven_page.py file target.7z
"""

from __future__ import annotations

import sys
from pathlib import Path

import py7zr

if __name__ == "__main__":
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    with py7zr.SevenZipFile(
        target, "w", password="bốn con trâu đen", header_encryption=True
    ) as archive:
        archive.write(source, source.name)
    print(target.stat().st_size)
