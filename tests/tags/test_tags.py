"""Tags: one name however it is cased, and addresses that keep working."""

import pytest
from django.db import IntegrityError, transaction

from blog.tags.models import Tag, TagGone, TagSlug
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def names(post):
    return sorted(post.tags.values_list("name", flat=True))


def test_tags_are_one_however_they_are_cased():
    make_post(tags=["SEO"])

    post = make_post("En annan", tags=["seo", "Språk"])

    assert names(post) == ["SEO", "Språk"]


def test_tag_name_is_unique_in_the_database():
    Tag.objects.create(name="Ögon")

    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.create(name="ögon", slug="andra")


def test_rename_keeps_the_old_address():
    tag = Tag.objects.create(name="Sociala medier")

    tag.rename("Sociala kanaler")

    assert tag.slug == "sociala-kanaler"
    assert Tag.objects.called("sociala-medier") == Tag.objects.called("sociala-kanaler") == tag


def test_rename_back_leaves_no_address_that_points_at_itself():
    tag = Tag.objects.create(name="Ett")

    tag.rename("Två")
    tag.rename("Ett")

    assert tag.slug == "ett"
    assert list(TagSlug.objects.values_list("slug", flat=True)) == ["tva"]


def test_rename_takes_the_next_free_address():
    Tag.objects.create(name="Ö-liv", slug="o-liv")
    tag = Tag.objects.create(name="Annat")

    tag.rename("O liv")

    assert tag.slug == "o-liv-2"


def test_rename_to_a_long_name_takes_the_next_free_address():
    long = "a" * 80
    for slug in (long, "a" * 75 + "-2"):
        Tag.objects.create(name=slug, slug=slug)
    tag = Tag.objects.create(name="Annat")

    tag.rename("a" * 90)

    assert tag.slug == "a" * 75 + "-3"


def test_merge_moves_posts_once_and_keeps_every_address():
    both, one = make_post("Ett", tags=["webb", "nätet"]), make_post("Två", tags=["webb"])
    web, net = Tag.objects.get(name="webb"), Tag.objects.get(name="nätet")
    web.rename("webben")

    web.merge(into=net)

    assert names(both) == names(one) == ["nätet"]
    assert {slug: Tag.objects.called(slug) for slug in ("webb", "webben", "natet")} == {
        "webb": net,
        "webben": net,
        "natet": net,
    }


def test_second_of_two_merges_crossing_each_other_is_refused():
    Tag.objects.create(name="webb")
    Tag.objects.create(name="nätet")
    # What two editors have on their screens.
    (mine, my_other), (yours, your_other) = (Tag.objects.order_by("pk") for _ in range(2))
    mine.merge(into=my_other)

    with pytest.raises(TagGone):
        your_other.merge(into=yours)

    assert list(Tag.objects.all()) == [my_other]
    assert Tag.objects.called("webb") == Tag.objects.called("natet") == my_other


def test_merge_keeps_the_address_that_somebody_else_has_just_given():
    tag, other = Tag.objects.create(name="webb"), Tag.objects.create(name="nätet")
    Tag.objects.get(pk=tag.pk).rename("webben")

    tag.merge(into=other)

    assert Tag.objects.called("webb") == Tag.objects.called("webben") == other


def test_merge_into_itself_is_refused():
    tag = Tag.objects.create(name="webb")

    with pytest.raises(ValueError):
        tag.merge(into=tag)

    assert Tag.objects.filter(pk=tag.pk).exists()


def test_a_new_tag_takes_over_the_address_that_another_one_had():
    renamed = Tag.objects.create(name="Press")
    renamed.rename("Medier")

    new = Tag.objects.create(name="press")

    assert Tag.objects.called("press") == new
    assert Tag.objects.called("medier") == renamed
    assert Tag.objects.called("finns-inte") is None
