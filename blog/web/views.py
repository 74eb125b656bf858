"""What makes the site installable, and its pages readable without a network once they were read."""

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from blog.appearance import look
from blog.web.shared import shared_page

ICONS = (
    ("icon.svg", "any", "image/svg+xml", "any"),
    ("icons/192.png", "192x192", "image/png", "any"),
    ("icons/512.png", "512x512", "image/png", "any"),
    ("icons/maskable.png", "512x512", "image/png", "maskable"),
)


@require_safe
@shared_page()
def manifest(request):
    """W3C Web Application Manifest. Words that another application shares are searched for."""
    icons = [
        {"src": static(f"blog/{name}"), "sizes": sizes, "type": kind, "purpose": purpose}
        for name, sizes, kind, purpose in ICONS
    ]
    seen = look.current()
    paper, _ink, accent = seen.light
    words = {
        "id": "/",
        "name": seen.name,
        "short_name": seen.name[:12],
        "lang": settings.LANGUAGE_CODE,
        "start_url": reverse("front"),
        "display": "minimal-ui",
        "background_color": paper,
        "theme_color": accent,
        "icons": icons,
        "share_target": {"action": reverse("search"), "method": "GET", "params": {"text": "q"}},
    }
    return JsonResponse(words, content_type="application/manifest+json")


@require_safe
def favicon(request):
    """For whoever asks without having read a page that names its icon, as for a feed or a letter."""
    return redirect(static("blog/icons/192.png"))


@require_safe
@shared_page()
def worker(request):
    """The service worker; with OFFLINE_READING off one that takes itself away, with all that was kept."""
    name = "worker.js" if settings.OFFLINE_READING else "farewell.js"
    return render(request, f"blog/offline/{name}", content_type="text/javascript; charset=utf-8")


@require_safe
@shared_page()
def offline(request):
    return render(request, "blog/offline/page.html")
