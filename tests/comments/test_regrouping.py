"""Grouping a whole site at once: the same groups as one comment after the other."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from blog.comments import fingerprints, groups, regrouping
from blog.comments.models import Comment
from blog.comments.models_duplicates import Band, Different, Fingerprint, Group, Member
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
SAID = "Tack för en bra artikel om hur man väljer rätt kommatecken!"
MORE = f"{SAID} Jag skrev ut den och satte upp den på kylskåpet, så att alla läser den."
OTHER = "Jag håller inte med om att ett kommatecken alltid är en paus, för ibland är det bara en vana, 7 av 10 gånger."
TEXTS = [
    SAID, SAID.upper(), f"Hej Anna! {SAID}", f"{SAID} https://a.example/", MORE, MORE.replace("kylskåpet", "dörren"),
    OTHER, OTHER.replace("7", "8"), f"> {SAID}\n\n{OTHER}", "Tack!", "tack", "Tack så mycket för det, det var bra!",
    "👍", "",
]  # fmt: skip


def found():
    """The groups and keys that are there, whatever their ids: the members, with what each is to whom."""
    members = {}
    for member in Member.objects.order_by("comment_id"):
        members.setdefault(member.group_id, []).append((member.comment_id, member.tier, member.via_id))
    rows = {
        pk: (group.tier, group.cause, group.standing, group.first_at, group.last_at)
        for pk, group in Group.objects.in_bulk().items()
    }
    keys = Fingerprint.objects.order_by("comment_id").values_list("comment_id", "version", "full", "core", "domains")
    return sorted((members[pk], row) for pk, row in rows.items()), list(keys)


@settings(
    max_examples=int(os.environ.get("REGROUPING_SITES", 25)),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_whole_site_is_grouped_as_one_by_one(data):
    Group.objects.all().delete()
    Comment.objects.all().delete()
    Band.objects.all().delete()
    posts, hour, comments = [make_published("Ett"), make_published("Två")], BEGIN, []
    for _ in range(data.draw(st.integers(0, 12))):
        post = data.draw(st.sampled_from(posts))
        above = [each for each in comments if each.post_id == post.pk]
        parent = data.draw(st.sampled_from([None, None, *above]))
        hour += data.draw(st.sampled_from([timedelta(minutes=m) for m in (1, 20, 100, 1500)]))
        text, name = data.draw(st.sampled_from(TEXTS)), data.draw(st.sampled_from(["Anna", "Bo", "Cia"]))
        state = data.draw(st.sampled_from(["visible", "held", "spam"]))
        comments.append(make_comment(post, text, name=name, parent=parent, created_at=hour, state=state))
    groups.catch_up()
    before = found()

    report = regrouping.regroup()

    assert found() == before
    assert (report.comments, report.groups, report.members) == (
        sum(bool(each.text) for each in comments), Group.objects.count(), Member.objects.count(),
    )  # fmt: skip


@pytest.fixture
def double(post):
    return [make_comment(post, SAID) for _ in range(2)]


def test_texts_that_moderators_called_different_stay_apart(post, double):
    make_comment(post, f"Hej Anna! {SAID}")
    groups.catch_up()
    groups.dismiss(Group.objects.get())
    assert Different.objects.exists()

    regrouping.regroup()

    assert found()[0] == []


def test_bands_are_kept_of_the_new_comments_and_of_the_oldest_of_a_group(post, double):
    old = BEGIN - fingerprints.BANDS_KEPT * 3
    alone = make_comment(post, OTHER, created_at=old)
    Comment.objects.filter(pk__in=[each.pk for each in double]).update(created_at=old)
    new = make_comment(post, MORE)

    regrouping.regroup()

    assert set(Band.objects.values_list("comment_id", flat=True)) == {double[0].pk, new.pk}
    assert Band.objects.filter(comment_id=new.pk).count() == 16
    assert not Member.objects.filter(comment=alone).exists()


def test_comment_that_came_meanwhile_is_compared_again(post, double):
    late = []

    def arrive(step, share):
        if step == "texts" and not late:
            late.append(make_comment(post, SAID))
            groups.catch_up()

    regrouping.regroup(tell=arrive)

    assert list(fingerprints.pending()) == [late[0].fingerprint]
    groups.catch_up()
    assert Group.objects.get().standing == 3


def test_text_that_changed_meanwhile_is_compared_again(double):
    def change(step, share):
        if step == "texts" and share == 1:
            Comment.objects.filter(pk=double[1].pk).update(text=OTHER)

    regrouping.regroup(tell=change)

    assert (found()[0], fingerprints.pending().count()) == ([], 1)


def test_group_that_is_too_large_is_reported(post, caplog):
    for _ in range(regrouping.TOO_FEW + 1):
        make_comment(post, SAID)

    report = regrouping.regroup()

    assert report.alarms == [Group.objects.get().pk]
    assert "Groups of more than 20 members" in caplog.text


def test_command_compares_what_waits_and_all_of_it_when_told(double, monkeypatch, capsys):
    call_command("fingerprint")
    call_command("fingerprint", "--all", "--processes=1")

    told = capsys.readouterr().out.splitlines()
    assert told[:2] == ["2 comments compared, 1 groups.", "0 comments wait."]
    assert told[-3:] == ["texts: 100%", "pairs: 100%", "2 comments compared, 2 of them in 1 groups."]


def test_only_one_regroups_at_a_time(double):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [regrouping.LOCK])

        assert regrouping.regroup() is None
    finally:
        other.close()
