"""Plain functions that make the things a test needs."""

from datetime import timedelta

from django.contrib.auth.models import Group as Role
from django.contrib.auth.models import User
from django.utils import timezone

from blog.comments import threads
from blog.comments.models import Comment
from blog.comments.models_duplicates import Group, Member
from blog.comments.submission import text_columns
from blog.posts.bylines import Byline
from blog.posts.models import Authorship, Post
from blog.posts.workflow import Status
from blog.text.fingerprints import author_key, submission_key
from blog.web import letters
from blog.web.models import Letter


def make_user(role, username=None):
    user = User.objects.create_user(
        username or role, f"{username or role}@blog.example", "correct horse", is_staff=True
    )
    user.groups.add(Role.objects.get(name=role))
    return user


def make_byline(name="Karin Ek", **fields):
    return Byline.objects.create(name=name, **{"slug": name.lower().replace(" ", "-")} | fields)


def make_post(title="Om kommatecken", *, tags=(), bylines=(), **fields):
    """A draft."""
    post = Post(title=title, **{"body": "<p>Ett kommatecken är en paus.</p>"} | fields)
    post.slug = fields.get("slug") or post.free_slug()
    post.save()
    post.tags.add(*tags)
    for position, byline in enumerate(bylines):
        Authorship.objects.create(post=post, byline=byline, position=position)
    return post


def make_published(title="Om kommatecken", *, ago=timedelta(days=1), **fields):
    at = timezone.now() - ago
    hour = {"status": Status.APPROVED, "publish_at": at, "first_published_at": at}
    return make_post(title, **hour | fields)


def make_comment(post, text="Bra skrivet.", *, name="Anna", parent=None, email="", **fields):
    """A visible comment as an import would store it: doubles are possible."""
    number = threads.next_number(post.pk)
    author = author_key(email=email, name=name)
    columns = {
        "state": Comment.State.VISIBLE,
        "origin": Comment.Origin.IMPORT,
        "author_key": author,
        "submission_key": submission_key(author, post.pk, parent and parent.pk, text),
        "path": threads.path_under(parent, number),
    }
    comment = Comment.objects.create(
        post=post, parent=parent, number=number, name=name, email=email, **columns | text_columns(text) | fields
    )
    comment.refresh_from_db(fields=["shown"])  # which the database gives
    return comment


def make_group(*comments, tier="exact"):
    """A group of duplicates around the oldest of these comments, whatever they say."""
    first, *others = sorted(comments, key=lambda each: (each.created_at, each.pk))
    hours = [each.created_at for each in comments]
    group = Group.objects.create(tier=tier, first_at=min(hours), last_at=max(hours))
    Member.objects.create(comment=first, group=group)
    Member.objects.bulk_create(Member(comment=each, group=group, tier=tier) for each in others)
    group.refresh_from_db()  # the database counts those who stand
    return group


def send_letters():
    """Send the mails that wait for the job worker, and return how many there were."""
    waiting = list(Letter.objects.order_by("pk").values_list("pk", flat=True))
    for letter in waiting:
        letters.send(letter)
    return len(waiting)
