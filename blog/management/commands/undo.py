"""Take back a batch of the moderation log."""

from django.core.management.base import BaseCommand, CommandError, no_translations

from blog.moderation import batches
from blog.moderation.models import Batch


class Command(BaseCommand):
    help = "Restore every comment that a batch of the moderation log has changed, exactly as it was."

    def add_arguments(self, parser):
        parser.add_argument("batch", type=int, help="its number, as merge_duplicates and the log's address name it")

    @no_translations  # what a command prints is English: scripts read it
    def handle(self, *, batch, **options):
        found = Batch.objects.filter(pk=batch).first()
        if found is None:
            raise CommandError(f"There is no batch {batch}.")
        try:
            batches.undo(found, by=None)
        except (batches.ChangedSince, batches.NothingToDo) as refusal:
            raise CommandError(f"Not undone. {refusal}") from refusal
        numbers = found.rows.order_by("comment").values_list("comment__post__slug", "comment__number")
        for slug, number in numbers:
            self.stdout.write(f"  {slug} #{number}")
        self.stdout.write(f"Batch {batch} ({found.get_action_display()}) is undone: {len(numbers)} comments as before.")
