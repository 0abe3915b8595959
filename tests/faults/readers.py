"""Everything in the program that reads bytes of strangers: what it is given, what it may refuse with.

A *wrap* puts changed bytes into what surrounds them, with right digests and signatures: so the
inner readers are reached too, as by an enrolled desk that means ill, or a workbook with sound
checksums.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import zstandard

from services import documents_world
from sync import craft
from sync.desks import AT
from traffick_desk.law import amend_read
from traffick_desk.law.loader import load_pack
from traffick_desk.law.reader import PackError
from traffick_desk.papers import formfile
from traffick_desk.papers.errors import PaperError
from traffick_desk.reports.standards.files import FileUnreadable
from traffick_desk.services import rules_draft, standards
from traffick_desk.services.directory.exchange import services_in
from traffick_desk.services.documents import prepare
from traffick_desk.services.errors import ServiceError
from traffick_desk.services.register import table
from traffick_desk.store.changes import Change, ChangeInvalid, dump_canonical
from traffick_desk.sync import bundle, enrolment, rulepack, succession, update_file
from traffick_desk.sync import help as helping
from traffick_desk.sync.certificate import Certificate
from traffick_desk.sync.errors import SyncError
from traffick_desk.sync.hub_wire import Revocations, read_checksum, read_metadata
from traffick_desk.sync.keys import DeviceKeys, key_id
from traffick_desk.sync.manifest import PartInfo
from traffick_desk.sync.parts import pack, unpack
from traffick_desk.sync.update_release import Release
from traffick_desk.sync.wire import WireInvalid
from traffick_desk.vault import age, age_armor, bech32, header, recovery, shares
from traffick_desk.vault.errors import VaultError
from traffick_desk.vault.signing import SigningKey

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RELEASE = ROOT / "tests" / "releases" / "v0.1.0"
# The desk that asked to be enrolled in the files of that release.
OWN = enrolment.read_request((RELEASE / "stick/TD-BUNDLES/td-80fdded3.tdrequest").read_bytes()).desk
SENDER, MINE = DeviceKeys.generate("a"), DeviceKeys.generate("p")
SIGNING = SigningKey.generate()
FOLDER = Path(tempfile.gettempdir())


def _key_of(name: bytes) -> object:
    return SENDER.signing.verify_key if name == key_id(SENDER.signing.verify_key.raw) else None


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _at_path(ending: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    def reading(data: bytes) -> object:
        with tempfile.NamedTemporaryFile(suffix=ending, dir=FOLDER) as file:
            file.write(data)
            file.flush()
            return read(Path(file.name))

    return reading


def _text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode("utf-8", "replace"))


def _parts() -> tuple[tuple[PartInfo, bytes], ...]:
    bodies = [craft.change("a", n, f"case-{n}").encode() for n in range(1, 4)]
    return pack("certificates", [b"{}"]), pack("changes", bodies)


@functools.cache
def _manifest() -> bytes:
    infos = tuple(info for info, _packed in _parts())
    return craft.manifest("a", "p", parts=infos).encode()


def _signed(manifest: bytes) -> bytes:
    """The inside of a bundle around any manifest, signed by an enrolled desk."""
    prefix = bundle._PREFIX.pack(
        bundle.MAGIC, 1, bundle.ED25519, 0, len(manifest), bytes(16),
        key_id(SENDER.signing.verify_key.raw),
    )  # fmt: skip
    signature = SENDER.signing.sign(bundle.LABEL, prefix + manifest)
    inner = b"".join((prefix, signature, manifest, *(packed for _info, packed in _parts())))
    return inner + bytes(bundle.padded(len(inner)) - len(inner))


def _read_inside(manifest: bytes) -> None:
    inside = bundle.read_plain(_signed(manifest[:65_536]), _key_of)
    for info in inside.manifest.parts:
        inside.part(info.kind)


def _read_part(packed: bytes) -> None:
    """As who means ill would state it: the size that the frame itself claims."""
    try:
        raw = min(zstandard.get_frame_parameters(packed).content_size, 48 * 1024 * 1024)
    except zstandard.ZstdError:
        raw = len(packed)
    info = PartInfo("changes", 3, raw, len(packed), hashlib.sha256(packed).digest())
    unpack(info, packed)


@functools.cache
def workbook() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    page.append(["Họ và tên", "Ngày sinh", "Địa chỉ", "Ghi chú"])
    for number in range(12):
        page.append([f"Lò Thị {number}", "02/03/2009", "Xã Đồng Đăng", number])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def within_workbook(name: str, data: bytes) -> bytes:
    """The workbook with other bytes in one of its parts, and right checksums."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.namelist():
            after.writestr(entry, data if entry == name else before.read(entry))
    return out.getvalue()


def _member(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook())) as book:
        return book.read(name)


def _look(content: bytes) -> None:
    prepare.prepare(prepare.look_at(content, "a.jpg"))


_rules = functools.cache(load_pack)


def _lying(name: str) -> bytes:
    return (RELEASE / "stick" / "TD-BUNDLES" / name).read_bytes()


def _update(body: bytes) -> bytes:
    return (
        update_file.MAGIC + len(body).to_bytes(4, "big") + body
        + SIGNING.sign(update_file.LABEL, body)
    )  # fmt: skip


_UPDATE = update_file.Manifest(
    "traffick-desk", 6, "1.6", "linux-x64", "2026-11-01", "2027-11-01", "0002", 10,
    bytes(32), 10, 1,
)  # fmt: skip
_CERTIFICATE = Certificate.sign(
    enrolment.Public(
        "a", "commune", "2025/05977", "x", SIGNING.verify_key.raw, MINE.recipient
    ), 1, AT, "p", (), SIGNING,
)  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """A reader, valid bytes for it, the errors that it promises, and what wraps changed bytes."""

    read: Callable[[bytes], object]
    samples: tuple[bytes, ...]
    errors: tuple[type[Exception], ...]
    wrap: Callable[[bytes], bytes] = bytes


def table_of() -> dict[str, Reader]:
    """Name → reader; made in the process that reads."""
    sealed = bundle.seal(_signed(_manifest()), MINE.recipient)
    opened = functools.partial(bundle.open_bundle, identities=MINE.identities, key_of=_key_of)
    sheets = shares.split(bytes(range(shares.SECRET_SIZE)))
    drafts = (
        "kind: amendments\nnumber: 3\nmade_on: 2026-11-01\nnote: |\n  một\nchanges:\n"
        "- parameter: base\n  from: 2026-07-01\n  value: 2530000\n"
    ).encode()
    form = next((ROOT / "resources" / "forms").rglob("*.yaml")).read_text("utf-8")
    form = re.sub(r"(?m)^(\s*key:\s*)\S+", r"\1tinh/1", form, count=1)
    htcds = _json({"kind": "htcds", "columns": ["CaseNumber", "Age"], "rows": [
        {"CaseNumber": "1", "Age": 12}, {"CaseNumber": "2", "Age": None}]})  # fmt: skip
    service = {"id": "1", "name": "Nhà tạm lánh", "status": "active", "phones": [
        {"id": "2", "number": "0205 3870 000"}], "minimum_age": 6, "schedules": [
        {"id": "3", "opens_at": "08:00", "valid_from": "2026-01-01"}]}  # fmt: skip
    return {
        "sealed bundle": Reader(opened, (sealed,), (SyncError,)),
        "inside of a bundle": Reader(
            lambda d: bundle.read_plain(d, _key_of), (_signed(_manifest()),), (SyncError,)
        ),
        "signed manifest": Reader(_read_inside, (_manifest(),), (SyncError,)),
        "packed part": Reader(_read_part, (_parts()[1][1],), (WireInvalid,)),
        "change": Reader(
            Change.decode, (craft.change("a", 1, "case-1").encode(),), (ChangeInvalid,)
        ),
        "certificate": Reader(Certificate.decode, (_CERTIFICATE.encode(),), (SyncError,)),
        "request": Reader(enrolment.read_request, (_lying("td-80fdded3.tdrequest"),), (SyncError,)),
        "answer": Reader(
            lambda d: enrolment.read_answer(d, OWN), (_lying("td-80fdded3.tdcert"),), (SyncError,)
        ),
        "succession": Reader(
            succession.Letter.decode,
            (succession.Letter.sign("a", AT, _CERTIFICATE, _CERTIFICATE, SIGNING).encode(),),
            (SyncError,),
        ),
        "request for help": Reader(
            helping.read_request,
            (
                dump_canonical(
                    {
                        "device": "a",
                        "epoch": 1,
                        "kind": "traffick-desk/help-request",
                        "label": "x",
                        "login": "x",
                        "made_at": AT,
                        "recipient": MINE.recipient,
                        "sealed": "AAAA",
                        "slot_id": "0" * 16,
                        "unit": "2025/05977",
                        "vault_id": "0" * 32,
                        "version": 1,
                    }
                ),
            ),
            (SyncError,),
        ),
        "rules of a province": Reader(
            _text(rulepack.SignedRules.decode),
            (
                rulepack.SignedRules.sign("p", "2025/20", 1, AT, drafts.decode(), SIGNING)
                .encode()
                .encode(),
            ),
            (rulepack.RulesRefused,),
        ),
        "list of withdrawn desks": Reader(
            Revocations.decode,
            (Revocations.sign("p", 1, AT, ["a", "b"], SIGNING).encode(),),
            (SyncError,),
        ),
        "words of the hub": Reader(
            _text(lambda t: (read_metadata(t), read_checksum(t))),
            (b"sender YQ==,receiver cA==", base64.b64encode(bytes(32))),
            (WireInvalid,),
        ),
        "header of a vault": Reader(
            header.decode,
            tuple(p.read_bytes() for p in RELEASE.glob("*/vault.json")),
            (VaultError,),
        ),
        "update": Reader(
            _at_path(".tdupdate", lambda p: update_file.read(p, [SIGNING.verify_key.raw])),
            (_update(_UPDATE.encode()),),
            (update_file.UpdateError,),
        ),
        "signed update": Reader(
            _at_path(".tdupdate", lambda p: update_file.read(p, [SIGNING.verify_key.raw])),
            (_UPDATE.encode(),),
            (update_file.UpdateError,),
            _update,
        ),
        "release of an update": Reader(
            Release.decode,
            (Release.sign(SIGNING, "p", "2025/20", 1, bytes(32), AT).encode(),),
            (update_file.UpdateError,),
        ),
        "armoured file": Reader(
            age_armor.dearmor, (age_armor.armor(sealed[:3_000]),), (VaultError,)
        ),
        "key as text": Reader(
            _text(lambda t: (age.parse_recipient(t), bech32.decode(t))),
            (MINE.recipient.encode(),),
            (VaultError, ValueError),
        ),
        "sheet of a key": Reader(
            _text(shares.parse), tuple(" ".join(s.text()).encode() for s in sheets), (VaultError,)
        ),
        "recovery code": Reader(
            _text(recovery.parse), (recovery.generate().encode(),), (VaultError,)
        ),
        "workbook": Reader(_at_path(".xlsx", table.read), (workbook(),), (ServiceError,)),
        **{
            f"workbook, {name}": Reader(
                _at_path(".xlsx", table.read),
                (_member(name),),
                (ServiceError,),
                functools.partial(within_workbook, name),
            )
            for name in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml")
        },
        "text with columns": Reader(
            _at_path(".csv", table.read),
            (
                ('Họ và tên;Ngày sinh\nLò Thị Mỷ;2009\n"a""b";c\n' * 5).encode(),
                "Tên\tNăm\nA\t1\n".encode("utf-16"),
            ),
            (ServiceError,),
        ),
        "directory in HSDS": Reader(
            services_in,
            (
                _json({"contents": [service]}),
                _json([service]),
                _json({"id": "4", "name": "x", "description": "y", "services": [service]}),
            ),
            (ServiceError,),
        ),
        **{
            f"rows of HTCDS ({ending})": Reader(
                _at_path(ending, standards.read), (sample,), (FileUnreadable, ServiceError)
            )
            for ending, sample in (
                (".json", htcds),
                (".csv", b"CaseNumber,Age\n1,12\n2,\n"),
                (".xlsx", workbook()),
            )
        },
        "draft of rules": Reader(_text(rules_draft.read), (drafts,), (PackError,)),
        "amendments": Reader(
            _text(lambda t: amend_read.read_amendments(t, _rules())), (drafts,), (PackError,)
        ),
        "form of a province": Reader(
            _text(lambda t: formfile.read_own("tinh/1", t)), (form.encode(),), (PaperError,)
        ),
        "photo": Reader(
            _look, (documents_world.jpeg(200, 150), documents_world.png(120, 80)), (ServiceError,)
        ),
        "scan": Reader(_look, (documents_world.tiff(2), documents_world.pdf(1)), (ServiceError,)),
    }
