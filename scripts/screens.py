"""Take pictures of every screen of the real program over a real demo vault.

    python scripts/screens.py out/screens --scale 200 --language en --theme dark

Works without a display (the offscreen platform is the default). The vaults are
made anew in a temporary folder; every person in them is invented.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = ROOT / "resources" / "demo" / "people.yaml"
PASSWORD = "ruộng bậc thang mùa lúa chín 2026"
PATIENCE = 20.0


def demo_vault(path: Path, profile: str, unit: str, officer: str, login: str) -> Any:
    """A new vault with the least key derivation that is allowed; the open desk."""
    from traffick_desk.domain.units import Units
    from traffick_desk.services import vaults
    from traffick_desk.services.fixtures import units_id
    from traffick_desk.vault.kdf import FLOOR

    new = vaults.NewVault(
        profile=profile,
        unit=units_id(Units.load(), unit, "demo"),
        officer_name=officer,
        login=login,
        password=PASSWORD,
        label="Máy 1",
        kdf=FLOOR,
    )
    return vaults.create(path, new).desk


def add_people(desk: Any, people: Path = PEOPLE) -> list[str]:
    """Take the people of the demonstration file in, as ``traffick-desk add`` does."""
    from traffick_desk.services import fixtures
    from traffick_desk.services.commands import NewCase

    groups = fixtures.read(people, desk.context.store.registry, desk.context.units)
    return [desk.do(NewCase(a.edits)) for arrivals in groups.values() for a in arrivals]


def link(commune: Any, province: Any, folder: Path) -> None:
    """Enrol the commune's desk, as both officers would."""
    from traffick_desk.services import exchange

    request, _words = exchange.write_request(commune, folder)
    accepted = exchange.accept(province, exchange.read_request(province, request), folder)
    exchange.install(commune, exchange.read_certificate(commune, accepted))


def carry(sender: Any, receiver: Any, folder: Path) -> None:
    """One way with the stick."""
    from traffick_desk.services import exchange

    exchange.export_bundles(sender, folder)
    exchange.import_bundles(receiver, folder)


class Camera:
    """Drives windows and keeps numbered pictures."""

    def __init__(self, app: Any, folder: Path, size: tuple[int, int]) -> None:
        self.app, self.folder, self.size = app, folder, size
        self.number = 0
        folder.mkdir(parents=True, exist_ok=True)

    def until(self, ready: Callable[[], object], what: str) -> None:
        """Let the program run until *ready*."""
        end = time.monotonic() + PATIENCE
        while not ready():
            self.app.processEvents()
            if time.monotonic() > end:
                raise TimeoutError(what)
            time.sleep(0.002)

    def settle(self, window: Any) -> None:
        """Wait until no work is left and everything is drawn."""
        jobs = getattr(getattr(window, "host", window), "jobs", None)
        for _turn in range(6):
            self.app.processEvents()
            if jobs is not None:
                self.until(lambda: jobs.running == 0, "work to end")

    def take(self, window: Any, name: str) -> Path:
        """Keep a picture of *window*."""
        self.settle(window)
        self.number += 1
        path = self.folder / f"{self.number:02d}-{name}.png"
        window.grab().save(str(path))
        print(path)
        return path


def _wizard(camera: Camera, program: Any) -> None:
    program.start()
    wizard = program.wizard
    wizard.resize(*camera.size)
    for number in range(3):
        wizard.show_step(number)
        camera.take(wizard, f"first-run-{number + 1}")
    program.close()
    camera.app.processEvents()


def _unlock(camera: Camera, program: Any) -> Any:
    window = program.unlock_window
    window.resize(*camera.size)
    camera.take(window, "unlock")
    window.password.input.setText("không phải")
    window.try_password()
    camera.until(lambda: window.open_button.isEnabled() and window.notice.text(), "a refusal")
    camera.take(window, "unlock-refused")
    window.password.input.setText(PASSWORD)
    window.try_password()
    camera.until(lambda: program.window is not None, "the desk")
    program.window.showNormal()
    program.window.resize(*camera.size)
    return program.window


def _pages(camera: Camera, window: Any, side: str, stick: Path) -> None:
    camera.take(window, f"{side}-today")
    window.go("intake")
    camera.take(window, f"{side}-intake")
    urgent = [i for i in _today(window.host.desk) if i.case_id]
    if urgent:
        telling = {"decide": 0, "answer": 1, "letter": 2}
        chosen = min(urgent, key=lambda item: telling.get(item.action, 3))
        window.go("case", case_id=chosen.case_id)
        camera.take(window, f"{side}-case")
        window.go("today")
        window.page.act(chosen)
        camera.take(window, f"{side}-{chosen.action}")
    window.go("cases")
    camera.take(window, f"{side}-cases")
    page = window.page
    page.search.setText("dang thi")
    page.read()
    camera.take(window, f"{side}-cases-search")
    window.host.privacy.switch(True)
    camera.take(window, f"{side}-cases-privacy")
    window.host.privacy.switch(False)
    page.search.clear()
    page.read()
    camera.settle(window)
    window.go("sync")
    page = window.page
    page.picker.select(stick)
    camera.take(window, f"{side}-sync")
    _carry_here(camera, window, page, side)
    window.go("settings")
    camera.take(window, f"{side}-settings")
    for number, scroll in enumerate(_scrolls(window.page), 1):
        bar = scroll.verticalScrollBar()
        while bar.value() < bar.maximum():
            bar.setValue(bar.value() + scroll.viewport().height() - 40)
            camera.take(window, f"{side}-settings-more-{number}")


def _scrolls(page: Any) -> list[Any]:
    from PySide6.QtWidgets import QScrollArea

    return [s for s in page.findChildren(QScrollArea) if s.objectName().endswith("_scroll")]


def _carry_here(camera: Camera, window: Any, page: Any, side: str) -> None:
    camera.settle(window)
    if page.export_button.isEnabled():
        page.export()
        camera.until(lambda: page._job is None, "the export")  # noqa: SLF001
        camera.take(window, f"{side}-sync-exported")
        page.import_()
        camera.until(lambda: page._job is None, "the import")  # noqa: SLF001
        camera.take(window, f"{side}-sync-imported")
    else:
        page.link.request()
        camera.take(window, f"{side}-sync-linking")


def _whole(camera: Camera, window: Any) -> None:
    window.go("today")
    window.palette_list.open()
    window.search_box.setText("dang")
    window.search_box.textEdited.emit("dang")
    offered = window.palette_list.offered
    camera.until(lambda: any(c.words.startswith("TD") for c in offered()), "hits")
    camera.take(window, "palette")
    window.palette_list.close_list()
    window.show_keys()
    camera.take(window, "keys")
    window.messages.clear()
    window.cover.put()
    camera.take(window, "covered")
    window.cover.lift()


def run(options: argparse.Namespace) -> int:
    """Take all pictures."""
    from traffick_desk import app as root
    from traffick_desk import i18n
    from traffick_desk.desk.crash import CrashDialog
    from traffick_desk.desk.preferences import Preferences
    from traffick_desk.desk.program import Program

    i18n.set_language(options.language)
    app = root.make_application(["traffick-desk"])
    width, height = (int(n) for n in options.size.split("x"))
    camera = Camera(app, options.folder, (width, height))
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        stick = base / "stick"
        stick.mkdir()

        def program(vault: Path) -> Any:
            kept = Preferences(base / f"{vault.name}.json")
            for key, value in (
                ("language", options.language),
                ("text_percent", options.scale),
                ("scheme", options.theme),
            ):
                kept.set(key, value)
            return Program(app, vault, kept)

        commune = demo_vault(base / "xa", "commune", "Đồng Đăng, Lạng Sơn", "Lò Thị Mai", "mai")
        province = demo_vault(base / "tinh", "province", "Lạng Sơn", "Vi Văn Tú", "tu")
        cases = add_people(commune)
        commune.close()
        province.close()

        made = program(base / "moi")
        _wizard(camera, made)

        made = program(base / "xa")
        made.start()
        window = _unlock(camera, made)
        _pages(camera, window, "commune-first", stick)
        _whole(camera, window)
        crash = CrashDialog(ValueError("never shown"), window)
        crash.show()
        camera.take(crash, "crash")
        crash.close()
        made.close()
        camera.until(lambda: made.window is None, "the lock")

        commune, province = _open(base / "xa", "mai"), _open(base / "tinh", "tu")
        link(commune, province, stick)
        carry(commune, province, stick)
        _ask_and_decide(commune, province, cases, stick)
        commune.close()
        province.close()

        for vault, side in (("tinh", "province"), ("xa", "commune")):
            made = program(base / vault)
            made.start()
            unlock = made.unlock_window
            unlock.password.input.setText(PASSWORD)
            unlock.try_password()
            camera.until(lambda made=made: made.window is not None, "the desk")
            made.window.showNormal()
            made.window.resize(*camera.size)
            _pages(camera, made.window, side, stick)
            made.close()
            camera.until(lambda made=made: made.window is None, "the lock")
        app.processEvents()
    return 0


def _open(path: Path, login: str) -> Any:
    from traffick_desk.services import vaults

    return vaults.unlock(path, login, PASSWORD)


def _ask_and_decide(commune: Any, province: Any, cases: list[str], stick: Path) -> None:
    from traffick_desk.services.commands import DecideEntitlement, RequestEntitlement
    from traffick_desk.services.errors import ServiceError
    from traffick_desk.services.queries import OpenCase

    asked = 0
    for case in reversed(cases):
        view = commune.ask(OpenCase(case))
        if view.row.status != "victim" or view.row.stage == "closed":
            continue
        for letter in ("a", "b"):
            try:
                commune.do(RequestEntitlement(case, view.persons[0].id, f"L53/{letter}"))
                asked += 1
            except ServiceError:
                continue
        if asked >= 6:
            break
    carry(commune, province, stick)
    requests = [i for i in _today(province) if i.group == "request"]
    for number, item in enumerate(requests[:3]):
        decision = "approved" if number else "returned"
        reason = "" if number else "Thiếu giấy xác nhận của Công an; đề nghị bổ sung."
        province.do(DecideEntitlement(item.key, decision, reason))
    carry(province, commune, stick)


def _today(desk: Any) -> Any:
    from traffick_desk.services.queries import Today

    return desk.ask(Today())


def main() -> int:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description="Pictures of every screen.")
    parser.add_argument("folder", type=Path, help="where the PNG files go")
    parser.add_argument("--scale", type=int, default=100, help="text size in per cent, 100 to 200")
    parser.add_argument("--language", choices=("vi", "en"), default="vi")
    parser.add_argument("--theme", choices=("system", "light", "dark", "contrast"), default="light")
    parser.add_argument("--size", default="1366x768", help="window size, e.g. 1366x768")
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
