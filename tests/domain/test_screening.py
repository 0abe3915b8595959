"""A screening advises; it never decides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traffick_desk import i18n
from traffick_desk.domain.records.screening import ACTS, MEANS, PURPOSES, SCREENING, SIGNS
from traffick_desk.domain.screening import Finding, weigh

EVERY = (*ACTS, *MEANS, *PURPOSES, *SIGNS)
ANSWERS = st.sampled_from(["yes", "no", "unknown", "not_asked", "refused", None])


def yes(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "yes")


def test_every_indicator_belongs_to_one_group_and_is_a_question_of_the_record():
    assert len(set(EVERY)) == len(EVERY)
    assert set(EVERY) == {f.name for f in SCREENING if f.name[:2] in {"a_", "m_", "p_", "s_"}}


@pytest.mark.parametrize(
    ("answers", "child", "finding"),
    [
        (yes("a_moved", "m_deceit", "p_labour"), False, Finding.FITS),
        (yes("a_moved", "m_deceit", "p_labour"), None, Finding.FITS),
        (yes("a_moved", "p_labour"), True, Finding.FITS),
        (yes("a_moved", "p_labour"), None, Finding.FITS_IF_CHILD),
        (yes("a_moved", "p_labour"), False, Finding.SIGNS),
        (yes("a_moved", "m_deceit"), True, Finding.SIGNS),
        (yes("m_papers"), False, Finding.SIGNS),
        (yes("s_with_victim"), False, Finding.SIGNS),
        ({}, True, Finding.OPEN),
        (dict.fromkeys(EVERY, "not_asked"), False, Finding.OPEN),
        (dict.fromkeys(EVERY, "refused"), False, Finding.OPEN),
        (dict.fromkeys(EVERY, "no"), True, Finding.NOTHING),
        ({**dict.fromkeys(EVERY, "no"), "p_begging": "unknown"}, False, Finding.OPEN),
    ],
)
def test_what_the_answers_advise(answers, child, finding):
    assert weigh(answers, child=child).finding is finding


def test_the_advice_names_what_it_rests_on():
    i18n.set_language("en")
    advice = weigh(yes("a_offered", "p_marriage"), child=True)
    assert advice.reasons == (
        "Somebody offered work, marriage, study or a journey",
        "Made to marry or to live as a wife or husband",
        "Under 18: the means do not matter.",
    )
    assert "Article 2" in str(advice)
    assert set(advice.unasked) == set(EVERY) - {"a_offered", "p_marriage"}
    i18n.set_language("vi")


@given(st.fixed_dictionaries(dict.fromkeys(EVERY, ANSWERS)), st.sampled_from([True, False]))
def test_being_a_child_never_weakens_the_advice(answers, child):
    order = [Finding.OPEN, Finding.NOTHING, Finding.SIGNS, Finding.FITS_IF_CHILD, Finding.FITS]
    grown, young = (order.index(weigh(answers, child=c).finding) for c in (False, True))
    assert young >= grown
    assert str(weigh(answers, child=child))


@given(st.fixed_dictionaries(dict.fromkeys(EVERY, ANSWERS)), st.sampled_from(EVERY))
def test_no_further_yes_makes_the_advice_weaker(answers, name):
    order = [Finding.OPEN, Finding.NOTHING, Finding.SIGNS, Finding.FITS_IF_CHILD, Finding.FITS]
    before = order.index(weigh(answers, child=None).finding)
    after = order.index(weigh({**answers, name: "yes"}, child=None).finding)
    assert after >= before
