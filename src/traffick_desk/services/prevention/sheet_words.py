"""What headings and kinds are called in spreadsheets; folded, without punctuation."""

from __future__ import annotations

from collections.abc import Mapping

QUANTITY = "quantity"
"""A number of times for activities, a number made for materials."""

# Field → headings that mean it, as :func:`plain` writes them. The longest that fits wins.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "kind": ("loai", "hinh thuc", "loai hinh", "loai hoat dong", "san pham", "kind", "type"),
    "title": ("noi dung", "ten hoat dong", "ten", "hoat dong", "chu de", "title", "content"),
    "since": ("ngay", "thoi gian", "tu ngay", "nam", "thang", "ngay to chuc", "date", "year",
              "from"),
    "until": ("den ngay", "den", "ngay ket thuc", "until", "to"),
    "state": ("tinh trang", "trang thai", "ket qua thuc hien", "state", "status"),
    "campaign": ("dot", "chien dich", "campaign"),
    "line": ("linh vuc", "truyen thong hay tap huan", "line"),
    "times": ("so lan", "so cuoc", "so lop", "so hoi nghi", "so buoi", "times"),
    "persons": ("so nguoi", "so nguoi du", "nguoi tham du", "so nguoi tham du", "persons"),
    "attendances": ("luot nguoi", "so luot nguoi", "so luot", "luot", "attendances"),
    "women": ("nu", "so nu", "trong do nu", "women"),
    "men": ("nam gioi", "so nam gioi", "trong do nam", "men"),
    "represented": ("so don vi", "so don vi co nguoi du", "so tinh", "so doi", "represented"),
    "place": ("noi", "dia diem", "noi to chuc", "place"),
    "organiser": ("don vi to chuc", "don vi chu tri", "co quan to chuc", "organiser"),
    "partners": ("phoi hop voi", "don vi phoi hop", "phoi hop", "partners"),
    "levels": ("cap", "level"),
    "topics": ("chu de tap huan", "cac chu de", "topics"),
    "risk_groups": ("doi tuong", "danh cho", "audience"),
    "languages": ("ngon ngu", "tieng", "language", "languages"),
    QUANTITY: ("so luong", "quantity", "number"),
    "made": ("so in", "da in", "in", "lam ra", "lam ra in", "made", "printed"),
    "received": ("da nhan", "so nhan", "nhan", "received"),
    "handed_out": ("da phat", "so phat", "cap phat", "da cap phat", "da dung", "phat",
                   "handed out"),
    "handed_to": ("phat cho", "noi nhan", "don vi nhan", "handed to"),
    "cost": ("kinh phi", "kinh phi da chi", "so tien", "chi phi", "cost"),
    "planned_cost": ("kinh phi du kien", "du toan", "planned cost"),
    "fund": ("nguon kinh phi", "nguon", "source of money", "fund"),
    "part_of": ("da tinh trong", "counted in"),
    "result": ("ket qua", "result"),
    "note": ("ghi chu", "note"),
}  # fmt: skip
# Further words for kinds, as :func:`plain` writes them.
KINDS: Mapping[str, tuple[str, ...]] = {
    "class": ("lop tap huan", "lop", "tap huan", "training class"),
    "conference": ("hoi nghi truyen thong", "hoi nghi tap huan", "hoi nghi"),
    "discussion": ("hoi nghi toa dam", "toa dam", "hoi nghi thao luan", "doi thoai"),
    "workshop": ("hoi thao",),
    "talk": ("noi chuyen chuyen de", "noi chuyen", "sinh hoat cong dong"),
    "school": ("ngoai khoa", "tuyen truyen tai truong"),
    "broadcast": ("phat thanh", "loa truyen thanh", "truyen thanh", "luot phat thanh"),
    "news": ("tin bai", "tin", "bai", "phong su", "clip", "tin bai phong su"),
    "television": ("truyen hinh",),
    "online": ("bai dang", "mang xa hoi", "facebook", "zalo"),
    "leaflet": ("to roi", "to gap", "leaflet"),
    "handbook": ("so tay", "cam nang", "handbook"),
    "panel": ("pa no", "pano", "cum pa no", "panel"),
    "poster": ("ap phich", "poster", "tranh co dong"),
    "banner": ("bang ron", "khau hieu", "banner"),
    "recording": ("dia", "video", "bang dia"),
}
