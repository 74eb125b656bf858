"""A discussion as readers see it: threads, permalinks, what is held or gone, and what 10,000 comments cost."""

import pytest

from blog.comments import ownership
from tests.comments.reading import owns, read
from tests.factories import make_byline, make_comment, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(db):
    return make_published(language="en")  # so that the words stand here as they are in the code


@pytest.mark.parametrize(("comments", "heading"), [(0, "No comments yet"), (1, "1 comment"), (2, "2 comments")])
def test_heading_counts_with_the_right_plural(client, comments, heading):
    post = make_published(language="en")
    for number in range(comments):
        make_comment(post, f"Nr {number}")

    assert read(client, post).heading() == heading


def test_threads_are_shown_in_order_and_moved_in_four_steps_at_most(client, post):
    parent = None
    for level in range(7):
        parent = make_comment(post, f"Nivå {level}", name=f"Läsare {level}", parent=parent)
    make_comment(post, "En ny tråd")

    page = read(client, post)

    levels = [0, 1, 2, 3, 4, 4, 4, 0]
    assert page.levels() == {f"comment-{number}": level for number, level in enumerate(levels, 1)}
    assert list(page.levels()) == [f"comment-{number}" for number in range(1, 9)]
    assert "Level 2, in reply to Läsare 0" in page.words("comment-2")
    assert "Level 5, in reply to Läsare 5" in page.words("comment-7")
    assert "#comment-1" in page.links("comment-2")
    assert f"{post.get_absolute_url()}comments/2/" in page.links("comment-2")
    assert f"{post.get_absolute_url()}comments/write/?reply_to=2" in page.links("comment-2")


@pytest.mark.parametrize("state", ["held", "spam", "removed"])
def test_reply_to_what_is_gone_does_not_name_it(client, post, state):
    parent = make_comment(post, "Hemlig text", name="Hemlig Person", state=state)
    reply = make_comment(post, "Ett svar", parent=parent)

    page = read(client, post)

    assert list(page.comments()) == [parent.anchor, reply.anchor]
    assert page.article(parent.anchor).get("class") == "tombstone"
    assert "moderator" in page.words(parent.anchor)
    assert "in reply to a comment that is no longer shown" in page.words(reply.anchor)
    assert "Hemlig" not in page.source
    assert "Hemlig" not in client.get(f"{post.get_absolute_url()}comments/feed/").content.decode()


def test_badges_tell_the_author_and_the_staff(client, editor, moderator):
    post = make_published(bylines=[make_byline(user=editor)], language="en")
    by_author = make_comment(post, "Jag skrev det.", user=editor)
    by_staff = make_comment(post, "Håll god ton.", user=moderator)
    by_reader = make_comment(post, "Jaha.")

    page = read(client, post)

    badges = ["author" in page.words(each.anchor) for each in (by_author, by_staff, by_reader)]
    assert badges == [True, False, False]
    assert "editorial staff" in page.words(by_staff.anchor)


def test_mention_looks_like_one_and_is_counted_apart(client, post):
    make_comment(post, "En kommentar")
    mention = make_comment(post, "[…]", name="Bloggen", origin="mention", website="https://bloggen.example/")

    page = read(client, post)

    assert page.heading() == "1 comment · 1 mention"
    assert "mention" in page.comments()[mention.anchor].get("class").split()
    assert page.links(mention.anchor)[0] == "https://bloggen.example/"
    assert not any("reply_to" in each for each in page.links(mention.anchor))


def test_website_is_linked_without_endorsement_and_only_if_it_is_one(client, post):
    good = make_comment(post, name="Anna", website="https://anna.example/")
    bad = make_comment(post, "Två", name="Bo", website="javascript:alert(1)")

    page = read(client, post)

    link = page.article(good.anchor).find(".//b/a")
    assert (link.get("href"), link.get("rel")) == ("https://anna.example/", "nofollow ugc noopener")
    assert "".join(link.itertext()) == "Anna"
    assert bad.anchor in page.comments()
    assert "javascript:" not in page.source


def test_email_is_shown_to_nobody(client, post):
    comment = make_comment(post, "Hej", email="anna@hemlig.example")
    make_comment(post, "Svar", parent=comment, email="bo@hemlig.example")
    owns(client, comment)

    for address in ("", "comments/feed/", "comments/write/?reply_to=1"):
        assert "hemlig.example" not in client.get(post.get_absolute_url() + address).content.decode()


def test_held_comment_is_seen_by_its_writer_alone(client, post):
    held = make_comment(post, "Väntar", state="held")
    make_comment(post, "Syns")

    stranger = read(client, post)
    owns(client, held)
    writer = read(client, post)

    assert (held.anchor in stranger.comments(), held.anchor in writer.comments()) == (False, True)
    assert "only you can see this" in writer.words(held.anchor)
    assert stranger.heading() == writer.heading() == "1 comment"


@pytest.mark.parametrize("cookie", ["", "x", "WzFd:1:x", "[1]", "1" * 4000])
def test_cookie_that_we_did_not_sign_shows_nothing(client, post, cookie):
    held = make_comment(post, "Väntar", state="held")
    client.cookies[ownership.COOKIE] = cookie

    assert held.anchor not in read(client, post).comments()


def test_closed_discussion_says_so_and_takes_nothing(client):
    post = make_published(comment_policy="closed", language="en")
    make_comment(post)

    page = read(client, post)

    assert "Comments on this post are closed." in page.source
    assert '<form class="comment-form"' not in page.source
    assert "reply_to" not in page.source


XSS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "<a href='javascript:alert(1)'>x</a>",
    "![x](https://spion.example/a.png)",
    "`<svg/onload=alert(1)>`",
    "> <iframe src=//x.example>",
]


@pytest.mark.parametrize("attack", XSS)
def test_attack_in_a_comment_is_shown_as_text(client, post, attack):
    comment = make_comment(post, attack, name=attack[:80])

    page = read(client, post)

    item = page.comments()[comment.anchor]
    tags = {each.tag for each in item.iter()} - {"li", "article", "header", "b", "time", "a", "p", "div", "span"}
    assert tags <= {"code", "blockquote"}
    assert not [each for each in item.iter() for name in each.attrib if name.startswith("on")]
    assert not [each for each in page.links(comment.anchor) if "script" in each.lower()]
    assert client.get(f"{post.get_absolute_url()}comments/feed/").status_code == 200
