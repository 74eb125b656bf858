"""One item that cannot be read or written must not take the others with it, nor the afternoon."""

import time
from datetime import UTC, datetime

import pytest

from blog.comments import threads
from blog.comments.models import Comment
from blog.imports import discussions, wordpress
from blog.imports.lenient_xml import Text, elements
from blog.imports.loader import load
from blog.moderation import duplicates
from blog.posts.models import Post
from blog.text.from_html import light_markup
from blog.text.mend import mend
from tests.factories import make_group
from tests.imports.wxr import make_comment, make_file, make_item


def read(*parts):
    return wordpress.read(make_file(*parts), "export")


def run(*parts, **options):
    return load(read(*parts), **options)


def fail_at(monkeypatch, module, name, word):
    """Let a function raise when `word` is in its first argument's text."""
    original = getattr(module, name)

    def failing(thing, *arguments, **options):
        if word in str(thing):
            raise ZeroDivisionError
        return original(thing, *arguments, **options)

    monkeypatch.setattr(module, name, failing)


@pytest.mark.django_db
def test_item_that_cannot_be_read_is_skipped_and_named(monkeypatch, caplog):
    fail_at(monkeypatch, wordpress, "mend", "trasig")

    report = run(make_item(1, make_comment(1), body="trasig"), make_item(2))

    assert [(line.outcome, line.notes) for line in report.lines] == [
        ("skipped", ["could not be read (ZeroDivisionError)"]),
        ("new", []),
    ]
    assert [(each.line, each.column, each.text) for each in report.problems] == [
        (7, 1, "could not be read (ZeroDivisionError)")
    ]
    assert report.lines[0].comments == {"skipped": 1}
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize("dry_run", [False, True])
def test_item_that_cannot_be_written_leaves_nothing_and_the_next_is_written(monkeypatch, dry_run):
    fail_at(monkeypatch, discussions, "load", "trasig")
    author = "<dc:creator>Karin Ek</dc:creator>"

    report = run(make_item(1, author, title="trasig"), make_item(2, author), dry_run=dry_run)

    assert [(line.outcome, line.notes) for line in report.lines] == [
        ("skipped", ["could not be read (ZeroDivisionError)"]),
        ("new", []),
    ]
    assert [(each.line, each.text) for each in report.problems] == [(7, "could not be read (ZeroDivisionError)")]
    assert list(Post.objects.values_list("slug", flat=True)) == ([] if dry_run else ["om-2"])


@pytest.mark.django_db
def test_item_that_could_not_be_written_is_new_in_the_next_run(monkeypatch):
    with monkeypatch.context() as patched:
        fail_at(patched, discussions, "load", "trasig")
        run(make_item(1, title="trasig"))

    assert [line.outcome for line in run(make_item(1, title="trasig")).lines] == ["new"]


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ({"post_date_gmt": "2020-01-01T00:00:00+23:59"}, datetime(2019, 12, 31, 0, 1, tzinfo=UTC)),
        ({"post_date_gmt": "0001-01-01T00:00:00+23:59"}, None),
        ({"post_date_gmt": None, "pubDate": "Mon, 01 Jan 2010 00:00:00 +99999999999999"}, None),
        ({"post_date_gmt": None, "pubDate": "Mon, 01 Jan 99999999999999999999 00:00:00 +0000"}, None),
    ],
)
def test_dates_beyond_the_calendar_are_none_and_the_others_utc(fields, date):
    rfc822 = f"<pubDate>{fields.pop('pubDate', '')}</pubDate>"

    (post,) = read(make_item(1, rfc822, **fields)).items

    assert (post.date, post.date and post.date.tzinfo) == (date, date and UTC)


@pytest.mark.django_db
def test_tags_that_differ_in_how_a_letter_is_encoded_are_one():
    names = ("ångström", "\u212bngstr\u00f6m", "a\u030angstr\u00f6m")
    tags = [f'<category domain="post_tag">{name}</category>' for name in names]

    report = run(*(make_item(number, tag) for number, tag in enumerate(tags, 1)))

    assert [line.outcome for line in report.lines] == ["new", "new", "new"]
    assert [post.tags.get().name for post in Post.objects.all()] == ["ångström"] * 3


@pytest.mark.django_db
@pytest.mark.parametrize("kept", [1, 2])
def test_changed_parent_that_would_make_a_circle_after_a_merge_is_refused(moderator, kept):
    texts = {1: "dup", 2: "mellan"} if kept == 1 else {1: "rot", 2: "dup"}
    first, second = make_comment(1, texts[1], minute=1), make_comment(2, texts[2], parent=1, minute=2)
    third = make_comment(3, "dup", minute=3)
    run(make_item(1, first, second, third))
    copies = Comment.objects.filter(number__in=[kept, 3])
    make_group(*copies)
    duplicates.merge(list(copies.values_list("pk", flat=True)), by=moderator)

    report = run(make_item(1, make_comment(1, texts[1], parent=3, minute=1), second, third))

    assert [each.text for each in report.problems] == [
        "the comment would stand under itself, as comments were merged here: it stays where it was"
    ]
    assert [line.outcome for line in report.lines] == ["unchanged"]
    parents = threads.parents([Post.objects.get().pk])
    assert not any(pk in threads.ancestors(pk, parents) for pk in parents)


def test_body_and_comment_of_unlikely_length_are_cut_off_and_named(monkeypatch):
    monkeypatch.setattr(wordpress, "BODY_CHARACTERS", 5)
    monkeypatch.setattr(wordpress, "COMMENT_CHARACTERS", 4)
    export = read(make_item(1, make_comment(1, "abcdef"), body="abcdef"))

    (post,) = export.items

    assert (post.body, post.comments[0].text) == ("<p>abcde</p>", "abcd")
    assert [each.text for each in export.problems] == [
        "content:encoded was cut off after 5 characters",
        "wp:comment_content was cut off after 4 characters",
    ]


def test_tags_that_nest_too_deeply_are_text():
    source = Text("<item><title>" + "<a>" * 60 + "x</title></item>")

    (item,) = elements(source)

    assert item.text("title") == "<a>" * 60 + "x"
    assert [each.text for each in source.problems] == ["<a> stands too deep: it was read as text"] * 12 + [
        "<a> has not ended before </title>"
    ]


def xml(text):
    list(elements(Text(text)))


def times(piece, characters=60_000):
    return piece * (characters // len(piece))


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        pytest.param(xml, "<item>" + "<a>" * 1500 + "x" * 1_000_000, id="deep"),
        pytest.param(xml, times("<?"), id="instructions"),
        pytest.param(xml, "<a " + times("b") + ">", id="attribute"),
        pytest.param(mend, "a" + times(" ") + "b", id="spaces"),
        pytest.param(light_markup, "a" + times(" ") + "b", id="spaces in a comment"),
        *(
            pytest.param(mend, times(piece), id=piece)
            for piece in ("[caption]", "[gallery ", "[code]", "<pre>", "<code ", "<ul><li>", "<table><tr><td>")
        ),
        *(pytest.param(light_markup, times(piece), id=f"comment {piece}") for piece in ("<blockquote>a", "<ul><li>a")),
    ],
)
def test_text_made_to_be_slow_is_read_in_moments(reader, text):
    start = time.process_time()

    reader(text)

    assert time.process_time() - start < 3
