"""Why the same was said more than once, as the pattern shows."""

from datetime import UTC, datetime, timedelta
from os import urandom

import pytest

from blog.comments import causes
from blog.comments.models_duplicates import Group, Member
from tests.factories import make_comment, make_group, make_published

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


def said(post, minutes=0, name="Anna", **fields):
    """A comment of the form, although the same text in the same place is stored once."""
    fields = {"origin": "form", "submission_key": urandom(16), "created_at": THEN + timedelta(minutes=minutes)} | fields
    return make_comment(post, "Samma text", name=name, **fields)


def cause(*comments):
    group = make_group(*comments)
    causes.explain([group.pk])
    return cause_now(group)


def cause_now(group):
    return Group.objects.get(pk=group.pk).cause


def test_cause_of_two_within_a_minute_is_a_click_and_within_a_day_the_form_sent_again(post):
    pairs = [(0, 1), (0, 2), (0, 24 * 60), (0, 24 * 60 + 1)]

    found = [cause(*(said(post, minute) for minute in pair)) for pair in pairs]

    assert found == ["click", "again", "again", "unknown"]


def test_the_same_words_to_several_people_were_meant_so(post):
    first = said(post, name="Bo")

    assert cause(said(post, parent=first), said(post, 1)) == "unknown"


def test_one_text_by_one_person_in_many_posts_is_spread(post):
    assert cause(said(post), said(make_published("En till"), 1)) == "spread"


@pytest.mark.parametrize(
    ("days", "expected"),
    [((0, 1, 2), "campaign"), ((0, 15, 30), "campaign"), ((0, 15, 31), "unknown"), ((0, 40, 41, 42), "campaign")],
)
def test_three_people_within_a_month_are_a_campaign_however_long_it_goes_on(post, days, expected):
    comments = [said(post, day * 24 * 60, name=f"Namn {number}") for number, day in enumerate(days)]

    assert cause(*comments) == expected


def test_two_people_or_one_who_repeats_are_no_campaign(post):
    assert cause(said(post), said(post, name="Bo"), said(post, 9)) == "unknown"


def test_a_campaign_that_goes_on_is_not_read_again(post, django_assert_num_queries):
    group = make_group(*[said(post, name=f"Namn {number}") for number in range(3)])
    causes.explain([group.pk])

    with django_assert_num_queries(1):
        causes.explain([group.pk])

    assert cause_now(group) == "campaign"


def test_one_imported_pair_was_sent_twice_and_two_in_a_post_were_imported_twice(post):
    first = make_group(said(post, origin="import"), said(post, 5, origin="import"))
    causes.explain([first.pk])
    elsewhere = make_published("En till")
    other = make_group(*[said(elsewhere, minute, origin="import") for minute in (0, 5)])
    causes.explain([other.pk])

    alone = [cause_now(group) for group in (first, other)]
    second = make_group(said(post, 10, origin="import"), said(post, 15, origin="import"))
    causes.explain([second.pk])

    assert alone == ["again", "again"]
    assert [cause_now(group) for group in (first, second, other)] == ["import", "import", "again"]


def test_a_third_imported_pair_reads_its_neighbours_no_more(post, django_assert_num_queries):
    groups = [make_group(*[said(post, hour * 60 + minute, origin="import") for minute in (0, 5)]) for hour in range(9)]
    causes.explain([group.pk for group in groups])
    late = make_group(said(post, 700, origin="import"), said(post, 705, origin="import"))

    with django_assert_num_queries(3):
        causes.explain([late.pk])

    assert {cause_now(group) for group in [*groups, late]} == {"import"}


def test_a_pair_of_the_form_is_none_of_the_import_beside_it(post):
    groups = [make_group(said(post, hour, origin="import"), said(post, hour, origin="import")) for hour in (60, 120)]
    sent = make_group(said(post), said(post, 5))

    causes.explain([group.pk for group in [*groups, sent]])

    assert [cause_now(group) for group in [*groups, sent]] == ["import", "import", "again"]


def test_imported_copies_with_one_and_the_same_hour_come_from_an_import_that_ran_twice(post):
    assert cause(said(post, origin="import"), said(post, origin="import")) == "import"


def test_explain_of_what_is_gone_changes_nothing(post):
    group = make_group(said(post), said(post, 5))
    Member.objects.all().delete()

    causes.explain([group.pk, 0])

    assert cause_now(group) == "unknown"
