"""A draft laid out for reading: its paragraphs, each with the notes that are about it."""

from dataclasses import dataclass, field
from html import escape

from blog.posts import revisions
from blog.posts.models import Post
from blog.review import notes
from blog.text.blocks import blocks, with_anchors
from blog.text.difference import inline
from blog.text.figures import with_pictures
from blog.text.sanitise import plain_text


@dataclass
class Paragraph:
    number: int  # 1-based, as in its anchor
    html: str  # safe
    text: str
    threads: list = field(default_factory=list)

    @property
    def beginning(self):
        return self.text[: notes.QUOTE_CHARACTERS]


@dataclass
class Reading:
    """One version of a post as one person sees it."""

    post: Post  # an unsaved copy that shows the version
    number: int
    threads: dict  # by the key of the note that begins each
    paragraphs: list
    general: list = field(default_factory=list)  # threads on the whole text
    earlier: list = field(default_factory=list)  # threads on words that are no longer there

    def paragraph(self, number):
        """Return the Paragraph with this number, or None."""
        return self.paragraphs[number - 1] if number and 1 <= number <= len(self.paragraphs) else None

    def quoted(self, number, words):
        """Return the words of a paragraph that a note is about: those given if they stand in it, else its first."""
        paragraph = self.paragraph(number)
        if paragraph is None:
            return ""
        words = " ".join(words.split())[: notes.QUOTE_CHARACTERS]
        return words if words and words in paragraph.text else paragraph.beginning


def read(post, number, seat=None):
    """Return the Reading of one version of `post`, for a Seat or, without one, for the staff. At most six queries."""
    copy = revisions.as_post(post, revisions.content_at(post, number))
    threads = notes.threads(post, seat)
    reading = Reading(copy, number, {note.pk: note for note in threads}, paragraphs(copy.body))
    for note in threads:
        _place(note, reading).append(note)
    return reading


def changes_between(post, seen, number):
    """Return what is different in version `number` from the version that was `seen`, as safe HTML; "" for nothing."""
    if seen is None or seen == number:
        return ""
    former, now = (_as_html(revisions.content_at(post, each)) for each in (seen, number))
    return with_pictures(inline(former, now)) if former != now else ""


def _as_html(content):
    standfirst = f"<p>{escape(content['standfirst'])}</p>" if content["standfirst"] else ""
    return f"<h2>{escape(content['title'])}</h2>{standfirst}{content['body']}"


def paragraphs(body):
    # Split before the pictures are put in, which bring tags of their own.
    pieces = enumerate(blocks(with_anchors(body)), 1)
    return [Paragraph(number, with_pictures(html), plain_text(html)) for number, html in pieces]


def _place(note, reading):
    """The list in which a thread belongs. One on an earlier version goes where its words are now, or nearest to it."""
    if note.block is None:
        return reading.general
    if note.revision == reading.number:
        paragraph = reading.paragraph(note.block)
    else:
        found = [each for each in reading.paragraphs if note.quote and note.quote in each.text]
        paragraph = min(found, key=lambda each: abs(each.number - note.block), default=None)
    if paragraph is None:
        return reading.earlier
    note.is_about_all = note.quote == paragraph.beginning
    return paragraph.threads
