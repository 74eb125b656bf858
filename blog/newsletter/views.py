"""Asking for the weekly letter, saying yes by the mailed link, and leaving."""

from django.conf import settings
from django.core.signing import BadSignature
from django.http import Http404, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from blog.newsletter import keys, subscribing
from blog.newsletter.forms import SubscribeForm
from blog.web.origin import client_address, is_from_here
from blog.web.private import private
from blog.web.rates import TooOften
from blog.web.shared import shared_page

ask_or_answer = require_http_methods(["GET", "HEAD", "POST"])


@csrf_exempt  # blog.web.origin: public pages carry no CSRF cookie
@ask_or_answer
def newsletter(request):
    """What one gets, and the form; POST mails the link."""
    return _receive(request) if request.method == "POST" else _ask(request)


@shared_page()
def _ask(request):
    return _page(request, SubscribeForm())


@never_cache
def _receive(request):
    if not is_from_here(request):
        words = _("The form was sent from another site.")
        return HttpResponseForbidden(words, content_type="text/plain; charset=utf-8")
    form, wait = SubscribeForm(request.POST), 0
    if form.is_valid():
        fields = form.cleaned_data
        try:
            if not fields["subject"]:
                subscribing.ask(fields["email"], fields["language"], client_address(request))
            return redirect("newsletter-thanks")
        except TooOften as refusal:
            form.add_error(None, _("Many addresses came from your network just now. Please try again a little later."))
            wait = refusal.seconds
    form.prepare_second_try()
    response = _page(request, form, status=429 if wait else 422)
    if wait:
        response["Retry-After"] = str(wait)
    return response


@require_safe
@shared_page()
def thanks(request):
    return render(request, "blog/newsletter/thanks.html")


@private
@ask_or_answer
def confirm(request, key):
    """One button that begins the letters. Opening the link does nothing, since scanners of mail do it too."""
    try:
        subscriber, language = keys.find_confirming(key)
    except BadSignature:
        raise Http404 from None
    if request.method == "POST" and subscriber:
        subscribing.confirm(subscriber, language)
    return _answer(request, "confirm", language, subscriber)


@private
@ask_or_answer
def leave(request, key):
    """One button that ends the letters. Mail programs press it themselves (RFC 8058), without a cookie or an origin."""
    try:
        subscriber = keys.find_leaving(key)
    except BadSignature:
        raise Http404 from None
    if request.method == "POST" and subscriber:
        subscribing.leave(subscriber)
    return _answer(request, "leave", subscriber.language if subscriber else "", subscriber)


def _page(request, form, status=200):
    context = {"form": form, "weekday": WEEKDAYS[settings.NEWSLETTER_WEEKDAY - 1], "hour": settings.NEWSLETTER_HOUR}
    return render(request, "blog/newsletter/page.html", context, status=status)


def _answer(request, page, language, subscriber):
    request.LANGUAGE_CODE = language or settings.LANGUAGE_CODE
    context = {"subscriber": subscriber, "language": request.LANGUAGE_CODE, "is_done": request.method == "POST"}
    with override(request.LANGUAGE_CODE):
        return render(request, f"blog/newsletter/{page}.html", context)
