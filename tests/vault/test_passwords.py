"""Passwords: what is refused, what is advised, in which words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traffick_desk.vault import passwords
from traffick_desk.vault.common_passwords import common

CONTEXT = ["Nguyễn Thị Hoa", "Xã Đồng Văn", "hoa"]


@pytest.mark.parametrize(
    "password",
    [
        "diều giấy ếch xanh bưu thiếp",
        "con mèo ăn bánh chưng",
        "correct horse battery staple",
        "k7#Qz!m2Vw9x",
        "tre ngà gốm sứ mưa rào cá heo",
    ],
)
def test_long_unrelated_words_are_accepted(password):
    found = passwords.strength(password, CONTEXT)
    assert found.acceptable
    assert found.score >= 3


@pytest.mark.parametrize(
    "password",
    [
        "",
        "123456",
        "matkhau",
        "matkhau123456",
        "Mật khẩu 123456",
        "mật khẩu của tôi",
        "anh yêu em anh yêu em",
        "Nguyễn Thị Hoa 1985",
        "nguyenthihoa1985",
        "hoant19851985",
        "xã đồng văn",
        "dongvandongvan",
        "a b c d e",
        "aaaaaaaaaaaaaaaa",
        "qwertyuiop123456",
        "30041975",
        "maatjkhaaur2024",
        "Tr0ub4dor&3",
        "12 ký tự",
        "độc lập tự do hạnh phúc",
        "p@ssw0rd1234",
    ],
)
def test_what_others_would_try_first_is_refused(password):
    found = passwords.strength(password, CONTEXT)
    assert not found.acceptable
    assert found.warning or found.advice


def test_the_name_of_the_officer_weakens_a_password():
    password = "thoa phìn chư 99"
    with_name = passwords.strength(password, ["Thoa Phìn Chư"])
    without = passwords.strength(password)
    assert with_name.seconds_to_guess < without.seconds_to_guess
    assert "connect" in with_name.warning


def test_marks_and_capitals_do_not_hide_a_common_password():
    assert passwords.strength("MẬT KHẨU MỚI").score <= passwords.strength("matkhaumoi").score + 1


def test_length_is_twelve_characters_or_five_different_words():
    assert not passwords.strength("k7#Qz!m2Vw9").long_enough
    assert passwords.strength("k7#Qz!m2Vw9x").long_enough
    assert passwords.strength("ô ê ă ư đ").long_enough
    assert not passwords.strength("ô ô ô ô ô").long_enough
    assert "12" in passwords.strength("k7#Qz!m2Vw9").advice[0]


def test_composed_and_decomposed_typing_give_one_password():
    assert passwords.normalise("mật khẩu") == passwords.normalise("mật khẩu")
    assert passwords.normalise("  mật ") == "  mật "


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=120), st.lists(st.text(max_size=20), max_size=3))
def test_no_password_and_no_context_breaks_the_estimate(password, context):
    found = passwords.strength(password, context)
    assert 0 <= found.score <= 4
    assert found.seconds_to_guess >= 0


def test_a_very_long_password_is_estimated_quickly_enough_to_finish():
    assert passwords.strength("x" * 100_000).score <= 1


def test_everything_that_zxcvbn_says_has_our_words():
    import zxcvbn.feedback

    source = Path(zxcvbn.feedback.__file__).read_text(encoding="utf-8")
    calls = re.findall(r"_\(((?:\s*(?:\"[^\"]*\"|'[^']*')\s*\\?)+)\)", source)
    said = {
        "".join(a or b for a, b in re.findall(r"\"([^\"]*)\"|'([^']*)'", call)) for call in calls
    }
    said -= {text for text in said if "'" in text and text not in passwords._ADVICE}
    assert len(said) >= 25
    assert said <= set(passwords._ADVICE)


def test_the_list_of_common_passwords_is_plain_and_without_duplicates():
    words = common()
    assert len(words) >= 350
    assert len(set(words)) == len(words)
    assert all(re.fullmatch("[0-9a-z]+", word) for word in words)
