"""Before any page is made: updates whose hour has come stand in their posts."""

from blog.posts.updates import take_due
from blog.web.replica import primary_may_be_gone

# They answer whatever the database does.
WITHOUT_POSTS = {"robots", "healthz", "readyz", "metrics", "manifest", "worker", "offline", "favicon"}


class TakeDueUpdates:
    """A due update is public at its second, whoever asks first and whether or not a worker runs.

    Costs one query on an index that holds only what is scheduled.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, arguments, named):
        if request.resolver_match.url_name not in WITHOUT_POSTS:
            with primary_may_be_gone():
                take_due()
