"""How good a password is: length or words, then guesses, with advice an officer can follow.

No rules about capitals and signs and no forced change: they make people write
passwords down. Importing this module loads no dictionary; asking does.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from traffick_desk.i18n import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterable

MIN_LENGTH = 12
MIN_WORDS = 5
MIN_SCORE = 3
# One guess costs at least 64 MiB and a tenth of a second (the floor of the key slots). 10,000 a
# second is a thief with a large cluster; a single PC manages about twenty.
GUESSES_PER_SECOND = 10_000
# Vietnamese has some 6,000 syllables, of which people use about 2,000.
_SYLLABLES = 2_000
_LONGEST_SYLLABLE = 7  # nghiêng
_LONGEST_ESTIMATED = 72  # beyond that zxcvbn refuses; a longer password is only stronger
_SCORES = (1e3, 1e6, 1e8, 1e10)

_TOO_SHORT = N_("Use at least {length} characters, or at least {words} words.")
_MORE_WORDS = N_("Add one or two more words; unusual words are better.")
_COMMON = N_("This is a very common password.")
_PERSONAL = N_("It contains a name, a place or a word that others connect with you or your office.")
# What zxcvbn says in English, in our words. A test holds this against its source.
_ADVICE = {
    "Use a few words, avoid common phrases.": N_(
        "Use five or more words that do not belong together; avoid sayings and songs."
    ),
    "No need for symbols, digits, or uppercase letters.": N_(
        "Signs, digits and capital letters are not needed."
    ),
    "Add another word or two. Uncommon words are better.": _MORE_WORDS,
    "Straight rows of keys are easy to guess.": N_("Keys in a row are easy to guess."),
    "Short keyboard patterns are easy to guess.": N_(
        "Short patterns on the keyboard are easy to guess."
    ),
    "Use a longer keyboard pattern with more turns.": N_("Use words instead of keyboard patterns."),
    'Repeats like "aaa" are easy to guess.': N_(
        "Repeated letters such as “aaa” are easy to guess."
    ),
    'Repeats like "abcabcabc" are only slightly harder to guess than "abc".': N_(
        "Repeating a part, such as “abcabcabc”, adds almost nothing."
    ),
    "Avoid repeated words and characters.": N_("Avoid repeated words and letters."),
    'Sequences like "abc" or "6543" are easy to guess.': N_(
        "Sequences such as “abc” or “6543” are easy to guess."
    ),
    "Avoid sequences.": N_("Avoid sequences of letters or digits."),
    "Recent years are easy to guess.": N_("Years are easy to guess."),
    "Avoid recent years.": N_("Avoid years."),
    "Avoid years that are associated with you.": N_("Avoid years that have to do with you."),
    "Dates are often easy to guess.": N_("Dates are easy to guess."),
    "Avoid dates and years that are associated with you.": N_(
        "Avoid birthdays and other dates that have to do with you."
    ),
    "This is a top-10 common password.": N_("This is one of the most common passwords."),
    "This is a top-100 common password.": N_("This is one of the most common passwords."),
    "This is a very common password.": _COMMON,
    "This is similar to a commonly used password.": N_("This is close to a very common password."),
    "A word by itself is easy to guess.": N_("A single word is easy to guess."),
    "Names and surnames by themselves are easy to guess.": N_("Names are easy to guess."),
    "Common names and surnames are easy to guess.": N_("Names are easy to guess."),
    "Capitalization doesn't help very much.": N_("Capital letters help little."),
    "All-uppercase is almost as easy to guess as all-lowercase.": N_(
        "All capital letters are as easy to guess as all small ones."
    ),
    "Reversed words aren't much harder to guess.": N_("Words written backwards help little."),
    "Predictable substitutions like '@' instead of 'a' don't help very much.": N_(
        "Signs in place of letters, such as “@” for “a”, help little."
    ),
}


@dataclass(frozen=True, slots=True)
class Strength:
    """What is thought of a password.

    Args:
        score: 0 (guessed at once) to 4 (very hard).
        seconds_to_guess: on average, for a thief with a large cluster who has stolen the vault.
        long_enough: 12 characters or five words.
        warning: what is wrong, in the language in use; may be empty.
        advice: what to do, in the language in use.
    """

    score: int
    seconds_to_guess: float
    long_enough: bool
    warning: str
    advice: tuple[str, ...]

    @property
    def acceptable(self) -> bool:
        """Whether an officer may choose it."""
        return self.long_enough and self.score >= MIN_SCORE


def normalise(password: str) -> str:
    """The one form from which keys are derived: NFC. Nothing is cut off or trimmed."""
    return unicodedata.normalize("NFC", password)


def _fold(text: str) -> str:
    """Small letters without marks: what a guesser tries first."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def _context(words: Iterable[str]) -> list[str]:
    """Each of *words* whole, joined, in parts, in pairs, and as initials with the given name."""
    found: list[str] = []
    for text in words:
        parts = _fold(text).split()
        if not parts:
            continue
        found += ["".join(parts), " ".join(parts), parts[-1]]
        found.append(parts[-1] + "".join(p[0] for p in parts[:-1]))
        found.append("".join(p[0] for p in parts[:-1]) + parts[-1])
        found += ["".join(pair) for pair in pairwise(parts)] + parts
    return [word for word in dict.fromkeys(found) if len(word) > 1]


def _syllable_bound(folded: str) -> float:
    words = folded.split()
    if words and all(w.isalpha() and len(w) <= _LONGEST_SYLLABLE for w in words):
        return float(_SYLLABLES ** len(set(words))) * len(words)
    return float("inf")


def strength(password: str, context: Iterable[str] = ()) -> Strength:
    """Estimate *password*; takes some milliseconds (the first time a tenth of a second).

    Args:
        password: as typed.
        context: what a guesser knows: login, names, unit, desk.
    """
    from zxcvbn import zxcvbn

    from traffick_desk.vault.common_passwords import common

    text = normalise(password)
    folded = _fold(text)
    long_enough = len(text) >= MIN_LENGTH or len(set(folded.split())) >= MIN_WORDS
    known = _context(context)
    inputs = [*known, *common()]
    forms = (text, folded, "".join(folded.split()))
    # zxcvbn cannot estimate nothing at all; one blank is as bad.
    variants = dict.fromkeys(form[:_LONGEST_ESTIMATED] or " " for form in forms)
    results: list[dict[str, Any]] = [zxcvbn(v, user_inputs=inputs) for v in variants]
    worst = min(results, key=lambda r: float(r["guesses"]))
    guesses = min(float(worst["guesses"]), _syllable_bound(folded))
    score = sum(guesses >= limit for limit in _SCORES)

    warning, advice = _advice(worst, known)
    if not long_enough:
        advice.insert(0, _(_TOO_SHORT).format(length=MIN_LENGTH, words=MIN_WORDS))
    elif score < MIN_SCORE and not advice:
        advice.append(_(_MORE_WORDS))
    return Strength(
        score=score,
        seconds_to_guess=guesses / GUESSES_PER_SECOND / 2,
        long_enough=long_enough,
        warning=warning,
        advice=tuple(dict.fromkeys(advice)),
    )


def _advice(result: dict[str, Any], known: list[str]) -> tuple[str, list[str]]:
    """The warning and the suggestions of zxcvbn in our words."""
    feedback = result["feedback"]
    advice = [_(_ADVICE[text]) for text in feedback["suggestions"] if text in _ADVICE]
    warning = _(_ADVICE.get(feedback["warning"], ""))
    own = [m for m in result["sequence"] if m.get("dictionary_name") == "user_inputs"]
    if own and result["score"] < MIN_SCORE and not warning:
        personal = any(m["matched_word"] in known for m in own)
        warning = _(_PERSONAL if personal else _COMMON)
    return warning, advice
