"""Who is mailed about what happens to a text."""

import pytest
from django.core import mail

from blog.posts import notices, steps
from blog.posts.events import Event, Kind
from tests.factories import make_byline, make_post, make_user, send_letters

pytestmark = pytest.mark.django_db


def letters():
    send_letters()
    return sorted(address for letter in mail.outbox for address in letter.to)


def last(post):
    return post.events.first().pk


def test_reviewer_is_told_of_what_was_submitted(author, editor):
    make_user("editor", "annan")
    post = make_post(created_by=author, reviewer=editor)
    steps.take("submit", post, by=author, note="Titta på slutet.")

    notices.tell(last(post))

    assert letters() == [editor.email]
    assert mail.outbox[0].subject.endswith("Om kommatecken")
    assert "Titta på slutet." in mail.outbox[0].body


def test_writers_are_told_of_changes_that_are_asked_for_but_not_who_asked(author, editor):
    post = make_post(created_by=author, status="in_review", bylines=[make_byline(user=editor)])
    steps.take("changes", post, by=editor, note="Kortare.")

    notices.tell(last(post))

    assert letters() == [author.email]


def test_nobody_is_told_who_may_not_see_the_post_any_more(author, editor):
    post = make_post(created_by=author, status="in_review")
    steps.take("changes", post, by=editor, note="Kortare.")
    author.is_active = False
    author.save()

    notices.tell(last(post))

    assert letters() == []


def test_event_of_a_deleted_post_tells_nobody(author, editor):
    post = make_post(created_by=author, reviewer=editor)
    event = Event.record(post, Kind.SUBMITTED, by=author)
    post.delete()

    notices.tell(event.pk)

    assert letters() == []


def test_all_who_may_approve_are_told_where_no_reviewer_is_named(author, editor, moderator, administrator):
    post = make_post(created_by=author)
    steps.take("submit", post, by=author)

    notices.tell(last(post))

    assert letters() == [administrator.email, editor.email]
