"""Follow-ups and replies, corrections, former addresses, and what a deletion would cut off."""

import re
from datetime import timedelta
from xml.etree.ElementTree import fromstring

import html5lib
import pytest
from django.utils import timezone

from blog.editing import saving
from blog.posts import relations
from blog.posts.events import Event
from blog.posts.models import Post
from blog.posts.relations import AddressTaken, Correction, FormerSlug, Relation
from blog.posts.revisions import content_of, record
from blog.posts.updates import PendingUpdate
from blog.posts.workflow import IllegalTransition
from tests.factories import make_byline, make_comment, make_post, make_published, make_user
from tests.posts.test_admin import typed

pytestmark = pytest.mark.django_db

CANARY = "kanariefågel"


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def trail():
    """What the audit trail says: the kind, the person and the note of each row, the oldest first."""
    return list(Event.objects.order_by("pk").values_list("kind", "by_name", "note"))


def at(post, slug):
    """The address that the post would have with another slug."""
    return Post(slug=slug, publish_at=post.publish_at, created_at=post.created_at).get_absolute_url()


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


def asides(page):
    """The words of each paragraph in the page's asides."""
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    return [" ".join("".join(line.itertext()).split()) for line in document.findall(".//article/aside/p")]


def day(moment):
    return f"{timezone.localtime(moment):%-d %B %Y}"


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


# --- Corrections


def test_correction_stands_on_top_and_in_the_feeds(client, editor):
    post = make_published("Festen", ago=timedelta(days=3), language="en")
    Post.objects.update(updated_at=post.publish_at)

    correction = relations.correct(post, "Kajen låg i <Lund>.", by=editor)

    page, feed = read(client, post.get_absolute_url()), fromstring(read(client, "/feed/atom/"))
    sentence = f"Correction {day(correction.at)}: Kajen låg i <Lund>."
    assert asides(page) == [sentence]
    assert f'<meta property="article:modified_time" content="{timezone.localtime(correction.at):%Y-%m-%dT%H:%M}' in page
    entry = feed.find("{*}entry")
    assert entry.findtext("{*}summary").startswith(
        f"<p><strong>Correction {day(correction.at)}:</strong> Kajen låg i &lt;Lund&gt;.</p><p>Ett kommatecken"
    )
    assert entry.findtext("{*}updated")[:10] == f"{correction.at:%Y-%m-%d}"
    assert trail() == [("corrected", "editor", "Kajen låg i <Lund>.")]


def test_same_correction_twice_is_one(post, editor):
    first, second = [relations.correct(post, "Fel dag.", by=editor) for _ in range(2)]

    assert first == second
    assert (Correction.objects.count(), len(trail())) == (1, 1)


@pytest.mark.parametrize("status", ["draft", "in_review", "archived"])
def test_only_what_is_public_is_corrected(editor, status):
    post = make_published(status=status)

    with pytest.raises(IllegalTransition):
        relations.correct(post, "Fel dag.", by=editor)

    assert (Correction.objects.count(), trail()) == (0, [])


def test_scheduled_post_is_not_corrected_yet(editor):
    post = make_post()
    post.approve(publish_at=timezone.now() + timedelta(hours=1))

    with pytest.raises(IllegalTransition):
        relations.correct(post, "Fel dag.", by=editor)


# --- Deleting


def link(post, site=""):
    return f'<p><a href="{site}{post.get_absolute_url()}">där</a></p>'


def test_linking_finds_every_way_that_leads_to_a_post(editor):
    post = make_published("Målet")
    former = Post(slug=post.slug, publish_at=post.publish_at)
    relations.rename(post, "målet-å", by=editor)
    plain = make_published("Länk", body=link(post))
    draft = make_post("Utkast", body=link(post, "https://blogg.example").replace('/">', '#kommentar">'))
    old = make_post("Gammal länk", body=link(former))
    related = make_post("Uppföljning")
    Relation.objects.create(post=related, to=post)
    pending = make_published("Väntar")
    record(pending, content_of(pending) | {"body": link(post)})
    PendingUpdate.objects.create(post=pending)
    make_post("Själv en länk", body=f'<p>{post.get_absolute_url()} <a href="/tag/malet/">x</a></p>')
    Post.objects.filter(pk=post.pk).update(body=link(post))

    linking = relations.linking_to(post, editor)

    assert {each.title for each in linking.posts} == {each.title for each in (plain, draft, old, related, pending)}
    assert (linking.total, linking.others) == (5, 0)


def test_linking_names_to_an_author_only_what_the_author_may_see(author):
    post = make_post("Målet", created_by=author)
    own = make_post("Egen", created_by=author, body=link(post))
    make_post(CANARY, body=link(post))

    linking = relations.linking_to(post, author)

    assert (linking.posts, linking.total, linking.others) == ([own], 2, 1)


@pytest.mark.parametrize("size", [1, 30])
def test_linking_names_a_bounded_number(editor, django_assert_num_queries, size):
    post = make_published("Målet")
    for number in range(size):
        make_post(f"Nummer {number}", body=link(post))

    relations.linking_to(post, editor)  # the roles are known from here on
    with django_assert_num_queries(3):
        linking = relations.linking_to(post, editor)

    assert (len(linking.posts), linking.total) == (min(size, 20), size)


def test_deleted_post_stays_in_the_audit_trail(editor):
    post = make_post("Bort med den")
    address = post.get_absolute_url()

    relations.delete(post, by=editor)

    event = Event.objects.get()
    assert not Post.objects.exists()
    assert (event.title, event.kind, event.by_name, event.note) == ("Bort med den", "deleted", "editor", address)
    assert (event.from_status, event.to_status) == ("draft", "")


def test_post_with_comments_is_not_deleted(post, editor):
    make_comment(post)

    with pytest.raises(IllegalTransition):
        relations.delete(post, by=editor)

    assert (Post.objects.get(), trail()) == (post, [])


def test_of_two_deletions_the_second_is_told(editor):
    post = make_post()
    seen = Post.objects.get()
    relations.delete(post, by=editor)

    for step in (relations.delete, lambda each, by: relations.rename(each, "ny", by=by)):
        with pytest.raises(IllegalTransition):
            step(seen, by=editor)

    assert [kind for kind, _by, _note in trail()] == ["deleted"]


# --- The desk's pages


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


# --- In the post's form


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
