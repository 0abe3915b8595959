"""Documents from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from cli.test_cli import Run, _create, run
from services import documents_world as files
from traffick_desk import resources

__all__ = ["run"]


def test_documents_are_taken_in_listed_and_given_out(run: Run, tmp_path: Path) -> None:
    vault = tmp_path / "xã"
    _create(run, vault, "commune", "That Khe Lang Son")
    people = resources.path("demo", "people.yaml")
    _code, out, _err = run("add", "--vault", vault, people, "--group", "worked")
    number = {line.split("\t")[1]: line.split("\t")[0] for line in out.splitlines()}["E2"]
    photo, scan, cut = tmp_path / "IMG_1.jpg", tmp_path / "b.pdf", tmp_path / "cut.jpg"
    photo.write_bytes(files.jpeg())
    scan.write_bytes(files.pdf(2))
    cut.write_bytes(files.jpeg()[:3_000])
    take = ("document", "add", "--vault", vault, number)

    # One that cannot be kept keeps the others out: nothing is half done.
    code, _out, err = run(*take, photo, cut, "--kind", "photo")
    assert code == 1
    assert "hỏng" in err
    assert json.loads(run("document", "list", "--vault", vault, number, "--json")[1]) == []

    code, out, err = run(*take, photo, "--kind", "photo", "--title", "Ảnh")
    assert (code, err) == (0, "")
    assert "nơi chụp" in out
    assert "xóa chúng ở đó" in out
    first = out.split()[0]
    code, out, _err = run(*take, scan, "--kind", "decision", "--dated", "2026-11-02")
    second = out.split()[0]
    assert run(*take, scan, "--kind", "decision", "--dated", "hôm qua")[0] == 1

    code, out, _err = run("document", "list", "--vault", vault, number)
    assert code == 0
    assert "Quyết định, giấy xác nhận" in out
    listed = json.loads(run("document", "list", "--vault", vault, number, "--json")[1])
    assert [d["id"] for d in listed] == [second, first]
    assert listed[1]["done"] == ["cleaned"]

    give = ("document", "export", "--vault", vault, number)
    target = tmp_path / "out.pdf"
    assert run(*give, second, "--output", target)[0] == 0
    assert target.read_bytes() == files.pdf(2)
    code, _out, err = run(*give, first, "--output", target)
    assert code == 1
    assert "Đã có tệp" in err
    assert target.read_bytes() == files.pdf(2)
    code, _out, err = run(*give, "0", "--output", tmp_path / "none.pdf")
    assert (code, "document list" in err) == (1, True)
    assert run("document", "ask", "--vault", vault, number, first)[0] == 0

    code, out, _err = run("verify", "--vault", vault)
    assert code == 0
    assert "Tài liệu: 2" in out
