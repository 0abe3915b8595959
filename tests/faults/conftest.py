from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from desk.pages2 import world
from faults import tasks
from traffick_desk import i18n
from traffick_desk.services import backup, officers
from traffick_desk.services.closing import CloseCase
from traffick_desk.services.erasure import RequestErasure

HERE = Path(__file__).resolve().parent
V0001 = HERE.parent / "store" / "fixtures" / "v0001.db"


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """Every test of this suite reads English."""


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What writes down, refuses and counts the writes of a process."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler: writes cannot be counted")
    made = tmp_path_factory.mktemp("shim") / "recorder.so"
    subprocess.run(
        [compiler, "-O1", "-shared", "-fPIC", "-o", made, HERE / "recorder.c", "-ldl"], check=True
    )
    return made


@pytest.fixture
def memory_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where the system has one.

    What is killed leaves the same there as on a disk: the system holds the pages either way.
    """
    shared = Path("/dev/shm")
    if not shared.is_dir() or shutil.disk_usage(shared).free < 500_000_000:
        yield tmp_path
        return
    with TemporaryDirectory(prefix="td-test-", dir=shared) as made:
        yield Path(made)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A province's vault with nine cases, a demand to erase one, and a backup in a place."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "place").mkdir()
    shutil.copyfile(V0001, folder / tasks.OLD)
    desk = world.make(folder / "vault", "province")
    cases = world.take_in(desk)
    assert len(cases) == tasks.CASES
    desk.do(CloseCase(cases[0], "reintegrated", "Xong"))
    other = officers.NewOfficer("Trần Văn An", tasks.OTHER, tasks.HERS, "case_officer")
    officers.add(desk, world.PASSWORD, other)
    desk.close()
    desk = tasks.unlock(folder, tasks.OTHER, tasks.HERS)
    desk.do(RequestErasure(cases[0], "person", "Yêu cầu"))
    backup.backup(desk, folder / "place")
    desk.close()
    i18n.set_language("vi")
    return folder
