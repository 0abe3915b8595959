"""The pages of the desk, one module each."""

from __future__ import annotations
