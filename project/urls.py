"""The site's addresses: the blog's, and the admin."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from project import health, metrics

# A folder is served here with DEBUG on only; `serve` mounts it itself.
pictures = static(settings.MEDIA_PATH, document_root=settings.MEDIA_ROOT)
if not settings.MEDIA_IS_LOCAL:
    pictures = [re_path(r"^media/(?P<path>.*)$", RedirectView.as_view(url=f"{settings.MEDIA_URL}%(path)s"))]
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("admin/account/", include("project.sign_in")),
    *pictures,
    # Before the admin, which answers everything below its address: the capabilities have pages of the desk there.
    path("", include("blog.urls")),
    path("admin/", admin.site.urls),
]
handler404 = "blog.posts.views.page_not_found"
handler500 = "blog.web.unavailable.failed"
