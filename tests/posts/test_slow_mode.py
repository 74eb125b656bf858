"""The slow mode of a discussion, as editors set it in the form of a post."""

import pytest
from django.test import Client

from blog.posts.models import Post
from tests.posts.form import change, errors, typed

pytestmark = pytest.mark.django_db


def test_editor_slows_a_discussion_down_and_readers_are_told(sign_in, editor, post):
    sign_in(editor).post(change(post), typed(post, comments_pause_minutes="5"))

    post.refresh_from_db()
    assert post.comments_pause_minutes == 5
    assert "5 minut" in Client().get(post.get_absolute_url()).text


@pytest.mark.parametrize("minutes", ["-1", "", "snart", "99999"])
def test_minutes_that_are_none_are_refused(sign_in, editor, post, minutes):
    answer = sign_in(editor).post(change(post), typed(post, comments_pause_minutes=minutes))

    assert list(errors(answer)) == ["comments_pause_minutes"]
    assert Post.objects.get().comments_pause_minutes == 0


def test_author_of_a_public_post_does_not_set_it(sign_in, author):
    post = Post.objects.create(title="Min", slug="min", created_by=author, body="<p>Ord.</p>")
    Post.objects.filter(pk=post.pk).update(status="approved", publish_at=post.created_at)
    post.refresh_from_db()

    sign_in(author).post(change(post), typed(post, comments_pause_minutes="5"))

    post.refresh_from_db()
    assert post.comments_pause_minutes == 0
