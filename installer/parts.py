"""What the builds for Windows and Linux have in common; runs on Linux with the developer's Python.

Everything comes from ``requirements.lock`` by hash and from this source tree; the time in every
file is that of the commit, so the same commit gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from packaging.markers import Marker

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
BUILD = ROOT / "build"
CACHE = ROOT / ".cache"
sys.path.insert(0, str(ROOT / "src"))

from traffick_desk import edition  # noqa: E402 - the source tree is not installed

WINDOWS = {
    "os_name": "nt",
    "sys_platform": "win32",
    "platform_system": "Windows",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
    "python_version": "3.12",
    "python_full_version": "3.12.9",
}


def say(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


def run(*command: str | Path, **more: object) -> None:
    """Run a command; the build ends if it fails."""
    subprocess.run([str(part) for part in command], check=True, **more)  # type: ignore[call-overload]


def epoch() -> int:
    """The time that all built files carry: ``SOURCE_DATE_EPOCH``, or that of the commit."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given is None:
        command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
        given = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        os.environ["SOURCE_DATE_EPOCH"] = given
    return int(given)


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fresh(path: Path) -> Path:
    """An empty folder at *path*."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def locked(environment: Mapping[str, str] | None = None, lock: Path | None = None) -> str:
    """The entries of a lock that apply to *environment*; the running one if ``None``."""
    text = (lock or ROOT / "requirements.lock").read_text("utf-8")
    kept = []
    for block in re.split(r"^(?=[A-Za-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]:
        head, rest = block.split("\\\n", 1)
        name, _semicolon, marker = head.partition(";")
        if marker and not Marker(marker.strip()).evaluate(dict(environment or {})):
            continue
        lines = [line for line in rest.splitlines() if not line.lstrip().startswith("#")]
        kept.append(f"{name.strip()} \\\n" + "\n".join(lines).rstrip(" \\\n"))
    return "\n".join(kept) + "\n"


def fetch_wheels(folder: Path, environment: Mapping[str, str] | None, *options: str) -> list[Path]:
    """The wheels of the lock in *folder*, each checked by its hash; what is there is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = locked(environment)
    mark = folder / ".lock"
    if not mark.exists() or mark.read_text("utf-8") != wanted:
        fresh(folder)
        names = folder / "names.txt"
        names.write_text(wanted, "utf-8")
        run(
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
            "--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", names, "-d", folder,
            *options, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        names.unlink()
        mark.write_text(wanted, "utf-8")
    return sorted(folder.glob("*.whl"))


def own_wheel(folder: Path) -> Path:
    """Build our wheel from the source tree."""
    epoch()
    run(sys.executable, ROOT / "scripts" / "catalogue.py", "compile", stdout=subprocess.DEVNULL)
    fresh(folder)
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT,
        stdout=subprocess.DEVNULL)  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    return wheel


def unpack(wheels: Iterable[Path], site: Path) -> None:
    """Unpack wheels as an installer would; scripts and headers are left out."""
    site.mkdir(parents=True, exist_ok=True)
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for info in archive.infolist():
                name = info.filename
                if info.is_dir():
                    continue
                if ".data/" in name:
                    kind, _slash, rest = name.split(".data/", 1)[1].partition("/")
                    if kind not in {"purelib", "platlib"}:
                        continue
                    name = rest
                target = site / name
                if site.resolve() not in target.resolve().parents:
                    raise SystemExit(f"{wheel.name}: {name} would be written outside")
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as source, target.open("wb") as out:
                    shutil.copyfileobj(source, out)


def trim(tree: Path, patterns: Iterable[str]) -> None:
    """Remove what a desk never loads; a pattern that fits nothing any more is told."""
    for pattern in patterns:
        found = list(tree.glob(pattern))
        if not found:
            say(f"  note: the trim list names {pattern}, which is not there any more")
        for path in found:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    for folder in sorted(tree.rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def pin(data: Path, keys: Iterable[str]) -> None:
    """Write the publisher's public keys into the package's data, where updates are checked."""
    found = sorted(keys)
    for key in found:
        if not re.fullmatch(r"[0-9a-f]{64}", key):
            raise SystemExit("a publisher's key is 64 hex digits; see installer/publish.py")
    path = data / "resources" / "publishers.json"
    path.write_text(json.dumps(found) + "\n", "ascii")
    if not found:
        say("  no publisher's key was given: this build will take no updates from a stick")


def describe(
    tree: Path, platform: str, number: int = edition.NUMBER, version: str = edition.this().version
) -> None:
    """Write ``program.json`` and, last of all, ``files.json`` with the SHA-256 of every file."""
    about = {
        "product": edition.PRODUCT,
        "number": number,
        "version": version,
        "platform": platform,
        "schema": _schema(),
    }
    (tree / "program.json").write_text(json.dumps(about, sort_keys=True) + "\n", "ascii")
    even(tree)
    files = {
        path.relative_to(tree).as_posix(): digest(path)
        for path in sorted(tree.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.name != "files.json"
    }
    text = json.dumps(files, indent=0, sort_keys=True, ensure_ascii=False)
    (tree / "files.json").write_text(text + "\n", "utf-8")
    even(tree)


def _schema() -> str:
    text = (ROOT / "src/traffick_desk/store/schema.py").read_text("utf-8")
    found = re.search(r'^HEAD = "(\d+)"', text, re.MULTILINE)
    assert found
    return found[1]


def even(tree: Path) -> None:
    """Give everything below *tree* one time and plain rights."""
    at = epoch()
    for path in [tree, *tree.rglob("*")]:
        if path.is_symlink():
            os.utime(path, (at, at), follow_symlinks=False)
            continue
        runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        path.chmod(0o755 if runs else 0o644)
        os.utime(path, (at, at))


def size(tree: Path) -> int:
    """Bytes of all files below *tree*."""
    return sum(p.stat().st_size for p in tree.rglob("*") if p.is_file() and not p.is_symlink())


def sums(*files: Path) -> None:
    """Bring ``SHA256SUMS`` beside the files up to date."""
    path = DIST / "SHA256SUMS"
    known: dict[str, str] = {}
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            value, _blanks, name = line.partition("  ")
            known[name] = value
    known |= {file.name: digest(file) for file in files}
    known = {name: value for name, value in known.items() if (DIST / name).exists()}
    path.write_text("".join(f"{v}  {n}\n" for n, v in sorted(known.items())), "utf-8")
