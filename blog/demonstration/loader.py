"""Loading the demonstration edition: a made-up magazine with its people, pictures, posts and discussions.

The texts are the files beside this one: people, tags and pictures in edition.json, a manuscript for each post in
posts/, what readers said about it in comments/. A manuscript's body may name other posts, as in
`href="post:slug"`, and pictures, as a line `[picture name]`.
"""

import json
import re
from datetime import datetime, time, timedelta
from html import escape

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from blog.comments import groups, mentions, threads
from blog.comments.models import Comment
from blog.comments.submission import text_columns
from blog.demonstration import manuscripts, subscribers, waiting
from blog.demonstration.pictures import illustration
from blog.editing import saving
from blog.moderation import batches
from blog.moderation.batches import Action
from blog.moderation.models import RemovalReason
from blog.posts import front, revisions
from blog.posts.bylines import Byline, BylineLink
from blog.posts.effects import Effect
from blog.posts.images import store
from blog.posts.models import Authorship, Post, Source
from blog.posts.relations import Relation, correct
from blog.posts.workflow import Status
from blog.tags.models import Tag
from blog.text.fingerprints import author_key, submission_key
from blog.text.slugs import slugify

# The passwords are public: these accounts are made nowhere but here, and never with DEBUG off.
LOGINS = [
    ("author", "elin", "spalt-author"),
    ("editor", "tobias", "spalt-editor"),
    ("moderator", "siv", "spalt-moderator"),
    ("administrator", "petra", "spalt-administrator"),
]
PICKED = "picked"  # the mark of a remark that is the editors' choice
PICTURE_WIDTH, PORTRAIT_WIDTH = 1280, 480  # pixels
POST_LINK = re.compile(r"(?<=href=\")post:([\w-]+)")
PICTURE_LINE = re.compile(r"^\[picture ([\w-]+)\]$", re.MULTILINE)


def is_loaded():
    """Whether the edition, or a part of it, is in the database already."""
    slugs = [slug for slug, _header, _body in manuscripts.posts()]
    usernames = [username for _role, username, _password in LOGINS]
    return Post.objects.filter(slug__in=slugs).exists() or User.objects.filter(username__in=usernames).exists()


@transaction.atomic
def load(*, picture_width=PICTURE_WIDTH, now=None):
    """Store the edition, with dates counted back from `now`; return False, and change nothing, if it is there already.

    CommandError with DEBUG off: the accounts' passwords are known to everybody.
    """
    if not settings.DEBUG:
        raise CommandError("The demonstration edition has public passwords: it is loaded only with DEBUG on.")
    if is_loaded():
        return False
    now = now or timezone.now()
    edition = json.loads((manuscripts.FOLDER / "edition.json").read_text("utf-8"))
    users = {username: _account(role, username, password) for role, username, password in LOGINS}
    pictures = {name: _picture(name, words, picture_width) for name, words in edition["pictures"].items()}
    bylines = {key: _byline(each, users.get(key), pictures) for key, each in edition["bylines"].items()}
    for name, description in edition["tags"].items():
        Tag.objects.create(name=name, slug=slugify(name), description=description)
    headers = {slug: header for slug, header, _body in manuscripts.posts()}
    posts = {slug: _manuscript(slug, header, body, now) for slug, header, body in manuscripts.posts()}
    for post in sorted(posts.values(), key=lambda each: each.created_at):
        _print(post, headers[post.slug], posts, pictures, bylines)
        _relate(post, headers[post.slug], posts, users["tobias"], now)
        _discuss(post, users, now)
    for slug in edition["front"]:
        front.add(posts[slug])
    groups.catch_up()
    waiting.fill(users["siv"], now)
    subscribers.fill(now)
    _set_the_desk([(post, headers[slug]) for slug, post in posts.items()], users, now)
    return True


def _account(role, username, password):
    user = User.objects.create_user(username, f"{username}@spalt.example", password, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def _picture(name, words, width):
    if words["motif"] == "portrait":
        width = min(width, PORTRAIT_WIDTH)
    height = width if words["motif"] == "portrait" else width * 9 // 16
    upload = illustration(name, motif=words["motif"], palette=words["palette"], width=width, height=height)
    image, _new = store(upload, alt=words["alt"], caption=words["caption"], credit=words["credit"])
    return image


def _byline(words, user, pictures):
    links = words.pop("links")
    picture = pictures.get(words.pop("picture", None))
    byline = Byline.objects.create(**words, slug=slugify(words["name"]), user=user, picture=picture)
    BylineLink.objects.bulk_create(BylineLink(byline=byline, label=label, url=url) for label, url in links.items())
    return byline


def _manuscript(slug, header, body, now):
    """Return the post as its writer would hand it in: not stored yet, but with the address that it will have."""
    publish_at = _hour(header["Published"], now) if "Published" in header else None
    written_at = publish_at - timedelta(days=6) if publish_at else now - timedelta(days=1)
    return Post(
        slug=slug,
        title=header["Title"],
        standfirst=header["Standfirst"],
        language=header.get("Language", "sv"),
        sign_off=header.get("Sign-off", ""),
        body=body,
        publish_at=publish_at,
        created_at=min(written_at, now),
        updated_at=min(publish_at or now, now),
        **_comment_policy(header.get("Comments", "open")),
    )


def _hour(words, now):
    """The moment of `12 08:30`: half past eight, twelve days before `now`; minus five is in five days."""
    days, clock = words.split()
    day = timezone.localdate(now) - timedelta(days=int(days))
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))


def _comment_policy(words):
    if words.isdecimal():
        return {"comment_policy": Post.CommentPolicy.TIMED, "comments_close_after_days": int(words)}
    return {"comment_policy": words}


def _print(post, header, posts, pictures, bylines):
    """Store the post, with all that hangs on it, and take it as far as its header says."""
    names = header["By"].split(", ")
    body = POST_LINK.sub(lambda match: posts[match[1]].get_absolute_url(), post.body)
    post.body = PICTURE_LINE.sub(lambda match: _figure(pictures[match[1]]), body)
    post.cover = pictures.get(header["Cover"])
    post.created_by = bylines[names[0]].user or bylines["tobias"].user
    post.save()
    post.tags.add(*header["Tags"].split(", "))
    for position, name in enumerate(names):
        Authorship.objects.create(post=post, byline=bylines[name], position=position)
    for line in header.get_all("Source", []):
        text, _bar, url = line.partition(" | ")
        Source.objects.create(post=post, text=text, url=url)
    if header.get("Status") == "in review":
        post.submit()
    elif post.publish_at:
        post.approve(publish_at=post.publish_at)


def _set_the_desk(posts, users, now):
    """Give the desk something to do: a post to review, with a note, and an update of a published one.

    `posts` are pairs of a post and its header, which may say `Update: words that stand there | words instead`.
    """
    Effect.objects.filter(name="tell").update(done_at=now)  # nobody waits for the news that these posts are out
    Post.objects.in_state(Status.IN_REVIEW).update(reviewer=users["tobias"], due_on=(now + timedelta(days=3)).date())
    for post in Post.objects.in_state(Status.IN_REVIEW):
        text = "Bra början! Kan du byta exemplet här mot ett som våra läsare känner igen? @elin"
        post.notes.create(revision=0, block=2, text=text, user=users["tobias"], name="Tobias Renmark", at=now)
    for post, header in posts:
        old, _bar, new = header.get("Update", "").partition(" | ")
        if old:
            body = post.body.replace(old, new)
            saving.save(post, revisions.content_of(post) | {"body": body}, base=0, by=post.created_by)


def _relate(post, header, posts, editor, now):
    """Say which earlier post this one follows up or answers, and what was wrong in it."""
    for kind, field in ((Relation.Kind.FOLLOW_UP, "Follow-up"), (Relation.Kind.REPLY, "Reply")):
        for slug in header.get_all(field, []):
            Relation.objects.create(post=post, to=posts[slug], kind=kind)
    for line in header.get_all("Correction", []):
        hour, _bar, text = line.partition(" | ")
        correct(post, text, by=editor, now=_hour(hour, now))


def _figure(image):
    words = f"{escape(image.caption)} <em>{escape(image.credit)}</em>"
    return f'<figure><img src="{image.src}" alt="{escape(image.alt)}"><figcaption>{words}</figcaption></figure>'


def _discuss(post, users, now):
    stored: dict[int, Comment] = {}
    for remark in manuscripts.remarks(post.slug):
        stored[remark.number] = _comment(post, remark, stored.get(remark.reply_to), users, now)
    moderator = users["siv"]
    for action in (Action.SPAM, Action.REMOVE):
        state = batches.STATE_AFTER[action]
        numbers = [remark.number for remark in manuscripts.remarks(post.slug) if state in remark.marks]
        if numbers:
            because = RemovalReason.objects.first() if action == Action.REMOVE else None  # an attack on a person
            batches.moderate(action, post.comments.filter(number__in=numbers), by=moderator, because=because)


def _comment(post, remark, parent, users, now):
    """Store a remark in its place, at its time. Two of another system's comments may be the same one: origin import."""
    number = threads.next_number(post.pk)
    user = next((users[mark] for mark in remark.marks if mark in users), None)
    email = user.email if user else f"{slugify(remark.name)}@lasare.example"
    author = author_key(user_id=user and user.pk, email=email)
    origins = [mark for mark in remark.marks if mark in Comment.Origin.values]
    states = [mark for mark in remark.marks if mark in (Comment.State.HELD, Comment.State.WITHDRAWN)]
    at = min(post.publish_at + remark.after, now)
    return Comment.objects.create(
        post=post,
        parent=parent,
        number=number,
        path=threads.path_under(parent, number),
        name=remark.name,
        email=email,
        website=remark.website,
        user=user,
        state=states[0] if states else Comment.State.VISIBLE,
        reason=Comment.Reason.NEW if "held" in states else "",
        origin=origins[0] if origins else Comment.Origin.FORM,
        created_at=at,
        told_at=at,
        picked_at=at if PICKED in remark.marks else None,
        author_key=author,
        submission_key=submission_key(author, post.pk, parent and parent.pk, remark.text),
        **text_columns(remark.text, post, mentions.in_reply(post, parent, remark.text)),
    )
