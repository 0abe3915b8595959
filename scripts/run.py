"""``make run``: the desk on demo data, or the whole journey without a screen.

With a display the window opens on a demonstration vault. Without one two
officers play the journey with the real windows on Qt's offscreen platform, and
``out/`` holds numbered pictures, the papers and the bundles.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "out"
PEOPLE = ROOT / "resources" / "demo" / "people.yaml"
PASSWORD = "ruộng bậc thang mùa lúa chín"
_OFFSCREEN = "This plugin does not support"
UNIT, PROVINCE = "2025/06184", "2025/20"


def has_display() -> bool:
    """Whether a window can be shown."""
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def say(text: str = "") -> None:
    """Print a line at once."""
    print(text, flush=True)


def demo_window() -> int:
    """Open the desk on a demonstration vault that is kept between runs."""
    from traffick_desk import app
    from traffick_desk.services import fixtures, vaults
    from traffick_desk.services.commands import NewCase
    from traffick_desk.vault.kdf import FLOOR

    path = OUT / "demo" / "vault"
    if not path.exists():
        say("Making the demonstration vault ...")
        new = vaults.NewVault("commune", UNIT, "Nguyễn Thị Hương", "huong", PASSWORD, kdf=FLOOR)
        desk = vaults.create(path, new).desk
        context = desk.context
        for arrivals in fixtures.read(PEOPLE, context.store.registry, context.units).values():
            for arrival in arrivals:
                desk.do(NewCase(arrival.edits))
        desk.close()
    say(f"Demonstration vault: {path}")
    say(f"Officer: huong    Password: {PASSWORD}")
    say("All people in it are invented.")
    return app.run_window(path)


class Camera:
    """Keeps numbered pictures."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number = folder, 0
        folder.mkdir(parents=True)

    def __call__(self, window: Any, name: str) -> None:
        """Keep a picture of *window*."""
        self.number += 1
        window.grab().save(str(self.folder / f"{self.number:02d}-{name}.png"))


def journey() -> int:
    """Play the journey and print what happened."""
    # Everybody in it is invented, so where a fault was may be told; the desk itself never does.
    faulthandler.enable()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    for name in ("journey", "screens", "papers", "stick"):
        shutil.rmtree(OUT / name, ignore_errors=True)
    base = OUT / "journey"
    base.mkdir(parents=True)
    papers, stick = OUT / "papers", OUT / "stick"
    papers.mkdir()
    stick.mkdir()

    from PySide6.QtCore import qInstallMessageHandler

    from journey import Officer, entry_of, link
    from traffick_desk import app as root
    from traffick_desk.desk.preferences import Preferences
    from traffick_desk.desk.program import Program
    from traffick_desk.services import fixtures
    from traffick_desk.vault.kdf import FLOOR

    # The offscreen platform says of each window what it cannot do; there is nothing to do about it.
    qInstallMessageHandler(lambda _kind, _where, text: _OFFSCREEN in text or print(text))
    app = root.make_application(["traffick-desk"])
    camera = Camera(OUT / "screens")

    def officer(name: str) -> Officer:
        preferences = Preferences(base / f"{name}.json")
        program = Program(app, base / name, preferences, kdf=FLOOR)
        return Officer(program, PASSWORD, camera)

    say("1. First run at the commune and at the province")
    commune, province = officer("commune"), officer("province")
    backups = base / "backups"
    backups.mkdir()
    commune.begins(profile="commune", unit=UNIT, name="Nguyễn Thị Hương", backup=backups)
    commune.locks()
    commune.unlocks()
    province._look = lambda *_: None  # noqa: SLF001 - one first run is enough to look at
    province.begins(profile="province", unit=PROVINCE, name="Vi Văn Tú")
    province._look = camera  # noqa: SLF001
    link(commune, province, stick)

    say("2. People are received, each through the intake")
    context = commune.desk.context
    groups = fixtures.read(PEOPLE, context.store.registry, context.units)
    cases: dict[str, str] = {}
    for arrivals in groups.values():
        for arrival in arrivals:
            look = {"LS3": "intake"}.get(arrival.id, "")
            cases[arrival.id] = commune.receives(entry_of(arrival), look)
    commune.go("case", case_id=cases["E5"])
    commune.sees("case")
    commune.explains(cases["E5"], "a")
    commune.sees("case-why")
    page = commune.go("case", case_id=cases["E2"])
    for section in ("screening", "protection", "needs", "follow_up"):
        page.list.choose(section)
        commune.sees(f"case-{section}")
    commune.go("rules")
    commune.sees("rules")
    commune.go("today")
    commune.sees("today")
    commune.go("cases")
    commune.sees("cases")

    say("3. Papers")
    for who, form in (
        ("LS3", "noi-bo/bien-ban-tiep-nhan"),
        ("E5", "noi-bo/bien-ban-tiep-nhan"),
        ("E5", "D30/cong-van-bao-tiep-nhan"),
        ("E2", "D162/Mẫu số 07"),
        ("E7", "noi-bo/phieu-che-do"),
    ):
        path = commune.saves_paper(cases[who], form, papers)
        say(f"   {path.relative_to(ROOT)}")
    commune.sees("paper")

    say("4. The commune asks, exports to a stick; the province imports and decides")
    for letter in ("i", "k"):
        commune.asks_province(cases["E2"], letter)
    commune.carries(stick, export=True)
    commune.sees("exported")
    province.carries(stick, export=False)
    province.sees("imported")
    province.go("today")
    province.sees("province-today")
    requests = requests_of(province)
    province.go("case", case_id=cases["E2"], entitlement=requests["L53/i"])
    province.sees("province-decides")
    province.decides(cases["E2"], requests["L53/k"])
    province.decides(cases["E2"], requests["L53/i"], reason="Thiếu giấy xác nhận nạn nhân")
    province.go("cases")
    province.sees("province-cases")
    province.carries(stick, export=True)
    commune.carries(stick, export=False)
    commune.sees("answered")
    commune.go("today")
    commune.sees("today-answered")

    summary(commune, province, cases)
    commune.locks()
    province.locks()
    say()
    say(f"Pictures: out/screens ({camera.number}), papers: out/papers, bundles: out/stick")
    return 0


def requests_of(officer: Any) -> dict[str, str]:
    """Regime → id of the request that waits for the province."""
    from traffick_desk.services.queries import OpenCase, Today

    found = {}
    for item in officer.desk.ask(Today()):
        if item.group == "request":
            case = officer.desk.ask(OpenCase(item.case_id))
            for record in case.of("entitlement"):
                found[record.get("regime")] = record.id
    return found


def summary(commune: Any, province: Any, cases: dict[str, str]) -> None:
    """People, entitlements, papers, bundles, what the province received."""
    from traffick_desk.services.exchange import Links
    from traffick_desk.services.queries import CountCases, Entitlements, OpenCase

    say()
    say(f"{'':6}{'file':17}{'person':22}{'law':5}{'regimes':34}known total")
    for name, case_id in cases.items():
        case = commune.desk.ask(OpenCase(case_id))
        for person in case.persons:
            found = commune.desk.ask(Entitlements(case_id, person.id))
            marks = {"granted": "+", "case_dependent": "~", "not_granted": "-", "needs_review": "?"}
            regimes = " ".join(f"{o.regime.letter}{marks[str(o.result)]}" for o in found.outcomes)
            who = person.get("name") if person.get("role") == "main" else f"  {person.get('name')}"
            say(
                f"{name:6}{case.row.file_no:18}{who:22}{found.law.law or '?':5}{regimes:34}"
                f"{found.known_total.text}"
            )
    say("      + granted   ~ depends on the case   - not granted   ? needs review")
    papers: Sequence[Path] = sorted((OUT / "papers").iterdir())
    bundles = sorted((OUT / "stick" / "TD-BUNDLES").glob("*.age"))
    say(f"Papers:   {len(papers)}")
    say(f"Bundles:  {', '.join(f'{b.name} ({b.stat().st_size} B)' for b in bundles)}")
    say(f"Province: {province.desk.ask(CountCases())} cases received")
    for view in commune.desk.ask(Links()):
        say(f"Commune:  received by the province at {view.received_on}, not sent: {view.unsent}")


def main() -> int:
    """Choose by what this machine can show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--journey", action="store_true", help="play it even with a display")
    options = parser.parse_args()
    if has_display() and not options.journey:
        return demo_window()
    return journey()


if __name__ == "__main__":
    sys.exit(main())
