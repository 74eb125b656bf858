"""The rows of a queue as HTML: nothing in them is out of date or another's, however often they were made before."""

import re

import pytest
from django.utils import timezone

from blog.comments.models import Comment
from blog.moderation import items
from blog.moderation.models import PersonNote, RemovalReason, Report
from blog.posts.models import Post
from blog.receipts.models import Appeal
from blog.text import patterns
from tests.factories import make_comment, make_group, make_user

pytestmark = pytest.mark.django_db
ALL = "/admin/queue/all/"
NASTY = "<b>\"'&%(pk)s"


@pytest.fixture
def parent(post):
    return make_comment(post, "Frågan", name="Bo")


@pytest.fixture
def comment(post, parent):
    return make_comment(post, "Svaret", name="Anna", parent=parent)


def page(client, path=ALL):
    return client.get(path).text


def row(client, comment):
    """The HTML of one row, without what each request has of its own."""
    html = re.search(rf'<li class="row" id="row-{comment.pk}".*?(?=<li class="row"|</ol>)', page(client), re.DOTALL)[0]
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


CHANGES = {
    "text": lambda comment: Comment.objects.filter(pk=comment.pk).update(html="<p>Annat</p>"),
    "name": lambda comment: Comment.objects.filter(pk=comment.pk).update(name="Eva"),
    "state": lambda comment: Comment.objects.filter(pk=comment.pk).update(state="spam"),
    "reason": lambda comment: Comment.objects.filter(pk=comment.pk).update(reason="changed"),
    "finding": lambda comment: Comment.objects.filter(pk=comment.pk).update(findings=[{"rule": "trap"}]),
    "edited": lambda comment: Comment.objects.filter(pk=comment.pk).update(edited_at=timezone.now()),
    "choice": lambda comment: Comment.objects.filter(pk=comment.pk).update(picked_at=timezone.now()),
    "address": lambda comment: Comment.objects.filter(pk=comment.pk).update(email="a@post.example"),
    "website": lambda comment: Comment.objects.filter(pk=comment.pk).update(website="https://a.example/"),
    "network": lambda comment: Comment.objects.filter(pk=comment.pk).update(network_key=b"n" * 16),
    "parent": lambda comment: Comment.objects.filter(pk=comment.parent_id).update(name="Ulf"),
    "post": lambda comment: Post.objects.filter(pk=comment.post_id).update(title="Om semikolon"),
    "another comment of the person": lambda comment: make_comment(comment.post, "Mer", name="Anna"),
    "note": lambda comment: PersonNote.objects.create(author_key=comment.author_key, text="Varnad"),
    "report": lambda comment: Report.objects.create(comment=comment, reason="abuse"),
    "settled": lambda comment: Report.objects.create(comment=comment, reason="abuse", settled_at=timezone.now()),
    "appeal": lambda comment: Appeal.objects.create(comment=comment, text="Nej"),
    "group": lambda comment: make_group(comment, make_comment(comment.post, "Svaret", name="C")),
    "removal reason": lambda comment: RemovalReason.objects.filter(pk__gt=1).update(name_en="Other"),
}


@pytest.mark.parametrize("changed", CHANGES)
def test_row_shows_every_change(sign_in, editor, comment, changed):
    client = sign_in(editor)
    before = row(client, comment)
    assert row(client, comment) == before  # from memory

    CHANGES[changed](comment)

    assert row(client, comment) != before


def test_row_is_each_moderators_own(sign_in, editor, moderator, comment):
    other = make_user("editor", "Sara")
    clients = [sign_in(user) for user in (editor, moderator, other)]

    shown = [row(client, comment) for client in clients]

    named = [[user.username for user in (editor, other) if f"Reply as {user.username}," in html] for html in shown]
    assert named == [[editor.username], [], ["Sara"]]
    assert ['value="pick"' in html for html in shown] == [True, False, True]
    assert "Svara som" in clients[0].get(ALL, headers={"accept-language": "sv"}).text


def test_forms_send_the_token_and_the_way_back_of_their_own_request(sign_in, moderator, comment):
    client = sign_in(moderator)
    pages = [page(client, path).partition("<ol")[2].partition("</ol>")[0] for path in (ALL, f"{ALL}?rows=100", ALL)]

    tokens = [set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', html)) for html in pages]
    back = [set(re.findall(r'name="next" value="([^"#]+)', html)) for html in pages]

    assert [len(each) for each in tokens] == [1, 1, 1]
    assert not tokens[0] & tokens[2]
    assert back == [{ALL}, {f"{ALL}?rows=100"}, {ALL}]


def test_way_back_is_the_row_after(sign_in, moderator, comment, parent):
    html = row(sign_in(moderator), comment)

    assert set(re.findall(r'name="next" value="([^"]+)"', html)) == {f"{ALL}#row-{parent.pk}"}


def test_whatever_people_write_is_text(sign_in, moderator, post):
    parent = make_comment(post, NASTY, name=NASTY)
    comment = make_comment(post, NASTY, name=NASTY, parent=parent, website=NASTY, email="a@post.example")
    Post.objects.update(title=NASTY)
    Report.objects.create(comment=comment, reason="abuse", note=NASTY)
    PersonNote.objects.create(author_key=comment.author_key, text=NASTY)
    Appeal.objects.create(comment=comment, text=NASTY)
    RemovalReason.objects.update(name_en=NASTY)

    html = page(sign_in(moderator))

    assert "<b>" not in html
    assert html.count("&lt;b&gt;") >= 10
    assert patterns.SECRET not in html


def test_rows_that_were_never_shown_cost_no_template_each(sign_in, moderator, post, monkeypatch):
    client = sign_in(moderator)
    make_comment(post, "Ett", name="A")
    page(client)
    rendered = []
    monkeypatch.setattr("blog.web.partials.patterns.pattern", lambda html: rendered.append(html))
    for number in range(10):
        make_comment(post, f"Nr {number}", name=f"Person {number}")

    assert page(client).count('class="row"') == 11
    assert rendered == []


def test_memory_of_rows_is_bounded():
    assert items._item.memory.most_bytes == 4 * 2**20
