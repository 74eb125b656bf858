"""What a moderator is told of a group: which is kept, and how each copy differs from it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from blog.comments.models import Comment
from blog.comments.models_duplicates import Group
from blog.moderation import comparing, duplicates
from tests.factories import make_comment, make_group, make_published

pytestmark = pytest.mark.django_db
SAID = "Det åttonde sättet stämmer på min chef, tyvärr."


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def compared(*comments, tier="exact"):
    group = make_group(*comments, tier=tier)
    (comparison,) = comparing.compared(duplicates.waiting().filter(pk=group.pk))
    return comparison


def kept(comparison):
    return next(row.comment for row in comparison.rows if row.is_kept)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (SAID, "Same text"),
        ("det ÅTTONDE sättet stämmer – på min chef. Tyvärr!", "Same words; signs, capitals or spaces differ"),
        (f"Hej Anna! {SAID}", "Same text, other greeting"),
        (f"{SAID} https://a.example/", "Same text, other link"),
        (f"{SAID} Och min mor.", "3 words more than #1"),
        (SAID.replace(", tyvärr", ""), "1 word fewer than #1"),
        (SAID.replace("min chef", "mina två chefer"), "2 words of #1 are missing, 3 others have come"),
    ],
)
def test_texts_differ_in_words(post, other, words):
    assert comparing.words_apart(make_comment(post, SAID), make_comment(post, other)) == words


@pytest.mark.parametrize(
    ("apart", "words"),
    [
        (timedelta(milliseconds=999), "in the same second"),
        (timedelta(seconds=1), "1 second apart"),
        (timedelta(seconds=59), "59 seconds apart"),
        (timedelta(minutes=4), "4 minutes apart"),
        (timedelta(hours=1), "1 hour apart"),
        (timedelta(days=1), "1 day apart"),
        (timedelta(days=400), "400 days apart"),
    ],
)
def test_time_between_two_is_told_in_the_largest_unit(apart, words):
    assert comparing.time_apart(apart) == words


def test_what_a_copy_has_in_common_is_said(post):
    first = make_comment(post, SAID, created_at=timezone.now() - timedelta(minutes=4))
    elsewhere = make_comment(make_published("En annan"), SAID, name="Bo", network_key=b"n" * 16)
    below = make_comment(post, SAID, parent=first, created_at=first.created_at)
    Comment.objects.filter(pk=first.pk).update(network_key=b"n" * 16)
    first.refresh_from_db()

    assert list(comparing.facts(first, elsewhere)) == [
        "Same text", "different authors", "from the same network", "4 minutes apart", "in another post",
    ]  # fmt: skip
    assert list(comparing.facts(first, below, via=elsewhere)) == [
        "Same text", "same author", "in the same second", "in another place of the discussion", "joined by way of #1",
    ]  # fmt: skip


def test_words_that_went_and_came_are_marked_in_the_copy(post):
    comparison = compared(make_comment(post, "Ett <b>gammalt</b> ord"), make_comment(post, "Ett nytt ord"), tier="near")

    assert [str(row.marked) for row in comparison.rows] == [
        "Ett &lt;b&gt;gammalt&lt;/b&gt; ord",
        "Ett <del>&lt;b&gt;gammalt&lt;/b&gt;</del><ins>nytt</ins> ord",
    ]


def test_the_oldest_is_kept_and_the_fuller_where_one_has_more_added(post):
    comments = [make_comment(post, SAID), make_comment(post, f"{SAID} Och min mor.")]

    assert kept(compared(*comments)) == comments[0]
    Group.objects.all().delete()
    assert kept(compared(*comments, tier="extended")) == comments[1]


def test_who_stands_under_another_of_the_group_cannot_be_kept(post):
    late = make_comment(post, SAID)
    early = make_comment(
        post, SAID, parent=make_comment(post, "Nej", parent=late), created_at=datetime(2001, 1, 1, tzinfo=UTC)
    )

    comparison = compared(early, late)

    assert [(row.comment, row.stands_under, row.is_kept) for row in comparison.rows] == [
        (early, late.number, False),
        (late, None, True),
    ]
    assert duplicates.merge([early.pk, late.pk], by=None).rows.get(comment=early).after["merged_into_id"] == late.pk


def test_only_one_author_and_never_a_pattern_is_ticked_beforehand(post):
    own = [[make_comment(post, SAID) for _ in range(2)] for _ in range(2)]
    others = [make_comment(post, SAID, name=name) for name in ("Bo", "Cilla")]

    found = [compared(*own[0], tier="near"), compared(*own[1], tier="template"), compared(*others)]

    assert [(each.same_author, each.is_ticked, each.is_one_matter) for each in found] == [
        (True, True, True),
        (True, False, True),
        (False, False, False),
    ]


def test_only_what_stands_under_one_post_can_be_merged(post):
    elsewhere = [make_comment(make_published(f"Nr {number}"), SAID) for number in range(3)]

    found = [
        compared(elsewhere[0], make_comment(post, SAID)),
        compared(*elsewhere[1:], *[make_comment(elsewhere[1].post)]),
    ]

    assert [(each.can_merge, each.is_one_matter, len(each.posts)) for each in found] == [
        (False, False, 2),
        (True, False, 2),
    ]


def test_of_a_large_group_a_part_is_shown_with_its_replies(post, monkeypatch):
    monkeypatch.setattr(comparing, "SHOWN", 2)
    comments = [make_comment(post, SAID) for _ in range(5)]
    make_comment(post, "Svar", parent=comments[1])

    comparison = compared(*comments)

    assert (comparison.comments, comparison.more) == (comments[:2], 3)
    assert [row.replies for row in comparison.rows] == [0, 1]


def test_comparing_costs_the_same_with_few_and_with_many(post, django_assert_num_queries):
    for more in (1, 4):
        for number in range(more):
            make_group(*[make_comment(post, SAID, name=f"{number}") for _ in range(3)])
        with django_assert_num_queries(3):
            comparing.compared(duplicates.waiting())
