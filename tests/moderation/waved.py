"""Groups with a cause, as the tests of waves and of their pages need them."""

from datetime import timedelta

from django.utils import timezone

from blog.comments.models_duplicates import Fingerprint, Group
from blog.text.wording import VERSION
from tests.factories import make_comment, make_group


def make_group_of(posts, cause="import", names=("Anna", "Anna"), *, tier="exact", text="Samma text", **fields):
    """A group of comments by these people, a minute apart, the posts taking turns; `said` are its comments.

    They count as compared: the desk leaves the group as it is.
    """
    start = timezone.now() - timedelta(hours=1)
    said = [
        make_comment(
            posts[number % len(posts)], text, name=name, **{"created_at": start + timedelta(minutes=number)} | fields
        )
        for number, name in enumerate(names)
    ]
    group = make_group(*said, tier=tier)
    Group.objects.filter(pk=group.pk).update(cause=cause)
    Fingerprint.objects.filter(comment__in=said).update(version=VERSION)
    group.refresh_from_db()
    group.said = said
    return group
