"""A research file in the shape of the CTDC codebook (Global Synthetic Dataset, v2, February 2024).

It is k-anonymous, not synthetic, and says so. Missing is empty; a mark is 1 or empty.
"""

from __future__ import annotations

from traffick_desk.reports.standards.files import Row
from traffick_desk.reports.standards.rows import Bundle, age_band

_GENDER = {"female": "Woman", "male": "Man", "other": "Trans/Transgender/NonConforming"}
# What somebody outside may know, the most telling for research first.
QUASI = ("gender", "ageBroad", "yearOfRegistration", "citizenship", "CountryOfExploitation")
COLUMNS = (
    "yearOfRegistration", "gender", "ageBroad", "citizenship", "CountryOfExploitation",
    "traffickMonths", "meansThreats", "meansAbusePsyPhySex", "meansFalsePromises",
    "isForcedLabour", "isSexualExploit", "isOtherExploit",
)  # fmt: skip
_MEANS = {"threat": "meansThreats", "force": "meansAbusePsyPhySex", "deceit": "meansFalsePromises"}
_OTHER = frozenset({"marriage", "organs", "begging", "crime", "adoption", "surrogacy", "other"})
# ISO 3166-1 alpha-3 of the countries that matter here; another is left empty, never guessed.
_ALPHA3 = {
    "VN": "VNM", "CN": "CHN", "LA": "LAO", "KH": "KHM", "TH": "THA", "MM": "MMR", "MY": "MYS",
    "PH": "PHL", "ID": "IDN", "SG": "SGP", "TW": "TWN", "KR": "KOR", "JP": "JPN", "RU": "RUS",
    "GB": "GBR", "FR": "FRA", "DE": "DEU", "PL": "POL", "CZ": "CZE", "AE": "ARE", "SA": "SAU",
    "BD": "BGD", "IN": "IND", "NP": "NPL", "PK": "PAK", "UA": "UKR", "US": "USA", "AU": "AUS",
}  # fmt: skip


def research_row(bundle: Bundle) -> Row:
    """A row of a person, still to be made k-anonymous."""
    get = bundle.get
    forms = set(get("account", "exploitation") or [])
    countries = get("account", "countries") or []
    row = {
        "yearOfRegistration": bundle.received[:4],
        "gender": _GENDER.get(get("person", "sex") or "", ""),
        "ageBroad": age_band(str(get("person", "birth") or ""), bundle.received),
        "citizenship": _ALPHA3.get(get("person", "citizenship") or "", ""),
        # Of several it is not known which was the last.
        "CountryOfExploitation": _ALPHA3.get(countries[0], "") if len(countries) == 1 else "",
        "traffickMonths": _months(get("account", "began"), get("account", "ended")),
        "isForcedLabour": "1" if "labour" in forms else "",
        "isSexualExploit": "1" if "sexual" in forms else "",
        "isOtherExploit": "1" if forms & _OTHER else "",
    }
    for means in get("account", "means") or []:
        if means in _MEANS:
            row[_MEANS[means]] = "1"
    return {n: t for n, t in row.items() if t}


def _months(began: str | None, ended: str | None) -> str:
    """The band of months; only where both months are known."""
    if not began or not ended or len(began) < 7 or len(ended) < 7:
        return ""
    months = (int(ended[:4]) - int(began[:4])) * 12 + int(ended[5:7]) - int(began[5:7])
    if months < 0:
        return ""
    return "0—12" if months <= 12 else "13—24" if months <= 24 else "25+"
