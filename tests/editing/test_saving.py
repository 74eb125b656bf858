"""Saving side by side: what becomes of two people's words."""

import pytest

from blog.editing import saving
from blog.posts import revisions
from blog.posts.models import Post
from blog.posts.revisions import content_of, newest_content
from blog.tags.models import Tag
from tests.factories import make_byline, make_post, make_published

pytestmark = pytest.mark.django_db
THREE = "<p>Ett.</p><p>Två.</p><p>Tre.</p>"


@pytest.fixture
def post():
    return make_post(body=THREE, standfirst="Kort.")


def save(post, by, base=0, **changes):
    content = revisions.content_at(post, base) | changes
    return saving.save(post, content, base=base, by=by)


def test_first_save_keeps_what_was_there_as_a_version(post, editor):
    save(post, editor, title="Ny")

    post = Post.objects.get()
    assert [(each.number, each.content["title"], each.by) for each in post.revisions.order_by("number")] == [
        (1, "Om kommatecken", None),
        (2, "Ny", editor),
    ]
    assert (post.title, post.head, post.shown) == ("Ny", 2, 2)


def test_save_of_the_same_text_is_no_version(post, editor):
    saved = save(post, editor)

    assert (saved.number, saved.is_new, post.revisions.count()) == (0, False, 0)


def test_save_writes_every_part_of_the_content(post, editor):
    byline = make_byline()
    content = {
        "title": "Ny",
        "standfirst": "Annat.",
        "body": "<p>Nytt.</p>",
        "sign_off": "Radio.",
        "language": "en",
        "tags": ["Kök", "Ord"],
        "bylines": [byline.pk],
        "cover": None,
        "sources": [["Boken", ""], ["Sajten", "https://blog.example/"]],
    }

    saving.save(post, content, base=0, by=editor)

    assert content_of(Post.objects.get()) == content


def test_changes_of_different_fields_and_paragraphs_merge(post, author, editor):
    save(post, author, title="Hennes rubrik", body=THREE.replace("Ett", "Första"))

    saved = save(post, editor, standfirst="Hans ingress.", body=THREE.replace("Två", "Andra"))

    content = newest_content(Post.objects.get())
    assert saved.is_merged
    assert (content["title"], content["standfirst"]) == ("Hennes rubrik", "Hans ingress.")
    assert content["body"] == "<p>Första.</p><p>Andra.</p><p>Tre.</p>"


def test_two_texts_for_one_place_are_shown_and_nothing_is_written(post, author, editor):
    save(post, author, title="Hennes")

    with pytest.raises(saving.Clashing) as told:
        save(post, editor, title="Hans", standfirst="Hans ingress.")

    [clash] = told.value.clashes
    assert (clash.field, clash.mine, clash.theirs, told.value.head) == ("title", "Hans", "Hennes", 2)
    assert newest_content(Post.objects.get())["standfirst"] == "Kort."


def test_choice_settles_a_clash_only_for_the_text_that_was_seen(post, author, editor):
    save(post, author, title="Hennes")
    mine = revisions.content_at(post, 1) | {"title": "Hans"}
    choice = {"choices": {("title", 0): "theirs"}, "settled_at": 2}
    with pytest.raises(saving.Clashing):
        saving.save(post, mine, base=1, by=editor, **choice | {"choices": {}})
    save(Post.objects.get(), author, base=2, title="Hennes igen")

    with pytest.raises(saving.Clashing):
        saving.save(post, mine, base=1, by=editor, **choice)

    saving.save(post, mine, base=1, by=editor, **choice | {"settled_at": 3})
    assert newest_content(Post.objects.get())["title"] == "Hennes igen"


def test_text_of_an_approved_post_waits_and_readers_get_the_old_one(editor):
    post = make_published()

    save(post, editor, title="Nästa", tags=["Ord"])

    post = Post.objects.get()
    assert (post.title, list(post.tags.names()), post.shown, post.head) == ("Om kommatecken", [], 1, 2)
    assert (post.pending.status, newest_content(post)["title"]) == ("draft", "Nästa")
    assert list(post.events.values_list("kind", "of_update")) == [("changed", True)]


def test_update_begun_before_stays_one_when_the_site_says_otherwise(editor, settings):
    post = make_published()
    save(post, editor, title="OGRANSKAT")
    settings.REAPPROVE_CHANGES = False

    save(Post.objects.get(), editor, base=2, tags=["Ord"])

    post = Post.objects.get()
    assert (post.title, post.pending.status) == ("Om kommatecken", "draft")


def test_text_of_an_approved_post_is_public_at_once_where_the_site_says_so(editor, settings):
    settings.REAPPROVE_CHANGES = False
    post = make_published()

    save(post, editor, title="Nästa")

    post = Post.objects.get()
    assert (post.title, post.newest) == ("Nästa", post)


def test_restored_text_leaves_out_what_is_deleted_and_makes_tags_again(post, editor):
    byline = make_byline()
    save(post, editor, tags=["Ord"], bylines=[byline.pk])
    save(Post.objects.get(), editor, base=2, tags=[], bylines=[])
    byline.delete()

    saving.save(post, revisions.content_at(Post.objects.get(), 2), base=3, by=editor, note="igen")

    post = Post.objects.get()
    assert (list(post.tags.names()), list(post.bylines.all())) == (["Ord"], [])


def test_tag_that_was_renamed_since_is_not_made_again_by_an_older_version(post, editor):
    save(post, editor, tags=["SEO", "Ord"])
    save(Post.objects.get(), editor, base=2, tags=[])
    Tag.objects.get(name="SEO").rename("Sökmotorer")

    saving.save(post, revisions.content_at(Post.objects.get(), 2), base=3, by=editor)

    assert sorted(Post.objects.get().tags.names()) == ["Ord", "Sökmotorer"]
    assert not Tag.objects.filter(name="SEO").exists()
