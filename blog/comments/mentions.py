"""Names that a text mentions: "@Åsa Ek" leads to what Åsa Ek wrote earlier in the same thread."""

import re
import unicodedata
from collections import defaultdict

from blog.comments.models import Comment

MAX_WORDS = 5  # of a name
CANDIDATES = 200  # the newest comments whose writers can be mentioned: more is nobody's conversation
ACCENTS = "\u0300-\u036f"  # some keyboards send å as a and a ring
WORD = rf"\w[\w{ACCENTS}'’.-]*"
MENTION = re.compile(rf"(?<!\w)@({WORD}(?:[ ]{WORD}){{0,{MAX_WORDS - 1}}})")


def people(post, thread=None):
    """Return a dict from names to the number of what that person wrote last, of a thread or of the whole post.

    The newest CANDIDATES comments count, of a thread the last ones in its order, and what everybody can see. One query,
    on an index that has that order: it reads no more of a longer discussion.
    """
    comments = Comment.objects.visible().filter(post=post)
    order = "-number"
    if thread is not None:
        comments, order = comments.filter(path__gte=[thread], path__lt=[thread + 1]), "-path"
    last = comments.order_by(order).values_list("name", "number")[:CANDIDATES]
    return dict(sorted(last, key=lambda row: row[1]))


def find(text, people):
    """Return a dict from each name as it stands in `text` behind an "@" to a number of `people`.

    Case, accents, spaces, hyphens and dots may differ ("@asaek" is Åsa Ek); of several spellings the one typed counts,
    else the newest. A first name is enough where only one person has it. The longest name counts. What fits nobody, or
    two, is left alone.
    """
    newest: dict[str, int] = {}
    full_names = defaultdict(set)
    for name, number in people.items():
        full = _plain(name)
        if not full:
            continue  # nothing but signs
        newest[full] = max(number, newest.get(full, 0))
        full_names[_plain(name.split()[0])].add(full)
    of_first = {first: newest[full.pop()] for first, full in full_names.items() if len(full) == 1}
    found = {}
    for match in MENTION.finditer(text):
        words = match[1].split(" ")
        for length in range(len(words), 0, -1):
            typed = " ".join(words[:length]).rstrip(".-'’")
            plain = _plain(typed)
            number = people.get(typed) or newest.get(plain) or (length == 1 and of_first.get(plain))
            if plain and number:
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
