"""One cell read into one value of the spine, or a sentence why not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from traffick_desk.domain.spine import Field, Kind
from traffick_desk.domain.text import fold
from traffick_desk.domain.values import ICT, PartialDate, moment
from traffick_desk.domain.written_dates import NotUnderstood, parse_partial
from traffick_desk.i18n import _
from traffick_desk.services.register.columns import codes_in
from traffick_desk.services.register.table import Cell, in_old_font, long_text_of, text_of

FIRST_SERIAL, LAST_SERIAL = 7_306, 73_050  # 1920 to 2099 as a spreadsheet counts days
_EPOCH = date(1899, 12, 30)


class Unreadable(ValueError):
    """The cell is no value of this kind; ``str()`` is the sentence to show."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A value in its JSON form, and what was assumed while reading it, in words."""

    value: object
    remark: str = ""


def read(field: Field, cell: Cell, today: date) -> Reading | None:
    """The cell as a value of *field*; ``None`` when it is empty.

    Raises:
        Unreadable: in words.
    """
    text = text_of(cell)
    if not text or text in {"-", "–", "—", "/", "."}:
        return None
    if text.startswith("#") and text.rstrip("!?").isupper() and " " not in text:
        raise Unreadable(_("The formula of this cell has no result ({what}).").format(what=text))
    if in_old_font(text):
        raise Unreadable(
            _("Written in an old font (TCVN3 or VNI). Please convert the file to Unicode.")
        )
    match field.kind:
        case Kind.PARTIAL_DATE:
            return _partial(cell, text, today)
        case Kind.DATE | Kind.MOMENT:
            return _full(field, cell, text, today)
        case Kind.CODE:
            return Reading(_one(field.codes, text))
        case Kind.CODES:
            return Reading(sorted(_some(field.codes, text)))
        case Kind.ANSWER:
            return Reading(_one("answer", text))
        case Kind.MONEY | Kind.INTEGER:
            return Reading(_amount(cell, text))
        case Kind.LONG_TEXT:
            return Reading(_fits(field, long_text_of(cell)))
        case _:
            return Reading(_fits(field, text))


def _fits(field: Field, text: str) -> str:
    if len(text) > field.max_length:
        words = _("Too long for this field: {n} of at most {most} characters.")
        raise Unreadable(words.format(n=len(text), most=field.max_length))
    return text


# --- dates ----------------------------------------------------------------------------------

_LEADING = re.compile(r"^(?:(?:ngay |nam )?sinh(?: ngay| nam)?|ngay)[ :.]+")
_ABOUT = re.compile(r"^(?:k/?ng|khg|kh|uoc)[ :.]+")
_GAPS = re.compile(r"^(?:[\s.…_0?x-]*[/.-])+[\s.…_0?x-]*(?=\d)")
_CLOCK = re.compile(r"\s+\d{1,2}(?::|h|gio)\d{0,2}(?::\d{2})?\s*$")


@lru_cache(maxsize=20_000)
def _written(text: str, today: date) -> PartialDate:
    """A date in a register: dots for what was not known, a time behind it, two-digit years."""
    bare = _LEADING.sub("", _CLOCK.sub("", fold(text).strip()))
    known = _ABOUT.sub("", bare)
    about, bare = known != bare, known
    bare = _GAPS.sub("", bare)
    found = parse_partial(bare, today)
    return PartialDate(found.year, found.month, found.day, found.estimated or about)


def _partial(cell: Cell, text: str, today: date) -> Reading:
    known = _day_of(cell)
    if known is None:
        try:
            known = _written(text, today)
        except NotUnderstood as problem:
            raise Unreadable(str(problem)) from None
    remark = ""
    if isinstance(cell, int | float) and known.day is not None:
        remark = _("The number {n} is read as the date {date}.").format(n=text, date=known.shown())
    return Reading(str(known), remark)


def _full(field: Field, cell: Cell, text: str, today: date) -> Reading:
    found = _partial(cell, text, today)
    known = PartialDate.parse(str(found.value))
    if known.day is None or known.estimated:
        raise Unreadable(
            _("Only “{date}” is known, but the day is needed here.").format(date=known.shown())
        )
    if field.kind is Kind.DATE:
        return found
    when = cell if isinstance(cell, datetime) else None
    hour, minute = (when.hour, when.minute) if when else _hour(text)
    at = datetime(known.year, known.month or 1, known.day, hour, minute, tzinfo=ICT)
    return Reading(moment(at), found.remark)


def _hour(text: str) -> tuple[int, int]:
    match = re.search(r"\s(\d{1,2})(?::|h|gio)(\d{2})?", fold(text))
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        return 0, 0
    return int(match[1]), int(match[2] or 0)


def _day_of(cell: Cell) -> PartialDate | None:
    """Of what the spreadsheet program itself holds for a date, or for a number that is one."""
    if isinstance(cell, date):
        if not 1850 <= cell.year <= 2200:
            raise Unreadable(
                _("The year {year} cannot be right; please check it.").format(year=cell.year)
            )
        return PartialDate(cell.year, cell.month, cell.day)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return None
    if FIRST_SERIAL <= cell <= LAST_SERIAL:
        day = _EPOCH + timedelta(days=int(cell))
        return PartialDate(day.year, day.month, day.day)
    return None


# --- codes and numbers ------------------------------------------------------------------------


def _one(name: str, text: str) -> str:
    found = codes_in(name, text)
    if not found:
        raise Unreadable(_("“{text}” is not in the list.").format(text=text[:60]))
    if len(found) > 1 and name in {"victim_status", "sex", "answer"}:
        raise Unreadable(_("“{text}” can mean more than one.").format(text=text[:60]))
    return found[0]


def _some(name: str, text: str) -> list[str]:
    found: list[str] = []
    for part in re.split(r"[,;/+&\n]| và ", text):
        found += [code for code in codes_in(name, part) if code not in found]
    if not found:
        raise Unreadable(_("“{text}” is not in the list.").format(text=text[:60]))
    return found


_SCALES = {"k": 1_000, "nghin": 1_000, "ngan": 1_000, "tr": 1_000_000, "trieu": 1_000_000}


def _amount(cell: Cell, text: str) -> int:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if cell < 0 or cell != int(cell):
            raise Unreadable(_("Please write a whole number in digits."))
        return int(cell)
    bare = re.sub(r"\s*(dong|vnd|d|₫)\.?$", "", fold(text).strip())
    scaled = re.fullmatch(r"(\d+)(?:[.,](\d{1,3}))?\s*(k|nghin|ngan|trieu|tr)", bare)
    if scaled:
        scale, rest = _SCALES[scaled[3]], scaled[2] or ""
        return int(scaled[1]) * scale + (int(rest) * scale // 10 ** len(rest) if rest else 0)
    if not re.fullmatch(r"\d{1,3}([., ]\d{3})+|\d{1,15}", bare, re.ASCII):
        raise Unreadable(_("Please write a whole number in digits."))
    return int(re.sub(r"[., ]", "", bare))


# --- identity papers ----------------------------------------------------------------------------


def paper_number(cell: Cell) -> tuple[str, str, str]:
    """Number and kind of an identity paper, and a remark.

    A spreadsheet that takes the number for an amount drops the zero at its head. Numbers of
    12 digits all begin with the three digits of a province, and these with a zero.
    """
    text = re.sub(r"(?<=\d)[ .](?=\d)", "", text_of(cell))
    number = isinstance(cell, int | float)
    remark = ""
    if number and len(text) in {8, 11} and text.isdigit():
        text = f"0{text}"
        remark = _("The spreadsheet dropped the zero at the head; read as {number}.").format(
            number=text
        )
    if text.isdigit() and len(text) == 12:
        kind = "citizen_card"
    elif text.isdigit() and len(text) == 9:
        kind = "old_identity_card"
    elif re.fullmatch(r"[A-Z]\d{7,8}", text):
        kind = "passport"
    else:
        kind = "other"
    return text, kind, remark
