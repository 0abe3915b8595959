"""Qt's own texts, in our language: Qt ships no Vietnamese translation of itself.

Buttons, context menus, file and print dialogs ask the installed translator, and
:class:`GettextTranslator` asks our catalogue. The sources stand here marked, so
that they land in it; a test tours the dialogs and fails on any that is missing.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from traffick_desk import i18n
from traffick_desk.i18n import N_

QT_TEXTS = (
    N_("OK"),
    N_("Save"),
    N_("Save All"),
    N_("Open"),
    N_("&Yes"),
    N_("Yes to &All"),
    N_("&No"),
    N_("N&o to All"),
    N_("Abort"),
    N_("Retry"),
    N_("Ignore"),
    N_("Close"),
    N_("Cancel"),
    N_("Discard"),
    N_("Help"),
    N_("Apply"),
    N_("Reset"),
    N_("Restore Defaults"),
    N_("&Undo"),
    N_("&Redo"),
    N_("Cu&t"),
    N_("&Copy"),
    N_("&Paste"),
    N_("Delete"),
    N_("Select All"),
    N_("&Select All"),
    N_("Copy &Link Location"),
    N_("&Step up"),
    N_("Step &down"),
    N_("< &Back"),
    N_("&Next >"),
    N_("Commit"),
    N_("&Finish"),
    N_("&Help"),
    N_("Go Back"),
    N_("Continue"),
    N_("Done"),
    N_("Quit"),
    N_("&Next"),
    N_("&Cancel"),
    N_("&OK"),
    N_("&Save"),
    N_("&Close"),
    N_("&Quit"),
    N_("Show Details..."),
    N_("Hide Details..."),
    N_("Enter a value:"),
    N_("%p%"),
    N_("Close Tab"),
    N_("Scroll Left"),
    N_("Scroll Right"),
    N_("Scroll here"),
    N_("Left edge"),
    N_("Top"),
    N_("Right edge"),
    N_("Bottom"),
    N_("Page left"),
    N_("Page up"),
    N_("Page right"),
    N_("Page down"),
    N_("Scroll left"),
    N_("Scroll up"),
    N_("Scroll right"),
    N_("Scroll down"),
    N_("Float"),
    N_("Undocks and re-attaches the dock widget"),
    N_("Closes the dock widget"),
    N_("Drive"),
    N_("Folder"),
    N_("Computer"),
    N_("My Computer"),
    N_("Name"),
    N_("Size"),
    N_("Kind"),
    N_("Type"),
    N_("Date Modified"),
    N_("%1 bytes"),
    N_("%1 KB"),
    N_("%1 MB"),
    N_("%1 GB"),
    N_("%1 TB"),
    N_("&Look in:"),
    N_("Back"),
    N_("Go back"),
    N_("Forward"),
    N_("Go forward"),
    N_("Parent Directory"),
    N_("Go to the parent directory"),
    N_("Create New Folder"),
    N_("Create a New Folder"),
    N_("List View"),
    N_("Change to list view mode"),
    N_("Detail View"),
    N_("Change to detail view mode"),
    N_("Sidebar"),
    N_("List of places and bookmarks"),
    N_("Files"),
    N_("Files of &type:"),
    N_("File &name:"),
    N_("&Open"),
    N_("All Files (*)"),
    N_("Show "),
    N_("&Rename"),
    N_("&Delete"),
    N_("Show &hidden files"),
    N_("&New Folder"),
    N_("New Folder"),
    N_("Find Directory"),
    N_("Directories"),
    N_("Directory:"),
    N_("&Choose"),
    N_("Save As"),
    N_("Recent Places"),
    N_("Remove"),
    N_("My Documents"),
    N_("%1\nDirectory not found.\nPlease verify the correct directory name was given."),
    N_("%1 already exists.\nDo you want to replace it?"),
    N_("%1\nFile not found.\nPlease verify the correct file name was given."),
    N_("'%1' is write protected.\nDo you want to delete it anyway?"),
    N_("Are you sure you want to delete '%1'?"),
    N_("Could not delete directory."),
    N_("Invalid filename"),
    N_(
        '<b>The name "%1" cannot be used.</b><p>Try using another name, with fewer '
        "characters or no punctuation marks."
    ),
    N_("Next page"),
    N_("Previous page"),
    N_("First page"),
    N_("Last page"),
    N_("Fit width"),
    N_("Fit page"),
    N_("Zoom in"),
    N_("Zoom out"),
    N_("Portrait"),
    N_("Landscape"),
    N_("Show single page"),
    N_("Show facing pages"),
    N_("Show overview of all pages"),
    N_("Print"),
    N_("Page setup"),
    N_("Print Preview"),
    N_("Page Setup"),
    N_("Close Print Preview"),
    N_("Export to PDF"),
    N_("All Pages"),
    N_("Odd Pages"),
    N_("Even Pages"),
    N_("&Options >>"),
    N_("&Options <<"),
    N_("&Print"),
    N_("Print to File (PDF)"),
    N_("Local file"),
    N_("Write PDF file"),
    N_("Print all"),
    N_("Print range"),
    N_("Pages from"),
    N_("to"),
    N_("Pages"),
    N_("Current Page"),
    N_("Selection"),
    N_("Page &Set:"),
    N_("Output Settings"),
    N_("Copies:"),
    N_("Collate"),
    N_("Reverse"),
    N_("Copies"),
    N_("Color Mode"),
    N_("Color"),
    N_("Grayscale"),
    N_("Double Sided Printing"),
    N_("Off"),
    N_("Long side binding"),
    N_("Short side binding"),
    N_("Options"),
    N_("Printer"),
    N_("&Name:"),
    N_("P&roperties"),
    N_("Location:"),
    N_("Preview"),
    N_("Type:"),
    N_("Output &file:"),
    N_("Automatic"),
    N_("File %1 is not writable.\nPlease choose a different file name."),
    N_("%1 already exists.\nDo you want to overwrite it?"),
    N_("File exists"),
    N_("<qt>Do you want to overwrite it?</qt>"),
    N_("Print selection"),
    N_("%1 is a directory.\nPlease choose a different file name."),
    N_("The 'From' value cannot be greater than the 'To' value."),
    N_(
        "Specify pages or ranges separated by commas. Ranges are specified by two "
        "numbers separated by a hyphen. E.g: 3,5-7,9 prints pages 3, 5, 6, 7 and 9."
    ),
    N_("Left to Right, Top to Bottom"),
    N_("Left to Right, Bottom to Top"),
    N_("Right to Left, Bottom to Top"),
    N_("Right to Left, Top to Bottom"),
    N_("Bottom to Top, Left to Right"),
    N_("Bottom to Top, Right to Left"),
    N_("Top to Bottom, Left to Right"),
    N_("Top to Bottom, Right to Left"),
    N_("Paper"),
    N_("Page size:"),
    N_("Width:"),
    N_("Height:"),
    N_("Paper source:"),
    N_("Orientation"),
    N_("Reverse landscape"),
    N_("Reverse portrait"),
    N_("Margins"),
    N_("top margin"),
    N_("left margin"),
    N_("right margin"),
    N_("bottom margin"),
    N_("Page Layout"),
    N_("Page &order:"),
    N_("Pages &per sheet:"),
    N_("Millimeters (mm)"),
    N_("Inches (in)"),
    N_("Points (pt)"),
    N_("Custom"),
    N_("Press"),
    N_("Toggle"),
    N_("Increase"),
    N_("Decrease"),
    N_("ShowMenu"),
    N_("SetFocus"),
    N_("Check"),
    N_("Uncheck"),
    N_("Triggers the action"),
    N_("Toggles the state"),
    N_("Sets focus to this widget"),
    N_("Shows the menu"),
    N_("Increases the value"),
    N_("Decreases the value"),
    N_("Goes back a page"),
    N_("Goes to the next page"),
    N_("Previous Page"),
    N_("Next Page"),
)

# Written on the keys, names of paper sizes, and signs: the same in every language.
SAME_EVERYWHERE = frozenset({"QShortcut", "QPageSize", "QGuiApplication"})


_KEYS = re.compile(r"(?:Ctrl|Alt|Shift)\+")


class GettextTranslator(QTranslator):
    """Answers Qt's questions out of our gettext catalogue.

    Attributes:
        missed: (context, source) of every text that Qt asked for and we do not have.
    """

    def __init__(self) -> None:
        super().__init__()
        self.missed: set[tuple[str, str]] = set()
        self._known = frozenset(QT_TEXTS)

    def isEmpty(self) -> bool:
        """Never: Qt would not ask an empty translator."""
        return False

    def translate(
        self,
        context: str,
        source: str,
        disambiguation: str | None = None,  # noqa: ARG002
        n: int = -1,  # noqa: ARG002
    ) -> str:
        """The text for *source*; *source* itself when there is none.

        Never ``None``: PySide 6.12 loses a reference to it with every answer, until
        the interpreter aborts. Never "": Qt would show nothing.
        """
        if context in SAME_EVERYWHERE or not source:
            return source or ""
        if source in self._known:
            return i18n._(source)
        if _KEYS.match(source):
            return source
        if any(c.isalpha() for c in source.replace("%1", "")):
            self.missed.add((context, source))
        return source


def install(app: QApplication) -> GettextTranslator:
    """Let Qt speak the language of the desk, and count and date as it is done in it."""
    locale = QLocale("vi_VN") if i18n.language() == "vi" else QLocale("en_GB")
    QLocale.setDefault(locale)
    translator = GettextTranslator()
    translator.setParent(app)
    app.installTranslator(translator)
    return translator
