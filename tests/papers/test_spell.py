"""Amounts in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traffick_desk.papers import spell


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (10, "Mười đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (44, "Bốn mươi tư đồng"),
        (105, "Một trăm linh năm đồng"),
        (111, "Một trăm mười một đồng"),
        (1_000, "Một nghìn đồng"),
        (70_000, "Bảy mươi nghìn đồng"),
        (1_005, "Một nghìn không trăm linh năm đồng"),
        (1_050_000, "Một triệu không trăm năm mươi nghìn đồng"),
        (6_300_000, "Sáu triệu ba trăm nghìn đồng"),
        (25_000_001, "Hai mươi lăm triệu không trăm linh một đồng"),
        (2_000_000_000, "Hai tỷ đồng"),
        (1_000_000_000_000, "Một nghìn tỷ đồng"),
    ],
)
def test_amounts_are_spelled_as_on_a_receipt(amount, words) -> None:
    assert spell.dong(amount) == words


@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_two_amounts_never_read_the_same(one, other) -> None:
    assert (spell.dong(one) == spell.dong(other)) is (one == other)


def test_less_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        spell.dong(-1)
