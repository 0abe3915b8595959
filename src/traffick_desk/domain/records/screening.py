"""Screening: what was seen and told, grouped as the definition of trafficking is."""

from __future__ import annotations

from traffick_desk.domain.records.case import CASE_REF, PERSON_REF
from traffick_desk.domain.spine import Field, Kind, Privacy, RecordType
from traffick_desk.i18n import N_

_LAW = "L53 Art. 2(1)"
_SIGNS = "L53 Art. 32(2)"


def _asked(name: str, label: str, source: str = _LAW) -> Field:
    return Field(name, Kind.ANSWER, label, codes="answer", source=source)


# Indicator fields by group; a field not listed here is no indicator.
ACTS = ("a_offered", "a_moved", "a_kept", "a_passed")
MEANS = ("m_force", "m_threat", "m_deceit", "m_papers", "m_debt", "m_watched")
PURPOSES = (
    "p_sexual", "p_labour", "p_marriage", "p_organs", "p_begging", "p_crime", "p_adoption",
    "p_surrogacy", "p_other",
)  # fmt: skip
SIGNS = ("s_with_victim", "s_fits")

SCREENING = RecordType(
    "screening",
    N_("Screening"),
    N_("Screenings"),
    (
        CASE_REF,
        PERSON_REF,
        Field("at", Kind.MOMENT, N_("When"), Privacy.OPERATIONAL, required=True),
        Field("place", Kind.TEXT, N_("Where"), Privacy.OPERATIONAL, limit=200),
        Field(
            "alone",
            Kind.ANSWER,
            N_("Nobody the person fears is near"),
            Privacy.OPERATIONAL,
            codes="answer",
            help=N_("Never ask while a suspected trafficker, or someone sent by one, is near."),
        ),
        Field(
            "interpreter",
            Kind.TEXT,
            N_("Interpreter"),
            Privacy.OPERATIONAL,
            help=N_("Of the person's own choice; not one who came with her."),
            limit=120,
        ),
        _asked("a_offered", N_("Somebody offered work, marriage, study or a journey")),
        _asked("a_moved", N_("Somebody took the person there, or arranged or paid the way")),
        _asked("a_kept", N_("Somebody hid or kept the person in a place")),
        _asked("a_passed", N_("The person was passed on, or money was paid for her or him")),
        _asked("m_force", N_("Force was used")),
        _asked("m_threat", N_("The person or the family was threatened")),
        _asked("m_deceit", N_("It was not what had been promised")),
        _asked("m_papers", N_("Papers or the telephone were taken away")),
        _asked("m_debt", N_("A debt had to be worked off")),
        _asked("m_watched", N_("Watched, locked in, could not leave")),
        _asked("p_sexual", N_("Made to serve others sexually")),
        _asked("p_labour", N_("Made to work, with little or no pay")),
        _asked("p_marriage", N_("Made to marry or to live as a wife or husband")),
        _asked("p_organs", N_("Removal of body parts")),
        _asked("p_begging", N_("Made to beg")),
        _asked("p_crime", N_("Made to commit crimes, such as fraud on the net")),
        _asked("p_adoption", N_("A child taken or given away for money")),
        _asked("p_surrogacy", N_("Made to bear a child for others")),
        _asked("p_other", N_("Used for another inhuman purpose")),
        _asked("s_with_victim", N_("Found or rescued together with a victim"), _SIGNS),
        _asked(
            "s_fits",
            N_("Background, length and reason of the absence fit what the person tells"),
            _SIGNS,
        ),
        Field("note", Kind.LONG_TEXT, N_("Note")),
    ),
)
