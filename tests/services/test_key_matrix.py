"""Every secret against every way in, in vault files as they are, were, and were made to be.

Only the diagonal opens: the right secret, on the slot it belongs to, in a vault file nobody
edited, with the data file of the same key. The key derivation is the real one; what was derived
once from the same salt and secret is kept, or the matrix would take an hour.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from services.conftest import COMMUNE, NOW, PASSWORD, PROVINCE
from traffick_desk.services import access, backup, exchange, officers, province_help, vaults
from traffick_desk.services.commands import SaveDraft
from traffick_desk.store import engine
from traffick_desk.store.errors import StoreUnreadable
from traffick_desk.sync.keys import exchange_identities
from traffick_desk.vault import header as vault_header
from traffick_desk.vault import kdf, slot_keys, slots
from traffick_desk.vault.age import Identity
from traffick_desk.vault.errors import HeaderDamaged, VaultError
from traffick_desk.vault.kdf import FLOOR
from traffick_desk.vault.passwords import normalise
from traffick_desk.vault.strict_json import canonical

OFFICERS = {
    "huong": PASSWORD,
    "tam": "mười cây tre xanh bên suối",
    "lan": "chín dòng sông chảy ra biển",
}
CHANGED = "bảy con cá bơi ngược dòng"
MARK = "bản nháp bí mật"


@dataclass
class World:
    """A vault with its past.

    Attributes:
        headers: by when: the backup's, after *tam*'s new password, after *lan* was shut out.
        files: data files by key: of the backup and of now.
        secrets: what people hold; texts, and the province's keys.
    """

    headers: dict[str, bytes]
    files: dict[str, Path]
    secrets: dict[str, str | list[Identity]]


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    base = tmp_path_factory.mktemp("matrix")
    for name in ("usb", "backups"):
        (base / name).mkdir()
    new = vaults.NewVault("commune", COMMUNE, "Nguyễn Thị Hương", "huong", PASSWORD, kdf=FLOOR)
    created = vaults.create(base / "commune", new, lambda: NOW)
    desk, path = created.desk, base / "commune"
    province = vaults.create(
        base / "province",
        vaults.NewVault("province", PROVINCE, "Trần Văn Lãm", "lam", PASSWORD, kdf=FLOOR),
        lambda: NOW,
    ).desk
    request, _words = exchange.write_request(desk, base / "usb")
    answer = exchange.accept(province, exchange.read_request(province, request), base / "usb")
    exchange.install(desk, exchange.read_certificate(desk, answer))
    with province.context.store.read() as cursor:
        identities = exchange_identities(cursor)
    province.close()
    ids = {}
    for login, name in (("tam", "Lò Văn Tám"), ("lan", "Vi Thị Lan")):
        ids[login] = officers.add(
            desk, PASSWORD, officers.NewOfficer(name, login, OFFICERS[login], "officer")
        )
    province_help.allow(desk, PASSWORD)
    desk.do(SaveDraft("intake:1", "", "draft", {"name": MARK}))
    file = path / vault_header.FILE_NAME
    copy = backup.backup(desk, base / "backups")
    desk.close()
    headers = {"backup": (copy / vault_header.FILE_NAME).read_bytes()}
    files = {"old": base / "old.db", "new": base / "new.db"}
    shutil.copyfile(copy / vaults.DATABASE, files["old"])

    other = vaults.unlock(path, "tam", OFFICERS["tam"], lambda: NOW)
    access.change_password(other, OFFICERS["tam"], CHANGED)
    other.close()
    headers["changed"] = file.read_bytes()
    officers.dismiss(path, "huong", PASSWORD, ids["lan"], lambda: NOW)
    headers["rotated"] = file.read_bytes()
    shutil.copyfile(path / vaults.DATABASE, files["new"])
    secrets: dict[str, str | list[Identity]] = {
        **OFFICERS,
        "tam, new": CHANGED,
        "code": created.recovery_code,
        "province": identities,
        "nobody": "sai mật khẩu rồi nhé",
    }
    return World(headers, files, secrets)


_real = kdf.derive


@cache
def _once(params: kdf.KdfParams, salt: bytes, secret: bytes) -> bytes:
    return bytes(_real(params, salt, secret))


@pytest.fixture
def derived(monkeypatch) -> None:
    """Each derivation is done once."""
    monkeypatch.setattr(
        slot_keys,
        "derive",
        lambda params, salt, secret: bytearray(_once(params, salt, bytes(secret))),
    )


def _edited(data: bytes, edit: Callable[[dict], None]) -> bytes:
    value = json.loads(data)
    edit(value)
    return canonical(value)


def _officers(value: dict) -> list[dict]:
    return [slot for slot in value["slots"] if slot["kind"] == "officer"]


def _swap(name: str) -> Callable[[dict], None]:
    def edit(value: dict) -> None:
        first, second = _officers(value)[:2]
        first[name], second[name] = second[name], first[name]

    return edit


def _cost(name: str, number: int) -> Callable[[dict], None]:
    def edit(value: dict) -> None:
        for slot in value["slots"]:
            if "kdf" in slot:
                slot["kdf"][name] = number

    return edit


def _own_slot(value: dict) -> None:
    """A slot of somebody else's vault, put in place of the first."""
    header, dek = slots.create_header(
        profile="commune", unit=COMMUNE, desk_label="x", device_id="device-x", schema_min=1
    )
    header = slots.add_officer_slot(header, dek, "officer-x", "huong", OFFICERS["huong"])
    slot = json.loads(vault_header.encode(header))["slots"][0]
    value["slots"][0] = {**slot, "officer_id": value["slots"][0]["officer_id"]}


def _removed_slot(value: dict) -> None:
    value["slots"] = value["slots"][1:]


def _swap_salts(value: dict) -> None:
    first, second = (slot["kdf"] for slot in _officers(value)[:2])
    first["salt"], second["salt"] = second["salt"], first["salt"]


EDITS: dict[str, Callable[[dict], None]] = {
    "wrapped swapped": _swap("wrapped"),
    "sealed swapped": _swap("sealed"),
    "logins swapped": _swap("login"),
    "salts swapped": _swap_salts,
    "iterations edited": _cost("iterations", 4),
    "lanes edited": _cost("lanes", 5),
    "a slot of another vault": _own_slot,
    "a slot taken away": _removed_slot,
    "epoch set back": lambda value: value.update(epoch=1),
    "another vault id": lambda value: value.update(vault_id="0" * 32),
    "anchor edited": lambda value: value.update(anchor=value["slots"][0]["wrapped"][:64]),
    "generation set back": lambda value: value.update(generation=1),
}
LOWERED = {"memory_kib": 32 * 1024, "iterations": 1, "lanes": 1}


def _opens(header: vault_header.Header, slot: vault_header.Slot, secret) -> bytearray | None:
    """The data key by this one slot, as unlocking does it; None for every refusal."""
    try:
        if slot.kind == vault_header.PROVINCE:
            if isinstance(secret, str):
                return None
            key = slot_keys.open_key(slot.sealed, secret)
            if (key.vault_id, key.slot_id, key.epoch) != (header.vault_id, slot.id, header.epoch):
                return None
            vault_header.verify_header(header, key.dek)
            return key.dek
        if not isinstance(secret, str):
            return None
        text = secret.replace("-", "") if slot.kind == vault_header.RECOVERY else normalise(secret)
        return slot_keys.open_slot(header, slot, text)
    except VaultError:
        return None


def _reads(file: Path, dek: bytearray) -> bool:
    """Whether the data file opens, and the draft in it can be read."""
    try:
        connection = engine.connect(file, vaults.key_source(dek), read_only=True)
    except StoreUnreadable:
        return False
    try:
        rows = connection.execute("SELECT payload FROM draft").fetchall()
        return any(MARK in str(row[0]) for row in rows)
    finally:
        connection.close()


# In which header whose secret opens which slot: all that may open.
HOLDS = {
    "backup": {"huong": "huong", "tam": "tam", "lan": "lan", "code": "", "province": ""},
    "changed": {"huong": "huong", "tam, new": "tam", "lan": "lan", "code": "", "province": ""},
    "rotated": {"huong": "huong", "tam, new": "tam", "code": "", "province": ""},
}
FILE_OF = {"backup": "old", "changed": "old", "rotated": "new"}


def _belongs(name: str, slot: vault_header.Slot, login: str) -> bool:
    if name in ("code", "province"):
        return slot.kind == {"code": vault_header.RECOVERY, "province": vault_header.PROVINCE}[name]
    return slot.kind == vault_header.OFFICER and slot.login == login


def test_only_the_diagonal_opens(world: World, derived: None) -> None:
    cells = opened = 0
    for when, data in world.headers.items():
        header = vault_header.decode(data)
        for name, secret in world.secrets.items():
            for slot in header.slots:
                login = HOLDS[when].get(name)
                right = login is not None and _belongs(name, slot, login)
                dek = _opens(header, slot, secret)
                assert (dek is not None) == right, (when, name, slot.kind, slot.login)
                for key, file in world.files.items():
                    cells += 1
                    reads = dek is not None and _reads(file, dek)
                    assert reads == (right and key == FILE_OF[when]), (when, name, slot.login, key)
                    opened += reads
    assert opened == sum(len(holds) for holds in HOLDS.values())
    assert cells > 150, cells


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_no_edited_vault_file_opens_with_any_secret(world: World, derived: None, edit) -> None:
    data = _edited(world.headers["rotated"], edit)
    assert data != world.headers["rotated"]
    try:
        header = vault_header.decode(data)
    except HeaderDamaged:
        return  # refused before any key was tried
    for name in ("huong", "tam, new", "code", "province"):
        for slot in header.slots:
            assert _opens(header, slot, world.secrets[name]) is None, (name, slot.login)


@pytest.mark.parametrize("name", LOWERED)
def test_a_cheaper_derivation_is_refused_before_a_password_is_tried(world: World, name) -> None:
    with pytest.raises(HeaderDamaged):
        vault_header.decode(_edited(world.headers["rotated"], _cost(name, LOWERED[name])))


RAW = b"x'" + b"0123456789abcdef" * 4 + b"'"


@pytest.mark.parametrize(
    "key",
    [
        RAW[2:-1], RAW[:-3] + b"'", RAW[:-1] + b"00'", RAW.upper(), b"X" + RAW[1:],
        RAW.replace(b"f", b"g"), b"'" + RAW[2:], RAW[:-1], b'"' + RAW[2:-1] + b'"', b"", b"x''",
        b" " + RAW, RAW + b" ", RAW + b"\0", RAW[:-1] + b"00" * 16 + b"'",
    ],
)  # fmt: skip
def test_no_other_form_of_a_raw_key_opens_or_makes_a_file(tmp_path: Path, key: bytes) -> None:
    """Each of these SQLCipher itself would take: as a passphrase, or as no key at all."""
    path = tmp_path / "x.db"
    with pytest.raises(ValueError, match="raw key"):
        engine.connect(path, lambda: bytearray(key))
    assert not path.exists()
    engine.connect(path, lambda: bytearray(RAW)).close()
    before = path.read_bytes()
    assert not before.startswith(b"SQLite format 3")
    with pytest.raises(ValueError, match="raw key"):
        engine.connect(path, lambda: bytearray(key))
    assert path.read_bytes() == before


def test_a_key_as_text_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="raw key"):
        engine.connect(tmp_path / "x.db", RAW.decode)
    assert not (tmp_path / "x.db").exists()
