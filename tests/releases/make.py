"""Keeps what a release leaves on disks: two linked vaults and the bundles between them.

    python tests/releases/make.py        # makes tests/releases/v<version>; once, at each release

It refuses to write over what is there: a release that was given out stays as it is for ever.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent / "src")]

from desk.pages2 import world  # noqa: E402
from traffick_desk import __version__, edition  # noqa: E402
from traffick_desk.services import exchange  # noqa: E402
from traffick_desk.services.commands import RequestEntitlement  # noqa: E402
from traffick_desk.services.queries import CountCases, OpenCase  # noqa: E402
from traffick_desk.store import schema  # noqa: E402


def counts(desk: object) -> dict[str, int]:
    """Rows of what must never be lost."""
    with desk.context.store.read() as cursor:  # type: ignore[attr-defined]
        found = {}
        for table in ("journal", "audit", "case_row", "device", "r_person", "r_case"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def main() -> int:
    target = HERE / f"v{__version__}"
    if target.exists():
        raise SystemExit(f"{target.name} is there already and stays as it is")
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        commune, province = world.make(base / "commune"), world.make(base / "province", "province")
        stick = base / "stick"
        stick.mkdir()
        world.link(commune, province, stick)
        cases = world.take_in(commune)
        case = commune.ask(OpenCase(cases[0]))
        commune.do(RequestEntitlement(cases[0], case.persons[0].id, "L53/k"))
        exchange.export_bundles(commune, stick)
        exchange.import_bundles(province, stick)
        exchange.export_bundles(province, stick)
        about = {
            "number": edition.NUMBER,
            "schema": schema.HEAD,
            "cases": commune.ask(CountCases()),
            "commune": counts(commune),
            "province": counts(province),
        }
        commune.close()
        province.close()
        for name in ("commune", "province"):
            for left in (base / name).glob("*.old"):
                left.unlink()
            (base / name / "vault.lock").unlink(missing_ok=True)
        (base / "about.json").write_text(json.dumps(about, indent=1) + "\n")
        shutil.copytree(base, target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
