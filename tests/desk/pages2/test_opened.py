"""A double-click on a bundle: handed to the window that is open, and shown after unlocking."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket

from desk.pages2 import world
from desk.pages2.test_program import ENVIRONMENT, program, unlock  # noqa: F401 - a fixture
from traffick_desk.desk import instance
from traffick_desk.services import duress, exchange, opened

SEALED = b"age-encryption.org/v1\n-> X25519 stranger\n" + bytes(range(256)) * 80


@pytest.fixture
def runtime(monkeypatch, tmp_path_factory):
    """A folder for sockets that is ours alone; short, as addresses are."""
    folder = tmp_path_factory.mktemp("run")
    folder.chmod(0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def bundle(tmp_path) -> Path:
    path = tmp_path / "Thẻ nhớ của xã" / "td-00112233-00112233445566778899aabb.age"
    path.parent.mkdir()
    path.write_bytes(SEALED)
    return path


@pytest.fixture
def listener(desk_app, runtime, tmp_path):
    one = instance.Listener(instance.address(tmp_path / "vault"))
    assert one.begin()
    yield one
    one.end()


def second_start(where: str, file: Path | None) -> subprocess.Popen[str]:
    """Another process that hands over, as a second start does."""
    code = (
        "import sys; from pathlib import Path; from traffick_desk.desk import instance;"
        "print(instance.hand_over(sys.argv[1], Path(sys.argv[2]) if sys.argv[2] else None))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, where, str(file or "")],
        stdout=subprocess.PIPE, text=True, env={**ENVIRONMENT, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip


# -- which file -------------------------------------------------------------------------------


def test_what_begins_as_a_bundle_is_judged_one(bundle):
    assert opened.judge(bundle) == opened.Opened(bundle, len(SEALED))


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("photo.jpg", opened.NotABundle),
        ("td-00112233-00112233445566778899aabb.age", opened.NotABundle),
        ("desk.tdupdate", opened.IsAnUpdate),
        ("td-00112233.TDREQUEST", opened.IsForLinking),
        ("td-00112233.tdcert", opened.IsForLinking),
    ],
)
def test_a_file_of_another_kind_is_refused_in_words_with_what_to_do(tmp_path, name, problem):
    path = tmp_path / name
    path.write_bytes(b"\xff\xd8\xff\xe0 a picture")
    with pytest.raises(opened.NotABundle) as refused:
        opened.judge(path)
    assert type(refused.value) is problem
    assert "Nothing was changed" in type(refused.value).text
    assert name not in str(refused.value)


def test_what_is_gone_a_folder_or_a_pipe_is_refused_without_waiting(tmp_path):
    with pytest.raises(opened.NotReadable):
        opened.judge(tmp_path / "td-gone.age")
    with pytest.raises(opened.NotABundle):
        opened.judge(tmp_path)
    pipe = tmp_path / "td-pipe.age"
    os.mkfifo(pipe)
    with pytest.raises(opened.NotABundle):
        opened.judge(pipe)


# -- one running program -----------------------------------------------------------------------


def test_the_address_tells_neither_vault_nor_person(runtime, tmp_path):
    one = instance.address(tmp_path / "Nguyễn Thị Hương" / "vault")
    other = instance.address(tmp_path / "khác" / "vault")
    assert one != other
    assert Path(one).parent == runtime
    assert "Hương" not in one
    assert "vault" not in one


def test_no_folder_that_others_write_to_is_listened_in(runtime, monkeypatch, tmp_path):
    runtime.chmod(0o777)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "none"))
    assert instance.address(tmp_path / "vault") == ""
    assert not instance.Listener("").begin()
    assert not instance.hand_over("", None)


def test_a_second_start_hands_its_file_over_and_ends(listener, qtbot, bundle, tmp_path):
    with qtbot.waitSignal(listener.wanted, timeout=20_000) as heard:
        process = second_start(instance.address(tmp_path / "vault"), bundle)
    assert heard.args == [str(bundle)]
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
    assert process.communicate()[0].strip() == "True"


def test_where_nobody_listens_the_start_goes_on(runtime, tmp_path):
    where = instance.address(tmp_path / "vault")
    assert not instance.hand_over(where, None)
    Path(where).write_bytes(b"")  # left by a program that was killed
    assert not instance.hand_over(where, None, 200)


def test_the_socket_of_a_killed_program_is_taken_over_that_of_a_living_one_is_not(
    listener, desk_app, tmp_path
):
    where = instance.address(tmp_path / "vault")
    assert not instance.Listener(where).begin()
    other = instance.address(tmp_path / "other")
    killed = subprocess.run(
        [sys.executable, "-c", "import socket,sys; socket.socket(1).bind(sys.argv[1])", other],
        check=True,
    )
    assert killed.returncode == 0
    assert Path(other).exists()
    late = instance.Listener(other)
    assert late.begin()
    late.end()


@pytest.mark.parametrize(
    "said",
    [
        b"not json\n",
        b'{"open": 7}\n',
        b'{"open": "relative/td-1.age"}\n',
        b'{"open": "/a\\u0000b"}\n',
        b"[" * 9000 + b"\n",
        b"x" * (instance.MOST_BYTES + 1),
    ],
)
def test_what_is_no_wish_is_not_answered_and_wishes_nothing(listener, qtbot, tmp_path, said):
    heard = []
    listener.wanted.connect(heard.append)
    stranger = QLocalSocket()
    with qtbot.waitSignal(stranger.disconnected, timeout=20_000):
        stranger.connectToServer(instance.address(tmp_path / "vault"))
        stranger.write(said)
    assert stranger.readAll().data() == b""
    assert heard == []
    good = QLocalSocket()
    with qtbot.waitSignal(listener.wanted, timeout=20_000):
        good.connectToServer(instance.address(tmp_path / "vault"))
        good.write(json.dumps({"open": ""}).encode() + b"\n")


def test_only_this_user_may_speak(listener, tmp_path):
    assert Path(instance.address(tmp_path / "vault")).stat().st_mode & 0o077 == 0


# -- the windows ------------------------------------------------------------------------------


def settle(window, qtbot):
    qtbot.waitUntil(lambda: window.host.jobs.running == 0, timeout=20_000)


def test_a_bundle_opened_while_locked_is_shown_after_unlocking(program, qtbot, bundle):  # noqa: F811
    one = program("empty")
    one.opened.wanted(str(bundle))
    qtbot.waitUntil(lambda: "shown once you have unlocked" in one.unlock_window.notice.text())
    assert not one.unlock_window.untouched()  # it would be lost by beginning anew
    window = unlock(one, qtbot)
    qtbot.waitUntil(lambda: window.page.name == "sync")
    settle(window, qtbot)
    card = window.page.opened_bundle
    assert card.isVisible()
    assert bundle.name in card._file.text()
    # This desk is not linked yet: it says so, and nothing can be pressed that would not work.
    assert not card.take_button.isEnabled()
    assert "not linked" in card._note.text()
    window.lock()
    qtbot.waitUntil(lambda: one.unlock_window is not None)
    assert not one.unlock_window.notice.text()
    window = unlock(one, qtbot)
    assert window.page.name == "today"


def test_another_kind_of_file_is_refused_before_and_after_unlocking(program, qtbot, tmp_path):  # noqa: F811
    photo = tmp_path / "photo.age"
    photo.write_bytes(b"\xff\xd8")
    one = program("empty")
    one.opened.wanted(str(photo))
    qtbot.waitUntil(lambda: "not a bundle" in one.unlock_window.notice.text())
    window = unlock(one, qtbot)
    settle(window, qtbot)
    assert window.page.name == "today"
    one.opened.wanted(str(photo))
    settle(window, qtbot)
    qtbot.waitUntil(
        lambda: any("not a bundle" in n.accessibleName() for n in window.messages.shown())
    )
    assert window.page.name == "today"


def test_under_force_a_bundle_of_the_real_desk_leads_nowhere(program, qtbot, bundle):  # noqa: F811
    one = program("worked")
    vault = one.vault
    desk = unlock(one, qtbot).host.desk
    duress.set_password(desk, world.PASSWORD, "bảy con vịt vàng")
    one.window.lock()
    qtbot.waitUntil(lambda: one.unlock_window is not None)
    window = unlock(one, qtbot, "bảy con vịt vàng")
    assert window.host.desk.info.practice
    one.opened.wanted(str(bundle))
    settle(window, qtbot)
    assert window.page.name == "today"
    (told,) = [
        n.accessibleName() for n in window.messages.shown() if "opened" in n.accessibleName()
    ]
    assert told == "The file that was opened is not for this desk. Nothing was changed."
    assert vault.exists()


def test_a_second_start_alone_brings_the_window_forward_and_changes_nothing(program, qtbot):  # noqa: F811
    one = program("empty")
    window = unlock(one, qtbot)
    window.showMinimized()
    one.opened.wanted("")
    assert not window.isMinimized()
    assert window.page.name == "today"


def test_a_real_bundle_is_taken_in_by_one_press(program, qtbot, tmp_path, templates):  # noqa: F811
    province_vault = tmp_path / "tinh"
    shutil.copytree(templates / "province", province_vault)
    one = program("worked")
    window = unlock(one, qtbot)
    commune = window.host.desk
    province = world.unlock(province_vault)
    stick = tmp_path / "usb"
    stick.mkdir()
    request, _words = exchange.write_request(commune, stick)
    answer = exchange.accept(province, exchange.read_request(province, request), stick)
    exchange.install(commune, exchange.read_certificate(commune, answer))
    exchange.export_bundles(commune, stick)
    sent = set(stick.rglob("*.age"))
    exchange.import_bundles(province, stick)
    exchange.export_bundles(province, stick)
    (answer_bundle,) = set(stick.rglob("*.age")) - sent
    province.close()
    one.opened.wanted(str(answer_bundle))
    qtbot.waitUntil(lambda: window.page.name == "sync", timeout=20_000)
    settle(window, qtbot)
    card = window.page.opened_bundle
    assert card.take_button.isEnabled()
    card.take_button.click()
    settle(window, qtbot)
    qtbot.waitUntil(lambda: not card.isVisible(), timeout=20_000)
    assert window.page.report.isVisible()
    assert answer_bundle.exists()


def test_without_the_network_library_each_start_goes_on_by_itself(runtime, tmp_path, monkeypatch):
    where = instance.address(tmp_path / "vault")
    Path(where).touch()
    monkeypatch.setitem(sys.modules, "PySide6.QtNetwork", None)
    assert instance.Listener(where).begin() is False
    assert instance.hand_over(where, None) is False
