"""The letter of the week: at its hour, each post once, each subscriber once."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from blog import tasks
from blog.appearance.models import Appearance
from blog.newsletter import deliveries, editions, keys
from blog.newsletter.models import Delivery, Edition, EditionPost, Subscriber
from blog.posts.models import Post
from blog.web.models import Letter
from tests.factories import make_byline, make_comment, make_post, send_letters
from tests.newsletter.letters import DAY, FRIDAY, WEEK, html, make_subscriber, publish, run, text
from tests.receipts.mails import HEADERS, receivers

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def told():
    """The titles of each edition's posts, the oldest edition first."""
    return [sorted(each.posts.values_list("title", flat=True)) for each in Edition.objects.order_by("due_at")]


def test_letter_tells_of_the_week_in_its_readers_language(sink):
    make_subscriber("bo@post.example", "en")
    make_subscriber("siv@post.example", "sv")
    make_subscriber("ada@post.example", confirmed_at=None)
    post = publish("Om <komma> & punkt", standfirst="En paus.", bylines=[make_byline("Karin Ek"), make_byline("Bo Li")])
    make_comment(post)
    publish("Older", at=FRIDAY - 2 * DAY)
    make_post("A draft")

    run()

    (to, english), (other, swedish) = sink.mails
    address = f"http://127.0.0.1:8000{post.get_absolute_url()}"
    leave = keys.leave_address(Subscriber.objects.get(email="bo@post.example"))
    assert [*to, *other] == ["bo@post.example", "siv@post.example"]
    assert english["Subject"] == "Spalt: Om <komma> & punkt, and 1 post more"
    for part in (
        "Spalt, 20 November 2026\n2 new posts\n",
        "Om <komma> & punkt\nEn paus.\nKarin Ek, Bo Li\n",
        address,
        leave,
    ):
        assert part in text(english)
    for part in (
        '<html lang="en">', f'<h2 lang="sv"><a href="{address}">Om &lt;komma&gt; &amp; punkt</a></h2>',
        '<p lang="sv">En paus.</p>', "Karin Ek, Bo Li · 1 comment<", f'<a href="{leave}">',
        "prefers-color-scheme: dark",
    ):  # fmt: skip
        assert part in html(english)
    assert text(english).index("Om <komma>") < text(english).index("Older")
    assert ('<html lang="sv">' in html(swedish), "20 november 2026" in text(swedish)) == (True, True)
    assert "draft" not in text(english) + html(english)


def test_letter_loads_nothing_and_has_one_click_to_end_it(sink):
    make_subscriber()
    publish()

    run()

    [(_to, mail)] = sink.mails
    leave = keys.leave_address(Subscriber.objects.get())
    assert not any(word in html(mail) for word in ("src=", "url(", "<link", "@import", "<img", " style=", "<script"))
    assert mail["List-Unsubscribe"].strip() == f"<{leave}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "<newsletter.127.0.0.1>"
    assert set(mail.keys()) <= HEADERS | {"List-Id"}
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_letter_looks_like_the_site(sink):
    Appearance.objects.create(pk=1, name="Radannons", accent="#005500", dark_paper="#000011", typeface="sans")
    make_subscriber()
    publish("Om kommatecken")

    run()

    [(_to, mail)] = sink.mails
    assert (mail["Subject"], text(mail).split(",")[0]) == ("Radannons: Om kommatecken", "Radannons")
    assert [part in html(mail) for part in ("color: #005500;", "background: #000011;", "system-ui")] == [True] * 3
    assert "#9a2a1b" not in html(mail)


@pytest.mark.parametrize(
    ("weekday", "hour", "now", "before", "after"),
    [
        (5, 7, "2026-11-20 07:00", "2026-11-20 07:00", "2026-11-27 07:00"),
        (5, 7, "2026-11-20 06:59", "2026-11-13 07:00", "2026-11-20 07:00"),
        (5, 7, "2026-11-23 12:00", "2026-11-20 07:00", "2026-11-27 07:00"),
        (1, 0, "2026-11-22 23:59", "2026-11-16 00:00", "2026-11-23 00:00"),
        (7, 23, "2026-11-22 22:00", "2026-11-15 23:00", "2026-11-22 23:00"),
        (7, 2, "2026-10-26 12:00", "2026-10-25 02:00", "2026-11-01 02:00"),  # an hour that is there twice
        (7, 2, "2026-03-29 12:00", "2026-03-29 02:00", "2026-04-05 02:00"),  # and one that is not
    ],
)
def test_hour_of_the_week(settings, weekday, hour, now, before, after):
    settings.NEWSLETTER_WEEKDAY, settings.NEWSLETTER_HOUR = weekday, hour
    now, before, after = (timezone.make_aware(datetime.fromisoformat(each)) for each in (now, before, after))

    assert (editions.hour_before(now), editions.hour_after(now)) == (before, after)


def test_letter_leaves_at_its_hour_or_within_a_day(sink):
    make_subscriber()
    publish()
    left = []

    for now in (FRIDAY - timedelta(seconds=1), FRIDAY + DAY, FRIDAY + 2 * DAY, FRIDAY + 23 * HOUR, FRIDAY + 23 * HOUR):
        run(now)
        left.append(len(sink.mails))

    assert left == [0, 0, 0, 1, 1]


def test_each_post_is_told_of_once_and_a_week_without_any_has_no_letter(sink):
    make_subscriber()
    publish("Long ago", at=FRIDAY - 9 * WEEK)
    publish("Before the first letter", at=FRIDAY - 3 * WEEK - DAY)
    publish("One", at=FRIDAY - 2 * WEEK - DAY)
    run(FRIDAY - 2 * WEEK)
    run(FRIDAY - WEEK)
    publish("A minute late", at=FRIDAY - WEEK + timedelta(minutes=1))
    run(FRIDAY - WEEK + HOUR)
    Post.objects.filter(title="One").update(publish_at=FRIDAY - 2 * DAY)

    run(FRIDAY)

    assert told() == [["One"], [], ["A minute late"]]
    assert [mail["Subject"] for _to, mail in sink.mails] == ["Spalt: One", "Spalt: A minute late"]
    assert list(Edition.objects.order_by("due_at").values_list("receivers", flat=True)) == [1, 0, 1]


def test_post_that_became_public_while_a_letter_was_made_is_in_the_next(sink):
    make_subscriber()
    publish("One", at=FRIDAY - 2 * WEEK - DAY)
    run(FRIDAY - 2 * WEEK)
    publish("Slow", at=FRIDAY - 2 * WEEK - timedelta(minutes=5))

    run(FRIDAY - WEEK)

    assert told() == [["One"], ["Slow"]]


def test_killed_job_leaves_all_or_nothing(sink, monkeypatch):
    for number in range(3):
        make_subscriber(f"reader{number}@post.example")
    publish()
    monkeypatch.setattr(deliveries, "AT_ONCE", 2)
    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "post_letter", die_at_the_second())
        with pytest.raises(KeyboardInterrupt):
            run()
    half = Delivery.objects.filter(sent_at=None).count(), Letter.objects.count()

    run()
    run()

    assert half == (3, 0)
    assert receivers(sink) == [f"reader{number}@post.example" for number in range(3)]
    assert Delivery.objects.filter(sent_at=None).count() == 0


def die_at_the_second():
    post_letter, calls = deliveries.post_letter, []

    def dying(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return post_letter(*arguments)

    return dying


def test_post_that_was_taken_away_meanwhile_is_in_no_mail(sink):
    make_subscriber("bo@post.example")
    publish("Stays")
    publish("Goes")
    editions.make_due(FRIDAY)
    Post.objects.filter(title="Goes").update(status="archived")
    deliveries.write()
    make_subscriber("cia@post.example")
    Post.objects.update(status="archived")
    Delivery.objects.create(edition=Edition.objects.get(), subscriber=Subscriber.objects.get(email="cia@post.example"))

    deliveries.write()
    send_letters()

    assert receivers(sink) == ["bo@post.example"]
    assert "Goes" not in text(sink.mails[0][1])
    assert not Delivery.objects.filter(sent_at=None).exists()


@pytest.mark.parametrize("hostile", ["Ett\r\nBcc: mallory@evil.example", "=?utf-8?q?=0D=0ABcc:_mallory@evil.example?="])
def test_no_header_is_injected(sink, hostile):
    make_subscriber()
    publish()
    Post.objects.update(title=hostile)

    run()

    [(to, mail)] = sink.mails
    assert to == ["bo@post.example"]
    assert set(mail.keys()) <= HEADERS | {"List-Id"}
    assert mail["Subject"].strip() == "Spalt: " + " ".join(hostile.split()).replace("=?", "=\u2060?")


def test_many_subscribers_cost_no_more_queries_than_their_mails(django_assert_max_num_queries):
    for number in range(20):
        make_subscriber(f"reader{number}@post.example", "sv" if number % 2 else "en")
    publish()

    with django_assert_max_num_queries(14):
        editions.make_due(FRIDAY)
    with django_assert_max_num_queries(9 + 20 * 5):  # a letter and its job, each in a savepoint
        deliveries.write()

    assert Letter.objects.count() == 20
    assert EditionPost.objects.count() == 1


def test_jobs_write_what_waits_and_forget_who_never_said_yes():
    make_subscriber()
    Subscriber.objects.create(email="late@post.example", created_at=timezone.now() - 8 * DAY)
    publish()
    editions.make_due(FRIDAY)

    tasks.send_newsletter(0)
    tasks.forget(0)

    assert Letter.objects.get().to == "bo@post.example"
    assert Subscriber.objects.get().email == "bo@post.example"
