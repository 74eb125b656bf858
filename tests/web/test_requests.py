"""One line for each request, and the id that its other lines share."""

import json
import logging

import pytest
from django.test import RequestFactory

from blog.web.logs import HideKeys, JsonLines
from blog.web.requests import LogRequests

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog):
    """The lines so far, as the log would have them."""
    lines, keep = [], logging.Handler()

    def emit(record):
        HideKeys().filter(record)
        lines.append(json.loads(JsonLines().format(record)))

    keep.emit = emit
    logger = logging.getLogger("blog")
    logger.addHandler(keep)
    yield lines
    logger.removeHandler(keep)


def test_request_is_one_line_without_query_address_and_key(client, lines):
    client.get("/receipt/12:aB-_9/?q=hemligt", REMOTE_ADDR="192.0.2.77")

    [line] = [line for line in lines if line["logger"] == "blog.web.requests"]
    assert {name: line[name] for name in ("level", "message", "method", "path", "status")} == {
        "level": "INFO",
        "message": "GET /receipt/…/ 404",
        "method": "GET",
        "path": "/receipt/…/",
        "status": 404,
    }
    assert line["queries"] >= 0
    assert len(line["request"]) == 16
    assert not any(secret in json.dumps(line) for secret in ("hemligt", "192.0.2.77", "aB-_9"))


@pytest.mark.parametrize(
    ("sent", "proxies", "is_kept"),
    [
        ("0a1b2c3d4e5f6071", ["127.0.0.1"], True),
        ("0a1b2c3d4e5f6071", [], False),
        ("kort", ["127.0.0.1"], False),
        ("0a1b2c3d\n4e5f6071", ["127.0.0.1"], False),
        ("<b>0a1b2c3d</b>", ["127.0.0.1"], False),
        ("a" * 65, ["127.0.0.1"], False),
    ],
)
def test_id_is_the_proxys_if_it_is_one(client, settings, lines, sent, proxies, is_kept):
    settings.TRUSTED_PROXIES = proxies

    client.get("/healthz", headers={"X-Request-ID": sent})

    assert (lines[-1]["request"] == sent) is is_kept


def test_lines_of_a_request_share_its_id(lines):
    def answer(request):
        logging.getLogger("blog.test").warning("in between")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        LogRequests(answer)(RequestFactory().get("/"))
    logging.getLogger("blog.test").warning("afterwards")

    assert [("request" in line) for line in lines] == [True, False]


def test_traceback_is_within_the_line(lines):
    try:
        raise ZeroDivisionError("anna@post.example")
    except ZeroDivisionError:
        logging.getLogger("blog.test").exception("failed")

    assert "ZeroDivisionError" in lines[0]["traceback"]
    assert "anna" not in lines[0]["traceback"]


def test_id_goes_out_on_no_page_that_may_be_kept(client):
    assert "X-Request-ID" not in client.get("/")
    assert "X-Request-ID" in client.post("/search/")
