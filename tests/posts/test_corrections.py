"""Corrections on top of a post, what leads to a post, and deleting one."""

from datetime import timedelta
from xml.etree.ElementTree import fromstring

import pytest
from django.utils import timezone

from blog.posts import relations
from blog.posts.events import Event
from blog.posts.models import Post
from blog.posts.relations import Correction, Relation
from blog.posts.revisions import content_of, record
from blog.posts.updates import PendingUpdate
from blog.posts.workflow import IllegalTransition
from tests.factories import make_comment, make_post, make_published
from tests.posts.reading import asides, day, link, read, trail

pytestmark = pytest.mark.django_db

CANARY = "kanariefågel"


def test_correction_stands_on_top_and_in_the_feeds(client, editor):
    post = make_published("Festen", ago=timedelta(days=3), language="en")
    Post.objects.update(updated_at=post.publish_at)

    correction = relations.correct(post, "Kajen låg i <Lund>.", by=editor)

    page, feed = read(client, post.get_absolute_url()), fromstring(read(client, "/feed/atom/"))
    sentence = f"Correction {day(correction.at)}: Kajen låg i <Lund>."
    assert asides(page) == [sentence]
    assert f'<meta property="article:modified_time" content="{timezone.localtime(correction.at):%Y-%m-%dT%H:%M}' in page
    entry = feed.find("{*}entry")
    assert entry.findtext("{*}summary").startswith(
        f"<p><strong>Correction {day(correction.at)}:</strong> Kajen låg i &lt;Lund&gt;.</p><p>Ett kommatecken"
    )
    assert entry.findtext("{*}updated")[:10] == f"{correction.at:%Y-%m-%d}"
    assert trail() == [("corrected", "editor", "Kajen låg i <Lund>.")]


def test_same_correction_twice_is_one(post, editor):
    first, second = [relations.correct(post, "Fel dag.", by=editor) for _ in range(2)]

    assert first == second
    assert (Correction.objects.count(), len(trail())) == (1, 1)


@pytest.mark.parametrize("status", ["draft", "in_review", "archived"])
def test_only_what_is_public_is_corrected(editor, status):
    post = make_published(status=status)

    with pytest.raises(IllegalTransition):
        relations.correct(post, "Fel dag.", by=editor)

    assert (Correction.objects.count(), trail()) == (0, [])


def test_scheduled_post_is_not_corrected_yet(editor):
    post = make_post()
    post.approve(publish_at=timezone.now() + timedelta(hours=1))

    with pytest.raises(IllegalTransition):
        relations.correct(post, "Fel dag.", by=editor)


def test_linking_finds_every_way_that_leads_to_a_post(editor):
    post = make_published("Målet")
    former = Post(slug=post.slug, publish_at=post.publish_at)
    relations.rename(post, "målet-å", by=editor)
    plain = make_published("Länk", body=link(post))
    draft = make_post("Utkast", body=link(post, "https://blogg.example").replace('/">', '#kommentar">'))
    old = make_post("Gammal länk", body=link(former))
    related = make_post("Uppföljning")
    Relation.objects.create(post=related, to=post)
    pending = make_published("Väntar")
    record(pending, content_of(pending) | {"body": link(post)})
    PendingUpdate.objects.create(post=pending)
    make_post("Själv en länk", body=f'<p>{post.get_absolute_url()} <a href="/tag/malet/">x</a></p>')
    Post.objects.filter(pk=post.pk).update(body=link(post))

    linking = relations.linking_to(post, editor)

    assert {each.title for each in linking.posts} == {each.title for each in (plain, draft, old, related, pending)}
    assert (linking.total, linking.others) == (5, 0)


def test_linking_names_to_an_author_only_what_the_author_may_see(author):
    post = make_post("Målet", created_by=author)
    own = make_post("Egen", created_by=author, body=link(post))
    make_post(CANARY, body=link(post))

    linking = relations.linking_to(post, author)

    assert (linking.posts, linking.total, linking.others) == ([own], 2, 1)


@pytest.mark.parametrize("size", [1, 30])
def test_linking_names_a_bounded_number(editor, django_assert_num_queries, size):
    post = make_published("Målet")
    for number in range(size):
        make_post(f"Nummer {number}", body=link(post))

    relations.linking_to(post, editor)  # the roles are known from here on
    with django_assert_num_queries(3):
        linking = relations.linking_to(post, editor)

    assert (len(linking.posts), linking.total) == (min(size, 20), size)


def test_deleted_post_stays_in_the_audit_trail(editor):
    post = make_post("Bort med den")
    address = post.get_absolute_url()

    relations.delete(post, by=editor)

    event = Event.objects.get()
    assert not Post.objects.exists()
    assert (event.title, event.kind, event.by_name, event.note) == ("Bort med den", "deleted", "editor", address)
    assert (event.from_status, event.to_status) == ("draft", "")


def test_post_with_comments_is_not_deleted(post, editor):
    make_comment(post)

    with pytest.raises(IllegalTransition):
        relations.delete(post, by=editor)

    assert (Post.objects.get(), trail()) == (post, [])


def test_of_two_deletions_the_second_is_told(editor):
    post = make_post()
    seen = Post.objects.get()
    relations.delete(post, by=editor)

    for step in (relations.delete, lambda each, by: relations.rename(each, "ny", by=by)):
        with pytest.raises(IllegalTransition):
            step(seen, by=editor)

    assert [kind for kind, _by, _note in trail()] == ["deleted"]
