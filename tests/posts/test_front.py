"""The front page: what an editor arranges, what stands there by itself, and who may arrange it."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from blog.comments.lately import lately
from blog.posts import front
from blog.posts.front import FrontPost
from blog.posts.models import Post
from project.page_cache.store import Answer, Store
from tests.factories import make_comment, make_post, make_published
from tests.receipts.test_races import at_once
from tests.web.test_purges import purged

pytestmark = pytest.mark.django_db


def make_posts(number):
    return [make_published(f"Text {each}", ago=timedelta(days=1 + each)) for each in range(number)]


def titles(teasers):
    return [teaser.title for teaser in teasers]


def shown(client, address="/"):
    """The titles in each part of the page."""
    context = client.get(address).context
    return titles(context["lead"]), titles(context["picks"]), titles(context["page"].posts)


def places():
    return list(FrontPost.objects.values_list("place", "post__title"))


# --- What readers see


def test_front_page_of_an_empty_site_says_so(client):
    page = client.get("/")

    assert (page.context["lead"], page.context["page"].posts) == ([], [])
    assert "Här har inget publicerats än." in page.text


def test_newest_post_leads_where_nobody_has_arranged(client):
    make_published("Ensam")

    assert shown(client) == (["Ensam"], [], [])

    make_published("Nyare", ago=timedelta(hours=1))

    assert shown(client) == (["Nyare"], [], ["Ensam"])


def test_arranged_posts_stand_first_and_once(client):
    posts = make_posts(4)
    for post in (posts[3], posts[1]):
        front.add(post)

    assert shown(client) == (["Text 3"], ["Text 1"], ["Text 0", "Text 2"])


def test_headings_of_the_front_page_tell_its_parts(client):
    make_posts(2)

    page = client.get("/").text

    assert re.findall(r"<h(\d)(?: id=\"(\w+)\")?", page)[:4] == [("1", ""), ("2", ""), ("2", "latest"), ("3", "")]
    assert re.findall(r'<a href="([^"]*)" aria-current', page) == ["/"]


def test_full_texts_have_no_lead_of_their_own(client, settings):
    settings.FRONT_PAGE_FULL_TEXT = True
    make_posts(2)

    assert shown(client) == ([], [], ["Text 0", "Text 1"])


def test_older_posts_follow_the_newest(client):
    posts = make_posts(13)
    front.add(posts[12])
    page = client.get("/").context["page"]

    assert titles(page.posts) == [f"Text {each}" for each in range(10)]
    assert titles(client.get(f"/?before={page.before}").context["page"].posts) == ["Text 10", "Text 11", "Text 12"]


def test_arranged_post_that_is_not_public_is_not_shown(client, editor):
    posts = make_posts(2)
    front.add(posts[1])
    posts[1].archive(by=editor)
    front.add(make_post("Utkast"))
    hour = timezone.now() + timedelta(hours=1)
    front.add(make_post("Sedan", status="approved", publish_at=hour, first_published_at=hour))

    assert shown(client) == (["Text 0"], [], [])


@pytest.mark.parametrize("number", [1, 3])
def test_front_page_costs_the_same_for_any_number_of_posts(client, number, django_assert_num_queries):
    for post in make_posts(number * 2)[::2]:
        make_comment(post, picked_at=timezone.now())
        front.add(post)
    client.get("/")

    with django_assert_num_queries(1 + 3):  # updates that are due; the arranged, the others, the conversation
        client.get("/")


# --- The conversation


def test_lately_tells_of_public_comments_only(editor):
    quiet, loud, gone = (make_published(title, tags=[title]) for title in ("Tyst", "Livlig", "Borta"))
    for each in ("Ett", "Två"):
        make_comment(loud, each)
    make_comment(quiet, "Vald", name="Bo", picked_at=timezone.now())
    make_comment(quiet, "Hållen", state="held", picked_at=timezone.now())
    make_comment(quiet, "Nämnt", origin="mention")
    make_comment(gone, "Borta", picked_at=timezone.now())
    gone.archive(by=editor)

    talk = lately()

    assert next((count, post.title) for count, post in talk.discussed) == (2, "Livlig")
    assert [remark.extract for remark in talk.newest] == ["Vald", "Två", "Ett"]
    assert [(remark.name, remark.extract, remark.post.title) for remark in talk.picked] == [("Bo", "Vald", "Tyst")]
    assert [tag.name for tag in talk.tags] == ["Livlig", "Tyst"]


def test_lately_shows_no_more_than_there_is_room_for():
    for post in make_posts(7):
        make_comment(post, picked_at=timezone.now())

    talk = lately()

    assert [len(part) for part in (talk.discussed, talk.newest, talk.picked)] == [5, 4, 3]


# --- Fresh in every page cache


def test_arranging_is_told_where_readers_see_it():
    post, draft = make_published(), make_post("Utkast")

    assert purged(lambda: front.add(post)) == {"list"}
    assert purged(lambda: FrontPost.objects.all().delete()) == {"list"}
    assert purged(lambda: front.add(draft)) == set()


def test_any_comment_drops_the_front_page(client):
    store = Store(10**6)
    tags = frozenset(client.get("/")["Surrogate-Key"].split())
    store.put("front", Answer([], b"", tags, 0.0), store.begin())
    store.put("other", Answer([], b"", frozenset({"comments:8"}), 0.0), store.begin())

    store.purge(["comments:7"])

    assert (tags, store.get("front")) == ({"list", "comments:*"}, None)
    assert store.get("other") is not None


# --- The steps


def test_steps_keep_the_places_in_a_row():
    first, second, third = make_posts(3)
    for post in (first, second, third, second):
        front.add(post)

    front.move(third.pk, "first")
    front.move(first.pk, "down")
    assert places() == [(0, "Text 2"), (1, "Text 1"), (2, "Text 0")]

    front.move(first.pk, "up")
    front.move(third.pk, "up")
    front.move(second.pk, "down")
    assert places() == [(0, "Text 2"), (1, "Text 0"), (2, "Text 1")]

    front.move(third.pk, "away")
    front.move(third.pk, "first")
    assert places() == [(0, "Text 0"), (1, "Text 1")]


def test_place_of_a_deleted_post_is_given_again():
    first, second, third = make_posts(3)
    front.add(first)
    front.add(second)
    Post.objects.filter(pk=first.pk).delete()

    front.add(third)

    assert places() == [(0, "Text 1"), (1, "Text 2")]


def test_front_page_has_room_for_so_many_and_a_post_stands_there_once():
    posts = make_posts(front.MOST + 1)
    for post in posts[: front.MOST]:
        front.add(post)

    with pytest.raises(front.NoRoom):
        front.add(posts[-1])
    for again in ({"post": posts[-1], "place": front.MOST}, {"post": posts[-1], "place": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FrontPost.objects.create(**again)


@pytest.mark.django_db(transaction=True)
def test_posts_that_editors_add_at_once_all_have_a_place():
    at_once(*[lambda post=post: front.add(post) for post in make_posts(4)])

    assert [place for place, _title in places()] == [0, 1, 2, 3]


# --- The page of the desk


def test_editor_arranges_without_a_script(client, editor):
    first, second = make_posts(2)
    client.force_login(editor)

    client.post("/admin/front/step/", {"post": first.pk})
    answer = client.post("/admin/front/step/", {"post": second.pk, "q": "Text"})
    client.post("/admin/front/step/", {"post": second.pk, "step": "first"})

    assert answer.url == "/admin/front/?q=Text"
    assert places() == [(0, "Text 1"), (1, "Text 0")]


def test_page_offers_public_posts_that_have_no_place(client, editor):
    first, _second = make_posts(2)
    make_post("Text i utkast")
    front.add(first)
    client.force_login(editor)

    assert titles(client.get("/admin/front/").context["offered"]) == ["Text 1"]
    assert titles(client.get("/admin/front/?q=text").context["offered"]) == ["Text 1"]
    assert client.get("/admin/front/?q=finns-inte").context["offered"] == []


def test_page_says_which_post_readers_do_not_see(client, editor):
    [post] = make_posts(1)
    front.add(post)
    client.force_login(editor)
    assert client.get("/admin/front/").context["public"] == {post.pk}

    post.archive(by=editor)

    assert client.get("/admin/front/").context["public"] == set()


def test_draft_is_refused_and_a_full_page_says_so(client, editor):
    *posts, last = make_posts(front.MOST + 1)
    for post in posts:
        front.add(post)
    client.force_login(editor)

    assert client.post("/admin/front/step/", {"post": make_post("Utkast").pk}).status_code == 404
    assert client.post("/admin/front/step/", {"post": "x"}).status_code == 404
    assert client.get("/admin/front/step/", {"post": last.pk}).status_code == 405
    page = client.post("/admin/front/step/", {"post": last.pk}, follow=True)
    assert [str(message) for message in page.context["messages"]] != []
    assert len(places()) == front.MOST


def test_only_editors_arrange(client, author, moderator):
    [post] = make_posts(1)
    for person in (author, moderator):
        client.force_login(person)
        assert client.get("/admin/front/").status_code == 403
        assert client.post("/admin/front/step/", {"post": post.pk}).status_code == 403

    assert places() == []
