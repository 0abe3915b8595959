"""Reports and statistics from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from cli.test_cli import Run, _create, run
from traffick_desk import resources

__all__ = ["run"]


def test_figures_as_text_json_workbook_and_paper(run: Run, tmp_path: Path) -> None:
    vault = tmp_path / "tỉnh"
    _create(run, vault, "province", "Lang Son")
    people = resources.path("demo", "people.yaml")
    assert run("add", "--vault", vault, people, "--group", "worked")[0] == 0

    code, out, _err = run("statistics", "--vault", vault, "--by", "sex,age_group", "--json")
    assert code == 0
    found = json.loads(out)
    cells = {(r, c): n for r, c, n in found["cells"]}
    assert cells["*", "*"] == 9
    assert sum(n for (r, c), n in cells.items() if "*" not in {r, c}) == 9
    code, out, _err = run(
        "statistics", "--vault", vault, "--by", "sex", "--where", "status=victim", "--outside"
    )
    assert code == 0
    assert "…" in out
    code, _out, err = run("statistics", "--vault", vault, "--by", "hair")
    assert code == 1
    assert "person.sex" in err
    assert run("statistics", "--vault", vault, "--by", "sex", "--period", "26")[0] == 1

    target = tmp_path / "b.json"
    wanted = ("report", "--vault", vault, "victims", "--format", "json", "--out", target)
    assert run(*wanted, "--period", "2026")[0] == 0
    tables = json.loads(target.read_text("utf-8"))["tables"]
    assert len(tables) == 8
    assert run("report", "--vault", vault, "victims", "--format", "pdf")[0] == 2
    paper, book = tmp_path / "b.pdf", tmp_path / "b.xlsx"
    assert run("report", "--vault", vault, "victims", "--format", "pdf", "--out", paper)[0] == 0
    assert paper.read_bytes().startswith(b"%PDF")
    wanted = ("report", "--vault", vault, "victims", "--format", "xlsx", "--out", book)
    assert run(*wanted, "--outside", "--freeze")[0] == 0
    assert book.read_bytes().startswith(b"PK")
    assert run("threshold", "--vault", vault, "5")[1].strip() == "5"
    assert run("threshold", "--vault", vault, "2")[0] == 1
