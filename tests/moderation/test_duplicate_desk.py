"""The desk for duplicates: what it shows, and what its buttons do."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.comments import groups
from blog.comments.models import Comment
from blog.comments.models_duplicates import Different, Group
from blog.moderation import batches, listing
from blog.moderation.models import Batch, RemovalReason
from tests.factories import make_comment, make_published
from tests.moderation.waved import make_group_of

pytestmark = pytest.mark.django_db
DESK, WAVE, AGAIN = (f"/admin/blog/batch/duplicates/{end}" for end in ("", "wave/", "again/"))
THREE = ("Anna", "Bo", "Cilla")
LONG = "Samma text som är så lång att den inte kan vara sagd av en slump."


def said(response):
    return [str(message) for message in response.context["messages"]]


def states():
    return list(Comment.objects.order_by("pk").values_list("state", flat=True))


def shown(response):
    return [each.group.pk for each in response.context["groups"]]


def sent(*made, **more):
    """What the page sends as it is: everything ticked, the first of each group kept."""
    fields = {"group": [group.pk for group in made], "comment": [each.pk for group in made for each in group.said]}
    fields |= {f"keep-{group.pk}": group.said[0].pk for group in made}
    return fields | {f"seen-{each.pk}": batches.as_seen(each) for group in made for each in group.said} | more


@pytest.fixture
def client(sign_in, moderator):
    return sign_in(moderator)


# --- What it shows


def test_one_author_is_ticked_and_different_ones_and_patterns_are_not(client, post):
    own, others = make_group_of([post]), make_group_of([post], names=("Anna", "Bo"))
    pattern = make_group_of([post], tier="template")

    page = client.get(DESK)

    ticked = {each.group.pk: each.is_ticked for each in page.context["groups"]}
    assert ticked == {own.pk: True, others.pk: False, pattern.pk: False}
    assert page.text.count('name="comment"') == 6
    assert page.text.count(" checked>") == 2 + 3  # and one of each group to keep


def test_who_cannot_be_kept_is_told_so(client, post):
    above = make_comment(post, LONG)
    make_comment(post, LONG, parent=make_comment(post, "Nej", name="Bo", parent=above), created_at="2001-01-01T00:00Z")
    groups.catch_up()

    page = client.get(DESK)

    assert "Cannot be kept: it stands under #1." in page.text
    assert page.text.count('type="radio"') == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["near", "large", "answered", "old", "elsewhere"]),
        ("tier=near", ["near"]),
        ("cause=campaign", ["large"]),
        ("size=3", ["large"]),
        ("size=2", ["near", "answered", "old", "elsewhere"]),
        ("size=10", []),
        ("post=ANNAN", ["elsewhere"]),
        ("replies=on", ["answered"]),
        ("age=day", ["near", "large", "answered"]),
        ("age=month", ["near", "large", "answered", "old"]),
        ("age=older", ["elsewhere"]),
        ("tier=none&size=x&age=y", ["near", "large", "answered", "old", "elsewhere"]),
        ("cause=import&age=day", ["answered"]),
    ],
)
def test_groups_are_chosen_newest_first(client, post, query, expected):
    made = {
        "near": make_group_of([post], "again", tier="near"),
        "large": make_group_of([post], "campaign", THREE),
        "answered": make_group_of([post], "import"),
        "old": make_group_of([post], "again"),
        "elsewhere": make_group_of([make_published("En annan")], "again"),
    }
    make_comment(post, "Svar", parent=made["answered"].said[1])
    for days, name in enumerate(("near", "large", "answered")):
        Group.objects.filter(pk=made[name].pk).update(last_at=timezone.now() - timedelta(hours=days))
    for days, name in ((10, "old"), (60, "elsewhere")):
        Group.objects.filter(pk=made[name].pk).update(last_at=timezone.now() - timedelta(days=days))

    assert shown(client.get(f"{DESK}?{query}")) == [made[name].pk for name in expected]


def test_pages_lead_past_every_group_once_whatever_comes_in_between(client, post, monkeypatch):
    monkeypatch.setattr(listing, "ON_A_PAGE", 2)
    made = [make_group_of([post]) for _ in range(5)]
    same = made[0].last_at
    Group.objects.update(last_at=same)  # the key tells apart what the hour does not
    found, query = [], ""
    while query is not None:
        page = client.get(f"{DESK}?{query}")
        found.append(shown(page))
        query = page.context["older"] or None
        new = make_group_of([post])

    assert found == [[made[4].pk, made[3].pk], [made[2].pk, made[1].pk], [made[0].pk]]
    assert shown(client.get(DESK))[0] == new.pk


@pytest.mark.parametrize("before", ["x", "~", "2026-01-01~1", "2026-01-01T00:00:00+00:00~", "~7", "9" * 400])
def test_a_place_that_is_none_leads_to_the_first_page(client, post, before):
    group = make_group_of([post])

    assert shown(client.get(DESK, {"before": before})) == [group.pk]


def test_desk_costs_the_same_with_few_and_with_many(client, post, django_assert_num_queries):
    client.get(DESK)
    for more in (1, 6):
        for _ in range(more):
            group = make_group_of([post], "import", names=["Anna"] * 3)
            make_comment(post, "Svar", parent=group.said[0])
        groups.catch_up()
        with django_assert_num_queries(10):
            client.get(DESK)


# --- What its buttons do


def test_merge_of_one_group_keeps_the_chosen_one_and_leads_to_the_next(client, post):
    group, following = make_group_of([post]), make_group_of([post])
    fields = sent(group, following, merge=group.pk) | {f"keep-{group.pk}": group.said[1].pk}

    response = client.post(f"{DESK}?tier=exact", fields)

    assert states() == ["merged", "visible", "visible", "visible"]
    assert response["Location"] == f"{DESK}?tier=exact#group-{following.pk}"
    batch = Batch.objects.get()
    assert reverse("admin:blog_batch_undo", args=[batch.pk]) in said(client.get(DESK))[0]


def test_merge_of_all_that_is_ticked_is_one_batch(client, post):
    made = [make_group_of([post]) for _ in range(2)]
    untouched = make_group_of([post])
    fields = sent(*made, merge="all") | {f"keep-{untouched.pk}": untouched.said[0].pk}

    client.post(DESK, fields)

    assert states() == ["visible", "merged"] * 2 + ["visible", "visible"]
    assert Batch.objects.get().rows.count() == 2


@pytest.mark.parametrize("fields", [{}, {"merge": "x"}, {"merge": "all", "comment": ["x", "9" * 400]}, {"keep-1": "1"}])
def test_merge_of_nothing_is_told(client, post, fields):
    make_group_of([post])

    assert said(client.post(DESK, fields, follow=True)) == ["Tick at least two comments of a group to merge them."]
    assert not Batch.objects.exists()


def test_copies_in_many_posts_are_spam_or_removed_for_a_reason_and_the_kept_one_stays(client, post):
    made = [make_group_of([post, make_published("En annan")], "spread", ["Anna"] * 3) for _ in range(2)]
    reason = RemovalReason.objects.first()

    client.post(DESK, sent(*made, spam=made[0].pk))
    client.post(DESK, sent(*made, remove=made[1].pk) | {f"reason-{made[1].pk}": reason.pk})

    assert states() == ["visible", "spam", "spam", "visible", "removed", "removed"]
    assert [(batch.action, batch.reason) for batch in Batch.objects.order_by("pk")] == [
        ("spam", None),
        ("remove", reason),
    ]


def test_removing_wants_a_reason(client, post):
    group = make_group_of([post, make_published("En annan")], "spread", ["Anna"] * 3)

    response = client.post(DESK, sent(group, remove=group.pk), follow=True)

    assert said(response) == ["Choose the reason for which the copies are removed."]
    assert states() == ["visible"] * 3


def test_copy_that_has_changed_since_is_left_alone(client, post):
    group = make_group_of([post], "campaign", THREE)
    Comment.objects.filter(pk=group.said[2].pk).update(edited_at=timezone.now())

    client.post(DESK, sent(group, spam=group.pk))

    assert states() == ["visible", "spam", "visible"]


def test_not_duplicates_is_remembered_and_can_be_taken_back(client, post):
    comments = [make_comment(post, LONG, name=name) for name in ("Anna", "Bo")]
    groups.catch_up()
    (group,) = shown(client.get(DESK))

    response = client.post(DESK, {"dismiss": group, "group": group}, follow=True)

    assert shown(response) == []
    make_comment(post, LONG, name="Cilla")
    groups.catch_up()
    assert shown(client.get(DESK)) == []
    assert f'value="{comments[1].pk}"' in said(response)[0]

    response = client.post(AGAIN, {"comment": comments[1].pk}, follow=True)

    assert [len(each.rows) for each in response.context["groups"]] == [3]
    assert not Different.objects.exists()


def test_dismissing_what_is_gone_is_told(client, post):
    response = client.post(DESK, {"dismiss": "4711"}, follow=True)

    assert said(response) == ["Nothing was changed: somebody else has dealt with it already."]


# --- Waves


def test_waves_stand_above_the_groups_and_each_says_what_will_happen(client, post):
    make_group_of([post], "import")
    campaign = make_group_of([post], "campaign", THREE)

    page = client.get(DESK)
    confirmation = client.get(WAVE, {"wave": "import"})

    assert [wave.key for wave in page.context["waves"]] == [f"campaign-{campaign.pk}", "import"]
    assert f"{WAVE}?wave=import" in page.text
    assert "1 copy is merged into the comment that it repeats." in " ".join(confirmation.text.split())
    assert states() == ["visible"] * 5


def test_wave_is_mended_by_one_post(client, post):
    make_group_of([post], "import")
    wave = client.get(WAVE, {"wave": "import"}).context["wave"]

    response = client.post(WAVE, {"wave": wave.key, "up_to": wave.up_to})

    assert (states(), response["Location"]) == (["visible", "merged"], DESK)
    assert Batch.objects.get().by.username == "moderator"


def test_wave_that_is_removed_wants_a_reason(client, post):
    group = make_group_of([post, make_published("En annan")], "spread", ["Anna"] * 3)
    fields = {"wave": f"spread-{group.pk}", "up_to": group.said[-1].pk}

    refused = client.post(WAVE, fields)
    done = client.post(WAVE, fields | {"reason": RemovalReason.objects.first().pk})

    assert (refused.status_code, list(refused.context["form"].errors), done.status_code) == (400, ["reason"], 302)
    assert states() == ["visible", "removed", "removed"]


@pytest.mark.parametrize("key", ["", "import", "campaign-1", "nonsense"])
def test_wave_that_is_over_leads_back(client, post, key):
    for response in (client.get(WAVE, {"wave": key}, follow=True), client.post(WAVE, {"wave": key}, follow=True)):
        assert said(response) == ["This wave is over: somebody has dealt with it."]


def test_wave_without_its_figures_changes_nothing(client, post):
    make_group_of([post], "import")

    assert client.post(WAVE, {"wave": "import", "up_to": "x"}).status_code == 400
    assert states() == ["visible"] * 2


# --- Who may


def test_strangers_and_authors_neither_see_nor_change_anything(sign_in, author, post):
    group = make_group_of([post], "import")
    deeds = [(DESK, sent(group)), (WAVE, {"wave": "import", "up_to": group.said[-1].pk}), (AGAIN, {"comment": 1})]

    for person, expected in ((Client(), 302), (sign_in(author), 403)):
        answers = [person.post(path, fields).status_code for path, fields in deeds]
        answers += [person.get(path).status_code for path in (DESK, WAVE)]
        assert answers == [expected] * 5
    assert states() == ["visible"] * 2


def test_comparing_again_is_no_matter_of_looking_or_of_what_is_not_there(client, post):
    assert [client.get(AGAIN).status_code, client.post(AGAIN, {"comment": "x"}).status_code] == [405, 404]
