"""Scans and photos in the real window, as an officer takes them in and looks at them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QPageSize, QPainter
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel

from desk.pages import world
from desk.pages.conftest import TodayPage
from services import documents_world as files
from traffick_desk.desk.pages.case import CasePage
from traffick_desk.desk.pages.document import DocumentPage
from traffick_desk.desk.pages.document_list import title_of
from traffick_desk.services.documents import queries
from traffick_desk.store.errors import StoreError


@pytest.fixture
def officer(sit_down, commune, tmp_path):
    made = sit_down(commune, TodayPage, CasePage, DocumentPage)
    made.window.host._expected = (*made.window.host._expected, StoreError)
    made.ids = world.people(made.desk, "E1", "E2")
    made.folder = tmp_path / "from the telephone"
    made.folder.mkdir()
    made.go("case", case_id=made.ids["E1"], section="documents")
    return made


@pytest.fixture
def section(officer):
    return officer.page.stack.section("documents")


def bring(officer, name, content):
    path = officer.folder / name
    path.write_bytes(content)
    return path


def choose(officer, path):
    officer.dialogs.answers.append(path)
    officer.press("document_add")


def fill(officer, section, **values):
    for name, value in values.items():
        section.form.form.editor(name).set_value(value)
        section.form.form.editor(name).edited.emit()


def keep(officer, section, **values):
    fill(officer, section, **values)
    officer.press("document_submit")


def stored(officer):
    return officer.desk.ask(queries.Documents(officer.ids["E1"]))


def words(widget):
    return "\n".join(w.text() for w in widget.findChildren(QLabel) if w.isVisible())


def log(officer):
    with officer.desk.context.store.read() as cursor:
        cursor.execute("SELECT action FROM audit ORDER BY seq")
        return [row[0] for row in cursor.fetchall()]


def test_a_photo_is_taken_in_from_a_file_without_its_place(officer, section):
    choose(officer, bring(officer, "IMG_1.jpg", files.jpeg(orientation=6)))
    assert "the place where it was taken" in words(section.file)
    assert section.file.clean.isChecked()
    keep(officer, section, kind="injury", title="Vết bầm ở tay", secrecy="hidden")
    (view,) = stored(officer)
    assert (view.record.get("kind"), view.record.get("done")) == ("injury", ["cleaned"])
    content = officer.desk.ask(queries.OpenDocument(officer.ids["E1"], view.id)).content
    assert b"MARKER" not in content
    assert not section.card.isVisible()
    assert officer.page.list.lines.state_of("documents") == "done"
    text = section.list.rows.index(0).data()
    assert text.startswith("Vết bầm ở tay\nPhoto of an injury")
    # Undone at once: voided with a reason, not gone.
    officer.window.undo_bar.undo()
    officer.wait()
    assert stored(officer)[0].record.voided


def test_what_it_is_must_be_said(officer, section):
    choose(officer, bring(officer, "a.png", files.png()))
    officer.press("document_submit")
    assert stored(officer) == ()
    assert section.form.form is not None, "what was typed is still there"


def test_the_officer_may_keep_what_a_photo_tells(officer, section):
    choose(officer, bring(officer, "a.jpg", files.jpeg()))
    section.file.clean.setChecked(False)
    assert "This stays in it." in words(section.file)
    keep(officer, section, kind="photo")
    (view,) = stored(officer)
    assert view.record.get("done") is None
    content = officer.desk.ask(queries.OpenDocument(officer.ids["E1"], view.id)).content
    assert content == files.jpeg()


def test_a_large_one_shows_both_sizes_and_what_is_lost_before_it_is_made_smaller(officer, section):
    content = files.jpeg(4_000, 3_000, quality=97)
    choose(officer, bring(officer, "large.jpg", content))
    box = officer.child(QCheckBox, "document_shrink")
    assert box.isVisible()
    assert not box.isChecked(), "only with her consent"
    box.setChecked(True)
    officer.wait()
    assert "Fine detail is lost" in words(section.file)
    assert "MB as it is" in section.file.sizes.text()
    before, after = (label.pixmap() for label in section.file.pair)
    assert not before.isNull()
    assert before.size() == after.size()
    keep(officer, section, kind="photo")
    (view,) = stored(officer)
    assert view.size < len(content)
    assert view.record.get("done") == ["cleaned", "shrunk"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.jpg", b"", "The file is empty"),
        ("cut.jpg", files.jpeg()[:5_000], "damaged or cut off"),
        ("word.docx", b"PK\x03\x04xxxx", "no photo, scan or PDF"),
        ("iphone.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        ("locked.pdf", files.pdf(1, password="x"), "locked with a password"),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_in_words(officer, section, name, content, said):
    choose(officer, bring(officer, name, content))
    assert any(said in text for text in officer.notices())
    assert section.form.form is None
    assert stored(officer) == ()


def test_dropped_files_are_taken_in_one_after_the_other(officer, section):
    data = QMimeData()
    data.setUrls(
        [
            QUrl.fromLocalFile(str(bring(officer, "1.jpg", files.jpeg(seed=1)))),
            QUrl.fromLocalFile(str(bring(officer, "2.pdf", files.pdf(2)))),
        ]
    )
    actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(5, 5).toPoint(), actions, data, buttons, none)
    QApplication.sendEvent(section, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(section, QDropEvent(QPointF(5, 5), actions, data, buttons, none))
    officer.wait()
    keep(officer, section, kind="photo")
    assert section.file.found.media == "pdf"
    keep(officer, section, kind="letter")
    assert [v.record.get("media") for v in stored(officer)] == ["pdf", "jpeg"]


def test_a_copied_picture_is_pasted(officer, section):
    image = QImage(320, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    QApplication.clipboard().setImage(image)
    section.paste()
    officer.wait()
    keep(officer, section, kind="other")
    (view,) = stored(officer)
    assert view.record.get("media") == "png"
    QApplication.clipboard().clear()
    section.paste()
    assert "There is no picture and no file to paste." in officer.notices()


@pytest.fixture
def two(officer, section):
    for name, content, values in (
        ("1.jpg", files.jpeg(1_200, 900), {"kind": "photo", "title": "Ảnh"}),
        ("2.pdf", files.pdf(3), {"kind": "decision", "title": "Quyết định", "dated": "2026-11-02"}),
    ):
        choose(officer, bring(officer, name, content))
        keep(officer, section, **values)
    return section


def test_the_list_of_documents_behaves_as_models_should(two, qtmodeltester):
    qtmodeltester.check(two.list.rows)


def test_a_document_is_looked_at_inside_the_desk(officer, two):
    two.list.setCurrentIndex(two.list.rows.index(0))
    before = log(officer).count("document.open")
    two.look()
    officer.wait()
    page = officer.page
    assert isinstance(page, DocumentPage)
    assert log(officer).count("document.open") == before + 1
    assert page.heading.text() == "Quyết định"
    assert page.view.pages == 3
    first = page.view._image.pixmap()
    assert not first.isNull()
    page.view.turn(1)
    officer.wait()
    assert "2 of 3" in page.view._number.text()
    upright = page.view._image.pixmap().size()
    page.view.turn_right()
    officer.wait()
    turned = page.view._image.pixmap().size()
    assert upright.height() > upright.width()
    assert turned.width() > turned.height()
    page.view.zoom_in()
    officer.wait()
    assert page.view._image.pixmap().width() > turned.width()
    officer.press("document_after")
    assert page.heading.text() == "Ảnh"
    assert page.view.pages == 1
    assert not page.after.isEnabled()
    assert page.view._image.pixmap().width() <= page.view._area.viewport().width()
    officer.window.back()
    officer.wait()
    assert isinstance(officer.page, CasePage)
    assert page.view._pdf == b"", "nothing of it stays in the window"


def test_it_is_saved_as_a_file_only_after_a_warning_and_with_a_line_in_the_log(
    officer, two, tmp_path
):
    two.list.setCurrentIndex(two.list.rows.index(0))
    officer.dialogs.answers.append(None)
    two.export()
    officer.wait()
    assert "document.export" not in log(officer)
    assert "outside the encrypted vault" in officer.dialogs.asked[-1]
    target = tmp_path / "out.pdf"
    officer.dialogs.answers += [True, target]
    two.export()
    officer.wait()
    assert target.read_bytes() == files.pdf(3)
    assert log(officer)[-1] == "document.export"
    assert not list(tmp_path.glob(".*"))


def test_it_is_printed_from_memory(officer, two):
    two.list.setCurrentIndex(two.list.rows.index(0))
    two.look()
    officer.wait()
    sheets = []

    class Printer(QImage):
        class Unit:
            DevicePixel = 0

        def pageRect(self, _unit):
            return self.rect()

        def newPage(self):
            sheets.append(self.copy())
            return True

    size = QPageSize(QPageSize.PageSizeId.A4).sizePixels(72)
    printer = Printer(size, QImage.Format.Format_RGB32)
    printer.fill(Qt.GlobalColor.white)
    officer.page.choose_printer = lambda _parent, then: then(printer)
    officer.page.print_it()
    officer.wait()
    assert len(sheets) == 2
    assert log(officer)[-1] == "document.print"
    assert QPainter is not None


def test_a_newer_scan_replaces_an_older_one_in_words(officer, two):
    two.list.setCurrentIndex(two.list.rows.index(0))
    old = two.list.chosen().id
    officer.dialogs.answers.append(bring(officer, "new.pdf", files.pdf(1)))
    two.replace()
    officer.wait()
    assert two.form.form.editor("title").value() == "Quyết định"
    officer.press("document_submit")
    newest = stored(officer)[0]
    assert newest.record.get("replaces") == old
    texts = [two.list.rows.index(n).data() for n in range(3)]
    assert sum("There is a newer version." in text for text in texts) == 1


def test_not_valid_with_a_reason_and_valid_again(officer, two):
    two.list.setCurrentIndex(two.list.rows.index(0))
    two.ask_to_void()
    two.reason.setText("nhầm hồ sơ")
    two._void_chosen()
    officer.wait()
    assert [v.record.voided for v in stored(officer)] == [None, "nhầm hồ sơ"]
    two.list.setCurrentIndex(two.list.rows.index(1))
    assert "Not valid: nhầm hồ sơ" in two.list.rows.index(1).data()
    officer.press("document_restore")
    assert [v.record.voided for v in stored(officer)] == [None, None]


def test_what_is_said_of_it_is_changed_in_place(officer, two):
    two.list.setCurrentIndex(two.list.rows.index(0))
    officer.press("document_change")
    keep(officer, two, title="Quyết định số 12")
    assert any(title_of(v) == "Quyết định số 12" for v in stored(officer))


def test_the_privacy_view_and_hidden_ones_show_no_small_picture(officer, two):
    rows = two.list.rows
    (photo,) = [v for v in rows.lines() if v.record.get("media") == "jpeg"]
    assert rows.has_picture(photo)
    assert not rows.hidden(photo)
    officer.window.host.privacy.switch(True)
    assert rows.hidden(photo)
    assert "Ảnh" not in rows.index(1).data()
    officer.window.host.privacy.switch(False)
    officer.wait()
    assert not rows.hidden(photo)


def test_what_is_not_here_is_told_and_asked_for(officer, two):
    with officer.desk.context.store.work() as work:
        for table in ("document_bytes", "document_piece", "document_thumb"):
            work.cursor.execute(f"DELETE FROM {table}")
    officer.page.refresh(frozenset())
    officer.wait()
    two.list.setCurrentIndex(two.list.rows.index(0))
    assert "Still at the other desk" in two.list.rows.index(0).data()
    assert not two.look_button.isVisible()
    officer.press("document_ask")
    assert "asked for" in two.list.rows.index(0).data()


def test_no_copy_is_left_in_the_folder_of_the_vault(officer, two, tmp_path):
    marks = (files.jpeg(1_200, 900)[700:764], b"MARKER", "Quyết định".encode())
    for path in tmp_path.rglob("*"):
        if path.is_file() and officer.folder not in path.parents:
            held = path.read_bytes()
            assert not any(mark in held for mark in marks), path


def test_pasting_into_a_field_of_the_form_is_pasting_text(officer, section, qtbot):
    choose(officer, bring(officer, "a.png", files.png()))
    QApplication.clipboard().setText("Quyết định 12")
    editor = section.form.form.editor("title")
    line = editor.focusProxy() or editor
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    officer.wait()
    assert editor.value() == "Quyết định 12"
    assert officer.notices() == []
