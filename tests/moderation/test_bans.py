"""Bans of a person, a network or a domain: what they hold, how they end, and how they are taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.comments import submission
from blog.comments.models import Comment
from blog.comments.submission import Sender
from blog.moderation import bans, batches
from blog.moderation.batches import Action, NothingToDo
from blog.moderation.models import RemovalReason
from blog.receipts import writing
from blog.screening.models import Ban
from blog.web.rates import network_key
from tests.factories import make_comment

pytestmark = pytest.mark.django_db
HERE, SAME_NETWORK, ELSEWHERE = "203.0.113.7", "203.0.113.99", "198.51.100.7"
KNOWN = {"is_known": True}
HOUR = timedelta(hours=1)


@pytest.fixture
def sent(post):
    def send(text, name="Bo", address=HERE, email="bo@blog.example", website=""):
        fields = {"name": name, "email": email, "website": website}
        return submission.submit(post, text=text, sender=Sender(address=address, **KNOWN), **fields)[0]

    return send


def held(*comments):
    return [(each.state, each.reason) for each in comments]


BANNED, SHOWN = ("held", "banned"), ("visible", "")


def test_banned_person_is_held_wherever_they_are_and_nobody_else_is(sent, moderator):
    first = sent("Ett")

    batch = bans.ban("person", first, by=moderator)

    assert held(sent("Två", address=ELSEWHERE), sent("Tre", email="eva@blog.example")) == [BANNED, SHOWN]
    assert held(Comment.objects.get(pk=first.pk)) == [SHOWN]
    assert (batch.action, batch.by, batch.rows.count()) == ("ban", moderator, 0)


def test_banned_network_is_held_whoever_writes_there(sent, moderator):
    bans.ban("network", sent("Ett"), by=moderator)

    others = sent("Två", email="eva@blog.example", address=SAME_NETWORK), sent("Tre", address=ELSEWHERE)

    assert held(*others) == [BANNED, SHOWN]
    assert others[0].findings == [{"rule": "network_ban", "ban": Ban.objects.get().pk}]


@pytest.mark.parametrize(
    ("text", "website", "outcome"),
    [
        ("Se https://spam.example/nu", "", BANNED),
        ("Se https://www.spam.example/nu", "", BANNED),
        ("Se https://billigt.spam.example", "", BANNED),
        ("Se https://inte-spam.example", "", SHOWN),
        ("Se https://example", "", SHOWN),
        ("Min sida", "https://SPAM.example/", BANNED),
    ],
)
def test_banned_domain_and_those_below_it_are_held(post, sent, moderator, text, website, outcome):
    bans.ban("domain", make_comment(post, "https://spam.example"), domain="spam.example", by=moderator)

    assert held(sent(text, website=website)) == [outcome]


def test_ban_that_is_over_or_lifted_holds_nothing(sent, moderator):
    first = sent("Ett")
    bans.ban("person", first, by=moderator, ends_at=timezone.now() - HOUR)
    bans.ban("network", first, by=moderator, ends_at=timezone.now() + HOUR)
    bans.lift(Ban.objects.get(kind="network"), by=moderator)

    assert held(sent("Två")) == [SHOWN]
    with pytest.raises(NothingToDo):
        bans.lift(Ban.objects.get(kind="network"), by=moderator)


def test_person_is_banned_with_everything_in_one_batch_that_is_undone_in_one_step(sent, moderator, post):
    first, *_others = sent("Ett"), sent("Två"), sent("Tre", email="eva@blog.example")
    because = RemovalReason.objects.first()
    everything = {"everything": Action.REMOVE, "because": because, "words": "Så inte här."}

    batch = bans.ban("person", first, by=moderator, **everything)

    rows = Comment.objects.order_by("pk")
    assert list(rows.values_list("state", flat=True)) == ["removed", "removed", "visible"]
    assert (batch.action, batch.reason, batch.note, batch.rows.count()) == ("ban", because, "Så inte här.", 2)

    batches.undo(batch, by=moderator)

    assert held(*rows) == [SHOWN] * 3
    assert held(sent("Fyra")) == [SHOWN]
    assert Ban.objects.get().lifted_by == moderator


def test_ban_that_ended_is_renewed(sent, moderator):
    first = sent("Ett")
    ended = bans.ban("person", first, by=moderator, ends_at=timezone.now() - HOUR).ban

    batch = bans.renew(ended, by=moderator)

    assert held(sent("Två")) == [BANNED]
    assert (batch.ban.kind, bytes(batch.ban.key), batch.ban.comment) == ("person", bytes(ended.key), first)


def test_undoing_a_renewal_brings_the_former_ban_back(sent, moderator):
    first = sent("Ett")
    former = bans.ban("person", first, by=moderator, ends_at=timezone.now() + HOUR).ban
    renewal = bans.ban("person", first, by=moderator)

    batches.undo(renewal, by=moderator)

    assert list(Ban.objects.filter(lifted_at=None)) == [former]
    assert held(sent("Två")) == [BANNED]


def test_ban_keeps_no_key_by_which_comments_know_their_writer(sent, moderator):
    comment = sent("Ett")

    bans.ban("person", comment, by=moderator)
    bans.ban("network", comment, by=moderator)

    kept = {bytes(key) for key in Ban.objects.values_list("key", flat=True)}
    assert not kept & {bytes(comment.author_key), network_key(HERE)}
    assert len(kept) == 2


def test_staff_are_not_held_by_a_ban_of_their_network(post, moderator, sent):
    bans.ban("network", sent("Ett"), by=moderator)

    comment, _is_new = submission.submit(post, name="M", text="Nu räcker det.", sender=Sender(moderator, HERE))

    assert held(comment) == [SHOWN]


def test_text_changed_into_a_banned_link_is_held(post, moderator, sent):
    bans.ban("domain", make_comment(post, "https://spam.example"), domain="spam.example", by=moderator)
    mine = sent("Ett")

    writing.change(mine, "Se https://spam.example", seen=None, sender=Sender(**KNOWN))

    mine.refresh_from_db()
    assert held(mine) == [BANNED]
    assert [found["rule"] for found in mine.findings] == ["domain_ban"]
