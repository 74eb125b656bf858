"""Renaming, correcting, relating and deleting a post on the desk."""

import re

import pytest

from blog.editing import saving
from blog.posts import relations
from blog.posts.models import Post
from blog.posts.relations import Correction, Relation
from blog.posts.revisions import content_of
from tests.factories import make_post, make_published, make_user
from tests.posts.form import typed
from tests.posts.reading import at, link, read, trail

pytestmark = pytest.mark.django_db

CANARY = "kanariefågel"


@pytest.mark.parametrize("page", ["correct", "address"])
def test_pages_are_for_editors(client, sign_in, editor, page):
    post = make_published()
    address = f"/admin/{page}/{post.pk}/"
    writer = make_user("author")
    Post.objects.update(created_by=writer)

    for method in ("get", "post"):
        assert getattr(client, method)(address)["Location"] == f"/admin/account/sign-in/?next={address}"
        for user in (writer, make_user("moderator", f"moderator-{method}")):
            assert getattr(sign_in(user), method)(address, {"text": "x", "slug": "x"}).status_code == 403
    staff = sign_in(editor)
    answer = staff.get(address)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    assert staff.get(f"/admin/{page}/0/").status_code == 404
    assert staff.put(address).status_code == 405
    assert (trail(), Post.objects.get().slug) == ([], post.slug)


def test_correct_page_publishes_one_correction_of_two_clicks(sign_in, editor, post):
    staff = sign_in(editor)
    address = f"/admin/correct/{post.pk}/"

    answers = [staff.post(address, {"text": " Fel dag. "}) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [address] * 2
    assert list(post.corrections.values_list("text", "by")) == [("Fel dag.", editor.pk)]
    assert "Fel dag." in read(staff, address)


def test_correct_page_of_a_post_that_is_not_public_has_no_form_and_loses_no_words(sign_in, editor):
    draft = make_post()
    staff = sign_in(editor)
    address = f"/admin/correct/{draft.pk}/"

    answer = staff.post(address, {"text": "Fel dag, sa Bo."})

    assert "<textarea" not in read(staff, address)
    page = answer.content.decode()
    assert ("Fel dag, sa Bo.</textarea>" in page, "The post is not published" in page) == (True, True)
    assert not Correction.objects.exists()


def test_correct_page_asks_for_words(sign_in, editor, post):
    answer = sign_in(editor).post(f"/admin/correct/{post.pk}/", {"text": "  "})

    assert (answer.status_code, b"This field is required" in answer.content) == (200, True)


def test_address_page_shows_the_new_address_before_it_changes_it(sign_in, editor, post):
    staff = sign_in(editor)
    address = f"/admin/address/{post.pk}/"

    preview = read(staff, f"{address}?slug=nytt-namn")

    assert (post.get_absolute_url() in preview, at(post, "nytt-namn") in preview) == (True, True)
    assert Post.objects.get().slug == post.slug
    answers = [staff.post(address, {"slug": "nytt-namn", "former": post.slug}) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [address] * 2
    assert (Post.objects.get().slug, len(trail())) == ("nytt-namn", 1)
    assert f"<code>{post.slug}</code>" in read(staff, address)


@pytest.mark.parametrize("method", ["get", "post"])
def test_address_page_refuses_a_taken_address_and_keeps_what_was_typed(sign_in, editor, post, method):
    make_post("Upptaget")

    answer = getattr(sign_in(editor), method)(f"/admin/address/{post.pk}/", {"slug": "upptaget", "former": post.slug})

    page = answer.content.decode()
    assert ("Another post has this address." in page, 'value="upptaget"' in page) == (True, True)
    assert 'value="Change the address"' not in page
    assert Post.objects.get(pk=post.pk).slug == post.slug


def test_address_page_tells_who_renamed_too_late(sign_in, editor, post):
    former = post.slug
    relations.rename(post, "hennes", by=editor)

    answer = sign_in(editor).post(f"/admin/address/{post.pk}/", {"slug": "hans", "former": former})

    page = answer.content.decode()
    assert ("meanwhile" in page, 'value="hans"' in page, Post.objects.get().slug) == (True, True, "hennes")


def test_address_page_says_which_post_loses_its_old_links(sign_in, editor, post):
    other = make_published("En annan")
    relations.rename(other, "annorlunda", by=editor)

    assert "“En annan”" in read(sign_in(editor), f"/admin/address/{post.pk}/?slug=en-annan")
    assert "“En annan”" not in read(sign_in(editor), f"/admin/address/{post.pk}/?slug=ledig")


def test_editor_relates_a_post_in_its_form(sign_in, editor):
    earlier, later = make_published("Brevet"), make_post("Mer om brevet")
    row = {"relations-TOTAL_FORMS": "1", "relations-0-kind": "reply", "relations-0-to": str(earlier.pk)}

    answer = sign_in(editor).post(f"/admin/blog/post/{later.pk}/change/", typed(later) | row)

    assert answer.status_code == 302
    assert list(Relation.objects.values_list("post", "kind", "to")) == [(later.pk, "reply", earlier.pk)]


def test_post_cannot_follow_itself(sign_in, editor, post):
    row = {"relations-TOTAL_FORMS": "1", "relations-0-kind": "reply", "relations-0-to": str(post.pk)}

    answer = sign_in(editor).post(f"/admin/blog/post/{post.pk}/change/", typed(post) | row)

    assert (answer.status_code, b"A post cannot follow itself." in answer.content) == (200, True)
    assert not Relation.objects.exists()


def test_post_is_related_once_to_another(sign_in, editor, post):
    earlier = make_published("Brevet")
    row = {"relations-0-kind": "reply", "relations-0-to": str(earlier.pk)}
    twice = row | {"relations-1-kind": "follow_up", "relations-1-to": str(earlier.pk)}
    staff, address = sign_in(editor), f"/admin/blog/post/{post.pk}/change/"

    at_once = staff.post(address, typed(post) | twice | {"relations-TOTAL_FORMS": "2"})
    answers = [staff.post(address, typed(post) | row | {"relations-TOTAL_FORMS": "1"}) for _ in range(2)]

    assert [at_once.status_code, *(answer.status_code for answer in answers)] == [200, 302, 200]
    assert Relation.objects.get().kind == "reply"


def test_author_neither_relates_nor_sees_what_is_related(sign_in, author):
    own = make_post("Egen", created_by=author)
    Relation.objects.create(post=own, to=make_post(CANARY))
    other = make_published("En annan")
    row = {"relations-TOTAL_FORMS": "1", "relations-0-kind": "reply", "relations-0-to": str(other.pk)}
    writer, address = sign_in(author), f"/admin/blog/post/{own.pk}/change/"

    assert CANARY not in read(writer, address)
    assert writer.post(address, typed(own) | row).status_code == 302
    assert Relation.objects.count() == 1


def test_deleting_in_the_admin_names_the_links_and_is_recorded(sign_in, editor):
    post = make_post("Målet")
    make_post("Länkar dit", body=link(post))
    saving.save(post, content_of(post) | {"standfirst": "Nytt."}, base=0, by=editor)
    staff, address = sign_in(editor), f"/admin/blog/post/{post.pk}/delete/"

    page = read(staff, address)

    assert ("1 post leads here" in page, "Länkar dit" in page) == (True, True)
    assert re.findall(r"<li>(\d.*)</li>", page) == ["2 versions", "0 notes", "0 review links"]
    assert staff.post(address, {"post": "yes"}).status_code == 302
    assert [kind for kind, _by, _note in trail()] == ["deleted"]
    assert Post.objects.get().title == "Länkar dit"


def test_post_is_not_deleted_with_a_text_that_the_person_has_not_seen(sign_in, editor):
    post = make_post("Bort med den")
    staff, address = sign_in(editor), f"/admin/blog/post/{post.pk}/delete/"
    seen = {"post": "yes", "revision": "0"}

    saving.save(post, content_of(post) | {"title": "Ny text"}, base=0, by=editor)
    refused = staff.post(address, seen, follow=True)

    assert "The text was changed meanwhile." in refused.text
    assert Post.objects.get().title == "Ny text"
    assert 'name="revision" value="2"' in read(staff, address)
    staff.post(address, seen | {"revision": "2"})
    assert not Post.objects.exists()


def test_several_posts_deleted_at_once_are_all_recorded(sign_in, editor):
    posts = [make_post(f"Nummer {number}") for number in range(3)]
    chosen = {"action": "delete_selected", "post": "yes", "_selected_action": [post.pk for post in posts]}

    sign_in(editor).post("/admin/blog/post/", chosen)

    assert (Post.objects.count(), [kind for kind, _by, _note in trail()]) == (0, ["deleted"] * 3)
