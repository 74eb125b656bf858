"""docs/limits.md says the numbers of the code, and the client's address is what it says."""

import importlib

import pytest
from django.conf import settings

import project.wsgi
from blog.comments import limits
from blog.comments.models import MAX_INDENT
from blog.comments.threads import MAX_DEPTH
from blog.moderation import reports
from blog.moderation.models import Report
from blog.web import rates
from blog.web.origin import client_address

PAGE = (settings.BASE_DIR / "docs" / "limits.md").read_text("utf-8")
WORDS = {4: "four"}


def said(minutes):
    return "an hour" if minutes == 60 else f"{minutes} minutes"


def rows():
    rated = [
        ("comments", limits.by_person(), "COMMENTS_PER_PERSON"),
        ("comments", limits.by_network(), "COMMENTS_PER_NETWORK"),
        ("reports", limits.reports_by_network(), "REPORTS_PER_NETWORK"),
    ]
    for what, rate, setting in rated:
        per = said(rate.per.seconds // 60)
        yield f"| {what} | {rate.most} in {per} | `{setting}` |"
    note = Report._meta.get_field("note").max_length
    yield f"| text | {limits.TEXT_CHARACTERS:,} characters |"
    yield f"| name | {limits.NAME_CHARACTERS} characters |"
    yield f"| links | {limits.MAX_LINKS} in one comment |"
    yield f"| note of a report | {note} characters |"
    yield f"| age of the form | {limits.FORM_GOOD_FOR.days} days;"
    yield f"| change of one's own comment | {limits.EDIT_WITHIN.seconds // 60} minutes from sending it |"
    yield f"the page moves {WORDS[MAX_INDENT]} levels in, the order of threads knows {MAX_DEPTH} |"
    yield f"| mails that ask for its proof | {limits.asking_for_proof().most} a day |"
    yield f"the first {rates.IPV4_BITS} bits of an IPv4 address and the first {rates.IPV6_BITS} bits of an IPv6 address"
    yield f"**{reports.NETWORKS} different networks** have reported it **within {reports.WITHIN.days} days**"


def test_page_of_the_limits_says_the_numbers_of_the_code():
    assert [row for row in rows() if row not in PAGE] == []


@pytest.mark.parametrize("setting", ["COMMENTS_PER_PERSON", "COMMENTS_PER_NETWORK", "REPORTS_PER_NETWORK"])
def test_operators_read_of_each_setting_and_its_number(setting):
    operators = (settings.BASE_DIR / "docs" / "en" / "operators.md").read_text("utf-8")
    (row,) = (line for line in operators.splitlines() if line.startswith(f"| `{setting}`"))

    assert f"otherwise {getattr(settings, setting)}" in row


# --- Whose word about the address counts


@pytest.fixture
def address_seen(settings, monkeypatch):
    """Give what a view takes for the client's address, for the proxies that are trusted and the headers sent."""
    seen = []

    def application(environ, start_response):
        request = type("Request", (), {"META": environ})
        seen.append(client_address(request))

    def ask(proxies, sender, forwarded):
        settings.TRUSTED_PROXIES = proxies
        monkeypatch.setattr("django.core.wsgi.get_wsgi_application", lambda: application)
        wsgi = importlib.reload(project.wsgi)
        wsgi.application({"REMOTE_ADDR": sender, "HTTP_X_FORWARDED_FOR": forwarded}, None)
        return seen[-1]

    yield ask
    monkeypatch.undo()
    importlib.reload(project.wsgi)


@pytest.mark.parametrize(
    ("proxies", "sender", "forwarded", "address"),
    [
        (["127.0.0.1"], "127.0.0.1", "192.0.2.7", "192.0.2.7"),
        (["127.0.0.1"], "127.0.0.1", "198.51.100.1, 192.0.2.7", "192.0.2.7"),  # the first was written by the client
        (["127.0.0.1", "10.0.0.2"], "127.0.0.1", "198.51.100.1, 192.0.2.7, 10.0.0.2", "192.0.2.7"),
        (["127.0.0.1"], "203.0.113.9", "192.0.2.7", "203.0.113.9"),
        ([], "127.0.0.1", "192.0.2.7", "127.0.0.1"),
    ],
)
def test_forwarded_address_counts_from_a_configured_proxy_only(address_seen, proxies, sender, forwarded, address):
    assert address_seen(proxies, sender, forwarded) == address
