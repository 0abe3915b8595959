"""Compile what wine lacks; for the smoke test alone, never into a shipped tree.

The stand-ins go into the system folder of a throw-away wine prefix. A real Windows 10 has all of
these: ``icuuc.dll``, the colour profile functions of ``mscms.dll`` and ``ProcessPrng``.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

COMPILER = "x86_64-w64-mingw32-gcc"
ICU = [
    "ucnv_open",
    "ucnv_close",
    "UCNV_FROM_U_CALLBACK_SUBSTITUTE",
    "UCNV_TO_U_CALLBACK_SUBSTITUTE",
    "ucnv_reset",
    "ucnv_getMaxCharSize",
    "ucnv_getName",
    "ucnv_getToUCallBack",
    "ucnv_getFromUCallBack",
    "ucnv_setToUCallBack",
    "ucnv_setFromUCallBack",
    "ucnv_cbToUWriteUChars",
    "ucnv_toUnicode",
    "ucnv_cbFromUWriteUChars",
    "ucnv_toUCountPending",
    "ucnv_fromUCountPending",
    "ucnv_getStandardName",
    "ucnv_getAvailableName",
    "ucnv_countAvailable",
    "ucnv_fromUnicode",
]
COLOUR = [
    "WcsCreateIccProfile",
    "WcsOpenColorProfileW",
    "WcsOpenColorProfileA",
    "OpenColorProfileW",
    "OpenColorProfileA",
    "CloseColorProfile",
    "GetColorProfileFromHandle",
    "GetStandardColorSpaceProfileW",
    "GetStandardColorSpaceProfileA",
    "GetColorDirectoryW",
    "GetColorDirectoryA",
]
RANDOM = """
#include <windows.h>
#include <ntsecapi.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) {
    return SystemFunction036(data, (ULONG)size);
}
"""
NAMES = ("icuuc.dll", "mscms.dll", "bcryptprimitives.dll")


def compile_into(folder: Path) -> None:
    """Write the three libraries to *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in (
        ("icuuc.dll", _nothing(ICU)),
        ("mscms.dll", _nothing(COLOUR)),
        ("bcryptprimitives.dll", RANDOM),
    ):
        code = folder / f"{name}.c"
        code.write_text(source, "ascii")
        command = [COMPILER, "-shared", "-O1", "-w", "-o", str(folder / name), str(code)]
        subprocess.run([*command, "-ladvapi32"], check=True)


def _nothing(names: list[str]) -> str:
    """Functions that answer nothing; Qt goes on without."""
    return "".join(
        f"__declspec(dllexport) void *__stdcall {name}(void) {{ return 0; }}\n" for name in names
    )
