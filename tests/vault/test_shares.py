"""Two of three sheets give the key back; one says nothing; typing errors are found and named."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, permutations

import pytest

from traffick_desk.vault import shares
from traffick_desk.vault.errors import ShareMistyped, SharesDiffer, ShareWrongLength
from traffick_desk.vault.shares import SECRET_SIZE, Share, combine, inverse, parse, split, times

SECRET = bytes(range(SECRET_SIZE))


def slowly(left: int, right: int) -> int:
    """The product as it is defined: polynomials over GF(2), modulo x⁸+x⁴+x³+x+1."""
    product = 0
    for bit in range(8):
        if right >> bit & 1:
            product ^= left << bit
    for bit in range(14, 7, -1):
        if product >> bit & 1:
            product ^= 0x11B << (bit - 8)
    return product


def test_all_products_and_inverses_of_the_field():
    for left in range(256):
        for right in range(256):
            assert times(left, right) == slowly(left, right)
    assert all(times(value, inverse(value)) == 1 for value in range(1, 256))
    with pytest.raises(ValueError, match="inverse"):
        inverse(0)
    # FIPS 197, 4.2: {57} • {83} = {c1}
    assert times(0x57, 0x83) == 0xC1


def test_any_two_and_all_three_give_the_secret_in_any_order():
    for _making in range(20):
        made = split(SECRET)
        for some in (*permutations(made, 2), *permutations(made, 3)):
            assert combine(some) == SECRET


def test_every_byte_on_every_pair_of_sheets(monkeypatch):
    """Each value of a secret byte and of the random slope: all 65,536, in 256 makings."""
    for start in range(256):
        slopes = bytes((start * 7 + i * 13) % 256 for i in range(SECRET_SIZE + 8))
        monkeypatch.setattr(shares.os, "urandom", lambda n, s=slopes: s[:n])
        secret = bytes((start + i) % 256 for i in range(SECRET_SIZE))
        made = split(secret)
        assert all(combine(pair) == secret for pair in combinations(made, 2))


def test_one_sheet_says_nothing():
    """For each value of a byte on a sheet every secret byte is possible, by exactly one slope."""
    for number in (1, 2, 3):
        for seen in range(0, 256, 5):
            possible = Counter(seen ^ times(number, slope) for slope in range(256))
            assert len(possible) == 256


def test_sheets_of_two_makings_the_same_twice_and_one_alone_are_refused():
    one, two = split(SECRET), split(SECRET)
    for wrong in ((one[0], two[1]), (one[0], one[0]), (one[0],), ()):
        with pytest.raises(SharesDiffer):
            combine(wrong)
    bent = Share(one[2].mark, 3, bytes([one[2].data[0] ^ 1]) + one[2].data[1:])
    for wrong in ((one[0], bent), (*one[:2], bent)):
        with pytest.raises(SharesDiffer):
            combine(wrong)
    # Of two makings with the same mark by chance.
    forged = Share(one[0].mark, 2, two[1].data)
    with pytest.raises(SharesDiffer):
        combine((one[0], forged))


def test_a_sheet_is_typed_in_any_way_people_type():
    for share in split(SECRET):
        rows = share.text()
        assert [len(row) for row in rows] == [19] * 6
        text = "\n".join(rows)
        assert parse(text) == share
        assert parse(text.lower().replace(" ", "-").replace("\n", "")) == share
        assert parse(text.replace("0", "O").replace("1", "l")) == share


def test_every_wrong_character_and_every_swap_is_found_and_its_row_named():
    (share, *_rest) = split(SECRET)
    text = "".join("".join(share.text()).split())
    for place in range(len(text)):
        row = place // 16 + 1
        for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
            if other != text[place]:
                with pytest.raises(ShareMistyped) as caught:
                    parse(text[:place] + other + text[place + 1 :])
                assert caught.value.values["row"] == row
        if place + 1 < len(text) and text[place] != text[place + 1]:
            swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
            with pytest.raises(ShareMistyped):
                parse(swapped)


def test_rows_that_changed_places_are_found():
    (share, *_rest) = split(SECRET)
    rows = list(share.text())
    for one, two in combinations(range(6), 2):
        swapped = rows.copy()
        swapped[one], swapped[two] = rows[two], rows[one]
        with pytest.raises(ShareMistyped):
            parse(" ".join(swapped))


@pytest.mark.parametrize("typed", ["", "ABCD", "U" * 96, "0" * 95, "0" * 97, "é" * 96])
def test_what_is_no_sheet_at_all(typed):
    with pytest.raises(ShareWrongLength):
        parse(typed)


def test_a_sheet_of_a_later_version_or_number_is_refused(monkeypatch):
    (share, *_rest) = split(SECRET)
    for number, version in ((0, 1), (4, 1), (1, 2)):
        monkeypatch.setattr(shares, "VERSION", version)
        text = " ".join(Share(share.mark, number, share.data).text())
        monkeypatch.setattr(shares, "VERSION", 1)
        with pytest.raises(ShareMistyped):
            parse(text)
    with pytest.raises(ValueError, match="bytes"):
        split(b"short")
