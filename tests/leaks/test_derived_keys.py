"""A key that was derived and wiped stands nowhere in memory, not even in what Python has freed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from leaks import deriver, looking
from traffick_desk.vault.primitives import subkey


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_no_derived_key_stays_in_memory_that_was_freed() -> None:
    keys = {label: bytes(subkey(deriver.DEK, label)) for label in deriver.LABELS}
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    with subprocess.Popen(
        [sys.executable, deriver.__file__],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        try:
            (found,) = looking.memory(process.pid, [keys])
        except PermissionError:
            pytest.skip("this system does not let us look into another process")
        finally:
            process.stdin.close()
    assert found == {}
