"""The rule of docs/duplicates.md: what is the same comment sent again, and what is a comment of its own."""

import pytest
from django.db import IntegrityError, transaction

from blog.comments import ownership
from blog.comments.models import Comment
from blog.comments.submission import Closed, PostGone, Refused, Sender, submit
from blog.moderation import duplicates
from blog.posts.models import Post
from blog.web.rates import TooOften
from tests.factories import make_comment, make_group, make_published

pytestmark = pytest.mark.django_db
ANNA = {"name": "Anna", "email": "anna@blog.example"}
BO = {"name": "Bo", "email": "bo@blog.example"}
HOME, WORK = Sender(address="10.0.0.1"), Sender(address="10.0.9.1")


def test_same_person_place_and_text_is_stored_once(post):
    first, is_new = submit(post, text="Tack!", **ANNA)

    again, is_new_again = submit(post, text=" Tack!\r\n", **ANNA)

    assert (is_new, is_new_again, again) == (True, False, first)
    assert Comment.objects.count() == 1
    post.discussion.refresh_from_db()
    assert post.discussion.last_number == 1


def test_the_constraint_holds_it_when_the_look_up_saw_nothing(post, monkeypatch):
    first, _ = submit(post, text="Tack!", **ANNA)
    monkeypatch.setattr("blog.comments.fingerprints.candidates", lambda *_, **__: [])

    again, is_new = submit(post, text="Tack!", **ANNA)

    assert (again, is_new) == (first, False)
    assert Comment.objects.count() == 1


def test_database_refuses_a_second_row_however_it_is_written(post):
    first, _ = submit(post, text="Tack!", **ANNA)

    with pytest.raises(IntegrityError, match="comment_sent_once"), transaction.atomic():
        make_comment(post, "Tack!", origin="form", submission_key=first.submission_key)


def test_another_person_another_place_or_another_text_is_a_comment_of_its_own(post):
    other_post = make_published("En annan")
    parent = make_comment(post, "Fråga")
    sent = [
        submit(post, text="Tack!", **ANNA),
        submit(post, text="Tack!", **BO),
        submit(post, text="Tack!", parent=parent, **ANNA),
        submit(other_post, text="Tack!", **ANNA),
        submit(post, text="Tack för det!", **ANNA),
    ]

    assert [is_new for _comment, is_new in sent] == [True] * 5


def test_same_words_sent_just_now_are_stored_once_whatever_signs_differ(post):
    first, _ = submit(post, text="Tack!", **ANNA)

    assert submit(post, text="  tack 👍", **ANNA) == (first, False)
    Comment.objects.update(created_at=first.created_at - ownership.SENT_TWICE_WITHIN)
    later, is_new = submit(post, text="tack", **ANNA)

    assert is_new
    assert list(later.membership.group.members.values_list("comment", flat=True)) == [first.pk, later.pk]


def test_people_without_address_are_told_apart_by_name_and_network(post):
    sent = [
        submit(post, name="Anna", text="Tack!", sender=Sender(address="10.0.0.1")),
        submit(post, name="anna ", text="Tack!", sender=Sender(address="10.0.0.1")),
        submit(post, name="Anna", text="Tack!", sender=Sender(address="10.0.0.2")),
        submit(post, name="Bo", text="Tack!", sender=Sender(address="10.0.0.1")),
    ]

    assert [is_new for _comment, is_new in sent] == [True, False, True, True]


def test_a_removed_comment_does_not_come_back_by_sending_it_again(post):
    first, _ = submit(post, text="Köp nu", **ANNA)
    Comment.objects.filter(pk=first.pk).update(state="removed")

    again, is_new = submit(post, text="Köp nu", **ANNA)

    assert (again.pk, again.state, is_new) == (first.pk, "removed", False)


def test_merging_two_answers_into_one_place_does_not_meet_the_constraint(post, moderator):
    kept, copy = make_comment(post, "Fråga"), make_comment(post, "Fråga")
    one, _ = submit(post, text="Tack!", parent=kept, **ANNA)
    two, _ = submit(post, text="Tack!", parent=copy, **ANNA)

    make_group(kept, copy)
    duplicates.merge([kept.pk, copy.pk], by=moderator)

    two.refresh_from_db()
    assert two.parent_id == one.parent_id == kept.pk


def test_answer_to_a_merged_comment_goes_to_the_kept_one(post, moderator):
    kept, copy = make_comment(post, "Fråga"), make_comment(post, "Fråga")
    make_group(kept, copy)
    duplicates.merge([kept.pk, copy.pk], by=moderator)

    answer, _ = submit(post, text="Svar", parent=copy, **ANNA)

    assert (answer.parent_id, answer.path) == (kept.pk, [1, 3])


@pytest.mark.parametrize("state", ["removed", "spam", "held"])
def test_answer_to_a_comment_that_is_gone_is_refused_and_takes_no_number(post, state):
    parent = make_comment(post, "Fråga")
    Comment.objects.filter(pk=parent.pk).update(state=state)

    with pytest.raises(Refused):
        submit(post, text="Svar", parent=parent, **ANNA)

    post.discussion.refresh_from_db()
    assert post.discussion.last_number == 1


@pytest.mark.parametrize(
    ("at_once", "known", "state"),
    [
        ("everyone", False, "visible"),
        ("known", False, "held"),
        ("known", True, "visible"),
        ("nobody", True, "held"),
    ],
)
def test_first_state_follows_the_setting(post, settings, at_once, known, state):
    settings.COMMENTS_PUBLIC_AT_ONCE = at_once

    comment, _ = submit(post, text="Hej", sender=Sender(is_known=known), **ANNA)

    assert comment.state == state


def test_staff_are_public_at_once(post, settings, editor):
    settings.COMMENTS_PUBLIC_AT_ONCE = "nobody"

    comment, _ = submit(post, text="Hej", name="Redaktionen", sender=Sender(user=editor))

    assert (comment.state, comment.user) == ("visible", editor)


def test_the_same_text_from_an_import_is_stored_as_often_as_it_stands_there(post):
    make_comment(post, "Tack!")
    make_comment(post, "Tack!")

    assert Comment.objects.count() == 2


def test_a_closed_discussion_takes_no_comment_but_knows_the_earlier_one(post):
    stored, _ = submit(post, text="I tid", **ANNA)
    Post.objects.update(comment_policy="closed")  # while the page was open

    assert submit(post, text="I tid", **ANNA) == (stored, False)
    with pytest.raises(Closed):
        submit(post, text="För sent", **ANNA)


def test_post_taken_down_meanwhile_is_told_apart(post):
    Post.objects.update(status="archived")

    with pytest.raises(PostGone):
        submit(post, text="Hej", **ANNA)


@pytest.mark.django_db(transaction=True)
def test_post_deleted_meanwhile_is_told_apart_within_the_callers_transaction(post, monkeypatch):
    # What is seen in a race: the post, until the keys are checked.
    standing = Post.objects.filter(pk=post.pk).get()
    Post.objects.all().delete()
    monkeypatch.setattr("blog.comments.submission.Post.objects.published", lambda: Standing(standing))

    with pytest.raises(PostGone), transaction.atomic():
        submit(post, text="Hej", **ANNA)

    assert not Comment.objects.exists()


class Standing:
    """A queryset of one post, as it was."""

    def __init__(self, post):
        self.post = post

    def only(self, *columns):
        return self

    def filter(self, **conditions):
        return self

    def first(self):
        return self.post


# --- Limits


def send(post, number, **fields):
    return submit(post, text=f"Nummer {number}", **{"sender": HOME} | ANNA | fields)


def test_a_person_may_send_so_many_and_is_told_when_there_is_room_again(post, settings):
    settings.COMMENTS_PER_PERSON = 3
    for number in range(3):
        send(post, number)

    with pytest.raises(TooOften) as refusal:
        send(post, 3, sender=WORK)

    assert 590 < refusal.value.seconds <= 600
    assert send(post, 3, **BO)[1]


def test_a_network_may_send_so_many_whoever_sits_there(post, settings):
    settings.COMMENTS_PER_NETWORK = 2
    for number in range(2):
        send(post, number, email=f"{number}@blog.example")

    with pytest.raises(TooOften):
        send(post, 2, email="2@blog.example", sender=Sender(address="10.0.0.200"))
    assert send(post, 2, email="2@blog.example", sender=WORK)[1]


def test_what_is_refused_or_was_sent_before_uses_nothing_up(post, settings):
    settings.COMMENTS_PER_PERSON = 2
    gone = make_comment(post, state="removed")
    send(post, 0)

    for _ in range(3):
        send(post, 0)
        with pytest.raises(Refused):
            send(post, 1, parent=gone)

    assert send(post, 2)[1]
    with pytest.raises(TooOften):
        send(post, 3)
    assert not send(post, 0)[1]  # known already, whatever the limits say


def test_slow_mode_lets_a_person_write_once_in_so_many_minutes(post):
    Post.objects.update(comments_pause_minutes=5)
    post.refresh_from_db()
    send(post, 0)

    with pytest.raises(TooOften) as refusal:
        send(post, 1)

    assert 290 < refusal.value.seconds <= 300
    assert send(post, 1, **BO)[1]
    assert send(make_published("En annan"), 1)[1]


def test_staff_have_no_limits(post, settings, editor):
    settings.COMMENTS_PER_PERSON = settings.COMMENTS_PER_NETWORK = 1

    sent = [send(post, number, sender=Sender(user=editor, address="10.0.0.1")) for number in range(3)]

    assert [is_new for _comment, is_new in sent] == [True] * 3


# --- What is stored besides the text


def test_what_programs_fill_in_is_held_although_its_sender_is_known(post, settings):
    settings.COMMENTS_PUBLIC_AT_ONCE = "everyone"

    trapped, _ = send(post, 0, sender=Sender(is_known=True, is_trapped=True))
    known, _ = send(post, 1)

    assert (trapped.state, trapped.reason) == ("held", "trap")
    assert (known.state, known.reason) == ("visible", "")


def test_only_a_keyed_hash_of_the_network_is_kept(post):
    home, _ = send(post, 0)
    same, _ = send(post, 1, sender=Sender(address="10.0.0.77"))
    other, _ = send(post, 2, sender=WORK)
    nowhere, _ = send(post, 3, sender=Sender())

    assert home.network_key == same.network_key != other.network_key
    assert (len(home.network_key), nowhere.network_key) == (16, None)
    assert b"10.0" not in home.network_key


def test_a_name_in_the_text_leads_to_what_that_person_wrote_in_the_thread(post):
    asa = make_comment(post, "Hej", name="Åsa Ek")
    make_comment(post, "En annan tråd", name="Bo")

    reply, _ = send(post, 0, parent=asa, name="Karin")
    both, _ = submit(post, text="@asa ek och @Bo", parent=asa, sender=HOME, **ANNA)

    assert (reply.mentions, both.mentions) == ({}, {"asa ek": asa.number})
    assert f'<a href="{asa.get_absolute_url()}" rel="nofollow ugc noopener">@asa ek</a> och @Bo' in both.html
