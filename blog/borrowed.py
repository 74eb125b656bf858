"""Words of libraries that have no Swedish of their own. Never run: `make translations` finds them here."""

from django.utils.translation import gettext, pgettext

# django-taggit
gettext("A comma-separated list of tags.")
gettext("Please provide a comma-separated list of tags.")
pgettext("A tag name", "name")
pgettext("A tag slug", "slug")
