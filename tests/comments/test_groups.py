"""Groups of comments that say the same: how they come about, change and end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError

from blog.comments import fingerprints, groups
from blog.comments.models import Comment
from blog.comments.models_duplicates import Different, Group, Member
from blog.comments.submission import submit
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db
SAID = "Tack för en bra artikel om hur man väljer rätt kommatecken!"
NEAR = "Det här med kommatecken har jag aldrig förstått förrän nu, och jag har ändå gått i skolan i tolv år."
NEARER, NEAREST = NEAR.replace("tolv", "elva"), NEAR.replace("tolv", "elva").replace("skolan", "skola")
OTHER = "Jag håller inte med om att ett kommatecken alltid är en paus, för ibland är det bara en vana."


def star():
    """Each member with what it is to the oldest, or to whom."""
    return [(each.comment_id, each.tier, each.via_id) for each in Member.objects.order_by("comment_id")]


def test_group_is_a_star_around_the_oldest(post):
    hour = datetime(2026, 3, 1, tzinfo=UTC)
    comments = [
        make_comment(post, text, name=f"Namn {number}", created_at=hour + timedelta(days=number))
        for number, text in enumerate([SAID, SAID.upper(), f"Hej Anna! {SAID}", OTHER])
    ]

    assert groups.catch_up() == 4

    first, second, third, _other = (each.pk for each in comments)
    assert star() == [(first, "", None), (second, "exact", None), (third, "link", None)]
    group = Group.objects.get()
    assert (group.tier, group.standing) == ("link", 3)
    assert (group.first_at, group.last_at) == (comments[0].created_at, comments[2].created_at)
    assert groups.catch_up() == 0


def test_member_that_is_not_like_the_oldest_says_via_whom_it_came(post, monkeypatch):
    first, second, third = (make_comment(post, text, name=text[-9:]) for text in (NEAR, NEARER, NEAREST))
    compared = groups._compared
    monkeypatch.setattr(
        groups,
        "_compared",
        lambda said, words, other, text: (
            compared(said, words, other, text) if {said.pk, other.pk} != {first.pk, third.pk} else None
        ),
    )

    groups.catch_up()

    assert star() == [(first.pk, "", None), (second.pk, "near", None), (third.pk, "near", second.pk)]


def test_group_may_span_posts(post):
    comments = [make_comment(each, SAID) for each in (post, make_published("En annan"))]

    groups.catch_up()

    assert [row[0] for row in star()] == [each.pk for each in comments]


def test_changed_text_leaves_its_group_and_may_find_another(post):
    first, second, third = (make_comment(post, SAID, name=name) for name in ("Anna", "Bo", "Cia"))
    other = make_comment(post, OTHER, name="Dan")
    groups.catch_up()

    Comment.objects.filter(pk=third.pk).update(text=OTHER)
    groups.catch_up()

    assert {frozenset(group.members.values_list("comment", flat=True)) for group in Group.objects.all()} == {
        frozenset([first.pk, second.pk]), frozenset([third.pk, other.pk]),
    }  # fmt: skip


def test_others_find_each_other_anew_when_the_oldest_leaves(post):
    first, second, third = (make_comment(post, SAID, name=name) for name in ("Anna", "Bo", "Cia"))
    groups.catch_up()

    Comment.objects.filter(pk=first.pk).update(text=OTHER)
    groups.catch_up()

    assert star() == [(second.pk, "", None), (third.pk, "exact", None)]


def test_group_of_two_ends_when_one_leaves(post):
    comments = [make_comment(post, SAID, name=name) for name in ("Anna", "Bo")]
    groups.catch_up()

    groups.leave(comments[1])

    assert not Group.objects.exists()


def test_what_was_called_different_is_never_brought_together_again(post):
    for name, text in [("Anna", SAID), ("Bo", f"Hej! {SAID}"), ("Cia", SAID)]:
        make_comment(post, text, name=name)
    groups.catch_up()

    groups.dismiss(Group.objects.get())
    fingerprints.Fingerprint.objects.update(version=0)
    groups.catch_up()
    submit(post, text=SAID, name="Dan", email="dan@blog.example")

    assert Different.objects.exists()
    assert not Group.objects.exists()


def test_number_of_those_who_stand_follows_what_moderators_do(post):
    comments = [make_comment(post, SAID, name=name) for name in ("Anna", "Bo", "Cia")]
    groups.catch_up()

    Comment.objects.filter(pk=comments[0].pk).update(state="removed")

    assert Group.objects.get().standing == 2


def test_comment_is_stored_although_it_cannot_be_compared(post, monkeypatch, caplog):
    def fail(*_arguments, **_named):
        raise DatabaseError("no table")

    make_comment(post, SAID)
    groups.catch_up()
    monkeypatch.setattr(fingerprints, "candidates", fail)

    comment, is_new = submit(post, text=SAID, name="Bo", email="bo@blog.example")

    assert (is_new, Comment.objects.filter(pk=comment.pk).exists(), Group.objects.exists()) == (True, True, False)
    assert "could not be compared" in caplog.text
