"""One change in several posts: nothing is lost, each change is a version, and who may not is told."""

import pytest
from django.urls import reverse
from django.utils import translation

from blog.editing import saving
from blog.planning import bulk
from blog.posts import revisions
from blog.posts.models import Post
from tests.factories import make_byline, make_post, make_published

pytestmark = pytest.mark.django_db
BULK, LIST = "/admin/bulk/", "/admin/blog/post/"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def tags(post):
    return revisions.newest_content(Post.objects.get(pk=post.pk))["tags"]


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_tags_are_added_and_taken_off_whatever_their_case(editor):
    one, two = make_post("Ett", tags=["språk", "gammal"]), make_post("Två", tags=["Kök"])

    outcome = bulk.bulk_tag([one, two], ["Språk", "kök"], ["GAMMAL"], editor)

    assert outcome == bulk.Outcome(2, [])
    assert (tags(one), tags(two)) == (["Kök", "språk"], ["Kök", "språk"])


def test_change_is_a_version_by_its_person_and_only_where_something_changes(editor):
    changed, same = make_post("Ett"), make_post("Två", tags=["språk"])

    outcome = bulk.bulk_tag([changed, same], ["språk"], [], editor)

    assert outcome == bulk.Outcome(1, [("Två", "it is so already")])
    newest = Post.objects.get(pk=changed.pk).revisions.first()
    assert (newest.by, newest.note) == (editor, "tags changed in several posts")
    assert not same.revisions.exists()


def test_change_of_what_is_public_waits_for_approval(editor):
    post = make_published(tags=["språk"])

    bulk.bulk_tag([post], ["kök"], [], editor)

    fresh = Post.objects.get(pk=post.pk)
    assert (sorted(fresh.tags.names()), tags(post), fresh.newest.status) == (["språk"], ["kök", "språk"], "draft")


def test_change_goes_into_the_newest_text_of_a_pending_update(editor):
    post = make_published("Publik")
    saving.save(post, revisions.content_of(post) | {"title": "Ny rubrik"}, base=0, by=editor)

    bulk.bulk_tag([post], ["språk"], [], editor)

    fresh = Post.objects.get(pk=post.pk)
    newest = revisions.newest_content(fresh)
    assert (fresh.title, newest["title"], newest["tags"]) == ("Publik", "Ny rubrik", ["språk"])


def test_what_one_saves_meanwhile_stays(editor, author):
    post = make_post(created_by=author)
    stale = Post.objects.get(pk=post.pk)
    content = revisions.content_of(post)
    saving.save(post, content | {"title": "Ny rubrik"}, base=0, by=author)

    bulk.bulk_tag([stale], ["språk"], [], editor)

    newest = revisions.newest_content(Post.objects.get(pk=post.pk))
    assert (newest["title"], newest["tags"]) == ("Ny rubrik", ["språk"])


def test_bylines_are_replaced_and_stay_in_the_versions(editor):
    former, byline = make_byline("Karin Ek"), make_byline("Bo Alm")
    post = make_post(bylines=[former])

    outcome = bulk.sign([post], byline, editor)

    fresh = Post.objects.get(pk=post.pk)
    assert outcome == bulk.Outcome(1, [])
    assert list(fresh.bylines.all()) == [byline]
    assert [each.content["bylines"] for each in fresh.revisions.all()] == [[byline.pk], [former.pk]]


def test_reviewer_is_assigned_and_recorded(editor):
    post, same = make_post(status="in_review"), make_post("Två", reviewer=editor)

    outcome = bulk.assign([post, same], editor, editor)

    assert outcome == bulk.Outcome(1, [("Två", "it is so already")])
    assert Post.objects.get(pk=post.pk).reviewer == editor
    assert [(event.kind, event.by, event.note) for event in post.events.all()] == [("assigned", editor, "editor")]


def test_each_post_is_asked_about_by_itself(author, editor):
    own, others = make_post("Egen", created_by=author), make_post("Annans", created_by=editor)
    sent = make_post("Inlämnad", status="in_review", created_by=author)

    assert bulk.bulk_tag([own, others, sent], ["språk"], [], author) == bulk.Outcome(
        1, [("Annans", "you may not change it"), ("Inlämnad", "you may not change it")]
    )
    assert bulk.sign([others], make_byline(), author).changed == 0
    assert bulk.assign([own], editor, author) == bulk.Outcome(0, [("Egen", "you may not assign its reviewer")])
    assert [tags(post) for post in (own, others, sent)] == [["språk"], [], []]


def test_post_that_is_gone_is_told(editor):
    post = make_post()
    Post.objects.all().delete()

    assert bulk.bulk_tag([post], ["språk"], [], editor).skipped == [("Om kommatecken", "it was deleted meanwhile")]


# --- The pages


def test_action_asks_what_to_change_and_changes_nothing_yet(sign_in, editor):
    post = make_post()

    response = sign_in(editor).post(LIST, {"action": "change_several", "_selected_action": [post.pk]})

    assert f'<input type="hidden" name="post" value="{post.pk}">' in response.text
    assert "This changes 1 post." in response.text
    assert not post.revisions.exists()


def test_action_takes_at_most_five_hundred(sign_in, editor):
    posts = Post.objects.bulk_create(Post(title=f"{number}", slug=f"nummer-{number}") for number in range(501))

    response = sign_in(editor).post(
        LIST,
        {"action": "change_several", "select_across": "1", "_selected_action": [posts[0].pk]},
        follow=True,
    )

    assert said(response) == ["At most 500 posts are changed at once."]


def test_answer_changes_tags_byline_and_reviewer_and_reports(sign_in, editor):
    byline, one, two = make_byline(), make_post("Ett"), make_post("Två", tags=["språk"])
    fields = {"post": [one.pk, two.pk], "add": "språk", "byline": byline.pk, "reviewer": editor.pk}

    response = sign_in(editor).post(BULK, fields, follow=True)

    assert said(response) == [
        "Tags: 1 post changed.",
        "Tags: 1 post left as it is. “Två”: it is so already",
        "Byline: 2 posts changed.",
        "Reviewer: 2 posts changed.",
    ]
    for post in Post.objects.all():
        assert (list(post.tags.names()), list(post.bylines.all()), post.reviewer) == (["språk"], [byline], editor)


@pytest.mark.parametrize(
    "fields", [{"add": "x" * 101}, {"byline": "9" * 30}, {"reviewer": "x"}, {"reviewer": "{author}"}]
)
def test_answer_with_what_cannot_be_is_asked_again(sign_in, author, editor, fields):
    post = make_post()
    fields = {name: value.format(author=author.pk) for name, value in fields.items()}

    response = sign_in(editor).post(BULK, {"post": post.pk} | fields)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not post.revisions.exists()


def test_author_changes_own_posts_only_whatever_the_form_names(sign_in, author, editor):
    own, others = make_post("Egen", created_by=author), make_post("Annans", created_by=editor)

    fields = {"post": [own.pk, others.pk, "x", "9" * 30], "add": "språk", "reviewer": editor.pk}
    response = sign_in(author).post(BULK, fields, follow=True)

    assert "Annans" not in " ".join(said(response))
    assert (tags(own), tags(others)) == (["språk"], [])
    assert not Post.objects.filter(reviewer=editor).exists()


def test_bulk_is_closed_to_strangers_and_moderators_and_is_posted(client, sign_in, moderator, editor):
    post = make_post()
    fields = {"post": post.pk, "add": "språk"}

    answers = [each.post(BULK, fields).status_code for each in (client, sign_in(moderator))]

    assert answers == [302, 403]
    assert sign_in(editor).get(BULK).status_code == 405
    assert not post.revisions.exists()
    listing = sign_in(moderator).get(reverse("admin:blog_post_changelist"))
    assert "change_several" not in listing.text
