"""One job aid: what F1 says in a section."""

from __future__ import annotations

from dataclasses import dataclass

from traffick_desk.i18n import _


@dataclass(frozen=True, slots=True)
class Aid:
    """Help for one section.

    Attributes:
        title: what the section is for.
        why: why it is asked, one sentence; stands below the heading at all times.
        advice: short sentences: what to do, how to say it.
        say: words the officer can use.
    """

    title: str
    why: str
    advice: tuple[str, ...]
    say: str = ""

    def shown(self) -> str:
        """All of it in the language of the desk, one sentence a line."""
        lines = [_(line) for line in self.advice]
        if self.say:
            lines.append(_("You can say: “{words}”").format(words=_(self.say)))
        return "\n".join(lines)
