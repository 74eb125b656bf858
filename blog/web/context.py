"""What every template knows."""

from django.conf import settings


def site(request):
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "site_language": settings.LANGUAGE_CODE,
        "offline_reading": settings.OFFLINE_READING,
    }
