"""The labelled comments of the bench, and what screening makes of them."""

from itertools import product

import pytest

from bench import screening
from blog.screening.models import Lesson
from blog.text import wording


def test_halves_have_each_language_and_kind_and_no_near_copies():
    said = list(screening.comments())
    halves = [[(wording.read(each.text), each) for each in said if each.half == half] for half in ("learn", "judge")]

    assert {each[:3] for each in said} == set(product(("learn", "judge"), ("sv", "en"), (True, False)))
    for (one, _first), (other, second) in product(*halves):
        common = set(one.words) & set(other.words)
        assert len(common) / len(set(one.words) | set(other.words)) < 0.6, second.text


@pytest.mark.django_db
def test_screening_finds_most_spam_and_holds_hardly_anything_wanted(capsys):
    found = screening.judged()
    screening.report()

    spam = [bool(rules) for said, rules in found if said.is_spam]
    wanted = [bool(rules) for said, rules in found if not said.is_spam]
    assert sum(spam) / len(spam) > 0.75
    assert sum(wanted) / len(wanted) < 0.05
    assert not Lesson.objects.exists()
    assert "all rules" in capsys.readouterr().out
