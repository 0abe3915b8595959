"""Every case in ``cases/*.yaml`` gives what it says; a lawyer can read and extend them."""

from __future__ import annotations

from typing import Any

import pytest

from law.answers import check, read


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in read("cases")])
def test_case(case: dict[str, Any], pack) -> None:
    check(case["facts"], case["expect"], pack)
