"""The page for province IT, as a browser without scripts sees it."""

from __future__ import annotations

import re

import httpx
import pytest

from hub.chromium import Chromium, program
from hub.hubs import Running
from sync.desks import Country
from traffick_desk.hub import viewers
from traffick_desk.hub.errors import WeakPassword
from traffick_desk.hub.limits import Rate
from traffick_desk.hub.trusted import revoke

PASSWORD = "mười hai con mèo ngủ trưa"


@pytest.fixture
def browser(hub: Running):
    hub.hub.viewers.put("it", PASSWORD)
    with httpx.Client(base_url=hub.address, follow_redirects=True, timeout=60) as one:
        yield one


def token(page: httpx.Response) -> str:
    return re.search(r'name="token" value="([^"]+)"', page.text).group(1)


def log_in(browser: httpx.Client, password: str = PASSWORD, login: str = "it") -> httpx.Response:
    form = browser.get("/status")
    return browser.post(
        "/status/login", data={"login": login, "password": password, "token": token(form)}
    )


def test_the_page_says_who_was_heard_from_and_nothing_of_people(
    hub: Running, browser, land: Country
) -> None:
    land.a.open_case("Nguyễn Thị Ánh")
    hub.round(land.a)
    with hub.hub.database.write() as connection:
        revoke(connection, "b", "hub")
    hub.hub.access.tidy()
    page = log_in(browser)
    assert page.status_code == 200
    # Vietnamese first.
    assert "Liên lạc lần cuối" in page.text
    assert "1 tệp, " in page.text
    assert "Lạng Sơn" in page.text
    english = browser.get("/status?language=en")
    assert "Last heard from" in english.text
    assert "in order" in english.text
    assert "has not called since it was added" in english.text
    for text in ("Ánh", "officer", "<script"):
        assert text not in english.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_nobody_gets_in_without_the_password(hub: Running, browser) -> None:
    assert "Mật khẩu" in browser.get("/").text
    for login, password in (
        ("it", "wrong"),
        ("nobody", PASSWORD),
        ("", ""),
        ("it' OR 1=1 --", "x"),
    ):
        page = log_in(browser, password, login)
        assert page.status_code == 403
        assert "không đúng" in page.text
    assert "Tên đăng nhập" in browser.get("/status").text


def test_guessing_is_slowed_down(hub: Running, browser) -> None:
    hub.hub.of_logins = Rate(3)
    for _ in range(3):
        log_in(browser, "wrong")
    assert log_in(browser).status_code == 429


def test_forms_of_other_pages_do_not_count(hub: Running, browser) -> None:
    browser.get("/status/login")
    fields = {"login": "it", "password": PASSWORD, "token": "x"}
    assert browser.post("/status/login", data=fields).status_code == 403
    bare = httpx.post(hub.address + "/status/login", data={**fields, "token": ""})
    assert bare.status_code == 403
    page = log_in(browser)
    browser.post("/status/logout", data={"token": "x"})
    # The cookie was dropped in this browser, but the session was not ended by the forged form.
    assert page.status_code == 200


def test_the_cookie_is_for_the_browser_only_and_ends(hub: Running, browser, monkeypatch) -> None:
    form = browser.get("/status")
    answer = browser.post(
        "/status/login", follow_redirects=False,
        data={"login": "it", "password": PASSWORD, "token": token(form)},
    )  # fmt: skip
    cookie = answer.headers["set-cookie"]
    for word in ("HttpOnly", "SameSite=strict", "Path=/status"):
        assert word in cookie
    secret = browser.cookies["td_session"]
    page = browser.get("/status")
    assert "Đăng xuất" in page.text
    # Who reads the database cannot log in with what is there.
    with hub.hub.database.read() as connection:
        from traffick_desk.hub.tables import session

        assert secret not in [row.token for row in connection.execute(session.select())]
    real = viewers.now
    monkeypatch.setattr(viewers, "now", lambda: real() + viewers.SESSION_SECONDS + 1)
    assert "Đăng xuất" not in browser.get("/status").text
    monkeypatch.undo()
    browser.post("/status/logout", data={"token": token(page)})
    browser.cookies.set("td_session", secret)
    assert "Đăng xuất" not in browser.get("/status").text


def test_a_new_password_ends_the_sessions_of_the_old(hub: Running, browser) -> None:
    log_in(browser)
    with pytest.raises(WeakPassword):
        hub.hub.viewers.put("it", "matkhau1")
    assert "Đăng xuất" in browser.get("/status").text
    hub.hub.viewers.put("it", PASSWORD + " khác")
    assert "Đăng xuất" not in browser.get("/status").text
    assert log_in(browser).status_code == 403


def test_it_is_whole_in_a_real_browser(hub: Running, browser, land: Country, tmp_path) -> None:
    if program() is None:
        pytest.skip(
            "NO CHROMIUM HERE: the page was tested over HTTP only (apt-get install chromium)"
        )
    hub.round(land.a)
    page = Chromium(tmp_path / "profile")
    try:
        page.go(hub.address + "/")
        assert page.run("document.documentElement.lang") == "vi"
        page.type_into("#login", "it")
        page.type_into("#password", "wrong")
        page.press("button.primary")
        assert "không đúng" in page.run("document.querySelector('[role=alert]').innerText")
        page.type_into("#login", "it")
        page.type_into("#password", PASSWORD)
        page.press("button.primary")
        assert page.run("document.querySelectorAll('tbody tr').length") == 2
        assert "bình thường" in page.run("document.body.innerText")
        # The style of the page was let in by its own policy, and nothing else was asked for.
        assert (
            page.run("getComputedStyle(document.querySelector('table')).borderCollapse")
            == "collapse"
        )
        assert page.run("document.cookie") == ""
        assert page.run("document.documentElement.scrollWidth <= innerWidth")
        page.go(hub.address + "/status?language=en")
        assert "Last heard from" in page.run("document.body.innerText")
        page.press("header button")
        page.go(hub.address + "/status")
        assert page.run("location.pathname") == "/status/login"
        wrong = [text for text in page.complaints() if "403" not in text and "favicon" not in text]
        assert not [text for text in wrong if "404" not in text]
    finally:
        page.close()
