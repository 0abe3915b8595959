"""What a desk does at the hub: uploads and downloads that go on where they were cut."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from traffick_desk.i18n import N_, _
from traffick_desk.sync import hub_wire as wire
from traffick_desk.sync.errors import EnrolmentRefused
from traffick_desk.sync.hub_errors import HubStrange, HubUnknownDesk
from traffick_desk.sync.hub_pace import Pace
from traffick_desk.sync.hub_talk import Answered, Conversation, Cut, Gone, NotThere, Reply
from traffick_desk.sync.reports import Progress, quiet
from traffick_desk.sync.wire import DEVICE

# So many pieces of which nothing counted although so much was handed over: slices are in vain.
_IN_VAIN = 2
_MANY = 8 * wire.SLICE
_PIECE = {"tus-resumable": wire.TUS, "content-type": wire.CHUNK_TYPE}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A bundle that waits at the hub for this desk."""

    id: str
    sender: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A piece that was cut: where it began, and how much of it was handed to the network."""

    at: int
    handed: int


class HubClient(Conversation):
    """What a desk does at a hub; see :class:`Conversation` for how.

    Attributes:
        root: the desk of the province that stands for this one at the hub, once it was asked
            what waits; a hub of before does not say.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._pace = Pace()
        self._careful = False
        self.root = ""
        self._gained = 0
        self._tried: Tried | None = None
        self._in_vain = 0

    # -- what desks do -----------------------------------------------------------------------

    def waiting(self) -> tuple[Waiting, ...]:
        """What waits for this desk, the oldest first."""
        reply = self.steady(lambda: self.ask("GET", "/v1/inbox"))
        try:
            answer = json.loads(reply.body)
            self.root = str(answer.get("root", ""))
            found = tuple(
                Waiting(str(i["id"]), str(i["sender"]), int(i["size"]), str(i["sha256"]))
                for i in answer["waiting"]
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
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
        found: dict[tuple[str, str], tuple[str, str]] = {}
        after = ""
        while True:
            target = "/v1/sent" + (f"?after={after}" if after else "")
            reply = self.steady(partial(self.ask, "GET", target))
            try:
                items = list(json.loads(reply.body)["sent"])
                for i in items:
                    key = (str(i["receiver"]), str(i["sha256"]))
                    found[key] = (str(i["id"]), str(i["state"]))
                last = str(items[-1]["id"]) if items else ""
            except (ValueError, TypeError, KeyError) as error:
                raise HubStrange("sent") from error
            # A hub of before gives the newest only, in another order, and no more than that.
            if len(items) < wire.MAX_LIST or last <= after or not wire.BUNDLE_ID.fullmatch(last):
                return found
            after = last

    def put(self, data: bytes, receiver: str, progress: Progress = quiet) -> None:
        """Hand over a bundle; it is whole and durable at the hub when this returns."""
        sha256 = hashlib.sha256(data).hexdigest()
        about = wire.metadata({"receiver": receiver, "sha256": sha256})
        self._gained = 0
        self.steady(lambda: self._put(data, about, progress), lambda: self._gained)

    def get(self, item: Waiting, path: Path, progress: Progress = quiet) -> bool:
        """Fetch a bundle into *path*, going on with what is there already.

        Returns:
            Whether every byte is right; if not, the file is gone.

        Raises:
            Gone: it is not there any more.
        """
        self._gained = path.stat().st_size if path.exists() else 0
        self.steady(lambda: self._get(item, path, progress), lambda: self._gained)
        data = path.read_bytes()
        if len(data) == item.size and hashlib.sha256(data).hexdigest() == item.sha256:
            return True
        path.unlink()
        return False

    def done(self, name: str) -> None:
        """This desk has taken a bundle in, or takes back one of its own."""
        with contextlib.suppress(Gone):
            self.steady(lambda: self.ask("DELETE", f"/v1/bundles/{name}"))

    def revoke(self, revocations: wire.Revocations) -> None:
        """Tell which desks the province shut out."""
        body = revocations.encode()
        self.steady(lambda: self.ask("PUT", "/v1/revocations", body=body))

    def letters(self, device: str) -> tuple[bytes, ...]:
        """The letters that lead from a province's desk to the one in its place now.

        Public, so a desk that the hub refuses gets them as well.
        """
        target = f"/v1/letters/{device}"
        try:
            reply = self.steady(lambda: self._plain(target))
            return wire.decode_letters(reply.body)
        except EnrolmentRefused as error:
            raise HubStrange("letters") from error
        except NotThere:
            return ()

    def hand_letters(self, letters: tuple[bytes, ...]) -> bool:
        """Show by which letters this desk took the place of others; whether the hub follows."""
        body = wire.encode_letters(letters)
        try:
            self.steady(lambda: self.ask("PUT", "/v1/letters", body=body))
        except (NotThere, HubUnknownDesk):
            # A hub of before, or one that never trusted the old desk.
            return False
        return True

    def introduce(self, certificate: bytes) -> None:
        """Province: make a desk known that has not called at the hub yet."""
        with contextlib.suppress(NotThere):
            self.steady(lambda: self.ask("PUT", "/v1/desks", body=certificate))

    # -- uploading and downloading -------------------------------------------------------------

    def _put(self, data: bytes, about: str, progress: Progress) -> None:
        size = len(data)
        reply = self._begin(data, about)
        place = urlsplit(reply.headers.get("location", "")).path
        name = place.rsplit("/", 1)[-1]
        if wire.BUNDLE_ID.fullmatch(name) is None:
            raise HubStrange("location")
        at = self._offset(reply, size)
        self._learn(at)
        restarts = 0
        while at < size:
            self._gained = at
            progress(at, size, _(N_("Sending to the hub")))
            part = data[at : at + self._pace.size(self._largest_chunk, sliced=self._slices)]
            headers = {**_PIECE, "upload-offset": str(at)}
            if self._slices and len(part) <= wire.SLICE * wire.MOST_SLICES:
                headers[wire.SLICES] = wire.slices(part)
            else:
                headers["upload-checksum"] = wire.checksum(part)
            try:
                reply = self._piece("PATCH", f"/v1/uploads/{name}", headers, part)
                at = self._offset(reply, size)
            except Answered as answer:
                # The hub is further or not as far as we thought, or what it holds is not right.
                restarts += 1
                if answer.status not in (409, 460) or restarts > self._patience:
                    raise
                head = self.ask("HEAD", f"/v1/uploads/{name}", {"tus-resumable": wire.TUS})
                at = self._offset(head, size)
        progress(size, size, _(N_("Sending to the hub")))

    @property
    def _slices(self) -> bool:
        """Whether what came of a piece that is cut counts: the hub and the way there let it."""
        return self.keeps_slices and self._in_vain < _IN_VAIN

    def _learn(self, at: int) -> None:
        """The hub is at *at*: what that says of the piece that was cut last."""
        tried, self._tried = self._tried, None
        if tried is None:
            return
        kept = max(0, at - tried.at)
        self._pace.kept(kept)
        if kept:
            self._in_vain = 0
        elif tried.handed >= _MANY:
            # A proxy before the hub may hand over whole requests alone.
            self._in_vain += 1

    def _begin(self, data: bytes, about: str) -> Reply:
        """Begin the upload, or find how far it is; a small bundle goes along at once."""
        size = len(data)
        headers = {
            "tus-resumable": wire.TUS, "upload-length": str(size), "upload-metadata": about,
        }  # fmt: skip
        if not self.hub_id:
            self._challenge()
        # After a cut the hub may have it already: first it is asked.
        whole = not self._careful and self.takes_whole
        if whole and size <= self._pace.size(wire.MAX_WHOLE):
            return self._piece("POST", "/v1/uploads", {**_PIECE, **headers}, data)
        begun = time.monotonic()
        reply = self.ask("POST", "/v1/uploads", headers)
        self._pace.asked(time.monotonic() - begun)
        self._careful = False
        return reply

    def _piece(self, method: str, target: str, headers: dict[str, str], part: bytes) -> Reply:
        """One request that carries bytes of a bundle."""
        begun, before = time.monotonic(), self.sent_bytes
        if wire.SLICES not in headers:
            self.sent_bytes += len(part)
        try:
            reply = self.ask(method, target, headers, part)
        except Cut:
            self._careful = True
            if wire.SLICES in headers:
                at = int(headers["upload-offset"])
                self._tried = Tried(at, self.sent_bytes - before)
            self._pace.cut(len(part), time.monotonic() - begun)
            raise
        self._pace.passed(len(part), time.monotonic() - begun)
        return reply

    @staticmethod
    def _offset(reply: Reply, size: int) -> int:
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
            request = self.request("GET", f"/v1/bundles/{item.id}", headers, b"")
            response = self.client().send(request, stream=True)
            try:
                if response.status_code not in (200, 206):
                    response.read()
                    self.check(Reply(response.status_code, response.headers, response.content))
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

        self.proven(lambda: self.away(fetch, look))
        if path.stat().st_size < item.size:
            raise Cut
