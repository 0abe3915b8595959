"""Job aids: what F1 says in each section. Short, kind, practical, for somebody who never did this.

They follow what is common ground of trauma-informed work with returned victims:
safety first, choice, one trusted person, no question asked twice, and the law's
own rule of confidentiality (Law 53/2024/QH15 Art. 3(10)).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from traffick_desk.desk.pages.aid import Aid
from traffick_desk.desk.pages.aids_care import CARE_AIDS
from traffick_desk.desk.pages.aids_group import GROUP_AIDS
from traffick_desk.desk.pages.aids_tip import TIP_AIDS
from traffick_desk.i18n import N_

_AIDS: dict[str, Aid] = {
    "identity": Aid(
        N_("Identity"),
        N_("A name is enough to begin. What is not known can stay open."),
        (
            N_(
                "First offer water, a seat and quiet; then ask. Turn the screen so that the "
                "person can see it, if she wishes."
            ),
            N_(
                "Ask which name she wants to be called by. Write it as she says it; papers can "
                "come later."
            ),
            N_(
                "Age matters: under 18 the person is always treated as a child, and other "
                "support applies. If she does not know the day, the year or “about 2009” will "
                "do."
            ),
            N_(
                "Do not guess. “Unknown”, “not asked” and “refused” are good answers; nothing "
                "is taken away because of them."
            ),
            N_(
                "If you do not share a language, stop here and call an interpreter whom the "
                "person accepts; never one who came with her."
            ),
        ),
        N_("I write this down to help you. You may leave out what you do not want to say."),
    ),
    "papers": Aid(
        N_("Papers and addresses"),
        N_("Papers can be missing; that takes away no support."),
        (
            N_(
                "Look at papers only when the person gives them to you, and give them back at once."
            ),
            N_("If they were taken away or lost, choose that; it matters for the verification."),
            N_(
                "Addresses from before July 2025 keep their district. Write them in the old "
                "field; the new commune can be added."
            ),
            N_("If the address is dangerous, choose “must not be printed”: no paper will show it."),
        ),
    ),
    "minors": Aid(
        N_("Accompanying persons under 18"),
        N_("A child under 18 who accompanies the person has a right to support too."),
        (
            N_(
                "Keep mother and child together, also while you talk. Let somebody kind play "
                "with the child in sight of her."
            ),
            N_("Ask first whether the child has eaten, is warm, is ill."),
            N_(
                "Write a child without papers as the person calls the child; an estimated year "
                "of birth is fine."
            ),
            N_(
                "A child of seven years or more may be asked what she wants. Never ask a child "
                "about the exploitation."
            ),
        ),
        N_("What is your child called? Does he need anything right now?"),
    ),
    "reception": Aid(
        N_("Reception"),
        N_("When and by whom the person was handed over starts the periods of the law."),
        (
            N_(
                "Danger to life first: call 115 or the commune health station, then come back "
                "to this page."
            ),
            N_(
                "Speak with the person apart from those who brought her, within sight but out "
                "of hearing."
            ),
            N_(
                "Write the condition as you see it, without judgement: “tired, bruise on the "
                "left arm”, not “bad”."
            ),
            N_(
                "Note all that was given at once with its quantity; it is what the cost is "
                "settled by."
            ),
            N_("The 120 days count from the first day of essential needs; check that day."),
        ),
        N_("You are safe here. You decide what we talk about."),
    ),
    "account": Aid(
        N_("The account"),
        N_("It can wait. Nobody is asked twice."),
        (
            N_(
                "You do not have to ask today. “To be taken up later” is a full answer, and "
                "support begins without an account."
            ),
            N_(
                "If the file of the police or border guard tells it already, choose “known from "
                "the file” and copy only what is needed."
            ),
            N_(
                "If the person wants to tell, let her tell in her own order. Do not press, do "
                "not ask “why did you not run away?”."
            ),
            N_(
                "Signs that it is too much: silence, trembling, looking away. Pause, offer "
                "water, speak of something else, stop if need be."
            ),
            N_("Under 18 the means do not matter: a child cannot agree to be exploited."),
        ),
        N_("We can talk about it another day. You may stop at any time."),
    ),
    "consent": Aid(
        N_("Consent to sharing"),
        N_("Information goes to others only as far as the person agrees. Silence is not consent."),
        (
            N_(
                "Say who will get what and what for, in plain words, before you ask. Let an "
                "interpreter repeat it."
            ),
            N_("A no is respected and has no drawbacks: urgent help is given all the same."),
            N_(
                "For a child the representative is asked, and the child too from seven years "
                "on. If the representative may be involved in the trafficking, do not ask him; "
                "call the province."
            ),
            N_("Consent can be taken back at any time; write the day then."),
        ),
        N_(
            "The Health Department will see your file so that it can support you. The police "
            "see it only to verify. Do you agree? You may say no."
        ),
    ),
    "status": Aid(
        N_("Legal status"),
        N_("Support begins before any confirmation: a person being identified is supported too."),
        (
            N_(
                "No confirmation yet: choose “being identified as a victim”, from the day of "
                "the reception."
            ),
            N_(
                "There is a confirmation: choose “victim” and copy number and date of the "
                "paper; that day decides which law applies."
            ),
            N_(
                "You do not decide whether somebody is a victim. The police, the border guard "
                "and the other bodies named by the law do."
            ),
        ),
    ),
    "stays": Aid(
        N_("Stays and journey home"),
        N_("Days in a facility count against the time that the law gives."),
        (
            N_("Write each stay with its first and last day; both are counted."),
            N_(
                "Shortly before the time ends, ask whether it must be extended; the decision "
                "must be there before the last day."
            ),
            N_(
                "A child travels home only with an escort; note who escorted and when the child "
                "arrived."
            ),
        ),
    ),
    "steps": Aid(
        N_("Steps and periods"),
        N_("Each step has a period of the law. Note it as soon as it is done."),
        (
            N_("A telephone call counts: note whom you spoke to and when; the letter follows."),
            N_("If a period cannot be kept, do the step all the same and write why in the note."),
        ),
    ),
    "support": Aid(
        N_("Support requested and decided"),
        N_("Each regime that is requested, and what the province answered."),
        (
            N_("Tell the person what was requested for her and what was decided, in her words."),
            N_(
                "Returned does not mean refused: the reason says what is missing. Complete it "
                "and request again."
            ),
        ),
    ),
    "printed": Aid(
        N_("Papers of the case"),
        N_("What was printed or saved as a file, when, and under which number."),
        (N_("Print only what is needed, fetch it from the printer at once, lock it away."),),
    ),
    "notes": Aid(
        N_("Notes"),
        N_("For whoever takes over the case."),
        (N_("Write what the next officer must know, not what is curious."),),
    ),
    "frame": Aid(
        N_("Stage and closing"),
        N_("Where the case stands. A stage may be skipped or gone back to, with a reason."),
        (
            N_(
                "Close only when the person agrees that nothing more is needed, and say how to "
                "come back."
            ),
            N_("A closed case can be opened again at any time: choose another stage."),
        ),
    ),
    "conflicts": Aid(
        N_("Two values to choose from"),
        N_(
            "Two desks wrote without knowing of each other. Nothing was lost; choose what is right."
        ),
        (
            N_("Look at who wrote it and when. The later one is not always right."),
            N_("If you are not sure, call the other desk, or choose “Later”: both values stay."),
        ),
    ),
    "history": Aid(
        N_("History"),
        N_("Who wrote what, and when. Nothing is ever lost."),
        (),
    ),
}

AIDS: Mapping[str, Aid] = MappingProxyType({**_AIDS, **CARE_AIDS, **GROUP_AIDS, **TIP_AIDS})
