"""Files whose bytes are not what they say they are."""

import pytest

from blog.imports.encodings import read_text

XML = '<?xml version="1.0" encoding="{}"?>\n<rss>\nsmörgås – {}</rss>'


def test_utf_8_with_and_without_a_byte_order_mark_reads_without_problems():
    for mark in (b"", b"\xef\xbb\xbf"):
        source = read_text(mark + XML.format("UTF-8", "ål").encode())

        assert source.text == XML.format("UTF-8", "ål")
        assert source.problems == []


def test_windows_bytes_in_a_file_that_says_utf_8_are_read_and_each_line_named():
    content = XML.format("UTF-8", "ål").encode("cp1252") + "\nrätt här".encode()

    source = read_text(content)

    assert source.text == XML.format("UTF-8", "ål") + "\nrätt här"
    (problem,) = source.problems
    assert (problem.line, problem.column) == (3, 3)
    assert problem.text == "bytes that are not UTF-8 were read as Windows-1252"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_first_bytes(encoding):
    assert read_text(XML.format("UTF-16", "ål").encode(encoding)).text == XML.format("UTF-16", "ål")


def test_latin_1_is_read_as_windows_1252():
    assert read_text(XML.format("ISO-8859-1", "ål").encode("cp1252")).text == XML.format("ISO-8859-1", "ål")


def test_file_that_says_latin_1_and_is_utf_8_is_read_as_utf_8():
    source = read_text(XML.format("ISO-8859-1", "ål").encode())

    assert source.text == XML.format("ISO-8859-1", "ål")
    assert [problem.text for problem in source.problems] == ["the file says that it is cp1252, and is UTF-8"]


@pytest.mark.parametrize("name", ["klingon", "utf-16", "rot13", "undefined"])
def test_encoding_that_cannot_be_true_is_taken_for_utf_8(name):
    assert read_text(XML.format(name, "ål").encode()).text == XML.format(name, "ål")
