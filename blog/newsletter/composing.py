"""The words of a letter: plain text, and the same as HTML that loads nothing."""

from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import ngettext, override

from blog.appearance import look
from blog.posts import lists

SERIF = "Georgia, Times New Roman, serif"  # a mail fetches none
LEAVE_HERE = "address-to-leave-at"  # stands for what differs between subscribers


class Words(NamedTuple):
    subject: str
    text: str
    html: str

    def to(self, leave):
        """Return the Words for the subscriber with this address to leave at."""
        return self._replace(text=self.text.replace(LEAVE_HERE, leave), html=self.html.replace(LEAVE_HERE, leave))


def compose(posts, language, day, nonce=""):
    """Return the Words that tell of published posts, given by their keys in order, in the edition of a date.

    `nonce` is for a page that shows them. One query.
    """
    teasers = lists.teasers_of(lists.GIVEN, posts=posts)
    seen = look.current()
    context = {
        "posts": [{"teaser": each, "post": each.post} for each in teasers],
        "day": day,
        "language": language,
        "site_name": seen.name,
        "typeface": look.FACES.get(seen.typeface, SERIF),
        "light": dict(look.palette(seen.light)),
        "dark": dict(look.palette(seen.dark)),
        "site_url": settings.SITE_URL,
        "leave": LEAVE_HERE,
        "nonce": nonce,
    }
    with override(language):
        text, html = (render_to_string(f"blog/newsletter/letter.{form}", context) for form in ("txt", "html"))
        return Words(_subject(seen.name, teasers), text, html)


def _subject(site, teasers):
    title, more = f"{site}: {teasers[0].title}", len(teasers) - 1
    if not more:
        return title
    words = ngettext("%(title)s, and %(count)s post more", "%(title)s, and %(count)s posts more", more)
    return words % {"title": title, "count": more}
