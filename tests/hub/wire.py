"""A line of real packets between two network namespaces: slow, lossy, and cut again and again.

Both ends have the kernel's own TCP; what lies between them is this file. It needs root on Linux
(TUN devices), and nothing else: ``netem`` is not in every kernel.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import random
import select
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from socket import inet_aton
from time import monotonic
from typing import TypeVar

T = TypeVar("T")

DESK, HUB = "10.213.0.1", "10.213.0.2"
_NEWNET = 0x40000000
_SETIFF = 0x400454CA
_TUN_BARE = 0x1001
_TCP, _FIN, _SYN, _RST, _ACK = 6, 1, 2, 4, 16


def possible() -> bool:
    """Whether this machine lets us lay such a line."""
    return sys.platform == "linux" and os.geteuid() == 0 and Path("/dev/net/tun").exists()


def _end(own: str, other: str) -> int:
    """Move this thread into a namespace of its own and lay one end of the line into it."""
    if ctypes.CDLL(None, use_errno=True).unshare(_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(end, _SETIFF, struct.pack("16sH22x", b"line", _TUN_BARE))
    for command in (f"addr add {own} peer {other} dev line", "link set line up"):
        subprocess.run(["ip", *command.split()], check=True, capture_output=True)
    return end


@dataclass(frozen=True, slots=True)
class Segment:
    """What the line reads of a TCP segment."""

    source: bytes
    target: bytes
    ports: bytes
    sequence: int
    acknowledged: int
    flags: int
    length: int

    @classmethod
    def of(cls, packet: bytes) -> Segment | None:
        if len(packet) < 40 or packet[0] >> 4 != 4 or packet[9] != _TCP:
            return None
        head = (packet[0] & 15) * 4
        sequence, acknowledged, offset, flags = struct.unpack_from(">IIBB", packet, head + 4)
        length = len(packet) - head - (offset >> 4) * 4
        return cls(
            packet[12:16], packet[16:20], packet[head : head + 4], sequence, acknowledged, flags,
            length,
        )  # fmt: skip

    @property
    def connection(self) -> tuple[bytes, ...]:
        """The same for both directions."""
        return tuple(sorted((self.source + self.ports[:2], self.target + self.ports[2:])))

    def reset(self) -> bytes:
        """What its sender is told by a box on the way that knows of no such connection."""
        body = struct.pack(
            ">4sIIBBHHH", self.ports[2:] + self.ports[:2], self.acknowledged,
            (self.sequence + self.length) & 0xFFFFFFFF, 5 << 4, _RST | _ACK, 0, 0, 0,
        )  # fmt: skip
        pseudo = self.target + self.source + struct.pack(">HH", _TCP, len(body))
        body = body[:16] + struct.pack(">H", _sum(pseudo + body)) + body[18:]
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 0, 0, 64, _TCP, 0,
                           self.target, self.source)  # fmt: skip
        return head[:10] + struct.pack(">H", _sum(head)) + head[12:] + body


def _sum(data: bytes) -> int:
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


@dataclass
class Way:
    """One direction: what it was given, and what was lost on it."""

    queue: deque[tuple[float, bytes]] = field(default_factory=deque)
    free_at: float = 0.0
    bytes: int = 0
    payload: int = 0
    packets: int = 0
    lost: int = 0


class Line:
    """A line; it carries packets until it is closed.

    Args:
        bits: a second, in each direction.
        loss: of a packet, 0 to 1.
        cut_every: seconds; then every connection over it is gone, as when a modem dials anew.
        away: seconds for which nothing passes after a cut.
        delay: seconds that a packet is under way.
        queue: packets that wait for their turn at most; more are lost.

    Attributes:
        cuts: how often a connection was cut off.
        up, down: from the desk to the hub, and back; what was lost on the way is counted with them.
    """

    def __init__(
        self, bits: float, loss: float, cut_every: float, *, away: float, delay: float = 0.15,
        queue: int = 12, seed: int = 1,
    ) -> None:  # fmt: skip
        self._second = bits / 8
        self._loss = loss
        self._cut_every, self._away = cut_every, away
        self._delay, self._queue = delay, queue
        self._rng = random.Random(seed)
        # A namespace belongs to a thread and to the threads and sockets that are made in it.
        self._desk, self._hub = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self.up, self.down = Way(), Way()
        self._seen: dict[tuple[bytes, ...], dict[bytes, Segment]] = {}
        self._dead: set[tuple[bytes, ...]] = set()
        self.cuts = 0
        self._over = threading.Event()
        self._ends = (
            self.at_desk(lambda: _end(DESK, HUB)), self.at_hub(lambda: _end(HUB, DESK))
        )  # fmt: skip
        self._thread = threading.Thread(target=self._carry)
        self._thread.start()

    def at_desk(self, work: Callable[[], T]) -> T:
        """Do *work* on the desk's side of the line."""
        return self._desk.submit(work).result()

    def at_hub(self, work: Callable[[], T]) -> T:
        """Do *work* on the hub's side of the line."""
        return self._hub.submit(work).result()

    def close(self) -> None:
        """Take it away."""
        self._over.set()
        self._thread.join(20)
        for end in self._ends:
            os.close(end)
        self._desk.shutdown()
        self._hub.shutdown()

    def _carry(self) -> None:
        desk, hub = self._ends
        ways = {desk: (self.up, hub), hub: (self.down, desk)}
        cut_at = monotonic() + self._cut_every
        away_until = 0.0
        while not self._over.is_set():
            now = monotonic()
            if now >= cut_at:
                self._cut()
                cut_at, away_until = now + self._cut_every, now + self._away
            due = [way.queue[0][0] for way, _to in ways.values() if way.queue]
            wait = max(0.0, min([cut_at, now + 0.2, *due]) - now)
            for end in select.select(list(ways), [], [], wait)[0]:
                way, _to = ways[end]
                packet = os.read(end, 4096)
                if monotonic() < away_until:
                    way.lost += 1
                elif (reset := self._look(packet)) is not None:
                    os.write(end, reset)
                else:
                    self._queue_up(way, packet)
            now = monotonic()
            for way, to in ways.values():
                while way.queue and way.queue[0][0] <= now:
                    os.write(to, way.queue.popleft()[1])

    def _queue_up(self, way: Way, packet: bytes) -> None:
        way.packets += 1
        now = monotonic()
        waiting = sum(1 for at, _packet in way.queue if at - self._delay > now)
        if waiting >= self._queue:
            way.lost += 1
            return
        # What is lost from here on was sent all the same: it took its time on the line.
        way.bytes += len(packet)
        segment = Segment.of(packet)
        way.payload += segment.length if segment is not None else 0
        way.free_at = max(way.free_at, now) + len(packet) / self._second
        if self._rng.random() < self._loss:
            way.lost += 1
            return
        way.queue.append((way.free_at + self._delay, packet))

    def _look(self, packet: bytes) -> bytes | None:
        """Remember whose packet it is; what its sender is told if that connection is no more."""
        segment = Segment.of(packet)
        if segment is None:
            return None
        if segment.connection in self._dead and not segment.flags & _SYN:
            return None if segment.flags & _RST else segment.reset()
        self._dead.discard(segment.connection)
        self._seen.setdefault(segment.connection, {})[segment.source] = segment
        if segment.flags & _RST:
            del self._seen[segment.connection]
        return None

    def _cut(self) -> None:
        """Everything on the way is lost, and both sides of each connection hear that it is gone."""
        for way in (self.up, self.down):
            way.lost += len(way.queue)
            way.queue.clear()
            way.free_at = 0.0
        self.cuts += bool(self._seen)
        for connection, sides in self._seen.items():
            self._dead.add(connection)
            for source, segment in sides.items():
                os.write(self._ends[0 if source == inet_aton(DESK) else 1], segment.reset())
        self._seen.clear()
