"""Merge the waiting groups of one tier, where one author said the same under one post."""

from itertools import chain

from django.core.management.base import BaseCommand, CommandError, no_translations

from blog.comments.groups import catch_up
from blog.comments.models_duplicates import Group
from blog.moderation import duplicates
from blog.moderation.batches import NothingToDo
from blog.posts.models import Post
from blog.text.sameness import Tier

TIERS = [tier for tier, _name in Group.TIERS]


class Command(BaseCommand):
    help = (
        "Merge groups of duplicates of one tier: only what one author wrote under one post. "
        "Each transaction is one batch, which `manage.py undo` takes back."
    )

    def add_arguments(self, parser):
        parser.add_argument("--tier", required=True, choices=TIERS, help="the likeness of the groups")
        parser.add_argument("--post", metavar="SLUG", help="only this post")
        parser.add_argument("--dry-run", action="store_true", help="say what would be merged, and merge nothing")

    @no_translations  # what a command prints is English: scripts read it
    def handle(self, *, tier, post, dry_run, **options):
        if tier == Tier.TEMPLATE:
            raise CommandError("A pattern filled in twice is not the same comment: look at these groups on the desk.")
        if post and not (post := Post.objects.filter(slug=post).first()):
            raise CommandError("There is no post with this slug.")
        catch_up()
        total = 0
        for groups in duplicates.pieces(tier, post or None):
            if groups:
                total += self._merge(groups, dry_run)
        self.stdout.write(f"{total} copies {'would be merged' if dry_run else 'merged'}.")

    def _merge(self, groups, dry_run):
        copies = sum(len(group) - 1 for group in groups)
        if dry_run:
            for group in groups:
                self.stdout.write(f"comment {group[0]}: {', '.join(map(str, group[1:]))}")
            return copies
        try:
            batch = duplicates.merge(chain.from_iterable(groups), by=None)
        except NothingToDo:  # moderators were quicker
            return 0
        self.stdout.write(f"Batch {batch.pk}: {copies} copies in {len(groups)} groups.")
        return copies
