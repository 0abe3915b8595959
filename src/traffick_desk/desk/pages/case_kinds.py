"""Which sections of a case are more than lists of records."""

from __future__ import annotations

from traffick_desk.desk.pages.case_care import FollowUpSection, NeedsSection, ScreeningSection
from traffick_desk.desk.pages.case_closing import FrameSection
from traffick_desk.desk.pages.case_documents import DocumentsSection
from traffick_desk.desk.pages.case_extra import (
    HistorySection,
    PrintedSection,
    StepsSection,
    SupportSection,
)
from traffick_desk.desk.pages.case_money import MoneySection
from traffick_desk.desk.pages.case_referral import ReferralSection
from traffick_desk.desk.pages.case_section import CaseSection
from traffick_desk.desk.pages.case_tip import JoinedTips
from traffick_desk.desk.pages.case_together import TogetherSection

KINDS: dict[str, type[CaseSection]] = {
    "tip": JoinedTips,
    "together": TogetherSection,
    "screening": ScreeningSection,
    "needs": NeedsSection,
    "money": MoneySection,
    "referrals": ReferralSection,
    "follow_up": FollowUpSection,
    "steps": StepsSection,
    "support": SupportSection,
    "printed": PrintedSection,
    "documents": DocumentsSection,
    "frame": FrameSection,
    "history": HistorySection,
}
