"""Reading XML with the faults that exports have, and saying where they are."""

import pytest

from blog.imports.lenient_xml import Text, Unreadable, elements


def read(text):
    source = Text(f"<rss><channel>{text}</channel></rss>")
    found = list(elements(source))
    return found, [(each.line, each.column - len("<rss><channel>"), each.text) for each in source.problems]


def test_elements_are_read_with_text_entities_and_attributes():
    (item,), problems = read(
        '<item><title>A &amp; B &#8211; <![CDATA[C < D]]></title><category a="&lt;1">x</category></item>'
    )

    assert item.text("title") == "A & B – C < D"
    assert item.all("category")[0].attributes == {"a": "<1"}
    assert problems == []


def test_bare_ampersand_and_unknown_entity_are_read_and_named():
    (item,), problems = read("<item><title>Ost & vin&mdash;ja &lol;</title></item>")

    assert item.text("title") == "Ost & vin—ja &lol;"
    assert problems == [
        (1, 18, "“&” was read as “&”"),
        (1, 23, "“&mdash;” was read as “—”"),
        (1, 33, "“&lol;” was read as “&lol;”"),
    ]


def test_control_character_is_left_out_and_named():
    (item,), problems = read("<item><title>Ett\x08 ord</title></item>")

    assert item.text("title") == "Ett ord"
    assert problems == [(1, 17, "a control character (0008) was left out")]


def test_less_than_sign_that_begins_no_tag_is_text():
    (item,), problems = read("<item><title>1 < 2</title></item>")

    assert item.text("title") == "1 < 2"
    assert problems == [(1, 16, "“<” that begins no tag was read as text")]


def test_unescaped_tags_inside_a_field_are_part_of_its_text():
    (item,), problems = read("<item><title>Ett <b>viktigt</b> ord</title></item>")

    assert item.text("title") == "Ett <b>viktigt</b> ord"
    assert problems == []


def test_cdata_that_holds_its_own_end_is_read_whole():
    (item,), _problems = read("<item><title><![CDATA[a <![CDATA[ b ]]> c]]></title><link>d</link></item>")

    assert (item.text("title"), item.text("link")) == ("a <![CDATA[ b ]]> c", "d")


def test_missing_end_tag_costs_nothing_but_a_note():
    found, problems = read("<item><title>Ett<link>x</link></item><item><title>Två</title></item>")

    assert [item.text("title") for item in found] == ["Ett<link>x</link>", "Två"]
    assert problems == [(1, 31, "<title> has not ended before </item>")]


def test_item_or_comment_that_begins_inside_something_unended_ends_it():
    found, problems = read("<image><item><link>1<wp:comment>a</wp:comment></item><item><link>2</link></item>")

    assert [(each.name, each.text("link"), len(each.all("wp:comment"))) for each in found] == [
        ("image", "", 0),
        ("item", "1", 1),
        ("item", "2", 0),
    ]
    assert [words for _line, _column, words in problems] == [
        "<image> has not ended before <item>",
        "<link> has not ended before <wp:comment>",
    ]


def test_end_tag_without_beginning_is_ignored():
    (item,), problems = read("<item></b><link>1</link></item>")

    assert item.text("link") == "1"
    assert problems == [(1, 7, "</b> ends what has not begun")]


@pytest.mark.parametrize(
    "end", ["<title>Et", "<title><![CDATA[Et", "<title>Et</tit", "<title>Et<!-- x", "<title>Et</title>\n"]
)
def test_file_that_is_cut_gives_what_is_there(end):
    source = Text(f"<rss><channel><item><link>x</link></item><item>{end}")

    whole, cut = elements(source)

    assert (whole.is_cut, cut.is_cut) == (False, True)
    assert cut.text("title").startswith("Et")
    assert source.problems[-1].text.startswith("the file ends inside <")


@pytest.mark.parametrize("declaration", ["<!DOCTYPE rss [<!ENTITY a 'b'>]>", "<!ENTITY a SYSTEM 'file:///etc/passwd'>"])
def test_document_type_and_entities_are_refused(declaration):
    with pytest.raises(Unreadable, match=r"Line 2, column 1 declares a document type or an entity"):
        list(elements(Text(f'<?xml version="1.0"?>\n{declaration}<rss><channel><item>&a;</item></channel></rss>')))
