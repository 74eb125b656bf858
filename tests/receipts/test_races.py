"""The same moment, on several connections: moderators, tabs and workers meet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from blog.comments import submission
from blog.comments.models import Comment
from blog.moderation import batches
from blog.receipts import digests, erasure, writing
from blog.receipts.models import Address, Following, FormerText, Notice
from blog.web.models import Letter
from tests.factories import make_comment

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 8
SENDER = submission.Sender()


def at_once(*deeds):
    """Do all of these in one moment; return what each answers or raises."""
    barrier = Barrier(len(deeds))

    def do(deed):
        barrier.wait()
        try:
            return deed()
        except (writing.Refused, batches.NothingToDo) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result() for future in [pool.submit(do, deed) for deed in deeds]]


@pytest.fixture(autouse=True)
def no_limits(settings):
    settings.COMMENTS_PER_PERSON = 0


def make_mine(post):
    number = post.comments.count()
    return make_comment(post, f"Said {number}", origin="form", email="anna@post.example")


def test_of_two_tabs_one_wins(post):
    for _round in range(ROUNDS):
        mine = make_mine(post)

        answers = at_once(
            *[
                lambda text=text, mine=mine: writing.change(mine, text, seen=None, sender=SENDER)
                for text in ("One", "Two")
            ]
        )

        refused = [isinstance(answer, writing.Refused) for answer in answers]
        mine.refresh_from_db()
        assert sorted(refused) == [False, True]
        assert mine.text == ("Two" if refused[0] else "One")
        assert list(FormerText.objects.filter(comment=mine).values_list("text", flat=True)) == [
            f"Said {mine.number - 1}"
        ]


def test_change_and_new_comment_of_one_person_do_not_wait_for_each_other(post, settings):
    settings.COMMENTS_PER_PERSON = 1000
    person = {"name": "Anna", "email": "anna@post.example"}
    for number in range(ROUNDS):
        mine = make_mine(post)

        at_once(
            lambda mine=mine: writing.change(mine, "Better", seen=None, sender=SENDER),
            lambda number=number: submission.submit(post, text=f"And {number}", **person),
        )

    assert Comment.objects.filter(text="Better").count() == ROUNDS
    assert Comment.objects.filter(text__startswith="And").count() == ROUNDS


def test_moderator_and_writer_do_not_undo_each_other(post):
    for _round in range(ROUNDS):
        mine = make_mine(post)
        rows = Comment.objects.filter(pk=mine.pk)

        at_once(
            lambda mine=mine: writing.change(mine, "Bad words", seen=None, sender=SENDER),
            lambda rows=rows: batches.moderate(batches.Action.REMOVE, rows, by=None),
            lambda mine=mine: writing.withdraw(mine),
        )

        mine.refresh_from_db()
        assert mine.state in ("removed", "withdrawn")
        assert (mine.edited_at is not None) == FormerText.objects.filter(comment=mine).exists()


def test_mail_is_written_once_by_however_many_workers(post):
    for number in range(5):
        address = Address.objects.create(email=f"reader{number}@post.example", proved_at=timezone.now())
        Following.objects.create(address=address, scope="post", post=post, confirmed_at=timezone.now())
    now = timezone.now()

    for hour in range(5):
        for _comment in range(4):
            make_comment(post)
        at_once(*[digests.announce] * 4)
        clocks = [now + hour * timedelta(minutes=61) + timedelta(microseconds=worker) for worker in range(4)]
        at_once(*[lambda clock=clock: digests.send_due(clock) for clock in clocks])

    assert Letter.objects.count() == 25
    assert Notice.objects.exclude(sent_at=None).count() == 5 * 5 * 4


def test_erasing_meets_everything_else(post):
    address = Address.objects.create(email="bo@post.example", proved_at=timezone.now())
    Following.objects.create(address=address, scope="post", post=post, confirmed_at=timezone.now())
    for _round in range(ROUNDS):
        mine = make_mine(post)
        make_comment(post, "@Anna", name="Bo", mentions={"Anna": mine.number})
        rows = Comment.objects.filter(pk=mine.pk)

        at_once(
            lambda rows=rows: erasure.erase(rows),
            lambda mine=mine: writing.change(mine, "Secret", seen=None, sender=SENDER),
            lambda rows=rows: batches.moderate(batches.Action.REMOVE, rows, by=None),
            digests.announce,
            lambda: digests.send_due(timezone.now() + timedelta(days=1)),
        )

        mine.refresh_from_db()
        assert (mine.state, mine.text, mine.email) == ("erased", "", "")
        assert not FormerText.objects.filter(comment=mine).exists()
        assert not Notice.objects.filter(comment=mine).exists()
        assert not Letter.objects.filter(text__contains=mine.get_absolute_url()).exists()


def test_reply_does_not_wait_until_all_are_told_of_what_it_answers(post, monkeypatch):
    answered = make_comment(post)
    pool = ThreadPoolExecutor(1)

    def reply_meanwhile(_comment):
        pool.submit(make_comment, post, "Answer", parent=answered).result(timeout=5)
        pool.submit(lambda: connection.close()).result()
        return set()

    monkeypatch.setattr(digests, "_addresses_to_tell", reply_meanwhile)
    digests.announce()

    assert post.comments.filter(parent=answered).count() == 1
