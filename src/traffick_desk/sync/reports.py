"""What an export, an import and a link look like from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[int, int, str], None]
"""Called with done, total and a text for people; what it raises ends the work safely."""


def quiet(_done: int, _total: int, _text: str) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class LinkView:
    """The state of the link to one peer desk.

    Attributes:
        unsent: changes the peer is owed that no carrier has yet.
        carried: changes on a carrier that the peer has not confirmed.
        received_on: when the peer confirmed the newest bundle, or "".
        last_import_on: when the newest bundle of the peer was taken in, or "".
        waiting: bundles of the peer that wait for an earlier one.
        revoked: the peer's access was withdrawn.
        documents, document_size: documents that the peer is owed, and their bytes.
        hub_at: when the hub had the newest bundle that the peer has not confirmed, or "".
    """

    device: str
    label: str
    unit: str
    unsent: int
    carried: int
    received_on: str
    last_import_on: str
    waiting: int
    revoked: bool = False
    documents: int = 0
    document_size: int = 0
    hub_at: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What one bundle brought.

    Attributes:
        outcome: ``applied``, ``already``, ``waiting`` (an earlier bundle is missing), ``refused``.
        message: the reason in words, when it was not applied.
        code: the reason for the log and for tests, nothing personal.
        released: bundles that had waited for this one and took effect with it; their
            changes are counted here too.
        documents: documents that are whole now; refused_documents: what fits no record.
        handed_back: changes of a former desk of the province that this one had lost.
    """

    file: str
    outcome: str
    message: str = ""
    sender: str = ""
    sender_label: str = ""
    number: int = 0
    made_at: str = ""
    new_changes: int = 0
    new_cases: tuple[str, ...] = ()
    changed_cases: tuple[str, ...] = ()
    decisions: int = 0
    rules: int = 0
    conflicts: int = 0
    receipts: int = 0
    code: str = ""
    released: int = 0
    documents: int = 0
    refused_documents: int = 0
    handed_back: int = 0


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written, and that it was read back.

    Attributes:
        documents: pieces of how many documents are in it.
    """

    path: str
    receiver: str
    receiver_label: str
    number: int
    changes: int
    cases: int
    size: int
    sha256: str
    documents: int = 0
