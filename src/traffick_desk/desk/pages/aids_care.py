"""Job aids of the sections that follow a reception; see ``aids``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from traffick_desk.desk.pages.aid import Aid
from traffick_desk.i18n import N_

CARE_AIDS: Mapping[str, Aid] = MappingProxyType(
    {
        "screening": Aid(
            N_("Screening"),
            N_("To see whether it may be trafficking. It is no verdict; other bodies decide."),
            (
                N_("Only in a closed room, never with someone near whom the person fears."),
                N_(
                    "The interpreter is of the person's own choice, and never one who came with "
                    "her."
                ),
                N_("Say first that she may stop, pause or leave a question out at any time."),
                N_("Under 18 the means do not matter: a child cannot agree to be exploited."),
                N_("Ask nothing that is in the file already. “Not asked” is a good answer."),
            ),
            N_("You decide what you tell me. We can stop whenever you want."),
        ),
        "evidence": Aid(
            N_("Verification and evidence"),
            N_("Who was asked, what came back, and what shows that the person is a victim."),
            (
                N_("Support does not wait for the answer: a person being identified gets it too."),
                N_(
                    "Article 32 names nine sources; write down each that there is, with its number."
                ),
                N_("Ask the person for papers only once; note what was seen and what was copied."),
            ),
        ),
        "protection": Aid(
            N_("Protection"),
            N_("What threatens the person, what was decided, and who may be called."),
            (
                N_("Ask about danger in private, and again after each call, visit or hearing."),
                N_("In acute danger call the police (113) first and write afterwards."),
                N_("Nobody of the family is called before the person has said yes."),
                N_(
                    "An address that must stay secret is marked under “Papers and addresses”: "
                    "then no paper prints it."
                ),
                N_("The person may refuse; a refusal with good reason is put in writing."),
            ),
            N_("Is there anyone we must not call? Is there anyone you want to be with?"),
        ),
        "needs": Aid(
            N_("Needs and plan"),
            N_("What the person needs and wants, what is planned, and what was given."),
            (
                N_("Begin with what worries her most, not with the form."),
                N_("The number says how it stands today; 1 means help is needed today."),
                N_("Plan few things that will happen, each with who does it and by when."),
                N_("Look at it again at each visit; mark what was given."),
            ),
            N_("What would help you most in the next weeks?"),
        ),
        "money": Aid(
            N_("Payments"),
            N_("What was paid, from which money, and against which receipt."),
            (
                N_("Pay only what was approved, and only to the person or the representative."),
                N_("Read the receipt aloud before it is signed or marked with a fingerprint."),
                N_("Nobody may take a part of it, whatever reason is given."),
            ),
        ),
        "referrals": Aid(
            N_("Referrals"),
            N_("Who takes over what. A referral stays open until it is answered."),
            (
                N_("Call the service first; a referral nobody expects often ends at the door."),
                N_("Share only what that service needs, and tell the person what it is."),
                N_("Say where to go, whom to ask for, and what it costs: mostly nothing."),
                N_("Ask the person afterwards whether it helped, not only the service."),
            ),
            N_("I would tell them only this. Is that all right with you?"),
        ),
        "follow_up": Aid(
            N_("Follow-up"),
            N_("How life goes on at home, and whether anyone tries again."),
            (
                N_("Come without a uniform and without a sign on the vehicle; neighbours look."),
                N_("Agree on the next visit before you leave."),
                N_("If the danger is high, come back within the month."),
                N_("The line shows whether it gets better; talk about what has got better too."),
            ),
            N_("How have you been since I was here last?"),
        ),
        "tasks": Aid(
            N_("Tasks"),
            N_("What else is to be done, by when and by whom."),
            (N_("One task, one person, one day. What is done is marked with its day."),),
        ),
        "documents": Aid(
            N_("Documents"),
            N_("Scans and photos of the case, kept inside the encrypted vault."),
            (
                N_(
                    "Ask before photographing. Take only what is needed, never a face without "
                    "need, and no photo of an injury without a doctor or a yes of the person."
                ),
                N_(
                    "A photo of a telephone tells where it was taken, and so where a person is "
                    "kept safe. The desk takes that out."
                ),
                N_("200 dpi in black and white are enough for papers, 300 dpi for stamps."),
                N_(
                    "Afterwards delete the photo from the telephone and the stick: those are not "
                    "locked."
                ),
                N_("A photo of an injury is marked “hidden”: the list shows no picture of it."),
            ),
            N_("May I make a copy of this paper for your file? I give it back at once."),
        ),
    }
)
