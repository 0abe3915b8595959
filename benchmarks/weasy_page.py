"""The peer of the papers: the same record of reception drawn by WeasyPrint.

Runs in an environment of its own and imports nothing of the program. It reads JSON
from standard input and prints its times as JSON.
"""

from __future__ import annotations

import html
import json
import sys
import time
from pathlib import Path
from typing import Any

_STYLE = """
@font-face {{ font-family: F; src: url("file://{fonts}/LiberationSerif-Regular.ttf") }}
@font-face {{ font-family: F; font-weight: bold;
  src: url("file://{fonts}/LiberationSerif-Bold.ttf") }}
@font-face {{ font-family: F; font-style: italic;
  src: url("file://{fonts}/LiberationSerif-Italic.ttf") }}
@page {{ size: A4; margin: 20mm 15mm 20mm 30mm;
  @top-center {{ content: counter(page); font: 13pt F }} }}
@page :first {{ @top-center {{ content: none }} }}
body {{ font: 13pt/1.25 F; text-align: justify }}
p {{ margin: 0 0 6pt; text-indent: 10mm }}
.left {{ text-align: left }} .b {{ font-weight: bold }} .c {{ text-align: center }}
table {{ width: 100%; border-collapse: collapse; margin-bottom: 6pt }}
.grid td, .grid th {{ border: .75pt solid; padding: 2pt 4pt }}
.plain td {{ width: 50%; vertical-align: top }} .sign td {{ text-align: center }}
section {{ break-after: page }}
"""


def _text(facts: Any, path: str) -> str:
    value: Any = facts
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, list):
        value = "; ".join(str(v) for v in value)
    return html.escape(str(value)) if value not in (None, "") else "." * 60


def _grid(titles: tuple[str, ...], rows: list[tuple[Any, ...]], blank: int) -> str:
    rows = rows or [tuple("" for _title in titles)] * blank
    head = "".join(f"<th>{t}</th>" for t in titles)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(v or ''))}</td>" for v in row) + "</tr>"
        for row in rows
    )
    return f'<table class="grid"><tr>{head}</tr>{body}</table>'


def page(facts: Any) -> str:
    """The body of one record of reception, part by part as in the form definition."""

    def t(path: str) -> str:
        return _text(facts, path)

    minors = [
        (i, m.get("name"), m.get("sex"), m.get("birth"), m.get("relation"))
        for i, m in enumerate(facts.get("minors") or (), 1)
    ]
    gifts = [
        (i, g.get("item"), g.get("quantity"), g.get("note"))
        for i, g in enumerate(facts["reception"].get("given") or (), 1)
    ]
    return f"""<section>
<table class="plain"><tr><td class="c b">{t("unit.name").upper()}</td>
<td class="c b">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br><u>Độc lập - Tự do - Hạnh phúc</u></td></tr>
<tr><td class="c">Số: {t("reception.paper_no")}/BB-UBND</td>
<td class="c"><i>{t("unit.place")}, {t("reception.at")}</i></td></tr></table>
<p class="c b">BIÊN BẢN</p><p class="c b">Tiếp nhận nạn nhân, người đang trong quá trình xác định
là nạn nhân</p>
<p><i>Căn cứ khoản 1 Điều 27 Luật Phòng, chống mua bán người số 53/2024/QH15 ngày 28 tháng 11 năm
2024 (được sửa đổi, bổ sung theo Luật số 86/2025/QH15 ngày 25 tháng 6 năm 2025);</i></p>
<p><i>Căn cứ Nghị định số 162/2025/NĐ-CP ngày 29 tháng 6 năm 2025 của Chính phủ quy định chi tiết
một số điều và biện pháp thi hành Luật Phòng, chống mua bán người.</i></p>
<p>Hôm nay, {t("reception.at")}, tại {t("reception.place")}, chúng tôi gồm:</p>
<p class="left b">I. BÊN TIẾP NHẬN: {t("unit.name").upper()}</p>
<table class="plain"><tr><td>Ông/bà: {t("officer.name")}</td>
<td>Chức vụ: {t("officer.title")}</td></tr></table>
<p class="b">II. BÊN GIAO</p>
<p class="left">Cơ quan, đơn vị, tổ chức: {t("reception.handed_over_by")}</p>
<table class="plain"><tr><td>Ông/bà: {t("reception.handover_officer")}</td>
<td>Chức vụ: {t("reception.handover_title")}</td></tr></table>
<p class="b">III. NGƯỜI ĐƯỢC TIẾP NHẬN (hồ sơ số {t("case.file_no")})</p>
<p class="left">Họ và tên: <b>{t("person.name")}</b></p>
<table class="plain"><tr><td>Giới tính: {t("person.sex")}</td>
<td>Ngày, tháng, năm sinh: {t("person.birth")}</td></tr>
<tr><td>Quốc tịch: {t("person.citizenship")}</td><td>Dân tộc: {t("person.ethnicity")}</td></tr>
</table>
<p class="left">Giấy tờ tùy thân: {t("person.papers")}</p>
<p class="left">Nơi ở: {t("person.address")}</p>
<table class="plain"><tr><td>Điện thoại: {t("person.phone")}</td>
<td>Ngôn ngữ sử dụng: {t("person.languages")}</td></tr></table>
<p class="b">IV. NGƯỜI DƯỚI 18 TUỔI ĐI CÙNG</p>
{_grid(("TT", "Họ và tên", "Giới tính", "Ngày sinh", "Quan hệ"), minors, 2)}
<p class="b">V. TÌNH TRẠNG VÀ NHU CẦU KHI TIẾP NHẬN</p>
<p>Tình trạng sức khỏe, tâm lý, thương tích nhìn thấy được: {t("reception.condition")}</p>
<p>Nhu cầu cần đáp ứng ngay: {t("reception.urgent_needs")}</p>
<p class="b">VI. HỖ TRỢ ĐÃ CẤP NGAY</p>
{_grid(("TT", "Nội dung, hiện vật", "Số lượng", "Ghi chú"), gifts, 3)}
<p class="b">VII. GIẤY TỜ VÀ TÀI SẢN GIAO KÈM</p><p>{"." * 120}</p>
<p>Người được tiếp nhận đã được thông báo về các quyền của mình bằng ngôn ngữ mà họ hiểu: có.</p>
<p>Biên bản lập xong hồi {"." * 30}, đã đọc lại cho những người có tên nêu trên cùng nghe, công
nhận đúng và ký tên; được lập thành 02 bản có giá trị như nhau, mỗi bên giữ 01 bản.</p>
<table class="sign"><tr><td><b>ĐẠI DIỆN BÊN GIAO</b><br><i>(Ký, ghi rõ họ tên)</i></td>
<td><b>ĐẠI DIỆN BÊN TIẾP NHẬN</b><br><i>(Ký, ghi rõ họ tên, đóng dấu)</i></td>
<td><b>NGƯỜI ĐƯỢC TIẾP NHẬN</b><br><i>(Ký, ghi rõ họ tên hoặc điểm chỉ)</i></td></tr></table>
</section>"""


def main() -> None:
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    given = json.load(sys.stdin)
    style = _STYLE.format(fonts=given["fonts"])

    def draw(papers: list[Any]) -> bytes:
        body = "".join(page(facts) for facts in papers)
        made = HTML(string=f"<style>{style}</style>{body}")
        return bytes(made.write_pdf(font_config=FontConfiguration()))

    draw(given["papers"][:1])
    one = []
    for facts in given["papers"][: given["repeats"]]:
        start = time.perf_counter()
        pdf = draw([facts])
        one.append(time.perf_counter() - start)
    many, sizes = [], []
    for number in given["batches"]:
        start = time.perf_counter()
        sizes.append(len(draw(given["papers"][:number])))
        many.append(time.perf_counter() - start)
    if given.get("keep"):
        Path(given["keep"]).write_bytes(pdf)
    print(json.dumps({"one": one, "many": many, "bytes": [len(pdf), *sizes]}))


if __name__ == "__main__":
    main()
