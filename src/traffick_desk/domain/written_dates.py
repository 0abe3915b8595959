"""Dates as people write them, read into values: typed at the desk, or found in an old register.

Every function takes what was written and returns a value, or raises
:class:`NotUnderstood` with a sentence that can stand beside it. Nothing is
guessed silently: who shows the value shows how the text was understood.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from traffick_desk.domain.text import fold
from traffick_desk.domain.values import PartialDate
from traffick_desk.i18n import _

EARLIEST_YEAR = 1900
YEARS_AHEAD = 50


class NotUnderstood(ValueError):
    """What was typed is not a value of this kind; ``str()`` is the sentence to show."""


def folded(typed: str) -> str:
    """*typed* in small letters without marks, ``đ`` as ``d``, inner blanks single."""
    return " ".join(fold(typed).split())


# --- dates --------------------------------------------------------------------------------

_DAY_WORDS = {
    "hom nay": 0,
    "nay": 0,
    "today": 0,
    "hom qua": -1,
    "qua": -1,
    "yesterday": -1,
    "hom kia": -2,
    "hom truoc": -2,
    "ngay mai": 1,
    "mai": 1,
    "tomorrow": 1,
    "ngay kia": 2,
}
_AGO = re.compile(r"(\d{1,4}) (ngay|days?|tuan|weeks?) (truoc|ago|nua|from now)")
_ABOUT = re.compile(
    r"^(?:khoang chung|khoang|chung|tam|uoc chung|uoc|about|around|circa|ca|~)\.? ?"
)
_AGE = re.compile(r"(\d{1,3}) ?(?:tuoi|years? old|t)")
_IN_WORDS = re.compile(r"(?:ngay (\d{1,2}) )?(?:thang (\d{1,2}) )?(?:nam )?(\d{2}|\d{4})")


def parse_date(typed: str, today: date) -> date:
    """A full date: ``21112026``, ``21/11/26``, ``21/11`` (this year), ``3 ngày trước``.

    Raises:
        NotUnderstood: it is no full date.
    """
    found = _parse(typed, today, ahead=10, yearless=True)
    if found.estimated or found.day is None:
        raise NotUnderstood(_("The day is needed here, such as 21/11/2026."))
    return found.earliest


def parse_partial(typed: str, today: date, *, future: bool = False) -> PartialDate:
    """A date to the year, the month or the day: ``2009``, ``khoảng 2009``, ``16 tuổi``.

    Args:
        typed: as the officer typed it, with or without accents.
        today: the day on which it was typed.
        future: whether a date after *today* makes sense.

    Raises:
        NotUnderstood: it is no date, or it lies in the future and *future* is false.
    """
    found = _parse(typed, today, ahead=10 if future else 0, yearless=False)
    if not future and found.earliest > today:
        raise NotUnderstood(
            _("{date} lies in the future; please check the year.").format(date=found.shown())
        )
    return found


def _parse(typed: str, today: date, *, ahead: int, yearless: bool) -> PartialDate:
    text = folded(typed).strip(" .,;")
    if not text:
        raise NotUnderstood(_("Nothing was typed."))
    relative = _relative(text, today)
    if relative is not None:
        return PartialDate(relative.year, relative.month, relative.day)
    bare = _ABOUT.sub("", text)
    estimated = bare != text or bare.endswith(("~", "?"))
    bare = bare.rstrip("~?").strip()
    age = _AGE.fullmatch(bare)
    if age and not yearless:
        return _made(today.year - int(age[1]), None, None, estimated=True)
    day, month, year = _parts(bare, today, yearless=yearless)
    if year is not None and len(year) == 2:
        full = _full_year(int(year), today, ahead)
    else:
        full = int(year) if year else today.year
    return _made(
        full, int(month) if month else None, int(day) if day else None, estimated=estimated
    )


def _relative(text: str, today: date) -> date | None:
    if text in _DAY_WORDS:
        return today + timedelta(days=_DAY_WORDS[text])
    match = _AGO.fullmatch(text)
    if match is None:
        return None
    days = int(match[1]) * (7 if match[2][0] in "tw" else 1)
    return today + timedelta(days=-days if match[3] in {"truoc", "ago"} else days)


def _parts(text: str, today: date, *, yearless: bool) -> tuple[str | None, str | None, str | None]:
    """Day, month and year as digits."""
    if text.isascii() and text.isdigit():
        return _parts_of_digits(text, today, yearless=yearless)
    words = _IN_WORDS.fullmatch(re.sub(r"[ ,/.-]+", " ", text))
    if words and ("thang" in text or "nam" in text):
        return words[1], words[2], words[3]
    numbers = re.split(r" ?[/.\- ] ?", text)
    if not all(n.isascii() and n.isdigit() and len(n) <= 4 for n in numbers):
        raise NotUnderstood(_not_a_date())
    match [len(n) for n in numbers]:
        case [4, 1 | 2, 1 | 2]:
            return numbers[2], numbers[1], numbers[0]
        case [1 | 2, 1 | 2, 2 | 4]:
            return numbers[0], numbers[1], numbers[2]
        case [1 | 2, 4]:
            return None, numbers[0], numbers[1]
        case [4, 1 | 2]:
            return None, numbers[1], numbers[0]
        case [1 | 2, 1 | 2] if yearless:
            return numbers[0], numbers[1], None
        case [1 | 2, 1 | 2]:
            raise NotUnderstood(_("The year is missing, such as 21/11/2009."))
    raise NotUnderstood(_not_a_date())


def _parts_of_digits(
    text: str, today: date, *, yearless: bool
) -> tuple[str | None, str | None, str | None]:
    def year_fits(year: str) -> bool:
        return EARLIEST_YEAR <= int(year) <= today.year + YEARS_AHEAD

    match len(text):
        case 8 if year_fits(text[4:]) or not year_fits(text[:4]):
            return text[:2], text[2:4], text[4:]
        case 8:
            return text[6:], text[4:6], text[:4]
        case 6 if year_fits(text[2:]) and int(text[2:4]) > 12:
            return None, text[:2], text[2:]
        case 6:
            return text[:2], text[2:4], text[4:]
        case 4 if year_fits(text):
            return None, None, text
        case 4 if yearless:
            return text[:2], text[2:], None
    raise NotUnderstood(_not_a_date())


def _full_year(two_digits: int, today: date, ahead: int) -> int:
    year = today.year - today.year % 100 + two_digits
    return year if year <= today.year + ahead else year - 100


def _made(year: int, month: int | None, day: int | None, *, estimated: bool) -> PartialDate:
    if month is not None and not 1 <= month <= 12:
        raise NotUnderstood(_("There is no month {month}.").format(month=month))
    if day is not None and month is not None and 1 <= year <= 9999:
        last = calendar.monthrange(year, month)[1]
        if not 1 <= day <= last:
            raise NotUnderstood(
                _("{month:02d}/{year} has {last} days, so there is no day {day}.").format(
                    month=month, year=year, last=last, day=day
                )
            )
    if not EARLIEST_YEAR <= year <= 2200:
        raise NotUnderstood(
            _("The year {year} cannot be right; please check it.").format(year=year)
        )
    try:
        return PartialDate(year, month, day, estimated)
    except ValueError:
        raise NotUnderstood(_not_a_date()) from None


def _not_a_date() -> str:
    return _("This is not understood as a date. Write for example 21/11/2026.")
