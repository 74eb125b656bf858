"""Some who get the weekly letter, and the last edition that they have got: the newest posts are for the next."""

from datetime import timedelta

from blog.newsletter import editions
from blog.newsletter.models import Edition, EditionPost, Subscriber
from blog.posts.models import Post

CONFIRMED = [("Agneta", "sv"), ("Bertil", "sv"), ("Cissi", "sv"), ("Daniel", "en"), ("Esther", "en")]


def fill(now):
    """Store the subscribers, one who has not said yes to it, and the edition that went out last."""
    last_but_one = Post.objects.published(now).newest_first()[1]
    due = editions.hour_before(last_but_one.publish_at)
    for days, (name, language) in enumerate(CONFIRMED, start=2):
        at = due - timedelta(days=days)
        Subscriber.objects.create(
            email=f"{name.lower()}@lasare.example", language=language, created_at=at, confirmed_at=at
        )
    Subscriber.objects.create(email="frans@lasare.example", created_at=now - timedelta(hours=2))
    posts = list(editions.news(due))
    edition = Edition.objects.create(due_at=due, made_at=due, receivers=len(CONFIRMED))
    EditionPost.objects.bulk_create(EditionPost(edition=edition, post=post) for post in posts)
