"""Text that was typed and not saved: it waits until its writer goes on with it, saves it, or drops it."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse, reverse_lazy

from blog.editing.models import Autosave, Presence
from blog.posts.models import Post
from tests.factories import make_post

ADD = reverse_lazy("admin:blog_post_add")
NEW_FORM = dict.fromkeys(("relations-TOTAL_FORMS", "relations-INITIAL_FORMS"), "0") | {
    "title": "Ny",
    "body": "<p>Ett semikolon.</p>",
    "comments_close_after_days": "30",
    "comments_pause_minutes": "0",
    "language": "sv",
    "comment_policy": "open",
    "priority": "0",
}


def autosaved(client, post, title):
    """Open the form, type a title, and return all that the form would send."""
    form = client.get(reverse("admin:blog_post_change", args=[post.pk])).context["adminform"].form
    fields = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    rows = {f"relations-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")}
    typed = fields | rows | {"title": title}
    client.post(reverse("autosave", args=[post.pk]), typed)
    return typed


def test_text_gone_on_with_is_saved_and_its_form_opens_with_the_newest_text_again(sign_in, author):
    post = make_post("Sparad", created_by=author)
    client, here = sign_in(author), reverse("admin:blog_post_change", args=[post.pk])
    typed = autosaved(client, post, "Skriven")

    opened = client.get(f"{here}?unsaved=1")
    sent_to = opened.context["form_url"]
    answer = client.post(sent_to, typed | {"_continue": "1"})

    assert opened.context["adminform"].form["title"].value() == "Skriven"
    assert sent_to == answer.url == here
    post.refresh_from_db()
    assert (post.title, Autosave.objects.count()) == ("Skriven", 0)


def test_form_that_comes_back_with_errors_offers_no_older_text(sign_in, author):
    post = make_post("Sparad", created_by=author)
    client, here = sign_in(author), reverse("admin:blog_post_change", args=[post.pk])
    typed = autosaved(client, post, "Skriven")

    offered = client.get(here).context["unsaved"]
    back = client.post(here, typed | {"title": ""})

    assert offered == Autosave.objects.get()
    assert (back.status_code, back.context["unsaved"]) == (200, None)


def test_who_only_reads_the_form_keeps_nothing_and_is_not_said_to_edit(sign_in, author, editor):
    post = make_post("Inlämnad", created_by=author, status="in_review")
    here = reverse("admin:blog_post_change", args=[post.pk])

    read = sign_in(author).get(here)
    seen_by_editor = sign_in(editor).get(here)
    seen_by_author = sign_in(author).get(here)

    assert ["data-autosave" in each.text for each in (read, seen_by_editor)] == [False, True]
    assert (seen_by_editor.context["others"], seen_by_author.context["others"]) == ("", "editor is editing this now.")


def kept_new(client, title="Ny", **query):
    """Type a title into the form of a new post, and return the form's key."""
    key = client.get(ADD).context["form_key"]
    client.post(reverse("autosave-new", args=[key], query=query), {"title": title})
    return key


def test_new_text_gone_on_with_keeps_its_key_and_leaves_the_desk_when_it_is_saved(sign_in, author):
    client = sign_in(author)
    key = kept_new(client)
    kept = Autosave.objects.get()

    opened = client.get(ADD, {"unsaved": str(key)})
    answers = [client.post(ADD, NEW_FORM | {"form_key": opened.context["form_key"]}) for _twice in range(2)]

    assert (opened.context["form_key"], opened.context["gone_on_with"]) == (key, kept)
    assert [answer.status_code for answer in answers] == [302, 302]
    assert (Post.objects.get().form_key, Autosave.objects.count()) == (key, 0)


def test_new_text_gone_on_with_can_be_discarded(sign_in, author):
    client = sign_in(author)
    key = kept_new(client)
    discard = reverse("autosave-forget-new", args=[key])

    opened = client.get(ADD, {"unsaved": str(key)})
    client.post(discard)

    assert "This text was not saved yet." in opened.text
    assert f'action="{discard}"' in opened.text
    assert Autosave.objects.count() == 0


def test_key_of_another_persons_text_opens_an_empty_form_with_a_key_of_its_own(sign_in, author, editor):
    key = kept_new(sign_in(author))

    opened = sign_in(editor).get(ADD, {"unsaved": str(key)})

    assert opened.context["form_key"] != key
    assert (opened.context["gone_on_with"], opened.context["adminform"].form["title"].value()) == (None, None)


@pytest.mark.parametrize("nonsense", ["1", "x", "\u00e5" * 40])
def test_key_that_is_none_opens_an_empty_form(sign_in, author, nonsense):
    opened = sign_in(author).get(ADD, {"unsaved": nonsense})

    assert (opened.status_code, opened.context["gone_on_with"]) == (200, None)


def test_text_typed_by_another_person_is_not_kept_for_who_signed_in_since(sign_in, author, editor):
    post = make_post(created_by=author)
    addresses = [reverse("autosave", args=[post.pk]), reverse("autosave-new", args=[uuid4()])]

    answers = [sign_in(editor).post(f"{each}?by={author.pk}", {"title": "Min"}) for each in addresses]

    assert [answer.url.partition("?")[0] for answer in answers] == [reverse("account_login")] * 2
    assert (Autosave.objects.count(), Presence.objects.count()) == (0, 0)


def test_form_reports_as_its_own_person(sign_in, author):
    client = sign_in(author)

    kept_new(client, by=author.pk)

    assert Autosave.objects.get().user == author
    assert f"/?by={author.pk}" in client.get(ADD).text


def test_form_with_an_old_token_is_refused_by_a_page_that_says_how_to_go_on(author):
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(author)

    answer = client.post(ADD, NEW_FORM)

    assert answer.status_code == 403
    assert "sign in in another tab, go back in this one, and send it again" in answer.text
    assert [each in answer.text for each in ("<style", " style=", "data-user")] == [False] * 3
    assert Post.objects.count() == 0


def test_refusal_is_a_page_of_the_site_that_acknowledges_nothing(sign_in, moderator):
    answer = sign_in(moderator).get(ADD)

    assert answer.status_code == 403
    assert "You may not do this" in answer.text
    assert [each in answer.text for each in ("kept_here.js", "data-user")] == [True, False]
