"""The Linux packages: ``make installer-linux``; a .deb and a .tar.xz, built in a bare Debian 12.

PyInstaller freezes the program in a folder system of its own, so nothing of the build machine gets in;
``--here`` does without (not root, no mmdebstrap) and says so.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import licences  # noqa: E402
import parts  # noqa: E402
from parts import BUILD, CACHE, DIST, ROOT, run, say  # noqa: E402
from traffick_desk import __version__, edition  # noqa: E402

PLATFORM = "linux-x64"
WORK = BUILD / "linux"
TREE = WORK / "versions" / str(edition.NUMBER)
ROOTFS = CACHE / "debian12-build"
INSIDE = Path("/build")
LINUX = {
    "os_name": "posix",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "implementation_name": "cpython",
    "python_version": "3.11",
    "python_full_version": "3.11.2",
}
TAGS = [
    option
    for minor in (*range(17, 37), 5, 12)
    for option in ("--platform", f"manylinux_2_{minor}_x86_64")
]
PIP = [
    *TAGS,
    "--platform",
    "manylinux2014_x86_64",
    "--python-version",
    "3.11",
    "--implementation",
    "cp",
]
# What PySide6 and the frozen Python ask of the system: checked in a bare Debian 12 by `smoke`.
NEEDS = (
    "libc6 (>= 2.34)", "libdbus-1-3", "libegl1", "libfontconfig1", "libgl1", "libglib2.0-0", "libgssapi-krb5-2",
    "libstdc++6", "libwayland-cursor0", "libwayland-egl1", "libx11-xcb1", "libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-randr0", "libxcb-shape0",
    "libxcb-xkb1", "libxkbcommon-x11-0", "libxkbcommon0",
)  # fmt: skip
BUILD_NEEDS = (
    "python3 python3-venv libpython3.11 binutils libglib2.0-0 libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libxcb-cursor0 "
    "libxkbcommon-x11-0 libxcb-icccm4 libxcb-keysyms1 libxcb-randr0 libxcb-shape0 libxcb-xkb1 libx11-xcb1 libcups2"
)
TOOLS = tuple(name for name in licences.TOOLS if name != "pip")


def tool_wheels(folder: Path) -> list[Path]:
    """PyInstaller and what it needs, by hash."""
    text = parts.locked(LINUX, ROOT / "requirements-build.lock")
    entries = ["\n".join(block) for block in _blocks(text)]
    wanted = "\n".join(e for e in entries if e.split("==", 1)[0] in TOOLS) + "\n"
    mark = folder / ".lock"
    if not mark.exists() or mark.read_text("utf-8") != wanted:
        parts.fresh(folder)
        names = folder / "names.txt"
        names.write_text(wanted, "utf-8")
        run(
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
            "--only-binary", ":all:", "--require-hashes", "-r", names, "-d", folder, *PIP,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        mark.write_text(wanted, "utf-8")
    return sorted(folder.glob("*.whl"))


def _blocks(text: str) -> list[list[str]]:
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if line and not line.startswith(" "):
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def inside(root: Path | None, *command: str) -> None:
    """Run in the bare Debian, or here."""
    environment = {
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
        "HOME": "/root" if root else str(WORK),
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": str(parts.epoch()),
        "PYINSTALLER_CONFIG_DIR": str((INSIDE if root else WORK) / "cache"),
    }
    whole = ["chroot", str(root), *command] if root else list(command)
    run(*whole, env=environment)


def freeze(options: argparse.Namespace) -> None:
    """Make the tree of one version."""
    root = None if options.here else ROOTFS
    if root is None:
        say(
            "  note: built on this machine; libraries of it may get in. A release is built in a bare Debian 12."
        )
        python, place = sys.executable, parts.fresh(WORK / "freeze")
        shown = place
    else:
        say("Bare Debian 12 ...")
        run(HERE / "root", root, *BUILD_NEEDS.split())
        python, place, shown = "python3", parts.fresh(root / "build"), INSIDE
    say("Libraries ...")
    wheels = parts.fetch_wheels(CACHE / "wheels-linux", LINUX, *PIP)
    wheels += tool_wheels(CACHE / "wheels-tools")
    own = parts.own_wheel(WORK / "wheel")
    (place / "wheels").mkdir()
    for wheel in (*wheels, own):
        shutil.copy(wheel, place / "wheels")
    shutil.copy(HERE / "desk.spec", place)
    (place / "start.py").write_text(
        "import sys\nfrom traffick_desk.cli import main\nsys.exit(main())\n"
    )
    say("Freezing ...")
    inside(root, python, "-m", "venv", str(shown / "venv"))
    inside(
        root, str(shown / "venv/bin/pip"), "install", "--quiet", "--no-index", "--no-deps", "--no-compile",
        *[str(shown / "wheels" / w.name) for w in (*wheels, own)],
    )  # fmt: skip
    (site,) = (place / "venv/lib").glob("python3*/site-packages")
    data = site / "traffick_desk" / "_data"
    parts.pin(data, options.publisher)
    licences.write(data / "resources" / "licences.txt", [site], _python_licence(root))
    inside(
        root, str(shown / "venv/bin/pyinstaller"), "--noconfirm", "--log-level", "WARN",
        "--distpath", str(shown / "out"), "--workpath", str(shown / "work"), str(shown / "desk.spec"),
    )  # fmt: skip
    shutil.rmtree(TREE, ignore_errors=True)
    TREE.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(str(place / "out" / "traffick-desk"), TREE)
    _no_links(TREE)
    licences.bill(TREE / "sbom.cdx.json", [site], PLATFORM, "CPython 3.11")
    parts.describe(TREE, PLATFORM)
    say(f"  {parts.size(TREE) / 1e6:.1f} MB")


def _python_licence(root: Path | None) -> dict[str, str]:
    path = (root or Path("/")) / "usr/share/doc/python3.11/copyright"
    return {"CPython (Debian)": path.read_text("utf-8", "replace")} if path.exists() else {}


def _no_links(tree: Path) -> None:
    """Remove PyInstaller's links to libraries: an update holds none, and nothing needs them.

    Qt's and Pillow's libraries find each other by their own run path; `smoke` proves it. Copies in
    place of the links would be 95 MB, and two copies of Qt in one process.
    """
    for path in list(tree.rglob("*")):
        if path.is_symlink():
            if tree not in path.resolve().parents:
                raise SystemExit(f"{path.relative_to(tree)} points outside the tree")
            path.unlink()


def stage() -> Path:
    """The folder as it is installed: launcher, pointer, the version."""
    top = parts.fresh(WORK / "traffick-desk")
    (top / "versions").mkdir()
    run("cp", "-a", TREE, top / "versions")
    shutil.copy(HERE / "launcher", top / "traffick-desk")
    (top / "current").write_text(f"{edition.NUMBER}\n", "ascii")
    shutil.copy(ROOT / "LICENSE", top)
    parts.even(top)
    return top


def deb(top: Path) -> Path:
    """The package for Debian 12 and later, by nfpm."""
    say("Package ...")
    at = dt.datetime.fromtimestamp(parts.epoch(), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    icons = sorted((HERE.parent / "icon").glob("traffick-desk-*.png"))
    hicolor = "/usr/share/icons/hicolor"
    contents = [
        {"src": str(top) + "/", "dst": "/opt/traffick-desk", "type": "tree"},
        {
            "src": "/opt/traffick-desk/traffick-desk",
            "dst": "/usr/bin/traffick-desk",
            "type": "symlink",
        },
        _file(HERE / "traffick-desk.desktop", "/usr/share/applications/traffick-desk.desktop"),
        _file(HERE / "traffick-desk.xml", "/usr/share/mime/packages/traffick-desk.xml"),
        _file(HERE.parent / "icon/traffick-desk.svg", f"{hicolor}/scalable/apps/traffick-desk.svg"),
        _file(_copyright(), "/usr/share/doc/traffick-desk/copyright"),
    ]
    for icon in icons:
        size = icon.stem.rsplit("-", 1)[1]
        contents.append(_file(icon, f"{hicolor}/{size}x{size}/apps/traffick-desk.png"))
    config = {
        "name": "traffick-desk",
        "arch": "amd64",
        "platform": "linux",
        "version": __version__,
        "section": "misc",
        "priority": "optional",
        "maintainer": "the traffick-desk authors <traffick-desk@localhost>",
        "description": "Offline-first case desk for victims of human trafficking\n"
        "Encrypted, works without a network; exchanges sealed bundles with the province.",
        "license": "Apache-2.0",
        "mtime": at,
        "depends": list(NEEDS),
        "recommends": ["libcups2", "fonts-noto-core | fonts-dejavu-core"],
        "contents": contents,
        "deb": {"compression": "xz"},
    }
    import yaml

    path = WORK / "nfpm.yaml"
    path.write_text(yaml.safe_dump(config, sort_keys=True, allow_unicode=True), "utf-8")
    DIST.mkdir(exist_ok=True)
    target = DIST / f"traffick-desk_{__version__}_amd64.deb"
    tool = Path(sys.executable).parent / "nfpm"
    run(tool, "package", "--config", path, "--packager", "deb", "--target", target)
    return target


def _file(source: Path, target: str) -> dict[str, object]:
    return {"src": str(source), "dst": target, "file_info": {"mode": 0o644}}


def _copyright() -> Path:
    path = WORK / "copyright"
    path.write_text(
        (ROOT / "NOTICE").read_text("utf-8") + "\n" + (ROOT / "LICENSE").read_text("utf-8"), "utf-8"
    )
    return path


def archive(top: Path) -> Path:
    """The same as .tar.xz, for PCs where nothing can be installed."""
    say("Archive ...")
    target = DIST / f"traffick-desk-{__version__}-linux-x64.tar.xz"
    plain = WORK / "plain.tar"
    with tarfile.open(plain, "w", format=tarfile.GNU_FORMAT) as tar:
        for path in [top, *sorted(top.rglob("*"))]:
            info = tar.gettarinfo(path, path.relative_to(top.parent).as_posix())
            info.uid = info.gid = 0
            info.uname = info.gname = "root"
            info.mtime = parts.epoch()
            if path.is_file() and not path.is_symlink():
                with path.open("rb") as stream:
                    tar.addfile(info, stream)
            else:
                tar.addfile(info)
    with target.open("wb") as out:
        # One thread: with more the bytes would depend on how many there are.
        subprocess.run(["xz", "-T1", "-6", "--stdout", str(plain)], stdout=out, check=True)
    plain.unlink()
    return target


def source_archive() -> Path:
    """The source archive and the wheel beside the packages."""
    run(
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-t",
        "sdist",
        "-d",
        DIST,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    return DIST / f"traffick_desk-{__version__}.tar.gz"


def main() -> int:
    """Build what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--publisher", action="append", default=[], metavar="HEX", help="public key pinned"
    )
    parser.add_argument(
        "--here", action="store_true", help="build on this machine instead of in a bare Debian 12"
    )
    parser.add_argument("--only-tree", action="store_true", help="no packages")
    options = parser.parse_args()
    parts.epoch()
    freeze(options)
    top = stage()
    if options.only_tree:
        return 0
    made = [deb(top), archive(top), source_archive()]
    wheel = shutil.copy(next((WORK / "wheel").glob("*.whl")), DIST)
    bill = DIST / f"traffick-desk-{__version__}-linux-x64.cdx.json"
    shutil.copy(TREE / "sbom.cdx.json", bill)
    parts.sums(*made, bill, Path(wheel))
    for path in made:
        say(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
