"""The steps of a post and of its updates, as a person takes them in the admin."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.editing import saving
from blog.posts import relations, steps
from blog.posts.models import Post
from blog.posts.revisions import newest_content
from blog.posts.workflow import IllegalTransition
from tests.factories import make_byline, make_post, make_published

pytestmark = pytest.mark.django_db
GOOD = {"standfirst": "En ingress.", "body": "<p>Ett kommatecken är en paus i en mening som har flera led.</p>"}


def good_post(**fields):
    """A draft that no check finds anything in."""
    return make_post(**{"tags": ["Språk"]} | GOOD | fields)


def with_update(by, post=None, **changes):
    post = post or make_published(tags=["Språk"], **GOOD)
    changes = changes or {"title": "Om kommatecken, igen"}
    saving.save(post, newest_content(post) | changes, base=post.head, by=by)
    return Post.objects.get(pk=post.pk)


def address(post, name):
    return reverse("admin:blog_post_step", args=[post.pk, name])


def names(user, post):
    return [step.name for step in steps.next_steps(user, post)]


def kinds(post):
    return list(post.events.order_by("pk").values_list("kind", flat=True))


def test_whole_way_of_a_post(author, editor):
    post = good_post(created_by=author)
    hour = timezone.now() + timedelta(days=1)

    for name, by, said in [
        ("submit", author, {}),
        ("changes", editor, {"note": "Stryk sista stycket."}),
        ("submit", author, {}),
        ("withdraw", author, {}),
        ("submit", author, {}),
        ("schedule", editor, {"publish_at": hour}),
        ("unschedule", editor, {}),
        ("publish", editor, {}),
        ("archive", editor, {"note": "Fel sajt."}),
        ("unarchive", editor, {}),
        ("publish", editor, {}),
        ("unpublish", editor, {}),
    ]:
        post = Post.objects.get()
        assert name in names(by, post)
        steps.take(name, post, by=by, **said)

    assert kinds(post) == [
        "submitted", "changes_requested", "submitted", "withdrawn", "submitted", "approved", "unscheduled", "approved",
        "archived", "unarchived", "approved", "unpublished",
    ]  # fmt: skip
    assert post.events.get(kind="changes_requested").note == "Stryk sista stycket."


def test_whole_way_of_an_update(author, editor):
    post = with_update(author, make_published(tags=["Språk"], created_by=author, **GOOD))
    hour = timezone.now() + timedelta(days=1)

    for name, by, said in [
        ("submit", author, {}),
        ("changes", editor, {"note": "Kortare."}),
        ("submit", author, {}),
        ("schedule", editor, {"publish_at": hour}),
        ("unschedule", editor, {}),
        ("schedule", editor, {"publish_at": hour}),
        ("now", editor, {}),
    ]:
        post = Post.objects.get()
        assert name in names(by, post)
        steps.take(name, post, by=by, **said)

    post = Post.objects.get()
    assert (post.title, post.newest, kinds(post)[-1]) == ("Om kommatecken, igen", post, "updated")


def test_step_of_nobody_who_may_not(author, moderator):
    post = good_post(created_by=author, status="in_review")

    for name, by in [("publish", author), ("publish", moderator), ("changes", author), ("withdraw", moderator)]:
        with pytest.raises(PermissionDenied):
            steps.take(name, post, by=by, note="x")

    assert kinds(post) == []


def test_four_eyes_keep_everybody_from_approving_own_words(editor, administrator, settings):
    settings.FOUR_EYES = True
    other = make_byline(user=editor)
    signed = good_post(bylines=[other])
    changed = with_update(administrator)

    for by, post in [(editor, signed), (administrator, changed)]:
        assert "publish" not in names(by, post)
        with pytest.raises(IllegalTransition):
            steps.take("publish", post, by=by)

    steps.take("publish", signed, by=administrator)
    steps.take("publish", changed, by=editor)
    assert Post.objects.published().count() == 2


def test_step_without_a_question_is_taken_at_once_and_leads_back(sign_in, editor):
    post = good_post(status="in_review")

    answer = sign_in(editor).post(address(post, "withdraw"), {"next": "/admin/board/"})

    assert (answer.status_code, answer["Location"], Post.objects.get().status) == (302, "/admin/board/", "draft")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"])
def test_step_leads_to_this_site_only(sign_in, editor, elsewhere):
    post = good_post(status="in_review")

    answer = sign_in(editor).post(address(post, "withdraw"), {"next": elsewhere})

    assert answer["Location"] == "/admin/blog/post/"


def test_errors_block_and_are_named_with_their_place(sign_in, author):
    post = good_post(created_by=author, body='<p>Bild:</p><figure><img src="/media/x.jpg" alt="IMG_1234"></figure>')
    client = sign_in(author)

    page = client.post(address(post, "submit"), {"confirmed": "1", "revision": "0"})

    assert (page.status_code, Post.objects.get().status) == (200, "draft")
    assert "IMG_1234" in page.text
    assert f"{reverse('preview', args=[post.pk])}#b2" in page.text
    assert list(page.context["form"].fields) == []


def test_override_needs_a_reason_and_is_recorded(sign_in, editor):
    post = good_post(body='<p>Bild:</p><figure><img src="/media/x.jpg" alt="IMG_1234"></figure>')
    client = sign_in(editor)

    client.post(address(post, "publish"), {"confirmed": "1", "reason": " "})
    assert (Post.objects.get().status, kinds(post)) == ("draft", [])
    client.post(address(post, "publish"), {"confirmed": "1", "reason": "Bilden heter så."})

    assert Post.objects.get().status == "approved"
    assert kinds(post) == ["overridden", "approved"]
    assert post.events.get(kind="overridden").note.startswith("Bilden heter så. (")


def test_warnings_ask_and_let_through(sign_in, author):
    post = good_post(created_by=author, standfirst="")
    client = sign_in(author)

    asked = client.post(address(post, "submit"))
    assert (asked.status_code, Post.objects.get().status) == (200, "draft")
    client.post(address(post, "submit"), {"confirmed": "1"})

    assert Post.objects.get().status == "in_review"


def test_publishing_over_a_schedule_asks_first(sign_in, editor):
    post = good_post()
    post.approve(publish_at=timezone.now() + timedelta(days=1))
    client = sign_in(editor)

    asked = client.post(address(post, "now"))
    assert (asked.status_code, Post.objects.get().is_public()) == (200, False)
    client.post(address(post, "now"), {"confirmed": "1"})

    assert Post.objects.get().is_public()


def test_changes_are_asked_for_with_a_note(sign_in, editor):
    post = good_post(status="in_review")
    client = sign_in(editor)

    client.post(address(post, "changes"), {"confirmed": "1", "note": ""})
    assert Post.objects.get().status == "in_review"
    client.post(address(post, "changes"), {"confirmed": "1", "note": "Kortare."})

    assert Post.objects.get().status == "changes_requested"


def test_approval_of_a_text_that_was_not_seen_is_refused(sign_in, editor):
    post = with_update(editor)
    with_update(editor, post, title="Ännu nyare")

    answer = sign_in(editor).post(address(post, "publish"), {"confirmed": "1", "revision": "2"}, follow=True)

    assert Post.objects.get().title == "Om kommatecken"
    assert "changed meanwhile" in answer.text


def test_archive_waits_for_the_update(sign_in, editor):
    post = with_update(editor)

    assert "archive" not in names(editor, post)
    with pytest.raises(IllegalTransition):
        steps.take("archive", post, by=editor)


def test_unpublished_post_takes_its_newest_text_along(editor):
    post = with_update(editor)

    steps.take("unpublish", post, by=editor)

    post = Post.objects.get()
    assert (post.status, post.title, post.newest) == ("draft", "Om kommatecken, igen", post)


def test_address_of_an_archived_post_says_that_it_is_gone(client, editor):
    post, never_seen = make_published(), make_post("Aldrig sedd", publish_at=timezone.now() + timedelta(days=1))
    steps.take("archive", post, by=editor)
    never_seen.approve(publish_at=never_seen.publish_at)
    never_seen.archive()

    assert client.get(post.get_absolute_url()).status_code == 410
    assert "Om kommatecken" not in client.get(post.get_absolute_url()).text
    assert client.get(never_seen.get_absolute_url()).status_code == 404


def test_unknown_step_is_no_page_and_strangers_sign_in(sign_in, editor):
    post = good_post()

    assert sign_in(editor).get(address(post, "burn")).status_code == 404
    assert Client().post(address(post, "publish"), {"confirmed": "1"}).status_code == 302
    assert Post.objects.get().status == "draft"


def test_archived_text_comes_back_as_a_draft_that_must_be_approved(editor, client):
    post = make_published(tags=["Språk"], **GOOD)
    steps.take("archive", post, by=editor)
    saving.save(post, newest_content(post) | {"title": "OGRANSKAT"}, base=0, by=editor)

    steps.take("unarchive", Post.objects.get(), by=editor)

    post = Post.objects.get()
    assert (post.status, names(editor, post)) == ("draft", ["submit", "publish", "schedule"])
    assert client.get(post.get_absolute_url()).status_code == 404


def test_button_approves_for_the_hour_that_it_named(sign_in, author, editor):
    shown = timezone.now().replace(microsecond=0) + timedelta(days=3)
    post = good_post(created_by=author, publish_at=shown)
    Post.objects.update(publish_at=timezone.now() - timedelta(days=300))  # its author moves the plan meanwhile

    sign_in(editor).post(address(post, "schedule"), {"revision": "0", "hour": shown.isoformat()})

    assert (Post.objects.get().status, Post.objects.get().publish_at) == ("approved", shown)


def test_schedule_that_names_no_hour_asks_for_it(sign_in, editor):
    post = good_post(publish_at=timezone.now() + timedelta(days=3))

    asked = sign_in(editor).post(address(post, "schedule"), {"revision": "0"})

    assert (asked.status_code, list(asked.context["form"].fields)) == (200, ["publish_at"])
    assert Post.objects.get().status == "draft"


def test_schedule_of_an_update_is_not_dropped_in_silence(sign_in, editor):
    post = with_update(editor)
    steps.take("schedule", post, by=editor, publish_at=timezone.now() + timedelta(days=1))

    page = sign_in(editor).get(address(post, "unpublish")).text
    steps.take("unpublish", Post.objects.get(), by=editor)

    assert "is taken back from the schedule" in page
    assert kinds(post)[-2:] == ["unpublished", "unscheduled"]


def test_bulk_deletion_takes_no_post_that_was_approved_meanwhile(author, editor):
    post = good_post(created_by=author)
    stale = Post.objects.get()
    steps.take("publish", post, by=editor)

    with pytest.raises(PermissionDenied):
        relations.delete(stale, by=author)

    assert Post.objects.filter(pk=post.pk).exists()


def scheduled_with_update(editor):
    post = make_published(tags=["Språk"], ago=-timedelta(days=1), **GOOD)
    return with_update(editor, post)


def test_newer_text_of_a_scheduled_post_is_approved_for_the_posts_hour(editor):
    post = scheduled_with_update(editor)
    hour = post.publish_at

    assert names(editor, post) == ["submit", "publish", "now", "discard", "unpublish"]
    steps.take("publish", post, by=editor)

    post = Post.objects.get()
    assert (post.title, post.newest, post.publish_at) == ("Om kommatecken, igen", post, hour)
    assert not post.is_public()


def test_publish_now_takes_the_newer_text_of_a_scheduled_post_along(sign_in, editor):
    post = scheduled_with_update(editor)
    client = sign_in(editor)

    asked = client.post(address(post, "now"), {"revision": "2"}).text
    client.post(address(post, "now"), {"revision": "2", "confirmed": "1"})

    post = Post.objects.get()
    assert steps.hour(timezone.now() + timedelta(days=1))[:-6] in asked
    assert (post.title, post.is_public(), post.newest) == ("Om kommatecken, igen", True, post)


def test_scheduled_post_with_a_newer_text_goes_back_to_draft(editor):
    post = scheduled_with_update(editor)

    steps.take("unpublish", post, by=editor)

    post = Post.objects.get()
    assert (post.status, post.title, kinds(post)[-1]) == ("draft", "Om kommatecken, igen", "unscheduled")


def test_four_eyes_hold_for_publishing_a_newer_text_at_once(editor, settings):
    settings.FOUR_EYES = True
    post = scheduled_with_update(editor)

    assert "now" not in names(editor, post)
    with pytest.raises(IllegalTransition):
        steps.take("now", post, by=editor)


def test_form_says_in_which_state_the_text_is_and_what_was_asked_for(sign_in, author, editor):
    post = good_post(created_by=author, status="in_review")
    steps.take("changes", post, by=editor, note="Byt rubrik, tack.")

    page = sign_in(author).get(reverse("admin:blog_post_change", args=[post.pk])).text

    assert "Changes requested" in page
    assert "Byt rubrik, tack." in page
