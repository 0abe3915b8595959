"""The printed code is asked for once a quarter, and after it was used."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from services.conftest import COMMUNE, NOW, PASSWORD
from traffick_desk.services import access, recovery_trial, vaults
from traffick_desk.vault.errors import RecoveryCodeMistyped, RecoveryRefused
from traffick_desk.vault.kdf import FLOOR


@pytest.fixture
def created(tmp_path: Path):
    new = vaults.NewVault("commune", COMMUNE, "Nguyễn Thị Hương", "huong", PASSWORD, kdf=FLOOR)
    made = vaults.create(tmp_path / "v", new, lambda: NOW)
    yield made
    made.desk.close()


def _later(desk, days: int) -> None:
    desk.context.now = lambda: NOW + timedelta(days=days)


def test_it_is_due_three_months_after_it_was_made_or_tried(created) -> None:
    desk = created.desk
    assert recovery_trial.state(desk) == recovery_trial.FINE
    _later(desk, 91)
    assert recovery_trial.state(desk) == recovery_trial.DUE
    before = (desk.info.vault_path / "vault.json").read_bytes()
    recovery_trial.try_code(desk, created.recovery_code.lower().replace("-", " "))
    assert (desk.info.vault_path / "vault.json").read_bytes() == before, "nothing is changed"
    assert recovery_trial.state(desk) == recovery_trial.FINE
    _later(desk, 181)
    assert recovery_trial.state(desk) == recovery_trial.FINE


def test_a_wrong_code_does_not_count(created) -> None:
    desk = created.desk
    _later(desk, 100)
    old = created.recovery_code
    access.renew_recovery_code(desk, PASSWORD)
    _later(desk, 200)
    with pytest.raises(RecoveryRefused):
        recovery_trial.try_code(desk, old)
    wrong = old[:-1] + ("0" if old[-1] != "0" else "1")
    with pytest.raises(RecoveryCodeMistyped):
        recovery_trial.try_code(desk, wrong)
    assert recovery_trial.state(desk) == recovery_trial.DUE


def test_after_it_was_used_a_new_one_is_asked_for(created) -> None:
    path = created.desk.info.vault_path
    created.desk.close()
    fresh = "năm chiếc lá rơi xuống sông"
    desk = vaults.unlock_with_recovery(path, created.recovery_code, "huong", fresh, lambda: NOW)
    try:
        assert recovery_trial.state(desk) == recovery_trial.USED
        access.renew_recovery_code(desk, fresh)
        assert recovery_trial.state(desk) == recovery_trial.FINE
    finally:
        desk.close()
