"""A canary sings in every place of every text that is not public, and no reader hears it at any address."""

from itertools import product

import pytest
from django.test import Client

from blog.comments.models import Comment
from blog.posts.models import Post
from tests.permissions import canaries
from tests.permissions.canaries import PLACES, addresses, bytes_of, heard, make_aviary, sung, word

BY_NAME = [
    "/search/?q={}", "/2026/11/{}/", "/2026/11/{}", "/2026/11/{}/comments/feed/", "/tag/{}/", "/tag/{}",
    "/tag/{}/feed/", "/author/{}/", "/author/{}/feed/", "/review/{}/",
]  # fmt: skip


@pytest.fixture
def aviary(db):
    return make_aviary()


def text_of(post):
    """The name of the text in the post's row, which its canaries bear."""
    return canaries.WORD.findall(post.title)[0].removeprefix("kanarietitle").removesuffix("x")


def public_words(world):
    """What readers may hear: the texts in the rows of the published posts, and what hangs on these."""
    words = {word("description", "tag")}
    for (_owner, state), post in world.posts.items():
        if post.is_public():
            words |= {word(place, text_of(post)) for place in PLACES}
            words |= {word(place, state) for place in ("slug", "said", "sayer", "correction", "former")}
    return words


def test_reader_hears_no_canary(aviary, reader):
    public = public_words(aviary)

    songs = heard(reader, addresses(aviary))

    assert {song for song in songs if song[0] not in public} == set()


def test_reader_hears_every_canary_of_a_text_once_it_is_out(aviary, reader):
    canaries.everything_out()
    newest = {text_of(post) for post in Post.objects.filter(pk__in=[each.pk for each in aviary.posts.values()])}

    words = {each for path in addresses(aviary) for each in sung(reader.get(path), path)}

    assert {word(place, text) for text in newest for place in PLACES} - words == set()
    assert {
        word(place, state) for _owner, state in aviary.posts for place in ("slug", "said", "correction")
    } - words == set()
    assert {word("said", state) for state in ("held", "removed", "spam")} - words == set()


def test_editor_hears_the_rest_at_the_desk(aviary):
    client = Client(raise_request_exception=False)
    client.force_login(aviary.people["editor"])
    paths = [f"/admin/blog/comment/?state__exact={state}" for state in ("held", "removed", "spam")]
    for post in aviary.posts.values():
        paths += [f"/preview/{post.pk}/", f"/admin/versions/{post.pk}/1/", f"/admin/review/{post.pk}/"]

    words = {each for path in paths for each in sung(client.get(path), path)}

    texts = {each[len("kanarietitle") : -1] for each in words if each.startswith("kanarietitle")}
    assert {word("body", text) for text in texts} - words == set()
    assert {word(place, state) for _owner, state in aviary.posts for place in ("body", "seat")} - words == set()
    assert {word("sayer", state) for state in ("held", "removed", "spam")} - words == set()


def test_what_is_not_public_changes_no_byte(aviary, reader):
    """Not a count, a date, a header or a link to the next page: the same without the drafts as with them."""
    paths = [path for path in addresses(aviary) if not path.startswith(("/admin/", "/preview/"))]
    with_drafts = {path: bytes_of(reader.get(path)) for path in paths}

    unseen = [post for post in [*aviary.posts.values(), aviary.begun] if not post.is_public()]
    hidden = [post.pk for post in unseen if post.status != "archived"]  # whose address says that it is gone
    Comment.objects.filter(parent__isnull=False, post__in=hidden).delete()
    Post.objects.filter(pk__in=hidden).delete()

    assert {path for path in paths if bytes_of(reader.get(path)) != with_drafts[path]} == set()


def test_asking_for_a_canary_by_name_tells_what_nonsense_tells(aviary, reader):
    songs = [word(place, "draft") for place in ("title", "body", "tag", "tagslug", "byline", "slug", "former", "seat")]

    for address, song in product(BY_NAME, songs):
        nonsense = "q" * len(song)
        told, expected = bytes_of(reader.get(address.format(song))), bytes_of(reader.get(address.format(nonsense)))
        assert told.replace(song, nonsense) == expected, address.format(song)


def test_pages_of_errors_are_silent(aviary, reader, monkeypatch):
    secret = aviary.posts["another", "draft"]
    monkeypatch.setattr("blog.posts.archive.months", lambda: secret.title[secret])  # breaks, with a secret at hand

    broken = reader.get("/archive/")
    foreign = reader.post(f"{aviary.talk_path}comments/write/", headers={"sec-fetch-site": "cross-site"})
    nul = reader.get("/search/?q=%00")
    method = reader.put("/")

    answers = [broken, foreign, nul, method]
    assert [answer.status_code for answer in answers] == [500, 403, 400, 405]
    assert [sung(answer, "") for answer in answers] == [set()] * 4
