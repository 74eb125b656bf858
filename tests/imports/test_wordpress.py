"""What the reader makes of each part of an export."""

from datetime import UTC, datetime

import pytest

from blog.imports import wordpress
from blog.imports.lenient_xml import Unreadable
from blog.imports.records import AuthorRecord, Skipped
from tests.imports.wxr import HEAD, make_comment, make_file, make_item


def read(*parts, **options):
    export = wordpress.read(make_file(*parts, **options), "export")
    return export, list(export.items)


def read_post(*parts, **fields):
    return read(make_item(1, *parts, **fields))[1][0]


def test_post_is_read_whole():
    author = "<wp:author><wp:author_login>karin</wp:author_login>"
    author += "<wp:author_display_name>Karin Ek</wp:author_display_name></wp:author>"
    item = make_item(
        7,
        "<dc:creator>karin</dc:creator><excerpt:encoded><![CDATA[<p>Kort &amp; gott.</p>]]></excerpt:encoded>",
        '<category domain="category" nicename="sprak">Språk</category><category domain="post_tag">språk</category>',
        '<category domain="post_tag">SEO</category><category domain="category">Okategoriserade</category>',
        '<category domain="post_format">Aside</category>',
        title="Ett <em>viktigt</em> tecken",
        post_name="%C3%A5r-2012",
        comment_status="closed",
    )

    export, (post,) = read(author, item)

    assert (export.site.address, export.site.language) == ("https://gammal.example", "sv")
    assert export.authors == [AuthorRecord("karin", "Karin Ek")]
    assert (post.foreign_id, post.title, post.slug, post.language) == ("7", "Ett viktigt tecken", "ar-2012", "sv")
    assert (post.standfirst, post.body, post.status) == ("Kort & gott.", "<p>Ett kommatecken.</p>", "approved")
    assert post.date == datetime(2020, 3, 1, 10, tzinfo=UTC)
    assert (post.author, post.tags) == (AuthorRecord("karin", "Karin Ek"), ("Språk", "SEO"))
    assert (post.comments_open, post.comments, post.notes) == (False, [], [])


@pytest.mark.parametrize(
    ("there", "here", "notes"),
    [
        ("publish", "approved", []),
        ("future", "approved", []),
        ("pending", "in_review", []),
        ("draft", "draft", []),
        ("private", "draft", []),
        ("secret", "draft", ["its status is “secret”: kept as a draft"]),
        (None, "draft", ["it has no status: kept as a draft"]),
    ],
)
def test_status_is_translated_and_the_unknown_is_never_public(there, here, notes):
    post = read_post(status=there)

    assert (post.status, post.notes) == (here, notes)


def test_post_with_a_password_is_a_draft():
    post = read_post(post_password="enter")

    assert (post.status, post.notes) == ("draft", ["it had a password: kept as a draft"])


@pytest.mark.parametrize(
    ("gmt", "local", "published", "expected"),
    [
        ("2020-07-01 10:00:00", "2020-07-01 05:00:00", "", datetime(2020, 7, 1, 10, tzinfo=UTC)),
        ("0000-00-00 00:00:00", "2020-07-01 10:00:00", "", datetime(2020, 7, 1, 8, tzinfo=UTC)),  # Stockholm's summer
        ("", "0000-00-00 00:00:00", "Wed, 01 Jul 2020 10:00:00 +0000", datetime(2020, 7, 1, 10, tzinfo=UTC)),
        ("0000-00-00 00:00:00", "", "Wed, 30 Nov -0001 00:00:00 +0000", None),
    ],
)
def test_date_falls_back_from_gmt_to_local_to_rss(gmt, local, published, expected):
    post = read_post(f"<pubDate>{published}</pubDate>", post_date_gmt=gmt, post_date=local)

    assert post.date == expected


def test_what_is_no_post_is_skipped_with_its_reason_and_its_comments_counted():
    _export, items = read(
        make_item(1, make_comment(5), title="Om oss", post_type="page"),
        make_item(2, title="bild.jpg", post_type="attachment", status="inherit"),
        make_item(3, title="Bort", status="trash"),
    )

    assert items == [
        Skipped("Om oss", "not a post: page", 1),
        Skipped("bild.jpg", "not a post: attachment", 0),
        Skipped("Bort", "not kept there either: trash", 0),
    ]


def test_item_without_type_status_or_number_is_a_draft_that_keeps_its_identity():
    item = "<item><title>Löst blad</title><link>https://gammal.example/?p=4</link></item>"

    first, second = read(make_item(1), item)[1][1], read(item, make_item(1))[1][0]

    assert (first.status, first.foreign_id) == ("draft", second.foreign_id)


def test_title_falls_back_to_the_first_words():
    assert read_post(title="", body="Ett stycke utan rubrik.").title == "Ett stycke utan rubrik."
    assert read_post(title="", body="").title == "Utan rubrik"


def test_comment_is_read_whole():
    item = make_item(
        3,
        make_comment(
            8, "Hej <b>du</b>", author_email="a@b.example\n", author_url="https://b.example", author_IP="192.0.2.1"
        ),
        make_comment(
            9,
            parent="8",
            type="pingback",
            approved="0",
            author_url="javascript://b.example/%0aalert(1)",
            author_email="nej",
        ),
    )

    first, second = read(item)[1][0].comments

    assert (first.foreign_id, first.parent, first.name, first.text) == ("3/8", "", "Anna", "Hej **du**")
    assert (first.email, first.website, first.network) == ("a@b.example", "https://b.example", "192.0.2.1")
    assert (first.state, first.is_mention, first.created_at) == ("visible", False, datetime(2020, 3, 1, 11, tzinfo=UTC))
    assert (second.parent, second.state, second.is_mention, second.website, second.email) == (
        "3/8",
        "held",
        True,
        "",
        "",
    )


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("1", "visible"),
        ("0", "held"),
        ("spam", "spam"),
        ("trash", "removed"),
        ("post-trashed", "removed"),
        (None, "held"),
    ],
)
def test_comment_state_is_translated_and_the_unknown_is_held(there, here):
    assert read_post(make_comment(1, approved=there)).comments[0].state == here


def test_comments_of_other_kinds_are_skipped():
    post = read_post(make_comment(1), make_comment(2, type="order_note"))

    assert [comment.foreign_id for comment in post.comments] == ["1/1"]
    assert post.skipped_comments == ["not a comment: order_note"]


def test_same_id_for_different_things_keeps_both_and_the_same_thing_twice_keeps_one():
    export, items = read(make_item(1, title="Ett"), make_item(1, title="Två"), make_item(1, title="Ett"))

    assert [getattr(item, "foreign_id", item) for item in items] == [
        "1",
        "1~2",
        Skipped("Ett", "stands twice in the file", 0),
    ]
    assert [problem.text for problem in export.problems] == ["the id 1 occurs twice in the file, for different things"]


def test_gallery_becomes_figures_of_the_files_own_attachments():
    image = (
        "<wp:attachment_url>https://gammal.example/a.jpg</wp:attachment_url><excerpt:encoded>En bild</excerpt:encoded>"
    )
    attachment = make_item(2, image, post_type="attachment", post_parent=1)
    figure = '<figure><img src="https://gammal.example/a.jpg" alt=""><figcaption>En bild</figcaption></figure>'

    assert read(make_item(1, body="[gallery]"), attachment)[1][0].body == figure
    assert read(make_item(3, body='[gallery ids="2"]'), attachment)[1][0].body == figure
    lost = read_post(body='Ord [gallery ids="99"]')
    assert (lost.body, lost.notes) == ("<p>Ord</p>", ["a gallery was left out: its pictures are not in the file"])


def test_cut_item_is_a_draft_whatever_it_was():
    whole = make_file(make_item(1, make_comment(1, "hel"), make_comment(2, "avhuggen")))

    export = wordpress.read(whole[: whole.index(b"avhuggen") + 4], "export")
    (post,) = export.items

    assert (post.status, post.notes) == ("draft", ["the file ends inside it: kept as a draft"])
    assert [(comment.text, comment.state) for comment in post.comments] == [("hel", "visible"), ("avhu", "held")]
    assert export.problems[-1].text == "the file ends inside <wp:comment_content>"


def test_undeclared_prefixes_and_a_missing_version_do_not_matter():
    _export, (post,) = read(make_item(1), head="<rss><channel>")

    assert post.title == "Om kommatecken"


@pytest.mark.parametrize("language", ["en-US", "en", "EN_gb"])
def test_language_of_the_site_is_the_language_of_its_posts(language):
    _export, (post,) = read(make_item(1), head=HEAD.replace("sv-SE", language))

    assert post.language == "en"


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"<html><body>Hej</body></html>", b"<rss><channel></channel></rss>", b"\x89PNG\0"]
)
def test_file_of_another_kind_is_refused(content):
    with pytest.raises(Unreadable, match="not a WordPress export"):
        wordpress.read(content, "export")
