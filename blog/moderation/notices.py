"""What a moderator is told after an action: what was done, with a button that takes it back."""

from django.template.loader import render_to_string


def done_notice(request, batch):
    """Return the safe HTML of the message about a Batch."""
    return render_to_string("admin/blog/batch/done.html", {"batch": batch}, request=request)
