"""What readers are shown around the words: choice, counts, closing, avatars, and what programs read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.comments.models import Comment
from tests.comments.reading import owns, read
from tests.factories import make_byline, make_comment, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(db):
    return make_published(language="en")


def pick(comment):
    Comment.objects.filter(pk=comment.pk).update(picked_at=timezone.now())


def test_counts_explain_themselves(client, post):
    kept = make_comment(post, "Ett")
    make_comment(post, "[…]", origin="mention")
    assert read(client, post).heading() == "1 comment · 1 mention"

    for _ in range(2):
        make_comment(post, "Ett", state="merged", merged_into=kept)
    assert read(client, post).heading() == "1 comment · 1 mention · 2 duplicates merged"

    Comment.objects.filter(origin="mention").update(state="spam")
    make_comment(post, "Två", state="removed")
    assert read(client, post).heading() == "1 comment · 2 duplicates merged, 1 spam removed, 1 comment removed"


def test_editors_choice_stands_above_the_discussion_and_on_lists(client, post):
    make_comment(post, "Ett")
    chosen = make_comment(post, "Klokt *sagt*", name="Bo")
    hidden = make_comment(post, "Dolt", state="removed")
    assert "Editors’ choice" not in read(client, post).source

    pick(chosen)
    pick(hidden)

    page = read(client, post)
    links = [each.get("href") for each in page.tree.find(".//section[@class='picks']").iter("a")]
    assert links == ["#comment-2"]
    assert ("Editors’ choice" in page.words("comment-2"), "Editors’ choice" in page.words("comment-1")) == (True, False)
    front = client.get("/").content.decode()
    assert f'<a href="{chosen.get_absolute_url()}">' in front
    assert ("Klokt sagt" in front, "Dolt" in front) == (True, False)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"comment_policy": "timed", "comments_close_after_days": 30}, "Comments are open until "),
        (
            {"comment_policy": "timed", "comments_close_after_days": 1, "ago": timedelta(days=3)},
            "on this post closed on",
        ),
        ({"comment_policy": "closed"}, "Comments on this post are closed."),
        ({"comments_pause_minutes": 5}, "one comment of each person every 5 minutes"),
        ({"comments_pause_minutes": 1}, "one comment of each person every 1 minute."),
    ],
)
def test_reader_is_told_before_writing(client, fields, sentence):
    post = make_published(language="en", **fields)
    make_comment(post)

    assert sentence in read(client, post).source
    assert sentence in client.get(f"{post.get_absolute_url()}comments/write/").content.decode()


def test_open_discussion_says_nothing_of_closing(client, post):
    source = read(client, post).source

    assert [words in source for words in ("are open until", "goes slowly", "are closed")] == [False] * 3


def test_avatar_is_drawn_from_the_name_alone(client, post):
    make_comment(post, "Ett", name="Åsa Ek", email="a@blog.example")
    make_comment(post, "Två", name="Åsa Ek", email="b@blog.example")

    page = read(client, post)

    drawn = [page.article(f"comment-{number}").find(".//span[@aria-hidden]") for number in (1, 2)]
    assert drawn[0].get("class") == drawn[1].get("class")
    assert ["".join(each.itertext()) for each in drawn] == ["ÅE", "ÅE"]


def test_order_is_kept_from_page_to_page(client, post, monkeypatch):
    monkeypatch.setattr("blog.comments.threads.PAGE_ROWS", 2)
    for number in range(4):
        make_comment(post, f"Nr {number}")

    page = read(client, post, "?order=newest")

    assert list(page.comments()) == ["comment-4", "comment-3"]
    assert f'href="{post.get_absolute_url()}?order=newest&amp;from=2#comments"' in page.source
    following = read(client, post, "?order=newest&from=2")
    assert list(following.comments()) == ["comment-2", "comment-1"]
    assert f'href="{post.get_absolute_url()}?order=newest#comments">To the beginning' in following.source
    assert client.get(f"{post.get_absolute_url()}comments/1/?order=newest")["Location"].endswith(
        "?order=newest&from=1#comment-1"
    )


# --- What programs read (schema.org)


def items(element):
    """The microdata items below an element, each a dict of its properties (HTML Standard, 5.2)."""
    found = {}
    for child in element:
        inner = items(child)
        if child.get("itemscope") is not None:
            inner = inner | {"@type": child.get("itemtype", "").removeprefix("https://schema.org/")}
            value, inner = inner, {}
        else:
            value = next(
                (child.get(name) for name in ("content", "datetime", "href") if child.get(name)), None
            ) or " ".join("".join(child.itertext()).split())
        if child.get("itemprop"):
            found.setdefault(child.get("itemprop"), []).append(value)
        elif child.get("itemscope") is not None:
            found.setdefault("@items", []).append(value)
        for name, values in inner.items():
            found.setdefault(name, []).extend(values)
    return found


def test_structured_data_tells_who_said_what_when_and_to_whom(client):
    post = make_published("Titel", bylines=[make_byline("Karin Ek")], body="<p>Hela texten.</p>", language="en")
    first = make_comment(post, "Första", name="Anna")
    reply = make_comment(post, "Svaret", name="Bo", parent=first)

    (posting,) = items(read(client, post).tree)["@items"]

    assert posting["@type"] == "DiscussionForumPosting"
    assert (posting["headline"], posting["text"], posting["commentCount"]) == (["Titel"], ["Hela texten."], ["2"])
    assert posting["author"][0]["name"] == ["Karin Ek"]
    assert posting["datePublished"] == [timezone.localtime(post.publish_at).isoformat()]
    assert posting["url"][0].endswith(post.get_absolute_url())
    (comment,) = posting["comment"]
    answer = comment["comment"][0]
    for item, row in ((comment, first), (answer, reply)):
        assert item["@type"] == "Comment"
        assert (item["author"][0]["@type"], item["author"][0]["name"]) == ("Person", [row.name])
        assert (item["text"], item["url"]) == ([row.text], [row.get_absolute_url()])
        assert item["datePublished"] == [f"{timezone.localtime(row.created_at):%Y-%m-%dT%H:%M:%S%z}"]


# --- What is gone


@pytest.mark.parametrize(("state", "words"), [("withdrawn", "taken this comment back"), ("erased", "was erased")])
def test_permalink_of_what_its_writer_took_back_says_so(client, post, state, words):
    gone = make_comment(post, "Hemligt", name="Hemlig", state=state)

    alone = client.get(gone.get_absolute_url(), headers={"accept-language": "en"})
    make_comment(post, "Svar", parent=gone)
    answered = client.get(gone.get_absolute_url())

    page = read(client, post)
    assert (alone.status_code, "emlig" in alone.content.decode()) == (410, False)
    assert answered["Location"] == f"{post.get_absolute_url()}#comment-1"
    assert words in page.words("comment-1")
    assert "Hemlig" not in page.source


def test_writer_is_not_told_that_a_withdrawn_comment_waits(client, post):
    gone = make_comment(post, state="withdrawn")
    owns(client, gone)

    assert client.get(gone.get_absolute_url()).status_code == 410
