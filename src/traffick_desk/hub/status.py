"""The page for province IT: which desk was last heard from. No case, no person, no script."""

from __future__ import annotations

import hmac
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from sqlalchemy import func, select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from traffick_desk import i18n, resources
from traffick_desk.domain.units import Units
from traffick_desk.domain.values import ICT
from traffick_desk.hub.bodies import body_of
from traffick_desk.hub.errors import Refused
from traffick_desk.hub.logs import log, short
from traffick_desk.hub.tables import bundle, desk, revoked
from traffick_desk.i18n import _, ngettext
from traffick_desk.sync.hub_wire import b64

if TYPE_CHECKING:
    from traffick_desk.hub.calls import Hub
    from traffick_desk.hub.viewers import Session

_SESSION = "td_session"
_BEFORE = "td_before"
_LANGUAGE = "td_language"
_LARGEST_FORM = 4096
_DAY = 86400


@dataclass(frozen=True, slots=True)
class Line:
    """One desk as the page shows it."""

    device: str
    unit: str
    label: str
    province: bool
    heard_at: int | None
    waiting: int
    waiting_bytes: int
    open: int
    revoked: bool


def lines(hub: Hub) -> list[Line]:
    """All desks, those not heard from for longest first."""
    with hub.database.read() as connection:
        waiting = {
            receiver: (int(number), int(size))
            for receiver, number, size in connection.execute(
                select(bundle.c.receiver, func.count(), func.sum(bundle.c.size))
                .where(bundle.c.state == "waiting")
                .group_by(bundle.c.receiver)
            )
        }
        uploads = {
            sender: int(number)
            for sender, number in connection.execute(
                select(bundle.c.sender, func.count())
                .where(bundle.c.state == "open")
                .group_by(bundle.c.sender)
            )
        }
        rows = connection.execute(
            select(desk, revoked.c.at.label("out"))
            .join(revoked, revoked.c.device == desk.c.device, isouter=True)
            .order_by(
                revoked.c.at.is_not(None), desk.c.profile.desc(),
                func.coalesce(desk.c.heard_at, 0), desk.c.device,
            )
        ).all()  # fmt: skip
    return [
        Line(
            row.device, row.unit, row.label, row.profile == "province", row.heard_at,
            *waiting.get(row.device, (0, 0)), uploads.get(row.device, 0), row.out is not None,
        )
        for row in rows
    ]  # fmt: skip


# -- pages ---------------------------------------------------------------------------------


async def page(hub: Hub, request: Request) -> Response:
    """The page, or the way to the login."""
    wanted = request.query_params.get("language", "")
    if wanted in i18n.LANGUAGES:
        response: Response = RedirectResponse(_at(request, "/status"), 303)
        _set(request, response, _LANGUAGE, wanted, 365 * _DAY)
        return response
    session = await run_in_threadpool(hub.viewers.session, request.cookies.get(_SESSION, ""))
    if session is None:
        return RedirectResponse(_at(request, "/status/login"), 303)
    found = await run_in_threadpool(lines, hub)
    return _html(request, lambda: _table(request, session, found))


async def login_form(_hub: Hub, request: Request) -> Response:
    """The form of the login."""
    return _login(request)


async def log_in(hub: Hub, request: Request) -> Response:
    """Log in, or show the form again."""
    form = await _form(request)
    before = request.cookies.get(_BEFORE, "")
    if not before or not hmac.compare_digest(before.encode(), form.get("token", "").encode()):
        return _login(request, stale=True)
    login = form.get("login", "")
    address = request.client.host if request.client else ""
    try:
        hub.of_logins.take(f"login {login}")
        hub.of_logins.take(f"address {address}")
    except Refused:
        return _login(request, too_many=True)
    session = await run_in_threadpool(hub.viewers.log_in, login, form.get("password", ""))
    if session is None:
        log.warning("", extra={"event": "login-refused"})
        return _login(request, wrong=True)
    response = RedirectResponse(_at(request, "/status"), 303)
    _set(request, response, _SESSION, session.token, None)
    response.delete_cookie(_BEFORE, path=_at(request, "/status"))
    return response


async def log_out(hub: Hub, request: Request) -> Response:
    """End the session."""
    form = await _form(request)
    token = request.cookies.get(_SESSION, "")
    session = await run_in_threadpool(hub.viewers.session, token)
    given = form.get("token", "").encode()
    if session is not None and hmac.compare_digest(session.csrf.encode(), given):
        await run_in_threadpool(hub.viewers.log_out, token)
    response = RedirectResponse(_at(request, "/status/login"), 303)
    response.delete_cookie(_SESSION, path=_at(request, "/status"))
    return response


async def front(_hub: Hub, request: Request) -> Response:
    """Who types the bare address into a browser wants the page."""
    return RedirectResponse(_at(request, "/status"), 303)


ROUTES: tuple[tuple[str, list[str], Callable[[Hub, Request], Awaitable[Response]]], ...] = (
    ("/", ["GET"], front),
    ("/status", ["GET"], page),
    ("/status/login", ["GET"], login_form),
    ("/status/login", ["POST"], log_in),
    ("/status/logout", ["POST"], log_out),
)


# -- parts ---------------------------------------------------------------------------------


def _at(request: Request, path: str) -> str:
    return f"{request.scope.get('root_path', '')}{path}"


def _set(request: Request, response: Response, name: str, value: str, age: int | None) -> None:
    response.set_cookie(
        name, value, max_age=age, path=_at(request, "/status"), httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip


async def _form(request: Request) -> dict[str, str]:
    body = await body_of(request, _LARGEST_FORM)
    try:
        found = parse_qs(body.decode("utf-8"), max_num_fields=8, keep_blank_values=True)
    except ValueError as error:
        raise Refused(400, "form") from error
    return {name: values[0] for name, values in found.items()}


def _spoken(request: Request) -> str:
    wanted = request.cookies.get(_LANGUAGE, "vi")
    return wanted if wanted in i18n.LANGUAGES else "vi"


def _html(request: Request, body: Callable[[], str], status: int = 200) -> HTMLResponse:
    nonce = b64(os.urandom(12))
    with i18n.speaking(_spoken(request)):
        text = _PAGE.format(
            language=i18n.language(),
            title=escape(_("Hub of the case desks")),
            nonce=nonce,
            style=_STYLE,
            body=body(),
        )
    return HTMLResponse(
        text,
        status,
        {
            "Cache-Control": "no-store",
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; "
                "base-uri 'none'; frame-ancestors 'none'"
            ),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _login(
    request: Request, *, wrong: bool = False, too_many: bool = False, stale: bool = False
) -> HTMLResponse:
    token = b64(os.urandom(24))

    def body() -> str:
        said = ""
        if wrong:
            said = _("The name or the password is not right. Please try again.")
        elif too_many:
            said = _("Too many tries. Please wait a minute, then try again.")
        elif stale:
            said = _("This page was open for too long. Please log in again.")
        note = f'<p class="bad" role="alert">{escape(said)}</p>' if said else ""
        about = _("For the IT of the province. No case can be read here.")
        return (
            f'<main class="narrow"><h1>{_title()}</h1><p>{escape(about)}</p>{note}'
            f'<form method="post" action="{escape(_at(request, "/status/login"))}">'
            f'<input type="hidden" name="token" value="{token}">'
            + _field("login", _("Login"), "text", "username")
            + _field("password", _("Password"), "password", "current-password")
            + _button(_("Log in"))
            + f"</form>{_languages(request)}</main>"
        )

    status = 429 if too_many else 403 if wrong or stale else 200
    response = _html(request, body, status)
    _set(request, response, _BEFORE, token, 3600)
    return response


def _languages(request: Request) -> str:
    links = " · ".join(
        f'<a href="{escape(_at(request, "/status"))}?language={code}" lang="{code}">'
        f"{escape(name)}</a>"
        for code, name in i18n.LANGUAGES.items()
    )
    return f'<p class="languages">{links}</p>'


def _table(request: Request, session: Session, found: list[Line]) -> str:
    now = datetime.now(ICT)
    silent = sum(1 for line in found if not line.revoked and _silent(line, now))
    head = "".join(
        f'<th scope="col">{escape(text)}</th>'
        for text in (_("Desk"), _("Last heard from"), _("Waits to be fetched"), _("State"))
    )
    rows = "".join(_row(line, now) for line in found)
    if not rows:
        nobody = _("No desk has called yet.")
        rows = f'<tr><td colspan="4">{escape(nobody)}</td></tr>'
    summary = ngettext("{n} desk", "{n} desks", len(found)).format(n=len(found))
    if silent:
        note = ngettext(
            "{n} not heard from for a week", "{n} not heard from for a week", silent
        ).format(n=silent)
        summary = f"{summary}, {note}"
    leave = _button(_("Log out ({login})").format(login=session.login), "quiet")
    return (
        f"<header><h1>{_title()}</h1>"
        f'<form method="post" action="{escape(_at(request, "/status/logout"))}">'
        f'<input type="hidden" name="token" value="{session.csrf}">{leave}</form></header>'
        f'<main><p class="summary">{escape(summary)} · {escape(_when(now))}</p>'
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f"</div>{_languages(request)}</main>"
    )


def _title() -> str:
    return escape(_("Hub of the case desks"))


def _field(name: str, label: str, kind: str, fills: str) -> str:
    return (
        f'<label for="{name}">{escape(label)}</label><input id="{name}" name="{name}" '
        f'type="{kind}" autocomplete="{fills}" maxlength="200" required>'
    )


def _button(words: str, role: str = "primary") -> str:
    return f'<button type="submit" class="{role}">{escape(words)}</button>'


def _row(line: Line, now: datetime) -> str:
    name = place(line.unit)
    label = f" · {line.label}" if line.label else ""
    if line.revoked:
        tone, state = "bad", _("shut out")
    elif line.heard_at is None:
        tone, state = "due", _("has not called since it was added")
    elif _silent(line, now):
        tone, state = "due", _("not heard from for a week")
    elif line.open:
        tone, state = "ok", _("is sending")
    else:
        tone, state = "ok", _("in order")
    heard = _ago(line.heard_at, now) if line.heard_at is not None else "–"
    waiting = "–"
    if line.waiting:
        files = ngettext("{n} file", "{n} files", line.waiting).format(n=line.waiting)
        waiting = f"{files}, {_size(line.waiting_bytes)}"
    return (
        f'<tr><th scope="row">{escape(name + label)}'
        f'<span class="id">{escape(short(line.device))}</span></th>'
        f"<td>{escape(heard)}</td><td>{escape(waiting)}</td>"
        f'<td class="{tone}">{escape(state)}</td></tr>'
    )


def heard(line: Line) -> str:
    """When a desk last called, for the command line."""
    return _ago(line.heard_at, datetime.now(ICT)) if line.heard_at is not None else "–"


def _silent(line: Line, now: datetime) -> bool:
    return line.heard_at is None or now.timestamp() - line.heard_at > 7 * _DAY


def _when(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y %H:%M}"


def _ago(seconds: int, now: datetime) -> str:
    shown = _when(datetime.fromtimestamp(seconds, ICT))
    days = int((now.timestamp() - seconds) // _DAY)
    if days < 1:
        return shown
    ago = ngettext("{n} day ago", "{n} days ago", days).format(n=days)
    return f"{shown} ({ago})"


def _size(number: int) -> str:
    if number < 1024 * 1024:
        return f"{max(1, round(number / 1024))} KB"
    text = f"{number / 1024 / 1024:.1f} MB"
    return text.replace(".", ",") if i18n.language() == "vi" else text


@cache
def _units() -> Units:
    return Units.load()


def place(unit: str) -> str:
    """The name of an administrative unit; its code if it has none."""
    units = _units()
    return units.title(units.get(unit)) if unit in units else unit


_PAGE = (
    '<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="robots" content="noindex"><title>{title}</title>'
    '<style nonce="{nonce}">{style}</style></head><body>{body}</body></html>'
)
_STYLE = (resources.path("hub", "status.css")).read_text("utf-8")
