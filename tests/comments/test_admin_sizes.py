"""The admin before a long chain of replies, and a parent with many children: what it costs does not grow."""

import pytest
from django.urls import reverse

from blog.comments.models import Comment
from tests.comments.crowds import CHAIN, FLAT, ONE_PARENT, make_crowd
from tests.factories import make_post, make_published

pytestmark = pytest.mark.django_db
SIZE = 1500  # beyond Python's limit of recursion
MOST_BYTES = 100_000


@pytest.fixture(params=[CHAIN, ONE_PARENT, FLAT])
def crowded(request):
    post = make_published()
    make_crowd(post, SIZE, parents=request.param)
    return post


def test_list_and_page_of_a_comment(sign_in, moderator, crowded, django_assert_max_num_queries):
    client = sign_in(moderator)
    middle = Comment.objects.get(number=SIZE // 2)

    for address in ("/admin/blog/comment/", reverse("admin:blog_comment_change", args=[middle.pk])):
        with django_assert_max_num_queries(18):
            page = client.get(address)

        assert page.status_code == 200
        assert len(page.content) < MOST_BYTES
        assert page.text.count("<option") < 30  # actions and reasons, but not every comment


def test_deletion_of_posts_loads_no_comment(sign_in, editor, crowded, django_assert_max_num_queries):
    draft = make_post("Ett utkast")
    chosen = {"action": "delete_selected", "_selected_action": [crowded.pk, draft.pk]}
    client = sign_in(editor)

    with django_assert_max_num_queries(20):
        page = client.post("/admin/blog/post/", chosen)
    refusal = client.get(reverse("admin:blog_post_delete", args=[crowded.pk]))
    client.post("/admin/blog/post/", chosen | {"post": "yes"})

    assert "has comments, which are never deleted: it stays." in page.text
    assert "Text 17" not in page.text
    assert refusal.url == reverse("admin:blog_post_change", args=[crowded.pk])
    assert list(type(draft).objects.all()) == [crowded]
