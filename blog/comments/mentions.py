"""Names that a text mentions: "@Åsa Ek" leads to what Åsa Ek wrote earlier in the same thread."""

import re
import unicodedata

from blog.comments.models import Comment

MAX_WORDS = 5  # of a name
CANDIDATES = 500  # the newest comments whose writers can be mentioned: more is nobody's conversation
WORD = r"\w[\w'’.-]*"
MENTION = re.compile(rf"(?<!\w)@({WORD}(?:[ ]{WORD}){{0,{MAX_WORDS - 1}}})")


def people(post, thread=None):
    """Return a dict from names to the number of what that person wrote last, of a thread or of the whole post.

    The newest CANDIDATES comments count, and what everybody can see. One query.
    """
    comments = Comment.objects.visible().filter(post=post)
    if thread is not None:
        comments = comments.filter(path__gte=[thread], path__lt=[thread + 1])
    newest = comments.order_by("-number").values_list("name", "number")[:CANDIDATES]
    return dict(reversed(newest))


def find(text, people):
    """Return a dict from each name as it stands in `text` behind an "@" to a number of `people`.

    Case, accents, spaces, hyphens and dots may differ ("@asaek" is Åsa Ek); a first name is enough where only one
    person has it. The longest name counts. What fits nobody, or two, is left alone.
    """
    full, first = {}, {}
    for name, number in people.items():
        for table, key in ((full, _plain(name)), (first, _plain(name.split()[0]) if name.split() else "")):
            table[key] = None if key in table and key != _plain(name) else number
    found = {}
    for match in MENTION.finditer(text):
        words = match[1].split(" ")
        for length in range(len(words), 0, -1):
            typed = " ".join(words[:length]).rstrip(".-'’")
            number = full.get(_plain(typed)) or (length == 1 and first.get(_plain(typed)))
            if number:
                found[typed] = number
                break
    return found


def in_reply(post, parent, text):
    """Return what `find` gives for a text that is to stand under `parent`, or for None begin a thread."""
    if "@" not in text:
        return {}
    return find(text, people(post, parent and parent.thread))


def _plain(name):
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())
