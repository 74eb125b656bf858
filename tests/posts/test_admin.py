"""Writing and publishing in the admin, by everybody who may and everybody who may not."""

import json
import re
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from blog.editing.models import Autosave
from blog.posts.images import Image
from blog.posts.models import Post
from blog.posts.revisions import content_of, newest_content
from blog.posts.steps import hour as in_words
from blog.posts.workflow import IllegalTransition
from tests.factories import make_byline, make_comment, make_post, make_published
from tests.posts.pictures import jpeg, uploaded

pytestmark = pytest.mark.django_db
SEEN = {"title": "", "sign_off": "", "language": "", "tags": [], "bylines": [], "cover": None, "sources": []}
LIST, ADD = "/admin/blog/post/", "/admin/blog/post/add/"
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def typed(post=None, **fields):
    """What the browser sends of the form, with `fields` as typed."""
    values = {
        "title": post.title if post else "Om semikolon",
        "slug": post.slug if post else "",
        "body": post.body if post else "<p>Ett  semikolon.</p>",
        "language": "sv",
        "comment_policy": "open",
        "priority": "0",
        "comments_close_after_days": "30",
        "relations-TOTAL_FORMS": "0",
        "relations-INITIAL_FORMS": "0",
    }
    if post and post.publish_at:
        hour = timezone.localtime(post.publish_at)
        values |= {"publish_at_0": f"{hour:%Y-%m-%d}", "publish_at_1": f"{hour:%H:%M:%S}"}
    if post:
        values |= {
            "base": json.dumps({"revision": post.head, "seen": content_of(post)}),
            "signatures": content_of(post)["bylines"],
        }
    return values | fields


def change(post):
    return reverse("admin:blog_post_change", args=[post.pk])


def step(post, name):
    return reverse("admin:blog_post_step", args=[post.pk, name])


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_save_of_a_new_post_makes_a_draft_with_an_address_and_its_writer(sign_in, author):
    byline = make_byline(user=author)

    sign_in(author).post(ADD, typed(title="Åtta à la carte…", tags="Språk, kök", _save="1"))

    post = Post.objects.get()
    assert (post.title, post.slug, post.status) == ("Åtta à la carte…", "atta-a-la-carte", "draft")
    assert (post.created_by, list(post.bylines.all())) == (author, [byline])
    assert post.body == "<p>Ett  semikolon.</p>"
    assert sorted(post.tags.names()) == ["Språk", "kök"]


def test_second_post_of_the_same_title_gets_an_address_of_its_own(sign_in, editor):
    make_post("Om semikolon")

    sign_in(editor).post(ADD, typed(_save="1"))

    assert Post.objects.filter(slug="om-semikolon-2").exists()


def test_publish_now_makes_the_post_public_and_says_so(sign_in, editor):
    client = sign_in(editor)
    client.post(ADD, typed(_step="publish"))

    post = Post.objects.get()
    response = client.post(step(post, "publish"), {"confirmed": "1", "revision": "1"}, follow=True)

    post.refresh_from_db()
    assert post.is_public()
    assert said(response)[-1].startswith("“Om semikolon”: Published ")


def test_schedule_publishes_at_the_typed_hour_of_the_sites_time_zone(sign_in, editor):
    day = timezone.localtime() + timedelta(days=7)
    hour = datetime(day.year, day.month, day.day, 8, tzinfo=STOCKHOLM)

    client = sign_in(editor)
    client.post(ADD, typed(publish_at_0=f"{hour:%Y-%m-%d}", publish_at_1="08:00", _step="schedule"))
    post = Post.objects.get()
    client.post(step(post, "schedule"), {"confirmed": "1", "hour": hour.isoformat()})

    post.refresh_from_db()
    assert (post.status, post.publish_at, post.first_published_at) == ("approved", hour, hour)
    assert f"Scheduled for {hour:%A %-d %B %Y} 08:00" in sign_in(editor).get(LIST).text


def test_schedule_without_an_hour_keeps_the_text_and_asks_for_one(sign_in, editor):
    client = sign_in(editor)
    response = client.post(ADD, typed(_step="schedule"), follow=True)

    post = Post.objects.get()
    assert (post.status, post.body) == ("draft", "<p>Ett  semikolon.</p>")
    assert response.redirect_chain[-1][0] == step(post, "schedule") + "?revision=1"
    answer = client.post(step(post, "schedule"), {"confirmed": "1"})
    assert answer.context["form"].errors == {"publish_at": ["This field is required."]}
    client.post(step(post, "schedule"), {"confirmed": "1", "publish_at_0": "2100-03-01", "publish_at_1": "08:00"})
    post.refresh_from_db()
    assert (post.status, post.publish_at) == ("approved", datetime(2100, 3, 1, 8, tzinfo=STOCKHOLM))


def test_buttons_say_what_will_happen_and_when(sign_in, editor):
    draft = make_post()
    dated = make_post("Daterad", publish_at=datetime(2020, 3, 2, 8, tzinfo=STOCKHOLM))
    planned = make_post("Planerad", publish_at=datetime(2100, 3, 1, 8, tzinfo=STOCKHOLM))
    waiting = make_post("Inlämnad", status="in_review")
    public = make_published("Publik")
    scheduled = make_published("Kommande", ago=-timedelta(days=1))
    client = sign_in(editor)

    labels = [
        [step.label for step in client.get(change(post)).context["steps"]]
        for post in (draft, dated, planned, waiting, public, scheduled)
    ]

    changes = ["Submit the changes for review", "Publish the changes now", "Schedule the changes…"]
    assert labels == [
        ["Submit for review", "Publish now", "Publish at the hour given"],
        ["Submit for review", "Publish now", "Publish with the date Monday 2 March 2020 08:00"],
        ["Submit for review", "Publish now", "Publishes Monday 1 March 2100 08:00"],
        ["Publish now", "Publish at the hour given", "Ask for changes…", "Back to draft"],
        [*changes, "Take off the site…", "Archive…"],
        [
            changes[0],
            f"Approve the changes (publishes {in_words(scheduled.publish_at)})",
            "Publish now",
            "Take back from the schedule",
        ],
    ]


def test_author_submits_an_own_draft_and_then_only_reads_it(sign_in, author):
    post = make_post(created_by=author)
    client = sign_in(author)

    client.post(change(post), typed(post, _step="submit"))
    client.post(step(post, "submit"), {"confirmed": "1"})

    post.refresh_from_db()
    assert post.status == "in_review"
    client.post(change(post), typed(post, title="Annat", _save="1"))
    post.refresh_from_db()
    assert post.title == "Om kommatecken"
    page = client.get(change(post))
    assert "Annat" in page.text  # what was typed is kept beside it
    assert [step.label for step in page.context["steps"]] == ["Back to draft"]
    assert "submit" in page.text


def test_author_takes_a_post_back_from_review(sign_in, author):
    post = make_post(created_by=author, status="in_review")

    sign_in(author).post(step(post, "withdraw"))

    post.refresh_from_db()
    assert post.status == "draft"


def test_withdraw_is_refused_to_others_and_changes_nothing_by_get(sign_in, author, moderator):
    post = make_post(created_by=author, status="in_review")
    address = step(post, "withdraw")

    answers = [
        sign_in(author).get(address).status_code,
        sign_in(moderator).post(address).status_code,
        Client().post(address).status_code,
    ]

    post.refresh_from_db()
    assert (answers, post.status) == ([200, 403, 302], "in_review")


def test_author_does_not_publish_even_with_a_forged_button(sign_in, author):
    post = make_post(created_by=author)

    pressed = sign_in(author).post(change(post), typed(post, title="Nytt", _step="publish"), follow=True)
    forged = sign_in(author).post(step(post, "publish"), {"confirmed": "1"})

    post.refresh_from_db()
    assert (pressed.status_code, forged.status_code, post.status, post.title) == (403, 403, "draft", "Nytt")


def test_author_sees_and_changes_nobody_elses_post(sign_in, author, editor):
    own, others = make_post("Min", created_by=author), make_post("Hennes", created_by=editor)
    client = sign_in(author)

    listed = client.get(LIST)
    client.post(change(others), typed(others, title="Stulen", _save="1"))

    others.refresh_from_db()
    assert list(listed.context["cl"].result_list) == [own]
    assert others.title == "Hennes"
    assert client.get(change(others)).status_code == 302


def test_hour_of_a_public_post_does_not_take_it_off_the_site(sign_in, editor, post):
    later = {"publish_at_0": "2100-01-02", "publish_at_1": "08:00"}

    response = sign_in(editor).post(change(post), typed(post, _step="schedule", **later))

    assert list(errors(response)) == ["publish_at"]
    assert Post.objects.get().is_public()


def test_hour_of_an_archived_post_is_not_changed(sign_in, editor, post):
    post.archive()

    response = sign_in(editor).post(change(post), typed(post, title="Ny", publish_at_0="", publish_at_1=""))

    assert response.status_code == 302
    assert (Post.objects.get().title, Post.objects.get().publish_at) == ("Ny", post.publish_at)


def test_author_who_lost_sight_of_a_post_keeps_what_was_typed(sign_in, author, editor):
    post = make_post(created_by=editor, bylines=[make_byline(user=author)])
    form = typed(post, body="<p>Mina ord.</p>", _save="1")
    post.authorships.all().delete()

    response = sign_in(author).post(change(post), form, follow=True)

    assert Autosave.objects.get(user=author).fields["body"] == ["<p>Mina ord.</p>"]
    assert said(response) == ["You may not open this post any more. What you typed is kept among your unsaved texts."]


ODD = [{"tags": 5}, {"tags": [[1]]}, {"title": 5}, {"sources": [1]}, {"cover": {"a": 1}}, {"bylines": 5}]


@pytest.mark.parametrize(
    "base",
    ["", "x", "[" * 200_000, '{"revision": 1e999, "seen": {}}', json.dumps({"revision": 7, "seen": SEEN})]
    + [json.dumps({"revision": 0, "seen": SEEN | odd}) for odd in ODD],
)
def test_form_from_another_time_is_refused_and_keeps_what_was_typed(sign_in, editor, base):
    post = make_post()

    response = sign_in(editor).post(change(post), typed(post, body="<p>Mina ord.</p>") | {"base": base})

    assert list(errors(response)) == ["base"]
    assert "Mina ord." in response.text


def test_stranger_and_moderator_do_not_write(sign_in, moderator, post):
    answers = [client.post(ADD, typed(_save="1")).status_code for client in (Client(), sign_in(moderator))]
    answers += [
        client.post(change(post), typed(post, title="Ny", _save="1")).status_code
        for client in (Client(), sign_in(moderator))
    ]

    post.refresh_from_db()
    assert (answers, post.title, Post.objects.count()) == ([302, 403, 302, 302], "Om kommatecken", 1)


def test_step_that_came_too_late_is_told_and_what_was_typed_is_kept(sign_in, editor):
    post = make_post(standfirst="Kort.", tags=["Ord"])
    late = typed(post, title="Bättre rubrik", _step="withdraw")
    late |= {"initial-publish_at_0": "", "initial-publish_at_1": ""}
    post.approve()

    response = sign_in(editor).post(change(post), late, follow=True)

    post = Post.objects.get()
    assert (post.title, post.pending.status, newest_content(post)["title"]) == (
        "Om kommatecken",
        "draft",
        "Bättre rubrik",
    )
    assert said(response)[-1].startswith("The post is now “Published ")


def test_public_post_goes_back_to_draft_and_keeps_its_address(sign_in, editor):
    post = make_published()
    client = sign_in(editor)

    client.post(change(post), typed(post, slug="annat", _step="unpublish"))
    client.post(step(post, "unpublish"), {"confirmed": "1"})

    post.refresh_from_db()
    assert (post.status, post.slug) == ("draft", "om-kommatecken")


def test_moved_hour_of_a_scheduled_post_is_its_first_hour(sign_in, editor):
    post = make_published(ago=-timedelta(days=1))
    hour = datetime(2100, 1, 2, 8, tzinfo=STOCKHOLM)

    sign_in(editor).post(change(post), typed(post, publish_at_0="2100-01-02", publish_at_1="08:00", _save="1"))

    post.refresh_from_db()
    assert (post.publish_at, post.first_published_at) == (hour, hour)


def test_approved_post_without_an_hour_is_refused_at_the_field(sign_in, editor, post):
    response = sign_in(editor).post(change(post), typed(post, publish_at_0="", publish_at_1="", _save="1"))

    assert response.context["adminform"].form.errors == {
        "publish_at": ["The post is approved and needs its hour. To stop it, take it back."]
    }


def test_save_of_a_public_post_keeps_it_public_and_says_when_it_was_changed(sign_in, editor, post, settings):
    settings.REAPPROVE_CHANGES = False
    before = post.publish_at

    sign_in(editor).post(change(post), typed(post, title="Ny rubrik", publish_at_1=f"{before:%H}:00", _save="1"))

    post.refresh_from_db()
    assert (post.title, post.slug, post.status) == ("Ny rubrik", "om-kommatecken", "approved")
    assert post.first_published_at == before
    assert post.updated_at > post.created_at


def test_list_costs_the_same_for_one_post_and_for_many(sign_in, editor, django_assert_num_queries):
    client = sign_in(editor)
    byline = make_byline()
    make_post("Första", bylines=[byline])
    client.get(LIST)

    for number in (2, 8):
        with django_assert_num_queries(9):
            client.get(LIST)
        for each in range(number):
            make_post(f"Nummer {number} {each}", bylines=[byline])


def test_upload_stores_the_picture_with_its_words(sign_in, author):
    words = {"alt": "En röd yta", "caption": "Rött", "credit": "Karin Ek"}

    sign_in(author).post("/admin/blog/image/add/", {"file": uploaded(jpeg()), **words})

    image = Image.objects.get()
    assert (image.alt, image.caption, image.credit) == ("En röd yta", "Rött", "Karin Ek")
    assert image.src in sign_in(author).get("/admin/blog/image/").text


def test_upload_of_a_broken_file_is_told_at_the_field_and_keeps_the_words(sign_in, author):
    response = sign_in(author).post("/admin/blog/image/add/", {"file": uploaded(b"text"), "alt": "En röd yta"})

    form = response.context["adminform"].form
    assert list(form.errors) == ["file"]
    assert 'value="En röd yta"' in response.text
    assert not Image.objects.exists()


def test_upload_of_a_known_picture_leads_to_it_and_changes_nothing(sign_in, author):
    client = sign_in(author)
    client.post("/admin/blog/image/add/", {"file": uploaded(jpeg()), "alt": "Första"})

    response = client.post("/admin/blog/image/add/", {"file": uploaded(jpeg()), "alt": "Andra"}, follow=True)

    image = Image.objects.get()
    assert image.alt == "Första"
    assert said(response)[1:] == ["This picture is in the library already; here it is."]
    assert response.redirect_chain[-1][0] == reverse("admin:blog_image_change", args=[image.pk])


def test_picker_offers_the_library_to_those_who_write(sign_in, author, moderator):
    sign_in(author).post("/admin/blog/image/add/", {"file": uploaded(jpeg()), "alt": "En röd yta"})
    address = reverse("admin:blog_image_pick")

    assert [image.alt for image in sign_in(author).get(address).context["images"]] == ["En röd yta"]
    assert not sign_in(author).get(address, {"q": "blå"}).context["images"]
    assert sign_in(moderator).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def errors(response):
    return response.context["adminform"].form.errors


@pytest.mark.parametrize("name", ["save", "withdraw"])
def test_post_is_locked_from_the_question_who_may_to_the_last_write(sign_in, author, name):
    post = make_post(created_by=author, status="draft" if name == "save" else "in_review")
    client = sign_in(author)
    address = change(post) if name == "save" else step(post, name)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.post(address, typed(post, title="Ny", _save="1"))

    about = [query["sql"] for query in queries if '"blog_post"' in query["sql"]]
    locked = [number for number, sql in enumerate(about) if 'FOR UPDATE OF "blog_post"' in sql]
    written = [number for number, sql in enumerate(about) if sql.startswith('UPDATE "blog_post"')]
    assert locked[0] < written[0]


def test_refused_change_of_the_hour_is_told_and_the_text_is_kept(sign_in, editor, post, monkeypatch):
    def refuse(post, publish_at, by):
        raise IllegalTransition("Too late.")

    monkeypatch.setattr(Post, "reschedule", refuse)

    response = sign_in(editor).post(
        change(post), typed(post, title="Ny", publish_at_0="2020-01-02", _save="1"), follow=True
    )

    hour = post.publish_at
    post.refresh_from_db()
    assert said(response)[0] == "Too late."
    assert (newest_content(post)["title"], post.publish_at) == ("Ny", hour)


def test_tag_that_is_too_long_is_told_at_the_field_and_the_text_is_kept(sign_in, author):
    response = sign_in(author).post(ADD, typed(tags="å" * 101 + ", kök", _save="1"))

    assert errors(response) == {"tags": ["A tag has at most 100 characters. Put a comma between two tags."]}
    assert "Ett  semikolon." in response.text


def test_tags_with_quotes_survive_a_save(sign_in, editor):
    post = make_post(tags=['3" skruv', "Ordet ”hen”, igen"])
    client = sign_in(editor)
    shown = client.get(change(post)).context["adminform"].form["tags"]
    sent = shown.value()

    client.post(change(post), typed(post, tags=sent, _save="1"))
    post.refresh_from_db()
    client.post(change(post), typed(post, tags=sent + ", kök", _save="1"))

    assert sorted(post.tags.names()) == ["3” skruv", "Ordet ”hen”, igen", "kök"]


def test_bylines_change_places(sign_in, editor):
    first, second = make_byline("Karin Ek"), make_byline("Olle Ask")
    post = make_post(bylines=[first, second])

    response = sign_in(editor).post(change(post), typed(post, _save="1", signatures=[second.pk, first.pk]))

    connection.check_constraints()
    assert response.status_code == 302
    assert [row.byline for row in post.authorships.all()] == [second, first]


def test_byline_that_stands_twice_signs_once(sign_in, editor):
    byline = make_byline()
    post = make_post()

    sign_in(editor).post(change(post), typed(post, _save="1", signatures=["", byline.pk, byline.pk]))

    assert [row.byline for row in post.authorships.all()] == [byline]


@pytest.mark.parametrize("day", ["0001-01-01", "0202-06-01", "9999-12-31"])
def test_hour_in_a_wrong_year_is_told_at_the_field(sign_in, editor, day):
    response = sign_in(editor).post(ADD, typed(publish_at_0=day, publish_at_1="00:00", _save="1"))

    assert errors(response) == {"publish_at": ["The year must lie between 1990 and 2199."]}


def test_address_that_names_an_hour_opens_the_form(sign_in, editor):
    response = sign_in(editor).get(ADD, {"publish_at": "2026-01-01", "title": "Om semikolon"})

    assert response.context["adminform"].form.initial == {"title": "Om semikolon"}


def test_very_long_text_is_stored_and_a_longer_one_is_refused(sign_in, editor):
    words = " ".join(f"ord{number:x}" for number in range(110_000))

    sign_in(editor).post(ADD, typed(body=f"<p>{words}</p>", _save="1"))
    response = sign_in(editor).post(
        ADD, typed(title="Två", body=f"<p>{words} {words}</p>", standfirst=words, _save="1")
    )

    assert Post.objects.get().body == f"<p>{words}</p>"
    assert errors(response) == {"body": ["The text is longer than a million characters. Divide it into several posts."]}


def test_second_click_on_a_new_posts_button_finds_what_the_first_saved(sign_in, editor):
    client = sign_in(editor)
    key = re.search('name="form_key" value="(.+?)"', client.get(ADD).text)[1]

    client.post(ADD, typed(form_key=key, _step="publish"))
    response = client.post(ADD, typed(form_key=key, _step="publish"), follow=True)

    post = Post.objects.get()
    assert response.redirect_chain[-1][0] == change(post)
    assert said(response)[-1] == "“Om semikolon” was saved already; here it is."


def test_form_with_a_broken_key_is_saved_like_one_without(sign_in, author):
    sign_in(author).post(ADD, typed(form_key="x", _save="1"))

    assert Post.objects.get().form_key is None


def test_form_key_of_another_persons_post_is_refused(sign_in, author, editor):
    key = uuid4()
    make_post(created_by=editor, form_key=key)

    response = sign_in(author).post(ADD, typed(form_key=key, _save="1"))

    assert (response.status_code, Post.objects.count()) == (400, 1)


def test_address_that_was_taken_in_the_same_moment_is_made_anew(sign_in, editor, monkeypatch):
    make_post("Om semikolon")
    free_slug = Post.free_slug
    answers = iter(["om-semikolon"])  # as if the other post were not there yet
    monkeypatch.setattr(Post, "free_slug", lambda post: next(answers, None) or free_slug(post))
    monkeypatch.setattr(Post, "validate_unique", lambda *arguments, **named: None)

    response = sign_in(editor).post(ADD, typed(_save="1"))

    assert response.status_code == 302
    assert Post.objects.filter(slug="om-semikolon-2").exists()


def test_text_that_was_public_is_not_deleted_by_its_author(sign_in, author):
    new, known = make_post("Ny", created_by=author), make_published(created_by=author)
    known.return_to_draft()
    client = sign_in(author)

    answers = [
        client.post(reverse("admin:blog_post_delete", args=[each.pk]), {"post": "yes"}).status_code
        for each in (new, known)
    ]

    assert (answers, list(Post.objects.all())) == ([302, 403], [known])


def test_delete_of_a_post_with_comments_is_refused_in_words(sign_in, editor, post):
    make_comment(post)

    response = sign_in(editor).post(reverse("admin:blog_post_delete", args=[post.pk]), {"post": "yes"}, follow=True)

    assert said(response) == ["The post has comments, which are never deleted. Take it off the site instead."]
    assert response.redirect_chain[-1][0] == change(post)
    assert list(Post.objects.all()) == [post]


def test_known_picture_takes_typed_words_where_it_has_none(sign_in, author):
    client = sign_in(author)
    client.post("/admin/blog/image/add/", {"file": uploaded(jpeg()), "credit": "Karin Ek"})

    client.post(
        "/admin/blog/image/add/", {"file": uploaded(jpeg()), "alt": "En röd yta", "credit": "Olle", "_popup": "1"}
    )

    image = Image.objects.get()
    assert (image.alt, image.credit) == ("En röd yta", "Karin Ek")
