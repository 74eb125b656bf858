"""What the pages of deletion say."""

import pytest
from django.utils import translation

from blog.posts import admin_deletion
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


def test_what_goes_is_counted_and_what_stays_is_named():
    going, staying = make_post("Går"), make_post("Stannar")
    make_comment(staying)

    with translation.override("en"):
        lines, numbers, refused = admin_deletion.what_goes([going, staying], lambda post: True)

    assert lines == ["Går", "“Stannar” has comments, which are never deleted: it stays."]
    assert list(numbers.values()) == [1, 0, 0, 0]
    assert refused == set()


def test_a_post_that_the_person_may_not_delete_stops_all():
    mine, other = make_post("Min"), make_post("Din")

    _lines, _numbers, refused = admin_deletion.what_goes([mine, other], lambda post: post == mine)

    assert len(refused) == 1
