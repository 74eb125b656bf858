"""The site's addresses: the blog's, and the admin."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/account/", include("project.sign_in")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),  # DEBUG only; `serve` mounts the folder itself
    # Before the admin, which answers everything below its address: the capabilities have pages of the desk there.
    path("", include("blog.urls")),
    path("admin/", admin.site.urls),
]
handler404 = "blog.posts.views.page_not_found"
handler500 = "blog.posts.views.server_error"
