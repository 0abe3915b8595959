"""``python -m traffick_desk``: the command line."""

from __future__ import annotations

import sys

from traffick_desk.cli import main

sys.exit(main())
