"""Two moderators, or a moderator and a reader, at the same comments at the same instant, over real connections."""

from os import environ
from threading import Barrier, Thread

import pytest
from django.db import connection

from blog.comments import audit, groups, threads
from blog.comments.models import Comment
from blog.comments.submission import Sender, submit
from blog.moderation import batches, duplicates
from blog.moderation.batches import ChangedSince, NothingToDo
from tests.factories import make_comment, make_group, make_published

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = int(environ.get("RACE_ROUNDS", "4"))  # of each; more by hand
SAID = "Tack för en bra artikel om hur man väljer rätt kommatecken, tycker jag!"
REFUSALS = (NothingToDo, ChangedSince)


def at_once(*deeds):
    """Do these at the same instant; return what each raised, or None."""
    gate, raised = Barrier(len(deeds)), [None] * len(deeds)

    def run(place, deed):
        gate.wait()
        try:
            deed()
        except Exception as error:
            raised[place] = error
        finally:
            connection.close()

    runners = [Thread(target=run, args=each) for each in enumerate(deeds)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    return raised


def merge(*comments, keep=()):
    return lambda: duplicates.merge([each.pk for each in comments], by=None, keep=[each.pk for each in keep])


def reply(to):
    sender = Sender(address="192.0.2.7")
    return lambda: submit(to.post, name="Ny", text="Ett svar under tiden", parent=to, sender=sender)


def rewrite(comment):
    def deed():
        Comment.objects.filter(pk=comment.pk).update(text="Något helt annat")
        groups.catch_up()

    return deed


def unmerge(*comments):
    batch = merge(*comments)()
    return lambda: batches.undo(batch, by=None)


RACES = {
    "A+B with B+C": lambda a, b, c: (merge(a, b), merge(b, c)),
    "A+B with B+A": lambda a, b, c: (merge(a, b), merge(a, b, keep=[b])),
    "merge with edit": lambda a, b, c: (merge(a, b), rewrite(b)),
    "merge with reply": lambda a, b, c: (merge(a, b, c), reply(b)),
    "merge with un-merge": lambda a, b, c: (unmerge(a, b), merge(a, c)),
}


@pytest.mark.parametrize("race", RACES.values(), ids=RACES)
@pytest.mark.parametrize("round_", range(ROUNDS))
def test_race_leaves_no_circle_no_chain_and_no_lost_text(race, round_, settings):
    settings.COMMENTS_PUBLIC_AT_ONCE = "everyone"
    post = make_published("Tävling")
    a = make_comment(post, SAID)
    b = make_comment(post, SAID, parent=a if round_ % 2 else None)
    c = make_comment(post, SAID, parent=b if round_ % 3 else None)
    answer = make_comment(post, "Svar", parent=b)
    make_group(a, b, c)

    raised = at_once(*race(a, b, c))

    assert [each for each in raised if each and not isinstance(each, REFUSALS)] == []
    assert list(audit.findings()) == []  # neither circle nor chain, and every count is right
    assert Comment.objects.visible().filter(pk=answer.pk, parent__state="visible").exists()
    parents = threads.parents([post.pk])
    assert all(pk not in threads.ancestors(pk, parents) for pk in parents)
    assert not Comment.objects.visible().filter(parent__state="merged").exists()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_double_is_stored_once_whatever_signs_differ(round_):
    post = make_published("Dubbelklick")
    sender = Sender(address="192.0.2.7")
    texts = ("Samma text, sänd två gånger", "samma text  sänd TVÅ gånger!")

    raised = at_once(*((lambda text=text: submit(post, name="Anna", text=text, sender=sender)) for text in texts))

    assert raised == [None, None]
    assert post.comments.count() == 1
