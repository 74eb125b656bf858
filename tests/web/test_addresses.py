"""An address on this site is known however it is written."""

import pytest

from blog.web.addresses import path_here


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/archive/", "/archive/"),
        ("https://blog.example/a?b#c", "/a"),
        ("http://BLOG.example:80/a", "/a"),
        ("//blog.example/a", "/a"),
        (" /a", "/a"),
        ("a.png", "/a.png"),
        ("#b2", "/"),
        ("", ""),
        ("http://[x", ""),
        ("https://other.example/a", None),
        ("mailto:a@blog.example", None),
        ("https://blog.example.other.example/", None),
    ],
)
def test_path_of_an_address_here(settings, address, path):
    settings.SITE_URL = "https://blog.example"

    assert path_here(address) == path
