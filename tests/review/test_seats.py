"""Invitations by link: what opens them, what ends them, and what is decided there."""

from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from blog.posts.workflow import IllegalTransition, Status
from blog.review import seats
from blog.review.models import Seat
from tests.factories import make_post, make_published
from tests.review.conftest import BODY, invite, path_of, rewrite, token_of

APPROVED, CHANGES = Seat.Decision.APPROVED, Seat.Decision.CHANGES


def trail(post):
    return list(post.events.order_by("pk").values_list("kind", "by_name", "note"))


def test_link_opens_the_seat_and_its_key_is_stored_nowhere(draft, editor):
    seat, key = seats.invite(draft, name="Eva", email="eva@e.se", by=editor, valid_for=timedelta(days=1))

    found = seats.find(path_of(key).split("/")[2])

    assert (found, found.post, found.name, found.email) == (seat, draft, "Eva", "eva@e.se")
    assert len(key) == 22  # 128 bits
    assert key not in str([*Seat.objects.values(), *draft.events.values()])
    assert trail(draft) == [("invited", "editor", "Eva")]


def test_text_that_was_never_saved_here_can_be_read(editor):
    imported = make_post(created_by=editor)

    seat = invite(imported, editor)

    assert (seat.revision, seats.find(token_of(seat))) == (0, seat)


def test_made_up_key_is_refused_without_a_query(guest, django_assert_num_queries):
    key = token_of(guest).partition(".")[0]
    made_up = [
        "",
        "x",
        key,
        f"{key}.x",
        f"{key}x.{token_of(guest).partition('.')[2]}",
        signing.Signer().sign(key),
        "å.ä",
    ]

    with django_assert_num_queries(0):
        assert [seats.find(token) for token in made_up] == [None] * len(made_up)


def test_signed_key_of_no_seat_opens_nothing(guest):
    assert seats.find(path_of("A" * 22).split("/")[2]) is None


def test_link_ends_at_its_hour(guest):
    assert seats.find(token_of(guest), now=guest.expires_at - timedelta(seconds=1)) == guest
    assert seats.find(token_of(guest), now=guest.expires_at) is None


def test_revoked_link_is_dead_and_said_once_in_the_trail(guest, draft, editor):
    first, second = seats.revoke(guest, by=editor), seats.revoke(guest, by=editor)

    assert (first, second, seats.find(token_of(guest))) == (True, False, None)
    assert trail(draft)[1:] == [("revoked", "editor", "Eva Gäst")]


def test_newer_version_ends_the_link(guest, draft):
    rewrite(draft, "<p>Nytt.</p>")

    assert seats.find(token_of(guest)) is None


def test_deleted_post_ends_the_link(guest, draft):
    draft.delete()

    assert seats.find(token_of(guest)) is None


def test_renewed_seat_has_another_link_and_remembers_what_was_seen(guest, draft, editor):
    seats.visit(guest)
    rewrite(draft, "<p>Nytt.</p>")

    renewed, key = seats.renew(guest, by=editor, valid_for=timedelta(days=2))

    assert (seats.find(token_of(guest)), seats.find(path_of(key).split("/")[2])) == (None, guest)
    assert (renewed.revision, renewed.seen_revision, renewed.seen_at) == (2, 1, None)


def test_renewal_without_a_visit_between_keeps_what_was_seen_before(guest, draft, editor):
    seats.visit(guest)
    for body in ("<p>Nytt.</p>", "<p>Nyare.</p>"):
        rewrite(draft, body)
        renewed, _key = seats.renew(guest, by=editor, valid_for=timedelta(days=2))

    assert (renewed.revision, renewed.seen_revision) == (3, 1)


def test_revoked_seat_can_be_invited_again(guest, editor):
    seats.revoke(guest, by=editor)

    _seat, key = seats.renew(guest, by=editor, valid_for=timedelta(days=1))

    assert seats.find(path_of(key).split("/")[2]) == guest


def test_approval_is_recorded_under_the_guests_name_and_moves_nothing(guest, draft):
    draft.submit()

    seats.decide(guest, APPROVED)

    guest.refresh_from_db()
    draft.refresh_from_db()
    assert (guest.decision, guest.decided_revision, guest.has_decided) == (APPROVED, 1, True)
    assert draft.status == Status.IN_REVIEW
    assert trail(draft)[-1] == ("endorsed", "Eva Gäst", "")


def test_asking_for_changes_gives_back_a_text_in_review(guest, draft):
    draft.submit()

    seats.decide(guest, CHANGES, "Kolla namnet.")

    draft.refresh_from_db()
    assert draft.status == Status.CHANGES_REQUESTED
    assert trail(draft)[-2:] == [
        ("objected", "Eva Gäst", "Kolla namnet."),
        ("changes_requested", "Eva Gäst", "Kolla namnet."),
    ]


def test_asking_for_changes_leaves_a_text_that_is_not_in_review_where_it_is(editor):
    public = make_published(created_by=editor)

    seats.decide(invite(public, editor), CHANGES, "Kolla namnet.")

    public.refresh_from_db()
    assert (public.status, [kind for kind, *_ in trail(public)]) == (Status.APPROVED, ["invited", "objected"])


def test_second_decision_on_a_version_is_refused(guest, draft):
    seats.decide(guest, APPROVED)

    with pytest.raises(IllegalTransition):
        seats.decide(guest, CHANGES, "Nej.")

    guest.refresh_from_db()
    assert (guest.decision, [kind for kind, *_ in trail(draft)]) == (APPROVED, ["invited", "endorsed"])


def test_new_version_is_decided_on_anew(guest, draft, editor):
    seats.decide(guest, CHANGES, "Nej.")
    rewrite(draft, "<p>Nytt.</p>")
    renewed, _key = seats.renew(guest, by=editor, valid_for=timedelta(days=1))

    seats.decide(renewed, APPROVED)

    guest.refresh_from_db()
    assert (guest.decision, guest.decided_revision) == (APPROVED, 2)


@pytest.mark.parametrize("end", ["newer", "revoked", "expired", "renewed"])
def test_decision_comes_too_late_for_a_dead_link(guest, draft, editor, end):
    now = None
    if end == "newer":
        rewrite(draft, BODY + "<p>Nytt.</p>")
    elif end == "revoked":
        seats.revoke(guest, by=editor)
    elif end == "renewed":
        seats.renew(guest, by=editor, valid_for=timedelta(days=1))
    else:
        now = timezone.now() + timedelta(days=2)

    with pytest.raises(seats.DeadLink):
        seats.decide(guest, APPROVED, now=now)

    assert Seat.objects.get().decision == ""
