"""The style sheet of the site's own colours."""

from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from blog.appearance import look

YEAR = 31_536_000


@require_safe
def style(request, digest):
    """The present one. Who asks for a former one, as a page that was kept, gets it too, and asks again soon."""
    now = look.current()
    response = HttpResponse(now.css, content_type="text/css; charset=utf-8")
    kept = {"max_age": YEAR, "immutable": True} if digest == now.digest else {"max_age": 60}
    patch_cache_control(response, public=True, **kept)
    return response
