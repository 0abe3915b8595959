"""The Windows installer under wine: ``make smoke-windows`` after ``make installer-windows``.

Installs silently, starts, makes a vault, takes people in, draws a paper, exports a bundle, installs
the same version once more while the program is open, double-clicks a bundle, updates the whole tree
from a stick and goes back, removes, and looks that nothing is left but the vault. It says plainly that wine is not Windows.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE / "wine"), str(HERE.parent), str(ROOT / "src")]

import standins  # noqa: E402

from traffick_desk import __version__, edition  # noqa: E402

PREFIX = ROOT / ".cache" / "wine-prefix"
SETUP = ROOT / "dist" / f"traffick-desk-{__version__}-windows-x64.exe"
MSI = SETUP.with_suffix(".msi")
PASSWORD = "mười hai con mèo ngủ trưa"
USER = r"C:\users\officer"
PUBLISHER = USER + r"\moi"
PROVINCE = ("--vault", USER + r"\tinh", "--login", "tu")
INSTALLED = USER + r"\AppData\Local\Programs\traffick-desk"


def loud(text: str) -> int:
    """Say that nothing was tried."""
    line = "!" * 78
    print(f"{line}\nNOT TRIED: {text}\n{line}", flush=True)
    return 1


class Wine:
    """A throw-away Windows."""

    def __init__(self) -> None:
        shutil.rmtree(PREFIX, ignore_errors=True)
        PREFIX.mkdir(parents=True)
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(PREFIX),
            "USER": "officer",
            "WINEPREFIX": str(PREFIX),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscms=n;bcryptprimitives=n;winemenubuilder.exe=d;mshtml=d;mscoree=d",
            "DISPLAY": os.environ.get("DISPLAY", ""),
            "LANG": "C.UTF-8",
            "TRAFFICK_DESK_QUIET": "1",
            "TRAFFICK_DESK_PASSWORD": PASSWORD,
            "TRAFFICK_DESK_LANGUAGE": "en",
        }
        self.binary = next(
            p
            for p in ("/usr/lib/wine/wine64", shutil.which("wine64"), shutil.which("wine"))
            if p and Path(p).exists()
        )
        self.run("wineboot", "-i", wait=180)
        made = ROOT / ".cache" / "wine-standins"
        standins.compile_into(made)
        system = PREFIX / "drive_c" / "windows" / "system32"
        for name in standins.NAMES:
            target = system / name
            target.unlink(missing_ok=True)
            shutil.copy(made / name, target)

    def run(
        self, *command: str, wait: float = 300, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run something and wait; its output is piped, as CPython under wine wants it."""
        done = subprocess.run(
            [self.binary, *command], env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=wait, check=False,
        )  # fmt: skip
        if check and done.returncode != 0:
            raise SystemExit(
                f"{command[0]} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
            )
        return done

    def answers(self, *command: str) -> bool:
        """Run something short that may be asked again: under wine a process now and then hangs."""
        try:
            return self.run(*command, wait=60, check=False).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def path(self, windows: str) -> Path:
        """Where a path of the prefix is here."""
        return PREFIX / "drive_c" / Path(*windows.split("\\")[1:])

    def end(self) -> None:
        """Let the prefix come to rest."""
        server = shutil.which("wineserver") or "/usr/lib/wine/wineserver64"
        subprocess.run([server, "-k"], env=self.environment, check=False, capture_output=True)


def step(text: str, begun: float) -> None:
    print(f"  {time.monotonic() - begun:5.1f} s  {text}", flush=True)


def no_propsys(folder: Path) -> None:
    """Wine 8 aborts in ``_wmi``; Python goes on without it. Only here, never in the shipped tree."""
    (folder / "versions" / str(edition.NUMBER) / "runtime" / "_wmi.pyd").rename(PREFIX / "_wmi.pyd")


def story(wine: Wine) -> None:
    begun = time.monotonic()
    wine.run(str(SETUP), "/S", wait=600)
    folder = wine.path(INSTALLED)
    version = folder / "versions" / str(edition.NUMBER)
    assert (folder / "current").read_text() == f"{edition.NUMBER}\n"
    built = ROOT / "build" / "windows" / "versions" / str(edition.NUMBER)
    same = subprocess.run(
        ["diff", "-rq", str(built), str(version)], capture_output=True, text=True, check=False
    )
    assert same.returncode == 0, same.stdout
    shipped = {p.name.lower() for p in version.rglob("*.dll")}
    assert not shipped & set(standins.NAMES), "a stand-in of the test is in the shipped tree"
    step("installed silently; every file as built; no stand-in of the test among them", begun)
    no_propsys(folder)

    cli = INSTALLED + r"\traffick-desk-cli.exe"
    told = wine.run(cli, "--version").stdout
    assert __version__ in told, told
    step(told.strip(), begun)
    told = wine.run(cli, "self-test").stdout
    print("         " + told.strip().replace("\n", "\n         "))
    step("self-test: cryptography, SQLCipher there and back, PDF, window", begun)

    # A path with Vietnamese letters and blanks.
    vault = USER + r"\Hồ sơ của xã\kho dữ liệu"
    stick = USER + r"\Thẻ nhớ"
    for name in (vault.rsplit("\\", 1)[0], stick):
        wine.path(name).mkdir(parents=True)
    common = ("--vault", vault, "--login", "huong")
    wine.run(
        cli,
        "create",
        "--vault",
        vault,
        "--unit",
        "2025/06040",
        "--officer",
        "Nguyễn Thị Hương",
        "--login",
        "huong",
    )
    people = (
        rf"{INSTALLED}\versions\{edition.NUMBER}\app\traffick_desk\_data\resources\demo\people.yaml"
    )
    wine.run(cli, "add", *common, people)
    listed = wine.run(cli, "list", *common).stdout
    assert "TD-" in listed or "/2026" in listed, listed
    data = wine.path(vault) / "vault.db"
    assert not data.read_bytes().startswith(b"SQLite format 3")
    step(f"vault in a folder with Vietnamese letters; {listed.count(chr(10)) - 1} cases", begun)
    number = listed.splitlines()[1].split()[0]
    pdf = stick + r"\biên bản.pdf"
    wine.run(cli, "paper", *common, number, "noi-bo/bien-ban-tiep-nhan", "--output", pdf)
    assert wine.path(pdf).read_bytes().startswith(b"%PDF-")
    wine.run(cli, "enrol", "request", *common, stick)
    step("paper as PDF; request to be linked on the stick", begun)
    bundle(wine, cli, common, stick)
    step("linked with a province in the same Windows; a bundle exported", begun)
    double_click(wine, vault, stick)
    step(
        "double-click on a bundle: handed to the window that was open, and the second ended", begun
    )
    old_vault(wine)
    step("a vault of the first version is brought up (alembic from the installed tree)", begun)

    for _round in range(2):
        started = time.monotonic()
        opened = window(wine)
        step(f"window process up after {opened - started:.1f} s", begun)
    running(wine, begun)

    # The window that was ended may go on being seen for a moment.
    deadline = time.monotonic() + 120
    while (again := wine.run(str(SETUP), "/S", wait=600, check=False)).returncode == 2:
        assert time.monotonic() < deadline, "the window that was ended is still seen"
        time.sleep(2)
    assert again.returncode == 0, again.returncode
    # What was installed anew has it anew; under wine 8 the next start would wait for ever in it.
    no_propsys(folder)
    step("installed once more over itself", begun)
    assert (folder / "current").read_text() == f"{edition.NUMBER}\n"
    (folder / "current").write_text("9\n")
    refused = wine.run(str(SETUP), "/S", check=False)
    assert refused.returncode == 2, refused.returncode
    step("an older installer than what is in use is refused (code 2)", begun)
    (folder / "current").write_text(f"{edition.NUMBER}\n")
    (folder / "current").write_bytes(b"\xff not a number")
    broken = wine.run(cli, "--version", check=False)
    assert broken.returncode == 3, broken
    assert "safe" in broken.stderr, broken
    step("a broken pointer without an earlier version: words, code 3", begun)
    (folder / "current").write_text(f"{edition.NUMBER}\n")
    update(wine, cli, common, stick, begun)

    wine.run(INSTALLED + r"\uninstall.exe", "/S", wait=300)
    deadline = time.monotonic() + 60
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.5)
    assert not folder.exists(), list(folder.rglob("*"))[:5]
    for key in (
        r"traffick-desk",
        r"Classes\traffick-desk.bundle",
        r"Classes\.tdupdate",
        r"Classes\.age",
    ):
        told = wine.run("reg", "query", "HKCU\\Software\\" + key, check=False)
        assert told.returncode != 0, told.stdout
    assert data.exists(), "the vault must stay"
    step("removed: nothing left but the vault", begun)


def bundle(wine: Wine, cli: str, common: tuple[str, ...], stick: str) -> None:
    wine.run(
        cli,
        "create",
        *PROVINCE,
        "--profile",
        "province",
        "--unit",
        "2025/20",
        "--officer",
        "Vi Văn Tú",
    )
    inner = wine.path(stick) / "TD-BUNDLES"
    (request,) = inner.glob("*.tdrequest")
    wine.run(
        cli, "enrol", "accept", *PROVINCE, rf"{stick}\TD-BUNDLES\{request.name}", stick, "--yes"
    )
    (certificate,) = inner.glob("*.tdcert")
    wine.run(cli, "enrol", "install", *common, rf"{stick}\TD-BUNDLES\{certificate.name}", "--yes")
    wine.run(cli, "export", *common, stick)
    assert list(inner.glob("*.age"))
    told = wine.run(cli, "import", *PROVINCE, stick).stdout
    assert "From" in told, told


def double_click(wine: Wine, vault: str, stick: str) -> None:
    """By the association that the installer made; the window is open already."""
    (found, *_more) = (wine.path(stick) / "TD-BUNDLES").glob("*.age")
    wine.environment["TRAFFICK_DESK_VAULT"] = vault
    process = start(wine)
    try:
        deadline = time.monotonic() + 400
        cli = INSTALLED + r"\traffick-desk-cli.exe"
        # The first window listens as soon as it stands; until then a start would open its own.
        code = (
            "import ctypes, sys; from pathlib import Path; from traffick_desk.desk import instance;"
            "sys.exit(0 if instance.is_taken(instance.address(Path(sys.argv[1]))) else 1)"
        )
        python = rf"{INSTALLED}\versions\{edition.NUMBER}\runtime\python.exe"
        while not wine.answers(python, "-X", "utf8", "-c", code, vault):
            assert process.poll() is None, "the window ended"
            assert time.monotonic() < deadline, "the window does not listen"
            time.sleep(0.5)
        wine.run(cli, "open", stick + rf"\TD-BUNDLES\{found.name}", wait=120)
        with seen_by_all(wine, ".age", "traffick-desk.bundle"):
            wine.run("start", "/wait", stick + rf"\TD-BUNDLES\{found.name}", wait=120)
        assert process.poll() is None, "the window that was open ended"
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def seen_by_all(wine: Wine, *classes: str) -> Iterator[None]:
    """What the installer registered for this user, registered for all meanwhile.

    Windows looks for the program of a kind of file at the user's registration and then at
    everybody's; wine 8 looks at everybody's only.
    """
    file = USER + r"\classes.reg"
    for name in classes:
        wine.run("reg", "export", rf"HKCU\Software\Classes\{name}", file, "/y")
        text = wine.path(file).read_text("utf-16")
        for_all = text.replace("HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE")
        assert for_all != text, name
        wine.path(file).write_text(for_all, "utf-16")
        wine.run("reg", "import", file)
    wine.path(file).unlink()
    try:
        yield
    finally:
        for name in classes:
            wine.run("reg", "delete", rf"HKLM\Software\Classes\{name}", "/f")


def update(wine: Wine, cli: str, common: tuple[str, ...], stick: str, begun: float) -> None:
    """The whole tree by a signed update, and back.

    Of the tree for the update ``_wmi.pyd`` is left out, as everywhere under wine 8. The key is one
    of this test, pinned in what was installed here.
    """
    import next_version

    built = ROOT / "build" / "windows" / "versions" / str(edition.NUMBER)
    place = wine.path(PUBLISHER)
    made = next_version.make(built, "windows-x64", place, ["runtime/_wmi.pyd"])
    # Linked with a province, the desk takes only what its province has given to it.
    new = rf"{PUBLISHER}\TD-UPDATE\{made.name}"
    folder = wine.path(INSTALLED)
    pinned = (
        folder
        / "versions"
        / str(edition.NUMBER)
        / "app/traffick_desk/_data/resources/publishers.json"
    )
    delivered = pinned.read_bytes()
    shutil.move(place / "publishers.json", pinned)
    step(
        f"a next version of the whole tree on the stick: {made.stat().st_size / 1e6:.1f} MB", begun
    )
    wine.run(cli, "update", "release", *PROVINCE, new, stick, wait=600)
    step("given to its desks by the province", begun)
    told = wine.run(cli, "update", "apply", *common, stick, wait=900).stdout
    print("         " + told.strip().replace("\n", "\n         "))
    assert (folder / "current").read_text() == f"{edition.NUMBER + 1}\n"
    wine.run(cli, "update", "check")
    told = wine.run(cli, "self-test").stdout
    assert f"({edition.NUMBER + 1}," in told, told
    wine.run(cli, "list", *common)
    step("updated: every file as signed, self-test, the vault opens", begun)
    # As it was delivered again: a version with a changed file is not gone back to.
    assert wine.run(cli, "update", "back", *common, check=False).returncode != 0
    pinned.write_bytes(delivered)
    (PREFIX / "_wmi.pyd").rename(folder / "versions" / str(edition.NUMBER) / "runtime" / "_wmi.pyd")
    wine.run(cli, "update", "back", *common)
    no_propsys(folder)
    assert (folder / "current").read_text() == f"{edition.NUMBER}\n"
    assert f"({edition.NUMBER}," in wine.run(cli, "self-test").stdout
    wine.run(cli, "list", *common)
    step("back to the version before; the vault opens", begun)


def old_vault(wine: Wine) -> None:
    """Migrate a file of migration 0001 by the installed interpreter."""
    target = wine.path(USER) / "old.db"
    shutil.copy(ROOT / "tests" / "store" / "fixtures" / "v0001.db", target)
    code = (
        "import sys; from pathlib import Path; from traffick_desk.domain.records import REGISTRY;"
        "from traffick_desk.store.store import Store;"
        "s = Store(Path(sys.argv[1]), lambda: bytearray(open(sys.argv[2],'rb').read()), REGISTRY, 'c0');"
        "s.open(); s.check(); s.close()"
    )
    sys.path.insert(0, str(ROOT / "tests"))
    from store.desks import key

    (wine.path(USER) / "old.key").write_bytes(bytes(key()))
    python = rf"{INSTALLED}\versions\{edition.NUMBER}\runtime\python.exe"
    wine.run(python, "-X", "utf8", "-c", code, USER + r"\old.db", USER + r"\old.key")


def window(wine: Wine) -> float:
    """Start the windowed program until it has a window; needs a display (Xvfb)."""
    process = start(wine)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"the window ended with {process.returncode}")
        told = subprocess.run(
            ["xwininfo", "-root", "-tree"], env=wine.environment, capture_output=True, text=True, check=False
        ).stdout if shutil.which("xwininfo") else ""  # fmt: skip
        if "traffick-desk" in told or (not told and time.monotonic() > deadline - 50):
            break
        time.sleep(0.1)
    found = time.monotonic()
    process.terminate()
    process.wait(30)
    return found


def start(wine: Wine) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [wine.binary, INSTALLED + r"\traffick-desk.exe", "--vault", USER + r"\Hồ sơ của xã\kho dữ liệu"],
        env=wine.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def running(wine: Wine, begun: float) -> None:
    """While the program is open, installer and uninstaller refuse."""
    process = start(wine)
    time.sleep(6)
    assert process.poll() is None
    refused = wine.run(str(SETUP), "/S", check=False)
    process.terminate()
    process.wait(30)
    text = "refuses (code 2)" if refused.returncode == 2 else "does NOT notice under wine"
    step(f"while the program is open the installer {text}", begun)


def msi(wine: Wine) -> None:
    begun = time.monotonic()
    if not MSI.exists():
        return
    wine.run("msiexec", "/i", str(MSI), "/qn", wait=600)
    folder = wine.path(r"C:\Program Files\traffick-desk")
    assert (folder / "current").exists()
    no_propsys(folder)
    told = wine.run(r"C:\Program Files\traffick-desk\traffick-desk-cli.exe", "--version").stdout
    assert __version__ in told
    (PREFIX / "_wmi.pyd").rename(folder / "versions" / str(edition.NUMBER) / "runtime" / "_wmi.pyd")
    wine.run("msiexec", "/x", str(MSI), "/qn", wait=600)
    left = [p for p in folder.rglob("*") if p.is_file()] if folder.exists() else []
    assert not left, left[:5]
    step(".msi: installed, started, removed; nothing left", begun)


def main() -> int:
    if shutil.which("wine") is None and not Path("/usr/lib/wine/wine64").exists():
        return loud("wine is not here (Debian: apt-get install wine64). Windows was NOT tested.")
    if shutil.which(standins.COMPILER) is None:
        return loud("gcc-mingw-w64-x86-64 is not here. Windows was NOT tested.")
    if not SETUP.exists():
        return loud(f"{SETUP.name} is not here: run make installer-windows first.")
    screen = None
    if shutil.which("Xvfb"):
        screen = subprocess.Popen(
            ["Xvfb", ":97", "-screen", "0", "1366x768x24"], stderr=subprocess.DEVNULL
        )
        os.environ["DISPLAY"] = ":97"
    wine = Wine()
    try:
        story(wine)
        msi(wine)
    finally:
        wine.end()
        if screen is not None:
            screen.terminate()
            screen.wait()
    print(
        "All of it under wine, which is not Windows: see docs/tried-where.md for what that leaves open."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
