"""Writing and publishing in the admin, by everybody who may and everybody who may not."""

import json
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from blog.editing.models import Autosave
from blog.posts.models import Post
from blog.posts.revisions import newest_content
from blog.posts.steps import hour as in_words
from tests.factories import make_byline, make_post, make_published
from tests.posts.form import ADD, LIST, SEEN, STOCKHOLM, change, errors, said, step, typed

pytestmark = pytest.mark.django_db


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
