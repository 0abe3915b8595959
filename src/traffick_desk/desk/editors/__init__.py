"""One editor per kind of value; :func:`for_field` makes the right one for a field."""

from __future__ import annotations

from traffick_desk.desk.editors.base import Choice, Context, Editor, Source, default_context
from traffick_desk.desk.editors.choice import AnswerEditor, CodeEditor, CodesEditor, ScoreEditor
from traffick_desk.desk.editors.dates import DateEditor, MomentEditor, PartialDateEditor
from traffick_desk.desk.editors.lookup import LookupEditor
from traffick_desk.desk.editors.text import IntegerEditor, LongTextEditor, MoneyEditor, TextEditor
from traffick_desk.domain.spine import Field, Kind

__all__ = [
    "AnswerEditor",
    "Choice",
    "CodeEditor",
    "CodesEditor",
    "Context",
    "DateEditor",
    "Editor",
    "IntegerEditor",
    "LongTextEditor",
    "LookupEditor",
    "MomentEditor",
    "MoneyEditor",
    "PartialDateEditor",
    "ScoreEditor",
    "Source",
    "TextEditor",
    "default_context",
    "for_field",
]

_EDITORS: dict[Kind, type[Editor]] = {
    Kind.TEXT: TextEditor,
    Kind.LONG_TEXT: LongTextEditor,
    Kind.CODE: CodeEditor,
    Kind.CODES: CodesEditor,
    Kind.ANSWER: AnswerEditor,
    Kind.DATE: DateEditor,
    Kind.PARTIAL_DATE: PartialDateEditor,
    Kind.MOMENT: MomentEditor,
    Kind.INTEGER: IntegerEditor,
    Kind.MONEY: MoneyEditor,
    Kind.UNIT: LookupEditor,
    Kind.REF: LookupEditor,
}


def for_field(field: Field, context: Context) -> Editor:
    """The editor for *field*; its ``objectName`` is the name of the field."""
    if field.kind is Kind.CODE and field.codes == "score":
        return ScoreEditor(field, context)
    return _EDITORS[field.kind](field, context)
