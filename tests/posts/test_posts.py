"""What a post knows of itself."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from blog.posts import reading
from blog.posts.archive import within, years
from blog.posts.models import Post
from blog.posts.related import related_to
from tests.factories import make_byline, make_post, make_published, make_user

pytestmark = pytest.mark.django_db
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def test_body_is_cleaned_whichever_way_it_is_written():
    bad, good = "<p onclick=x>a</p><script>b</script>", "<p>a</p>"

    saved = make_post(body=bad)
    (bulk,) = Post.objects.bulk_create([Post(title="b", slug="b", body=bad)])
    updated = make_post("c")
    Post.objects.filter(pk=updated.pk).update(body=bad)

    assert set(Post.objects.values_list("pk", "body")) == {(post.pk, good) for post in (saved, bulk, updated)}


def test_address_has_the_month_of_the_site_not_of_greenwich():
    post = make_published("Nyår", publish_at=datetime(2026, 12, 31, 23, 30, tzinfo=ZoneInfo("UTC")))

    assert post.get_absolute_url() == "/2027/01/nyar/"
    assert list(Post.objects.filter(within(2027, 1))) == [post]
    assert not Post.objects.filter(within(2026)).exists()


def test_years_and_months_are_counted_newest_first():
    for day in [(2025, 12, 31), (2026, 1, 31), (2026, 3, 1), (2026, 3, 31)]:
        make_published(str(day), publish_at=datetime(*day, 23, 59, tzinfo=STOCKHOLM))

    counted = years(Post.objects.published(now=datetime(2027, 1, 1, tzinfo=STOCKHOLM)))

    assert counted == [
        (2026, ((date(2026, 3, 1), 2), (date(2026, 1, 1), 1))),
        (2025, ((date(2025, 12, 1), 1),)),
    ]


def test_free_slug_passes_by_the_slugs_of_others():
    first = make_post("Om ord")

    second = make_post("Om ord!")

    assert (first.slug, second.slug, first.free_slug()) == ("om-ord", "om-ord-2", "om-ord")


def test_summary_is_the_standfirst_or_the_first_words():
    long = "ord " * 200

    assert Post(standfirst="Ingress.", body="<p>Text</p>").summary == "Ingress."
    assert Post(body="<p>Kort &amp; gott</p>").summary == "Kort & gott"
    summary = Post(body=f"<p>{long}</p>").summary
    assert summary.endswith("ord…")
    assert len(summary) <= 300


def test_comments_close_by_policy_and_by_days():
    now = timezone.now()
    timed = Post(comment_policy="timed", comments_close_after_days=30, publish_at=now)

    assert Post(comment_policy="open", publish_at=now).accepts_comments(now + timedelta(days=999))
    assert not Post(comment_policy="closed", publish_at=now).accepts_comments(now)
    assert timed.accepts_comments(now + timedelta(days=30) - timedelta(seconds=1))
    assert not timed.accepts_comments(now + timedelta(days=30))


def test_is_by_its_beginner_and_by_those_who_sign_it():
    beginner, signer, other = make_user("author", "a"), make_user("author", "b"), make_user("author", "c")
    post = make_post(created_by=beginner, bylines=[make_byline(user=signer), make_byline("Gäst")])

    assert [post.is_by(user) for user in (beginner, signer, other)] == [True, True, False]


def neighbours(post):
    found = reading.called(post.slug)
    return found.earlier, found.later


def test_neighbours_are_the_published_posts_on_either_side():
    first, middle, last = (make_published(f"{n}", ago=timedelta(days=9 - n)) for n in range(3))
    make_post("Utkast")
    make_published("Framtid", ago=timedelta(days=-1))

    assert [neighbours(post) for post in (first, middle, last)] == [(None, middle), (first, last), (middle, None)]


def test_neighbours_of_posts_at_the_same_instant_form_one_row():
    hour = timezone.now() - timedelta(days=1)
    posts = [make_published(f"{n}", publish_at=hour) for n in range(3)]

    assert [neighbours(post) for post in posts] == [(None, posts[1]), (posts[0], posts[2]), (posts[1], None)]


def test_related_prefers_shared_tags_then_words_of_the_title():
    post = make_published("Kommatecken i rubriker", tags=["språk", "typografi"], body="")
    two = make_published("Ligaturer", tags=["språk", "typografi"], body="")
    one = make_published("Dialekter", tags=["språk"], body="")
    words = make_published("Rubriker som säljer", body="")
    make_published("Båtliv", body="")
    make_post("Kommatecken", tags=["språk", "typografi"], body="")
    make_published("Kommatecken i morgon", tags=["språk", "typografi"], ago=timedelta(days=-1), body="")

    assert [line.title for line in related_to(post)] == [two.title, one.title, words.title]


def test_related_reads_a_fixed_number_of_rows(django_assert_num_queries):
    post = make_published(tags=["språk"])
    for number in range(30):
        make_published(f"Nummer {number}", tags=["språk"])

    with django_assert_num_queries(1):
        assert len(related_to(post)) == 4
