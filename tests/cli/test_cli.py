"""The command line does the whole journey, and says what went wrong in words."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from traffick_desk import i18n, resources
from traffick_desk.cli import main

PASSWORD = "mười hai con mèo ngủ trưa"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("TRAFFICK_DESK_PASSWORD", PASSWORD)

    def one(*arguments: object) -> tuple[int, str, str]:
        before = i18n.language()
        try:
            code = main([str(a) for a in arguments])
        finally:
            i18n.set_language(before)
        seen = capsys.readouterr()
        assert "Traceback" not in seen.err
        return code, seen.out, seen.err

    return one


def _create(run: Run, vault: Path, profile: str, unit: str) -> None:
    code, out, err = run("create", "--vault", vault, "--profile", profile, "--unit", unit,
                         "--officer", "Nguyễn Thị Hương", "--login", "huong")  # fmt: skip
    assert (code, err) == (0, "")
    assert "Mã khôi phục" in out


def test_the_whole_journey(run: Run, tmp_path: Path) -> None:
    commune, province, stick = tmp_path / "xã", tmp_path / "tỉnh", tmp_path / "usb"
    stick.mkdir()
    _create(run, commune, "commune", "That Khe Lang Son")
    _create(run, province, "province", "Lạng Sơn")

    assert run("enrol", "request", "--vault", commune, stick)[0] == 0
    (request,) = (stick / "TD-BUNDLES").glob("*.tdrequest")
    assert run("enrol", "accept", "--vault", province, request, stick, "--yes")[0] == 0
    (certificate,) = (stick / "TD-BUNDLES").glob("*.tdcert")
    assert run("enrol", "install", "--vault", commune, certificate, "--yes")[0] == 0

    people = resources.path("demo", "people.yaml")
    code, out, _err = run("add", "--vault", commune, people, "--group", "worked")
    assert code == 0
    numbers = {line.split("\t")[1]: line.split("\t")[0] for line in out.splitlines()}
    assert set(numbers) == {f"E{i}" for i in range(1, 10)}

    assert len(json.loads(run("list", "--vault", commune, "--json")[1])) == 9
    assert "Vàng Thị Dợ" in run("search", "--vault", commune, "vang", "thi", "do")[1]
    assert "Thông báo cho Sở Y tế" in run("today", "--vault", commune)[1]

    shown = json.loads(run("show", "--vault", commune, numbers["E7"], "--json")[1])
    assert shown["entitlements"][0]["known_total"]["amount"] == 6_300_000
    assert "6.300.000 ₫" in run("show", "--vault", commune, numbers["E7"])[1]

    pdf = tmp_path / "giấy.pdf"
    code, out, _err = run("paper", "--vault", commune, numbers["E5"],
                          "noi-bo/bien-ban-tiep-nhan", "--output", pdf)  # fmt: skip
    assert code == 0
    assert "không mã hóa" in out
    assert pdf.read_bytes().startswith(b"%PDF-")

    assert run("request", "--vault", commune, numbers["E2"], "L53/k")[0] == 0
    code, out, _err = run("export", "--vault", commune, stick)
    assert code == 0
    assert "Có thể rút USB" in out
    (report,) = json.loads(run("import", "--vault", province, stick, "--json")[1])
    assert (report["outcome"], len(report["new_cases"])) == ("applied", 9)
    assert "import" not in run("import", "--vault", province, stick)[2]

    code, _out, err = run("decide", "--vault", province, numbers["E2"], "L53/k", "returned")
    assert code == 1
    assert "lý do" in err
    assert run("decide", "--vault", province, numbers["E2"], "L53/k", "approved")[0] == 0
    assert run("export", "--vault", province, stick)[0] == 0
    assert "1 quyết định" in run("import", "--vault", commune, stick)[1]
    assert "Tỉnh đã duyệt" in run("today", "--vault", commune)[1]
    assert "Lạng Sơn" in run("links", "--vault", commune)[1] or run("links", "--vault", commune)[1]

    assert run("verify", "--vault", commune)[0] == 0
    backups = tmp_path / "sao lưu"
    backups.mkdir()
    assert run("backup", "--vault", commune, backups)[0] == 0
    (copy,) = next(backups.iterdir()).iterdir()
    assert run("restore", copy, "--vault", tmp_path / "mới", "--login", "huong")[0] == 0
    assert len(json.loads(run("list", "--vault", tmp_path / "mới", "--json")[1])) == 9


def test_papers_of_the_command_line(run: Run, tmp_path: Path) -> None:
    vault, pdf = tmp_path / "xã", tmp_path / "giấy.pdf"
    _create(run, vault, "commune", "2025/06040")
    code, out, _err = run("paper", "--vault", vault, "x")
    assert (code, "noi-bo/phieu-tham" in out, "chưa được người bản ngữ" in out) == (0, True, True)
    # Blank forms and the list need no case.
    assert run("paper", "--vault", vault, "noi-bo/phieu-tham", "--blank", "--output", pdf)[0] == 0
    assert run("list-paper", "--vault", vault, "--month", "2026-10", "--output", pdf)[0] == 0
    for month in ("2026-13", "tháng"):
        code, _out, err = run("list-paper", "--vault", vault, "--month", month, "--output", pdf)
        assert (code, "2026-10" in err) == (1, True)

    out = run("add", "--vault", vault, resources.path("demo", "people.yaml"), "--group", "worked")[
        1
    ]
    number = next(line.split("\t")[0] for line in out.splitlines() if line.endswith("\tE5"))
    form = "noi-bo/bien-ban-tiep-nhan"
    code, _out, err = run("paper", "--vault", vault, number, form, "--again", "--output", pdf)
    assert (code, number in err) == (1, True)
    out = run("paper", "--vault", vault, number, form, "--output", pdf)[1]
    first = pdf.read_bytes()
    (short,) = re.findall(r"\d{4}-\d{4}-\d{4}", out)
    assert run("search", "--vault", vault, short)[1].startswith(number)
    assert run("search", "--vault", vault, *short.split("-"))[1].startswith(number)
    code, out, _err = run("paper", "--vault", vault, number, form, "--again", "--output", pdf)
    assert (code, short in out) == (0, True)
    assert pdf.read_bytes() != first
    shown = run("show", "--vault", vault, number)[1]
    assert short in shown
    assert "1:eJ" not in shown
    assert run("list-paper", "--vault", vault, "--with-names", "--output", pdf)[0] == 0
    code, _out, err = run("paper", "--vault", vault, form, "--output", pdf)
    assert (code, "--blank" in err) == (1, True)
    code, _out, err = run("paper", "--vault", vault, number, "không/có", "--output", pdf)
    assert (code, "không/có" in err) == (1, True)


def test_the_costs_of_a_year(run: Run, tmp_path: Path) -> None:
    vault = tmp_path / "tỉnh"
    _create(run, vault, "province", "Lạng Sơn")
    people = resources.path("demo", "people.yaml")
    added = run("add", "--vault", vault, people, "--group", "worked")[1]
    numbers = {line.split("\t")[1]: line.split("\t")[0] for line in added.splitlines()}
    year = ("--from", "2022-01-01", "--to", "2022-12-31")

    found = json.loads(run("costs", "--vault", vault, *year, "--json")[1])
    assert (found["cases"], found["people"]) == (1, 1)
    assert found["known"] == {"amount": 6_300_000, "at_least": True, "text": "ít nhất 6.300.000 ₫"}
    assert [unit["known"]["amount"] for unit in found["units"]] == [6_300_000]
    items = {i["level"]: i for regime in found["regimes"] for i in regime["items"]}
    assert (items["O-HG-meal"]["quantity"], items["O-HG-meal"]["total"]) == (40, 2_400_000)
    assert (items["O-fare"]["kind"], items["O-fare"]["total"]) == ("real_cost", None)

    out = run("--language", "en", "costs", "--vault", vault, *year)[1]
    assert "1 case, 1 person" in out
    assert "6,300,000 ₫" in out
    assert "Fee exemption and study cost · 1 person · needs review" in out
    assert "Tỉnh Lạng Sơn" in out

    case = ("--case", numbers["E7"])
    out = run("--language", "en", "costs", "--vault", vault, *year, *case)[1]
    assert "60,000 ₫/person per day × 40 · 2,400,000 ₫ · if approved" in out
    found = json.loads(run("costs", "--vault", vault, *year, *case, "--json")[1])
    assert found["persons"][0]["if_approved"]["amount"] == 6_300_000

    later = ("--from", "2027-01-01", "--to", "2027-12-31")
    assert json.loads(run("costs", "--vault", vault, *later, "--json")[1])["cases"] == 0
    out = run("--language", "en", "costs", "--vault", vault, *later, "--forecast")[1]
    assert "01/01/2027 – 31/12/2027, forecast as of" in out
    assert "Circular 120/2026/TT-BTC" in out
    assert "Not applied for yet, on top of it: amount not available" in out

    code, _out, err = run("costs", "--vault", vault, "--from", "2026-02-01", "--to", "2026-01-01")
    assert (code, "ngày đầu phải trước ngày cuối" in err) == (1, True)
    assert run("costs", "--vault", vault, *year, "--case", "TD-9999/2026")[0] == 1
    assert run("costs", "--vault", vault, "--from", "hôm nay", "--to", "2026-01-01")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("list", "--vault", "{tmp}/không có"), "kho dữ liệu"),
        (("entitlements", "{tmp}/không.json"), "không.json"),
        (("units", "zzzz"), ""),
        (("import", "--vault", "{tmp}/không có", "{tmp}"), "kho dữ liệu"),
    ],
)
def test_what_is_not_there_is_said_in_words(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    code, _out, err = run(*(a.replace("{tmp}", str(tmp_path)) for a in arguments))
    assert code == 1
    assert words in err


def test_a_wrong_password_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _create(run, tmp_path / "v", "commune", "2025/06040")
    monkeypatch.setenv("TRAFFICK_DESK_PASSWORD", "không phải mật khẩu này")
    code, out, err = run("list", "--vault", tmp_path / "v")
    assert (code, out) == (1, "")
    assert err.strip()


def test_a_wrong_call_exits_with_two(run: Run) -> None:
    assert run("decide")[0] == 2
    assert run("nonsense")[0] == 2
    assert run("--help")[0] == 0


@pytest.mark.parametrize("language", ["vi", "en"])
def test_help_is_good_enough_to_work_from(run: Run, language: str) -> None:
    out = run("--language", language, "--help")[1]
    for command in (
        "create",
        "list",
        "export",
        "import",
        "verify",
        "entitlements",
        "enrol",
        "costs",
    ):
        assert command in out
        assert run("--language", language, command, "--help")[0] == 0


def test_entitlements_from_a_file_of_facts(run: Run, tmp_path: Path) -> None:
    facts = {
        "status": [{"status": "in_process", "from": "2026-11-20"}],
        "citizenship": "VN",
        "location": "in_country",
        "birth": "2004-04-04",
        "as_of": "2026-11-21",
        "events": {"commune_received": "2026-11-20T20:40"},
    }
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(facts), "utf-8")
    code, out, _err = run("entitlements", file)
    assert code == 0
    answer = json.loads(out)
    granted = [r["regime"] for r in answer["regimes"] if r["outcome"] == "granted"]
    assert granted == list("abcdđeg")
    assert {c["id"]: c["state"] for c in answer["clocks"]}["CLK-02"] == "overdue"
    assert "chưa có mức chi" in run("entitlements", file, "--text")[1]


def test_a_time_line_from_a_file_of_facts(run: Run, tmp_path: Path) -> None:
    facts = {
        "status": [
            {"status": "in_process", "from": "2026-10-01"},
            {"status": "not_victim", "from": "2026-10-15"},
        ],
        "citizenship": "VN",
        "location": "in_country",
        "as_of": "2027-03-21",
        "studying": "yes",
        "stays": [{"from": "2026-10-01", "to": "2026-10-14"}],
    }
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(facts), "utf-8")
    code, out, _err = run("entitlements", file, "--timeline")
    assert code == 0
    periods = json.loads(out)["periods"]
    assert [p["from"] for p in periods] == ["2026-10-01", "2026-10-15"]
    code, out, _err = run("--language", "en", "entitlements", file, "--timeline", "--text")
    assert code == 0
    assert "15/10/2026 – 21/03/2027" in out
    assert "Nothing is due under this law." in out
    assert "14 days used" in out
    facts |= {"status": "victim", "identified_on": "2026-01-05", "birth": "2012"}
    facts["stays"] = [{"from": "2026-06-01"}]
    file.write_text(json.dumps(facts), "utf-8")
    out = run("--language", "en", "entitlements", file, "--timeline", "--text")[1]
    assert "Needs review: The days from 01/06/2026 to 28/09/2026 are covered" in out
    assert "Needs review: Given for this many school years: 2." in out


def test_rules_are_checked_and_compared(run: Run, tmp_path: Path) -> None:
    code, out, _err = run("--language", "en", "rules", "check")
    assert code == 0
    assert "SHA-256" in out
    assert "   12  worked examples" in out
    for path in resources.path("rules").glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    file = tmp_path / "levels-2011.yaml"
    text = file.read_text("utf-8")
    code, out, _err = run("--language", "en", "rules", "diff", resources.path("rules"), tmp_path)
    assert (code, out) == (0, "The rules are the same.\n")
    file.write_text(text.replace("vnd: 60000", "vnd: 70000", 1), "utf-8")
    code, out, _err = run("--language", "en", "rules", "diff", resources.path("rules"), tmp_path)
    assert code == 0
    assert "known total: 6,300,000 ₫ → 6,700,000 ₫" in out
    file.write_text(
        text.replace("en: Guard", "en: Guard ", 1).replace("need: guard", "need: guards", 1),
        "utf-8",
    )
    out = run("--language", "en", "rules", "diff", resources.path("rules"), tmp_path)[1]
    assert out.endswith("Worked examples whose result changes:\n  none\n")
    file.write_text(text.replace("need: guard", "need: []", 1), "utf-8")
    code, out, _err = run("--language", "en", "rules", "check", tmp_path)
    assert code == 1
    assert out.startswith("levels-2011.yaml:")
    assert run("rules", "diff", resources.path("rules"), tmp_path)[0] == 1
    code, _out, err = run("--language", "en", "rules", "check", tmp_path / "không có")
    assert (code, "không có" in err) == (1, True)


AMENDMENTS = """
kind: amendments
number: {number}
made_on: 2026-11-21
note: Mức ăn
changes:
  - level: {level}
    from: 2026-10-01
    amount: {{vnd: 70000}}
    cite: [{{instrument: C120, article: '5', sources: [bản giấy]}}]
    mark: T
"""


def test_a_province_tries_signs_shows_and_takes_back_its_rules(run: Run, tmp_path: Path) -> None:
    province, commune = tmp_path / "tỉnh", tmp_path / "xã"
    _create(run, province, "province", "Lạng Sơn")
    _create(run, commune, "commune", "That Khe Lang Son")
    file, bad = tmp_path / "sửa đổi.yaml", tmp_path / "sai.yaml"
    file.write_text(AMENDMENTS.format(number=1, level="N-a-meal"), "utf-8")
    bad.write_text(AMENDMENTS.format(number=1, level="N-a-gone"), "utf-8")

    code, out, _err = run("rules", "amend", file)
    assert code == 0
    assert "→ 70.000 ₫/người/ngày (từ ngày 01/10/2026; Điều 5 Thông tư 120/2026/TT-BTC)" in out
    assert "E1 (Sokha" in out
    code, out, _err = run("rules", "amend", bad)
    assert code == 1
    assert "“N-a-gone”" in out

    assert "Tỉnh chưa ký quy định riêng nào." in run("rules", "show", "--vault", province)[1]
    code, out, err = run("rules", "sign", "--vault", province, bad)
    assert code != 0
    assert "Chưa ký quy định" in err
    code, _out, err = run("rules", "sign", "--vault", commune, file)
    assert code != 0
    assert "không" in err
    code, out, _err = run("rules", "sign", "--vault", province, file)
    assert code == 0
    assert "Đã ký, số 1" in out
    shown = run("rules", "show", "--vault", province)[1]
    assert "Quy định của tỉnh số 1" in shown
    assert "70.000 ₫/người/ngày" in shown
    assert (
        run("rules", "show", "--vault", province, "--text")[1].strip() == file.read_text().strip()
    )
    assert run("rules", "withdraw", "--vault", province, 7, "sai")[0] != 0
    assert run("rules", "withdraw", "--vault", province, 1, "sai mức")[0] == 0
    assert "Tỉnh chưa ký quy định riêng nào." in run("rules", "show", "--vault", province)[1]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"as_of": 3}', '{"nonsense": 1}', "[" * 100_000, '{"as_of": "2026-02-30"}'],
    ids=["empty", "list", "cut", "number", "unknown key", "deep", "no date"],
)
def test_bad_facts_are_refused_in_words(run: Run, tmp_path: Path, text: str) -> None:
    file = tmp_path / "facts.json"
    file.write_text(text, "utf-8")
    code, out, err = run("entitlements", file)
    assert (code, out) == (1, "")
    assert err.strip()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_file_of_people_that_cannot_be_read_is_refused_whole(
    run: Run, tmp_path: Path, language: str
) -> None:
    _create(run, tmp_path / "v", "commune", "2025/06040")
    file = tmp_path / "people.yaml"
    for text in ("- x", "a: [{person: {nonsense: 1}}]", "a: [{x: 1}]", "\x00", "a: ["):
        file.write_text(text, "utf-8")
        code, _out, err = run("--language", language, "add", "--vault", tmp_path / "v", file)
        assert code == 1, text
        assert err.strip()
    assert json.loads(run("list", "--vault", tmp_path / "v", "--json")[1]) == []


def test_the_module_can_be_run() -> None:
    import subprocess

    done = subprocess.run(
        [sys.executable, "-m", "traffick_desk", "--version"],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(resources.path().parent / "src"), "PATH": ""},
    )
    assert done.stdout.startswith("traffick-desk ")


def test_an_old_register_is_taken_in_once_and_a_list_names_nobody(run: Run, tmp_path: Path) -> None:
    vault = tmp_path / "xã"
    _create(run, vault, "commune", "That Khe Lang Son")
    old = tmp_path / "sổ cũ.csv"
    old.write_text(
        "STT;Họ và tên;Năm sinh;Mã riêng\n1;Nông Thị Lan;1998;A1\n2;Lò Văn Đắc;?;A2\n", "utf-8"
    )
    code, out, _err = run("import", "--vault", vault, old, "--dry-run")
    assert code == 0
    assert "Chưa ghi gì cả" in out
    assert json.loads(run("list", "--vault", vault, "--json")[1]) == []

    mapping = tmp_path / "map.json"
    assert run("import-register", "--vault", vault, old, "--write-map", mapping)[0] == 0
    text = mapping.read_text("utf-8").replace('"is": "note"', '"is": "case.old_number"')
    mapping.write_text(text, "utf-8")
    more = ("--map", mapping, "--status", "victim", "--citizenship", "VN")
    assert "Đã lập 2 hồ sơ" in run("import", "--vault", vault, old, *more)[1]
    assert "Đã lập 0 hồ sơ" in run("import-register", "--vault", vault, old)[1]
    people = json.loads(run("list", "--vault", vault, "--json")[1])
    assert {p["status"] for p in people} == {"victim"}

    table = tmp_path / "l.csv"
    code, out, _err = run("export-list", "--vault", vault, table)
    assert code == 0
    assert "không được mã hóa" in out
    assert "Lan" not in table.read_text("utf-8-sig")
    asked = ("--columns", "case.file_no,person.name")
    code, _out, err = run("export-list", "--vault", vault, table, *asked)
    assert (code, "Họ và tên" in err) == (1, True)
    assert run("export-list", "--vault", vault, table, *asked, "--identifying")[0] == 0
    assert "Nông Thị Lan" in table.read_text("utf-8-sig")
    assert "person.name" in run("export-list", "--vault", vault, table, "--show-columns")[1]
    assert run("export-list", "--vault", vault, table, "--columns", "x")[0] == 1
    assert run("import-register", "--vault", vault, tmp_path / "none.csv")[0] == 1


def test_tips_from_the_command_line(run: Run, tmp_path: Path) -> None:
    vault, file = tmp_path / "xã", tmp_path / "tin.json"
    _create(run, vault, "commune", "That Khe Lang Son")
    code, out, _err = run("tip", "add", "--vault", vault, "--channel", "hotline", "--urgency",
                          "now", "--about", "Hai cô gái bị đưa lên xe khách")  # fmt: skip
    assert code == 0
    number = out.strip()
    assert re.fullmatch(r"TB[B-Z2-9]{3,}-0001/\d{4}", number)
    told = [{"channel": "letter", "urgency": "later", "about": f"Tin số {n}"} for n in (1, 2)]
    file.write_text(json.dumps(told), "utf-8")
    second, third = run("tip", "add", "--vault", vault, "--file", file)[1].split()
    listed = run("tip", "list", "--vault", vault)[1]
    assert [line.split()[0] for line in listed.splitlines()[1:]] == [number, third, second]
    assert "Tổng đài 111" not in listed
    assert json.loads(run("list", "--vault", vault, "--json")[1]) == []
    assert number in run("today", "--vault", vault)[1]

    assert run("tip", "forward", "--vault", vault, number, "police", "--by", "phone")[0] == 0
    assert run("tip", "answer", "--vault", vault, number, "Đã đón được hai cháu")[0] == 0
    assert "Đã đón được hai cháu" in run("show", "--vault", vault, number)[1]
    assert run("tip", "close", "--vault", vault, second, "no_sign")[0] == 0
    assert len(json.loads(run("tip", "list", "--vault", vault, "--json")[1])) == 2
    assert len(json.loads(run("tip", "list", "--vault", vault, "--json", "--all")[1])) == 3
    assert run("tip", "reopen", "--vault", vault, second)[0] == 0

    people = resources.path("demo", "people.yaml")
    case = run("add", "--vault", vault, people, "--group", "worked")[1].split("\t")[0]
    assert run("tip", "join", "--vault", vault, number, case)[0] == 0
    code, _out, err = run("tip", "close", "--vault", vault, number, "no_sign")
    assert (code, "đã được giải quyết" in err) == (1, True)


@pytest.mark.parametrize("text", ["", "[1]", '{"name": "x"}', "{"])
def test_a_file_without_tips_is_refused_in_words(run: Run, tmp_path: Path, text: str) -> None:
    vault, file = tmp_path / "xã", tmp_path / "tin.json"
    _create(run, vault, "commune", "That Khe Lang Son")
    file.write_text(text, "utf-8")
    code, _out, err = run("tip", "add", "--vault", vault, "--file", file)
    assert code == 1
    assert "tin.json" in err
    code, _out, err = run("tip", "add", "--vault", vault, "--about", "Xe khách")
    assert code == 1
    assert "Mức độ khẩn cấp" in err
    code, _out, err = run("tip", "forward", "--vault", vault, "TB-0001/2026", "police")
    assert (code, "TB-0001/2026" in err) == (1, True)
