"""Between the records of a person and a row of HTCDS.

What the standard has no field or value for stands beside in our own columns, exactly as we hold
it; reading a file of our own back therefore loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from traffick_desk.domain.text import clean
from traffick_desk.domain.values import PartialDate
from traffick_desk.reports import groups
from traffick_desk.reports.standards.files import Row
from traffick_desk.reports.standards.htcds import FORCED_CRIMINALITY, standard
from traffick_desk.reports.standards.validate import PHONE, is_language

Values = Mapping[str, Any]

_SEX = {"female": "Feminine", "male": "Masculine", "other": "NonConforming",
        "unknown": "NonSpecifiedUnknown"}  # fmt: skip
_EDUCATION = {
    "primary": "PrimaryEducation",
    "lower_secondary": "LowerSecondaryEducation",
    "upper_secondary": "UpperSecondaryEducation",
    "vocational": "PostSecondaryNonTertiaryEducation",
    "higher": "BachelorsOrEquivalentLevel",
}
_STATUS = {
    "in_process": "PossibleVictimOfTrafficking",
    "victim": "ActualVictimOfTrafficking",
    "not_victim": "NotAVictimOfTrafficking",
}
_BODY = {
    "province_police": "Police",
    "district_police": "Police",
    "border_guard": "NonPoliceGovernmentalOrganization",
    "investigator": "CourtOrProsecution",
    "rescuing": "NonPoliceGovernmentalOrganization",
    "mission": "NonPoliceGovernmentalOrganization",
    "foreign": "Other",
    "other": "Other",
}
# Forced criminality and what is no form of exploitation have no value: Other, and our column.
_EXPLOITATION = {
    "sexual": "SexualExploitation",
    "labour": "ForcedLabour",
    "marriage": "ForcedMarriage",
    "organs": "OrganRemoval",
    "begging": "ForcedBegging",
    "crime": "Other",
    "adoption": "ForcedAdoption",
    "surrogacy": "Surrogacy",
    "other": "Other",
}
_MEANS = {"force": "PhysicalAbuse", "threat": "PhysicalThreats", "deceit": "FalsePromises",
          "other": "Other"}  # fmt: skip
_STAGE = {"reception": "Active", "verification": "Active", "support": "Active",
          "reintegration": "FollowUp", "closed": "Closed"}  # fmt: skip

# Our columns: name → record type and field. In the order in which they are written.
OWN_FIELDS: Mapping[str, tuple[str, str]] = {
    "td_FullName": ("person", "name"),
    "td_Sex": ("person", "sex"),
    "td_Birth": ("person", "birth"),
    "td_Citizenship": ("person", "citizenship"),
    "td_Ethnicity": ("person", "ethnicity"),
    "td_Languages": ("person", "languages"),
    "td_Education": ("person", "education"),
    "td_Literacy": ("person", "literacy"),
    "td_Phone": ("person", "phone"),
    "td_OpenedOn": ("case", "opened_on"),
    "td_Unit": ("case", "unit"),
    "td_Stage": ("case", "stage"),
    "td_ReturnForm": ("case", "return_form"),
    "td_ReceivedAt": ("reception", "at"),
    "td_FromBody": ("reception", "from_body"),
    "td_ClosedOn": ("case", "closed_on"),
    "td_ClosedCode": ("case", "closed_code"),
    "td_Status": ("status", "status"),
    "td_StatusSince": ("status", "since"),
    "td_StatusBody": ("status", "body"),
    "td_TraffickedIn": ("status", "trafficked_in"),
    "td_Exploitation": ("account", "exploitation"),
    "td_Acts": ("account", "acts"),
    "td_Means": ("account", "means"),
    "td_Countries": ("account", "countries"),
    "td_Began": ("account", "began"),
    "td_Ended": ("account", "ended"),
    "td_AccountState": ("account", "state"),
    "td_AddressUnit": ("address", "unit"),
    "td_AddressKind": ("address", "kind"),
    "td_AddressCountry": ("address", "country"),
    "td_ConsentOn": ("consent", "asked_on"),
    "td_ConsentGiver": ("consent", "giver"),
    "td_ConsentScope": ("consent", "scope"),
}
LISTS = frozenset(
    {"td_Languages", "td_Exploitation", "td_Acts", "td_Means", "td_Countries", "td_ConsentScope"}
)
IDENTIFIED: tuple[str, ...] = (
    *standard().core, "prs_MiddleName", "prs_PrimaryLanguage", "prs_SecondaryLanguage",
    "prs_HighestLevelOfEducation", "vic_AgeWhenTrafficked", "td_CaseId", "td_PersonId",
    *OWN_FIELDS, FORCED_CRIMINALITY,
)  # fmt: skip
"""Columns of the identified file."""
DEIDENTIFIED: tuple[str, ...] = (
    "prs_Gender", "prs_Citizenship", "prs_MailingState", "prs_MailingCountry",
    "vic_TraffickingStatus", "vic_TraffickingStatusDecisionMakingOrg", "vic_MethodsOfControl",
    "vic_TypeOfExploitation", "cas_Status", "con_Consent", "td_AgeBand", FORCED_CRIMINALITY,
    "td_Year",
)  # fmt: skip
"""Columns of the de-identified file: nothing of the person, no day, no place below the province."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The records of one person that a row tells of.

    Attributes:
        case_id, person_id: their ids.
        records: record type → its values; of several the newest.
        received: day of the reception, else of opening.
        commune, province: of the address, in words.
        referral: the newest referral that was sent.
        from_body: label of who handed over.
    """

    case_id: str
    person_id: str
    records: Mapping[str, Values]
    received: str = ""
    commune: str = ""
    province: str = ""
    referral: Values = field(default_factory=dict)
    from_body: str = ""

    def get(self, record: str, name: str) -> Any:
        """A value, or ``None``."""
        return self.records.get(record, {}).get(name)


def name_parts(name: str) -> tuple[str, str, str]:
    """Family, middle and given part of a Vietnamese name; one part alone is the given one."""
    parts = name.split()
    if len(parts) < 2:
        return "", "", name.strip()
    return parts[0], " ".join(parts[1:-1]), parts[-1]


def phone(text: str) -> str:
    """A number as E.164 wants it; empty if it cannot be told."""
    digits = "".join(c for c in text if c.isdigit() or c == "+")
    if digits.startswith("0") and not digits.startswith("00"):
        digits = f"+84{digits[1:]}"
    return digits if PHONE.fullmatch(digits) else ""


def _joined(values: Sequence[str]) -> str:
    return ";".join(dict.fromkeys(v for v in values if v))


def _country(code: str | None) -> str:
    return code if code and standard().value("iso3166_1_alpha2", code) == code else ""


def _exact(text: str | None) -> str:
    try:
        known = PartialDate.parse(text) if text else None
    except ValueError:
        return ""
    return str(known) if known is not None and known.exact else ""


def identified_row(bundle: Bundle) -> Row:
    """A row with everything; it leaves only with the person's consent."""
    get = bundle.get
    family, middle, given = name_parts(str(get("person", "name") or ""))
    spoken = [code for code in get("person", "languages") or [] if is_language(code)]
    address = bundle.records.get("address", {})
    hidden = address.get("do_not_print") == "yes"
    row: Row = {
        "td_CaseId": bundle.case_id,
        "td_PersonId": bundle.person_id,
        "prs_FirstName": given,
        "prs_MiddleName": middle,
        "prs_SecondName": family,
        "prs_Birthdate": _exact(get("person", "birth")),
        "prs_MobilePhone": phone(str(get("person", "phone") or "")),
        "prs_PrimaryLanguage": spoken[0] if spoken else "",
        "prs_SecondaryLanguage": spoken[1] if len(spoken) > 1 else "",
        "prs_HighestLevelOfEducation": _EDUCATION.get(get("person", "education") or "", ""),
        "prs_MailingCity": "" if hidden else bundle.commune,
        "prs_MailingStreet": "" if hidden else str(address.get("line") or ""),
        "cas_ReasonForCaseClosure": str(get("case", "closed_reason") or ""),
        "cas_CaseOwner": str(get("case", "officer") or ""),
        "cas_IncomingReferralDate": bundle.received[:10],
        "cas_ReferringOrganisation": bundle.from_body,
        "cas_ReferredOrganisation": str(bundle.referral.get("to_body") or ""),
        "cas_OutgoingReferralDate": str(bundle.referral.get("sent_on") or ""),
        "vic_AgeWhenTrafficked": _age_when(bundle),
        **_shared(bundle),
    }
    if bundle.referral:
        row["cas_ReasonForOutgoingReferral"] = "AdditionalServicesRequired"
    for column, (record, name) in OWN_FIELDS.items():
        value = get(record, name)
        if record == "address" and hidden:
            continue
        row[column] = ";".join(value) if isinstance(value, list) else str(value or "")
    return {n: t for n, t in row.items() if t}


def _shared(bundle: Bundle) -> Row:
    """What both profiles hold."""
    get = bundle.get
    forms = get("account", "exploitation") or []
    address = bundle.records.get("address", {})
    abroad = _country(address.get("country"))
    consent = get("consent", "given") == "yes" and not get("consent", "withdrawn_on")
    return {
        "prs_Gender": _SEX.get(get("person", "sex") or "", ""),
        "prs_Citizenship": _country(get("person", "citizenship")),
        "prs_MailingState": bundle.province,
        "prs_MailingCountry": abroad or ("VN" if bundle.province else ""),
        "vic_TraffickingStatus": _STATUS.get(get("status", "status") or "", ""),
        "vic_TraffickingStatusDecisionMakingOrg": _BODY.get(get("status", "body") or "", ""),
        "vic_MethodsOfControl": _joined([_MEANS.get(m, "") for m in get("account", "means") or []]),
        "vic_TypeOfExploitation": _joined([_EXPLOITATION.get(f, "") for f in forms]),
        "cas_Status": _STAGE.get(get("case", "stage") or "", ""),
        "con_Consent": "TRUE" if consent else "FALSE",
        FORCED_CRIMINALITY: "TRUE" if "crime" in forms else "",
    }


def _age_when(bundle: Bundle) -> str:
    """The age when it began, where birth and beginning leave only one."""
    birth, began = bundle.get("person", "birth"), bundle.get("account", "began")
    if not birth or not began:
        return ""
    try:
        start, born = PartialDate.parse(began), PartialDate.parse(birth)
    except ValueError:
        return ""
    ages = {*born.ages_on(start.earliest), *born.ages_on(start.latest)}
    return str(ages.pop()) if len(ages) == 1 else ""


AGE_BANDS = ("0—8", "9—17", "18—20", "21—23", "24—26", "27—29", "30—38", "39—47", "48+")
_BAND_ENDS = (8, 17, 20, 23, 26, 29, 38, 47)


def age_band(birth: str, day: str) -> str:
    """The age band of CTDC on *day*; empty where the birth leaves it open."""
    ages = groups.ages(birth, day[:10])
    if ages is None:
        return ""
    bands = {next((b for b, e in zip(AGE_BANDS, _BAND_ENDS, strict=False) if a <= e), "48+")
             for a in ages}  # fmt: skip
    return bands.pop() if len(bands) == 1 else ""


def deidentified_row(bundle: Bundle) -> Row:
    """A row without anything that names or finds somebody; still to be made k-anonymous."""
    row = {
        **_shared(bundle),
        "td_AgeBand": age_band(str(bundle.get("person", "birth") or ""), bundle.received),
        "td_Year": bundle.received[:4],
    }
    return {n: t for n, t in row.items() if t}


# --- the other way -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Incoming:
    """A row as edits could be made of it: record type → values."""

    case_id: str
    person_id: str
    records: Mapping[str, dict[str, Any]]


def _back(table: Mapping[str, str], value: str) -> str:
    """Our code of a value of the standard; of several that mean it the first."""
    return next((ours for ours, theirs in table.items() if theirs == value), "")


def incoming(row: Row) -> Incoming:
    """What a row says, in our words. Our own columns are believed before the standard's."""
    records: dict[str, dict[str, Any]] = {}

    def put(record: str, name: str, value: Any) -> None:
        if value not in {"", None} if not isinstance(value, list) else value:
            records.setdefault(record, {})[name] = value

    for column, (record, name) in OWN_FIELDS.items():
        text = row.get(column, "")
        put(record, name, sorted(text.split(";")) if column in LISTS and text else text)
    for record, name, value in _from_standard(row):
        if records.get(record, {}).get(name) is None:
            put(record, name, value)
    if row.get("con_Consent", "").upper() == "TRUE":
        put("consent", "given", "yes")
    elif "consent" in records:
        put("consent", "given", "no")
    if "account" in records:
        records["account"].setdefault("state", "from_file")
    return Incoming(row.get("td_CaseId", ""), row.get("td_PersonId", ""), records)


def _values(codes: str, text: str) -> list[str]:
    found = (standard().value(codes, part) for part in text.split(";"))
    return [value for value in found if value]


def _from_standard(row: Row) -> list[tuple[str, str, Any]]:
    full = " ".join(row.get(n, "") for n in ("prs_SecondName", "prs_MiddleName", "prs_FirstName"))
    kinds = _values("vic_TypeOfExploitation", row.get("vic_TypeOfExploitation", ""))
    forms = {_back(_EXPLOITATION, k) or "other" for k in kinds} - {"crime"}
    if "Other" in kinds:
        forms.discard("crime")
        forms.add("other")
    if row.get(FORCED_CRIMINALITY, "").upper() == "TRUE":
        forms.add("crime")
    means = {
        _back(_MEANS, m) or "other"
        for m in _values("vic_MethodsOfControl", row.get("vic_MethodsOfControl", ""))
    }

    def one(name: str) -> str:
        found = _values(standard().fields[name].codes, row.get(name, ""))
        return found[0] if found else ""

    spoken = [row.get(n, "") for n in ("prs_PrimaryLanguage", "prs_SecondaryLanguage")]
    return [
        ("person", "name", clean(full)),
        ("person", "sex", _back(_SEX, one("prs_Gender"))),
        ("person", "birth", row.get("prs_Birthdate", "")),
        ("person", "citizenship", row.get("prs_Citizenship", "").split(";")[0].strip()),
        ("person", "phone", row.get("prs_MobilePhone") or row.get("prs_HomePhone", "")),
        ("person", "languages", sorted({s for s in spoken if s})),
        ("person", "education", _back(_EDUCATION, one("prs_HighestLevelOfEducation"))),
        ("status", "status", _back(_STATUS, one("vic_TraffickingStatus"))),
        ("status", "body", _back(_BODY, one("vic_TraffickingStatusDecisionMakingOrg"))),
        ("status", "since", row.get("cas_IncomingReferralDate", "")),
        ("account", "exploitation", sorted(forms)),
        ("account", "means", sorted(means)),
        ("case", "opened_on", row.get("cas_IncomingReferralDate", "")),
        ("case", "stage", _back(_STAGE, one("cas_Status"))),
        ("case", "officer", row.get("cas_CaseOwner", "")),
        ("case", "closed_reason", row.get("cas_ReasonForCaseClosure", "")),
        ("address", "line", row.get("prs_MailingStreet", "")),
        ("referral", "to_body", row.get("cas_ReferredOrganisation", "")),
        ("referral", "sent_on", row.get("cas_OutgoingReferralDate", "")),
    ]  # fmt: skip
