"""Small code lists of the spine. Codes are stable for ever; labels are translated.

The large lists (countries, languages, ethnic groups) are data; see ``codelists``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from traffick_desk.domain.codes_care import CARE_LISTS
from traffick_desk.domain.codes_directory import DIRECTORY_LISTS
from traffick_desk.domain.codes_document import DOCUMENT_LISTS
from traffick_desk.domain.codes_erasure import ERASURE_LISTS
from traffick_desk.domain.codes_group import GROUP_LISTS
from traffick_desk.domain.codes_prevention import PREVENTION_LISTS
from traffick_desk.domain.codes_tip import TIP_LISTS
from traffick_desk.i18n import N_, _


@dataclass(frozen=True, slots=True)
class SmallList:
    """A code list short enough to stand in the source."""

    name: str
    labels: Mapping[str, str]

    def codes(self) -> tuple[str, ...]:
        """All codes in the order in which they are offered."""
        return tuple(self.labels)

    def label(self, code: str) -> str:
        """The label of *code* in the language of the desk; the code itself if unknown."""
        return _(self.labels[code]) if code in self.labels else code

    def search(self, text: str, limit: int = 20) -> list[str]:
        """Codes whose label contains *text*, accents ignored."""
        from traffick_desk.domain.text import fold

        wanted = fold(text)
        return [c for c in self.labels if wanted in fold(self.label(c))][:limit]


ANSWERS = {
    "yes": N_("Yes"),
    "no": N_("No"),
    "unknown": N_("Unknown"),
    "not_asked": N_("Not asked"),
    "refused": N_("Refused to answer"),
}

_LISTS: dict[str, dict[str, str]] = {
    "answer": ANSWERS,
    "stage": {
        "reception": N_("Reception"),
        "verification": N_("Verification"),
        "support": N_("Support"),
        "reintegration": N_("Reintegration"),
        "closed": N_("Closed"),
        "tip": N_("Tip"),
        "tip_settled": N_("Tip, settled"),
    },
    "same_ground": {
        "papers": N_("Identity papers"),
        "name_birth": N_("Name and date of birth"),
        "person_says": N_("The person says so"),
        "family_says": N_("The family says so"),
        "known": N_("The officer knows the person"),
        "other": N_("Other reason"),
    },
    "return_form": {
        "reported": N_("Came to report"),
        "rescued": N_("Rescued in the country"),
        "handed_over": N_("Handed over by a foreign authority"),
        "mission": N_("Returned through a Vietnamese mission abroad"),
        "returned_alone": N_("Returned alone"),
        "other": N_("Other"),
    },
    "person_role": {
        "main": N_("Person received"),
        "accompanying": N_("Accompanying person under 18"),
    },
    "sex": {
        "female": N_("Female"),
        "male": N_("Male"),
        "other": N_("Other"),
        "unknown": N_("Unknown"),
    },
    "literacy": {
        "reads": N_("Reads and writes"),
        "some": N_("Reads with difficulty"),
        "none": N_("Cannot read"),
        "unknown": N_("Unknown"),
    },
    "education": {
        "none": N_("Never at school"),
        "primary": N_("Primary school"),
        "lower_secondary": N_("Lower secondary school"),
        "upper_secondary": N_("Upper secondary school"),
        "vocational": N_("Vocational training"),
        "higher": N_("College or university"),
        "unknown": N_("Unknown"),
    },
    "name_kind": {
        "alias": N_("Also called"),
        "previous": N_("Earlier name"),
        "foreign": N_("Name used abroad"),
        "original": N_("Name in another script"),
    },
    "paper_kind": {
        "citizen_card": N_("Citizen identity card"),
        "old_identity_card": N_("Identity card of the old kind"),
        "passport": N_("Passport"),
        "laissez_passer": N_("Travel document for return"),
        "birth_certificate": N_("Birth certificate"),
        "residence_paper": N_("Residence paper"),
        "other": N_("Other paper"),
    },
    "paper_state": {
        "seen": N_("Seen"),
        "copy": N_("Copy seen"),
        "stated": N_("Stated, not seen"),
        "lost": N_("Lost"),
        "taken": N_("Taken away by others"),
    },
    "address_kind": {
        "permanent": N_("Permanent residence"),
        "current": N_("Where the person lives now"),
        "before": N_("Before being trafficked"),
        "return_to": N_("Wishes to return to"),
    },
    "handing_body": {
        "border_guard": N_("Border guard"),
        "police": N_("Police"),
        "coast_guard": N_("Coast guard"),
        "foreign": N_("Foreign authority"),
        "mission": N_("Vietnamese mission abroad"),
        "organisation": N_("Another agency or organisation"),
        "family": N_("Family or relatives"),
        "self": N_("Came alone"),
    },
    "urgent_need": {
        "medical": N_("Medical emergency"),
        "safety": N_("Danger, needs a safe place"),
        "food": N_("Food and water"),
        "shelter": N_("A place to sleep"),
        "clothes": N_("Clothes"),
        "hygiene": N_("Hygiene items"),
        "interpreter": N_("Interpreter"),
        "psychological": N_("Psychological first aid"),
        "child": N_("Care for a small child"),
        "contact_family": N_("Contact with the family"),
    },
    "given_item": {
        "meal": N_("Meal"),
        "water": N_("Drinking water"),
        "clothes": N_("Set of clothes"),
        "hygiene": N_("Hygiene set"),
        "bed": N_("Night's lodging"),
        "medicine": N_("Medicine, first aid"),
        "money": N_("Travel money"),
        "phone_call": N_("Telephone call"),
        "other": N_("Other"),
    },
    "account_state": {
        "later": N_("To be taken up later"),
        "taken": N_("Taken"),
        "from_file": N_("Known from the file, not asked again"),
        "refused": N_("Refused to answer"),
    },
    "exploitation": {
        "sexual": N_("Sexual exploitation"),
        "labour": N_("Forced labour"),
        "marriage": N_("Forced marriage"),
        "organs": N_("Removal of body parts"),
        "begging": N_("Forced begging"),
        "crime": N_("Forced to commit crimes"),
        "adoption": N_("Illegal adoption"),
        "surrogacy": N_("Forced surrogacy"),
        "none_yet": N_("Rescued before exploitation"),
        "other": N_("Other inhuman purpose"),
        "unknown": N_("Unknown"),
    },
    "act": {
        "recruiting": N_("Recruiting"),
        "transporting": N_("Transporting"),
        "harbouring": N_("Harbouring"),
        "transferring": N_("Transferring"),
        "receiving": N_("Receiving"),
    },
    "means": {
        "force": N_("Force"),
        "threat": N_("Threat"),
        "deceit": N_("Deceit"),
        "other": N_("Other trick"),
    },
    "place_of_trafficking": {
        "viet_nam": N_("In Viet Nam"),
        "abroad": N_("Abroad"),
        "both": N_("In Viet Nam and abroad"),
        "unknown": N_("Unknown"),
    },
    "victim_status": {
        "in_process": N_("Being identified as a victim"),
        "victim": N_("Victim"),
        "not_victim": N_("Not a victim"),
    },
    "whereabouts": {
        "in_country": N_("In Viet Nam"),
        "abroad": N_("Abroad"),
    },
    "deciding_body": {
        "province_police": N_("Provincial police"),
        "border_guard": N_("Border guard"),
        "investigator": N_("Investigating body, procuracy or court"),
        "rescuing": N_("Body that rescued the person"),
        "mission": N_("Vietnamese mission abroad"),
        "foreign": N_("Foreign body"),
        "district_police": N_("District police (before July 2025)"),
        "other": N_("Other"),
    },
    "consent_giver": {
        "self": N_("The person"),
        "representative": N_("Lawful representative"),
        "both": N_("The person and the representative"),
    },
    "consent_scope": {
        "health": N_("Province health sector, for support"),
        "police": N_("Police, for verification"),
        "services": N_("Services the person is referred to"),
        "family": N_("Family"),
        "statistics": N_("Statistics without names"),
        "research": N_("Research without names"),
    },
    "stay_kind": {
        "social": N_("Social assistance facility"),
        "victim": N_("Victim support facility"),
        "shelter": N_("Safe temporary shelter"),
        "commune": N_("Lodged by the commune"),
        "foster": N_("Foster household"),
    },
    "step": {
        "report_elsewhere": N_("Another body received the report"),
        "brought_to_commune": N_("Brought to the commune"),
        "health_notified": N_("Health department notified"),
        "health_received": N_("Health department received and supports"),
        "initially_verified": N_("Initial verification done"),
        "application_received": N_("Application (form 07) received"),
        "application_decided": N_("Application (form 07) decided"),
        "support_ended": N_("Support of essential needs ended"),
        "closed": N_("Case closed"),
        "reopened": N_("Case opened again"),
        "archived": N_("File handed to the archive"),
        "referred": N_("Passed on to another body"),
        "other": N_("Other step"),
    },
    "channel": {
        "phone": N_("Telephone"),
        "letter": N_("Letter"),
        "in_person": N_("In person"),
        "bundle": N_("Data bundle"),
        "other": N_("Other"),
    },
    "regime": {
        "a": N_("Essential needs"),
        "b": N_("Medical support"),
        "c": N_("Interpretation"),
        "d": N_("Legal advice"),
        "đ": N_("Legal aid"),
        "e": N_("Travel costs"),
        "g": N_("Psychological support"),
        "h": N_("Schooling"),
        "i": N_("Vocational training and job"),
        "k": N_("Initial hardship allowance and loan"),
    },
    "decision": {
        "approved": N_("Approved"),
        "returned": N_("Returned"),
    },
    "role": {
        "officer": N_("Commune officer"),
        "chair": N_("Commune chair"),
        "clerk": N_("Clerk without case access"),
        "case_officer": N_("Province case officer"),
        "lead": N_("Province lead"),
        "it": N_("Province IT"),
        "auditor": N_("Auditor"),
    },
}

_ALL = {
    **_LISTS,
    **CARE_LISTS,
    **TIP_LISTS,
    **GROUP_LISTS,
    **DOCUMENT_LISTS,
    **PREVENTION_LISTS,
    **ERASURE_LISTS,
    **DIRECTORY_LISTS,
}

SMALL_LISTS: Mapping[str, SmallList] = MappingProxyType(
    {name: SmallList(name, MappingProxyType(labels)) for name, labels in _ALL.items()}
)
