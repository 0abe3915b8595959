"""Bad lines: a proxy between desk and hub that cuts after so many bytes and is slow."""

from __future__ import annotations

import contextlib
import random
import selectors
import socket
import threading


class BadLine:
    """Passes bytes on; each connection is cut after a random number of bytes to the hub.

    Attributes:
        carried: bytes that went to the hub's side.
        cuts: how often it was cut.
    """

    def __init__(self, port: int, cut_after: int, seed: int = 1) -> None:
        self._target = port
        self._cut_after = cut_after
        self._rng = random.Random(seed)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.carried = self.cuts = 0
        self._over = False
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._over = True
        with contextlib.suppress(OSError), socket.create_connection(self._door.getsockname()):
            pass
        self._thread.join(20)
        self._door.close()

    def _serve(self) -> None:
        # One connection at a time: a desk speaks with the hub in one conversation.
        while not self._over:
            desk, _address = self._door.accept()
            with desk:
                if self._over:
                    return
                with socket.create_connection(("127.0.0.1", self._target)) as hub:
                    self._pass_on(desk, hub)

    def _pass_on(self, desk: socket.socket, hub: socket.socket) -> None:
        left = self._rng.randrange(1, 2 * self._cut_after)
        with selectors.DefaultSelector() as both:
            both.register(desk, selectors.EVENT_READ, hub)
            both.register(hub, selectors.EVENT_READ, desk)
            while True:
                for key, _events in both.select(1.0):
                    part = key.fileobj.recv(4096)
                    if not part:
                        return
                    # Lost half on the way, as lines do: some of it arrives, the rest never.
                    left -= len(part)
                    if key.fileobj is desk:
                        self.carried += len(part)
                    if left <= 0:
                        self.cuts += 1
                        with contextlib.suppress(OSError):
                            key.data.sendall(part[: len(part) // 2])
                        return
                    with contextlib.suppress(OSError):
                        key.data.sendall(part)
                if self._over:
                    return
