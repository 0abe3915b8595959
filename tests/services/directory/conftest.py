from __future__ import annotations

from typing import Any

from services.conftest import desk, make  # noqa: F401 - fixtures

LEGAL: dict[str, Any] = {
    "name": "Trung tâm Trợ giúp pháp lý nhà nước tỉnh Lạng Sơn",
    "organization": "Sở Tư pháp tỉnh Lạng Sơn",
    "provider": "justice",
    "kinds": ["legal_aid"],
    "about": "Tư vấn, tham gia tố tụng,\nđại diện ngoài tố tụng.",
    "phone": "0205 3810 666",
    "phone_other": "0205 3810 667",
    "email": "tgpl@langson.example",
    "website": "https://tgpl.langson.example",
    "contact": "Hoàng Văn Nam, trợ giúp viên",
    "place_unit": "2025/06040",
    "address": "Số 6 đường Hùng Vương",
    "position": "22.25470, 106.46480",
    "transport": "Xe buýt số 3",
    "days": ["fri", "mon", "thu", "tue", "wed"],
    "opens": "07:30",
    "closes": "17:00",
    "hours_note": "nghỉ trưa 11:30 đến 13:30",
    "languages": ["tyz", "vie"],
    "interpreter": "Gọi trước một ngày",
    "for_sex": "any",
    "age_from": 0,
    "age_to": 99,
    "with_child": "yes",
    "for_whom": "Người thuộc diện được trợ giúp pháp lý",
    "cost": "free",
    "cost_note": "không thu phí",
    "access": "Đến trực tiếp hoặc cán bộ gọi trước",
    "papers": "Giấy tờ tùy thân nếu có",
    "agreement_no": "12/QCPH",
    "agreement_on": "2026-03-01",
    "agreement_by": "Giám đốc hai bên",
    "agreement_until": "2028-03-01",
    "listing": "public",
    "status": "active",
    "note": "Cô Hạnh trực thứ Ba",
}
HEALTH: dict[str, Any] = {
    "name": "Trạm Y tế xã Thất Khê",
    "organization": "Trung tâm Y tế khu vực",
    "provider": "health",
    "kinds": ["medical", "psychological"],
    "phone": "0205 3883 115",
    "place_unit": "2025/06040",
    "status": "active",
}
