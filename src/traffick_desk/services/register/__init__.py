"""An old register taken in from a spreadsheet, and a list of cases saved as one.

``read`` finds the table in a file, ``ProposeColumns`` says what its columns are, ``look`` shows
what would be taken in, ``take_in`` does it. Nothing is written before ``take_in``. The other way
round ``save_list`` writes a list of cases to a file, without names unless they are asked for.
"""

from __future__ import annotations

from traffick_desk.services.register.columns import Target, columns
from traffick_desk.services.register.errors import RegisterError
from traffick_desk.services.register.listing import DEFAULT, ListColumn, list_columns, save_list
from traffick_desk.services.register.made import CellProblem
from traffick_desk.services.register.mapping import ColumnMap, ProposeColumns, problems, read_file
from traffick_desk.services.register.mapping import from_json as mapping_of
from traffick_desk.services.register.preview import Preview, PreviewRow, look
from traffick_desk.services.register.rows import STATES
from traffick_desk.services.register.table import Table, read
from traffick_desk.services.register.take_in import Report, take_in

__all__ = [
    "DEFAULT",
    "STATES",
    "CellProblem",
    "ColumnMap",
    "ListColumn",
    "Preview",
    "PreviewRow",
    "ProposeColumns",
    "RegisterError",
    "Report",
    "Table",
    "Target",
    "columns",
    "list_columns",
    "look",
    "mapping_of",
    "problems",
    "read",
    "read_file",
    "save_list",
    "take_in",
]
