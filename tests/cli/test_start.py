"""What a person clicks goes straight to the window: no command is loaded on the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from traffick_desk import app, process

SOURCES = str(Path(process.__file__).parents[1])
CODE = """
import json, sys
from traffick_desk import app
def window(*given, **named):
    print(json.dumps([[str(g) for g in given], {k: str(v) for k, v in named.items()},
                      [m for m in ("argparse", "traffick_desk.cli.actions") if m in sys.modules]]))
    return 7
app.run_window = window
from traffick_desk.cli import main
sys.exit(main(sys.argv[1:]))
"""


def started(*arguments: str) -> tuple[int, list[object]]:
    done = subprocess.run(
        [sys.executable, "-c", CODE, *arguments],
        capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "PYTHONPATH": SOURCES},
    )  # fmt: skip
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_without_a_word_the_window_opens_and_no_command_is_loaded() -> None:
    code, (given, named, loaded) = started()
    assert code == 7
    assert (given, named, loaded) == ([], {"file": "None"}, [])


def test_a_file_that_was_clicked_goes_with_it() -> None:
    code, (_given, named, loaded) = started("open", "td-1.age")
    assert code == 7
    assert named == {"file": "td-1.age"}
    assert loaded == []


@pytest.mark.parametrize(
    "arguments", [("open",), ("open", "--vault", "kho", "td-1.age"), ("desk", "--vault", "kho")]
)
def test_with_more_words_the_commands_are_asked(arguments: tuple[str, ...]) -> None:
    code, (given, named, loaded) = started(*arguments)
    assert code == 7
    assert "traffick_desk.cli.actions" in loaded
    assert ("kho" in given) == ("kho" in arguments)
    assert named["file"] == ("td-1.age" if "td-1.age" in arguments else "None")


def test_what_goes_wrong_on_the_way_is_told_in_words() -> None:
    code = "from traffick_desk import app\ndef window(**k): raise ValueError('secret')\napp.run_window = window\n"
    done = subprocess.run(
        [sys.executable, "-c", code + "from traffick_desk.cli import main\nraise SystemExit(main([]))"],
        capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "PYTHONPATH": SOURCES, "TRAFFICK_DESK_LANGUAGE": "en"},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_the_line_that_installers_register_means_the_same_to_the_windowed_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(app, "run_window", lambda *_given, file, **_more: asked.append(file) or 0)
    for words in (["open", "td-1.age"], ["td-1.age"], ["open"], []):
        assert app.main(words) == 0
    assert asked == [Path("td-1.age"), Path("td-1.age"), None, None]


def test_no_source_is_read_for_features_of_pyside_that_nothing_uses() -> None:
    code = (
        "import linecache\nfrom traffick_desk import app\napp.make_application()\n"
        "import traffick_desk.desk.program\n"
        "print(sum('traffick_desk' in name for name in linecache.cache))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120,
        env={**os.environ, "PYTHONPATH": SOURCES, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    # What PySide's own start looks at is read before it can be taken back.
    assert int(done.stdout) <= 3
