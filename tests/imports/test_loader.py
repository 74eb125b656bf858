"""Writing an export into the database, once and again."""

from datetime import UTC, datetime

import pytest

from blog.comments import threads
from blog.comments.models import Comment
from blog.imports import wordpress
from blog.imports.loader import load
from blog.imports.models import ImportedRow
from blog.moderation import batches, duplicates
from blog.posts.bylines import Byline
from blog.posts.models import Post
from tests.factories import make_byline, make_group, make_post
from tests.imports.wxr import make_comment, make_file, make_item

pytestmark = pytest.mark.django_db


def run(*parts, **options):
    return load(wordpress.read(make_file(*parts), "export"), **options)


def outcomes(report):
    return {(kind.value, outcome.value): number for (kind, outcome), number in report.counts.items() if number}


def shape():
    """Each comment's number, text and path, in thread order."""
    return list(Comment.objects.in_thread_order().values_list("number", "text", "path"))


def test_post_is_written_with_author_tags_and_dates():
    report = run(make_item(1, "<dc:creator>Karin Ek</dc:creator>", '<category domain="post_tag">SEO</category>'))

    post = Post.objects.published().get()
    assert (post.title, post.slug, post.body, post.language) == (
        "Om kommatecken",
        "om-1",
        "<p>Ett kommatecken.</p>",
        "sv",
    )
    assert post.publish_at == post.first_published_at == post.created_at == datetime(2020, 3, 1, 10, tzinfo=UTC)
    assert [byline.name for byline in post.bylines.all()] == ["Karin Ek"]
    assert [tag.name for tag in post.tags.all()] == ["SEO"]
    assert outcomes(report) == {("byline", "new"): 1, ("post", "new"): 1}


def test_second_run_changes_nothing():
    parts = [
        make_item(1, "<dc:creator>Karin Ek</dc:creator>", make_comment(1), make_comment(2, parent=1)),
        make_item(2),
    ]
    run(*parts)
    before = list(Post.objects.values()), list(Comment.objects.values())

    report = run(*parts)

    assert outcomes(report) == {("byline", "unchanged"): 1, ("post", "unchanged"): 2, ("comment", "unchanged"): 2}
    assert (list(Post.objects.values()), list(Comment.objects.values())) == before


def test_grown_file_adds_only_what_is_new():
    run(make_item(1, make_comment(1)))

    report = run(make_item(1, make_comment(1), make_comment(2, "Ett svar", parent=1, minute=5)), make_item(2))

    assert outcomes(report) == {
        ("post", "new"): 1,
        ("post", "unchanged"): 1,
        ("comment", "new"): 1,
        ("comment", "unchanged"): 1,
    }
    assert shape() == [(1, "Bra skrivet.", [1]), (2, "Ett svar", [1, 2])]
    assert Post.objects.get(slug="om-1").discussion.visible_comments == 2


def test_changed_record_changes_its_row_and_keeps_its_address():
    run(make_item(1))

    report = run(make_item(1, title="Om semikolon", post_name="om-semikolon", status="draft"))

    post = Post.objects.get()
    assert (post.title, post.slug, post.status, post.publish_at) == ("Om semikolon", "om-1", "draft", None)
    assert [(line.outcome, line.notes) for line in report.lines] == [("changed", [])]


def test_change_of_a_post_that_was_edited_here_is_said():
    run(make_item(1))
    Post.objects.update(body="<p>Rättat här.</p>")

    report = run(make_item(1, body="Rättat där."))

    assert Post.objects.get().body == "<p>Rättat där.</p>"
    assert report.lines[0].notes == ["it had been edited here since; the file's text has replaced that"]


def test_edit_here_stays_while_the_file_says_the_same():
    run(make_item(1))
    Post.objects.update(body="<p>Rättat här.</p>")

    assert outcomes(run(make_item(1))) == {("post", "unchanged"): 1}
    assert Post.objects.get().body == "<p>Rättat här.</p>"


def test_post_deleted_here_does_not_come_back():
    run(make_item(1, make_comment(1)))
    Post.objects.get().delete()

    report = run(make_item(1, make_comment(1)))

    assert not Post.objects.exists()
    assert report.lines[0].notes == ["deleted here since"]
    assert outcomes(report) == {("post", "skipped"): 1, ("comment", "skipped"): 1}


def test_dry_run_reports_the_same_and_leaves_nothing():
    parts = [make_item(1, "<dc:creator>Karin Ek</dc:creator>", make_comment(1))]

    dry = run(*parts, dry_run=True)

    assert not any(model.objects.exists() for model in (Post, Comment, Byline, ImportedRow))
    assert outcomes(dry) == outcomes(run(*parts))


def test_private_and_scheduled_posts_are_not_public():
    run(make_item(1, status="private"), make_item(2, status="future", post_date_gmt="2999-01-01 00:00:00"))

    assert not Post.objects.published().exists()
    assert Post.objects.scheduled().get().slug == "om-2"


def test_published_post_without_any_date_is_public_and_stays_unchanged():
    run(make_item(1, post_date_gmt=None))

    assert outcomes(run(make_item(1, post_date_gmt=None))) == {("post", "unchanged"): 1}
    assert Post.objects.published().count() == 1


def test_slug_that_is_taken_gets_a_number():
    make_post(slug="om-1")

    run(make_item(1))

    assert sorted(Post.objects.values_list("slug", flat=True)) == ["om-1", "om-1-2"]


def test_author_who_has_a_byline_here_keeps_it():
    byline = make_byline("Karin Ek")

    run(make_item(1, "<dc:creator>Karin Ek</dc:creator>"))

    assert Byline.objects.get() == byline
    assert Post.objects.get().bylines.get() == byline


def test_comments_are_numbered_in_the_order_of_time_with_parents_first():
    run(
        make_item(
            1,
            make_comment(30, "Svar på svaret", parent=20, minute=3),
            make_comment(20, "Svar", parent=10, minute=2),
            make_comment(40, "Ny tråd", minute=1),
            make_comment(10, "Först", minute=0),
        )
    )

    assert shape() == [(1, "Först", [1]), (3, "Svar", [1, 3]), (4, "Svar på svaret", [1, 3, 4]), (2, "Ny tråd", [2])]


def test_reply_that_is_older_than_its_parent_still_follows_it():
    run(make_item(1, make_comment(1, "Svar", parent=2, minute=0), make_comment(2, "Först", minute=9)))

    assert shape() == [(1, "Först", [1]), (2, "Svar", [1, 2])]


def test_reply_without_its_parent_and_replies_in_a_circle_stand_on_their_own():
    report = run(
        make_item(
            1, make_comment(1, "Ensam", parent=99), make_comment(2, "Ett", parent=3), make_comment(3, "Två", parent=2)
        )
    )

    assert shape() == [(1, "Ensam", [1]), (2, "Två", [2]), (3, "Ett", [2, 3])]
    assert [problem.text for problem in report.problems] == [
        "the comment answers one that is not here: it stands on its own",
        "the comment answers one that is not here: it stands on its own",
    ]
    assert [problem.line for problem in report.problems] == sorted(problem.line for problem in report.problems)


def test_parent_that_comes_with_a_later_file_gets_its_reply():
    run(
        make_item(1, make_comment(2, "Svar", parent=1, minute=5), make_comment(3, "Svar på svaret", parent=2, minute=6))
    )

    report = run(
        make_item(
            1,
            make_comment(1, "Först", minute=0),
            make_comment(2, "Svar", parent=1, minute=5),
            make_comment(3, "Svar på svaret", parent=2, minute=6),
        )
    )

    assert shape() == [(3, "Först", [3]), (1, "Svar", [3, 1]), (2, "Svar på svaret", [3, 1, 2])]
    counted = {("post", "unchanged"): 1, ("comment", "new"): 1, ("comment", "changed"): 1, ("comment", "unchanged"): 1}
    assert outcomes(report) == counted


def test_moderation_here_stands_against_a_change_there(moderator):
    run(make_item(1, make_comment(1, "Köp nu", approved="0")))
    batches.moderate("spam", Comment.objects.all(), by=moderator)

    report = run(make_item(1, make_comment(1, "Köp nu!", approved="1")))

    assert list(Comment.objects.values_list("text", "state")) == [("Köp nu!", "spam")]
    assert [problem.text for problem in report.problems] == ["the comment had been edited or moderated here since"]


def test_approval_there_of_a_comment_that_nobody_touched_here_arrives():
    run(make_item(1, make_comment(1, approved="0")))

    run(make_item(1, make_comment(1, approved="1")))

    assert Comment.objects.get().state == "visible"
    assert Post.objects.get().discussion.visible_comments == 1


@pytest.mark.parametrize("state", ["withdrawn", "erased"])
def test_what_its_writer_took_back_here_does_not_come_again(state):
    run(make_item(1, make_comment(1, "Mitt namn")))
    Comment.objects.update(state=state, name="", email="", text="", html="")

    report = run(make_item(1, make_comment(1, "Mitt hela namn"), make_comment(2, "Ett svar", parent=1, minute=5)))

    assert list(Comment.objects.order_by("number").values_list("state", "name", "text")) == [
        (state, "", ""), ("visible", "Anna", "Ett svar"),
    ]  # fmt: skip
    assert [each.text for each in report.problems] == ["its writer has taken the comment back here: it stays so"]
    assert outcomes(report) == {("post", "unchanged"): 1, ("comment", "new"): 1, ("comment", "skipped"): 1}


def test_nobody_is_told_of_imported_comments():
    run(make_item(1, make_comment(1)))

    assert not Comment.objects.filter(told_at=None).exists()


def test_new_reply_to_a_merged_comment_goes_under_the_kept_one(moderator):
    copies = [make_comment(1, "Samma", minute=0), make_comment(2, "Samma", minute=1)]
    run(make_item(1, *copies))
    make_group(*Comment.objects.all())
    duplicates.merge(list(Comment.objects.values_list("pk", flat=True)), by=moderator)

    run(make_item(1, *copies, make_comment(3, "Svar", parent=2, minute=2)))

    assert Comment.objects.get(text="Svar").parent == Comment.objects.get(number=1)
    assert [comment.number for comment in threads.page(Post.objects.get()).comments] == [1, 3]


def test_mentions_count_as_mentions_and_doubles_are_kept():
    run(make_item(1, make_comment(1), make_comment(2), make_comment(3, type="pingback")))

    discussion = Post.objects.get().discussion
    assert (discussion.visible_comments, discussion.visible_mentions) == (2, 1)
    assert list(Comment.objects.order_by("number").values_list("origin", flat=True)) == ["import", "import", "mention"]


def test_comments_cost_the_same_number_of_queries_for_three_and_for_three_hundred(django_assert_num_queries):
    few = [make_comment(number, minute=number % 60, parent=number - 1 or 0) for number in range(1, 4)]
    many = [make_comment(number, minute=number % 60, parent=0) for number in range(1, 301)]

    with django_assert_num_queries(13):
        run(make_item(1, *few))
    with django_assert_num_queries(13):
        run(make_item(2, *many))
