"""Renaming and merging tags in the admin."""

import pytest
from django.urls import reverse

from blog.tags.models import Tag, TagSlug
from tests.factories import make_post

pytestmark = pytest.mark.django_db
LIST = "/admin/blog/tag/"


def change(tag):
    return reverse("admin:blog_tag_change", args=[tag.pk])


def chosen(*tags, **fields):
    return {"action": "merge", "_selected_action": [tag.pk for tag in tags]} | fields


def test_new_name_gives_a_new_address_and_keeps_the_old_one(sign_in, editor):
    tag = Tag.objects.create(name="Språk")

    sign_in(editor).post(change(tag), {"name": "Språkvård", "description": "Om språk."})

    tag.refresh_from_db()
    assert (tag.name, tag.slug, tag.description) == ("Språkvård", "sprakvard", "Om språk.")
    assert TagSlug.objects.get(slug="sprak").tag == tag


def test_name_of_another_tag_is_refused_however_it_is_cased(sign_in, editor):
    Tag.objects.create(name="seo")
    tag = Tag.objects.create(name="Sökning")

    response = sign_in(editor).post(change(tag), {"name": "SEO", "description": ""})

    tag.refresh_from_db()
    assert (response.status_code, tag.name) == (200, "Sökning")


def test_merge_asks_which_tag_stays(sign_in, editor):
    tags = [Tag.objects.create(name=name) for name in ("Kök", "Köket")]

    response = sign_in(editor).post(LIST, chosen(*tags))

    assert list(response.context["form"].fields["into"].queryset) == tags
    assert Tag.objects.count() == 2


def test_merge_moves_posts_and_addresses_to_the_tag_that_stays(sign_in, editor):
    kept, gone = Tag.objects.create(name="Kök"), Tag.objects.create(name="Köket")
    post = make_post(tags=["Köket"])

    sign_in(editor).post(LIST, chosen(kept, gone, into=kept.pk))

    assert list(Tag.objects.all()) == [kept]
    assert list(post.tags.all()) == [kept]
    assert TagSlug.objects.get(slug="koket").tag == kept


def test_merge_of_a_tag_that_is_gone_is_told(sign_in, editor, monkeypatch):
    kept, other = Tag.objects.create(name="Kök"), Tag.objects.create(name="Köket")
    merge = Tag.merge

    def just_after_the_other_editor(tag, *, into):
        merge(Tag.objects.get(pk=into.pk), into=Tag.objects.get(pk=tag.pk))
        merge(tag, into=into)

    monkeypatch.setattr(Tag, "merge", just_after_the_other_editor)

    response = sign_in(editor).post(LIST, chosen(kept, other, into=kept.pk), follow=True)

    assert [str(each) for each in response.context["messages"]] == [
        "One of the tags is gone: somebody else has merged or deleted it. Look at the list again."
    ]
    assert list(Tag.objects.all()) == [other]


def test_author_adds_tags_but_neither_renames_nor_merges(sign_in, author):
    kept, gone = Tag.objects.create(name="Kök"), Tag.objects.create(name="Köket")
    client = sign_in(author)

    client.post("/admin/blog/tag/add/", {"name": "Trädgård", "description": ""})
    renamed = client.post(change(kept), {"name": "Annat", "description": ""})
    client.post(LIST, chosen(kept, gone, into=kept.pk))

    assert renamed.status_code == 403
    assert list(Tag.objects.values_list("name", flat=True)) == ["Kök", "Köket", "Trädgård"]
