"""What the hub allows, and how often."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from traffick_desk.hub.errors import Refused
from traffick_desk.sync.hub_wire import MAX_BUNDLE

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes; rates a minute, for each hub process by itself.

    Attributes:
        bundle: the largest bundle.
        quota: what one desk may have lying here, complete or not.
        bundles: how many bundles one desk may have lying here.
        requests: of one desk.
        strangers: of one address that has not proven to be a desk.
        logins: tries of one login or address at the status page.
        reserve: what must stay free on the medium.
    """

    bundle: int = MAX_BUNDLE
    quota: int = 512 * _MIB
    bundles: int = 200
    requests: int = 600
    strangers: int = 1200
    logins: int = 6
    reserve: int = 256 * _MIB


class Rate:
    """So many a minute for each key; a key may save up one minute's worth."""

    _KEYS = 10_000

    def __init__(self, per_minute: int, now: Callable[[], float] = monotonic) -> None:
        self._rate = per_minute / 60
        self._most = float(per_minute)
        self._now = now
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Count one.

        Raises:
            Refused: too many; the answer says when to come again.
        """
        with self._lock:
            now = self._now()
            left, at = self._left.pop(key, (self._most, now))
            left = min(self._most, left + (now - at) * self._rate)
            self._left[key] = (max(left - 1, 0.0) if left >= 1 else left, now)
            if len(self._left) > self._KEYS:
                self._left.popitem(last=False)
        if left < 1:
            wait = max(1, round((1 - left) / self._rate))
            raise Refused(429, "too-many", {"Retry-After": str(wait)})
