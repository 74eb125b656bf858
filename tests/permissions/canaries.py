"""Words that stand nowhere else, one in each place of each text, and a reader who looks for them at every address."""

import re
from datetime import timedelta
from itertools import count

from django.utils import timezone

from blog.comments.models import Comment
from blog.posts import relations
from blog.posts.bylines import Byline
from blog.posts.images import Image
from blog.posts.models import Post
from blog.posts.relations import FormerSlug, Relation
from blog.posts.updates import PendingUpdate
from blog.review import seats
from blog.tags.models import Tag, TagSlug
from tests.factories import make_byline, make_comment
from tests.permissions.place import Place
from tests.permissions.visits import ELSEWHERE, FORGED, OF_POSTS
from tests.permissions.world import make_world

TOKEN = re.compile(r'(?<=name="token" value=")[^"]+|(?<=name="csrfmiddlewaretoken" value=")[^"]+')
WORD = re.compile("kanarie[a-z0-9]+x")
FIGURE = '<figure><img src="/media/images/b-9x9/9.jpg" alt="{alt}"><figcaption>{caption}</figcaption></figure>'
PLACES = ("title", "standfirst", "body", "alt", "caption", "signoff", "tag", "source", "url", "cover", "byline", "bio")
_numbers = count()


def word(place, text):
    """The canary of a place in the text with this title. It ends in x: none is the beginning of another."""
    return f"kanarie{place}{re.sub('[^a-z0-9]', '', text.lower())}x"


def words(title):
    """The content of a text, with a canary in each of the PLACES."""
    told = {place: word(place, title) for place in PLACES}
    byline = make_byline(told["byline"], bio=told["bio"])
    cover = Image.objects.create(key=f"{next(_numbers):016}", width=9, height=9, alt=told["cover"])
    return {
        "title": told["title"],
        "standfirst": f"Om {told['standfirst']}.",
        "body": f"<p>Och {told['body']} igen.</p>" + FIGURE.format(**told),
        "sign_off": told["signoff"],
        "language": "sv",
        "tags": ["Språk", told["tag"]],
        "bylines": [byline.pk],
        "cover": cover.pk,
        "sources": [[told["source"], f"https://{told['url']}.example/"]],
    }


def make_aviary():
    """Return a World whose every text sings, and so does what hangs on the posts and may not be seen."""
    world = make_world(["another"], words=words)
    chief = world.people["editor in chief"]
    for (_owner, state), post in world.posts.items():
        Post.objects.filter(pk=post.pk).update(slug=word("slug", state))
        FormerSlug.objects.create(post=post, slug=word("former", state))
        Relation.objects.create(post=post, to=world.talk)
        make_comment(post, word("said", state), name=word("sayer", state))
        post.correction = relations.Correction.objects.create(post=post, text=word("correction", state), by=chief)
        seat, key = seats.invite(post, name=word("seat", state), by=chief, valid_for=timedelta(days=1))
        seats.revoke(seat, by=chief)
        post.link = f"/review/{seats.address_of(key).split('/')[-2]}/"
        post.refresh_from_db()
    _sing_in_the_talk(world)
    return world


def _sing_in_the_talk(world):
    for state in ("held", "removed", "spam"):
        comment = make_comment(world.talk, word("said", state), name=word("sayer", state), state=state)
        make_comment(world.talk, "Ett svar.", parent=comment, email=f"{word('mail', state)}@blog.example")
    Tag.objects.filter(name__startswith="kanarie").update(description=word("description", "tag"))
    TagSlug.objects.create(tag=Tag.objects.get(name=word("tag", "draft")), slug=word("tagslug", "draft"))
    Post.objects.filter(pk=world.begun.pk).update(title=word("title", "begun"))


def everything_out():
    """Publish every newest text, as an editor would on a day without care."""
    yesterday = timezone.now() - timedelta(days=1)
    Post.objects.exclude(status="approved", publish_at__lt=yesterday).update(
        status="approved", publish_at=yesterday, first_published_at=yesterday
    )
    for update in PendingUpdate.objects.select_related("post"):
        PendingUpdate.objects.filter(pk=update.pk).update(status="draft")
        update.refresh_from_db()
        update.approve()
    Comment.objects.exclude(state="merged").update(state="visible")


def addresses(world):
    """Every address that somebody without an account could think of, sorted."""
    nobody, draft = world.people["anonymous"], world.posts["another", "draft"]
    found = {Place(world, nobody).fill(visit.path) for visit in ELSEWHERE}
    for post in [*world.posts.values(), world.talk, world.begun]:
        post.refresh_from_db()
        post.seat, post.note, link = (getattr(post, name, getattr(draft, name)) for name in ("seat", "note", "link"))
        visits = OF_POSTS if post == draft else [visit for visit in OF_POSTS if visit.path.startswith("{post_path}")]
        found |= {Place(world, nobody, "draft", post).fill(visit.path) for visit in visits}
        found |= {f"/?before={post.pk}", f"/tag/sprak/?before={post.pk}", f"/admin/login/?next=/preview/{post.pk}/"}
        found |= {link, f"{link}notes/", f"{link}decision/"}
    for slug in [*Post.objects.values_list("slug", flat=True), *FormerSlug.objects.values_list("slug", flat=True)]:
        found |= {f"/2026/11/{slug}/", f"/2026/11/{slug}/comments/feed/", f"/2026/11/{slug}/comments/1/"}
    for tag in [*Tag.objects.values_list("slug", flat=True), *TagSlug.objects.values_list("slug", flat=True)]:
        found |= {f"/tag/{tag}/", f"/tag/{tag}/feed/"}
    for byline in Byline.objects.all():
        found |= {f"/author/{byline.slug}/", f"/author/{byline.slug}/feed/"}
    found |= {f"/search/?q={each}" for each in ("och", "om", "igen", "samtal", "kanarie", "Språk", "-zzz")}
    found |= {f"{world.talk_path}comments/{number}/" for number in range(1, 15)} | {f"{world.talk_path}?from=1"}
    return sorted(found | {"/finns-inte/", "/%00", "/?before=x", "/search/?q=%00", "/media/images/"})


def heard(client, paths):
    """Return pairs of a canary and the address of which it was heard, but for words that were in the request."""
    return {(each, path) for path in paths for answer in answers(client, path) for each in sung(answer, path)}


def answers(client, path):
    """Yield what is answered; more than a GET where that finds something."""
    found = client.get(path)
    yield found
    if found.status_code != 404:
        yield client.head(path)
        yield client.post(path, FORGED)
        yield client.get(path.rstrip("/") or "/")


def sung(answer, path):
    return set(WORD.findall(bytes_of(answer).lower())) - set(WORD.findall(path))


def bytes_of(answer):
    """All that was sent: status, headers, cookies and body, as text."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    # Expires is the present second, on pages that nobody may keep; Surrogate-Control counts the seconds that are left.
    counting = ("Expires", "Surrogate-Control")
    head = "\n".join(f"{name}: {value}" for name, value in sorted(answer.items()) if name not in counting)
    # The token of a form holds the second in which it was signed.
    body = TOKEN.sub("", body.decode())
    return f"{answer.status_code}\n{head}\n{answer.cookies.output()}\n{body}"
