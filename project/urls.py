"""The site's addresses: the blog's, and the admin."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/account/", include("project.sign_in")),
    path("admin/", admin.site.urls),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),  # DEBUG only; `serve` mounts the folder itself
    path("", include("blog.urls")),
]
handler404 = "blog.posts.views.page_not_found"
handler500 = "blog.posts.views.server_error"
