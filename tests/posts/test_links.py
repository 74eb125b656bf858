"""Other people's pages that posts point to: asked politely, remembered once, and dead only for a good reason."""

import ssl
from datetime import date, timedelta

import httpcore
import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from blog import tasks
from blog.posts import links
from blog.posts.links import LinkCheck, check, check_due, check_soon, due, external
from tests.factories import make_post, make_published
from tests.internet import response

pytestmark = pytest.mark.django_db
URL = "https://a.example/x"


@pytest.fixture
def clock(monkeypatch):
    """A clock that only sleeping moves; `slept` are the pauses."""

    class Clock:
        now, slept = 1000.0, []

        def monotonic(self):
            return self.now

        def sleep(self, seconds):
            if seconds:
                self.slept.append(seconds)
            self.now += seconds

    clock = Clock()
    clock.slept = []
    monkeypatch.setattr(links, "time", clock)
    return clock


def jobs():
    return list(ProcrastinateJob.objects.filter(task_name="blog.tasks.check_links").values_list("args", flat=True))


def test_external_addresses_are_those_on_other_sites_each_once(settings):
    settings.SITE_URL = "https://blog.example"
    body = "".join(
        f'<p><a href="{address}">hit</a></p>'
        for address in [
            "https://b.example/", "/archive/", "https://blog.example/x", "mailto:a@b.example", "#ner",
            "HTTP://A.example/?a=1&amp;b=2#del", "//c.example/", "https://b.example/#annat",
        ]
    )  # fmt: skip
    sources = [["Boken", ""], ["Sidan", "https://b.example/"], ["Mer", "https://d.example/"]]

    assert external({"body": body, "sources": sources}) == [
        "https://b.example/", "http://A.example/?a=1&b=2", "https://c.example/", "https://d.example/",
    ]  # fmt: skip


@pytest.mark.parametrize("status", [200, 204, 401, 403, 429, 500, 503])
def test_answer_is_no_dead_link(internet, status):
    internet.page(URL, status)

    found = check(URL)

    assert (found.ok, found.status, found.reason, found.words) == (True, status, "", "")


@pytest.mark.parametrize("status", [404, 410])
def test_page_that_is_gone_is_dead(internet, status):
    internet.page(URL, status)

    found = check(URL)

    assert (found.ok, found.status, found.reason) == (False, status, "gone")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (ssl.SSLCertVerificationError("expired"), "tls"),
        (httpcore.ReadTimeout(), "timeout"),
        (b"no http", "answer"),
    ],
)
def test_host_that_does_not_answer_is_dead(internet, answer, reason):
    url = URL if reason == "tls" else URL.replace("https", "http")
    internet.host("a.example", answer)

    found = check(url)

    assert (found.ok, found.status, found.reason) == (False, None, reason)
    assert found.words


@pytest.mark.parametrize(
    ("url", "reason"),
    [("https://nowhere.example/", "host"), ("http://10.0.0.1/", "address"), ("http://[x/", "address")],
)
def test_address_of_nothing_public_is_dead(internet, url, reason):
    assert (check(url).ok, check(url).reason) == (False, reason)


def test_what_only_we_cannot_reach_is_not_dead(internet):
    internet.page("https://a.example/", 301, Location="/")

    assert (check("https://a.example/").ok, check("https://a.example:8443/").ok) == (True, True)


def test_fault_of_a_host_is_dead_when_it_is_met_again(internet):
    internet.page(URL, 503)

    assert [check(URL).ok, check(URL).ok] == [True, False]

    internet.page(URL, 200)
    assert check(URL).ok


def test_check_keeps_one_row(internet):
    internet.host("a.example", response(200, b"x" * 1000))

    first, second = check(URL), check(URL)

    assert first.pk == second.pk
    assert list(LinkCheck.objects.values_list("url", flat=True)) == [URL]


@pytest.mark.parametrize(
    ("columns", "age", "is_due"),
    [
        ({"ok": True, "status": 200}, timedelta(days=6), False),
        ({"ok": True, "status": 200}, timedelta(days=7), True),
        ({"ok": True, "status": 503}, timedelta(hours=1), True),
        ({"ok": False, "status": 404}, timedelta(minutes=59), False),
        ({"ok": False, "status": 404}, timedelta(hours=1), True),
        ({"ok": False, "status": None}, timedelta(hours=1), True),
    ],
)
def test_due_is_what_was_not_asked_for_a_while(columns, age, is_due):
    now = timezone.now()
    LinkCheck.objects.create(url=URL, url_hash=links.hash_of(URL), checked_at=now - age, **columns)

    assert due([URL, "https://new.example/"], now) == [URL] * is_due + ["https://new.example/"]


def test_one_host_is_asked_once_a_second(internet, clock):
    urls = ["https://a.example/1", "https://a.example/2", "https://b.example/1", "https://a.example/3"]
    for url in urls:
        internet.page(url)

    assert check_due(urls) is True
    assert (internet.requests, clock.slept) == (urls, [1.0, 1.0])


def test_asking_stops_when_its_time_is_up(internet, clock):
    urls = [f"https://a.example/{number}" for number in range(100)]

    assert check_due(urls) is False
    assert 25 < LinkCheck.objects.count() < 35

    clock.now += 1
    assert check_due(urls[:20]) is True  # they are known, and not asked again
    assert len(internet.requests) + LinkCheck.objects.filter(reason="host").count() < 35


def test_a_post_has_one_waiting_job_only():
    check_soon(1)
    check_soon(1)
    check_soon(2)

    assert jobs() == [{"post": 1}, {"post": 2}]


def test_job_asks_the_links_of_the_newest_text_and_may_run_twice(internet):
    internet.page(URL, 404)
    post = make_post(body=f'<p><a href="{URL}">hit</a></p>')

    tasks.check_links(post=post.pk)
    tasks.check_links(post=post.pk)
    tasks.check_links(post=post.pk + 1)

    assert (internet.requests, LinkCheck.objects.get().ok, jobs()) == ([URL], False, [])


def test_job_that_ran_out_of_time_is_given_again(internet, clock):
    many = "".join(f'<p><a href="https://a.example/{number}">hit</a></p>' for number in range(50))
    post = make_post(body=many)

    tasks.check_links(post=post.pk)

    assert jobs() == [{"post": post.pk}]


def test_each_published_post_has_its_turn_within_eight_days(internet):
    body = f'<p><a href="{URL}">hit</a></p>'
    posts = [make_published(f"Post {number}", body=body) for number in range(3)]
    make_post("Utkast", body=body)
    make_published("Utan länk")

    for day in range(8):
        links.check_published_soon(date(2026, 11, 1) + timedelta(days=day))

    assert sorted(job["post"] for job in jobs()) == [post.pk for post in posts]


def test_posts_whose_links_were_asked_lately_have_no_turn(internet):
    internet.page(URL)
    make_published(body=f'<p><a href="{URL}">hit</a></p>')
    check(URL)

    for day in range(8):
        links.check_published_soon(date(2026, 11, 1) + timedelta(days=day))

    assert jobs() == []
