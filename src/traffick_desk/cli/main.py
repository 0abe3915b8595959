"""Parsing, errors in words, and exit codes.

0: done. 1: refused, in words on standard error; nothing half done. 2: the call is wrong.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from traffick_desk import __version__, i18n, process
from traffick_desk.i18n import _

if TYPE_CHECKING:
    import argparse

REFUSED = 1


def _words() -> argparse.ArgumentParser:
    import argparse

    from traffick_desk.cli import actions

    parser = argparse.ArgumentParser(
        prog="traffick-desk",
        description=_(
            "Case desk for victims of human trafficking. Without a command the window opens. "
            "The password is asked for, or read from TRAFFICK_DESK_PASSWORD or --password-file."
        ),
    )
    parser.add_argument("--version", action="version", version=f"traffick-desk {__version__}")
    parser.add_argument(
        "--language", choices=tuple(i18n.LANGUAGES), help=_("language of all texts (default: vi)")
    )
    parser.add_argument("--debug", action="store_true", help=_("show where a mistake happened"))
    parser.set_defaults(run=actions.desk.window)
    commands = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"))
    actions.desk.add(commands)
    actions.backup.add(commands)
    actions.salvage.add(commands)
    actions.officers.add(commands)
    actions.province_help.add(commands)
    actions.log.add(commands)
    actions.practice.add(commands)
    actions.demo.add(commands)
    actions.cases.add(commands)
    actions.groups.add(commands)
    actions.tips.add(commands)
    actions.closing.add(commands)
    actions.same.add(commands)
    actions.papers.add(commands)
    actions.documents.add(commands)
    actions.costs.add(commands)
    actions.figures.add(commands)
    actions.standards.add(commands)
    actions.prevention.add(commands)
    actions.register.add(commands)
    actions.directory.add(commands)
    actions.facilities.add(commands)
    actions.exchange.add(commands)
    actions.conflicts.add(commands)
    actions.trust.add(commands)
    actions.erasure.add(commands)
    actions.hub.add(commands)
    actions.rules.add(commands)
    actions.updates.add(commands)
    return parser


def _language(arguments: Sequence[str]) -> None:
    """Set the language before the help texts are made."""
    import argparse

    probe = argparse.ArgumentParser(add_help=False)
    probe.add_argument("--language", choices=tuple(i18n.LANGUAGES))
    known, _rest = probe.parse_known_args(arguments)
    i18n.set_language(known.language or os.environ.get("TRAFFICK_DESK_LANGUAGE", "vi"))


def _window_alone(given: Sequence[str]) -> int | None:
    """Start the window for what a person clicks: nothing, or a file; ``None`` for all else.

    The words of some hundred commands take longer to make than the window itself.
    """
    # What measures the start goes the way that is measured.
    timed = given[:2] == ["self-test", "--start"] and len(given) in (2, 4)
    if timed and len(given) == 4 and given[2] != "--vault":
        return None
    opening = given[:1] == ["open"] and len(given) == 2 and not given[1].startswith("-")
    if not (not given or timed or opening):
        return None
    from traffick_desk import app

    if timed:
        from traffick_desk.cli.start import tell_start

        return tell_start(Path(given[3]) if len(given) > 2 else app.default_vault())
    return app.run_window(file=Path(given[1]) if opening else None)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is returned, never raised."""
    if arguments is None:
        # A process of our own, and not a caller's.
        process.harden()
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        i18n.set_language(os.environ.get("TRAFFICK_DESK_LANGUAGE", "vi"))
        shown = _in_words(lambda: _window_alone(given))
        if shown is not None:
            return shown
        _language(given)
        options = _words().parse_args(given)
    except SystemExit as stop:
        return int(stop.code or 0)
    except KeyError:
        print(f"TRAFFICK_DESK_LANGUAGE: {', '.join(i18n.LANGUAGES)}", file=sys.stderr)
        return 2
    return _in_words(lambda: int(options.run(options) or 0), debug=options.debug) or 0


def _in_words(work: Callable[[], int | None], *, debug: bool = False) -> int | None:
    """Do *work*; what goes wrong is told in words, and is an exit code."""
    try:
        return work()
    except KeyboardInterrupt:
        print(_("Stopped. Nothing was left half done."), file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output went away (`| head`); there is nobody left to tell.
        sys.stderr.close()
        return REFUSED
    except Exception as error:  # noqa: BLE001 - the last door: people get words, never a traceback
        from traffick_desk.cli import actions

        if debug:
            import traceback

            traceback.print_exc()
        print(actions.words_of(error), file=sys.stderr)
        return REFUSED
