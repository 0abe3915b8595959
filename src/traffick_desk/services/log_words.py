"""What stands in the log, in words, and of which kind it is."""

from __future__ import annotations

from collections.abc import Mapping

from traffick_desk.i18n import N_, _

KINDS: Mapping[str, str] = {
    "looked": N_("Looked at"),
    "changed": N_("Changed"),
    "printed": N_("Printed or saved as a paper"),
    "exported": N_("Taken out of the vault"),
    "sent": N_("Sent and received"),
    "unlocked": N_("Unlocked, passwords, backup"),
    "failed": N_("Refused or failed"),
}
"""Kind → its words, in the order in which they are offered; what is not known is a change."""

_ACTS: Mapping[str, Mapping[str, str]] = {
    "looked": {
        "case.open": N_("opened a case"),
        "case.break_glass": N_("opened a restricted case with a reason"),
        "statistics.cases": N_("looked at the cases behind a figure"),
        "document.open": N_("opened a document"),
        "erasure.preview": N_("looked at what erasing would destroy"),
        "glass.seen": N_("saw who opened a restricted case"),
        "log.read": N_("read the log"),
    },
    "changed": {
        "case.new": N_("opened a new case"),
        "records.save": N_("saved entries"),
        "record.void": N_("marked an entry as not valid"),
        "record.restore": N_("made an entry valid again"),
        "records.restore": N_("made entries valid again"),
        "records.take_back": N_("took entries back"),
        "conflict.resolve": N_("chose between two values"),
        "step.record": N_("wrote down a step"),
        "entitlement.request": N_("requested support"),
        "entitlement.decide": N_("decided on support"),
        "case.stage": N_("changed the stage"),
        "case.stage.undo": N_("took a change of the stage back"),
        "case.close": N_("closed a case"),
        "case.reopen": N_("opened a closed case again"),
        "case.hand_over": N_("handed cases over"),
        "case.hand_over.undo": N_("took a handing over back"),
        "case.restrict": N_("restricted a case to named officers"),
        "case.lift": N_("lifted the restriction of a case"),
        "case.tie": N_("tied two cases of one person"),
        "case.untie": N_("untied two cases"),
        "case.not_same": N_("said that two entries are not one person"),
        "draft.drop": N_("threw a draft away"),
        "document.add": N_("added a document"),
        "document.ask": N_("asked for a document"),
        "document.describe": N_("described a document"),
        "group.give": N_("gave something to several persons"),
        "group.join": N_("tied persons received together"),
        "group.leave": N_("took a person out of a group"),
        "group.relation": N_("changed a relation"),
        "list.drop": N_("removed a saved list"),
        "list.save": N_("saved a list"),
        "office.set": N_("changed what papers print of the office"),
        "officer.add": N_("let an officer in"),
        "officer.dismiss": N_("closed the way in for an officer"),
        "officer.role": N_("gave an officer another role"),
        "officer.confirm": N_("confirmed officers of a desk"),
        "practice.start": N_("began a lesson"),
        "referral.answer": N_("wrote down an answer to a referral"),
        "register.take_in": N_("took an old register in"),
        "rules.sign": N_("signed rules of the province"),
        "rules.withdraw": N_("withdrew rules of the province"),
        "case.erased": N_("the data of a case was erased"),
        "directory.import": N_("took services into the directory"),
        "directory.rule": N_("set how often services are checked"),
        "place.give": N_("gave a person a bed"),
        "place.save": N_("saved a facility or its rooms"),
        "place.tell": N_("wrote down how many beds are free"),
        "place.void": N_("marked a facility or room as not valid"),
        "place.wait": N_("put a person on the waiting list"),
        "place.wait_end": N_("took a person off the waiting list"),
        "service.check": N_("checked a service"),
        "service.save": N_("saved a service"),
        "service.void": N_("marked a service as not valid"),
        "conflict.take_back": N_("took a choice between two values back"),
        "erasure.hold": N_("kept a case from being erased"),
        "erasure.order": N_("ordered that data be erased"),
        "erasure.proof": N_("proved that data was erased"),
        "erasure.request": N_("asked that data be erased"),
        "erasure.unhold": N_("let a case be erased again"),
        "plans.save": N_("saved a plan"),
        "plans.settle": N_("chose between two values of a plan"),
        "plans.void": N_("marked a plan as not valid"),
        "prevention.attendance": N_("wrote down who took part"),
        "prevention.import": N_("took a sheet of prevention work in"),
        "prevention.save": N_("saved prevention work"),
        "prevention.settle": N_("chose between two values of prevention work"),
        "directory.settle": N_("chose between two values of the directory"),
        "prevention.undo": N_("took back prevention work"),
        "prevention.void": N_("marked prevention work as not valid"),
        "program.back": N_("went back to the program before"),
        "program.release": N_("passed a new version of the program on"),
        "program.update": N_("took a new version of the program in use"),
        "retention.set": N_("set how long data is kept"),
        "prevention.file": N_("kept a photo or scan of an activity"),
        "prevention.file_removed": N_("removed a photo or scan of an activity"),
        "statistics.freeze": N_("froze the figures of a report"),
        "statistics.threshold": N_("set below which number figures are hidden"),
        "standards.import": N_("took cases in from an HTCDS file"),
        "demo.write": N_("wrote invented cases"),
        "tip.answer": N_("answered a tip"),
        "tip.case": N_("made a case of a tip"),
        "tip.close": N_("settled a tip"),
        "tip.hand_down": N_("handed a tip down to a commune"),
        "tip.forward": N_("passed a tip on"),
        "tip.join": N_("joined a tip to a case"),
        "tip.new": N_("took a tip down"),
        "tip.reopen": N_("opened a tip again"),
        "tip.take_back": N_("took a tip back"),
        "tip.take_back_case": N_("took back that a tip became a case"),
    },
    "printed": {
        "paper.issue": N_("made a paper"),
        "paper.reprint": N_("printed a paper again"),
        "paper.month": N_("made the list of the month"),
        "paper.prevention": N_("made a paper of prevention work"),
        "erasure.certificate": N_("made a certificate of erasure"),
        "key.renew": N_("asked the province for new keys of this desk"),
        "key.certify": N_("certified new keys of a desk"),
        "key.sheets": N_("made the sheets with the parts of the key"),
        "statistics.report": N_("made a report"),
        "document.print": N_("printed a document"),
    },
    "exported": {
        "list.export": N_("saved a list outside the vault"),
        "statistics.release": N_("released figures"),
        "directory.export": N_("saved the directory outside the vault"),
        "document.export": N_("saved a document outside the vault"),
        "log.export": N_("saved the log outside the vault"),
        "standards.export": N_("saved an HTCDS or research file outside the vault"),
        "standards.ictip": N_("saved counts by the draft of IC-TIP outside the vault"),
    },
    "sent": {
        "bundle-export": N_("wrote a bundle"),
        "bundle-import": N_("took a bundle in"),
        "bundle-wait": N_("kept a bundle that waits for an earlier one"),
        "enrol.adopt": N_("took the place of another desk of the province"),
        "enrol.follow": N_("followed the province to a new desk"),
        "enrol.request": N_("asked to be linked"),
        "enrol.accept": N_("linked a desk"),
        "enrol.install": N_("linked this desk to the province"),
        "enrol.root": N_("wrote the certificate of the province"),
        "enrol.withdraw": N_("shut a desk out"),
        "hub.set": N_("changed the address of the hub"),
    },
    "unlocked": {
        "vault.unlock": N_("unlocked the desk"),
        "vault.password": N_("changed the own password"),
        "vault.recovery": N_("made a new recovery code"),
        "vault.recovery-tried": N_("tried the printed recovery code"),
        "vault.help-on": N_("let the province help when everything is lost"),
        "vault.help-off": N_("stopped the help of the province"),
        "vault.helped": N_("unlocked with the help of the province"),
        "vault.help-given": N_("helped a desk that nobody could unlock"),
        "vault.aux": N_("set or removed the password for an emergency"),
        "vault.backup": N_("made a backup"),
        "key.take_over": N_("took the province's key over from its parts"),
        "vault.salvage": N_("saved what could be saved of a damaged vault"),
        "vault.restore": N_("restored a backup"),
    },
    "failed": {
        "refused": N_("tried what the role or a restriction does not allow"),
        "vault.refused": N_("wrong passwords since the last unlocking"),
        "vault.tries-changed": N_("the record of wrong passwords was missing or changed"),
        "vault.header-older": N_("an older header of the vault stood in its place"),
        "bundle-refused": N_("refused a bundle"),
    },
}
_KIND = {action: kind for kind, acts in _ACTS.items() for action in acts}
_WORDS = {action: words for acts in _ACTS.values() for action, words in acts.items()}


def kind_of(action: str) -> str:
    """The kind of an act; an act that is not listed here is a change."""
    return _KIND.get(action, "changed")


def actions_of(kind: str) -> frozenset[str]:
    """The acts of a kind that are listed."""
    return frozenset(_ACTS.get(kind, {}))


def words_of(action: str) -> str:
    """An act in words; one that is not listed shows as the log has it."""
    return _(_WORDS[action]) if action in _WORDS else action
