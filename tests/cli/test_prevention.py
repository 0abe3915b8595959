"""Prevention on the command line: a file in, the same figures out."""

from __future__ import annotations

import json
from pathlib import Path

from cli.test_cli import Run, _create, run
from services.test_prevention import LANG_SON

__all__ = ["run"]


def test_a_file_is_taken_in_listed_and_added_up(run: Run, tmp_path: Path) -> None:
    vault = tmp_path / "tỉnh"
    _create(run, vault, "province", "Lang Son")
    file = tmp_path / "bang.csv"
    file.write_text(LANG_SON, "utf-8")
    code, out, _err = run("prevention", "add", "--vault", vault, file, "--dry-run")
    assert code == 0
    assert "3" in out
    code, out, _err = run("prevention", "list", "--vault", vault, "--json")
    assert json.loads(out) == []
    assert run("prevention", "add", "--vault", vault, file)[0] == 0
    period = ("--from", "2017-01-01", "--to", "2017-12-31")
    code, out, _err = run("prevention", "totals", "--vault", vault, *period)
    assert code == 0
    assert "ít nhất 1.000" in out
    assert "3.704" in out
    code, out, _err = run("prevention", "totals", "--vault", vault, *period, "--json")
    lines = {line["kind"]: line for line in json.loads(out)["lines"]}
    assert lines["conference"]["counts"]["persons"]["number"] == 563
    assert lines["talk"]["counts"]["attendances"]["at_least"] is True
    code, out, _err = run("prevention", "list", "--vault", vault, "--json", "--kind", "talk")
    (row,) = json.loads(out)
    names = tmp_path / "ten.csv"
    names.write_text("Họ và tên;Chức vụ\nVàng Thị Dợ;Công chức\nLò Văn Nam;\n", "utf-8")
    wanted = ("prevention", "attendance", "--vault", vault, row["entry"]["id"], names, "--json")
    assert json.loads(run(*wanted)[1]) == {"added": 2, "already": 0, "new_staff": 2}
    assert json.loads(run(*wanted)[1]) == {"added": 0, "already": 2, "new_staff": 0}
    code, out, _err = run("prevention", "training", "--vault", vault, "--due")
    assert "Vàng Thị Dợ" in out
    for what in (("plans",), ("money", "2017"), ("list",)):
        assert run("prevention", *what, "--vault", vault)[0] == 0
