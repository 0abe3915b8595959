"""Every Vietnamese letter is drawn, and what cannot be drawn is refused."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest

from papers.measure import find, flat
from traffick_desk import i18n, papers, resources
from traffick_desk.papers import fonts

VIETNAMESE = "".join(map(chr, range(0x1EA0, 0x1EFA))) + "ĂÂĐÊÔƠƯăâđêôơư₫" + "ÀÁÃÈÉÌÍÒÓÕÙÚÝĨŨ"
RECORD = "noi-bo/bien-ban-tiep-nhan"


@pytest.mark.parametrize("face", fonts.FILES)
def test_every_vietnamese_letter_has_a_glyph_of_its_own(face) -> None:
    from reportlab.pdfbase import pdfmetrics

    fonts.faces()
    glyphs = pdfmetrics.getFont(face).face.charToGlyph
    own = [glyphs[ord(letter)] for letter in VIETNAMESE]
    assert 0 not in own
    assert len(set(own)) == len(VIETNAMESE)


def test_the_font_is_the_one_that_its_readme_names_and_has_its_licence() -> None:
    readme = resources.path("fonts", "README.md").read_text(encoding="utf-8")
    for file in fonts.FILES.values():
        digest = hashlib.sha256(resources.path("fonts", file).read_bytes()).hexdigest()
        assert f"| {file} | {digest} |" in readme
    licence = resources.path("fonts", "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Red Hat" in licence


def test_all_vietnamese_letters_can_be_copied_out_of_the_pdf(facts, look) -> None:
    # More than 256 different characters in one face: the font is embedded in several parts.
    others = "".join(chr(c) for c in range(0x100, 0x180)) + "αβγδεζηθικλμνξοπρστυφχψωабвгдежзийк"
    facts["reception"]["condition"] = VIETNAMESE + others
    pages = look(papers.render(RECORD, facts))
    joined = "".join("".join(flat(page).split()) for page in pages)
    for letter in unicodedata.normalize("NFC", VIETNAMESE + others):
        assert letter in joined


def test_pdfium_reads_the_same_text(facts) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(papers.render(RECORD, facts))
    read = document[0].get_textpage().get_text_range()
    document.close()
    assert "Họ và tên: Lý Thị Mẩy" in read
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in read


def test_the_fonts_are_embedded_as_subsets(facts, look) -> None:
    pdf = papers.render(RECORD, facts)
    names = {char["fontname"] for page in look(pdf) for char in page.chars}
    assert all(name[6] == "+" for name in names)
    assert pdf.count(b"/FontFile2") == len(names)
    assert len(pdf) < 150_000


def test_decomposed_text_prints_as_composed(facts, look) -> None:
    composed = papers.render(RECORD, facts)
    name = unicodedata.normalize("NFD", facts["person"]["name"])
    assert name != facts["person"]["name"]
    facts["person"]["name"] = name
    assert papers.render(RECORD, facts) == composed
    assert find(look(composed)[0], "Lý Thị Mẩy")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("សុខា", "U+179F"),
        ("王芳", "U+738B"),
        ("שלום", "U+05E9"),
        ("سلام", "U+0633"),
        ("Mẩy 🙂", "U+1F642"),
        ("\ud800", "U+D800"),
        ("\ue000", "U+E000"),
        ("\uffff", "U+FFFF"),
    ],
)
def test_a_character_that_cannot_be_drawn_is_an_error_with_its_place(name, code, facts) -> None:
    facts["person"]["name"] = name
    with pytest.raises(papers.MissingGlyph) as caught:
        papers.render(RECORD, facts)
    assert caught.value.path == "person.name"
    for part in (code, '"Full name"', "Latin letters", "Nothing was printed"):
        assert part in str(caught.value)
    assert str(caught.value).encode()


def test_the_error_names_a_field_within_a_list_and_speaks_vietnamese(facts) -> None:
    i18n.set_language("vi")
    facts["minors"][0]["name"] = "王"
    with pytest.raises(papers.MissingGlyph, match="Họ và tên người đi cùng") as caught:
        papers.render(RECORD, facts)
    assert caught.value.path == "minors[].name"
    assert "chữ La-tinh" in str(caught.value)


def test_invisible_characters_are_left_out_and_other_spaces_become_plain(facts, look) -> None:
    facts["person"]["name"] = "Lý\u202e\x00\u200b Thị\u2003Mẩy\x07\ufeff\u00ad"
    assert find(look(papers.render(RECORD, facts))[0], "Lý Thị Mẩy")


def test_a_value_of_invisible_characters_is_missing(facts, look) -> None:
    facts["person"]["name"] = "\u202e\u200b\x00"
    assert find(look(papers.render(RECORD, facts))[0], "Họ và tên: ........")


def test_braces_and_markup_in_values_print_as_they_are(facts, look) -> None:
    facts["person"]["name"] = "{officer.name} {{b}} {if x} <b>&amp;%s \\n"
    page = look(papers.render(RECORD, facts))[0]
    assert find(page, "Họ và tên: {officer.name} {{b}} {if x} <b>&amp;%s \\n")


def test_a_space_that_does_not_break_does_not_push_a_line_over_the_margin(facts, look) -> None:
    facts["reception"]["condition"] = "một\u00a0hai ba\u00a0bốn năm " * 60
    for page in look(papers.render(RECORD, facts)):
        assert max(c["x1"] for c in page.chars if c["text"].strip()) <= 190 * 72 / 25.4 + 0.1
