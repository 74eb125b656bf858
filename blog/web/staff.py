"""What the pages of the desk have in common that are no part of Django's admin classes."""

from functools import wraps

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache

from blog import policy


def staff_only(action):
    """Decorate a view for those who may do `action` to at least something; who may not is sent to sign in, or refused.

    The view itself asks about the one thing that it concerns.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, *arguments, **named):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not policy.may(request.user, action):
                raise PermissionDenied
            return view(request, *arguments, **named)

        return never_cache(guarded)

    return decorate


def desk_page(request, template, context, **response):
    """Render a page inside the frame of the admin site; `context` has its `title`."""
    return render(request, template, admin.site.each_context(request) | context, **response)


class BoundedPaginator(Paginator):
    """Counts no further than to `most`: nobody turns that many pages, and counting millions takes seconds."""

    most = 2_000

    @cached_property
    def count(self):
        return self.object_list.order_by()[: self.most].count()  # type: ignore[attr-defined]
