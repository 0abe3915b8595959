"""How large the next piece of an upload should be.

A piece that is cut is sent again, so pieces want to be short; each costs a round trip and its
signature, so they want to be long. With ``c`` seconds lost for each piece and one cut in ``b``
seconds of sending, the least is lost by pieces of ``sqrt(2·c·b)`` seconds: then as much goes into
round trips as into sending again.

Where the hub keeps what came of a piece that was cut, slice by slice, little is lost with it; then
pieces are as long as a line may be held up by one.
"""

from __future__ import annotations

from math import sqrt

from traffick_desk.sync.hub_wire import MAX_CHUNK, MOST_SLICES, SLICE

SMALLEST_CHUNK = 4 * 1024
FIRST_CHUNK = 64 * 1024
# While nothing was cut: long enough to be worth its signature, short enough to cost little.
QUICK_SECONDS = 2.0
# So long a piece of slices is on the way, once the line was cut.
SLICED_SECONDS = 20.0
_USUAL_COST = 0.5
_NEW = 0.3


def _mix(old: float, new: float) -> float:
    return new if not old else (1 - _NEW) * old + _NEW * new


class Pace:
    """What one conversation learns of its line. Seconds are those spent sending."""

    def __init__(self) -> None:
        self._size = FIRST_CHUNK
        self._rate = 0.0
        self._cost = 0.0
        self._between = 0.0
        self._since = 0.0
        self._last = 0.0
        self._passed = False
        self._bound = MAX_CHUNK

    def size(self, most: int, *, sliced: bool = False) -> int:
        """Bytes of the next piece, never more than *most*; *sliced*: what came of it counts."""
        if sliced and self._between:
            size = int(self._rate * SLICED_SECONDS) if self._rate else self._size
            return min(most, self._bound, MOST_SLICES * SLICE, max(SMALLEST_CHUNK, size))
        return min(most, self._size)

    def asked(self, seconds: float) -> None:
        """A request without a piece took so long."""
        self._cost = min(self._cost or seconds, seconds)

    def passed(self, size: int, seconds: float) -> None:
        """A piece arrived."""
        self._since += seconds
        self._passed = True
        self._rate = _mix(self._rate, size / max(seconds, 1e-6))
        if not self._between:
            if seconds < QUICK_SECONDS:
                self._size = min(2 * self._size, MAX_CHUNK)
            return
        self._bound = min(int(self._bound * 1.5), MAX_CHUNK)
        self._fit()

    def cut(self, size: int, seconds: float) -> None:
        """A piece was cut off."""
        self._between = _mix(self._between, self._since + seconds)
        self._since, self._last = 0.0, seconds
        # Not one arrived since the last cut: whatever was reckoned, it is too much.
        self._bound = max(SMALLEST_CHUNK, size // 2) if not self._passed else self._bound
        self._passed = False
        self._fit()

    def kept(self, size: int) -> None:
        """So many bytes of the piece that was cut last count."""
        if size:
            self._rate = _mix(self._rate, size / max(self._last, 1e-6))
            # It was not too long, after all.
            self._bound = min(2 * self._bound, MAX_CHUNK)
            self._passed = True

    def _fit(self) -> None:
        if not self._rate:
            self._size = max(SMALLEST_CHUNK, self._size // 2)
            return
        between = max(self._between, self._since)
        seconds = min(sqrt(2 * (self._cost or _USUAL_COST) * between), between / 2)
        size = int(self._rate * seconds)
        self._size = max(SMALLEST_CHUNK, min(size, self._bound))
