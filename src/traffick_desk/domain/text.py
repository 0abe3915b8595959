"""Vietnamese text: cleaning what was typed, folding it for search, ordering it.

Every function is pure and takes text in any normal form. Vietnamese is written
with two kinds of marks: those that make another *letter* (ă â ê ô ơ ư, and đ) and
those that are a *tone* (huyền, hỏi, ngã, sắc, nặng). Search ignores both, the
alphabet keeps them apart, and two spellings of one syllable may differ only in
which vowel carries the tone (hoà, hòa).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from traffick_desk import i18n

LINE_LIMIT = 500
"""Most characters of a one-line field, unless the caller says otherwise."""
TEXT_LIMIT = 50_000
"""Most characters of a field with several lines, unless the caller says otherwise."""

_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼʹ′`´＇"), "'")


class TextTooLongError(ValueError):
    """A text is longer than its field; nothing was cut and nothing was stored."""

    code = "text-too-long"

    def __init__(self, length: int, limit: int) -> None:
        self.length = length
        self.limit = limit
        texts = {
            "vi": f"Nội dung dài {length} ký tự, nhiều hơn {limit} ký tự cho phép. "
            "Chưa có gì được lưu. Hãy rút gọn rồi thử lại.",
            "en": f"The text has {length} characters, more than the {limit} allowed. "
            "Nothing was stored. Shorten it and try again.",
        }
        super().__init__(texts[i18n.language()])


def nfc(text: str) -> str:
    """*text* in normal form C, the only form that is stored."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


# --- cleaning ---------------------------------------------------------------

_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
# Never seen on paper and able to hide or turn round what is: control characters, soft
# hyphens, bidirectional marks, overrides and isolates, invisible operators and fillers,
# byte order marks, interlinear annotations, tags, lone surrogates and noncharacters.
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\ufdd0-\ufdef\U000e0000-\U000e00ff]"
)
_JOINERS = re.compile("[\u200b-\u200d]")
_SPACES = re.compile(r"[^\S\n]+")
_WORD_SPACE_SCRIPTS = ("KHMER", "LAO", "THAI", "MYANMAR", "TAI")


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    """The first word of the character's Unicode name, which names its script."""
    return unicodedata.name(character, "").split(" ", 1)[0]


def _keep_joiners(text: str, *, multiline: bool) -> str:
    """Drop zero-width characters, but not where a script needs them.

    ZWJ and ZWNJ shape letters of Khmer, Lao, Myanmar, Arabic and Indic scripts and
    bind emoji; between two such characters they are spelling. ZWSP marks where a
    line may break in scripts without spaces; it matters in long texts and only
    harms the comparison of names.
    """

    def decide(match: re.Match[str]) -> str:
        before = text[match.start() - 1 : match.start()]
        after = text[match.end() : match.end() + 1]
        if not before or not after:
            return ""
        scripts = _script(before), _script(after)
        if match.group() == "\u200b":
            wanted = multiline and all(name in _WORD_SPACE_SCRIPTS for name in scripts)
        else:
            wanted = all(
                name not in {"LATIN", "COMBINING", ""}
                and unicodedata.category(side)[0] in "LMS"
                and not side.isascii()
                for name, side in zip(scripts, (before, after), strict=True)
            )
        return match.group() if wanted else ""

    return _JOINERS.sub(decide, text)


def clean(text: str, *, multiline: bool = False, limit: int | None = None) -> str:
    """*text* as it may be stored: NFC, visible characters only, tidy spaces.

    What cannot be seen is dropped without a question, because it comes with texts
    pasted from chats and web pages and the officer could not find it. Letters of
    every script survive. Runs of spaces become one space; with *multiline* line
    ends become line feeds and at most one empty line stays between two paragraphs,
    without it a line end is a space. Cleaning twice changes nothing.

    Raises:
        TextTooLongError: the result has more than *limit* characters.
    """
    if limit is None:
        limit = TEXT_LIMIT if multiline else LINE_LIMIT
    if text.isascii() and text.isprintable():
        result = text
    else:
        result = _HIDDEN.sub("", _LINE_ENDS.sub("\n", text))
        result = unicodedata.normalize("NFC", result)
        if _JOINERS.search(result):
            # A dropped joiner may stand between a letter and its mark, or make
            # neighbours of two others: repeat until nothing changes.
            previous = ""
            while previous != result:
                previous = result
                result = nfc(_keep_joiners(result, multiline=multiline))
    if multiline:
        lines = [_SPACES.sub(" ", line).strip() for line in result.split("\n")]
        result = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    else:
        result = " ".join(result.split())
    if len(result) > limit:
        raise TextTooLongError(len(result), limit)
    return result


# --- search -----------------------------------------------------------------


def _canonical(text: str) -> str:
    """Decomposed and without case, so that canonically equal texts become equal."""
    text = unicodedata.normalize("NFD", text).casefold()
    return unicodedata.normalize("NFD", text)


def _fold_slowly(text: str) -> str:
    kept = []
    latin = False
    for character in _canonical(text).translate(_APOSTROPHES):
        if unicodedata.category(character) == "Mn":
            if latin:
                continue
        else:
            latin = _script(character) == "LATIN"
        kept.append("d" if character in "đð" else character)
    return unicodedata.normalize("NFC", "".join(kept))


def _vietnamese_letters() -> str:
    letters = "aăâeêioôơuưy"
    marked = [
        unicodedata.normalize("NFC", letter + tone)
        for letter in letters
        for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    ]
    lower = "".join(marked) + "đ"
    return lower + lower.upper()


_COMMON = _vietnamese_letters()
_FOLD = {ord(letter): _fold_slowly(letter) for letter in _COMMON} | _APOSTROPHES
_FAST = re.compile(f"[\x00-\x7f{_COMMON}’‘–—“”…\xa0]*")


def fold(text: str) -> str:
    """The search form: lower case, Latin letters without any mark, đ as d.

    ``dang thi`` is the fold of *Đặng Thị*. Vowel signs of Khmer, Lao, Thai and all
    other scripts stay. Apostrophes become one. Folding twice changes nothing.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    text = unicodedata.normalize("NFC", text)
    if _FAST.fullmatch(text):
        return text.translate(_FOLD).lower()
    return _fold_slowly(text)


_TONES = "\u0300\u0309\u0303\u0301\u0323"
_WORD = re.compile(f"[a-zđ\u0302\u0306\u031b{_TONES}]+")
_TONE = re.compile(f"[{_TONES}]")


def _tone_last(match: re.Match[str]) -> str:
    word = match.group()
    tones: list[str] = _TONE.findall(word)
    return _TONE.sub("", word) + tones[0] if len(tones) == 1 else word


def tone_key(text: str) -> str:
    """The form in which accents count but the place of the tone does not.

    *hoà* and *hòa*, *thuý* and *thúy* have one key; *hoa* and *hoá* have others.
    A Vietnamese syllable has one tone, so it is moved to the end of the word;
    words with several such marks (French, Portuguese) stay as they are.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    moved = _WORD.sub(_tone_last, _canonical(text).translate(_APOSTROPHES))
    return unicodedata.normalize("NFC", moved)


def syllable(word: str) -> tuple[str, str]:
    """The letters of a word without its tone, and the tone (a combining mark or nothing).

    While a word is typed its letters grow and the tone may come last; comparing
    both apart finds *Đồng* from *đô*, *đồ* and *đồn*.
    """
    plain = _canonical(word)
    tones = _TONE.findall(plain)
    return _TONE.sub("", plain), tones[0] if len(tones) == 1 else ""


# --- order ------------------------------------------------------------------

# Usual order of dictionaries and of CLDR's `vi`: none, huyền, hỏi, ngã, sắc, nặng.
_TONE_WEIGHT = {"\u0300": 2, "\u0309": 3, "\u0303": 4, "\u0301": 5, "\u0323": 6}
_LETTER_MARKS = "\u0302\u0306\u031b"
_ALPHABET = (
    *("a", "a\u0306", "a\u0302", "b", "c", "d", "đ", "e", "e\u0302", "f", "g", "h", "i", "j"),
    *("k", "l", "m", "n", "o", "o\u0302", "o\u031b", "p", "q", "r", "s", "t", "u", "u\u031b"),
    *("v", "w", "x", "y", "z"),
)
_PRIMARY = {letter: bytes([0x30 + index]) for index, letter in enumerate(_ALPHABET)}
_PRIMARY |= {digit: bytes([0x10 + int(digit)]) for digit in "0123456789"}
_PRIMARY[" "] = b"\x02"


@lru_cache(maxsize=4096)
def _element(letter: str) -> bytes:
    """The primary weight of a base character with its letter mark, never empty, without NUL."""
    known = _PRIMARY.get(letter)
    if known is not None:
        return known
    if letter.isspace():
        return b"\x02"
    # Punctuation before digits; foreign Latin letters after z; then other scripts.
    first = b"\x70" if letter[0].isalpha() else b"\x03"
    if _script(letter[0]) == "LATIN":
        first = b"\x60"
    return first + letter.encode("utf-8", "surrogatepass").replace(b"\0", b"\1")


def _levels(text: str) -> tuple[bytes, bytes, bytes]:
    """Letters, tones and case. Not cached: no name may outlive the locking of the vault."""
    composed = unicodedata.normalize("NFC", text)
    if any(map(unicodedata.combining, composed)):
        primary, accents, cases = _weights(composed)
    else:
        # No mark reaches over to another letter: letter by letter, each worked out once.
        each = [_letter(character) for character in composed]
        primary = b"".join([weights[0] for weights in each])
        accents = b"".join([weights[1] for weights in each])
        cases = b"".join([weights[2] for weights in each])
    return primary, accents.rstrip(b"\1"), cases.rstrip(b"\1")


@lru_cache(maxsize=4096)
def _letter(character: str) -> tuple[bytes, bytes, bytes]:
    return _weights(character)


def _weights(text: str) -> tuple[bytes, bytes, bytes]:
    primary = bytearray()
    accents = bytearray()
    cases = bytearray()
    base, tone, case = "", 1, 1

    def close() -> None:
        primary.extend(_element(base))
        accents.append(tone)
        cases.append(case)

    for original in unicodedata.normalize("NFD", text):
        for character in unicodedata.normalize("NFD", original.casefold()):
            if base and unicodedata.combining(character):
                if character in _TONE_WEIGHT:
                    tone = _TONE_WEIGHT[character]
                elif character in _LETTER_MARKS and base + character in _PRIMARY:
                    base += character
                else:
                    # Marks that Vietnamese does not use only break a tie.
                    tone = 7 + ord(character) % 0xF0
                continue
            if base:
                close()
            base, tone = character, 1
            case = 2 if original != original.casefold() else 1
    if base:
        close()
    return bytes(primary), bytes(accents), bytes(cases)


def sort_key(text: str) -> bytes:
    """A key that orders texts by the Vietnamese alphabet when compared as bytes.

    First the letters (a ă â b c d đ e ê …, spaces before letters, digits before
    letters), then the tones (none, huyền, hỏi, ngã, sắc, nặng), then lower before
    upper case: the order of ``QCollator`` for ``vi_VN``. SQLite compares a BLOB
    column the same way.
    """
    return b"\0".join(_levels(text))


_NICKNAME = re.compile(r"\s*\([^()]*\)\s*$")


def name_sort_key(full_name: str) -> bytes:
    """A key that orders people as Vietnamese lists do: given name, then the rest.

    The given name is the last part; a nickname in brackets at the end is left out.
    Names of other peoples are ordered by their last part, too: the record does not
    say which part is the given name.
    """
    parts = (_NICKNAME.sub("", full_name) or full_name).split()
    given, rest = (parts[-1], " ".join(parts[:-1])) if parts else ("", "")
    return sort_key(given) + b"\0" + sort_key(rest)


def initials(full_name: str) -> str:
    """The name as the privacy view shows it: *Nguyễn Thị Hương* is ``N.T.H.``."""
    found = []
    for part in nfc(full_name).split():
        first = next((character for character in part if character.isalpha()), "")
        if first:
            found.append(first.upper()[:1] + ".")
    return "".join(found)
