"""Every record type of the program, described once."""

from __future__ import annotations

from traffick_desk.domain.records.access import (
    DESK_KEY,
    DESK_OFFICER,
    GLASS,
    OFFICER_RIGHT,
    RESTRICTION,
)
from traffick_desk.domain.records.care import (
    CONTACT,
    ENROLMENT,
    EVIDENCE,
    INQUIRY,
    NEED,
    PAYMENT,
    PLAN_ITEM,
    PROTECTION,
    REFERRAL,
    RISK,
    TASK,
    VISIT,
)
from traffick_desk.domain.records.case import CASE, NOTE, PAPER, STEP
from traffick_desk.domain.records.directory import DIRECTORY_RULE, SERVICE, SERVICE_REMARK
from traffick_desk.domain.records.disclosure import DISCLOSURE_RULE
from traffick_desk.domain.records.document import DOCUMENT
from traffick_desk.domain.records.erasure import (
    ERASURE,
    ERASURE_REQUEST,
    LEGAL_HOLD,
    RETENTION_RULE,
)
from traffick_desk.domain.records.figures import RELEASE, REPORT
from traffick_desk.domain.records.group import GROUP_MEMBER
from traffick_desk.domain.records.handover import HANDOVER
from traffick_desk.domain.records.office import RULE_PACK
from traffick_desk.domain.records.outreach import ACTIVITY, ACTIVITY_FILE, MATERIAL
from traffick_desk.domain.records.person import (
    ADDRESS,
    CONSENT,
    IDENTITY_PAPER,
    PERSON,
    PERSON_NAME,
    STATUS,
    WHEREABOUTS,
)
from traffick_desk.domain.records.places import (
    FACILITY,
    FACILITY_ITEM,
    PLACE_COUNT,
    PLACE_HOLD,
    PLACE_WAIT,
    ROOM,
    STANDARD_ITEM,
)
from traffick_desk.domain.records.plans import BUDGET, FINDING, INSPECTION, PLAN, PLAN_TASK
from traffick_desk.domain.records.same import SAME_PERSON
from traffick_desk.domain.records.screening import SCREENING
from traffick_desk.domain.records.support import (
    ACCOUNT,
    ENTITLEMENT,
    ENTITLEMENT_DECISION,
    GIVEN_ITEM,
    JOURNEY_HOME,
    RECEPTION,
    STAY,
)
from traffick_desk.domain.records.teams import ATTENDANCE, STAFF, TRAINING_RULE, VOLUNTEER_TEAM
from traffick_desk.domain.records.tip import TIP
from traffick_desk.domain.spine import Registry

REGISTRY = Registry(
    (
        CASE,
        PERSON,
        PERSON_NAME,
        IDENTITY_PAPER,
        ADDRESS,
        STATUS,
        WHEREABOUTS,
        CONSENT,
        RECEPTION,
        GIVEN_ITEM,
        ACCOUNT,
        STAY,
        JOURNEY_HOME,
        STEP,
        ENTITLEMENT,
        ENTITLEMENT_DECISION,
        PAPER,
        NOTE,
        SCREENING,
        EVIDENCE,
        INQUIRY,
        RISK,
        PROTECTION,
        CONTACT,
        NEED,
        PLAN_ITEM,
        PAYMENT,
        REFERRAL,
        VISIT,
        ENROLMENT,
        TASK,
        TIP,
        GROUP_MEMBER,
        DOCUMENT,
        SAME_PERSON,
        RESTRICTION,
        GLASS,
        HANDOVER,
        DESK_OFFICER,
        OFFICER_RIGHT,
        DESK_KEY,
        RULE_PACK,
        DISCLOSURE_RULE,
        VOLUNTEER_TEAM,
        SERVICE,
        SERVICE_REMARK,
        DIRECTORY_RULE,
        FACILITY,
        ROOM,
        PLACE_HOLD,
        PLACE_COUNT,
        STANDARD_ITEM,
        FACILITY_ITEM,
        PLACE_WAIT,
        STAFF,
        ACTIVITY,
        MATERIAL,
        ACTIVITY_FILE,
        ATTENDANCE,
        TRAINING_RULE,
        PLAN,
        PLAN_TASK,
        INSPECTION,
        FINDING,
        BUDGET,
        ERASURE_REQUEST,
        ERASURE,
        LEGAL_HOLD,
        RETENTION_RULE,
        REPORT,
        RELEASE,
    )
)
