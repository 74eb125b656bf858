"""`manage.py audit`: silent when all is well, and each check finds the row that is broken."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from blog.comments import audit, threads
from tests.comments.crowds import CHAIN, FLAT, ONE_PARENT, make_crowd
from tests.factories import make_comment, make_published

pytestmark = pytest.mark.django_db


def found():
    with translation.override("en"):
        return list(audit.findings())


def break_it(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def foreign_key(column):
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, "blog_comment")
    return next(name for name, each in constraints.items() if each["foreign_key"] and each["columns"] == [column])


def drop(constraint):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE blog_comment DROP CONSTRAINT {constraint}")


@pytest.fixture
def thread(post):
    root = make_comment(post)
    reply = make_comment(post, "Svar", parent=root)
    return [root, reply, make_comment(post, "Svar på svaret", parent=reply)]


def test_sound_discussions_have_no_faults(post, thread):
    make_comment(post, "Omnämnande", origin="mention")
    make_comment(post, "Kopia", state="merged", merged_into=thread[0])
    make_comment(post, "Borta", state="erased", parent=thread[1])

    assert found() == []


@pytest.mark.parametrize("parents", [CHAIN, ONE_PARENT, FLAT])
def test_discussions_of_many_pages_have_no_faults(post, parents):
    make_crowd(post, 450, parents=parents)

    assert found() == []


@pytest.mark.parametrize(
    ("column", "kind"),
    [("visible_comments", "comment"), ("visible_mentions", "mention"), ("merged_comments", "merged")],
)
def test_wrong_count_is_found(post, thread, column, kind):
    there = 3 if kind == "comment" else 0

    break_it(f"UPDATE blog_discussion SET {column} = 17")

    assert found() == [f"post {post.pk}: the count of {kind} says 17, but there are {there}"]


def test_number_that_was_never_given_out_is_found(post, thread):
    break_it("UPDATE blog_discussion SET last_number = 2")

    assert found() == [f"post {post.pk}, comment 3: the number was never given out"]


def test_number_given_out_twice_is_found(post, thread):
    drop("comment_number_once")
    break_it("UPDATE blog_comment SET number = 1, path = '{1}', parent_id = NULL WHERE number = 3")

    assert f"post {post.pk}, comment 1: 2 comments have this number" in found()


def test_parent_under_another_post_is_found(post, thread):
    other = make_comment(make_published("En annan"))
    break_it("UPDATE blog_comment SET parent_id = %s, path = '{1,3}' WHERE id = %s", other.pk, thread[2].pk)

    assert found() == [f"post {post.pk}, comment 3: it answers a comment that is not under this post"]


def test_parent_that_is_gone_is_found(post, thread):
    drop(foreign_key("parent_id"))

    break_it("UPDATE blog_comment SET parent_id = 999999, path = '{3}' WHERE id = %s", thread[2].pk)

    assert found() == [f"post {post.pk}, comment 3: it answers a comment that is not under this post"]


def test_circle_is_found(post, thread):
    break_it("UPDATE blog_comment SET parent_id = %s WHERE id = %s", thread[2].pk, thread[1].pk)

    sentences = found()

    assert [each for each in sentences if "under itself" in each] == [
        f"post {post.pk}, comment 2: it stands under itself",
        f"post {post.pk}, comment 3: it stands under itself",
    ]


def test_path_that_does_not_follow_the_parent_is_found(post, thread):
    break_it("UPDATE blog_comment SET path = '{1,3}' WHERE id = %s", thread[2].pk)

    assert found() == [f"post {post.pk}, comment 3: its path does not follow what it answers"]


@pytest.mark.parametrize("case", ["chain", "elsewhere"])
def test_copy_that_leads_nowhere_is_found(post, thread, case):
    copy = make_comment(post, "Kopia", state="merged", merged_into=thread[0])
    if case == "chain":
        target = make_comment(post, "Kopia", state="merged", merged_into=thread[0])
    else:
        target = make_comment(make_published("En annan"))

    break_it("UPDATE blog_comment SET merged_into_id = %s WHERE id = %s", target.pk, copy.pk)

    assert found() == [
        f"post {post.pk}, comment 4: it is merged into none of this post, or into one that is merged itself"
    ]


def test_comment_that_no_page_shows_is_found(post, thread, monkeypatch):
    def without_the_last(rows):
        return rows[:-1], None

    monkeypatch.setattr(threads, "_whole_threads", without_the_last)

    assert found() == [
        f"post {post.pk}, comment 3: it stands on 0 pages, oldest threads first",
        f"post {post.pk}, comment 3: it stands on 0 pages, newest threads first",
    ]


def test_comment_on_two_pages_is_found(post, monkeypatch):
    make_crowd(post, 75)
    whole = threads._whole_threads

    def overlapping(rows):
        shown, following = whole(rows)
        return shown, following and shown[-1]

    monkeypatch.setattr(threads, "_whole_threads", overlapping)

    assert found() == [
        f"post {post.pk}, comment 50: it stands on 2 pages, oldest threads first",
        f"post {post.pk}, comment 26: it stands on 2 pages, newest threads first",
    ]


def test_address_that_leads_to_another_page_is_found(post, monkeypatch):
    make_crowd(post, 75)
    monkeypatch.setattr(threads, "address_of", lambda comment: "/?from=3#comment-75")

    assert found() == [f"post {post.pk}, comment 75: its address leads to a page without it"]


def test_command_says_each_fault_and_fails(post, thread, capsys):
    call_command("audit")
    break_it("UPDATE blog_discussion SET visible_comments = 17")

    with pytest.raises(CommandError):
        call_command("audit")

    assert len(capsys.readouterr().out.splitlines()) == 2
