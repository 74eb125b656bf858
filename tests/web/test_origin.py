"""Where a form was sent from."""

import pytest

from blog.web.origin import is_from_here


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://testserver.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://["}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
    ],
)
def test_is_from_here_believes_the_browser(rf, headers, verdict):
    assert is_from_here(rf.post("/", headers=headers)) is verdict
