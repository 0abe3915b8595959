"""The day before, the day itself and the day after every limit of the law (``days/*.yaml``).

``of`` names what turns on the ``day`` of an entry: the first (``from``) or last (``to``) day of a
dated value, the ``limit`` of a clock or of a cap, or an ``age``. An entry without ``day`` states
a limit that nothing counts against (``always``). ``DAY`` in its facts is the day asked about.
That no limit is left out is checked by ``test_days_complete``.
"""

from __future__ import annotations

from typing import Any

import pytest

from law.answers import check, parts, read


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry["name"]) for entry in read("days")])
def test_days(entry: dict[str, Any], pack) -> None:
    for name, day, facts, expect in parts(entry):
        assert expect, f"nothing is expected {name}"
        try:
            check(facts, expect, pack, day)
        except AssertionError as error:
            error.add_note(f"{name}: {day}")
            raise
