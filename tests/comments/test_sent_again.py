"""A comment that is nearly the one sent just now: whose it is, and what is said of it."""

import pytest

from blog.comments import fingerprints
from blog.comments.fingerprints import Candidate
from blog.comments.submission import submit
from tests.comments.sending import send, shown
from tests.factories import make_comment

pytestmark = pytest.mark.django_db
ANNA = {"name": "Anna", "email": "anna@blog.example"}


def test_who_guesses_the_words_of_somebody_else_gets_neither_receipt_nor_cookie(client, post):
    submit(post, text="Tack!", **ANNA)

    answer = send(client, post, text="tack", follow=True)

    assert "/receipt/" not in shown(answer)
    assert "comments" not in client.cookies


def test_same_text_sent_twice_gives_its_receipt_twice(client, post):
    send(client, post, text="Tack!")
    client.cookies.clear()

    answer = send(client, post, text="Tack! \n", follow=True)

    assert "/receipt/" in shown(answer)
    assert "comments" in client.cookies


def test_of_many_long_texts_those_of_nearest_length_are_compared(post):
    said = Candidate.of(make_comment(post, "a"))
    near = [said._replace(pk=size, text="a" * size) for size in (50_000, 10, 40_000, 30_000, 20_000, 70_000)]

    assert [each.pk for each in fingerprints._affordable(near, 30_000)] == [40_000, 30_000, 20_000]
    assert fingerprints._affordable(near[1:2], 9) == near[1:2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("> Solen skiner.\n\nHåller med.", "> Det regnar.\n\nHåller med."),
        ("Ta <div> till det.", "Ta <span> till det."),
        ("Hår är bra.", "Har är bra."),
    ],
)
def test_other_letters_are_another_comment_although_the_own_words_are_the_same(post, one, other):
    submit(post, text=one, **ANNA)

    _comment, is_new = submit(post, text=other, **ANNA)

    assert is_new
