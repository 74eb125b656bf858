"""The WSGI application that granian serves (manage.py serve)."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from project.page_cache import front

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
application = get_wsgi_application()
if settings.PAGE_CACHE_MB:
    application = front.in_front_of(application)
if settings.TRUSTED_PROXIES:
    # Otherwise all readers have one address, the proxy's, and two of them with the same name are one person.
    application = wrap_wsgi_with_proxy_headers(application, settings.TRUSTED_PROXIES)
