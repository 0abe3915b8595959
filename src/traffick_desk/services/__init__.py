"""What a person can do: one command or query object each, with its permission."""

from __future__ import annotations
