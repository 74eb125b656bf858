"""Who subscribes, which letters have gone out, and what the next one will say."""

import csv
from itertools import chain

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from blog.desk import PolicyAdmin
from blog.newsletter import composing, editions, subscribing
from blog.newsletter.models import Delivery, Edition, EditionPost, Subscriber
from blog.posts.audit import BYTE_ORDER_MARK, Echo, harmless
from blog.web.addresses import on_site
from blog.web.staff import BoundedPaginator, desk_page


@admin.register(Subscriber)
class SubscriberAdmin(PolicyAdmin):
    noun = "subscriber"
    nothing_yet = gettext_lazy("Nobody subscribes yet. The box for it is on the front page and under each post.")
    list_display = ["email", "language", "confirmed_at"]
    list_filter = ["language", ("confirmed_at", admin.EmptyFieldListFilter)]
    search_fields = ["email"]
    fields = ["email", "language", "created_at", "confirmed_at"]
    readonly_fields = fields
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    change_list_template = "admin/blog/newsletter/subscribers.html"

    def get_urls(self):
        table = self.admin_site.admin_view(require_safe(self.table))
        return [path("table/", table, name="blog_subscriber_table"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        context = {"number": Subscriber.objects.confirmed().count(), "may_export": self.may(request, "export")}
        return super().changelist_view(request, context | (extra_context or {}))

    def delete_model(self, request, obj):
        subscribing.remove([obj.pk])

    def delete_queryset(self, request, queryset):
        subscribing.remove(list(queryset.values_list("pk", flat=True)))

    def table(self, request):
        """The confirmed addresses as a table for spreadsheets, the oldest first."""
        if not self.may(request, "export"):
            raise PermissionDenied
        rows = Subscriber.objects.confirmed().order_by("pk").values_list("email", "language", "confirmed_at")
        write = csv.writer(Echo()).writerow
        lines = (write([harmless(email), language, at.isoformat()]) for email, language, at in rows.iterator())
        head = BYTE_ORDER_MARK + write(["email", "language", "since"])
        answer = StreamingHttpResponse(chain([head], lines), content_type="text/csv")
        answer["Content-Disposition"] = 'attachment; filename="subscribers.csv"'
        return answer


@admin.register(Edition)
class EditionAdmin(PolicyAdmin):
    noun = "edition"
    nothing_yet = gettext_lazy("No letter has gone out yet. The next one leaves by itself.")
    list_display = ["due_at", "number_of_posts", "receivers", "waiting"]
    fields = ["due_at", "made_at", "posts_told_of", "receivers", "waiting"]
    readonly_fields = fields
    list_per_page = 50
    change_list_template = "admin/blog/newsletter/editions.html"

    def get_urls(self):
        own = {"next/": (self.next, "next"), "next/<slug:language>/": (self.letter, "letter")}
        wrap = self.admin_site.admin_view
        urls = [
            path(route, wrap(require_safe(view)), name=f"blog_edition_{name}") for route, (view, name) in own.items()
        ]
        return [*urls, *super().get_urls()]

    def get_queryset(self, request):
        unsent = Delivery.objects.filter(sent_at=None)
        return super().get_queryset(request).annotate(size=_number(EditionPost.objects), unsent=_number(unsent))

    @admin.display(description=gettext_lazy("posts"))
    def number_of_posts(self, edition):
        return edition.size

    @admin.display(description=gettext_lazy("posts"))
    def posts_told_of(self, edition):
        return ", ".join(edition.posts.newest_first().values_list("title", flat=True)) or "–"

    @admin.display(description=gettext_lazy("not sent yet"))
    def waiting(self, edition):
        return edition.unsent

    def next(self, request):
        """When the next letter leaves, to how many, and what it would say, scheduled posts included."""
        due = self._due(request)
        numbers = dict(Subscriber.objects.confirmed().order_by().values_list("language").annotate(Count("pk")))
        letters = [(code, name, numbers.get(code, 0)) for code, name in settings.LANGUAGES]
        words = _upcoming(due, settings.LANGUAGE_CODE)
        context = {"title": _("The next letter"), "due": due, "letters": letters, "words": words}
        return desk_page(request, "admin/blog/newsletter/next.html", context)

    def letter(self, request, language):
        """The next letter as its subscribers would see it, in one of the site's languages."""
        words = (
            _upcoming(self._due(request), language, str(request.csp_nonce))
            if language in dict(settings.LANGUAGES)
            else None
        )
        if words is None:
            raise Http404
        return HttpResponse(words.html)

    def _due(self, request):
        if not self.may(request, "view"):
            raise PermissionDenied
        return editions.hour_after(timezone.now())


def _number(rows):
    """How many of the rows belong to an edition."""
    mine = rows.filter(edition=OuterRef("pk")).order_by().values("edition").annotate(number=Count("pk"))
    return Coalesce(Subquery(mine.values("number")), 0)


def _upcoming(due, language, nonce=""):
    posts = list(editions.news(due).values_list("pk", flat=True))
    return composing.compose(posts, language, due, nonce).to(on_site(reverse("newsletter"))) if posts else None
