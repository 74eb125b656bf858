"""What the log must not hold: keys of private links, and e-mail addresses."""

import logging
from smtplib import SMTPRecipientsRefused

import pytest

from blog.web.logs import HideKeys


def logged(*arguments, **named):
    """What a handler with the filter writes for a record."""
    record = logging.getLogger("test").makeRecord("test", logging.ERROR, "", 0, *arguments, **named)
    HideKeys().filter(record)
    return logging.Formatter("%(message)s").format(record)


@pytest.mark.parametrize("path", ["/review/{}/notes/", "/receipt/{}/", "/receipt/{}/text/", "/mute/{}/"])
def test_key_of_a_private_link_is_left_out(path):
    line = logged("%s: %s", ("Not Found", path.format("12:aB-_9")), None)

    assert line == f"Not Found: {path.format('…')}"


def test_traceback_names_no_receiver_and_no_key():
    try:
        raise SMTPRecipientsRefused({"anna.ek+x@post.example": (550, b"No /receipt/12:aB/ here")})
    except SMTPRecipientsRefused as error:
        words = logged("mail to <anna@post.example> failed", (), (type(error), error, error.__traceback__))

    assert "anna" not in words
    assert "12:aB" not in words
    assert "SMTPRecipientsRefused" in words
    assert words.startswith("mail to <…> failed")
