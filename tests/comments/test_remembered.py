"""No page shows what was before, although its parts are remembered: each is as if it were made for the first time."""

import gc
from datetime import timedelta

import pytest
from django.utils import timezone

from blog.comments.models import Comment
from blog.posts.models import Authorship, Post, Source
from blog.posts.relations import Correction, Relation
from blog.tags.models import Tag
from blog.web.memo import _Memory
from tests.factories import make_byline, make_comment, make_published, make_user
from tests.permissions.canaries import TOKEN

pytestmark = pytest.mark.django_db
PAST = timezone.now() - timedelta(days=40)


@pytest.fixture
def talk(db):
    """A post with all that a page shows: a thread of two, one more, an earlier post and one that answers."""
    writer = make_user("author", "karin")
    earlier = make_published("Förr", ago=timedelta(days=3))
    signed = [make_byline(user=writer)]
    words = {"standfirst": "Om vägar.", "body": "<p>En väg är lång.</p>"}
    post = make_published("Ett samtal", language="en", tags=["väg"], bylines=signed, **words)
    later = make_published("Senare", ago=timedelta(hours=1))
    Relation.objects.create(post=later, to=post)
    Source.objects.create(post=post, text="Boken")
    first = make_comment(post, "Första orden", name="Anna", website="https://anna.example/")
    make_comment(post, "Svaret", name="Bo", parent=first)
    make_comment(post, "Tredje orden", name="Cilla", user=writer)
    post.earlier, post.later = earlier, later
    return post


def forget():
    """Empty every memory of this process."""
    for each in gc.get_objects():
        if type(each) is _Memory:  # isinstance would wake lazy things
            each.clear()


def looked_at(client, post):
    return [TOKEN.sub("", client.get(path).text) for path in (post.get_absolute_url(), "/")]


def of(post, number):
    return Comment.objects.filter(post=post, number=number)


CHANGES = {
    "text": lambda post: of(post, 1).update(text="Nya ord", html="<p>Nya ord</p>"),
    "text of an old mark-up": lambda post: of(post, 1).update(text="Nya ord", html="", markup_version=0),
    "name": lambda post: of(post, 1).update(name="Annika"),
    "website": lambda post: of(post, 1).update(website=""),
    "removed": lambda post: of(post, 3).update(state="removed"),
    "removed above a reply": lambda post: of(post, 1).update(state="removed"),
    "withdrawn reply": lambda post: of(post, 2).update(state="withdrawn"),
    "changed by its writer": lambda post: of(post, 1).update(edited_at=timezone.now()),
    "picked": lambda post: of(post, 1).update(picked_at=timezone.now()),
    "new comment": lambda post: make_comment(post, "Fjärde orden", parent=of(post, 1).get()),
    "writer of a comment signs no more": lambda post: Authorship.objects.filter(post=post).delete(),
    "language": lambda post: Post.objects.filter(pk=post.pk).update(language="sv"),
    "closed": lambda post: Post.objects.filter(pk=post.pk).update(comment_policy="closed"),
    "hour": lambda post: Post.objects.filter(pk=post.pk).update(publish_at=PAST),
    "title and text": lambda post: Post.objects.filter(pk=post.pk).update(title="Nytt", body="<p>Nytt</p>"),
    "tag": lambda post: Tag.objects.filter(name="väg").update(name="vägar"),
    "source": lambda post: post.sources.update(text="Artikeln"),
    "correction": lambda post: Correction.objects.create(post=post, text="Det var fel."),
    "earlier post": lambda post: Post.objects.filter(pk=post.earlier.pk).update(title="Ännu förr"),
    "post that answers": lambda post: Post.objects.filter(pk=post.later.pk).update(title="Mycket senare"),
    "byline": lambda post: post.bylines.update(name="Kajsa Ek", bio="Skriver."),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_page_after_a_change_is_as_if_made_for_the_first_time(client, talk, change):
    before = looked_at(client, talk)
    change(talk)

    remembered = looked_at(client, Post.objects.get(pk=talk.pk))

    forget()
    assert remembered == looked_at(client, Post.objects.get(pk=talk.pk))
    assert remembered[0] != before[0]


def test_full_text_on_the_front_page_is_remembered_apart(client, talk, settings):
    shown = {}
    for is_full in (False, True, False):
        settings.FRONT_PAGE_FULL_TEXT = is_full
        shown.setdefault(is_full, []).append("En väg är lång." in client.get("/").text)

    assert shown == {False: [False, False], True: [True]}
