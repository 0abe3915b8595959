"""The shipped rules, read once; English, so that expectations can be read beside the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from traffick_desk import i18n
from traffick_desk.law import load_pack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from traffick_desk.law import Pack


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = i18n.language()
    i18n.set_language("en")
    yield
    i18n.set_language(before)


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack()
