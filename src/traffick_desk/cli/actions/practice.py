"""Practice: its window, how far the lessons are, and throwing all of it away."""

from __future__ import annotations

import argparse
from typing import Any

from traffick_desk.cli.actions.common import out, table, vault_options
from traffick_desk.domain.practice import SENTENCE
from traffick_desk.i18n import _


def add(commands: Any) -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "practice", help=_("practise on invented people; no real vault is opened")
    )
    vault_options(parser, login=False)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--lessons", action="store_true", help=_("tell how far the lessons are; opens no window")
    )
    what.add_argument(
        "--anew", action="store_true", help=_("throw away what was practised; opens no window")
    )
    parser.add_argument("--yes", action="store_true", help=_("do not ask before throwing away"))
    parser.set_defaults(run=practise)


def practise(options: argparse.Namespace) -> int:
    """Open the window of practice, or tell of the lessons, or begin anew."""
    from traffick_desk.services import practice

    place = practice.beside(options.vault)
    if options.anew:
        return _anew(place, sure=options.yes)
    if options.lessons:
        return _lessons(place)
    from traffick_desk.app import run_window

    return run_window(options.vault, practising=True)


def _anew(place: Any, *, sure: bool) -> int:
    from traffick_desk.services import practice

    question = _("Everything that was practised on this PC is thrown away. Go on? (yes/no) ")
    if not sure and input(question).strip().casefold() not in {"yes", "y", "có", "co"}:
        out(_("Nothing was thrown away."))
        return 0
    practice.throw_away(place)
    practice.make(place)
    out(_("Practice was begun anew at {path}.").format(path=place.root))
    return 0


def _lessons(place: Any) -> int:
    from traffick_desk.services import practice
    from traffick_desk.services.lesson_progress import ReadProgress
    from traffick_desk.services.lessons import lessons

    states = {}
    if practice.is_made(place):
        desk = practice.open_commune(place)
        try:
            states = desk.ask(ReadProgress()).states
        finally:
            desk.close()
    out(SENTENCE)
    rows: list[tuple[str, ...]] = []
    for number, made in enumerate(lessons(), 1):
        state = states.get(made.id)
        done = len(state.done) if state else 0
        rows.append((str(number), str(made.title), f"{done}/{len(made.steps)}"))
    table(rows, (_("Lesson"), _("Name of the lesson"), _("Progress")))
    return 0
