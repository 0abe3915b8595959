"""Tips: take, list, pass on, answer, join, close, open again."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traffick_desk.cli.actions.cases import case_id
from traffick_desk.cli.actions.common import opened, out, out_json, table, vault_options
from traffick_desk.i18n import _

if TYPE_CHECKING:
    from traffick_desk.services.base import Desk

# Fields of a tip that can be given one by one; all others come with a file.
_OPTIONS = ("channel", "urgency", "about", "persons", "place", "at", "anonymous", "teller",
            "teller_phone", "tell_back")  # fmt: skip


class NoSuchTip(LookupError):
    """No tip has that number."""

    def __str__(self) -> str:
        return _("No tip has the number {number}.").format(number=self.args[0])


class WrongFile(ValueError):
    """The file holds no tips that can be read."""

    def __str__(self) -> str:
        return _("{file} holds no tips: {problem}. Nothing was saved.").format(
            file=self.args[0], problem=self.args[1]
        )


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser("tip", help=_("tips: take, list, pass on, answer, join, close"))
    actions = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)

    one = _parser(actions, "add", _("take a tip, or all of a file"), take)
    one.add_argument("--file", type=Path, help=_("JSON: one tip or a list of them; - reads input"))
    for name in _OPTIONS:
        one.add_argument(f"--{name.replace('_', '-')}", metavar="…", help=_field(name))

    one = _parser(actions, "list", _("open tips, the most urgent first"), list_tips)
    one.add_argument("--all", action="store_true", help=_("settled ones too"))
    one.add_argument("--json", action="store_true", help=_("as JSON"))

    one = _parser(actions, "forward", _("note that a tip was passed on"), forward, number=True)
    one.add_argument("to", choices=_codes("tip_body"), help=_field("forwarded_to"))
    for name, field in (
        ("who", "forwarded_who"),
        ("at", "forwarded_at"),
        ("by", "forwarded_by"),
        ("paper-no", "paper_no"),
        ("answer-by", "answer_by"),
    ):
        one.add_argument(f"--{name}", default="", metavar="…", help=_field(field))

    one = _parser(
        actions, "hand-down", _("province: hand a tip to a commune"), hand_down, number=True
    )
    one.add_argument("unit", help=_("id of the commune, such as 2025/06040"))
    one.add_argument("--note", default="", metavar="…", help=_("what the commune should know"))

    one = _parser(actions, "answer", _("note what was answered"), answer, number=True)
    one.add_argument("text", help=_field("answer"))
    one.add_argument("--on", default="", metavar="…", help=_field("answered_on"))

    one = _parser(actions, "join", _("join a tip to a case"), join, number=True)
    one.add_argument("case", help=_("file number"))
    one.add_argument("--note", default="", metavar="…", help=_field("reason_note"))

    one = _parser(actions, "close", _("close a tip with a reason"), close, number=True)
    one.add_argument("reason", choices=_codes("tip_reason"), help=_field("reason"))
    one.add_argument("--note", default="", metavar="…", help=_field("reason_note"))

    _parser(actions, "reopen", _("open a joined or closed tip again"), reopen, number=True)


def _parser(actions: Any, name: str, words: str, run: Any, *, number: bool = False) -> Any:
    parser = actions.add_parser(name, help=words)
    vault_options(parser)
    if number:
        parser.add_argument("number", help=_("number of the tip"))
    parser.set_defaults(run=run)
    return parser


def _codes(name: str) -> tuple[str, ...]:
    from traffick_desk.domain.codes import SMALL_LISTS

    return SMALL_LISTS[name].codes()


def _field(name: str) -> str:
    from traffick_desk.domain.codes import SMALL_LISTS
    from traffick_desk.domain.records.tip import TIP

    field = TIP[name]
    words = field.shown_label()
    if field.codes in SMALL_LISTS:
        return f"{words}: {', '.join(SMALL_LISTS[field.codes].codes())}"
    form = {"moment": "2026-11-21T20:40+07:00", "date": "2026-11-21"}.get(field.kind.value)
    return f"{words}: {form}" if form else words


def _tip(desk: Desk, number: str) -> str:
    """The id of the case that holds the tip with this number.

    Raises:
        NoSuchTip: there is none.
    """
    from traffick_desk.services.tips_read import ListTips

    for tip in desk.ask(ListTips(number=number)):
        return tip.case_id
    raise NoSuchTip(number)


def _given(options: argparse.Namespace) -> list[dict[str, Any]]:
    """The tips of the file, or the one of the options.

    Raises:
        WrongFile: the file is no JSON, or holds something else.
    """
    from traffick_desk.domain.records.tip import TIP

    typed = {name: value for name in _OPTIONS if (value := getattr(options, name)) is not None}
    if options.file is None:
        return [typed]
    try:
        if str(options.file) == "-":
            found = json.load(sys.stdin)
        else:
            found = json.loads(options.file.read_text("utf-8-sig"))
    except ValueError as error:
        raise WrongFile(options.file, str(error)) from error
    tips = found if isinstance(found, list) else [found]
    for tip in tips:
        if not isinstance(tip, dict):
            raise WrongFile(options.file, type(tip).__name__)
        for name in tip:
            if name not in TIP.by_name:
                raise WrongFile(options.file, name)
    return [{**tip, **typed} for tip in tips]


def take(options: argparse.Namespace) -> int:
    """Take tips; each is one transaction."""
    from traffick_desk.services.queries import RefreshCase
    from traffick_desk.services.tips import NewTip

    given = _given(options)
    with opened(options) as desk:
        for values in given:
            made = desk.do(NewTip(values))
            out(desk.ask(RefreshCase(made)).row.file_no)
    return 0


def list_tips(options: argparse.Namespace) -> int:
    """List tips."""
    from traffick_desk.domain.codes import SMALL_LISTS
    from traffick_desk.services.tips_read import ListTips

    with opened(options) as desk:
        tips = desk.ask(ListTips(settled=options.all))
    if options.json:
        out_json([{"number": t.number, "unit": t.unit, **t.record.values} for t in tips])
        return 0
    rows: list[tuple[str, ...]] = []
    for tip in tips:
        get = tip.record.get
        told = " ".join(str(get("about") or "").split())
        rows.append(
            (
                tip.number,
                SMALL_LISTS["tip_urgency"].label(get("urgency") or ""),
                str(get("at") or "")[:16].replace("T", " "),
                SMALL_LISTS["tip_body"].label(get("forwarded_to") or ""),
                SMALL_LISTS["tip_outcome"].label(get("outcome") or ""),
                told if len(told) <= 60 else f"{told[:59]}…",
            )
        )
    heads = (_("Number"), _field_label("urgency"), _field_label("at"))
    more = tuple(_field_label(name) for name in ("forwarded_to", "outcome", "about"))
    table(rows, heads + more)
    return 0


def _field_label(name: str) -> str:
    from traffick_desk.domain.records.tip import TIP

    return TIP[name].shown_label()


def forward(options: argparse.Namespace) -> int:
    """Note that a tip was passed on."""
    from traffick_desk.services.tips import ForwardTip

    with opened(options) as desk:
        found = _tip(desk, options.number)
        o = options
        desk.do(ForwardTip(found, o.to, o.who, o.at, o.by, o.paper_no, o.answer_by))
        out(_("Noted: the tip was passed on."))
    return 0


def hand_down(options: argparse.Namespace) -> int:
    """Hand a tip to a commune."""
    from traffick_desk.services.tips_down import HandDownTip

    with opened(options) as desk:
        found = _tip(desk, options.number)
        linked = desk.do(HandDownTip(found, options.unit, options.note))
    out(_("Handed to the commune; it goes there with the next export."))
    if not linked:
        out(_("No PC of this commune is linked yet; please tell them by telephone."))
    return 0


def answer(options: argparse.Namespace) -> int:
    """Note what was answered."""
    from traffick_desk.services.tips import AnswerTip

    with opened(options) as desk:
        desk.do(AnswerTip(_tip(desk, options.number), options.text, options.on))
        out(_("Noted: the tip was answered."))
    return 0


def join(options: argparse.Namespace) -> int:
    """Join a tip to a case."""
    from traffick_desk.services.tips import JoinTip

    with opened(options) as desk:
        tip, case = _tip(desk, options.number), case_id(desk, options.case)
        desk.do(JoinTip(tip, case, options.note))
        out(_("The tip is joined to the case."))
    return 0


def close(options: argparse.Namespace) -> int:
    """Close a tip."""
    from traffick_desk.services.tips import CloseTip

    with opened(options) as desk:
        desk.do(CloseTip(_tip(desk, options.number), options.reason, options.note))
        out(_("The tip is closed."))
    return 0


def reopen(options: argparse.Namespace) -> int:
    """Open a tip again."""
    from traffick_desk.services.tips import ReopenTip

    with opened(options) as desk:
        desk.do(ReopenTip(_tip(desk, options.number)))
        out(_("The tip is open again."))
    return 0
