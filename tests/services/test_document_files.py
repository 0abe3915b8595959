"""A stranger's file: what is taken in, what is taken out of it, what is refused and how."""

from __future__ import annotations

import struct
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from services import documents_world as world
from traffick_desk.services.documents import errors, pdfs, pictures, prepare, sniff, stripping
from traffick_desk.store.documents import MOST

MARKERS = (b"MARKER", b"GPS", b"2026:11:20")


def ready(content: bytes, **how: bool) -> prepare.Prepared:
    return prepare.prepare(prepare.look_at(content), **how)


@pytest.mark.parametrize("progressive", [False, True])
def test_what_a_photo_tells_is_taken_out_and_no_pixel_changes(progressive: bool) -> None:
    content = world.jpeg(progressive=progressive)
    found = prepare.look_at(content)
    assert found.told == {"place", "time", "device", "other"}
    made = ready(content)
    assert made.done == ("cleaned",)
    assert not any(marker in made.content for marker in MARKERS)
    assert world.pixels(made.content) == world.pixels(content)
    assert prepare.look_at(made.content).told == frozenset()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stays_turned_as_the_telephone_was_held(orientation: int) -> None:
    content = world.jpeg(orientation=orientation)
    before = prepare.draw(content, "jpeg", 0, 0.5)
    made = ready(content)
    after = prepare.draw(made.content, "jpeg", 0, 0.5)
    assert (before.width, before.height, before.pixels) == (
        after.width, after.height, after.pixels,
    )  # fmt: skip
    assert (after.width > after.height) == (orientation < 5)
    assert not any(marker in made.content for marker in MARKERS)
    found = prepare.look_at(content)
    assert (found.width > found.height) == (orientation < 5)


def test_kept_as_it_is_only_if_the_officer_says_so() -> None:
    content = world.jpeg()
    assert ready(content, clean=False).content == content
    assert ready(content, clean=False).done == ()


def test_what_hides_behind_the_end_of_a_photo_is_left_out() -> None:
    content = world.jpeg(tells=False) + b"ftypMARKERFILM" * 100
    made = ready(content)
    assert b"MARKER" not in made.content
    assert made.content.endswith(b"\xff\xd9")


def test_a_second_picture_of_a_telephone_is_left_out() -> None:
    buffer = BytesIO()
    world.picture().save(
        buffer, "MPO", save_all=True, append_images=[world.picture(seed=7)], exif=world.told()
    )
    content = buffer.getvalue()
    found = prepare.look_at(content)
    assert found.media == "jpeg"
    assert {"more", "place"} <= found.told
    made = ready(content)
    assert len(made.content) < len(content) * 0.7
    assert prepare.look_at(made.content).told == frozenset()


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_png_keeps_its_pixels_and_loses_its_texts(orientation: int) -> None:
    content = world.png(orientation=orientation)
    made = ready(content)
    assert b"MARKER" not in made.content
    before = prepare.draw(content, "png", 0, 1)
    after = prepare.draw(made.content, "png", 0, 1)
    assert before.pixels == after.pixels
    assert ("turned" in made.done) == (orientation == 6)


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_a_scan_of_several_pages_keeps_them_all(mode: str) -> None:
    content = world.tiff(3, mode)
    made = ready(content)
    assert (made.media, made.pages) == ("tiff", 3)
    assert b"MARKER" not in made.content
    for page in range(3):
        before = prepare.draw(content, "tiff", page, 1)
        assert before.pixels == prepare.draw(made.content, "tiff", page, 1).pixels
    assert prepare.look_at(made.content).pages == 3


def test_a_pdf_is_kept_byte_for_byte_and_says_what_is_in_it() -> None:
    content = world.pdf(2, script="app.alert('x')")
    found = prepare.look_at(content)
    assert (found.media, found.pages) == ("pdf", 2)
    assert {"scripts", "author"} <= found.told
    assert ready(content).content == content


def test_large_ones_are_made_smaller_and_hold_nothing_but_pixels() -> None:
    content = world.jpeg(4_000, 3_000, orientation=6, quality=97)
    made = ready(content, shrink=True)
    assert made.size < len(content) * 0.7
    assert made.done == ("cleaned", "shrunk")
    assert not any(marker in made.content for marker in MARKERS)
    with Image.open(BytesIO(made.content)) as picture:
        assert max(picture.size) == pictures.LONGEST
        assert picture.size[1] > picture.size[0], "turned upright"


def test_a_scan_and_a_pdf_made_smaller_keep_their_pages() -> None:
    scan = ready(world.tiff(3, "RGB"), shrink=True)
    assert (scan.media, prepare.look_at(scan.content).pages) == ("pdf", 3)
    with pytest.raises(errors.CannotShrink):
        ready(world.pdf(2), shrink=True)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", errors.EmptyFile),
        (b"MZ\x90\0 not a photo", errors.UnknownKind),
        (b"PK\x03\x04 a workbook", errors.UnknownKind),
        (b"<html><script>x</script>", errors.UnknownKind),
        (b"\0\0\0\x18ftypheic\0\0\0\0", errors.HeicPhoto),
        (b"\xff\xd8\xff", errors.DamagedFile),
        (b"\x89PNG\r\n\x1a\n", errors.DamagedFile),
        (b"II*\0\x08\0\0\0", errors.DamagedFile),
        (b"%PDF-1.7\n", errors.DamagedFile),
        (world.pdf(1, password="1234"), errors.LockedPdf),
    ],
    ids=lambda v: v.__name__ if isinstance(v, type) else None,
)
def test_what_cannot_be_kept_is_refused_in_words(content, refusal, english) -> None:
    with pytest.raises(refusal) as caught:
        prepare.look_at(content, "x.jpg")
    words = str(caught.value)
    assert "The case is unchanged" in words or "case is unchanged" in words
    assert "lease" in words, "what to do now"


def test_a_name_that_lies_is_told_and_the_content_counts() -> None:
    assert prepare.look_at(world.pdf(1), "photo.jpg").misnamed
    assert not prepare.look_at(world.jpeg(), "photo.JPG").misnamed
    assert not prepare.look_at(world.jpeg(), "photo").misnamed
    assert sniff.misnamed("photo.exe", "jpeg")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    buffer = BytesIO()
    Image.new("1", (40_000, 40_000)).save(buffer, "PNG")
    assert len(buffer.getvalue()) < 300_000
    with pytest.raises(errors.TooManyPixels):
        prepare.look_at(buffer.getvalue())
    # The head alone says so: nothing is decoded.
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    import zlib

    chunk = b"IHDR" + head
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    png += struct.pack(">I", zlib.crc32(chunk)) + struct.pack(">I", 0) + b"IDAT" + b"\0" * 4
    with pytest.raises(errors.TooManyPixels):
        prepare.look_at(png)


def test_pdfs_with_too_many_or_huge_pages_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(pdfs, "MOST_PAGES", 3)
    with pytest.raises(errors.TooManyPixels):
        prepare.look_at(world.pdf(4))
    monkeypatch.setattr(pdfs, "MOST_SIDE", 100)
    with pytest.raises(errors.TooManyPixels):
        prepare.look_at(world.pdf(1))


def test_a_huge_page_is_drawn_with_fewer_pixels(monkeypatch) -> None:
    monkeypatch.setattr(pdfs, "MOST_DRAWN", 10_000)
    drawn = pdfs.drawn(world.pdf(1), 0, 600)
    assert drawn.width * drawn.height < 12_000


def test_scans_with_too_many_pages_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PAGES", 2)
    with pytest.raises(errors.TooManyPixels):
        prepare.look_at(world.tiff(3))


def test_a_file_beyond_all_limits_is_not_read(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(prepare, "MOST_READ", 1_000)
    large = tmp_path / "large.jpg"
    large.write_bytes(world.jpeg())
    with pytest.raises(errors.TooLarge):
        prepare.read_file(large)
    with pytest.raises(errors.FileUnreadable):
        prepare.read_file(tmp_path / "gone.jpg")
    (tmp_path / "empty.jpg").touch()
    with pytest.raises(errors.EmptyFile):
        prepare.read_file(tmp_path / "empty.jpg")


def test_what_is_too_large_to_be_kept_can_be_made_smaller(monkeypatch) -> None:
    monkeypatch.setattr(prepare, "MOST", 300_000)
    content = world.jpeg(3_600, 2_700, quality=97)
    with pytest.raises(errors.StillTooLarge):
        ready(content)
    monkeypatch.setattr(prepare, "MOST", MOST)
    assert ready(content, shrink=True).size < len(content)


SAMPLES = {
    "jpeg": world.jpeg(160, 120),
    "progressive": world.jpeg(160, 120, progressive=True),
    "png": world.png(80, 60),
    "tiff": world.tiff(2),
    "colour tiff": world.tiff(1, "RGB"),
    "pdf": world.pdf(1),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_cut_off_anywhere_is_refused_or_read_but_never_crashes(name: str) -> None:
    content = SAMPLES[name]
    step = max(1, len(content) // 60)
    for size in range(0, len(content) - 1, step):
        try:
            made = ready(content[:size])
        except errors.DocumentRefused:
            continue
        assert made.size
        assert name in {"tiff", "colour tiff", "pdf"}, "a photo that is cut off is never kept"


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=8),
    st.booleans(),
)
def test_bytes_changed_at_will_are_refused_or_read_but_never_crash(name, changes, shrink) -> None:
    content = bytearray(SAMPLES[name])
    for where, what in changes:
        at = round(where * (len(content) - 1))
        content[at : at + len(what)] = what
    try:
        found = prepare.look_at(bytes(content))
        made = prepare.prepare(found, shrink=shrink)
        prepare.draw(made.content, made.media, 0, 0.5, 1)
    except errors.DocumentRefused:
        return
    assert made.size <= MOST


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b""]))
def test_taking_apart_never_crashes(rest: bytes, head: bytes) -> None:
    for take in (stripping.jpeg, stripping.png):
        try:
            take(head + rest)
        except errors.DamagedFile:
            continue


def test_a_kept_jpeg_ends_where_its_picture_ends() -> None:
    content = world.jpeg(tells=False)
    assert stripping.jpeg(content + b"\xff\xd8MARKER\xff\xd9") == stripping.jpeg(content)
    with pytest.raises(errors.DamagedFile):
        stripping.jpeg(content[:-2])
