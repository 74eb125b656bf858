"""Text that was typed and not saved: it waits until its writer goes on with it, saves it, or drops it."""

from django.urls import reverse

from blog.editing.models import Autosave
from tests.factories import make_post


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
