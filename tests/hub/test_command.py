"""``traffick-desk hub …`` and ``exchange`` as people type them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import httpx
import pytest

from hub.hubs import Process
from traffick_desk import i18n, resources
from traffick_desk.cli import main
from traffick_desk.hub.setup import Place

PASSWORD = "mười hai con mèo ngủ trưa"


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("TRAFFICK_DESK_PASSWORD", PASSWORD)

    def one(*arguments: object) -> tuple[int, str, str]:
        before = i18n.language()
        try:
            code = main(["--language", "en", *(str(a) for a in arguments)])
        finally:
            i18n.set_language(before)
        seen = capsys.readouterr()
        assert "Traceback" not in seen.err
        return code, seen.out, seen.err

    return one


def test_a_province_sets_up_a_hub_and_a_case_goes_over_it(run, tmp_path: Path) -> None:
    commune, province, stick = tmp_path / "xã", tmp_path / "tỉnh", tmp_path / "usb"
    data = tmp_path / "trung chuyển"
    stick.mkdir()
    for vault, profile, unit in (
        (commune, "commune", "2025/06040"),
        (province, "province", "2025/20"),
    ):
        assert run("create", "--vault", vault, "--profile", profile, "--unit", unit,
                   "--officer", "Nguyễn Thị Hương", "--login", "huong")[0] == 0  # fmt: skip
    assert run("enrol", "request", "--vault", commune, stick)[0] == 0
    (request,) = (stick / "TD-BUNDLES").glob("*.tdrequest")
    assert run("enrol", "accept", "--vault", province, request, stick, "--yes")[0] == 0
    (certificate,) = (stick / "TD-BUNDLES").glob("*.tdcert")
    assert run("enrol", "install", "--vault", commune, certificate, "--yes")[0] == 0

    assert run("hub", "run", "--data", data)[0] == 1
    code, out, _err = run("enrol", "root", "--vault", province, stick)
    words = re.search(r"sets up the hub: (.+)", out).group(1)
    (root,) = (stick / "TD-BUNDLES").glob("*.tdroot")
    assert run("enrol", "root", "--vault", commune, stick)[0] == 1
    code, out, _err = run("hub", "init", "--data", data, "--province", root, "--yes")
    assert (code, words in out) == (0, True)
    assert run("hub", "init", "--data", data, "--province", root, "--yes")[0] == 1
    # The answer that a commune was given holds the province's certificate as well.
    other = tmp_path / "khác"
    assert run("hub", "init", "--data", other, "--province", certificate, "--yes")[0] == 0

    assert run("hub", "add-desk", "--data", data, certificate)[0] == 0
    assert run("hub", "user", "--data", data, "it", "--password-file", _weak(tmp_path))[0] == 1
    assert run("hub", "user", "--data", data, "it")[0] == 0

    assert (
        run("add", "--vault", commune, resources.path("demo", "people.yaml"), "--group", "worked")[
            0
        ]
        == 0
    )
    assert run("exchange", "--vault", commune)[0] == 1
    code, _out, err = run("exchange", "--vault", commune, "--hub", "http://hub.gov.vn")
    assert (code, "https://" in err) == (1, True)
    process = Process(Place(data))
    try:
        code, out, err = run("exchange", "--vault", commune, "--hub", process.address)
        assert (code, "sent to the hub" in out) == (0, True), err
        found = json.loads(
            run("exchange", "--vault", province, "--hub", process.address, "--json")[1]
        )
        assert [len(r["new_cases"]) for r in found["taken"]] == [9]
        # The address is kept. What the receipt and the confirmed officers give rise to goes over too.
        assert "received confirmation" in run("exchange", "--vault", commune)[1]
        for vault in (province, commune, province):
            assert run("exchange", "--vault", vault)[0] == 0
        desks = json.loads(run("hub", "status", "--data", data, "--json")[1])["desks"]
        assert [(d["waiting"], d["revoked"]) for d in desks] == [(0, False)] * 2
        device = next(d["device"] for d in desks if not d["province"])
        assert "Lạng Sơn" in run("hub", "status", "--data", data)[1]

        assert run("hub", "revoke", "--data", data, "zzz")[0] == 1
        assert run("enrol", "withdraw", "--vault", commune, device)[0] == 1
        assert run("enrol", "withdraw", "--vault", province, device)[0] == 0
        assert run("exchange", "--vault", province)[0] == 0
        code, _out, err = run("exchange", "--vault", commune)
        assert (code, "withdrawn" in err) == (1, True)
        assert json.loads(run("hub", "status", "--data", data, "--json")[1])["shut_out"] == 1
        assert httpx.get(process.address + "/healthz").json() == {"status": "ok"}
    finally:
        process.stop()
    said = "".join(json.dumps(line, ensure_ascii=False) for line in process.lines)
    for word in ("127.0.0.1:", PASSWORD, "Hương", "huong", "2025/06040"):
        assert word not in said.replace("listening on 127.0.0.1:", "")
    assert run("exchange", "--vault", commune)[0] == 1


def _weak(folder: Path) -> Path:
    path = folder / "password"
    path.write_text("password1", "utf-8")
    return path


def test_wrong_calls(run, tmp_path: Path) -> None:
    assert run("hub")[0] == 2
    assert run("hub", "run", "--data", tmp_path, "--listen", "x")[0] == 2
    for act in (["status"], ["revoke", "x"], ["user", "x"]):
        code, _out, err = run("hub", act[0], "--data", tmp_path, *act[1:])
        assert (code, "hub init" in err) == (1, True)
    nothing = tmp_path / "nothing"
    nothing.write_bytes(b"{}")
    code, _out, err = run("hub", "init", "--data", tmp_path / "h", "--province", nothing, "--yes")
    assert (code, bool(err)) == (1, True)
    assert not (tmp_path / "h").exists()
