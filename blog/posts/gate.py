"""The checks before a text goes to review and before it is published: what a careful editor would look for.

An error stops, unless somebody gives a reason; a warning asks. Each check is a function of the Draft in RULES, and each
says what it found in words that name the very thing.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import chain, islice

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from blog.posts.destinations import Destinations
from blog.posts.images import Image
from blog.posts.links import LinkCheck, external, hash_of, plain
from blog.posts.models import Post
from blog.text import proofreading
from blog.text.blocks import blocks
from blog.text.file_names import is_file_name
from blog.text.sanitise import plain_text
from blog.web.addresses import path_here

MAX_TITLE_CHARACTERS = 70
MAX_FINDINGS = 20  # of one rule: who has read so many looks through the text
MAX_PATHS = 500  # of this site that are looked up, the first in the text
FIELDS = ["title", "standfirst", "cover", "body", "sign_off", "sources", "tags", "language"]  # in reading order
EXPLANATIONS = {
    "no-title": gettext_lazy("Lists, feeds and search engines show a post by its title."),
    "long-title": gettext_lazy("Search engines and lists cut off longer titles."),
    "no-standfirst": gettext_lazy(
        "Lists and shared links show the standfirst; without one, the first words of the text."
    ),
    "no-tag": gettext_lazy("Readers find more on the same subject by its tags."),
    "no-text": gettext_lazy("Readers would find a title and nothing under it."),
    "no-language": gettext_lazy("Screen readers, search and hyphenation go by the language."),
    "other-language": gettext_lazy("Screen readers would read it aloud with the wrong sounds."),
    "no-alt": gettext_lazy("Whoever cannot see the picture learns nothing of it. Write what it shows."),
    "file-name-alt": gettext_lazy("A file name does not say what the picture shows. Write that instead."),
    "heading-order": gettext_lazy(
        "Many readers move by headings: after a heading comes one of the level below or above."
    ),
    "bold-heading": gettext_lazy("Make it a heading: bold letters are none to a screen reader or a table of contents."),
    "empty": gettext_lazy("It leaves a gap on the page. Take it away."),
    "glued-words": gettext_lazy("A space is probably missing at the beginning or the end of the link."),
    "cut-markup": gettext_lazy("Readers see this. It is left of a tag that was cut: take it away, or complete it."),
    "shown-markup": gettext_lazy("Readers see this as it stands. Format it as code if they should, or take it away."),
    "dead-link": gettext_lazy("Readers would find that the page is not there. Correct the address, or take it away."),
    "unpublished-link": gettext_lazy("Readers would find that the page is not there. Publish that post first."),
    "failing-link": gettext_lazy("It did not answer when it was last asked. Try it, and correct it or take it away."),
}
ERRORS = {
    "no-title", "no-text", "no-language", "no-alt", "file-name-alt", "cut-markup", "dead-link", "unpublished-link",
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    rule: str
    message: str
    field: str
    block: int | None = None  # counted from 1, as in blog.text.blocks

    @property
    def level(self):
        return "error" if self.rule in ERRORS else "warning"

    @property
    def explanation(self):
        return EXPLANATIONS[self.rule]


def check(content, *, post=None, at=None):
    """Return the Findings on a post's content (see revisions.py), in reading order, at most 20 of a rule.

    Links are judged as of `at`; without it, as of the hour for which `post` is planned, otherwise as of now. At most
    seven queries, however long the text.
    """
    draft = Draft(content, post, at or _planned(post))
    found = chain.from_iterable(rule(draft) for rule in RULES)
    return list(_first_of_each(sorted(found, key=lambda finding: (FIELDS.index(finding.field), finding.block or 0))))


def _planned(post):
    now = timezone.now()
    return max(now, (post and post.pk and post.newest.publish_at) or now)


def _first_of_each(findings):
    counts = Counter(finding.rule for finding in findings)
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.rule] += 1
        if seen[finding.rule] <= MAX_FINDINGS:
            yield finding
        elif seen[finding.rule] == MAX_FINDINGS + 1:
            more = counts[finding.rule] - MAX_FINDINGS
            yield replace(
                finding, message=ngettext("And %(count)d more.", "And %(count)d more.", more) % {"count": more}
            )


@dataclass
class Draft:
    content: dict
    post: Post | None
    at: datetime

    def __getattr__(self, name):
        return self.content[name]

    @cached_property
    def blocks(self):
        """The blocks of the body with their numbers."""
        return list(enumerate(blocks(self.content["body"]), 1))

    @cached_property
    def text(self):
        return plain_text(self.content["body"])

    @cached_property
    def links(self):
        """Triples: address, field and block of each link and source, and of each picture of this site."""
        found = [(url, "body", number) for number, block in self.blocks for url, _words in proofreading.links(block)]
        pictures = [(url, n) for n, block in self.blocks for url, _alt in proofreading.pictures(block)]
        found += [(url, "body", number) for url, number in pictures if path_here(url) is not None]
        return found + [(url, "sources", None) for _text, url in self.content["sources"] if url]

    @cached_property
    def destinations(self):
        paths = dict.fromkeys(path for url, _field, _block in self.links if (path := path_here(url)) is not None)
        return Destinations(set(islice(paths, MAX_PATHS)), self.content, self.at, self.post.pk if self.post else None)


def title(draft):
    length = len(draft.title.strip())
    if not length:
        yield Finding("no-title", _("The post has no title."), "title")
    elif length > MAX_TITLE_CHARACTERS:
        sizes = {"length": length, "limit": MAX_TITLE_CHARACTERS}
        message = _("The title has %(length)d characters, which is more than %(limit)d.") % sizes
        yield Finding("long-title", message, "title")


def standfirst(draft):
    if not draft.standfirst.strip():
        yield Finding("no-standfirst", _("The post has no standfirst."), "standfirst")


def tags(draft):
    if not draft.tags:
        yield Finding("no-tag", _("The post has no tag."), "tags")


def body(draft):
    if not draft.text and "<img" not in draft.body:
        yield Finding("no-text", _("The post has no text."), "body")


def language(draft):
    if draft.language not in dict(settings.LANGUAGES):
        yield Finding("no-language", _("The post has no language."), "language")
        return
    found = proofreading.language_of(f"{draft.title} {draft.standfirst} {draft.text}")
    if found and found != draft.language:
        names = {code: str(name) for code, name in settings.LANGUAGES}
        words = {"declared": names[draft.language], "found": names.get(found, found)}
        message = _("The language is %(declared)s, but the text seems to be in %(found)s.") % words
        yield Finding("other-language", message, "language")


def cover(draft):
    image = Image.objects.filter(pk=draft.cover).first() if draft.cover else None
    if image and not image.alt.strip():
        yield Finding("no-alt", _("The cover image has no alt text."), "cover")
    elif image and is_file_name(image.alt):
        message = _("The cover image's alt text “%(alt)s” is a file name.") % {"alt": image.alt}
        yield Finding("file-name-alt", message, "cover")


def pictures(draft):
    for number, block in draft.blocks:
        for url, alt in proofreading.pictures(block):
            if not alt.strip():
                message = _("The picture %(picture)s has no alt text.") % {"picture": url.rpartition("/")[2]}
                yield Finding("no-alt", message, "body", number)
            elif is_file_name(alt):
                message = _("The picture's alt text “%(alt)s” is a file name.") % {"alt": alt}
                yield Finding("file-name-alt", message, "body", number)


def heading_order(draft):
    former = 1  # the title
    for number, block in draft.blocks:
        for level, words in proofreading.headings(block):
            if level > former + 1:
                message = _("The heading “%(heading)s” of level %(level)d comes after level %(former)d.")
                words = {"heading": words, "level": level, "former": former}
                yield Finding("heading-order", message % words, "body", number)
            former = level


def bold_headings(draft):
    last = len(draft.blocks)
    for number, block in draft.blocks:
        words, is_whole = proofreading.bold_line(block)
        if words and not (is_whole and number == last):  # with nothing under it, it heads nothing
            yield Finding(
                "bold-heading", _("The bold line “%(line)s” looks like a heading.") % {"line": words}, "body", number
            )


def empty_paragraphs(draft):
    for number, block in draft.blocks:
        if draft.text and proofreading.is_empty(block):
            yield Finding("empty", _("Paragraph %(number)d holds nothing.") % {"number": number}, "body", number)


def glued_words(draft):
    for number, block in draft.blocks:
        for words in proofreading.glued_words(block):
            message = _("“%(words)s” runs together at a link.") % {"words": words}
            yield Finding("glued-words", message, "body", number)


def markup(draft):
    """Remnants of tags in the body's words and in the fields that hold words only."""
    texts = [(proofreading.visible(block), "body", number) for number, block in draft.blocks]
    texts += [(draft.content[field], field, None) for field in ("title", "standfirst", "sign_off")]
    texts += [(text, "sources", None) for text, _url in draft.sources]
    for text, field, number in texts:
        cut = dict.fromkeys(proofreading.cut_markup(text))
        for remnant in cut:
            yield Finding(
                "cut-markup", _("“%(remnant)s” is the remnant of a tag.") % {"remnant": remnant}, field, number
            )
        for shown in dict.fromkeys(proofreading.shown_markup(text)):
            if shown not in cut:
                yield Finding("shown-markup", _("“%(tag)s” stands in the text.") % {"tag": shown}, field, number)
    for tag in proofreading.unbalanced(draft.body):
        yield Finding("cut-markup", _("The tag “%(tag)s” is not complete.") % {"tag": tag}, "body")


def internal_links(draft):
    there = draft.destinations
    for url, field, number in draft.links:
        path = path_here(url)
        if path in there.unpublished:
            # Its title is not for everybody who may write a link.
            message = _("The link %(url)s leads to a post that will not be public by then.") % {"url": url}
            yield Finding("unpublished-link", message, field, number)
        elif path in there.missing:
            yield Finding("dead-link", _("Nothing is at %(url)s for readers.") % {"url": url or "–"}, field, number)


def external_links(draft):
    asked = external(draft.content)
    bad = {each.url_hash: each for each in LinkCheck.objects.of(asked).filter(ok=False)} if asked else {}
    for url, field, number in draft.links:
        if failed := bad.get(hash_of(plain(url))):
            words = {"url": url, "reason": failed.words}
            yield Finding("failing-link", _("The link %(url)s fails: %(reason)s.") % words, field, number)


RULES = [
    title, standfirst, cover, body, pictures, heading_order, bold_headings, empty_paragraphs, glued_words, markup,
    internal_links, external_links, tags, language,
]  # fmt: skip
