"""What of the public pages each change makes out of date, whoever changes it and by whichever way."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from blog.comments.models import Comment
from blog.moderation import duplicates
from blog.posts import relations
from blog.posts.images import Image
from blog.posts.models import Authorship, Post, Source
from blog.posts.relations import Correction, Relation
from blog.tags.models import Tag, TaggedPost
from blog.web.shared import forget_purges
from tests.factories import make_byline, make_comment, make_group, make_post, make_published, make_user

pytestmark = pytest.mark.django_db

LISTS = {"list", "order"}


def purged(deed):
    """The tags of what `deed` made out of date."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM blog_purge")
        deed()
        cursor.execute("SELECT tags FROM blog_purge")
        return {tag for (tags,) in cursor.fetchall() for tag in tags}


def comments(post):
    return {f"comments:{post.pk}"}


def shown(post):
    return {f"post:{post.pk}"}


# --- Comments


def test_new_comment_is_told_once_everybody_can_see_it(post):
    held = make_comment(post, "Vänta", state="held")

    assert purged(lambda: make_comment(post)) == comments(post)
    assert purged(lambda: make_comment(post, "Sen", state="held")) == set()
    assert purged(lambda: Comment.objects.filter(pk=held.pk).update(state="visible")) == comments(post)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "removed"}, {"state": "spam"}, {"state": "held"}, {"html": "<p>Nytt</p>"}, {"text": "Nytt"},
        {"website": "https://bo.example"}, {"picked_at": timezone.now()}, {"edited_at": timezone.now()},
        {"mentions": {"Bo": 1}}, {"name": "Bo"},
    ],
)  # fmt: skip
def test_change_of_a_visible_comment_is_told(post, change):
    comment = make_comment(post)

    assert purged(lambda: Comment.objects.filter(pk=comment.pk).update(**change)) == comments(post)


@pytest.mark.parametrize(
    "change", [{"told_at": timezone.now()}, {"network_key": None}, {"email": "bo@bo.example"}, {"findings": [1]}]
)
def test_what_no_page_shows_of_a_comment_is_not_told(post, change):
    comment = make_comment(post)

    assert purged(lambda: Comment.objects.filter(pk=comment.pk).update(**change)) == set()


def test_held_comment_changes_unseen_but_is_counted_as_spam(post):
    comment = Comment.objects.filter(pk=make_comment(post, state="held").pk)

    assert purged(lambda: comment.update(text="Nytt")) == set()
    assert purged(lambda: comment.update(state="spam")) == comments(post)


def test_deleted_comment_is_told(post):
    comment = make_comment(post)

    assert purged(lambda: Comment.objects.filter(pk=comment.pk).delete()) == comments(post)


def test_merging_and_undoing_are_told(post, moderator):
    same = [make_comment(post, "Samma", name=name) for name in ("Anna", "Bo")]
    make_group(*same)

    assert purged(lambda: duplicates.merge([each.pk for each in same], by=moderator)) == comments(post)


# --- Posts


@pytest.mark.parametrize(
    "change",
    [{"title": "Ny"}, {"body": "<p>Ny</p>"}, {"comment_policy": "closed"}, {"standfirst": "Ny"}, {"slug": "ny"}],
)
def test_change_of_a_public_text_is_told(post, change):
    assert purged(lambda: Post.objects.filter(pk=post.pk).update(**change)) == {"list", *shown(post)}


def test_hour_and_state_of_a_post_change_the_order(post, editor):
    later = timezone.now() + timedelta(days=1)

    assert purged(lambda: Post.objects.filter(pk=post.pk).update(publish_at=later)) == LISTS | shown(post)
    assert purged(lambda: Post.objects.get(pk=post.pk).archive(by=editor)) == LISTS | shown(post)


def test_draft_is_told_when_it_is_approved(editor):
    draft = make_post("Utkast", tags=["väg"], bylines=[make_byline()])

    assert purged(lambda: Post.objects.filter(pk=draft.pk).update(title="Nytt")) == set()
    assert purged(lambda: Source.objects.create(post=draft, text="Boken")) == set()
    assert purged(lambda: draft.tags.add("buss")) == set()
    assert purged(lambda: draft.approve(by=editor)) == LISTS | shown(draft)


def test_desk_works_on_a_public_post_unseen(post, editor):
    changes = {"head": 7, "reviewer": editor, "due_on": timezone.localdate(), "priority": 1}

    assert purged(lambda: Post.objects.filter(pk=post.pk).update(**changes)) == set()


def test_new_and_deleted_public_posts_change_the_lists():
    post = make_published("Nytt")
    expected = LISTS | shown(post)

    assert purged(lambda: make_published("Nyare")) >= LISTS
    assert purged(post.delete) >= expected


def test_what_hangs_on_a_public_post_is_told(post, editor):
    other, byline = make_published("Följer upp"), make_byline("Karin Ek")

    assert purged(lambda: Source.objects.create(post=post, text="Boken")) == shown(post)
    assert purged(lambda: post.sources.all().delete()) == shown(post)
    assert purged(lambda: Authorship.objects.create(post=post, byline=byline)) == {"list", *shown(post)}
    assert purged(lambda: post.tags.add("buss")) == LISTS | shown(post)
    assert purged(lambda: other.relations.create(to=post)) == shown(post) | shown(other)
    assert purged(lambda: relations.correct(post, "Fel.", by=editor)) == {"list", *shown(post)}


def test_each_row_that_hangs_on_a_public_post_is_told(post):
    """One statement each, as a command or an import may send it."""
    other, third = make_published("Följer upp"), make_published("Svarar")
    bus = Tag.objects.create(name="buss", slug="buss")
    signed = Authorship.objects.filter(pk=Authorship.objects.create(post=post, byline=make_byline()).pk)
    source = Source.objects.filter(pk=Source.objects.create(post=post, text="Boken").pk)
    relation = Relation.objects.filter(pk=Relation.objects.create(post=post, to=other).pk)
    post.tags.add("väg")
    tagged = TaggedPost.objects.filter(content_object=post)
    correction = Correction.objects.filter(post=post)

    assert purged(lambda: signed.update(position=2)) == {"list", *shown(post)}
    assert purged(signed.delete) == {"list", *shown(post)}
    assert purged(lambda: source.update(text="Artikeln")) == shown(post)
    assert purged(lambda: relation.update(to=third)) == shown(post) | shown(other) | shown(third)
    assert purged(relation.delete) == shown(post) | shown(third)
    assert purged(lambda: tagged.update(tag=bus)) == LISTS | shown(post)
    assert purged(lambda: Correction.objects.create(post=post, text="Fel.")) == {"list", *shown(post)}
    assert purged(lambda: correction.update(text="Helt fel.")) == {"list", *shown(post)}
    assert purged(correction.delete) == {"list", *shown(post)}


# --- Names


def test_tag_that_is_renamed_or_merged_is_told():
    post = make_published(tags=["väg", "buss"])
    road, bus = Tag.objects.get(name="väg"), Tag.objects.get(name="buss")

    assert purged(lambda: road.rename("vägar")) == {"list", f"tag:{road.pk}"}
    assert purged(lambda: bus.merge(into=road)) >= LISTS | shown(post)


def test_names_shown_anywhere_change_the_site():
    byline, user, image = make_byline(), make_user("editor"), Image.objects.create(key="a", width=1, height=1)

    assert purged(lambda: Image.objects.filter(pk=image.pk).update(alt="Ett dukat bord")) == {"site"}
    assert purged(Image.objects.filter(pk=image.pk).delete) == {"site"}
    assert purged(lambda: type(byline).objects.filter(pk=byline.pk).update(bio="Ny")) == {"site"}
    assert purged(lambda: byline.links.create(label="Blogg", url="https://blogg.example")) == {"site"}
    assert purged(lambda: type(user).objects.filter(pk=user.pk).update(first_name="Ny")) == {"site"}
    assert purged(lambda: type(user).objects.filter(pk=user.pk).update(last_login=timezone.now())) == set()


def test_very_many_changes_change_the_site():
    post = make_published()
    Post.objects.bulk_create(
        Post(title="n", slug=f"n-{number}", status="approved", publish_at=post.publish_at) for number in range(201)
    )

    assert purged(lambda: Post.objects.update(title="Ny")) == {"site"}


def test_same_thing_is_said_once_in_a_transaction(post):
    def write():
        for number in range(5):
            make_comment(post, f"Nummer {number}")

    purged(write)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM blog_purge")
        assert cursor.fetchone() == (1,)


def test_old_purges_are_forgotten(post):
    make_comment(post)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE blog_purge SET at = now() - interval '61 minutes'")
        cursor.execute("INSERT INTO blog_purge (tags) VALUES ('{new}')")

        forget_purges()

        cursor.execute("SELECT tags FROM blog_purge")
        assert cursor.fetchall() == [(["new"],)]
