"""What an officer types for one paper is printed, whatever form it is for."""

from __future__ import annotations

import io

import pdfplumber
import pytest

from traffick_desk import papers
from traffick_desk.desk.pages import paper_facts
from traffick_desk.domain.spine import Kind

VALUES = {
    Kind.TEXT: "Chữ gõ vào",
    Kind.LONG_TEXT: "Dòng thứ nhất\nDòng thứ hai",
    Kind.DATE: "2026-11-21",
    Kind.MOMENT: "2026-11-21T20:40+07:00",
    Kind.INTEGER: 3,
    Kind.MONEY: 3_000_000,
    Kind.CODE: "yes",
    Kind.CODES: ["schooling"],
}


@pytest.mark.parametrize("info", papers.forms(), ids=lambda i: i.key)
def test_every_fact_that_is_typed_can_be_printed(info: papers.FormInfo) -> None:
    described = paper_facts.record_type(info)
    if described is None:
        return
    facts = paper_facts.tree({f.name: VALUES[f.kind] for f in described.fields})
    pdf = papers.render(info.key, {"case": {"file_no": "TD-0001/2026"}, **facts})
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        text = " ".join((page.extract_text() or "") for page in document.pages)
    texts = [f for f in described.fields if f.kind in (Kind.TEXT, Kind.LONG_TEXT)]
    assert not texts or "gõ vào" in text or "thứ nhất" in text
    assert "['" not in text


def test_every_fact_that_can_be_typed_is_of_some_form() -> None:
    known = {fact.path for info in papers.forms() for fact in info.facts}
    assert set(paper_facts.TYPED) <= known
