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
    code, out, _err = run(
        "report", "--vault", vault, "victims", "--period", "2026-Q3", "--format", "json"
    )
    assert json.loads(out)["period"] == ["2026-07-01", "2026-09-30"]
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


def test_standards_are_written_checked_and_taken_in(run: Run, tmp_path: Path) -> None:
    vault = tmp_path / "xã"
    _create(run, vault, "commune", "That Khe Lang Son")
    people = resources.path("demo", "people.yaml")
    assert run("add", "--vault", vault, people, "--group", "worked")[0] == 0
    target = tmp_path / "out.csv"
    code, out, _err = run("htcds", "export", "--vault", vault, target)
    assert code == 0
    assert "Không đưa vào" in out
    code, out, _err = run("htcds", "validate", target)
    assert (code, "Hợp lệ" in out) == (0, True)
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("prs_Gender,prs_FirstName\nNữ,Hoa\n", "utf-8")
    code, out, _err = run("htcds", "validate", wrong, "--json")
    assert code == 1
    assert {p["code"] for p in json.loads(out)["problems"]} == {"not-in-list", "no-consent"}
    assert run("htcds", "import", "--vault", vault, wrong)[0] == 1
    good = tmp_path / "good.csv"
    good.write_text("prs_FirstName,prs_Gender,con_Consent\nHoa,Feminine,TRUE\n", "utf-8")
    code, out, _err = run("htcds", "import", "--vault", vault, good)
    assert (code, "1" in out) == (0, True)
    assert run("research-file", "--vault", vault, tmp_path / "r.csv")[0] == 0
    code, out, _err = run("ic-tip", "--vault", vault, tmp_path / "t.csv")
    assert (code, "bản nháp" in out) == (0, True)
