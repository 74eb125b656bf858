"""Some who get the weekly letter, and one edition that they have got; what was published since is in the next."""

from datetime import timedelta

from blog.newsletter import editions
from blog.newsletter.models import Edition, EditionPost, Subscriber

CONFIRMED = [("Agneta", "sv"), ("Bertil", "sv"), ("Cissi", "sv"), ("Daniel", "en"), ("Esther", "en")]


def fill(now):
    """Store the subscribers, one who has not said yes to it, and the edition that went out last."""
    for days, (name, language) in enumerate(CONFIRMED, start=9):
        at = now - timedelta(days=days)
        Subscriber.objects.create(
            email=f"{name.lower()}@lasare.example", language=language, created_at=at, confirmed_at=at
        )
    Subscriber.objects.create(email="frans@lasare.example", created_at=now - timedelta(hours=2))
    made_at = min(editions.hour_before(now), now - timedelta(days=3))  # so that there is something to tell of since
    posts = list(editions.news(made_at))
    edition = Edition.objects.create(due_at=editions.hour_before(now), made_at=made_at, receivers=len(CONFIRMED))
    EditionPost.objects.bulk_create(EditionPost(edition=edition, post=post) for post in posts)
