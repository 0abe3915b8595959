from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.desks import Country, country
from traffick_desk import i18n


@pytest.fixture
def land(tmp_path: Path) -> Iterator[Country]:
    with country(tmp_path) as made:
        yield made


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = i18n.language()
    i18n.set_language("en")
    yield
    i18n.set_language(before)
