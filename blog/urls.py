"""The blog's addresses, one list for each capability."""

from django.urls import include, path

urlpatterns = [
    path("", include("blog.appearance.urls")),
    path("", include("blog.comments.urls")),
    path("", include("blog.editing.urls")),
    path("", include("blog.moderation.urls")),
    path("", include("blog.newsletter.urls")),
    path("", include("blog.planning.urls")),
    path("", include("blog.posts.urls")),
    path("", include("blog.receipts.urls")),
    path("", include("blog.review.urls")),
    path("", include("blog.web.urls")),
]
