"""Finding USB sticks."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

_MOUNTS = ("/media", "/run/media", "/mnt")


@dataclass(frozen=True, slots=True)
class Stick:
    """A removable drive that is plugged in.

    Attributes:
        label: what the person knows it by.
        filesystem: ``vfat``, ``exfat``, ``FAT32``, … as the system says.
        free, size: bytes.
    """

    path: Path
    label: str
    filesystem: str
    free: int
    size: int
    writable: bool


def sticks(sys_block: Path = Path("/sys/class/block")) -> tuple[Stick, ...]:
    """All removable drives, by path; those that vanish while being looked at are left out."""
    found = []
    for partition in psutil.disk_partitions(all=False):
        path = Path(partition.mountpoint)
        options = partition.opts.split(",")
        if not _removable(partition.device, partition.mountpoint, options, sys_block):
            continue
        try:
            usage = shutil.disk_usage(path)
        except OSError:
            continue
        writable = "ro" not in options and os.access(path, os.W_OK)
        label = _label(path)
        found.append(Stick(path, label, partition.fstype, usage.free, usage.total, writable))
    return tuple(sorted(found, key=lambda s: str(s.path)))


def _removable(device: str, mount: str, options: list[str], sys_block: Path) -> bool:
    if "cdrom" in options:
        return False
    if sys.platform == "win32":
        return "removable" in options
    if any(mount == m or mount.startswith(m + "/") for m in _MOUNTS):
        return True
    # The flag belongs to the whole disk; a partition's folder lies inside its disk's folder.
    block = (sys_block / Path(device).name).resolve()
    for folder in (block, block.parent):
        try:
            if (folder / "removable").read_text(encoding="ascii").strip() == "1":
                return True
        except OSError:
            continue
    return False


def _label(path: Path) -> str:
    if sys.platform == "win32":
        import ctypes

        name = ctypes.create_unicode_buffer(261)
        known = ctypes.windll.kernel32.GetVolumeInformationW(
            str(path), name, len(name), None, None, None, None, 0
        )
        drive = str(path).rstrip("\\")
        return f"{name.value} ({drive})" if known and name.value else drive
    return path.name or str(path)
