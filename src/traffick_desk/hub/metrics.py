"""Figures for Prometheus: counts, sizes and times; no label tells a desk or an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from traffick_desk.hub.mailbox import Mailbox


class _Held(Collector):
    """Asked at the moment of the scrape, so that all processes of a hub tell the same."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def collect(self) -> Iterator[GaugeMetricFamily]:
        number = GaugeMetricFamily("hub_bundles", "Bundles by state", labels=["state"])
        size = GaugeMetricFamily("hub_held_bytes", "Bytes held by state", labels=["state"])
        counts = self._mailbox.counts()
        for state in ("open", "waiting", "taken"):
            found = counts.get(state, (0, 0))
            number.add_metric([state], found[0])
            size.add_metric([state], found[1])
        yield number
        yield size


class Metrics:
    """What one process counted."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Held(mailbox))
        self.requests = Counter(
            "hub_requests", "Requests by route and status", ["route", "status"],
            registry=self.registry,
        )  # fmt: skip
        self.refused = Counter(
            "hub_refused", "Requests refused, by code", ["code"], registry=self.registry
        )
        self.received = Counter(
            "hub_received_bytes", "Bytes of bundles taken", registry=self.registry
        )
        self.handed = Counter(
            "hub_handed_bytes", "Bytes of bundles handed out", registry=self.registry
        )
        self.seconds = Histogram(
            "hub_request_seconds", "Time of requests by route", ["route"],
            buckets=(0.005, 0.02, 0.1, 0.5, 2, 10, 60), registry=self.registry,
        )  # fmt: skip

    def text(self) -> bytes:
        """In Prometheus' own format."""
        return generate_latest(self.registry)
