"""Finding comments by words, person, network, link, post, state and time, whatever is typed."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from blog.comments import groups
from blog.comments.models import Comment
from blog.moderation.forms_queue import SearchForm
from blog.moderation.search import found
from blog.web.rates import network_key
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def comments(post):
    other = make_published("Om semikolon")
    now = timezone.now()
    return {
        "anna": make_comment(post, "Kommatecknet är en paus", name="Anna Ek", email="Anna@Post.example"),
        "bo": make_comment(post, "Kommat stör mig", name="Bo", network_key=network_key("192.0.2.7")),
        "spam": make_comment(other, "Se https://www.köp.example/nu", name="Robot", state="spam"),
        "old": make_comment(other, "Bo skrev något om pauser", name="Anna Ek", created_at=now - timedelta(days=40)),
    }


@pytest.fixture
def search(comments, post):
    """A function from what is typed to the names of the comments that are found."""
    names = {comment: name for name, comment in comments.items()}

    def search(**typed):
        form = SearchForm({name: str(value) for name, value in typed.items()})
        asked = form.asked()
        assert asked is not None, form.errors
        return {names[comment] for comment in found(Comment.objects.all(), asked)}

    return search


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ({}, {"anna", "bo", "spam", "old"}),
        ({"words": "kommat"}, {"anna", "bo"}),
        ({"words": "STÖR komm"}, {"bo"}),
        ({"words": "kommat paus"}, set()),
        ({"words": "bo"}, {"bo", "old"}),
        ({"person": "bo"}, {"bo"}),
        ({"person": "Anna Ek"}, {"anna", "old"}),
        ({"person": "anna@post.EXAMPLE"}, {"anna"}),
        ({"person": "anna@elsewhere.example"}, set()),
        ({"network": "192.0.2.99"}, {"bo"}),
        ({"network": "2001:db8::1"}, set()),
        ({"state": "spam"}, {"spam"}),
        ({"post": "om-semikolon"}, {"spam", "old"}),
        ({"post": "Semikolon"}, {"spam", "old"}),
        ({"post": "om-semikolon", "words": "paus"}, {"old"}),
    ],
)
def test_search_finds(search, typed, names):
    assert search(**typed) == names


def test_search_by_the_address_of_a_post_and_by_another_comment(search, comments, post):
    assert search(post=f"https://blog.example{post.get_absolute_url()}") == {"anna", "bo"}
    assert search(by=comments["anna"].pk) == {"anna"}
    assert search(by=comments["old"].pk) == {"old"}
    assert search(near=comments["bo"].pk) == {"bo"}


@pytest.mark.parametrize("typed", ["köp.example", "https://KÖP.example/nu", "www.köp.example"])
def test_search_by_the_domain_of_a_link(search, typed):
    groups.catch_up()

    assert search(domain=typed) == {"spam"}


def test_search_by_days_counts_both(search, comments):
    day = timezone.make_aware(datetime(2026, 3, 1, 23, 30))
    Comment.objects.filter(pk=comments["bo"].pk).update(created_at=day)

    assert search(since="2026-03-01", until="2026-03-01") == {"bo"}


ODD = ["'", "\\", "a' | 'b", "& | ! ( ) <-> :*", "!!!", "%_", "x" * 200, "ord " * 60, "\u202e", "😀", "<b>", "'':*\\'"]


@pytest.mark.parametrize("words", ODD)
def test_any_words_are_a_question(search, words):
    search(words=words[:200], person=words[:200], since="0001-01-01", until="9999-12-30")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"network": "192.0.2"}, "This is no network address"),
        ({"domain": "https://"}, "This is no domain"),
        ({"post": "finns-inte"}, "No post has this address"),
        ({"since": "31/31/2026"}, "Enter a valid date"),
        ({"until": "9999-12-31"}, "Enter a valid date"),
        ({"state": "x"}, "Select a valid choice"),
        ({"by": "99999999999999999999999"}, "Select a valid choice"),
        ({"by": "x"}, "Select a valid choice"),
        ({"near": "0"}, "Select a valid choice"),
        ({"words": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_is_not_understood_is_told_and_finds_nothing(sign_in, moderator, comments, typed, told):
    response = sign_in(moderator).get("/admin/queue/all/", typed)

    assert (response.status_code, response.context["rows"]) == (200, [])
    assert told in response.text


def test_comment_whose_network_is_forgotten_says_so(sign_in, moderator, comments):
    response = sign_in(moderator).get("/admin/queue/all/", {"near": comments["anna"].pk})

    assert "no longer known" in response.text


def test_question_stays_in_the_form_and_on_the_next_page(sign_in, moderator, post):
    for number in range(40):
        make_comment(post, f"Paus {number}")

    response = sign_in(moderator).get("/admin/queue/all/", {"words": "paus", "state": "visible"})

    assert 'value="paus"' in response.text
    assert "words=paus&amp;state=visible&amp;after=" in response.text


OTHER_INDEXES = """
    SELECT indexrelid::regclass::text FROM pg_index
    WHERE indrelid IN ('blog_comment'::regclass, 'blog_fingerprint'::regclass) AND NOT indisunique
        AND indexrelid <> to_regclass(%s)
"""


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"words": "paus"}, "comment_search"),
        ({"person": "anna@post.example"}, "comment_of_address"),
        ({"person": "Anna Ek"}, "comment_search"),
        ({"author_key": b"x" * 16}, "comment_of_person"),
        ({"network_key": b"x" * 16}, "comment_of_network"),
        ({"domain": "a.example"}, "fingerprint_domains"),
        ({"state": "spam"}, "comment_by_state"),
        ({"since": datetime(2026, 1, 1, tzinfo=timezone.get_current_timezone())}, "comment_by_time"),
    ],
)
def test_each_question_has_an_index(comments, asked, index):
    query = found(Comment.objects.order_by(), asked)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")  # a bitmap needs a condition
        # In an almost empty table any other one would cost as little.
        cursor.execute(OTHER_INDEXES, [index])
        cursor.execute(f"DROP INDEX {', '.join(name for (name,) in cursor.fetchall())}")
        plan = query.explain()

    assert index in plan
