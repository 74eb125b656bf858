"""Mails to the staff about what happens to a text, in the site's language."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from blog import policy
from blog.posts.events import Event, Kind
from blog.posts.models import Post
from blog.web.addresses import on_site
from blog.web.letters import post_letter


@transaction.atomic
def tell(key):
    """Mail those whom an event, given by its key, concerns: its reviewer, or its writers; never who did it."""
    event = Event.objects.get(pk=key)
    post = Post.objects.select_related("pending", "reviewer", "created_by").filter(pk=event.post_id).first()
    for person in _concerned(post, event) if post else ():
        if person.email and person.pk != event.by_id and policy.may(person, "post.view", post):
            _mail(event, post, person)


def _concerned(post, event):
    reviewers = {post.reviewer} - {None}
    if event.kind == Kind.ASSIGNED:
        return reviewers
    if event.kind == Kind.SUBMITTED:
        return reviewers or set(policy.people_who_may("post.approve"))
    writers = {byline.user for byline in post.bylines.select_related("user")} | {post.created_by}
    invited_from_outside = event.kind in (Kind.ENDORSED, Kind.OBJECTED)
    return writers - {None} | (reviewers if invited_from_outside else set())


def _mail(event, post, person):
    with translation.override(settings.LANGUAGE_CODE):
        subject = f"{event.get_kind_display()}: {post.title}"
        address = on_site(reverse("admin:blog_post_change", args=[post.pk]))
        text = "\n\n".join(filter(None, [event.by_name, event.note, address])) + "\n"
    post_letter(f"event-{event.pk}-{person.pk}", subject, text, person.email)
