"""The image library on the desk: whose words a picture keeps, and which picture may go."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.editing import saving
from blog.policy import may
from blog.posts.images import Image
from blog.posts.models import Post
from blog.posts.revisions import content_of
from tests.factories import make_byline, make_post, make_published
from tests.posts.pictures import jpeg, uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def image():
    return Image.objects.create(key="a" * 16, width=400, height=300, alt="En katt")


def make_update(cover, by):
    """A published post with a newer text, whose cover is the picture."""
    post = make_published(created_by=by)
    saving.save(post, content_of(post) | {"cover": cover.pk}, base=0, by=by)
    return Post.objects.select_related("pending").get()


def on_a_draft(image, by):
    make_post(cover=image, created_by=by)


def on_an_update_in_work(image, by):
    make_update(image, by)


def on_a_published_post(image, by):
    make_published(cover=image)


def on_an_approved_update(image, by):
    make_update(image, by).pending.approve(publish_at=timezone.now() + timedelta(days=1))


def on_an_approved_update_that_is_rewritten(image, by):
    on_an_approved_update(image, by)
    post = Post.objects.get()
    saving.save(post, content_of(post) | {"cover": None}, base=post.head, by=by)


def by_a_byline(image, by):
    make_byline(picture=image)


SHOWN = [on_a_published_post, on_an_approved_update, on_an_approved_update_that_is_rewritten, by_a_byline]


@pytest.mark.parametrize("place", [on_a_draft, on_an_update_in_work])
def test_author_changes_words_that_are_not_approved(sign_in, author, image, place):
    place(image, author)

    sign_in(author).post(f"/admin/blog/image/{image.pk}/change/", {"alt": "En hund", "focus_x": 50, "focus_y": 50})

    assert Image.objects.get().alt == "En hund"


@pytest.mark.parametrize("place", SHOWN)
def test_author_does_not_change_words_that_are_approved(sign_in, author, editor, image, place):
    place(image, author)

    refused = sign_in(author).post(f"/admin/blog/image/{image.pk}/change/", {"alt": "En hund"})

    assert (refused.status_code, Image.objects.get().alt) == (403, "En katt")
    assert sign_in(author).get(f"/admin/blog/image/{image.pk}/change/").status_code == 200
    assert may(editor, "image.change", image)


def test_author_fills_no_empty_words_of_a_picture_that_readers_see(sign_in, author, editor):
    sign_in(author).post("/admin/blog/image/add/", {"file": uploaded(jpeg())})
    make_published(cover=Image.objects.get())

    alts = []
    for person in (author, editor):
        sign_in(person).post("/admin/blog/image/add/", {"file": uploaded(jpeg()), "alt": "En röd yta"})
        alts.append(Image.objects.get().alt)

    assert alts == ["", "En röd yta"]


@pytest.mark.parametrize("place", [on_a_draft, on_an_update_in_work, *SHOWN[:3]])
def test_cover_of_a_text_that_is_to_come_is_not_deleted(sign_in, author, editor, image, place):
    place(image, author)
    desk = sign_in(editor)

    page = desk.post(f"/admin/blog/image/{image.pk}/delete/", {"post": "yes"})
    many = {"action": "delete_selected", "_selected_action": [image.pk], "post": "yes"}
    desk.post("/admin/blog/image/", many)

    assert page.content.decode().count("Om kommatecken") == 1
    assert list(Image.objects.all()) == [image]


def test_picture_that_no_text_needs_any_more_is_deleted(sign_in, author, editor, image):
    on_an_update_in_work(image, author)
    post = Post.objects.get()
    saving.save(post, content_of(post), base=post.head, by=author)

    sign_in(editor).post(f"/admin/blog/image/{image.pk}/delete/", {"post": "yes"})

    assert not Image.objects.exists()
