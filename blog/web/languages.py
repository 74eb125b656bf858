"""The language of the page's frame: the site's own in public, in the admin what the person's browser asks for."""

from django.conf import settings
from django.utils import translation


class ChooseLanguage:
    """Middleware. Public pages are the same bytes for everybody, so they do not look at Accept-Language."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = language_for(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)  # a view of a post has set the post's
        return response


def language_for(request):
    admin = request.path_info.startswith("/admin/")
    return translation.get_language_from_request(request) if admin else settings.LANGUAGE_CODE


def languages():
    """The choices of a field: a migration names this function, so that another language needs none."""
    return settings.LANGUAGES
