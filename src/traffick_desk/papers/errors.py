"""What can go wrong with a paper, each said so that the officer knows what to do."""

from __future__ import annotations

from traffick_desk.i18n import _


class PaperError(Exception):
    """A paper could not be made. Nothing was printed and no case was changed."""


class UnknownForm(PaperError):
    """There is no form with this key."""

    def __init__(self, key: str) -> None:
        super().__init__(
            _(
                'There is no form "{key}" in this version. Nothing was printed and the case is '
                "unchanged. Choose a form from the list."
            ).format(key=key)
        )
        self.key = key


class FormError(PaperError):
    """A form definition is wrong: a fault in the data that came with the program.

    Attributes:
        file: name of the definition file.
        line: line in it, from 1.
        reason: what is wrong there.
    """

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(
            _(
                "The form definition {file} has a fault in line {line}: {reason}. Cases are safe. "
                "Ask the province for a corrected form."
            ).format(file=file, line=line, reason=reason)
        )
        self.file, self.line, self.reason = file, line, reason


class MissingGlyph(PaperError):
    """A character that the font of the papers cannot draw.

    Attributes:
        character: the first such character.
        field: the field it stands in, in the reader's language.
        path: the same as a path in the facts, e.g. ``person.name``; "" for text of the form.
    """

    def __init__(self, character: str, field: str, path: str = "") -> None:
        shown = character if character.isprintable() else "�"
        super().__init__(
            _(
                'The character "{character}" ({code}) in "{field}" cannot be printed: the font of '
                "the papers does not have it. Nothing was printed and the case is unchanged. "
                "Write this field in Latin letters as well (for a name, the transcription in "
                "the passport) and print again."
            ).format(character=shown, code=f"U+{ord(character):04X}", field=field)
        )
        self.character, self.field, self.path = character, field, path


class TextTooLong(PaperError):
    """A text that must stay in one place (heading, signature, code) does not fit there.

    Attributes:
        field, path: where it stands, as in :class:`MissingGlyph`.
    """

    def __init__(self, field: str, path: str, length: int) -> None:
        super().__init__(
            _(
                'The text in "{field}" is too long for its place on the paper ({length} '
                "characters). Nothing was printed and the case is unchanged. Shorten it and "
                "print again."
            ).format(field=field, length=length)
        )
        self.field, self.path, self.length = field, path, length


class BadFact(PaperError):
    """A fact has a kind that no paper can print: a fault of the calling code."""

    def __init__(self, path: str, value: object) -> None:
        super().__init__(
            _(
                'The value of "{path}" is of a kind that cannot be printed ({kind}). Nothing was '
                "printed and the case is unchanged. Please report this fault."
            ).format(path=path, kind=type(value).__name__)
        )
        self.path = path


class BadShortCode(PaperError):
    """A short code has characters or a length that the footer cannot carry."""

    def __init__(self, code: str) -> None:
        super().__init__(
            _(
                "The short code must be 1 to 24 characters of A to Z, 0 to 9 and hyphen. Nothing "
                "was printed and the case is unchanged. Please report this fault."
            )
        )
        self.code = code


class UnreadablePaper(PaperError):
    """Bytes that are no PDF, or a page that it does not have."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The paper cannot be shown: its data cannot be read. The case is unchanged. "
                "Make the paper again."
            )
        )


class NotKept(PaperError):
    """The same paper cannot be printed again."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This paper cannot be printed again as it was: what it held was not kept, or its "
                "form has been changed since. Nothing was printed and the case is unchanged. "
                "Make a new paper."
            )
        )


class NoLongerPrinted(PaperError):
    """The paper holds an address that must no longer be printed (Law 53/2024, Art. 3(10))."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This paper holds an address that the case no longer prints, so it is not printed "
                "again. The case is unchanged. Make a new paper."
            )
        )
