"""Build resources/codes/{countries,languages,ethnicities}.json.

    .venv/bin/python scripts/build_codes.py

Names of countries and world languages come from Unicode CLDR through Babel. The
peoples of Viet Nam and their languages are kept by hand below, because CLDR does
not know most of them: the codes 01-54 are those of Decision 121-TCTK/PPCĐ of the
General Statistics Office, 2 March 1979; the languages have ISO 639-3 codes.
"""

from __future__ import annotations

import json
from pathlib import Path

import babel
from babel import Locale

TARGET = Path(__file__).resolve().parent.parent / "resources" / "codes"

# In CLDR, but no country code of ISO 3166-1: regions, reserved and test codes.
NO_COUNTRY = set("AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())  # noqa: SIM905
FIRST_COUNTRIES = ["VN", "CN", "LA", "KH", "TH", "MM", "MY"]
COUNTRY_ALIASES = {
    "VN": ["Viet Nam"],
    "CN": ["Trung Hoa", "PRC"],
    "LA": ["Lao PDR"],
    "KH": ["Cam-pu-chia", "Căm-pu-chia"],
    "MM": ["Miến Điện", "Burma", "Mi-an-ma"],
    "TH": ["Thái"],
    "KR": ["Nam Hàn", "Đại Hàn"],
    "KP": ["Bắc Hàn", "CHDCND Triều Tiên"],
    "GB": ["Anh Quốc", "UK"],
    "US": ["Mỹ", "USA"],
    "RU": ["Liên bang Nga"],
    "MY": ["Ma-lai-xi-a"],
    "HK": ["Hồng Kông", "Hương Cảng"],
    "MO": ["Ma Cao", "Áo Môn"],
    "TW": ["Taiwan"],
}

# ISO 639-1 -> 639-3 for living languages.
WORLD = """
aa:aar ab:abk af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak be:bel
bg:bul bi:bis bm:bam bn:ben bo:bod br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre cs:ces
cv:chv cy:cym da:dan de:deu dv:div dz:dzo ee:ewe el:ell en:eng es:spa et:est eu:eus fa:fas
ff:ful fi:fin fj:fij fo:fao fr:fra fy:fry ga:gle gd:gla gl:glg gn:grn gu:guj gv:glv ha:hau
he:heb hi:hin ho:hmo hr:hrv ht:hat hu:hun hy:hye hz:her id:ind ig:ibo ii:iii ik:ipk is:isl
it:ita iu:iku ja:jpn jv:jav ka:kat kg:kon ki:kik kj:kua kk:kaz kl:kal km:khm kn:kan ko:kor
kr:kau ks:kas ku:kur kv:kom kw:cor ky:kir lb:ltz lg:lug li:lim ln:lin lo:lao lt:lit lu:lub
lv:lav mg:mlg mh:mah mi:mri mk:mkd ml:mal mn:mon mr:mar ms:msa mt:mlt my:mya na:nau nb:nob
nd:nde ne:nep ng:ndo nl:nld nn:nno no:nor nr:nbl nv:nav ny:nya oc:oci oj:oji om:orm or:ori
os:oss pa:pan pl:pol ps:pus pt:por qu:que rm:roh rn:run ro:ron ru:rus rw:kin sc:srd sd:snd
se:sme sg:sag si:sin sk:slk sl:slv sm:smo sn:sna so:som sq:sqi sr:srp ss:ssw st:sot su:sun
sv:swe sw:swa ta:tam te:tel tg:tgk th:tha ti:tir tk:tuk tl:tgl tn:tsn to:ton tr:tur ts:tso
tt:tat tw:twi ty:tah ug:uig uk:ukr ur:urd uz:uzb ve:ven vi:vie wa:wln wo:wol xh:xho yi:yid
yo:yor za:zha zh:zho zu:zul
"""

# ISO 639-3 | Vietnamese | English | nearest ISO 639-2 code | other names. The collective
# 639-2 codes: cmc Chamic, mkh Mon-Khmer, sgn sign, sit Sino-Tibetan, tai Tai; where none
# fits with certainty: mis.
LOCAL = """
yue|Tiếng Quảng Đông|Cantonese|zho|Yue, Bạch thoại
nan|Tiếng Mân Nam|Min Nan Chinese|zho|Phúc Kiến, Triều Châu
hak|Tiếng Khách Gia|Hakka Chinese|zho|Hẹ, Ngái
tyz|Tiếng Tày|Tày|tai|
nut|Tiếng Nùng|Nung|tai|
blt|Tiếng Thái Đen|Tai Dam|tai|Thái
twh|Tiếng Thái Trắng|Tai Dón|tai|Thái
khb|Tiếng Lự|Lü|tai|
pcc|Tiếng Giáy|Bouyei|tai|Bố Y, Nhắng
mlc|Tiếng Cao Lan|Cao Lan|tai|Sán Chay
nod|Tiếng Thái Bắc|Northern Thai|tai|
tts|Tiếng Thái Đông Bắc|Northeastern Thai|tai|Isan
shn|Tiếng Shan|Shan|shn|
mtq|Tiếng Mường|Muong|mkh|
tou|Tiếng Thổ|Tho|mkh|
nuo|Tiếng Nguồn|Nguôn|mkh|
scb|Tiếng Chứt|Chut|mkh|Rục, Sách, Mày
aem|Tiếng Arem|Arem|mkh|
hmn|Tiếng Hmông|Hmong|hmn|H'Mông, Mông, Mèo
hnj|Tiếng Hmông Xanh|Hmong Njua|hmn|Hmông Lềnh
mww|Tiếng Hmông Trắng|Hmong Daw|hmn|Hmông Đơ
hmv|Tiếng Hmông Đô|Hmong Dô|hmn|
ium|Tiếng Dao|Iu Mien|mis|Miền, Dao Đỏ
mji|Tiếng Kim Mun|Kim Mun|mis|Dao Quần Trắng, Dao Thanh Y
pha|Tiếng Pà Thẻn|Pa-Hng|mis|
jra|Tiếng Gia Rai|Jarai|cmc|Jrai
rad|Tiếng Ê Đê|Rade|cmc|Rhade
cjm|Tiếng Chăm (miền Đông)|Eastern Cham|cmc|Chàm
cja|Tiếng Chăm (miền Tây)|Western Cham|cmc|Chàm
cje|Tiếng Chu Ru|Chru|cmc|
rog|Tiếng Ra Glai (Bắc)|Northern Roglai|cmc|Raglay
rgs|Tiếng Ra Glai (Nam)|Southern Roglai|cmc|Raglay
hro|Tiếng Hroi|Haroi|cmc|Chăm Hroi
bdq|Tiếng Ba Na|Bahnar|mkh|
sed|Tiếng Xơ Đăng|Sedang|mkh|
kpm|Tiếng Cơ Ho|Koho|mkh|K'Ho
hre|Tiếng Hrê|Hre|mkh|
cmo|Tiếng Mnông (Trung)|Central Mnong|mkh|
mng|Tiếng Mnông (Đông)|Eastern Mnong|mkh|
mnn|Tiếng Mnông (Nam)|Southern Mnong|mkh|
sti|Tiếng Xtiêng (Bù Lơ)|Bulo Stieng|mkh|Stiêng
stt|Tiếng Xtiêng (Bù Đéc)|Budeh Stieng|mkh|Stiêng
kjg|Tiếng Khơ Mú|Khmu|mkh|
bru|Tiếng Bru - Vân Kiều|Eastern Bru|mkh|
ktv|Tiếng Cơ Tu|Eastern Katu|mkh|
tth|Tiếng Tà Ôi|Upper Ta'oih|mkh|
pac|Tiếng Pa Cô|Pacoh|mkh|
cma|Tiếng Mạ|Maa|mkh|
jeh|Tiếng Gié|Jeh|mkh|Giẻ Triêng
cua|Tiếng Co|Cua|mkh|Cor
crw|Tiếng Chơ Ro|Chrau|mkh|
puo|Tiếng Xinh Mun|Puoc|mkh|
kjm|Tiếng Kháng|Kháng|mkh|
zng|Tiếng Mảng|Mang|mkh|
ren|Tiếng Rơ Ngao|Rengao|mkh|
rmx|Tiếng Rơ Măm|Romam|mkh|
brb|Tiếng Brâu|Brao|mkh|
tyh|Tiếng Ơ Đu|O'du|mkh|
kxm|Tiếng Khmer Bắc|Northern Khmer|mkh|
hni|Tiếng Hà Nhì|Hani|sit|
lhu|Tiếng La Hủ|Lahu|sit|
cnc|Tiếng Cống|Côông|sit|
slt|Tiếng Si La|Sila|sit|
phh|Tiếng Phù Lá|Phukha|sit|
nty|Tiếng Lô Lô|Mantsi|sit|
lis|Tiếng Lisu|Lisu|sit|
kac|Tiếng Kachin|Kachin|kac|Cảnh Pha
lbt|Tiếng La Chí|Lachi|mis|
lha|Tiếng La Ha|Laha|mis|
laq|Tiếng Pu Péo|Qabiao|mis|
gir|Tiếng Cơ Lao Đỏ|Red Gelao|mis|Cờ Lao
giw|Tiếng Cơ Lao Trắng|White Gelao|mis|Cờ Lao
giq|Tiếng Cơ Lao Xanh|Green Gelao|mis|Cờ Lao
hab|Ngôn ngữ ký hiệu Hà Nội|Hanoi Sign Language|sgn|người điếc
haf|Ngôn ngữ ký hiệu Hải Phòng|Haiphong Sign Language|sgn|người điếc
hos|Ngôn ngữ ký hiệu Thành phố Hồ Chí Minh|Ho Chi Minh City Sign Language|sgn|người điếc
mis|Ngôn ngữ khác (chưa có mã)|Another language (without a code)|mis|
"""
FIRST_LANGUAGES = [
    "vie",
    "hmn",
    "tyz",
    "nut",
    "blt",
    "twh",
    "mtq",
    "ium",
    "khm",
    "zho",
    "lao",
    "tha",
    "mya",
    "eng",
]
LANGUAGE_NAMES = {"zho": ("Tiếng Trung Quốc", "Chinese", ["Tiếng Hoa", "Hán", "Quan thoại"])}

# Code | name | other names. English uses the same names. Name notes: the list of 1979
# wrote Khơ-me, Gia-rai, Ê-đê …; the spelling below is that of later official lists.
PEOPLES = """
01|Kinh|Việt
02|Tày|Thổ, Ngạn, Phén, Thù Lao, Pa Dí
03|Thái|Tày Khao, Tày Đăm, Tày Mười, Tày Thanh
04|Hoa|Hán, Triều Châu, Phúc Kiến, Quảng Đông
05|Khmer|Khơ-me, Khơ Me, Miên
06|Mường|Mol, Mual
07|Nùng|
08|Mông|Hmông, H'Mông, Mèo, Mẹo
09|Dao|Mán, Động, Miền
10|Gia Rai|Gia-rai, Jarai, Jrai
11|Ngái|
12|Ê Đê|Ê-đê, Ra-đê, Rhadé
13|Ba Na|Ba-na, Bahnar
14|Xơ Đăng|Xơ-đăng, Xơ-teng, Ca-dong
15|Sán Chay|Cao Lan, Sán Chỉ
16|Cơ Ho|Cơ-ho, K'Ho
17|Chăm|Chàm, Chiêm
18|Sán Dìu|Sán Déo
19|Hrê|
20|Mnông|M'Nông
21|Ra Glai|Ra-glai, Raglay
22|Xtiêng|Stiêng, Xa-điêng
23|Bru - Vân Kiều|Bru-Vân Kiều, Vân Kiều, Bru
24|Thổ|
25|Giáy|Nhắng, Dẳng
26|Cơ Tu|Cơ-tu, Ca-tu
27|Gié Triêng|Gié-Triêng, Giẻ Triêng
28|Mạ|Châu Mạ
29|Khơ Mú|Khơ-mú, Xá Cẩu
30|Co|Cor, Cùa
31|Tà Ôi|Ta-ôi, Pa Cô
32|Chơ Ro|Chơ-ro
33|Kháng|
34|Xinh Mun|Xinh-mun
35|Hà Nhì|U Ní
36|Chu Ru|Chu-ru
37|Lào|Lào Bốc, Lào Nọi
38|La Chí|La Chi, Cù Tê
39|La Ha|
40|Phù Lá|Xá Phó
41|La Hủ|
42|Lự|
43|Lô Lô|
44|Chứt|Rục, Sách, Mày
45|Mảng|
46|Pà Thẻn|Pá Hưng
47|Cơ Lao|Cờ Lao, Co Lao
48|Cống|
49|Bố Y|Tu Dí
50|Si La|
51|Pu Péo|
52|Brâu|
53|Ơ Đu|
54|Rơ Măm|Rơ-măm
"""
FOREIGNER = ("55", "Người nước ngoài", "Foreigner", ["Quốc tịch nước ngoài"])


def entry(code: str, vi: str, en: str, aliases: list[str], **more: str) -> dict:
    if not vi or not en:
        raise SystemExit(f"{code} has no name in one of the languages")
    result: dict = {"code": code, "vi": vi, "en": en}
    if aliases:
        result["aliases"] = aliases
    return result | more


def first(entries: list[dict], codes: list[str]) -> list[dict]:
    """*codes* at the top, in their order; the program puts the rest in the alphabet's."""
    by_code = {item["code"]: item for item in entries}
    if len(by_code) != len(entries):
        raise SystemExit("a code is there twice")
    top = [by_code.pop(code) for code in codes]
    return [item | {"first": True} for item in top] + [by_code[code] for code in sorted(by_code)]


def countries(vi: Locale, en: Locale) -> list[dict]:
    codes = [c for c in vi.territories if len(c) == 2 and c.isalpha() and c not in NO_COUNTRY]
    if len(codes) != 249:
        raise SystemExit(f"ISO 3166-1 has 249 countries, CLDR gave {len(codes)}")
    found = [
        entry(c, vi.territories[c], en.territories[c], COUNTRY_ALIASES.get(c, [])) for c in codes
    ]
    return first(found, FIRST_COUNTRIES)


def languages(vi: Locale, en: Locale) -> list[dict]:
    found = []
    for pair in WORLD.split():
        two, three = pair.split(":")
        names = (vi.languages.get(two, ""), en.languages.get(two, ""), [])
        found.append(entry(three, *LANGUAGE_NAMES.get(three, names), iso639_2=three))
    for line in LOCAL.strip().splitlines():
        code, name, english, nearest, others = line.split("|")
        aliases = [other for other in others.split(", ") if other]
        found.append(entry(code, name, english, aliases, iso639_2=nearest))
    return first(found, FIRST_LANGUAGES)


def ethnicities() -> list[dict]:
    found = []
    for line in PEOPLES.strip().splitlines():
        code, name, others = line.split("|")
        found.append(entry(code, name, name, [other for other in others.split(", ") if other]))
    if [item["code"] for item in found] != [f"{number:02}" for number in range(1, 55)]:
        raise SystemExit("the list of 1979 has the codes 01 to 54")
    return first([*found, entry(*FOREIGNER)], [item["code"] for item in found] + ["55"])


def write(name: str, source: str, entries: list[dict]) -> None:
    lines = ",\n".join(json.dumps(item, ensure_ascii=False) for item in entries)
    text = f'{{"name":"{name}",\n"source":{json.dumps(source, ensure_ascii=False)},\n'
    text += f'"entries":[\n{lines}\n]}}\n'
    json.loads(text)
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / f"{name}.json").write_text(text, "utf-8", newline="\n")
    print(f"{name}: {len(entries)} entries, {len(text.encode()):,} bytes")


def main() -> None:
    vi, en = Locale("vi"), Locale("en")
    cldr = f"Unicode CLDR through Babel {babel.__version__}"
    write("countries", f"ISO 3166-1 alpha-2; names: {cldr}", countries(vi, en))
    write("languages", f"ISO 639-3; names: {cldr}, local languages by hand", languages(vi, en))
    write(
        "ethnicities",
        "Decision 121-TCTK/PPCĐ, General Statistics Office, 2 March 1979: codes 01-54; "
        "55 is the usual code of registers for foreigners",
        ethnicities(),
    )


if __name__ == "__main__":
    main()
