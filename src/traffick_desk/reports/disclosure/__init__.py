"""Disclosure control: what leaves for people who may not see cases names nobody by arithmetic.

See ``docs/disclosure.md`` for the method and the reasons for it.
"""

from traffick_desk.reports.disclosure.memory import Memory, Released
from traffick_desk.reports.disclosure.network import Arc, bounds, protect
from traffick_desk.reports.disclosure.tables import DEFAULT_THRESHOLD, suppress

__all__ = ["DEFAULT_THRESHOLD", "Arc", "Memory", "Released", "bounds", "protect", "suppress"]
