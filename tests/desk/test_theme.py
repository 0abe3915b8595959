"""The look: contrast, sizes, icons."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QPushButton

from traffick_desk import resources
from traffick_desk.desk import icons, kit, theme


@pytest.mark.parametrize("colours", theme.SCHEMES.values(), ids=theme.SCHEMES)
def test_every_pair_of_text_and_ground_can_be_read(colours):
    for front, back in theme.TEXT_PAIRS:
        ratio = theme.contrast(getattr(colours, front), getattr(colours, back))
        assert ratio >= 4.5, f"{front} on {back}: {ratio:.2f}"


@pytest.mark.parametrize("colours", theme.SCHEMES.values(), ids=theme.SCHEMES)
def test_the_outline_of_a_control_can_be_seen(colours):
    for front, back in theme.OUTLINE_PAIRS:
        ratio = theme.contrast(getattr(colours, front), getattr(colours, back))
        assert ratio >= 3, f"{front} on {back}: {ratio:.2f}"


def test_contrast_is_that_of_wcag():
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", theme.SCHEMES)
@pytest.mark.parametrize("percent", theme.TEXT_PERCENTS)
def test_the_stylesheet_names_only_known_sizes(scheme, percent):
    sheet = theme.chosen(scheme, percent).stylesheet
    assert "$" not in sheet
    sizes = {float(s) for s in re.findall(r"font-size: ([\d.]+)pt", sheet)}
    assert sizes <= {s * percent / 100 for s in (11, 13, 16, 20)}


def test_an_impossible_setting_falls_back(desk_app):
    assert theme.chosen("violet", 900).percent == 200
    assert theme.chosen("violet", 20) == theme.Theme(theme.LIGHT, 100)
    assert theme.chosen("system").colours.name in theme.SCHEMES


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_controls_are_high_enough_to_hit(desk_app, qtbot, percent):
    theme.apply(desk_app, theme.chosen("light", percent))
    button = kit.button("Lưu", "save")
    qtbot.addWidget(button)
    button.show()
    assert button.sizeHint().height() >= 32 * percent / 100


def test_layouts_grow_with_the_text(desk_app, qtbot):
    box = kit.panel(kit.vbox(QPushButton("a"), margins=16, gap=8))
    qtbot.addWidget(box)
    assert box.layout().contentsMargins().left() == 16
    theme.apply(desk_app, theme.chosen("light", 200))
    assert box.layout().contentsMargins().left() == 32
    assert box.layout().spacing() == 16


def test_each_icon_can_be_drawn_in_each_scheme(desk_app):
    assert len(icons.names()) > 30
    for scheme in theme.SCHEMES:
        theme.apply(desk_app, theme.chosen(scheme))
        for name in icons.names():
            assert icons.pixmap(name, "accent").toImage().hasAlphaChannel(), name
            image = icons.pixmap(name, "accent").toImage()
            drawn = {image.pixelColor(x, y).alpha() for x in range(40) for y in range(40)}
            assert max(drawn) == 255, f"{name} is empty"


def test_icons_drawn_by_the_stylesheet_exist_and_can_be_seen():
    sheet = theme.chosen("light").stylesheet
    for name in re.findall(r"icons:([\w-]+)-light\.svg", sheet):
        for scheme, colours in theme.SCHEMES.items():
            source = resources.path("icons", f"{name}-{scheme}.svg").read_text()
            colour = re.search(r'stroke="(#\w{6})"', source)[1]
            ground = colours.accent if name in {"check", "dot"} else colours.raised
            assert theme.contrast(colour, ground) >= 3, f"{name}-{scheme}"


def test_texts_are_never_read_as_markup(desk_app, qtbot):
    label = kit.label("<b>Đặng</b> <img src='file:///etc/passwd'>")
    qtbot.addWidget(label)
    assert label.textFormat().name == "PlainText"


def test_a_row_of_chips_takes_more_lines_in_a_narrow_window(desk_app, qtbot):
    flow = kit.FlowLayout()
    for number in range(6):
        flow.addWidget(kit.button(f"Mục số {number}", f"b{number}"))
    box = kit.panel(flow)
    qtbot.addWidget(box)
    assert flow.heightForWidth(200) > flow.heightForWidth(2000)
