"""What the list of posts shows of each, and the page of a post that one may only read."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog.posts import revisions, steps
from blog.posts.admin_library import thumbnail
from blog.posts.workflow import Status


def state_sign(post):
    """The post's situation in words; for the state its class has a sign of its own shape, not only a colour."""
    state = post.status
    if state == Status.APPROVED:
        state = "published" if post.is_public() else "scheduled"
    return format_html('<span class="state {}">{}</span>', state, steps.situation(post))


class PostColumns:
    @admin.display(description=gettext_lazy("status"), ordering="status")
    def situation(self, post):
        return state_sign(post)

    @admin.display(description=gettext_lazy("bylines"))
    def signed_by(self, post):
        return ", ".join(str(authorship) for authorship in post.authorships.all())

    @admin.display(description=gettext_lazy("body"))
    def reading(self, post):
        return revisions.as_post(post, revisions.newest_content(post)).body_html

    @admin.display(description=gettext_lazy("tags"))
    def tag_names(self, post):
        return ", ".join(revisions.newest_content(post)["tags"])

    @admin.display(description=gettext_lazy("chosen"))
    def cover_preview(self, post):
        return thumbnail(post.cover) if post.cover else "–"

    @admin.display(description=gettext_lazy("updated"), ordering="updated_at")
    def updated(self, post):
        return date_format(timezone.localtime(post.updated_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description=gettext_lazy("preview"))
    def preview(self, post):
        return format_html('<a href="{}">{}</a>', reverse("preview", args=[post.pk]), _("View"))

    def view_on_site(self, post):
        return reverse("preview", args=[post.pk])
