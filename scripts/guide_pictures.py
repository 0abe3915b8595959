"""The pictures of ``docs/cai-dat.md``, made by the program itself: run again when a window changes.

Vietnamese, without a display, over invented people in a temporary folder. The update that is shown
goes the real way: it is packed, signed, given by the province's desk and found on the stick.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "src"), str(ROOT / "tests")]

OUT = ROOT / "docs" / "hinh"
SIZE = (1180, 760)


def take(camera: Any, window: Any, name: str) -> None:
    """Keep a picture of *window* by name alone, so that a page can show it, and small."""
    from PIL import Image

    camera.settle(window)
    path = OUT / f"{name}.png"
    window.grab().save(str(path))
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(96, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    print(path.relative_to(ROOT))


def main() -> int:
    from PySide6.QtCore import qInstallMessageHandler

    import screens
    from services.updates_world import World
    from traffick_desk import app as root
    from traffick_desk.desk.preferences import Preferences
    from traffick_desk.desk.program import Program
    from traffick_desk.services import exchange, updates
    from traffick_desk.vault.kdf import FLOOR

    qInstallMessageHandler(lambda _kind, _where, text: "This plugin" in text or print(text))
    application = root.make_application(["traffick-desk"])
    camera = screens.Camera(application, OUT, SIZE)
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        program = Program(application, base / "new", Preferences(base / "a.json"), kdf=FLOOR)
        program.start()
        wizard = program.wizard
        wizard.resize(*SIZE)
        for number, name in ((0, "lan-dau-1"), (1, "lan-dau-2"), (2, "lan-dau-3")):
            wizard.show_step(number)
            take(camera, wizard, name)
        program.close()
        application.processEvents()

        commune = screens.demo_vault(
            base / "commune", "commune", "2025/06184", "Nguyễn Thị Hương", "huong"
        )
        province = screens.demo_vault(base / "province", "province", "2025/20", "Vi Văn Tú", "tu")
        wire = base / "wire"
        wire.mkdir()
        screens.link(commune, province, wire)
        screens.add_people(commune)
        stick = World(base / "usb")
        stick.base.mkdir()
        stick.install(2)
        stick.update(3)
        (offer,) = updates.look(province, stick.stick, stick.program(2))
        updates.release(province, offer, stick.stick, program=stick.program(2))
        next((stick.stick / updates.FOLDER).glob("v3*")).unlink()
        carried = base / "carried"
        carried.mkdir()
        exchange.export_bundles(commune, carried)
        sent = set(carried.rglob("*.age"))
        exchange.import_bundles(province, carried)
        exchange.export_bundles(province, carried)
        (bundle,) = set(carried.rglob("*.age")) - sent
        province.close()
        commune.close()

        program = Program(application, base / "commune", Preferences(base / "b.json"), kdf=FLOOR)
        program.start()
        unlock = program.unlock_window
        unlock.resize(*SIZE)
        take(camera, unlock, "mo-khoa")
        unlock.password.input.setText(screens.PASSWORD)
        unlock.try_password()
        camera.until(lambda: program.window is not None, "the desk")
        window = program.window
        window.showNormal()
        window.resize(*SIZE)
        take(camera, window, "hom-nay")
        program.opened.wanted(str(bundle))
        camera.until(lambda: window.page.name == "sync", "the bundle that was opened")
        page = window.page
        take(camera, window, "mo-goi")
        page.opened_bundle.clear()
        card = page.update_card
        card._program = lambda: stick.program(2)  # noqa: SLF001 - what is installed, as on an officer's PC
        there = exchange.Stick(
            stick.stick, "USB TINH", "vfat", 12_400_000_000, 15_800_000_000, writable=True
        )
        page.picker._find = lambda: (there,)  # noqa: SLF001 - a path of this machine says nothing
        page.picker.look()
        camera.settle(window)
        page.choose(stick.stick)
        camera.settle(window)
        page_scroll(page, card)
        take(camera, window, "cap-nhat")
        window.go("settings", part="program")
        page = window.page
        here, desk = stick.program(2), window.host.desk
        updates.apply(desk, updates.look(desk, stick.stick, here)[0], program=here)
        page.program._program = lambda: stick.program(3)  # noqa: SLF001
        page.program.load()
        camera.settle(window)
        page_scroll(page, page.program)
        take(camera, window, "phien-ban")
        program.close()
        application.processEvents()
    return 0


def page_scroll(page: Any, card: Any) -> None:
    """Bring *card* to where it is seen."""
    import screens

    for area in screens._scrolls(page):  # noqa: SLF001
        area.ensureWidgetVisible(card)


if __name__ == "__main__":
    sys.exit(main())
