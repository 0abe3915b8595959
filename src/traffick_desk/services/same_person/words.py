"""Why two entries may be of one person, in words."""

from __future__ import annotations

from traffick_desk.i18n import N_, _
from traffick_desk.services.same_person.likeness import Likeness

REASONS = {
    "name_same": N_("same name"),
    "name_accents": N_("same name but for the accents"),
    "name_spelling": N_("same name in another spelling"),
    "name_order": N_("same name in another order"),
    "name_part_missing": N_("a part of the name is missing"),
    "name_one_like": N_("the name differs a little in one syllable"),
    "name_alike": N_("similar name"),
    "name_one_differs": N_("the name differs in one syllable"),
    "name_in_part": N_("one part of the name is the same"),
    "name_differs": N_("another name"),
    "birth_same": N_("same date of birth"),
    "birth_month": N_("same month of birth"),
    "birth_year": N_("same year of birth"),
    "birth_swapped": N_("date of birth with day and month exchanged"),
    "birth_other_year": N_("same day of birth, another year"),
    "birth_one_off": N_("date of birth differs in the day or the month"),
    "birth_near": N_("year of birth about the same"),
    "birth_differs": N_("another date of birth"),
    "birth_far": N_("another year of birth"),
    "sex_same": N_("same sex"),
    "sex_differs": N_("another sex"),
    "paper_same": N_("same number of an identity paper"),
    "paper_digit": N_("number of an identity paper differs in one digit"),
    "paper_differs": N_("another number of the citizen card"),
    "phone_same": N_("same telephone number"),
    "home_same": N_("same home commune"),
    "home_line": N_("same home address"),
    "mother_same": N_("mother of the same name"),
    "mother_like": N_("mother of a similar name"),
    "mother_differs": N_("mother of another name"),
}


def reasons(found: Likeness) -> str:
    """The reasons in one line, the weightiest first."""
    # That the sex is the same tells nothing worth reading.
    told = [_(REASONS[reason]) for reason in found.reasons if reason != "sex_same"]
    return "; ".join(told)


def level(found: Likeness) -> str:
    """How likely, in a word."""
    return _("likely") if found.level == "likely" else _("possible")
