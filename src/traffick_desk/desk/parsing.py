"""What officers type, read into values: dates, times, numbers, amounts. No Qt in here.

Every function takes what was typed and returns a value, or raises
:class:`NotUnderstood` with a sentence that can stand beside the field. Nothing
is guessed silently: the ``show_…`` and ``explain_…`` functions say how the
text was understood, and the editor shows it below the field.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time

from traffick_desk.domain.text import clean
from traffick_desk.domain.values import ICT, PartialDate
from traffick_desk.domain.written_dates import (
    NotUnderstood,
    folded,
    parse_date,
    parse_partial,
)
from traffick_desk.i18n import _, ngettext

__all__ = ["NotUnderstood", "folded", "parse_date", "parse_partial"]

# --- times --------------------------------------------------------------------------------

_TIME = re.compile(r"(\d{1,2}) ?(?:[:.hg,]|gio) ?(?:(\d{1,2}) ?(?:phut|p|m)?)?")
_PART_OF_DAY = re.compile(r"^(.*?) ?(sang|trua|chieu|toi|dem|am|pm)$")


def parse_time(typed: str, now: time) -> time:
    """A time of day: ``20:40``, ``2040``, ``20h40``, ``8 giờ tối``, ``20h``, ``bây giờ``.

    Raises:
        NotUnderstood: it is no time of day.
    """
    text = folded(typed)
    if text in {"bay gio", "gio", "now"}:
        return now.replace(second=0, microsecond=0)
    part = _PART_OF_DAY.fullmatch(text)
    bare = part[1] if part else text
    if bare.isascii() and bare.isdigit() and len(bare) <= 4:
        hour, minute = (bare, "0") if len(bare) <= 2 else (bare[:-2], bare[-2:])
    else:
        match = _TIME.fullmatch(bare)
        if match is None:
            raise NotUnderstood(
                _("This is not understood as a time. Write for example 20:40 or 20h40.")
            )
        hour, minute = match[1], match[2] or "0"
    hours, minutes = int(hour), int(minute)
    if part and part[2] in {"chieu", "toi", "pm", "dem"} and 1 <= hours < 12:
        # «1 giờ đêm» is after midnight, «10 giờ đêm» before it.
        hours += 0 if part[2] == "dem" and hours < 6 else 12
    if hours > 23 or minutes > 59:
        raise NotUnderstood(
            _("The clock does not show {time}.").format(time=f"{hours:02d}:{minutes:02d}")
        )
    return time(hours, minutes)


# --- numbers ------------------------------------------------------------------------------

_GROUPED = re.compile(r"[+-]?(?:\d{1,3}(?:[., ]\d{3})+|\d+)")
_SCALED = re.compile(r"(\d+(?:[.,]\d{1,3})?) ?(k|nghin|ngan|tr|trieu|ty|ti)(?: ?(\d))?")
_SCALES = {
    "k": 1_000,
    "nghin": 1_000,
    "ngan": 1_000,
    "tr": 1_000_000,
    "trieu": 1_000_000,
    "ty": 1_000_000_000,
    "ti": 1_000_000_000,
}


def parse_integer(typed: str) -> int:
    """A whole number, grouped or not: ``1234``, ``1.234``.

    Raises:
        NotUnderstood: it is no whole number.
    """
    text = folded(typed).replace("\u00a0", " ")
    if not _GROUPED.fullmatch(text) or not text.isascii() or len(text) > 20:
        raise NotUnderstood(_("Please write a whole number in digits."))
    return int(re.sub(r"[., ]", "", text))


def parse_money(typed: str) -> int:
    """An amount in đồng: ``1.234.567``, ``500k``, ``1,5 triệu``, ``2tr``.

    Raises:
        NotUnderstood: it is no amount in whole đồng.
    """
    text = folded(typed).replace("₫", "").strip()
    text = re.sub(r" ?(dong|vnd|d)$", "", text)
    scaled = _SCALED.fullmatch(text)
    if scaled is None:
        return parse_integer(text)
    whole, _dot, rest = scaled[1].replace(",", ".").partition(".")
    rest += scaled[3] or ""  # «1tr5» is one and a half million
    scale = _SCALES[scaled[2]]
    return int(whole) * scale + (int(rest) * scale // 10 ** len(rest) if rest else 0)


def check_bounds(number: int, lowest: int | None, highest: int | None) -> str:
    """Why *number* is outside the bounds, or ""."""
    if lowest is not None and number < lowest:
        return _("At least {lowest}.").format(lowest=show_integer(lowest))
    if highest is not None and number > highest:
        return _("At most {highest}.").format(highest=show_integer(highest))
    return ""


# --- text ---------------------------------------------------------------------------------


def clean_line(typed: str) -> str:
    """One line of text as it is kept: NFC, visible characters only, single blanks."""
    return clean(typed, limit=4 * len(typed) + 1)


def clean_text(typed: str) -> str:
    """Several lines of text as they are kept."""
    return clean(typed, multiline=True, limit=4 * len(typed) + 1)


def hides_something(typed: str) -> bool:
    """Whether cleaning drops characters that cannot be seen (controls, bidi marks)."""
    visible = "".join(unicodedata.normalize("NFC", typed).split())
    return visible != "".join(clean_line(typed).split())


def problem_of_text(kept: str, limit: int) -> str:
    """Why *kept* cannot be kept, or "": too long, or letters that no font has."""
    if any(unicodedata.category(c) in {"Co", "Cn"} for c in kept):
        return _(
            "There are characters here that no paper can show. "
            "Please delete them and type them again."
        )
    if len(kept) > limit:
        return _("Too long: {length} of at most {limit} characters.").format(
            length=show_integer(len(kept)), limit=show_integer(limit)
        )
    return ""


# --- how values are shown -------------------------------------------------------------------


def show_date(day: date) -> str:
    """``21/11/2026``. Qt's short format would give two digits of the year."""
    return f"{day:%d/%m}/{day.year:04d}"


def show_partial(value: str) -> str:
    """The JSON form of a partial date as officers write it: ``11/2009``, ``~2009``."""
    return PartialDate.parse(value).shown()


def show_moment(value: str) -> str:
    """The JSON form of a moment as ``21/11/2026 20:40``, in Viet Nam's time."""
    when = datetime.fromisoformat(value).astimezone(ICT)
    return f"{show_date(when.date())} {when:%H:%M}"


def show_integer(number: int) -> str:
    """``1.234.567``."""
    return f"{number:,}".replace(",", ".")


def show_money(amount: int) -> str:
    """``1.234.567 ₫``, the blank unbreakable."""
    return f"{show_integer(amount)}\u00a0₫"


def weekday(day: date) -> str:
    """The name of the weekday."""
    return (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )[day.weekday()]


def explain_date(day: date, today: date) -> str:
    """How a date was understood: weekday, date, and how far from today."""
    return f"{weekday(day)}, {show_date(day)} · {distance(day, today)}"


def distance(day: date, today: date) -> str:
    """How far *day* is from *today*, in words."""
    days = (day - today).days
    match days:
        case 0:
            return _("today")
        case -1:
            return _("yesterday")
        case 1:
            return _("tomorrow")
    if days < 0:
        return ngettext("{count} day ago", "{count} days ago", -days).format(
            count=show_integer(-days)
        )
    return ngettext("in {count} day", "in {count} days", days).format(count=show_integer(days))


def explain_partial(value: PartialDate, today: date, *, age: bool = False) -> str:
    """How a partial date was understood; with *age* also the age today."""
    if value.day is not None:
        text = show_date(value.earliest)
    elif value.month is not None:
        text = _("month {month} of {year}").format(month=f"{value.month:02d}", year=value.year)
    else:
        text = _("year {year}").format(year=value.year)
    if value.estimated:
        text = _("about {date}, estimated").format(date=value.shown().removeprefix("~"))
    if age and value.earliest <= today:
        text += " · " + show_ages(*value.ages_on(today))
    return text


def show_ages(youngest: int, oldest: int) -> str:
    """An age or a span of ages, and whether it settles being under 18."""
    if youngest == oldest:
        return ngettext("{count} year old", "{count} years old", oldest).format(count=oldest)
    text = _("{youngest} or {oldest} years old").format(youngest=youngest, oldest=oldest)
    if youngest < 18 <= oldest:
        text += " · " + _("may be under 18")
    return text
