"""Merging duplicates, and undoing it, from the command line."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from blog.comments.models import Comment
from blog.moderation import batches, duplicates
from blog.moderation.models import Batch
from tests.factories import make_published
from tests.moderation.test_duplicates import everything
from tests.moderation.waved import make_group_of

pytestmark = pytest.mark.django_db


def told(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue().splitlines()


def states():
    return list(Comment.objects.order_by("pk").values_list("state", flat=True))


def test_merge_duplicates_merges_one_tier_within_posts_and_authors(post):
    other = make_published("En annan")
    pair, mixed = make_group_of([post]), make_group_of([post], names=("Anna", "Bo", "Bo"))
    across, near = make_group_of([post, other]), make_group_of([post], tier="near")

    lines = told("merge_duplicates", "--tier", "exact")

    batch = Batch.objects.get()
    assert lines == [f"Batch {batch.pk}: 2 copies in 2 groups.", "2 copies merged."]
    found = [
        list(Comment.objects.filter(membership__group=group).order_by("pk")) for group in (pair, mixed, across, near)
    ]
    assert [[each.state for each in comments] for comments in found] == [
        ["visible", "merged"],
        ["visible", "visible", "merged"],
        ["visible", "visible"],
        ["visible", "visible"],
    ]


def test_merge_duplicates_works_in_bounded_transactions(post, monkeypatch):
    monkeypatch.setattr(duplicates, "GROUPS_IN_A_PIECE", 2)
    for _ in range(3):
        make_group_of([post])

    lines = told("merge_duplicates", "--tier", "exact")

    first, second = Batch.objects.order_by("pk")
    assert lines == [
        f"Batch {first.pk}: 2 copies in 2 groups.", f"Batch {second.pk}: 1 copies in 1 groups.", "3 copies merged.",
    ]  # fmt: skip


def test_merge_duplicates_of_one_post_leaves_the_others_alone(post):
    make_group_of([make_published("En annan")])
    make_group_of([post])

    assert told("merge_duplicates", "--tier", "exact", "--post", post.slug)[-1] == "1 copies merged."
    assert states() == ["visible", "visible", "visible", "merged"]
    with pytest.raises(CommandError, match="no post with this slug"):
        told("merge_duplicates", "--tier", "exact", "--post", "nej")


def test_dry_run_says_what_would_be_merged_and_merges_nothing(post):
    group = make_group_of([post])

    lines = told("merge_duplicates", "--tier", "exact", "--dry-run")

    assert lines == [f"comment {group.said[0].pk}: {group.said[1].pk}", "1 copies would be merged."]
    assert (states(), Batch.objects.count()) == (["visible", "visible"], 0)


def test_patterns_and_unknown_tiers_are_refused(post):
    make_group_of([post], tier="template")

    with pytest.raises(CommandError, match="look at these groups on the desk"):
        told("merge_duplicates", "--tier", "template")
    with pytest.raises(CommandError, match="invalid choice"):
        told("merge_duplicates", "--tier", "all")
    assert states() == ["visible", "visible"]


def test_undo_restores_what_a_batch_changed_and_names_it(post):
    make_group_of([post])
    before = everything()
    told("merge_duplicates", "--tier", "exact")
    batch = Batch.objects.get()

    lines = told("undo", str(batch.pk))

    assert lines == [f"  {post.slug} #2", f"Batch {batch.pk} (Merge duplicates) is undone: 1 comments as before."]
    assert everything() == before


def test_undo_refuses_in_a_sentence(post, moderator):
    make_group_of([post])
    told("merge_duplicates", "--tier", "exact")
    batch = Batch.objects.get()
    told("undo", str(batch.pk))

    with pytest.raises(CommandError, match=r"^Not undone\. The action has been undone already\.$") as refusal:
        told("undo", str(batch.pk))
    assert refusal.value.returncode == 1
    with pytest.raises(CommandError, match="There is no batch 4711"):
        told("undo", "4711")
    first = batches.moderate("hold", Comment.objects.filter(number=1), by=moderator)
    batches.moderate("spam", Comment.objects.filter(number=1), by=moderator)
    with pytest.raises(CommandError, match=r"Changed since, by a later action: #1"):
        told("undo", str(first.pk))
