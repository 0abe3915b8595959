"""Nothing of Qt's own stays English on a Vietnamese desk."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrintPreviewDialog
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QProgressDialog,
    QTextEdit,
    QWizard,
    QWizardPage,
)

from traffick_desk import i18n
from traffick_desk.desk import qt_texts

# Asked for in forms of Designer and never shown.
NEVER_SHOWN = {"Form", "PushButton", "Dialog"}


@pytest.fixture
def translator(desk_app):
    i18n.set_language("vi")
    before = QLocale()
    found = qt_texts.install(desk_app)
    yield found
    desk_app.removeTranslator(found)
    QLocale.setDefault(before)
    i18n.set_language("en")


def test_every_qt_text_has_a_vietnamese_one(translator):
    same = {"%p%", "%1 KB", "%1 MB", "%1 GB", "%1 TB"}
    for text in qt_texts.QT_TEXTS:
        assert i18n._(text) != text or text in same, text
        for mark in ("%1", "<qt>", "<p>", "%p"):
            assert text.count(mark) == i18n._(text).count(mark), text


def test_qt_texts_are_listed_once():
    assert len(set(qt_texts.QT_TEXTS)) == len(qt_texts.QT_TEXTS)


def test_dates_and_numbers_are_vietnamese(translator):
    assert QLocale().language() == QLocale.Language.Vietnamese
    assert QLocale().toString(1234567) == "1.234.567"


def test_a_tour_of_qts_dialogs_finds_no_english(translator, qtbot, desk_app):
    box = QMessageBox()
    qtbot.addWidget(box)
    buttons = QMessageBox.StandardButton
    everything = buttons.Ok
    for button in buttons:
        if button.name not in {"FirstButton", "LastButton", "NoButton", "ButtonMask", "Default"}:
            everything |= button
    box.setStandardButtons(everything)
    box.setDetailedText("x")
    dialog_box = QDialogButtonBox(QDialogButtonBox.StandardButton(everything.value))
    qtbot.addWidget(dialog_box)
    for editor in (QLineEdit(), QPlainTextEdit(), QTextEdit()):
        qtbot.addWidget(editor)
        editor.createStandardContextMenu().deleteLater()
    files = QFileDialog()
    qtbot.addWidget(files)
    files.setOption(QFileDialog.Option.DontUseNativeDialog)
    files.setViewMode(QFileDialog.ViewMode.Detail)
    files.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    wizard = QWizard()
    qtbot.addWidget(wizard)
    wizard.setOption(QWizard.WizardOption.HaveHelpButton)
    wizard.addPage(QWizardPage())
    wizard.addPage(QWizardPage())
    progress = QProgressDialog()
    qtbot.addWidget(progress)
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    preview = QPrintPreviewDialog(printer)
    qtbot.addWidget(preview)
    printing = QPrintDialog(printer)
    qtbot.addWidget(printing)
    for window in (box, files, wizard, progress, preview, printing):
        window.show()
        desk_app.processEvents()
        window.close()
    # Names of kinds of file come from the system's own list (shared-mime-info).
    missed = {pair for pair in translator.missed if pair[1] not in NEVER_SHOWN}
    assert not {pair for pair in missed if pair[0] != "QMimeType"}
    assert box.button(QMessageBox.StandardButton.Cancel).text() == "Hủy"


def test_what_is_not_known_stays_as_it_is(translator, desk_app):
    assert desk_app.translate("QSomething", "Of a newer Qt") == "Of a newer Qt"
    assert ("QSomething", "Of a newer Qt") in translator.missed
    assert desk_app.translate("QShortcut", "Ctrl") == "Ctrl"
