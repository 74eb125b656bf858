"""The demonstration edition: loaded once for all of these tests, and undone after them."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management.base import CommandError
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from blog import policy
from blog.comments.models import Comment
from blog.demonstration import loader, manuscripts
from blog.models import Batch, Byline, Correction, FrontPost, Image, Post, Relation, Tag
from blog.moderation import duplicates, queues, waves
from blog.text.sanitise import clean_post_html

pytestmark = pytest.mark.django_db  # without it, this file run alone would meet no test database
SMALL = 96  # pixels: encoding large pictures is what takes the time


@pytest.fixture(scope="module", autouse=True)
def edition(django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


def load():
    with override_settings(DEBUG=True):
        return loader.load(picture_width=SMALL)


def stored():
    return {model: list(model.objects.order_by("pk").values()) for model in (Post, Comment, Byline, Tag, Image, Batch)}


def published():
    return list(Post.objects.published())


def test_edition_has_posts_in_every_state_and_a_lively_discussion():
    states = Counter(Comment.objects.values_list("state", flat=True))

    assert Counter(post.language for post in published()) == {"sv": 11, "en": 5}
    assert Post.objects.scheduled().count() == 1
    assert Post.objects.in_state("in_review").count() == 1
    assert Post.objects.filter(status="draft").count() == 1
    assert [post.slug for post in Post.objects.exclude(pending=None)] == ["skylten-som-vaxte"]
    assert states == {"visible": 216, "held": 16, "spam": 2, "removed": 1, "withdrawn": 1}
    assert Comment.objects.filter(origin="mention").count() == 2
    assert Comment.objects.picked().count() == 4
    assert Comment.objects.exclude(mentions={}).count() >= 2
    assert max(comment.depth for comment in Comment.objects.all()) >= 8


def test_edition_spreads_over_two_years_and_nothing_is_from_the_future():
    newest, oldest = published()[0], published()[-1]

    assert timedelta(days=600) < newest.publish_at - oldest.publish_at < timedelta(days=730)
    assert len(Post.objects.published().dates("publish_at", "month")) > 10
    assert not Comment.objects.filter(created_at__gt=timezone.now()).exists()


def test_load_a_second_time_changes_nothing():
    before = stored()

    loaded = load()

    assert (loaded, stored()) == (False, before)


def test_load_with_debug_off_is_refused():
    with override_settings(DEBUG=False), pytest.raises(CommandError, match="public passwords"):
        loader.load()


def test_logins_open_the_desk_with_their_roles():
    roles = {}
    for _role, username, password in loader.LOGINS:
        client = Client()
        client.login(username=username, password=password)
        roles[username] = policy.roles_of(client.get("/admin/").wsgi_request.user)

    assert roles == {username: {role} for role, username, _password in loader.LOGINS}


def test_comments_have_the_numbers_that_their_manuscript_gives_them_in_the_order_of_arrival():
    for post in Post.objects.all():
        remarks = manuscripts.remarks(post.slug)
        comments = post.comments.order_by("created_at", "pk")

        placed = [(each.number, each.parent and each.parent.number) for each in comments.select_related("parent")]
        assert [(each.number, each.reply_to) for each in remarks] == placed[: len(remarks)]


def test_comments_sent_lately_are_the_newest_and_spread_over_two_days():
    sent = Comment.objects.filter(network_key__isnull=False).order_by("pk")
    ages = [timezone.now() - at for at in sent.values_list("created_at", flat=True)]

    assert len(ages) == 12
    assert ages == sorted(ages, reverse=True)
    assert timedelta(minutes=30) < ages[-1] < ages[0] < timedelta(hours=49)


def test_every_queue_has_something_to_show():
    totals = {name: queue.total() for name, queue in queues.QUEUES.items()}
    findings = [comment.findings for comment in queues.QUEUES["rule"].comments()]
    rules = sorted([each["rule"] for each in found] for found in findings)

    assert totals == {
        "held": 14, "new": 9, "rule": 4, "reported": 4, "appealed": 3, "banned": 2, "spam": 2, "all": 236
    }  # fmt: skip
    assert rules == [["copy"], ["like_spam", "copy"], ["trap", "fast"], ["word"]]


def test_one_post_was_imported_twice_and_the_copies_are_one_wave():
    imported = [group for group in duplicates.find() if group.group.cause == "import"]
    (wave,) = [wave for wave in waves.waves() if wave.key == "import"]

    assert [len(group.comments) for group in imported] == [2] * 7
    assert {group.kept.post.slug for group in imported} == {"fyra-lasare-du-glommer"}
    assert Comment.objects.filter(parent__in=[copy.pk for group in imported for copy in group.copies]).count() == 4
    assert (wave.groups, wave.comments) == (7, 14)


def test_edition_has_something_of_each_cause_and_of_each_likeness():
    others = [group for group in duplicates.find() if group.group.cause != "import"]

    assert sorted((group.group.tier, group.group.cause, len(group.comments)) for group in others) == [
        ("exact", "spread", 3),
        ("exact", "unknown", 2),
        ("extended", "again", 2),
        ("link", "again", 2),
        ("link", "campaign", 4),
        ("near", "click", 2),
        ("template", "unknown", 2),
    ]


def test_bodies_are_what_the_editor_would_store():
    for post in Post.objects.all():
        assert clean_post_html(post.body) == post.body
        assert not re.search(r'\[picture|"post:', post.body)


def test_published_posts_answer_and_the_others_do_not():
    answers = {post: Client().get(post.get_absolute_url()).status_code for post in Post.objects.all()}

    assert answers == {post: 200 if post.is_public() else 404 for post in answers}


def test_front_page_has_a_lead_and_picks_that_are_public():
    arranged = Post.objects.filter(pk__in=FrontPost.objects.values("post"))

    assert list(FrontPost.objects.values_list("place", flat=True)) == [0, 1, 2, 3]
    assert all(post.is_public() for post in arranged)


def test_posts_follow_answer_and_correct_each_other_once():
    relations = Relation.objects.order_by("kind").values_list("kind", "post__slug", "to__slug")

    assert list(relations) == [
        ("follow_up", "ni-svarade-om-mvh", "sju-satt-att-sluta-ett-mejl"),
        ("reply", "vattenbolaget-svarar", "brevet-som-bad-om-overseende"),
    ]
    correction = Correction.objects.select_related("post").get()
    assert correction.post.slug == "kommat-som-flyttade-en-fest"
    assert timedelta(0) < correction.at - correction.post.publish_at < timedelta(hours=4)


def test_every_link_inside_the_edition_leads_somewhere():
    client = Client()
    pages = [client.get("/"), *[client.get(post.get_absolute_url()) for post in published()]]
    links = {link for page in pages for link in re.findall(r'href="(/[^"#]*)', page.content.decode())}
    # The comments' own links are many, and their tests' business; files are not served by Django.
    links = {link for link in links if "/comments/" not in link and not link.startswith(("/static/", "/media/"))}

    broken = {link for link in links if client.get(link, follow=True).status_code != 200}

    assert len(links) > 25
    assert broken == set()
