"""Finding, merging and un-merging comments that say the same."""

from os import environ

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from blog.comments import groups, threads
from blog.comments.models import Comment
from blog.moderation import batches, duplicates
from blog.moderation.models import Batch, Report
from blog.receipts.models import Address, Following
from tests.factories import make_comment, make_group, make_published


def everything():
    """Every column of whatever a merge touches: what "exactly as it was" is measured by."""
    tables = {}
    with connection.cursor() as cursor:
        for name in ("comment", "discussion", "group", "member", "report", "following"):
            cursor.execute(f"SELECT to_jsonb(t) FROM blog_{name} t ORDER BY 1")
            tables[name] = [row[0] for row in cursor.fetchall()]
    return tables


SAID = "Tack för en bra artikel om hur man väljer rätt kommatecken!"


def double(post, text="Samma text", **fields):
    kept, copy = make_comment(post, text, **fields), make_comment(post, text)
    make_group(kept, copy)
    return kept, copy


def test_find_tells_of_groups_in_the_order_of_posts_and_comments(post):
    other = make_published("En annan")
    of_other = [make_comment(other, f"{SAID} Verkligen.", name=name) for name in ("Bo", "Cia")]
    first = make_comment(post, SAID)
    make_comment(post, "Jag håller inte med.")
    second = make_comment(post, SAID.upper().replace("!", "…"))
    gone = make_comment(post, SAID, state="removed")
    groups.catch_up()

    assert [(each.comments, each.same_author) for each in duplicates.find()] == [
        ([first, second], True), (of_other, False),
    ]  # fmt: skip
    assert duplicates.find(other)[0].kept == of_other[0]
    assert gone.membership.group == first.membership.group


def test_merge_of_a_group_over_several_posts_keeps_one_comment_of_each(post, moderator):
    other = make_published("En annan")
    here, there = [make_comment(post, SAID) for _ in range(3)], [make_comment(other, SAID) for _ in range(2)]
    groups.catch_up()
    (group,) = duplicates.find()

    duplicates.merge([each.pk for each in group.comments], by=moderator)

    merged = Comment.objects.filter(state="merged").order_by("pk").values_list("pk", "merged_into")
    assert list(merged) == [(here[1].pk, here[0].pk), (here[2].pk, here[0].pk), (there[1].pk, there[0].pk)]


def test_merge_moves_replies_in_order_and_undo_restores_every_row(post, moderator):
    kept = make_comment(post, "Samma text")
    copy = make_comment(post, "Samma text")
    make_group(kept, copy)
    to_copy = make_comment(post, "Svar till kopian", parent=copy)
    to_kept = make_comment(post, "Svar till originalet", parent=kept)
    deeper = make_comment(post, "Svar på svaret", parent=to_copy)
    before = everything()

    batch = duplicates.merge([kept.pk, copy.pk], by=moderator)

    shown = [(each.number, each.path) for each in threads.page(post).comments]
    assert shown == [
        (kept.number, [1]),
        (to_copy.number, [1, 3]),
        (deeper.number, [1, 3, 5]),
        (to_kept.number, [1, 4]),
    ]
    copy.refresh_from_db()
    assert (copy.state, copy.merged_into_id) == ("merged", kept.pk)
    post.discussion.refresh_from_db()
    assert post.discussion.visible_comments == 4

    batches.undo(batch, by=moderator)

    assert everything() == before


def test_merge_of_two_groups_that_stand_under_each_other_makes_no_circle(post, moderator):
    b1, b2 = make_comment(post, "ett"), make_comment(post, "två")
    a1, a2 = make_comment(post, "ett", parent=b2), make_comment(post, "två", parent=b1)
    # Imported dates: the replies are older than what they answer elsewhere.
    for comment, year in [(a1, 2001), (a2, 2002), (b1, 2003), (b2, 2004)]:
        Comment.objects.filter(pk=comment.pk).update(created_at=f"{year}-01-01T00:00Z")
        comment.refresh_from_db()
    make_group(a1, b1)
    make_group(a2, b2)
    before = everything()

    batch = duplicates.merge([a1.pk, a2.pk, b1.pk, b2.pk], by=moderator)

    parents = threads.parents([post.pk])
    assert all(pk not in threads.ancestors(pk, parents) for pk in parents)
    batches.undo(batch, by=moderator)
    assert everything() == before


def test_merge_follows_earlier_copies_so_that_no_chain_forms(post, moderator):
    oldest = make_comment(post, "Samma text")
    middle, newest = make_comment(post, "Samma text"), make_comment(post, "Samma text")
    make_group(oldest, middle, newest)
    duplicates.merge([middle.pk, newest.pk], by=moderator)

    duplicates.merge([oldest.pk, middle.pk], by=moderator)

    newest.refresh_from_db()
    assert newest.merged_into_id == oldest.pk


def test_merge_keeps_a_text_visible_that_readers_could_see(post, moderator):
    held, _copy = double(post, state="held")

    duplicates.merge([each.pk for each in duplicates.find()[0].comments], by=moderator)

    held.refresh_from_db()
    assert held.state == "visible"


def test_merge_of_a_single_comment_changes_nothing(post, moderator):
    comment = make_comment(post)

    with pytest.raises(batches.NothingToDo):
        duplicates.merge([comment.pk], by=moderator)

    assert not Batch.objects.exists()


def test_undo_twice_is_refused(post, moderator):
    comments = double(post)
    batch = duplicates.merge([each.pk for each in comments], by=moderator)
    batches.undo(batch, by=moderator)

    with pytest.raises(batches.NothingToDo):
        batches.undo(batch, by=moderator)


def test_undo_of_a_batch_whose_post_is_gone_is_refused(post, moderator):
    comments = double(post)
    batch = duplicates.merge([each.pk for each in comments], by=moderator)
    post.delete()

    with pytest.raises(batches.NothingToDo):
        batches.undo(batch, by=moderator)


def test_undo_says_what_has_changed_since_and_changes_nothing(post, moderator):
    comments = double(post)
    batch = duplicates.merge([each.pk for each in comments], by=moderator)
    Comment.objects.filter(pk=comments[1].pk).update(state="removed", merged_into=None)
    before = everything()

    with pytest.raises(batches.ChangedSince) as refusal:
        batches.undo(batch, by=moderator)

    assert refusal.value.comments == [comments[1]]
    assert everything() == before
    batch.refresh_from_db()
    assert batch.undone_at is None


def test_undo_is_refused_while_a_later_action_stands_even_if_it_came_back_to_the_same(post, moderator):
    comment = make_comment(post, state="held")
    first, second, third = (
        batches.moderate(action, Comment.objects.all(), by=moderator) for action in ("approve", "spam", "approve")
    )

    with pytest.raises(batches.ChangedSince) as refusal:
        batches.undo(first, by=moderator)

    comment.refresh_from_db()
    assert (refusal.value.comments, comment.state) == ([comment], "visible")
    for batch in (third, second, first):
        batches.undo(batch, by=moderator)
    comment.refresh_from_db()
    assert comment.state == "held"


def test_refusal_names_ten_comments_and_counts_the_rest():
    comments = [Comment(number=number) for number in range(1, 13)]
    ten = "#1, #2, #3, #4, #5, #6, #7, #8, #9, #10"

    with translation.override("en"):
        assert str(batches.ChangedSince(comments[:10])) == f"Changed since, by a later action: {ten}"
        assert str(batches.ChangedSince(comments[:11])) == f"Changed since, by a later action: {ten} and 1 more"
    with translation.override("sv"):
        assert str(batches.ChangedSince(comments)) == f"En senare åtgärd har ändrat dessa: {ten} och 2 till"


def test_reply_that_came_after_the_merge_survives_the_undo(post, moderator):
    kept, copy = double(post)
    moved = make_comment(post, "Svar till kopian", parent=copy)
    batch = duplicates.merge([kept.pk, copy.pk], by=moderator)
    moved.refresh_from_db()
    late = make_comment(post, "Sent svar", parent=moved)

    batches.undo(batch, by=moderator)

    late.refresh_from_db()
    assert late.path == [copy.number, moved.number, late.number]


@settings(
    max_examples=int(environ.get("MERGE_EXAMPLES", "30")),  # more by hand
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_merges_lose_no_reply_make_no_circle_and_come_undone(data, moderator, django_db_blocker):
    post = make_published("Trådar")
    comments = []
    for _ in range(data.draw(st.integers(2, 14))):
        parent = data.draw(st.sampled_from([None, *comments]))
        year = data.draw(st.integers(2001, 2020))
        text = data.draw(st.sampled_from(["a", "b", "c", "d"]))
        comments.append(make_comment(post, text, parent=parent, created_at=f"{year}-01-01T00:00Z"))
        comments[-1].refresh_from_db()
        if data.draw(st.booleans()):
            follower, _ = Address.objects.get_or_create(email=f"{data.draw(st.integers(1, 2))}@blogg.example")
            Following.objects.create(address=follower, scope="replies", post=post, comment=comments[-1])
            network = bytes([data.draw(st.integers(1, 2))]) * 16
            Report.objects.create(comment=comments[-1], network_key=network, reason="abuse")
    for text in {each.text for each in comments}:
        make_group(*(each for each in comments if each.text == text))
    states, done = [everything()], []
    for _ in range(data.draw(st.integers(1, 3))):
        chosen = data.draw(st.lists(st.sampled_from(comments), unique_by=lambda each: each.pk, min_size=2))
        try:
            done.append(duplicates.merge([each.pk for each in chosen], by=moderator))
        except batches.NothingToDo:
            continue
        states.append(everything())
        parents = threads.parents([post.pk])
        assert all(pk not in threads.ancestors(pk, parents) for pk in parents)
        standing = Comment.objects.filter(post=post).exclude(state="merged")
        assert all(each.parent is None or each.parent.state != "merged" for each in standing.select_related("parent"))
        assert not Comment.objects.filter(post=post, merged_into__state="merged").exists()
        assert len(threads.page(post).comments) == standing.count() == post_count(post)

    for batch, state in zip(reversed(done), reversed(states[:-1]), strict=True):
        batches.undo(batch, by=moderator)
        assert everything() == state


def post_count(post):
    return type(post).objects.get(pk=post.pk).discussion.visible_comments
