"""Khmer, Lao and Chinese on the rights card: every sign drawn, in its place, and said to be unchecked."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys

import pytest

from papers.measure import flat
from papers.test_form_files import GOOD
from traffick_desk import papers, resources
from traffick_desk.papers import compose, fonts, formfile, shaping
from traffick_desk.papers.lines import break_lines
from traffick_desk.papers.template import Text
from traffick_desk.papers.values import Run, Scope

CARDS = {"km": shaping.KHMER, "lo": shaping.LAO, "zh": shaping.HAN}
KEYS = {language: f"noi-bo/the-quyen-{language}" for language in CARDS}
CARD = "noi-bo/the-quyen"


def texts(form):
    """The form's own texts, as they stand in its file."""
    found = []
    for part in form.parts:
        nodes = part.block.text.nodes
        found.append("".join(n.text if isinstance(n, Text) else "{}" for n in nodes))
    return found


def own(language):
    """The parts of a card's texts that are in its script, with the face that draws them."""
    form = formfile.find(KEYS[language])
    whole = [*texts(form), *(n.text for n in form.unchecked.nodes)]
    for line in whole:
        for bold in (False, True):
            yield from ((t, name) for t, name in shaping.runs(line, bold=bold) if name)


@pytest.mark.parametrize("language", CARDS)
def test_a_text_that_nobody_checked_says_so_in_both_languages(language, facts, look) -> None:
    info = papers.form(KEYS[language])
    assert (info.language, info.checked) == (language, False)
    assert "chưa được người bản ngữ kiểm tra" in info.title.vi
    first = look(papers.render(info.key, facts))[0]
    assert "Bản dịch này chưa được người bản ngữ kiểm tra." in flat(first)
    note = formfile.find(info.key).unchecked.nodes[0].text
    assert re.search(f"[{CARDS[language].chars}]", note)


@pytest.mark.parametrize("language", CARDS)
def test_every_sign_has_a_glyph_and_no_mark_stands_alone(language) -> None:
    seen = 0
    for part, name in own(language):
        face = shaping.face(name)
        for unit in shaping.units(part, name):
            numbers = face.numbers(unit)
            seen += len(numbers)
            assert 0 not in numbers, unit
            if CARDS[language].shaped:
                # HarfBuzz puts a dotted circle below a mark that has nothing to stand on.
                circle = face.numbers("\u25cc")
                assert not set(circle) & set(numbers), unit
    assert seen > 500


@pytest.mark.parametrize("language", CARDS)
def test_the_card_says_the_same_in_vietnamese_as_the_card_that_was_checked(language) -> None:
    vietnamese = texts(formfile.find(CARD))
    here = texts(formfile.find(KEYS[language]))
    half = here.index("QUYỀN CỦA BẠN")
    assert here[half:] == vietnamese[: len(here) - half]
    # Eight rights, the title, whom to call, and that it is not all: in both languages.
    assert half == len(here) - half == 11
    for one, two in zip(here[:half], here[half:], strict=True):
        laws = r"\d+/\d{4}/(?:QH15|NĐ-CP)|\b111\b"
        assert re.findall(laws, one) == re.findall(laws, two)
        assert one.count("{}") == two.count("{}")


@pytest.mark.parametrize("language", CARDS)
def test_a_card_is_one_sheet_and_can_be_read_by_a_program(language, facts, look) -> None:
    import pypdfium2

    pdf = papers.render(KEYS[language], facts)
    assert papers.page_count(pdf) == 2
    document = pypdfium2.PdfDocument(pdf)
    read = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert facts["unit"]["phone"] in read
    assert len(re.findall(f"[{CARDS[language].chars}]", read)) > 200
    for word in ("mua bán", "nạn nhân", "traffick", "victim", "拐卖", "受害"):
        assert word not in read.lower()


@pytest.mark.parametrize("language", ["km", "lo"])
def test_a_line_breaks_only_between_words(language) -> None:
    whole = max((part for part, _name in own(language)), key=len)
    name = CARDS[language].regular
    lines = break_lines([Run(whole, name)], 90, 16)
    assert len(lines) > 3
    words = whole.replace(" ", shaping.MAY_BREAK).split(shaping.MAY_BREAK)
    ends = {"".join(words[:n]) for n in range(len(words) + 1)}
    said = ""
    for line in lines:
        said += line.text.replace(" ", "")
        assert said in ends
        assert sum(fonts.faces().width(t, face, 16) for face, t in line.spans) <= 90
    assert said == "".join(words)


def test_chinese_breaks_anywhere_but_not_before_its_full_stop() -> None:
    whole = "您有权知道（自己）的权利。随时可以询问，" * 12
    for width in range(60, 200, 7):
        lines = break_lines([Run(whole, shaping.HAN.regular)], width, 18)
        assert "".join(line.text for line in lines) == whole
        for line in lines:
            assert line.text[0] not in "。，）"
            assert line.text[-1] != "（"
            assert line.width <= width


def test_a_number_within_chinese_text_stands_with_no_space_and_is_not_torn() -> None:
    runs = [Run("第", shaping.HAN.regular), Run("53/2024/QH15", fonts.REGULAR)]
    runs += [Run("号法律。", shaping.HAN.regular)]
    (line,) = break_lines(runs, 400, 16)
    assert line.text == "第53/2024/QH15号法律。"
    assert "53/2024/QH15" in [part.text for part in break_lines(runs, 110, 16)][1]


@pytest.mark.parametrize("character", ["ก", "က", "龘", "한", "ש"])
def test_a_character_that_no_face_has_is_an_error_in_a_form_too(character) -> None:
    form = formfile.read(GOOD.replace("'Họ và tên: ", f"'{character} Họ và tên: "), "x.yaml")
    with pytest.raises(papers.MissingGlyph) as caught:
        compose.Composer(form, Scope({}, form.label))
    assert caught.value.character == character


@pytest.mark.parametrize("name", ["សុខា", "ສຸກ", "王芳"])
def test_a_name_in_these_scripts_stays_an_error(name, facts) -> None:
    facts["officer"]["name"] = name
    for key in KEYS.values():
        with pytest.raises(papers.MissingGlyph):
            papers.render(key, facts)


def test_what_was_drawn_before_changes_no_byte(facts) -> None:
    program = (
        "import hashlib,sys; from traffick_desk import papers;"
        "made=[hashlib.sha256(papers.render(k,{})).hexdigest() for k in sys.argv[1:]];"
        "print(dict(zip(sys.argv[1:],made)))"
    )
    keys = [*KEYS.values(), "noi-bo/bien-ban-tiep-nhan"]
    seen = []
    for order in (keys, keys[::-1]):
        done = subprocess.run(
            [sys.executable, "-c", program, *order],
            env={"PYTHONPATH": ":".join(sys.path)}, check=True, capture_output=True, text=True,
        )  # fmt: skip
        seen.append(eval(done.stdout))
    assert seen[0] == seen[1]


def test_vietnamese_papers_load_no_other_face() -> None:
    program = (
        "import sys; from traffick_desk import papers;"
        "[papers.render(f.key,{}) for f in papers.forms() if f.language=='vi'];"
        "from reportlab.pdfbase import pdfmetrics;"
        "print([n for n in pdfmetrics.getRegisteredFontNames() if 'Noto' in n or 'Droid' in n])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": ":".join(sys.path)}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("language", CARDS)
def test_the_fonts_are_embedded_as_subsets(language, facts, look) -> None:
    pdf = papers.render(KEYS[language], facts)
    names = {char["fontname"] for page in look(pdf) for char in page.chars}
    assert any(shaping.FILES[CARDS[language].regular].split("-")[0] in name for name in names)
    assert all(name[6] == "+" for name in names)
    assert len(pdf) < 250_000


def test_the_fonts_are_those_that_the_readme_names_and_have_their_licence() -> None:
    readme = resources.path("fonts", "README.md").read_text(encoding="utf-8")
    for file in shaping.FILES.values():
        digest = hashlib.sha256(resources.path("fonts", file).read_bytes()).hexdigest()
        assert f"| {file} | {digest} |" in readme
    for file, words in (("OFL-Noto.txt", "SIL OPEN FONT LICENSE"), ("Apache-2.0.txt", "Apache")):
        assert words in resources.path("fonts", file).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("language: km\n", "says whether"),
        ("checked: true\n", "says whether"),
        ("language: km\nchecked: false\n", "says so"),
        ("language: km\nchecked: true\nunchecked: x\n", "says so"),
        ("language: xx\nchecked: true\n", "one of"),
    ],
)
def test_a_form_in_another_language_must_say_whether_it_was_checked(more, reason) -> None:
    with pytest.raises(papers.FormError, match=reason):
        formfile.read(GOOD.replace("facts:", f"{more}facts:"), "x.yaml")


def test_a_checked_card_prints_no_such_line(look) -> None:
    good = GOOD.replace("facts:", "language: km\nchecked: true\nfacts:")
    form = formfile.read(good, "x.yaml")
    pieces = compose.Composer(form, Scope({}, form.label)).pieces
    assert not [p for p in pieces if "frame" in getattr(p.draw, "__qualname__", "")]
    assert form.info.checked
