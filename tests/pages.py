"""Every page that Django's test client is given is well-formed HTML, by html5lib's strict parser.

Pages made of the same tags in the same neighbourhood are parsed once in a process. With KEEP_PAGES=folder they are
kept there too, for `make validate`.
"""

import hashlib
import os
import re
from itertools import pairwise
from pathlib import Path

import html5lib
from django.test import Client

OF_DJANGO = re.compile(r"/admin/auth/user/\d+/password/")  # its own template ends a paragraph twice
STRANGE_LETTERS = "invalid-codepoint"  # some texts of trials have them
TAG = re.compile(rb"<(/?[a-z][a-z0-9-]*)((?:\s+[a-z-]+)*)")
KEPT = os.environ.get("KEEP_PAGES")
seen = set()
ask = Client.request


def watch():
    Client.request = _request


def _request(client, **request):
    answer = ask(client, **request)
    if not answer.streaming and answer.content[:15].lower() == b"<!doctype html>":
        _look_at(answer.content, request.get("PATH_INFO"))
    return answer


def _look_at(page, path):
    tags = TAG.findall(page)
    shape = frozenset(pairwise(tags))
    if shape in seen:
        return
    seen.add(shape)
    if KEPT:
        (Path(KEPT) / f"{hashlib.sha256(page).hexdigest()[:16]}.html").write_bytes(page)
    parser = html5lib.HTMLParser()
    parser.parse(page.decode())
    faults = [(place, code, words) for place, code, words in parser.errors if code != STRANGE_LETTERS]
    if faults and not OF_DJANGO.fullmatch(path):
        raise AssertionError(f"{path} is not well-formed: {faults}\n{page.decode()}")
