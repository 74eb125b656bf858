"""A discussion as readers see it: threads, permalinks, what is held or gone, and what 10,000 comments cost."""

import html5lib
import pytest

from blog.comments import ownership, threads
from blog.comments.models import Comment, Discussion
from blog.moderation import duplicates
from tests.factories import make_byline, make_comment, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(db):
    return make_published(language="en")  # so that the words stand here as they are in the code


class Page:
    """A page as its reader's browser understands it."""

    def __init__(self, response):
        assert response.status_code == 200
        self.source = response.content.decode()
        self.tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(self.source)

    def comments(self):
        return {each.get("id"): each for each in self.tree.iter("li") if each.get("id", "").startswith("comment-")}

    def words(self, anchor):
        return " ".join("".join(self.comments()[anchor].itertext()).split())

    def heading(self):
        return "".join(self.tree.find(".//h2[@id='comments-heading']").itertext()).strip()

    def links(self, anchor):
        return [each.get("href") for each in self.comments()[anchor].iter("a")]


def read(client, post, query=""):
    return Page(client.get(post.get_absolute_url() + query))


def owns(client, *comments):
    client.cookies[ownership.COOKIE] = ownership.signing.dumps([each.pk for each in comments], salt=ownership.SALT)


def fill(post, size):
    """`size` comments of their own, each with the number of its row."""
    Discussion.objects.update_or_create(post=post, defaults={"last_number": size})
    model = make_comment(make_published("Mall"), "Ett svar bland många. " * 5)
    columns = {
        "post": post,
        "name": "Anna",
        "text": model.text,
        "html": model.html,
        "state": "visible",
        "origin": "import",
    }
    keys = {"author_key": b"a", "text_key": b"t", "submission_key": b"s"}
    Comment.objects.bulk_create(
        [Comment(number=number, path=[number], **columns, **keys) for number in range(1, size + 1)], batch_size=2000
    )


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

    shown = [(anchor, each.get("class").split()[1]) for anchor, each in page.comments().items()]
    depths = [0, 1, 2, 3, 4, 4, 4, 0]
    assert shown == [(f"comment-{number}", f"depth-{depth}") for number, depth in enumerate(depths, 1)]
    assert "in reply to Läsare 0" in page.words("comment-2")
    assert "#comment-1" in page.links("comment-2")
    assert f"{post.get_absolute_url()}comments/2/" in page.links("comment-2")
    assert f"{post.get_absolute_url()}comments/write/?reply_to=2" in page.links("comment-2")


@pytest.mark.parametrize("state", ["held", "spam", "removed"])
def test_reply_to_what_is_gone_does_not_name_it(client, post, state):
    parent = make_comment(post, "Hemlig text", name="Hemlig Person", state=state)
    reply = make_comment(post, "Ett svar", parent=parent)

    page = read(client, post)

    assert list(page.comments()) == [reply.anchor]
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

    assert page.heading() == "1 comment"
    assert "1 mention" in page.source
    assert "mention" in page.comments()[mention.anchor].get("class").split()
    assert page.links(mention.anchor)[0] == "https://bloggen.example/"
    assert not any("reply_to" in each for each in page.links(mention.anchor))


def test_website_is_linked_without_endorsement_and_only_if_it_is_one(client, post):
    good = make_comment(post, name="Anna", website="https://anna.example/")
    bad = make_comment(post, "Två", name="Bo", website="javascript:alert(1)")

    page = read(client, post)

    assert '<a href="https://anna.example/" rel="nofollow ugc noopener">Anna</a>' in page.source
    assert good.anchor in page.comments()
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


# --- Permalinks


def follow(client, post, number):
    return client.get(f"{post.get_absolute_url()}comments/{number}/")


def test_permalink_leads_to_the_page_with_the_comment(client, post):
    fill(post, 250)

    address = follow(client, post, 222)["Location"]

    path, _, anchor = address.partition("#")
    assert anchor in Page(client.get(path)).comments()


def test_permalink_of_a_merged_comment_leads_to_the_kept_one(client, post, moderator):
    kept, copy = make_comment(post, "Samma"), make_comment(post, "Samma")
    duplicates.merge([kept.pk, copy.pk], by=moderator)

    response = client.get(copy.get_absolute_url(), follow=True)

    assert response.redirect_chain[-1] == (f"{post.get_absolute_url()}#comment-1", 302)
    assert response.status_code == 200


@pytest.mark.parametrize("state", ["held", "spam", "removed"])
def test_permalink_of_what_nobody_sees_is_404(client, post, state):
    comment = make_comment(post, state=state)

    assert client.get(comment.get_absolute_url()).status_code == 404


def test_permalink_of_a_held_comment_works_for_its_writer(client, post):
    held = make_comment(post, state="held")
    owns(client, held)

    assert follow(client, post, held.number)["Location"] == f"{post.get_absolute_url()}#{held.anchor}"


@pytest.mark.parametrize("number", [0, 2, 9**18, int("9" * 400)])
def test_permalink_of_no_comment_is_404(client, post, number):
    make_comment(post)

    assert follow(client, post, number).status_code == 404


# --- Long discussions


def test_ten_thousand_comments_cost_one_page(client, post, django_assert_num_queries):
    fill(post, 10_000)

    with django_assert_num_queries(11):  # one less than a post with a byline
        response = client.get(post.get_absolute_url())

    page = Page(response)
    assert len(page.comments()) == threads.PAGE_ROWS
    assert page.heading() == "10000 comments"
    assert len(response.content) < 150_000


def test_pages_of_a_discussion_lead_on_and_back(client, post):
    fill(post, 150)

    first = read(client, post)
    second = read(client, post, "?from=101")

    assert f'href="{post.get_absolute_url()}?from=101#comments"' in first.source
    assert list(second.comments()) == [f"comment-{number}" for number in range(101, 151)]
    assert f'<a href="{post.get_absolute_url()}#comments">To the beginning of the discussion</a>' in second.source
    assert "?from=" not in second.source


def test_reply_whose_parent_stands_on_an_earlier_page_links_its_permalink(client, post):
    parent = make_comment(post, name="Rot")
    for number in range(130):
        last = make_comment(post, f"Svar {number}", parent=parent)

    page = read(client, post, f"?from={last.number}")

    assert f"{post.get_absolute_url()}comments/1/" in page.links(last.anchor)
    assert "#comment-1" not in page.links(last.anchor)


@pytest.mark.parametrize("number", [77, 10**17])
def test_page_that_begins_with_no_comment_leads_to_the_first(client, post, number):
    make_comment(post)

    response = client.get(f"{post.get_absolute_url()}?from={number}")

    assert (response.status_code, response["Location"]) == (302, post.get_absolute_url())
