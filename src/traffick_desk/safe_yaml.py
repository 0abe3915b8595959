"""A YAML loader that no file can make overflow: the library descends in C without a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from traffick_desk.i18n import N_, _

# Far more than any file of ours has.
DEEPEST = 64
_TOO_DEEP = N_("it is nested too deeply")
if TYPE_CHECKING:
    _Base = yaml.SafeLoader
else:
    _Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Loader(_Base):
    """The safe loader, with a limit to the depth.

    Raises:
        yaml.YAMLError: values lie within each other deeper than :data:`DEEPEST`.
    """

    _depth = 0

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        """Called for each node before what is in it."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise yaml.YAMLError(_(_TOO_DEEP))
        super().descend_resolver(current_node, current_index)

    def ascend_resolver(self) -> None:
        """Called for each node after what is in it."""
        self._depth -= 1
        super().ascend_resolver()
