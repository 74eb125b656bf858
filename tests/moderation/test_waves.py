"""Waves: what has one cause, with its evidence, mended in one step that can be undone."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from blog.comments import groups
from blog.comments.models import Comment
from blog.comments.models_duplicates import Group
from blog.moderation import batches, duplicates, waves
from blog.moderation.models import Batch, RemovalReason
from tests.factories import make_comment, make_published
from tests.moderation.test_duplicates import everything
from tests.moderation.waved import make_group_of

pytestmark = pytest.mark.django_db
THREE = ("Anna", "Bo", "Cilla")


def states(group):
    return list(Comment.objects.filter(membership__group=group).order_by("pk").values_list("state", flat=True))


def mend(wave, **named):
    return waves.mend(wave, up_to=wave.up_to, **{"by": None} | named)


@pytest.fixture
def other(post):
    return make_published("En annan")


def test_groups_of_one_cause_are_one_wave_and_each_campaign_is_one_by_itself(post, other):
    for cause in ("import", "import", "click", "again"):
        make_group_of([post], cause)
    campaigns = [make_group_of([post, other], "campaign", THREE) for _ in range(2)]
    spread = make_group_of([post, other], "spread", ["Anna"] * 3)
    make_group_of([post], "unknown")

    found = {wave.key: (wave.groups, wave.comments, wave.posts, wave.people) for wave in waves.waves()}

    assert found == {
        "import": (2, 4, 1, 1),
        "click": (1, 2, 1, 1),
        "again": (1, 2, 1, 1),
        f"campaign-{campaigns[0].pk}": (1, 3, 2, 3),
        f"campaign-{campaigns[1].pk}": (1, 3, 2, 3),
        f"spread-{spread.pk}": (1, 3, 2, 1),
    }


def test_wave_tells_its_hours_how_far_apart_and_how_many_networks(post):
    group = make_group_of([post], "campaign", THREE)
    Comment.objects.filter(name__in=["Anna", "Bo"]).update(network_key=b"n" * 16)

    (wave,) = waves.waves()

    assert (wave.first_at, wave.last_at) == (group.first_at, group.last_at)
    assert (wave.widest, wave.networks, wave.up_to) == (timedelta(minutes=2), 1, group.said[-1].pk)
    assert waves.find(wave.key) == wave
    assert waves.posts_of(wave) == [(post.title, 3)]


def test_what_no_wave_may_mend_unseen_is_in_none(post, other):
    make_group_of([post], "import", tier="near")
    make_group_of([post], "again", tier="template")
    make_group_of([post], "campaign", THREE, tier="template")
    make_group_of([post, other], "spread")  # two are too few
    gone = make_group_of([post], "click")
    Comment.objects.filter(membership__group=gone, pk=gone.said[0].pk).update(state="removed")

    assert waves.waves() == []


@pytest.mark.parametrize(
    "key", ["", "import-1", "campaign", "campaign-x", "unknown", "campaign-99999", "near", "-1", "campaign-" + "9" * 30]
)
def test_no_wave_answers_to_a_key_that_is_none(post, key):
    make_group_of([post], "import", tier="near")
    make_group_of([post], "campaign", THREE)

    assert waves.find(key) is None


def test_import_is_merged_in_one_batch_and_undo_restores_every_row(post, moderator):
    pairs = [make_group_of([post], "import", text=f"Text {number}") for number in range(3)]
    make_comment(post, "Svar", parent=pairs[0].said[1])
    near = make_group_of([post], "import", tier="near")
    before = everything()
    (wave,) = waves.waves()

    batch = mend(wave, by=moderator)

    assert [states(group) for group in [*pairs, near]] == [["visible", "merged"]] * 3 + [["visible", "visible"]]
    assert (wave.touched, Batch.objects.get()) == (3, batch)
    assert waves.waves() == []
    batches.undo(batch, by=moderator)
    assert everything() == before


def test_merging_a_wave_leaves_other_people_and_other_posts_alone(post, other, moderator):
    mixed = make_group_of([post], "import", ("Anna", "Bo", "Bo"))
    across = make_group_of([post, other], "import")

    mend(waves.find("import"), by=moderator)

    assert [states(mixed), states(across)] == [["visible", "visible", "merged"], ["visible", "visible"]]


def test_campaign_is_spam_in_one_batch(post, other, moderator):
    group = make_group_of([post, other], "campaign", THREE)
    before = everything()
    (wave,) = waves.waves()

    batch = mend(wave, by=moderator)

    assert (states(group), batch.action, wave.touched) == (["spam"] * 3, "spam", 3)
    batches.undo(batch, by=moderator)
    assert everything() == before


def test_of_a_spread_text_the_first_stays_and_the_others_are_removed_for_a_reason(post, other, moderator):
    group = make_group_of([post, other], "spread", ["Anna"] * 3)
    reason = RemovalReason.objects.first()
    (wave,) = waves.waves()

    batch = mend(wave, by=moderator, because=reason)

    assert (states(group), wave.touched) == (["visible", "removed", "removed"], 2)
    assert (batch.action, batch.reason) == ("remove", reason)


def test_what_came_after_the_figures_were_shown_is_left_alone(post, moderator):
    group = make_group_of([post], "campaign", THREE)
    (wave,) = waves.waves()
    late = make_comment(post, "Samma text", name="David")
    group.members.create(comment=late, tier="exact")

    waves.mend(waves.find(wave.key), by=moderator, up_to=wave.up_to)

    assert states(group) == ["spam", "spam", "spam", "visible"]


def test_wave_that_is_over_is_told(post, moderator):
    make_group_of([post], "campaign", THREE)
    (wave,) = waves.waves()
    mend(wave, by=moderator)

    with pytest.raises(batches.NothingToDo):
        mend(wave, by=moderator)


def test_a_large_wave_is_mended_in_pieces_the_oldest_kept(post, moderator, monkeypatch):
    monkeypatch.setattr(waves, "AT_ONCE", 3)
    group = make_group_of([post], "spread", ["Anna"] * 6)
    done = []
    while found := waves.waves():
        done.append((found[0].is_too_large, found[0].touched))
        mend(found[0], by=moderator)

    assert done == [(True, 2), (True, 2)]
    assert states(group) == ["visible"] + ["removed"] * 5


def test_waves_cost_the_same_with_few_and_with_many(post, django_assert_num_queries):
    for more, expected in ((1, 2), (5, 1 + waves.OF_A_KIND)):
        for _ in range(more):
            make_group_of([post], "import")
            make_group_of([post], "campaign", THREE)
        with django_assert_num_queries(1):
            found = waves.waves()

        assert len(found) == expected


def test_seeds_are_seven_groups_of_an_import_that_ran_twice_and_one_step_mends_them(shared_data, moderator):
    call_command("import_wordpress", shared_data / "seeds" / "seeds.wxr.xml", verbosity=0)
    groups.catch_up()
    found = duplicates.find()
    before = everything()
    (wave,) = waves.waves()

    batch = mend(wave, by=moderator)

    assert [len(each.comments) for each in found] == [2] * 7
    assert set(Group.objects.values_list("cause", flat=True)) == {"import"}
    assert (wave.key, wave.groups, wave.comments, wave.posts) == ("import", 7, 14, 1)
    assert Comment.objects.filter(state="merged").count() == 7
    batches.undo(batch, by=moderator)
    assert everything() == before
