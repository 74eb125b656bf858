"""Searching the posts, each in its own language."""

import re
from datetime import timedelta

import pytest

from blog.posts import revisions
from blog.posts.models import Post
from blog.posts.search import PAGE_POSTS, search
from blog.posts.search import on_the_desk as on_the_desk_of
from blog.posts.updates import PendingUpdate
from tests.factories import make_byline, make_post, make_published

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
    assert b"<script>" not in response.content


def test_extract_marks_the_words_and_escapes_the_text(client):
    make_published(body="<p>Skriv &lt;script&gt;alert(1)&lt;/script&gt; och fiskmås &amp; tärna.</p>")

    page = client.get("/search/?q=fiskmåsar").content.decode()

    extract = re.search(r'<p class="extract">(.*?)</p>', page)[1]
    assert "<mark>fiskmås</mark> &amp; tärna" in extract
    assert "&lt;script&gt;" in extract


def test_extract_is_remembered_until_the_text_changes(django_assert_num_queries):
    post = make_published(body="<p>Det blåser i Kalmar.</p>")
    search("blåser")

    with django_assert_num_queries(2):
        [[again], _more] = search("blåser")
    Post.objects.filter(pk=post.pk).update(body="<p>Nu blåser det i Lund.</p>")
    [[changed], _more] = search("blåser")

    assert again.extract == "<mark>blåser</mark> i Kalmar"
    assert changed.extract == "<mark>blåser</mark> det i Lund"


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


# --- On the desk: drafts, and what readers do not see yet


def on_the_desk(words):
    return {post.title for post in on_the_desk_of(Post.objects.all(), words)}


def test_desk_finds_drafts_by_the_stems_of_their_body_in_their_own_language():
    make_post("Om pauser", body="<p>Redaktörerna är viktiga.</p>")
    make_post("On pauses", body="<p>Commas were running.</p>", language="en")
    make_post("Annat", body="<p>Ingenting.</p>")

    assert on_the_desk("redaktör viktig") == {"Om pauser"}
    assert on_the_desk("comma run") == {"On pauses"}


def test_desk_finds_parts_of_titles_addresses_and_bylines():
    make_post("Semikolonet", slug="a-b", bylines=[make_byline("Karin Ek")])
    make_post("Annat", body="<p>Ingenting.</p>")

    for words in ("mikolon", "a-b", "karin", "mikol arin", '"semikolon', "karin kommatecken"):
        assert on_the_desk(words) == {"Semikolonet"}
    assert on_the_desk("mikol bertil") == set()


def test_desk_finds_the_newest_text_of_a_pending_update_and_no_older_one():
    post = make_published("Om pauser")
    for body in ("<p>Förkastat.</p>", "<p>Nyskrivet om 100 % kaffe.</p>"):
        post.head = revisions.record(post, revisions.content_of(post) | {"body": body})
    PendingUpdate.objects.create(post=post)

    assert on_the_desk("nyskriv kaffe") == {"Om pauser"}
    assert on_the_desk("100 %") == {"Om pauser"}
    assert on_the_desk("förkastat") == set()


def test_desk_finds_each_post_once_and_everything_without_words():
    make_post("Om kommatecken", bylines=[make_byline("Karin Om"), make_byline("Bo Om")])

    assert [post.title for post in on_the_desk_of(Post.objects.all(), "om")] == ["Om kommatecken"]
    assert on_the_desk('" ') == {"Om kommatecken"}


def test_desk_looks_for_the_first_ten_different_words():
    make_post("Om ett två tre fyra fem sex sju åtta nio")

    assert on_the_desk("om om ett två tre fyra fem sex sju åtta nio finns inte") != set()
    assert on_the_desk("om ett två tre fyra fem sex sju åtta finns") == set()
    assert on_the_desk("om " * 100 + "finns inte") != set()


def test_list_of_posts_is_searched_so_and_shows_nobody_elses_drafts(sign_in, author):
    make_post("Egen", body="<p>Redaktörerna.</p>", created_by=author)
    make_post("Annans", body="<p>Redaktörerna.</p>")

    found = sign_in(author).get("/admin/blog/post/", {"q": "redaktör"}).context["cl"].queryset

    assert [post.title for post in found] == ["Egen"]
