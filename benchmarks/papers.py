"""One paper and a hundred in one go, against WeasyPrint where it is installed.

Run ``python -m benchmarks.papers``; prints milliseconds, the median of several rounds.
"""

from __future__ import annotations

import importlib.util
import statistics
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

from traffick_desk import papers

KEY = "D30/cong-van-bao-tiep-nhan"
_NOW = datetime(2026, 2, 5, 20, 40, tzinfo=timezone(timedelta(hours=7)))
FACTS = {
    "unit": {
        "name": "Ủy ban nhân dân xã Đồng Văn",
        "province": "tỉnh Tuyên Quang",
        "place": "Đồng Văn",
        "phone": "0219 3856 111",
    },
    "officer": {"name": "Nguyễn Thị Hồng Nhung", "title": "công chức Văn hóa - Xã hội"},
    "signer": {"name": "Vàng Mí Sính"},
    "case": {"file_no": "TD-0007/2026"},
    "person": {"sex": "nữ", "age": 16, "citizenship": "Việt Nam", "languages": ["Dao", "Việt"]},
    "minors": [{}],
    "reception": {"at": _NOW, "urgent_needs": ["khám sức khỏe", "chỗ ngủ an toàn"]},
    "letter": {"number": 5, "symbol": "UBND-VHXH", "date": date(2026, 2, 5)},
}


def _html() -> str:
    """The same words for WeasyPrint, with the same font and margins."""
    import pypdfium2

    document = pypdfium2.PdfDocument(papers.render(KEY, FACTS))
    text = document[0].get_textpage().get_text_range()
    document.close()
    paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines() if line.strip())
    style = (
        "@page{size:A4;margin:20mm 20mm 20mm 30mm}"
        "p{font:14pt 'Liberation Serif';text-align:justify;text-indent:1cm;margin:0 0 6pt}"
    )
    return f"<html lang=vi><style>{style}</style><body>{paragraphs}</body></html>"


def _median(work: Callable[[], object], rounds: int) -> float:
    work()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000


def measure() -> dict[str, float]:
    """Milliseconds by what was measured."""
    found = {
        f"one paper, {form.key}": _median(lambda key=form.key: papers.render(key, FACTS), 15)
        for form in papers.forms()
    }
    found["100 papers in one go, each"] = (
        _median(lambda: papers.render_many([(KEY, FACTS)] * 100), 3) / 100
    )
    pdf = papers.render(KEY, FACTS)
    found["one page to pixels, 150 dpi"] = _median(lambda: papers.rasterise(pdf), 9)
    if importlib.util.find_spec("weasyprint"):
        import weasyprint

        html = _html()
        found["WeasyPrint, the same page"] = _median(
            lambda: weasyprint.HTML(string=html).write_pdf(), 5
        )
    return found


if __name__ == "__main__":
    for what, milliseconds in measure().items():
        print(f"{milliseconds:9.1f} ms  {what}")
