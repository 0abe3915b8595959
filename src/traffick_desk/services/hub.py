"""The hub, as an officer meets it: its address, and a round of sending and fetching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from traffick_desk.i18n import N_
from traffick_desk.services import news, rules
from traffick_desk.services.base import Command, Context, Desk, Query
from traffick_desk.services.errors import NoPeer, ServiceError
from traffick_desk.services.exchange import CHANGED
from traffick_desk.services.roles import ENROL, EXCHANGE, OWN, may
from traffick_desk.sync import enrolment, hub_state, links
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.sync.reports import Progress, quiet

if TYPE_CHECKING:
    from collections.abc import Callable

    from traffick_desk.store.store import Work
    from traffick_desk.sync.hub_exchange import HubReport

FOLDER = "hub"


class NoHubInPractice(ServiceError):
    """Practice exchanges nothing over a network."""

    text = N_(
        "Practice exchanges bundles through its own folder only, never over a network. Nothing "
        "was changed."
    )


@dataclass(frozen=True, slots=True)
class HubView:
    """How this desk stands with its hub.

    Attributes:
        address: empty if there is none.
        met_at: when it was last spoken with to the end, or "".
        waiting: sealed files that the hub does not have whole yet.
    """

    address: str
    met_at: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Hub(Query[HubView]):
    """How this desk stands with its hub."""

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> HubView:  # noqa: ARG002
        """See :class:`Query`."""
        waiting = sum(1 for out in hub_state.outs(cursor) if not out.sent_at)
        return HubView(hub_state.address(cursor), hub_state.met_at(cursor), waiting)


@dataclass(frozen=True, slots=True)
class SetHub(Command[str]):
    """Name the hub, or none with an empty address; the address as it is kept.

    Raises:
        HubAddressRefused: nothing was changed.
    """

    permission: ClassVar[str] = ENROL
    action: ClassVar[str] = "hub.set"
    changes: ClassVar[frozenset[str]] = frozenset({"links"})

    address: str

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        from traffick_desk.sync.hub_talk import check_address

        if context.info.practice:
            raise NoHubInPractice
        address = check_address(self.address) if self.address.strip() else ""
        hub_state.set_address(work.cursor, address)
        return address

    def target(self, result: str) -> str:
        """The hub's address is nobody's personal data."""
        return result


@dataclass(frozen=True, slots=True)
class Withdraw(Command[None]):
    """Province: shut out a desk for ever; the hub is told in the next round.

    Raises:
        NotHere: there is no link to that desk.
    """

    permission: ClassVar[str] = ENROL
    action: ClassVar[str] = "enrol.withdraw"
    changes: ClassVar[frozenset[str]] = frozenset({"links"})

    device: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        links.load(work.cursor, self.device)
        own = enrolment.own_desk(work.cursor, context.info.device)
        enrolment.check_may_withdraw(own, self.device)
        enrolment.revoke(work.cursor, self.device, context.today)

    def target(self, result: None) -> str:  # noqa: ARG002
        """The desk."""
        return self.device


def may_exchange(desk: Desk) -> bool:
    """Whether the officer before the desk may send and fetch."""
    return may(desk.info.role, EXCHANGE)


def exchange(
    desk: Desk,
    progress: Progress = quiet,
    *,
    address: str = "",
    again: bool = False,
    alive: Callable[[], None] = lambda: None,
) -> HubReport | None:
    """One round with the hub; ``None`` if this desk has none.

    Safe in any thread, at any time, and again. While the network is waited for the vault is
    not held; *alive* is called some times a second and may end the round by raising.

    Args:
        desk: the unlocked desk.
        progress: called as the work goes on.
        address: of the hub for this round; otherwise the one that is kept.
        again: look at everything anew, also at files that were refused before.
        alive: see above.

    Raises:
        NoPeer: this desk is not linked yet.
        NotAllowed, NoHubInPractice, SyncError, CarrierError, StoreError: in words; what was
            done stays done.
    """
    from traffick_desk.sync.hub_client import HubClient
    from traffick_desk.sync.hub_exchange import HubRound
    from traffick_desk.sync.hub_talk import check_address

    desk.require(EXCHANGE)
    if address and desk.info.practice:
        raise NoHubInPractice
    store = desk.context.store
    with store.read() as cursor:
        place = check_address(address) if address else hub_state.address(cursor)
        if not place:
            return None
        if desk.info.profile != "province" and not links.peers(cursor):
            raise NoPeer
        keys = DeviceKeys.load(cursor, store.device)
        certificate = enrolment.own_certificate(cursor, store.device)
    if address:
        with store.work() as work:
            hub_state.set_address(work.cursor, place)
    client = HubClient(place, keys, certificate, alive=alive)
    folder = desk.info.vault_path / FOLDER
    report = None
    try:
        report = HubRound(
            store, folder, client, now=lambda: desk.context.moment,
            officer=desk.info.officer_id, progress=progress, again=again,
        ).run()  # fmt: skip
        if not desk.closed:
            news.note(desk, report.taken)
        return report
    finally:
        client.close()
        if not desk.closed and (report is None or report.changed):
            rules.take_into_use(desk.context)
            desk.tell(CHANGED)
