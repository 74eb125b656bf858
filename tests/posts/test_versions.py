"""The versions of a post: looked at, compared, restored, by those who may."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from blog.editing import saving
from blog.posts import comparison, revisions, trail
from blog.posts.events import Event, Kind
from blog.posts.models import Post
from blog.posts.updates import PendingUpdate
from tests.factories import make_byline, make_post, make_published, make_user

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


def write(post, by=None, **changes):
    """Save a version in which some fields are different."""
    base = Post.objects.get(pk=post.pk)
    return saving.save(post, revisions.newest_content(base) | changes, base=base.head, by=by).number


def make_versions(titles, by=None, make=make_post, **fields):
    """A post that has had these titles, version 1 the first of them."""
    post = make(titles[0], **fields)
    for title in titles[1:]:
        write(post, by, title=title)
    return Post.objects.get(pk=post.pk)


def address(post, *parts):
    return "/".join(["/admin/versions", str(post.pk), *map(str, parts), ""])


def restore(client, post, number, base):
    return client.post(address(post, number, "restore"), {"base": base}, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def newest(post):
    return revisions.newest_content(Post.objects.get(pk=post.pk))


@pytest.fixture
def post(author):
    return make_versions(["Om kommatecken", "Om semikolon", "Om punkten"], by=author, created_by=author)


def pages(post):
    return [address(post), address(post, "compare") + "?from=1&to=3", address(post, 2)]


def test_list_shows_versions_and_events_newest_first(sign_in, editor, post):
    post.submit(by=editor, note=HOSTILE)

    lines = sign_in(editor).get(address(post)).context["page"].lines

    assert [getattr(line, "number", None) or line.kind for line in lines] == ["submitted", 3, 2, 1]


def test_list_says_who_and_when_and_escapes_what_they_wrote(sign_in, editor, post):
    post.submit(by=editor, note=HOSTILE)

    page = sign_in(editor).get(address(post)).content.decode()

    assert "Draft → In review" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert HOSTILE not in page
    assert post.revisions.get(number=1).note in page


def test_list_says_that_nothing_was_saved_yet(sign_in, editor):
    page = sign_in(editor).get(address(make_post())).content.decode()

    assert "was not saved here yet" in page
    assert "Compare the chosen versions" not in page


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def test_marks_of_a_scheduled_post_and_of_a_published_one(editor, english):
    hour = timezone.now() + timedelta(days=1)
    post = make_versions(["Om kommatecken", "Om semikolon"])
    post.approve(by=editor, publish_at=hour)

    scheduled = dict(trail.marks_of(post))
    published = dict(trail.marks_of(make_versions(["Ett", "Två"], make=make_published)))

    assert [len(scheduled[2]), scheduled[2][1]] == [2, "newest"]
    assert scheduled[2][0].startswith("approved for ")
    assert published == {1: ["published version"], 2: ["newest"]}


def test_mark_of_an_update_that_is_approved(editor, english):
    post = make_versions(["Ett", "Två"], make=make_published)
    post.pending.approve(by=editor, publish_at=timezone.now() + timedelta(days=1))
    write(post, title="Tre")

    marks = dict(trail.marks_of(Post.objects.get(pk=post.pk)))

    assert marks[1] == ["published version"]
    assert marks[2][0].startswith("approved for ")
    assert marks[3] == ["newest"]


def test_long_list_is_shown_in_pages_that_miss_nothing(sign_in, editor):
    post = make_versions([f"Nummer {number}" for number in range(1, 41)])
    for _ in range(40):
        Event.record(post, Kind.RENAMED, at=post.created_at)
    client = sign_in(editor)

    first = client.get(address(post)).context["page"]
    second = client.get(address(post), {"version": first.version, "event": first.event or ""}).context["page"]

    seen = [(type(line), line.pk) for line in [*first.lines, *second.lines]]
    assert [len(first.lines), len(second.lines), len(set(seen))] == [50, 30, 80]
    assert [first.has_older, second.has_older] == [True, False]


def test_version_is_shown_as_it_looked(sign_in, editor, post):
    write(post, body="<p>Alldeles nytt.</p>", tags=["språk", "ett / tecken"])
    client = sign_in(editor)

    old = client.get(address(post, 1)).content.decode()
    new = client.get(address(post, 4)).content.decode()

    assert "<h1>Om kommatecken</h1>" in old
    assert "Alldeles nytt." not in old
    assert "Version 1, of " in old
    assert f'action="{address(post, 1, "restore")}"' in old
    assert "Alldeles nytt." in new
    assert 'rel="tag">språk</a>' in new
    assert "restore" not in new


def test_comparison_shows_words_that_went_and_came(sign_in, editor, post):
    page = sign_in(editor).get(address(post, "compare"), {"from": 3, "to": 1})

    assert [page.context["older"].number, page.context["newer"].number] == [1, 3]
    assert "Om <del>kommatecken</del><ins>punkten</ins>" in page.content.decode()


def test_comparison_side_by_side_shows_each_text_in_its_column(sign_in, editor, post):
    page = sign_in(editor).get(address(post, "compare") + "?from=1&to=3&side").content.decode()

    assert "Om <del>kommatecken</del></p></div>" in page
    assert "Om <ins>punkten</ins></p></div>" in page


def test_comparison_names_fields_that_are_no_texts(sign_in, editor):
    karin, anna = make_byline("Karin Ek"), make_byline("Anna Al")
    post = make_published(tags=["språk"], bylines=[karin])
    write(post, tags=["kök", "språk"], bylines=[anna.pk], sources=[["SAOL", ""]], language="en", cover=9999)
    anna.delete()

    page = sign_in(editor).get(address(post, "compare") + "?from=1&to=2")

    changes = {change.label: change.inline for change in page.context["changes"]}
    assert changes == {
        "Language": "<ul><li><del>Swedish</del></li><li><ins>English</ins></li></ul>",
        "Tags": "<ul><li><ins>kök</ins></li><li>språk</li></ul>",
        "Bylines": "<ul><li><del>Karin Ek</del></li><li><ins>a byline that was deleted</ins></li></ul>",
        "Cover image": "<ul><li><ins>a picture that was deleted</ins></li></ul>",
        "Sources": "<ul><li><ins>SAOL</ins></li></ul>",
    }


def test_comparison_of_very_many_sources_is_quick(post):
    older, newer = (revisions.content_of(post) | {"sources": [[f"{n % m}", ""] for n in range(6000)]} for m in (50, 51))
    begun = time.monotonic()

    (change,) = comparison.changes(older, newer)

    assert "<ins>50</ins>" in change.inline
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize("view", ["", "&side"])
def test_comparison_escapes_what_was_written(sign_in, editor, post, view):
    byline = make_byline(HOSTILE, slug="x")
    write(
        post,
        **dict.fromkeys(["title", "standfirst", "sign_off", "body"], HOSTILE + "x"),
        tags=[HOSTILE],
        bylines=[byline.pk],
        sources=[[HOSTILE, "https://blog.example/"]],
        language="<i>sv</i>",
    )

    page = sign_in(editor).get(address(post, "compare") + f"?from=1&to=4{view}").content.decode()

    assert page.count("alert(1)") >= 6
    assert HOSTILE not in page


def test_comparison_of_a_version_with_itself_says_so(sign_in, editor, post):
    page = sign_in(editor).get(address(post, "compare") + "?from=2&to=2").content.decode()

    assert "The two versions say the same." in page


def test_restoring_makes_a_new_version(sign_in, editor, post):
    response = restore(sign_in(editor), post, 1, base=3)

    post.refresh_from_db()
    assert (post.title, post.head, post.shown) == ("Om kommatecken", 4, 4)
    assert said(response) == ["Version 1 is restored as version 4."]
    version = post.revisions.get(number=4)
    assert (version.by, version.note) == (editor, "restored from version 1")


def test_restoring_a_published_post_makes_a_pending_update(sign_in, editor):
    post = make_versions(["Ett", "Två"], make=make_published)

    restore(sign_in(editor), post, 1, base=2)

    post = Post.objects.get(pk=post.pk)
    assert (post.title, post.shown, post.head) == ("Ett", 1, 3)
    assert PendingUpdate.objects.get().status == "draft"


def test_restoring_the_newest_text_adds_nothing(sign_in, editor, post):
    response = restore(sign_in(editor), post, 3, base=3)

    assert said(response) == ["The newest text is that of version 3 already."]
    assert Post.objects.get().head == 3


def test_restoring_merges_what_was_saved_meanwhile_elsewhere(sign_in, editor, post):
    write(post, standfirst="En ny ingress.")

    response = restore(sign_in(editor), post, 1, base=3)

    content = newest(post)
    assert (content["title"], content["standfirst"]) == ("Om kommatecken", "En ny ingress.")
    assert said(response) == ["Version 1 is restored as version 5, with what was saved meanwhile merged into it."]


def test_restoring_shows_what_was_saved_meanwhile_in_the_same_place(sign_in, editor, post):
    write(post, title="Om tankstrecket")
    before = newest(post)

    response = restore(sign_in(editor), post, 1, base=3)

    assert newest(post) == before
    assert said(response)[0].startswith("Nothing was restored: version 4 was saved meanwhile.")
    assert response.redirect_chain[-1][0] == address(post, "compare") + "?from=3&to=4"


@pytest.mark.parametrize("base", ["", "0", "4", "x", "-1", "9" * 30])
def test_restoring_without_a_base_is_refused(sign_in, editor, post, base):
    response = sign_in(editor).post(address(post, 1, "restore"), {"base": base})

    assert response.status_code == 400
    assert Post.objects.get().head == 3


@pytest.mark.parametrize("number", [0, 4, 10**12])
def test_version_that_is_not_there_is_not_found(sign_in, editor, post, number):
    client = sign_in(editor)

    answers = [
        client.get(address(post, number)),
        client.get(address(post, "compare"), {"from": 1, "to": number}),
        client.get(address(post, "compare"), {"from": "x"}),
        client.post(address(post, number, "restore"), {"base": 3}),
        client.get(f"/admin/versions/{10**12}/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5


def test_restoring_is_a_post(sign_in, editor, post):
    assert sign_in(editor).get(address(post, 1, "restore")).status_code == 405
    assert Post.objects.get().head == 3


def test_author_sees_and_restores_own_versions_only(sign_in, author, post):
    client, other = sign_in(author), make_versions(["Ett", "Två"])

    assert [client.get(page).status_code for page in pages(post)] == [200, 200, 200]
    assert [client.get(page).status_code for page in pages(other)] == [404, 404, 404]
    assert restore(client, other, 1, base=2).status_code == 404
    assert newest(other)["title"] == "Två"
    assert restore(client, post, 1, base=3).status_code == 200
    assert newest(post)["title"] == "Om kommatecken"


def test_author_does_not_restore_what_is_in_review(sign_in, author, post):
    post.submit(by=author)
    client = sign_in(author)

    page = client.get(address(post, 1)).content.decode()

    assert "Om kommatecken" in page
    assert "Restore version" not in page
    assert restore(client, post, 1, base=3).status_code == 403
    assert newest(post)["title"] == "Om punkten"


def test_moderator_looks_and_does_not_restore(sign_in, moderator, post):
    client = sign_in(moderator)

    assert [client.get(page).status_code for page in pages(post)] == [200, 200, 200]
    assert "Restore version" not in client.get(address(post, 1)).content.decode()
    assert restore(client, post, 1, base=3).status_code == 403


def test_stranger_is_asked_to_sign_in(client, post):
    answers = [client.get(page) for page in pages(post)]
    answers.append(client.post(address(post, 1, "restore"), {"base": 3}))

    assert [answer["Location"].split("?")[0] for answer in answers] == ["/admin/account/sign-in/"] * 4
    assert Post.objects.get().head == 3


def test_pages_cost_the_same_with_one_version_and_thirty(sign_in, author, editor):
    client = sign_in(editor)

    def costs(post, newest):
        found = []
        for page in [address(post), address(post, "compare") + f"?from=1&to={newest}", address(post, 1)]:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            found.append(len(queries))
        return found

    people = [author, editor, make_user("author", "anna")]
    few, many = make_versions(["Ett", "Två"], by=author), make_post("Ett")
    few.submit(by=author)
    for number in range(29):
        write(many, people[number % 3], title=f"Nummer {number}", tags=["språk", f"nummer {number}"])
        Event.record(many, Kind.RENAMED, by=people[number % 3])

    costs(few, 2)  # Django remembers some things of the first request
    assert costs(many, 30) == costs(few, 2)
