"""The desk's side of the hub: signed requests, uploads that go on where they were cut.

The network runs in a thread of its own, so that whoever waits can be let go at
once, and no answer of the network ever holds up a window or the vault.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from traffick_desk.i18n import N_, _
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
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.sync.reports import Progress, quiet
from traffick_desk.sync.wire import DEVICE

if TYPE_CHECKING:
    import httpx

R = TypeVar("R")

FIRST_CHUNK = 64 * 1024
SMALLEST_CHUNK = 4 * 1024
# A piece should take a few seconds: long enough to be worth its signature, short enough that a
# cut costs little.
QUICK_SECONDS = 2.0
# Pieces double on a good line; once it was cut they grow slowly again.
CAREFUL = 1.1
# So many cuts in a row without one byte gained end the try; the desk comes back later.
PATIENCE = 6
LONGEST_PAUSE = 60.0
_LOOK_EVERY = 0.1
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


class _Cut(Exception):
    """The line went away, or the hub asks to come again; *wait* says when."""

    def __init__(self, wait: float = 0.0) -> None:
        super().__init__()
        self.wait = wait


class _Answered(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class Gone(Exception):
    """A bundle is no longer at the hub: taken, or its sender sent a newer one in its place."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A bundle that waits at the hub for this desk."""

    id: str
    sender: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


class HubClient:
    """One conversation with a hub.

    Args:
        address: as :func:`check_address` gives it.
        keys: of this desk.
        certificate: the one by which the province made it known.
        alive: called some times a second while the network is waited for; what it raises ends
            the conversation at once.
        pause: waits between tries.

    Attributes:
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
        self._chunk = FIRST_CHUNK
        self._growth = 2.0
        self._largest_chunk = wire.MAX_CHUNK
        self._gained = 0
        self.hub_id = ""
        self.sent_bytes = 0

    def close(self) -> None:
        """End the conversation; a request under way is left to itself."""
        self._given_up.set()
        if self._http is not None:
            self._http.close()

    # -- what desks do -----------------------------------------------------------------------

    def meet(self) -> str:
        """Ask the hub who it is; its id.

        Raises:
            HubError: in words, here and from every method.
        """
        self._steady(self._challenge)
        return self.hub_id

    def waiting(self) -> tuple[Waiting, ...]:
        """What waits for this desk, the oldest first."""
        reply = self._steady(lambda: self._ask("GET", "/v1/inbox"))
        try:
            found = tuple(
                Waiting(str(i["id"]), str(i["sender"]), int(i["size"]), str(i["sha256"]))
                for i in json.loads(reply.body)["waiting"]
            )
        except (ValueError, TypeError, KeyError) as error:
            raise HubStrange("inbox") from error
        if not all(
            wire.BUNDLE_ID.fullmatch(w.id)
            and DEVICE.fullmatch(w.sender)
            and wire.SHA256.fullmatch(w.sha256)
            and 0 < w.size <= wire.MAX_BUNDLE
            for w in found
        ):
            raise HubStrange("inbox")
        return found

    def sent(self) -> dict[tuple[str, str], tuple[str, str]]:
        """What the hub knows of this desk's bundles: (receiver, SHA-256) → (id, state)."""
        reply = self._steady(lambda: self._ask("GET", "/v1/sent"))
        try:
            return {
                (str(i["receiver"]), str(i["sha256"])): (str(i["id"]), str(i["state"]))
                for i in json.loads(reply.body)["sent"]
            }
        except (ValueError, TypeError, KeyError) as error:
            raise HubStrange("sent") from error

    def put(self, data: bytes, receiver: str, progress: Progress = quiet) -> None:
        """Hand over a bundle; it is whole and durable at the hub when this returns."""
        sha256 = hashlib.sha256(data).hexdigest()
        about = wire.metadata({"receiver": receiver, "sha256": sha256})
        self._gained = 0
        self._steady(lambda: self._put(data, about, progress), lambda: self._gained)

    def get(self, item: Waiting, path: Path, progress: Progress = quiet) -> bool:
        """Fetch a bundle into *path*, going on with what is there already.

        Returns:
            Whether every byte is right; if not, the file is gone.

        Raises:
            Gone: it is not there any more.
        """
        self._gained = path.stat().st_size if path.exists() else 0
        self._steady(lambda: self._get(item, path, progress), lambda: self._gained)
        data = path.read_bytes()
        if len(data) == item.size and hashlib.sha256(data).hexdigest() == item.sha256:
            return True
        path.unlink()
        return False

    def done(self, name: str) -> None:
        """This desk has taken a bundle in, or takes back one of its own."""
        with contextlib.suppress(Gone):
            self._steady(lambda: self._ask("DELETE", f"/v1/bundles/{name}"))

    def revoke(self, revocations: wire.Revocations) -> None:
        """Tell which desks the province shut out."""
        body = revocations.encode()
        self._steady(lambda: self._ask("PUT", "/v1/revocations", body=body))

    # -- uploading and downloading -------------------------------------------------------------

    def _put(self, data: bytes, about: str, progress: Progress) -> None:
        size = len(data)
        reply = self._ask(
            "POST",
            "/v1/uploads",
            {"tus-resumable": wire.TUS, "upload-length": str(size), "upload-metadata": about},
        )
        place = urlsplit(reply.headers.get("location", "")).path
        name = place.rsplit("/", 1)[-1]
        if wire.BUNDLE_ID.fullmatch(name) is None:
            raise HubStrange("location")
        at = self._offset(reply, size)
        restarts = 0
        while at < size:
            self._gained = at
            progress(at, size, _(N_("Sending to the hub")))
            part = data[at : at + self._chunk]
            begun = time.monotonic()
            try:
                self.sent_bytes += len(part)
                reply = self._ask(
                    "PATCH",
                    f"/v1/uploads/{name}",
                    {
                        "tus-resumable": wire.TUS,
                        "content-type": wire.CHUNK_TYPE,
                        "upload-offset": str(at),
                        "upload-checksum": wire.checksum(part),
                    },
                    part,
                )
                at = self._offset(reply, size)
            except _Cut:
                self._chunk = max(SMALLEST_CHUNK, self._chunk // 2)
                self._growth = CAREFUL
                raise
            except _Answered as answer:
                # The hub is further or not as far as we thought, or what it holds is not right.
                restarts += 1
                if answer.status not in (409, 460) or restarts > self._patience:
                    raise
                head = self._ask("HEAD", f"/v1/uploads/{name}", {"tus-resumable": wire.TUS})
                at = self._offset(head, size)
                continue
            if time.monotonic() - begun < QUICK_SECONDS:
                self._chunk = min(self._largest_chunk, int(self._chunk * self._growth))
        progress(size, size, _(N_("Sending to the hub")))

    @staticmethod
    def _offset(reply: _Reply, size: int) -> int:
        text = reply.headers.get("upload-offset", "")
        if re.fullmatch(r"\d{1,15}", text, re.ASCII) is None or int(text) > size:
            raise HubStrange("offset")
        return int(text)

    def _get(self, item: Waiting, path: Path, progress: Progress) -> None:
        have = path.stat().st_size if path.exists() else 0
        if have >= item.size:
            return
        headers = {"range": f"bytes={have}-"}

        def fetch() -> None:
            request = self._request("GET", f"/v1/bundles/{item.id}", headers, b"")
            response = self._client().send(request, stream=True)
            try:
                if response.status_code not in (200, 206):
                    response.read()
                    self._check(_Reply(response.status_code, response.headers, response.content))
                with path.open("ab") as stream:
                    if response.status_code == 200:
                        stream.truncate(0)
                    total = stream.tell()
                    for part in response.iter_raw():
                        total += len(part)
                        if self._given_up.is_set() or total > item.size:
                            return
                        stream.write(part)
                        self._gained = total
            finally:
                response.close()

        def look() -> None:
            progress(self._gained, item.size, _(N_("Fetching from the hub")))

        self._proven(lambda: self._away(fetch, look))
        if path.stat().st_size < item.size:
            raise _Cut

    # -- one request -----------------------------------------------------------------------

    def _challenge(self) -> None:
        reply = self._send("GET", "/v1/challenge", {}, b"", signed=False)
        try:
            found = json.loads(reply.body)
            if int(found["protocol"]) != wire.PROTOCOL:
                raise HubNewerProtocol("protocol")
            self._nonce, self.hub_id = str(found["nonce"]), str(found["hub"])[:64]
            largest = int(found["largest_chunk"])
        except (ValueError, TypeError, KeyError) as error:
            raise HubStrange("challenge") from error
        if wire.TOKEN.fullmatch(self._nonce) is None or largest < SMALLEST_CHUNK:
            raise HubStrange("challenge")
        self._largest_chunk = min(largest, wire.MAX_CHUNK)
        self._count = 0

    def _ask(
        self, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> _Reply:
        """One signed request."""
        return self._proven(lambda: self._send(method, target, headers or {}, body))

    def _proven(self, work: Callable[[], R]) -> R:
        """Do signed *work*; a new nonce and the certificate are given when they are asked for."""
        for _attempt in range(4):
            if not self._nonce:
                self._challenge()
            try:
                return work()
            except _Answered as answer:
                if (answer.status, answer.code) in ((401, "nonce"), (401, "replay")):
                    self._nonce = ""
                elif (answer.status, answer.code) == (401, "unknown"):
                    self._send("PUT", "/v1/desk", {}, self._certificate)
                else:
                    raise
        raise HubStrange("nonce")

    def _send(
        self, method: str, target: str, headers: dict[str, str], body: bytes, *, signed: bool = True
    ) -> _Reply:
        def send() -> _Reply:
            if signed:
                request = self._request(method, target, headers, body)
            else:
                request = self._client().build_request(method, self._address + target)
            response = self._client().send(request, stream=True)
            try:
                parts, total = [], 0
                for part in response.iter_raw():
                    total += len(part)
                    if total > _LARGEST_ANSWER:
                        raise HubStrange("size")
                    parts.append(part)
                return _Reply(response.status_code, response.headers, b"".join(parts))
            finally:
                response.close()

        reply = self._away(send, lambda: None)
        self._check(reply)
        return reply

    def _request(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> httpx.Request:
        self._count += 1
        call = wire.Call(
            method, self._host, target, self._keys.device, self._nonce, self._count, headers, body
        )
        return self._client().build_request(
            method,
            self._address + target,
            content=body,
            headers={
                **headers,
                "accept-encoding": "identity",
                wire.DESK: call.device,
                wire.NONCE: call.nonce,
                wire.COUNT: str(call.count),
                wire.SIGNATURE: call.sign(self._keys.signing),
            },
        )

    def _client(self) -> httpx.Client:
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
    def _check(reply: _Reply) -> None:
        if 200 <= reply.status < 300:
            return
        try:
            code = str(json.loads(reply.body)["code"])
        except (ValueError, TypeError, KeyError):
            code = ""
        if reply.status in (408, 429, 502, 503, 504):
            wait = reply.headers.get("retry-after", "")
            raise _Cut(float(wait) if re.fullmatch(r"\d{1,4}", wait, re.ASCII) else 0.0)
        raise _Answered(reply.status, code)

    # -- patience ----------------------------------------------------------------------------

    def _steady(self, work: Callable[[], R], gained: Callable[[], int] = lambda: 0) -> R:
        """Do *work* until it is done; after a cut wait, ever longer, and go on.

        Raises:
            HubError: refused, or cut *patience* times in a row with nothing gained.
        """
        cuts, best = 0, gained()
        while True:
            try:
                return work()
            except _Cut as cut:
                now = gained()
                cuts = 1 if now > best else cuts + 1
                best = max(best, now)
                if cuts > self._patience:
                    raise HubUnreachable("cut") from None
                # Desks that were cut together do not come back together.
                longest = min(LONGEST_PAUSE, 0.5 * 2**cuts)
                self._pause(max(cut.wait, longest * random.uniform(0.5, 1.0)))  # noqa: S311
            except _Answered as answer:
                if (answer.status, answer.code) == (404, "bundle"):
                    raise Gone from None
                raise self._in_words(answer) from None

    @staticmethod
    def _in_words(answer: _Answered) -> HubError:
        code = f"{answer.status} {answer.code}"
        match answer.status, answer.code:
            case 403, "revoked":
                return HubShutOut(code)
            case ((401 | 403), ("unknown" | "certificate" | "signature" | "host")):
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

    def _away(self, work: Callable[[], R], look: Callable[[], None]) -> R:
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
            raise _Cut from error
        raise error
