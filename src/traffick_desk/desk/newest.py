"""Of questions asked again before an answer has come, the last one's answer alone counts."""

from __future__ import annotations

from collections.abc import Callable

Then = Callable[..., object]


class Newest:
    """Knows which question was asked last; answers come in any order."""

    def __init__(self) -> None:
        self._asked = 0

    def begin(self) -> Callable[[Then], Then]:
        """A question is asked now, and no answer to those before counts any more.

        Returns:
            What lets a function hear of this question only as long as it is the newest.
        """
        self._asked += 1
        ticket = self._asked

        def only(then: Then) -> Then:
            return lambda *found: then(*found) if ticket == self._asked else None

        return only
