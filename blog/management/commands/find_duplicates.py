"""List the comments that say the same, with how alike they are and why they are there twice."""

import json

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.comments.groups import catch_up
from blog.moderation import duplicates
from blog.posts.models import Post

TEXT_CHARACTERS = 80


class Command(BaseCommand):
    help = "List the groups of comments that say the same: how alike they are, the cause, and each comment."

    def add_arguments(self, parser):
        parser.add_argument("--post", metavar="SLUG", help="only this post")
        parser.add_argument("--json", action="store_true", help="as a JSON list, for scripts")

    @no_translations  # what a command prints is English: scripts read it
    def handle(self, *, post, json: bool, **options):
        catch_up()
        groups = [_described(group) for group in duplicates.find(_post(post) if post else None)]
        if json:
            self.stdout.write(_as_json(groups))
            return
        for group in groups:
            self.stdout.write("{title} ({post}): {tier}, {cause}".format(**group) + _same_author(group))
            for member in group["comments"]:
                posted = timezone.localtime(member["posted"])
                self.stdout.write(
                    "  #{number} {name}, ".format(**member)
                    + f"{posted:%Y-%m-%d %H:%M}, {member['state']}"
                    + (f", under {member['post']}" if member["post"] != group["post"] else "")
                    + f": {member['text']}"
                )
        self.stdout.write(ngettext("%d group of duplicates.", "%d groups of duplicates.", len(groups)) % len(groups))


def _post(slug):
    try:
        return Post.objects.get(slug=slug)
    except Post.DoesNotExist as error:
        raise CommandError(_("There is no post with the slug “%s”.") % slug) from error


def _described(group):
    post = group.kept.post
    comments = [
        {
            "id": comment.pk,
            "post": comment.post.slug,
            "number": comment.number,
            "name": comment.name,
            "posted": comment.created_at,
            "state": comment.state,
            "text": " ".join(comment.text.split())[:TEXT_CHARACTERS],
        }
        for comment in group.comments
    ]
    about = {"tier": group.group.tier, "cause": group.group.cause, "same_author": group.same_author}
    return {"post": post.slug, "title": post.title, **about, "comments": comments}


def _same_author(group):
    return _(", by one person") if group["same_author"] else ""


def _as_json(groups):
    return json.dumps(groups, ensure_ascii=False, indent=2, default=lambda moment: moment.isoformat())
