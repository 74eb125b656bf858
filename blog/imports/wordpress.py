"""Reading a WordPress export (WXR 1.0 to 1.2, and what calls itself so)."""

import logging
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from html import unescape
from unicodedata import normalize
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import nh3
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from blog.comments.models import NAME_CHARACTERS, Comment
from blog.imports.encodings import read_text
from blog.imports.lenient_xml import Unreadable, elements
from blog.imports.records import AuthorRecord, CommentRecord, Export, PostRecord, Site, Skipped, unreadable
from blog.posts.workflow import Status
from blog.text.from_html import light_markup
from blog.text.mend import mend
from blog.text.sanitise import plain_text
from blog.text.slugs import slugify

STATUSES = {
    "publish": Status.APPROVED,
    "future": Status.APPROVED,
    "pending": Status.IN_REVIEW,
    "draft": Status.DRAFT,
    "private": Status.DRAFT,
}
LEFT_OUT = {"trash", "auto-draft", "inherit"}
STATES = {
    "1": Comment.State.VISIBLE,
    "approved": Comment.State.VISIBLE,
    "0": Comment.State.HELD,
    "hold": Comment.State.HELD,
    "spam": Comment.State.SPAM,
    "trash": Comment.State.REMOVED,
    "post-trashed": Comment.State.REMOVED,
}
MENTIONS = {"pingback", "trackback"}
TAXONOMIES = {"category", "post_tag", "tag"}  # both of them are tags here
NO_CATEGORY = {"uncategorized", "uncategorised", "okategoriserade", "okategoriserad", "okategoriserat"}
TITLE_CHARACTERS, TAG_CHARACTERS, BYLINE_CHARACTERS, WEBSITE_CHARACTERS = 200, 100, 120, 300
CHANNEL = re.compile(r"<(?:rss|channel|item)[\s>]")
BODY_CHARACTERS, COMMENT_CHARACTERS = 2_000_000, 100_000
logger = logging.getLogger(__name__)
is_address = URLValidator(schemes=["http", "https"])


def read(content, name):
    """Return the Export that the bytes of a file hold; `name` stands in for a site's address where the file has none.

    Unreadable if it is no WordPress export. What can be read of a damaged file is read.
    """
    source = read_text(content)
    if not CHANNEL.search(source.text) or "<wp:" not in source.text:
        raise Unreadable(_("This is not a WordPress export: it holds no <rss> with WordPress's own fields (wp:…)."))
    channel: dict[str, str] = {}
    authors, items = [], []
    for element in elements(source):
        if element.name == "item":
            items.append(element)
        elif element.name == "wp:author":
            authors.append(element)
        else:
            channel.setdefault(element.name, element.content.strip())
    address = next(filter(None, (channel.get(key) for key in ("wp:base_blog_url", "link", "title"))), name)
    language = _language(channel.get("language", ""))
    reader = _Reader(source, Site(address[:300], language), items)
    return Export(reader.site, reader.authors(authors), reader.items(items), source.problems)


class _Reader:
    def __init__(self, source, site, items):
        self.source, self.site = source, site
        self.names = {}  # author's login → name; logins that only sign a post are added as they are met
        self.seen = {}  # (kind, foreign id) → the digests that it has had in this file
        self.pictures: dict[str, tuple[str, str]] = {}
        self.pictures_of: dict[str, list[str]] = {}
        for item in items:
            if address := item.text("wp:attachment_url"):
                number = item.text("wp:post_id")
                self.pictures[number] = (address, _words(item.text("excerpt:encoded")))
                self.pictures_of.setdefault(item.text("wp:post_parent"), []).append(number)

    def authors(self, elements):
        for element in elements:
            login = element.text("wp:author_login")
            first_and_last = f"{element.text('wp:author_first_name')} {element.text('wp:author_last_name')}"
            named = _words(element.text("wp:author_display_name")) or _words(first_and_last) or _words(login)
            if login and named:
                self.names.setdefault(login, named[:BYLINE_CHARACTERS])
        return [AuthorRecord(login[:300], name) for login, name in self.names.items()]

    def items(self, items):
        for item in items:
            yield self._guarded(item)

    def _guarded(self, item):
        """Return what an item holds; Skipped, and a problem, if that cannot be told: the others are still read."""
        try:
            return self._skipped(item) or self._post(item)
        except Exception as error:
            logger.exception("An item of an import could not be read.")
            reason = unreadable(error)
            self.source.report(item.offset, reason)
            return Skipped(item.text("title")[:TITLE_CHARACTERS], reason, len(item.all("wp:comment")))

    def _skipped(self, item):
        kind, status = item.text("wp:post_type") or "post", item.text("wp:status")
        if kind == "post" and status not in LEFT_OUT:
            return None
        reason = _("not a post: %s") % kind if kind != "post" else _("not kept there either: %s") % status
        title = _words(item.text("title")) or item.text("wp:attachment_url") or item.text("wp:post_name")
        return Skipped(title, reason, len(item.all("wp:comment")))

    def _post(self, item):
        notes: list[str] = []
        author = item.text("dc:creator") or item.text("wp:author")
        key = item.text("wp:post_id") or _key(item.text("guid"), item.text("link"), item.text("title"))
        gallery = lambda ids: self._gallery(ids or self.pictures_of.get(key, []))  # noqa: E731
        body = mend(self._bounded(item, "content:encoded", BODY_CHARACTERS), base=self._base(), gallery=gallery)
        title = (
            _words(item.text("title")) or plain_text(body.html)[:60].strip() or self._stored(gettext_noop("Untitled"))
        )
        record = PostRecord(
            foreign_id=key[:200],
            title=_cut(title, TITLE_CHARACTERS),
            slug=slugify(unquote(item.text("wp:post_name")).replace(".", " ") or title),
            language=self.site.language,
            standfirst=plain_text(mend(self._bounded(item, "excerpt:encoded", COMMENT_CHARACTERS)).html),
            body=body.html,
            status=self._status(item, notes),
            date=_date(item.text("wp:post_date_gmt"), item.text("wp:post_date"), item.text("pubDate")),
            author=self._author(author),
            tags=tuple(_tags(item)),
            comments_open=item.text("wp:comment_status") != "closed",
            problem=self.source.at(item.offset, ""),
            notes=[*notes, *body.notes],
        )
        record = self._unlike_earlier("post", record, item)
        if isinstance(record, PostRecord):
            self._add_comments(record, item)
        return record

    def _bounded(self, element, field, characters):
        """Return the text of a field, cut off, with a problem, where nobody's writing is that long."""
        text = element.text(field)
        if len(text) > characters:
            self.source.report(
                element.offset,
                _("%(field)s was cut off after %(number)d characters") % {"field": field, "number": characters},
            )
        return text[:characters]

    def _status(self, item, notes):
        there = item.text("wp:status")
        if item.is_cut:
            notes.append(_("the file ends inside it: kept as a draft"))
        elif item.text("wp:post_password"):
            notes.append(_("it had a password: kept as a draft"))
        elif not there:
            notes.append(_("it has no status: kept as a draft"))
        elif there not in STATUSES:
            notes.append(_("its status is “%s”: kept as a draft") % there)
        else:
            return STATUSES[there]
        return Status.DRAFT

    def _author(self, login):
        name = self.names.setdefault(login, _words(login)[:BYLINE_CHARACTERS])
        return AuthorRecord(login[:300], name) if name else None

    def _stored(self, word):
        # Readers will see it: in the site's language, whatever the person at the keyboard reads.
        with override(self.site.language):
            return _(word)

    def _base(self):
        return self.site.address if self.site.address.startswith(("http://", "https://")) else ""

    def _gallery(self, ids):
        return [self.pictures[number] for number in ids if number in self.pictures]

    def _unlike_earlier(self, kind, record, element):
        """Return `record`, with a key of its own if the file used its id before; Skipped if it stood there before."""
        digests = self.seen.setdefault((kind, record.foreign_id), [])
        digest = record.digest()
        if digest in digests:
            return Skipped(
                record.title if kind == "post" else "", _("stands twice in the file"), len(element.all("wp:comment"))
            )
        digests.append(digest)
        if len(digests) == 1:
            return record
        self.source.report(
            element.offset, _("the id %s occurs twice in the file, for different things") % record.foreign_id
        )
        return replace(record, foreign_id=f"{record.foreign_id}~{len(digests)}")

    def _add_comments(self, post, item):
        for element in item.all("wp:comment"):
            kind = element.text("wp:comment_type")
            if kind not in ("", "comment", *MENTIONS):
                post.skipped_comments.append(_("not a comment: %s") % kind)
                continue
            record = self._unlike_earlier("comment", self._comment(post, element, kind), element)
            if isinstance(record, CommentRecord):
                post.comments.append(record)
            else:
                post.skipped_comments.append(record.reason)

    def _comment(self, post, element, kind):
        number, parent = element.text("wp:comment_id"), element.text("wp:comment_parent")
        text = self._bounded(element, "wp:comment_content", COMMENT_CHARACTERS)
        number = number or _key(element.text("wp:comment_author"), element.text("wp:comment_date_gmt"), text)
        return CommentRecord(
            foreign_id=f"{post.foreign_id}/{number}"[:300],
            parent=f"{post.foreign_id}/{parent}" if parent not in ("", "0") else "",
            name=_cut(_words(element.text("wp:comment_author")), NAME_CHARACTERS)
            or self._stored(gettext_noop("Anonymous")),
            email=_if_valid(validate_email, element.text("wp:comment_author_email"), 254),
            website=_if_valid(is_address, element.text("wp:comment_author_url"), WEBSITE_CHARACTERS),
            network=element.text("wp:comment_author_IP"),
            text=light_markup(text),
            state=STATES.get("" if element.is_cut else element.text("wp:comment_approved"), Comment.State.HELD),
            is_mention=kind in MENTIONS,
            created_at=_date(element.text("wp:comment_date_gmt"), element.text("wp:comment_date"), ""),
            problem=self.source.at(element.offset, ""),
        )


def _tags(item):
    """Yield the names of an item's tags and categories, each once whatever its case."""
    seen = set(NO_CATEGORY)
    for element in item.all("category"):
        # The database compares lower case, its look-up upper case: signs like the Kelvin sign make these differ.
        name = normalize("NFC", _words(element.content))[:TAG_CHARACTERS].strip()
        if element.attributes.get("domain", "category") in TAXONOMIES and name and name.casefold() not in seen:
            seen.add(name.casefold())
            yield name


def _language(code):
    language = code[:2].lower()
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE[:2]


def _date(gmt, local, rfc822):
    """Return the first of the three that is a date, aware; None if none is (WordPress writes 0000-00-00 for "none")."""
    rfc822 = "" if "-0001" in rfc822 else rfc822  # its "none", which Python would take for the year 2000
    return (
        _parsed(datetime.fromisoformat, gmt, UTC)
        or _parsed(datetime.fromisoformat, local, ZoneInfo(settings.TIME_ZONE))
        or _parsed(parsedate_to_datetime, rfc822, UTC)
    )


def _parsed(parser, text, zone):
    try:
        moment = parser(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if 1900 < moment.year < 9000 else None


def _words(html):
    """The text of a title, a name: no tags, entities resolved, one space between words."""
    return " ".join(unescape(nh3.clean(html, tags=set())).split())


def _cut(text, characters):
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"


def _if_valid(validator, text, characters):
    try:
        validator(text)
    except ValidationError:
        return ""
    return text if len(text) <= characters else ""


def _key(*words):
    """An id for what came without one."""
    return "x" + blake2b("\n".join(words).encode(), digest_size=8).hexdigest()
