"""Searching the posts, each in its own language."""

import re
from datetime import timedelta

import pytest

from blog.posts.search import PAGE_POSTS, search
from tests.factories import make_byline, make_published

pytestmark = pytest.mark.django_db


def titles(words, **options):
    return [post.title for post in search(words, **options)[0]]


def test_search_knows_the_forms_of_words_in_each_language():
    make_published("Svensk", body="<p>Redaktörerna skrev om tidningarna.</p>")
    make_published("English", language="en", body="<p>The editors were writing about newspapers.</p>")

    assert titles("redaktör tidning") == ["Svensk"]
    assert titles("editor newspaper") == ["English"]


def test_search_ranks_title_over_standfirst_over_body():
    make_published("Om annat", body="<p>En kråka flög.</p>", ago=timedelta(days=1))
    make_published("Om ännu annat", standfirst="En kråka.", ago=timedelta(days=2))
    make_published("Kråka", ago=timedelta(days=3))

    assert titles("kråka") == ["Kråka", "Om ännu annat", "Om annat"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ('"svart katt"', ["Ett"]),
        ("”vit katt”", []),
        ("katt -svart", ["Två"]),
        ("svart or hund", ["Ett", "Tre"]),
        ("katt hund", []),
    ],
)
def test_search_understands_what_people_type_elsewhere(words, found):
    make_published("Ett", body="<p>En svart katt.</p>", ago=timedelta(hours=1))
    make_published("Två", body="<p>En katt som var vit.</p>", ago=timedelta(hours=2))
    make_published("Tre", body="<p>En hund.</p>", ago=timedelta(hours=3))

    assert sorted(titles(words)) == sorted(found)


@pytest.mark.parametrize(
    "words", ["", " ", "och", "'", '"', "\\", "a & | !", "<script>", "(((", "%", "-", "🙂", "x" * 5000, ":*", "\u202e"]
)
def test_search_page_stands_any_words(client, words):
    make_published()

    response = client.get("/search/", {"q": words})

    assert response.status_code == 200
    assert b"<script" not in response.content


def test_extract_marks_the_words_and_escapes_the_text(client):
    make_published(body="<p>Skriv &lt;script&gt;alert(1)&lt;/script&gt; och fiskmås &amp; tärna.</p>")

    page = client.get("/search/?q=fiskmåsar").content.decode()

    extract = re.search(r'<p class="extract">(.*?)</p>', page)[1]
    assert "<mark>fiskmås</mark> &amp; tärna" in extract
    assert "&lt;script&gt;" in extract


def test_results_turn_over(client):
    byline = make_byline()
    for number in range(PAGE_POSTS + 3):
        make_published(f"Kråka {number}", bylines=[byline], ago=timedelta(hours=number + 1))

    first, second = (client.get(f"/search/?q=kråka&page={page}").content.decode() for page in (1, 2))

    pages = [re.findall(r"(Kråka \d+)</a></h2>", page) for page in (first, second)]
    assert [len(page) for page in pages] == [PAGE_POSTS, 3]
    assert len(set(pages[0] + pages[1])) == PAGE_POSTS + 3
    assert "page=2" in first
    assert "page=3" not in second
