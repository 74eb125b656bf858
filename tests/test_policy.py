"""The table of roles and actions."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from blog.editing import saving
from blog.policy import RULES, may
from blog.posts.models import Post
from blog.posts.revisions import content_of
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return {role: make_user(role) for role in ("author", "editor", "moderator", "administrator")}


def who_may(people, action, thing=None):
    return {role for role, user in people.items() if may(user, action, thing)}


def test_strangers_readers_with_accounts_and_former_staff_may_nothing():
    reader = User.objects.create_user("reader")
    former = make_user("administrator", "former")
    former.is_staff = False
    dismissed = make_user("editor", "dismissed")
    dismissed.is_active = False

    for user in (AnonymousUser(), reader, former, dismissed):
        assert not [action for action in RULES if may(user, action)]


def test_superuser_may_everything_in_the_table_and_nothing_else():
    superuser = User.objects.create_superuser("root")

    assert all(may(superuser, action) for action in RULES)
    with pytest.raises(KeyError):
        may(superuser, "post.burn")


def test_posts_are_written_by_authors_and_decided_on_by_editors(people):
    own, others = make_post(created_by=people["author"]), make_post("En annan", created_by=people["editor"])

    assert who_may(people, "post.add") == {"author", "editor", "administrator"}
    assert who_may(people, "post.change", own) == {"author", "editor", "administrator"}
    assert who_may(people, "post.change", others) == {"editor", "administrator"}
    assert who_may(people, "post.approve", own) == {"editor", "administrator"}
    assert who_may(people, "post.preview", others) == {"editor", "moderator", "administrator"}


def test_author_hands_in_and_takes_back_but_does_not_change_meanwhile(people):
    post = make_post(created_by=people["author"])
    post.submit()

    assert not may(people["author"], "post.change", post)
    assert not may(people["author"], "post.submit", post)
    assert may(people["author"], "post.withdraw", post)


def test_author_proposes_an_update_of_what_is_approved(people, settings):
    post = make_post(created_by=people["author"])
    post.approve()

    def allowed():
        return {action for action in RULES if action.startswith("post.") and may(people["author"], action, post)}

    reading = {"post.view", "post.add", "post.preview", "post.note", "post.resolve", "post.invite"}
    assert allowed() == reading | {"post.change"}
    settings.REAPPROVE_CHANGES = False  # now a change would be public at once
    assert allowed() == reading


def test_author_neither_deletes_nor_moves_what_is_approved_by_rewriting_it(people):
    post = make_post(created_by=people["author"])
    post.approve(publish_at=timezone.now() + timedelta(days=1))
    saving.save(post, content_of(post) | {"title": "Annan rubrik"}, base=0, by=people["author"])
    rewritten = Post.objects.get()

    assert rewritten.newest.status == "draft"
    assert who_may(people, "post.plan", rewritten) == {"editor", "administrator"}
    assert who_may(people, "post.delete", rewritten) == {"editor", "administrator"}


def test_comments_are_moderated_by_moderators_and_editors(people):
    assert who_may(people, "comment.moderate") == {"editor", "moderator", "administrator"}
    assert who_may(people, "batch.undo") == {"editor", "moderator", "administrator"}


def test_accounts_belong_to_administrators(people):
    assert who_may(people, "user.change") == {"administrator"}
