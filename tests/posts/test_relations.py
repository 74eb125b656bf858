"""Follow-ups and replies, corrections, former addresses, and what a deletion would cut off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.posts import relations
from blog.posts.models import Post
from blog.posts.relations import AddressTaken, FormerSlug, Relation
from blog.posts.workflow import IllegalTransition
from tests.factories import make_byline, make_comment, make_post, make_published
from tests.posts.reading import asides, at, day, read, trail

pytestmark = pytest.mark.django_db

CANARY = "kanariefågel"


# --- Renaming


def test_renamed_post_leaves_a_redirect_for_good(client, editor):
    post = make_published("Gammalt namn")
    old = post.get_absolute_url()

    relations.rename(post, "nytt-namn", by=editor)

    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, at(post, "nytt-namn"))
    assert client.get(response["Location"]).status_code == 200
    assert trail() == [("renamed", "editor", "gammalt-namn → nytt-namn")]


def test_post_that_readers_never_saw_leaves_no_address_behind(client, editor):
    draft, scheduled = make_post("Utkast"), make_post("Senare")
    scheduled.approve(publish_at=timezone.now() + timedelta(hours=1))

    relations.rename(draft, "annat", by=editor)
    relations.rename(scheduled, "ännu-senare", by=editor)

    assert set(Post.objects.values_list("slug", flat=True)) == {"annat", "ännu-senare"}
    assert not FormerSlug.objects.exists()


def test_former_address_tells_nothing_of_a_post_that_left_the_site(client, editor):
    post = make_published("Borta")
    old = post.get_absolute_url()
    relations.rename(post, CANARY, by=editor)
    assert client.get(old).status_code == 301
    post.refresh_from_db()

    post.return_to_draft(by=editor)

    for rest in ("", "comments/feed/", "comments/1/", "comments/write/"):
        response = client.get(old + rest)
        assert (response.status_code, CANARY in response.content.decode()) == (404, False)


def test_post_gets_its_own_former_address_back(client, editor):
    post = make_published("Första")
    relations.rename(post, "andra", by=editor)

    relations.rename(post, "forsta", by=editor)

    assert list(FormerSlug.objects.values_list("slug", "post")) == [("andra", post.pk)]
    assert client.get(at(post, "andra"))["Location"] == at(post, "forsta")
    assert client.get(at(post, "forsta")).status_code == 200


def test_former_address_of_another_post_can_be_taken_over(client, editor):
    old, new = make_published("Rubriken"), make_published("En annan")
    relations.rename(old, "undan", by=editor)

    relations.rename(new, "rubriken", by=editor)

    assert list(FormerSlug.objects.values_list("slug", "post")) == [("en-annan", new.pk)]
    assert client.get(at(new, "rubriken")).status_code == 200


def test_address_of_another_post_is_refused(editor):
    post = make_published("Min")
    make_post("Din")

    with pytest.raises(AddressTaken):
        relations.rename(post, "din", by=editor)

    assert (post.slug, Post.objects.get(pk=post.pk).slug) == ("min", "min")
    assert (FormerSlug.objects.count(), trail()) == (0, [])


def test_of_two_renamings_from_the_same_address_the_second_is_told(editor):
    post = make_published("Först")
    seen = Post.objects.get(pk=post.pk)
    relations.rename(post, "en", by=editor)

    relations.rename(Post.objects.get(pk=post.pk), "en", by=editor)  # the same once more: nothing to do
    with pytest.raises(IllegalTransition):
        relations.rename(seen, "två", by=editor)

    assert Post.objects.get().slug == "en"
    assert trail() == [("renamed", "editor", "forst → en")]


def test_title_of_a_new_post_does_not_take_over_a_former_address(editor):
    post = make_published("Rubriken")
    relations.rename(post, "undan", by=editor)

    assert Post(title="Rubriken").free_slug() == "rubriken-2"
    assert post.free_slug() == "rubriken"


def test_discussion_is_found_below_a_former_address(client, editor):
    post = make_published("Gammalt")
    comment = make_comment(post, "Bra.")
    old = post.get_absolute_url()
    relations.rename(post, "nytt", by=editor)

    place = client.get(f"{old}comments/1/")
    feed = client.get(f"{old}comments/feed/")
    form = client.get(f"{old}comments/write/")
    sent = client.post(
        f"{old}comments/write/", {"text": "Skrivet före bytet."}, headers={"origin": "http://testserver"}
    )

    assert place["Location"] == f"{at(post, 'nytt')}#comment-{comment.number}"
    assert (feed.status_code, at(post, "nytt") in feed.content.decode()) == (200, True)
    assert f'action="{at(post, "nytt")}comments/write/"' in form.content.decode()
    assert "Skrivet före bytet." in sent.content.decode()


# --- What the pages say of each other


def test_follow_up_and_reply_name_each_other_with_their_earlier_post(client):
    writers = [make_byline("Bo Ek"), make_byline("Eva Å")]
    editor = make_byline("Tor By")  # has published the reply, and is no party to it
    earlier = make_published("Brevet", ago=timedelta(days=9), language="en", bylines=[editor])
    later = make_published("Mer om brevet", ago=timedelta(days=4), language="en")
    reply = make_published("Svaret", ago=timedelta(days=2), language="en", bylines=[editor, *writers])
    Relation.objects.create(post=later, to=earlier)
    Relation.objects.create(post=reply, to=earlier, kind="reply")

    pages = {post: asides(read(client, post.get_absolute_url())) for post in (earlier, later, reply)}

    assert pages == {
        earlier: [
            f"Follow-up: Mer om brevet ({day(later.publish_at)})",
            f"Reply by Bo Ek, Eva Å: Svaret ({day(reply.publish_at)})",
        ],
        later: [f"Follow-up to: Brevet ({day(earlier.publish_at)})"],
        reply: [f"Reply to: Brevet ({day(earlier.publish_at)})"],
    }


def test_unpublished_post_is_not_named_on_the_others_page(client):
    post = make_published("Brevet")
    writer = make_byline(CANARY)
    hour = timezone.now() + timedelta(hours=1)
    hidden = [make_post(CANARY, bylines=[writer]), make_post(f"{CANARY} 2", status="approved", publish_at=hour)]
    for each in hidden:
        Relation.objects.create(post=each, to=post)
        Relation.objects.create(post=post, to=each, kind="reply")

    page = read(client, post.get_absolute_url())

    assert (CANARY in page, "kanariefagel" in page, asides(page)) == (False, False, [])
    hidden[0].approve()  # now there is something to be named
    assert len(asides(read(client, post.get_absolute_url()))) == 2


@pytest.mark.parametrize("size", [1, 7])
def test_banners_cost_one_query_whatever_their_number(django_assert_num_queries, size):
    post = make_published()
    byline = make_byline()
    for number in range(size):
        Relation.objects.create(post=make_published(f"Senare {number}", bylines=[byline]), to=post, kind="reply")

    with django_assert_num_queries(1):
        shown = relations.banners(post)
        lines = [(each.names, each.post.title, each.post.get_absolute_url()) for each in shown.later]

    assert (len(lines), shown.earlier) == (size, [])
