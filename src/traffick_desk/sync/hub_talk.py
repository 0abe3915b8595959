"""One conversation with a hub: signed requests, patience, and nobody held up by the network.

The network runs in a thread of its own, so that whoever waits can be let go at
once, and no answer of the network ever holds up a window or the vault.
"""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from traffick_desk.sync import hub_wire as wire
from traffick_desk.sync.hub_errors import (
    HubAddressRefused,
    HubError,
    HubFull,
    HubNewerProtocol,
    HubNoReceiver,
    HubNotTrusted,
    HubShutOut,
    HubStrange,
    HubUnknownDesk,
    HubUnreachable,
)
from traffick_desk.sync.hub_pace import SMALLEST_CHUNK
from traffick_desk.sync.keys import DeviceKeys

if TYPE_CHECKING:
    import httpx

R = TypeVar("R")

# So many cuts in a row without one byte gained end the try; the desk comes back later.
PATIENCE = 6
LONGEST_PAUSE = 60.0
_LOOK_EVERY = 0.1
_SHOW = ((401, "unknown"), (401, "signature"))
_LARGEST_ANSWER = 1024 * 1024
_LOCAL = ("localhost", "127.0.0.1", "::1")
_HOST = re.compile(r"[0-9A-Za-z.\-]{1,253}|\[[0-9a-fA-F:]{2,39}\]")


def check_address(text: str) -> str:
    """The address of a hub as it is kept.

    Raises:
        HubAddressRefused: it is none, or not encrypted on the way.
    """
    address = text.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise HubAddressRefused("address") from error
    bare = parts.netloc if port is None else parts.netloc.rsplit(":", 1)[0]
    if (
        parts.scheme not in ("https", "http")
        or (parts.scheme == "http" and host not in _LOCAL)
        or _HOST.fullmatch(bare) is None
        or parts.query
        or parts.fragment
        or not re.fullmatch(r"(/[0-9A-Za-z._-]+)*", parts.path)
    ):
        raise HubAddressRefused("address")
    return address


class Cut(Exception):
    """The line went away, or the hub asks to come again; *wait* says when."""

    def __init__(self, wait: float = 0.0) -> None:
        super().__init__()
        self.wait = wait


class Answered(Exception):
    """The hub refused, with a status and a code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class Gone(Exception):
    """A bundle is no longer at the hub: taken, or its sender sent a newer one in its place."""


class NotThere(Exception):
    """The hub has nothing of that kind, or is of a version that does not know it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the hub answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Conversation:
    """One conversation with a hub.

    Args:
        address: as :func:`check_address` gives it.
        keys: of this desk.
        certificate: the one by which the province made it known.
        alive: called some times a second while the network is waited for; what it raises ends
            the conversation at once.
        pause: waits between tries.
        patience: so many cuts in a row are borne.

    Attributes:
        hub_id: of the hub, once it was met.
        takes_whole: whether it takes a bundle with the request that begins it.
        keeps_slices: whether it keeps what came of a piece that was cut.
        sent_bytes: of bundles handed to the network, those that were lost on the way too.
    """

    def __init__(
        self,
        address: str,
        keys: DeviceKeys,
        certificate: bytes,
        *,
        alive: Callable[[], None] = lambda: None,
        pause: Callable[[float], None] | None = None,
        patience: int = PATIENCE,
    ) -> None:
        self._address = address
        parts = urlsplit(address)
        self._host = parts.netloc.lower()
        if (parts.scheme, parts.port) in (("https", 443), ("http", 80)):
            self._host = self._host.rsplit(":", 1)[0]
        self._keys = keys
        self._certificate = certificate
        self._alive = alive
        self._pause = pause or self._wait
        self._patience = patience
        self._http: httpx.Client | None = None
        self._given_up = threading.Event()
        self._nonce = ""
        self._count = 0
        self._largest_chunk = wire.MAX_CHUNK
        self.hub_id = ""
        self.takes_whole = self.keeps_slices = False
        self.sent_bytes = 0

    def close(self) -> None:
        """End the conversation; a request under way is left to itself."""
        self._given_up.set()
        if self._http is not None:
            self._http.close()

    def meet(self) -> str:
        """Ask the hub who it is; its id.

        Raises:
            HubError: in words, here and from every method.
        """
        self.steady(self._challenge)
        return self.hub_id

    # -- one request -----------------------------------------------------------------------

    def _challenge(self) -> None:
        reply = self._plain("/v1/challenge")
        try:
            found = json.loads(reply.body)
            if int(found["protocol"]) != wire.PROTOCOL:
                raise HubNewerProtocol("protocol")
            self._nonce, self.hub_id = str(found["nonce"]), str(found["hub"])[:64]
            largest = int(found["largest_chunk"])
            extensions = str(found.get("tus", "")).split(",")
        except (ValueError, TypeError, KeyError) as error:
            raise HubStrange("challenge") from error
        if wire.TOKEN.fullmatch(self._nonce) is None or largest < SMALLEST_CHUNK:
            raise HubStrange("challenge")
        self._largest_chunk = min(largest, wire.MAX_CHUNK)
        self.takes_whole = wire.WHOLE in extensions
        self.keeps_slices = wire.SLICED in extensions
        self._count = 0

    def ask(
        self, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> Reply:
        """One signed request."""
        return self.proven(lambda: self._send(method, target, headers or {}, body))

    def _plain(self, target: str) -> Reply:
        """One request that is not signed."""
        return self._send("GET", target, {}, b"", signed=False)

    def proven(self, work: Callable[[], R]) -> R:
        """Do signed *work*; a new nonce and the certificate are given when they are asked for."""
        shown = False
        for _attempt in range(4):
            if not self._nonce:
                self._challenge()
            try:
                return work()
            except Answered as answer:
                if (answer.status, answer.code) in ((401, "nonce"), (401, "replay")):
                    self._nonce = ""
                elif (answer.status, answer.code) in _SHOW and not shown:
                    # Unknown there, or known by the key that it had before.
                    shown = True
                    self._send("PUT", "/v1/desk", {}, self._certificate)
                else:
                    raise
        raise HubStrange("nonce")

    def _send(
        self, method: str, target: str, headers: dict[str, str], body: bytes, *, signed: bool = True
    ) -> Reply:
        def send() -> Reply:
            if signed:
                request = self.request(method, target, headers, body)
            else:
                request = self.client().build_request(method, self._address + target)
            response = self.client().send(request, stream=True)
            try:
                parts, total = [], 0
                for part in response.iter_raw():
                    total += len(part)
                    if total > _LARGEST_ANSWER:
                        raise HubStrange("size")
                    parts.append(part)
                return Reply(response.status_code, response.headers, b"".join(parts))
            finally:
                response.close()

        reply = self.away(send, lambda: None)
        self.check(reply)
        return reply

    def request(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> httpx.Request:
        """A signed request; each has a count of its own."""
        self._count += 1
        call = wire.Call(
            method, self._host, target, self._keys.device, self._nonce, self._count, headers, body
        )
        return self.client().build_request(
            method,
            self._address + target,
            content=self._counted(body) if wire.SLICES in headers else body,
            headers={
                **headers,
                **({"content-length": str(len(body))} if wire.SLICES in headers else {}),
                "accept-encoding": "identity",
                wire.DESK: call.device,
                wire.NONCE: call.nonce,
                wire.COUNT: str(call.count),
                wire.SIGNATURE: call.sign(self._keys.signing),
            },
        )

    def _counted(self, body: bytes) -> Iterator[bytes]:
        """The body as the network takes it."""
        for part in wire.slices_of(body):
            self.sent_bytes += len(part)
            yield part

    def client(self) -> httpx.Client:
        """What speaks HTTP; made when it is first needed."""
        if self._http is None:
            import ssl

            import httpx

            # The system's own store of certificates: that is where an office puts its own.
            encrypted = self._address.startswith("https:")
            trust = ssl.create_default_context() if encrypted else False
            self._http = httpx.Client(
                verify=trust, timeout=httpx.Timeout(60.0, connect=20.0), follow_redirects=False,
                headers={"user-agent": "traffick-desk"},
            )  # fmt: skip
        return self._http

    @staticmethod
    def check(reply: Reply) -> None:
        """Return if the hub did what it was asked.

        Raises:
            Cut: it asks to come again.
            Answered: it refused.
        """
        if 200 <= reply.status < 300:
            return
        try:
            code = str(json.loads(reply.body)["code"])
        except (ValueError, TypeError, KeyError):
            code = ""
        if reply.status in (408, 429, 502, 503, 504):
            wait = reply.headers.get("retry-after", "")
            raise Cut(float(wait) if re.fullmatch(r"\d{1,4}", wait, re.ASCII) else 0.0)
        raise Answered(reply.status, code)

    # -- patience ----------------------------------------------------------------------------

    def steady(self, work: Callable[[], R], gained: Callable[[], int] = lambda: 0) -> R:
        """Do *work* until it is done; after a cut wait, ever longer, and go on.

        Raises:
            HubError: refused, or cut *patience* times in a row with nothing gained.
        """
        cuts, best = 0, gained()
        while True:
            try:
                return work()
            except Cut as cut:
                now = gained()
                cuts = 1 if now > best else cuts + 1
                best = max(best, now)
                if cuts > self._patience:
                    raise HubUnreachable("cut") from None
                # Desks that were cut together do not come back together.
                longest = min(LONGEST_PAUSE, 0.5 * 2**cuts)
                self._pause(max(cut.wait, longest * random.uniform(0.5, 1.0)))  # noqa: S311
            except Answered as answer:
                if (answer.status, answer.code) == (404, "bundle"):
                    raise Gone from None
                if answer.status in (404, 405):
                    raise NotThere from None
                raise self._in_words(answer) from None

    @staticmethod
    def _in_words(answer: Answered) -> HubError:
        code = f"{answer.status} {answer.code}"
        match answer.status, answer.code:
            case 403, "revoked":
                return HubShutOut(code)
            case (
                (401 | 403),
                ("unknown" | "certificate" | "signature" | "host" | "succeeded" | "letter"),
            ):
                return HubUnknownDesk(code)
            case 403, "receiver":
                return HubNoReceiver(code)
            case 507, _rest:
                return HubFull(code)
        return HubStrange(code)

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._alive()
            time.sleep(min(_LOOK_EVERY, left))

    def away(self, work: Callable[[], R], look: Callable[[], None]) -> R:
        """Do *work* in a thread of its own and look around meanwhile."""
        import ssl

        import httpx

        box: list[Any] = []
        done = threading.Event()

        def run() -> None:
            try:
                box.append((work(), None))
            except BaseException as error:  # noqa: BLE001 - raised again by who waits
                box.append((None, error))
            finally:
                done.set()

        # Nobody waits for it once the officer has locked the desk.
        threading.Thread(target=run, name="hub", daemon=True).start()
        while not done.wait(_LOOK_EVERY):
            try:
                self._alive()
                look()
            except BaseException:
                self._given_up.set()
                raise
        look()
        result, error = box[0]
        if error is None:
            return result  # type: ignore[no-any-return]
        if isinstance(error, httpx.HTTPError | httpx.StreamError):
            cause: BaseException | None = error
            while cause is not None:
                if isinstance(cause, ssl.SSLCertVerificationError):
                    raise HubNotTrusted("tls") from error
                cause = cause.__cause__ or cause.__context__
            raise Cut from error
        raise error
