"""What the form of a post keeps, refuses and tells, and what it saves once."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog.posts.models import Post
from blog.posts.revisions import newest_content
from blog.posts.workflow import IllegalTransition
from tests.factories import make_byline, make_comment, make_post, make_published
from tests.posts.form import ADD, change, errors, said, step, typed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["save", "withdraw"])
def test_post_is_locked_from_the_question_who_may_to_the_last_write(sign_in, author, name):
    post = make_post(created_by=author, status="draft" if name == "save" else "in_review")
    client = sign_in(author)
    address = change(post) if name == "save" else step(post, name)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.post(address, typed(post, title="Ny", _save="1"))

    about = [query["sql"] for query in queries if '"blog_post"' in query["sql"]]
    locked = [number for number, sql in enumerate(about) if 'FOR UPDATE OF "blog_post"' in sql]
    written = [number for number, sql in enumerate(about) if sql.startswith('UPDATE "blog_post"')]
    assert locked[0] < written[0]


def test_refused_change_of_the_hour_is_told_and_the_text_is_kept(sign_in, editor, post, monkeypatch):
    def refuse(post, publish_at, by):
        raise IllegalTransition("Too late.")

    monkeypatch.setattr(Post, "reschedule", refuse)

    response = sign_in(editor).post(
        change(post), typed(post, title="Ny", publish_at_0="2020-01-02", _save="1"), follow=True
    )

    hour = post.publish_at
    post.refresh_from_db()
    assert said(response)[0] == "Too late."
    assert (newest_content(post)["title"], post.publish_at) == ("Ny", hour)


def test_tag_that_is_too_long_is_told_at_the_field_and_the_text_is_kept(sign_in, author):
    response = sign_in(author).post(ADD, typed(tags="å" * 101 + ", kök", _save="1"))

    assert errors(response) == {"tags": ["A tag has at most 100 characters. Put a comma between two tags."]}
    assert "Ett  semikolon." in response.text


def test_tags_with_quotes_survive_a_save(sign_in, editor):
    post = make_post(tags=['3" skruv', "Ordet ”hen”, igen"])
    client = sign_in(editor)
    shown = client.get(change(post)).context["adminform"].form["tags"]
    sent = shown.value()

    client.post(change(post), typed(post, tags=sent, _save="1"))
    post.refresh_from_db()
    client.post(change(post), typed(post, tags=sent + ", kök", _save="1"))

    assert sorted(post.tags.names()) == ["3” skruv", "Ordet ”hen”, igen", "kök"]


def test_bylines_change_places(sign_in, editor):
    first, second = make_byline("Karin Ek"), make_byline("Olle Ask")
    post = make_post(bylines=[first, second])

    response = sign_in(editor).post(change(post), typed(post, _save="1", signatures=[second.pk, first.pk]))

    connection.check_constraints()
    assert response.status_code == 302
    assert [row.byline for row in post.authorships.all()] == [second, first]


def test_byline_that_stands_twice_signs_once(sign_in, editor):
    byline = make_byline()
    post = make_post()

    sign_in(editor).post(change(post), typed(post, _save="1", signatures=["", byline.pk, byline.pk]))

    assert [row.byline for row in post.authorships.all()] == [byline]


@pytest.mark.parametrize("day", ["0001-01-01", "0202-06-01", "9999-12-31"])
def test_hour_in_a_wrong_year_is_told_at_the_field(sign_in, editor, day):
    response = sign_in(editor).post(ADD, typed(publish_at_0=day, publish_at_1="00:00", _save="1"))

    assert errors(response) == {"publish_at": ["The year must lie between 1990 and 2199."]}


def test_address_that_names_an_hour_opens_the_form(sign_in, editor):
    response = sign_in(editor).get(ADD, {"publish_at": "2026-01-01", "title": "Om semikolon"})

    assert response.context["adminform"].form.initial == {"title": "Om semikolon"}


def test_very_long_text_is_stored_and_a_longer_one_is_refused(sign_in, editor):
    words = " ".join(f"ord{number:x}" for number in range(110_000))

    sign_in(editor).post(ADD, typed(body=f"<p>{words}</p>", _save="1"))
    response = sign_in(editor).post(
        ADD, typed(title="Två", body=f"<p>{words} {words}</p>", standfirst=words, _save="1")
    )

    assert Post.objects.get().body == f"<p>{words}</p>"
    assert errors(response) == {"body": ["The text is longer than a million characters. Divide it into several posts."]}


def test_second_click_on_a_new_posts_button_finds_what_the_first_saved(sign_in, editor):
    client = sign_in(editor)
    key = re.search('name="form_key" value="(.+?)"', client.get(ADD).text)[1]

    client.post(ADD, typed(form_key=key, _step="publish"))
    response = client.post(ADD, typed(form_key=key, _step="publish"), follow=True)

    post = Post.objects.get()
    assert response.redirect_chain[-1][0] == change(post)
    assert said(response)[-1] == "“Om semikolon” was saved already; here it is."


def test_form_with_a_broken_key_is_saved_like_one_without(sign_in, author):
    sign_in(author).post(ADD, typed(form_key="x", _save="1"))

    assert Post.objects.get().form_key is None


def test_form_key_of_another_persons_post_is_refused(sign_in, author, editor):
    key = uuid4()
    make_post(created_by=editor, form_key=key)

    response = sign_in(author).post(ADD, typed(form_key=key, _save="1"))

    assert (response.status_code, Post.objects.count()) == (400, 1)


def test_address_that_was_taken_in_the_same_moment_is_made_anew(sign_in, editor, monkeypatch):
    make_post("Om semikolon")
    free_slug = Post.free_slug
    answers = iter(["om-semikolon"])  # as if the other post were not there yet
    monkeypatch.setattr(Post, "free_slug", lambda post: next(answers, None) or free_slug(post))
    monkeypatch.setattr(Post, "validate_unique", lambda *arguments, **named: None)

    response = sign_in(editor).post(ADD, typed(_save="1"))

    assert response.status_code == 302
    assert Post.objects.filter(slug="om-semikolon-2").exists()


def test_text_that_was_public_is_not_deleted_by_its_author(sign_in, author):
    new, known = make_post("Ny", created_by=author), make_published(created_by=author)
    known.return_to_draft()
    client = sign_in(author)

    answers = [
        client.post(reverse("admin:blog_post_delete", args=[each.pk]), {"post": "yes"}).status_code
        for each in (new, known)
    ]

    assert (answers, list(Post.objects.all())) == ([302, 403], [known])


def test_delete_of_a_post_with_comments_is_refused_in_words(sign_in, editor, post):
    make_comment(post)

    response = sign_in(editor).post(reverse("admin:blog_post_delete", args=[post.pk]), {"post": "yes"}, follow=True)

    assert said(response) == ["The post has comments, which are never deleted. Take it off the site instead."]
    assert response.redirect_chain[-1][0] == change(post)
    assert list(Post.objects.all()) == [post]
