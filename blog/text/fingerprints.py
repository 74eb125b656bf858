"""When two comments say the same: the normal form of a text, and the keys made from it.

docs/duplicates.md states the rules for people.
"""

import hashlib
import hmac
import re
import unicodedata
from html import unescape

from django.conf import settings

from blog.text.links import without_tracking

WORDS = re.compile(r"\w+")
MIN_WORDS = 5
TAGS = re.compile(r"</?[a-zA-Z][^<>]*>")
MARKS = re.compile(r"[*_`~]+|^[ \t]*>+[ \t]?|^[ \t]*[-+][ \t]+", re.MULTILINE)
ADDRESSES = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
# Neither part goes on past the next "[": else thousands of these would each be tried to the end of the text.
LINKS = re.compile(r"\[([^][\n]*)\]\(([^)[\s]*)\)")
# Zero-width characters, soft hyphen, byte order mark, direction marks and variation selectors.
INVISIBLE = dict.fromkeys(
    [173, 8203, 8204, 8205, 8288, 65279, 8206, 8207, *range(8234, 8239), *range(8294, 8298), *list(range(65024, 65040))]
)
QUOTES = str.maketrans("“”„‟«»″‘’‚‛´`′", "\"\"\"\"\"\"\"'''''''")


def normal_form(source):
    """Return the text by which duplicates are found: NFKC, case-folded, white space and quotes of one kind,
    without mark-up and without the tracking parameters of links.

    Numbers, punctuation and letters with accents stay: they tell texts apart.
    """
    text = unescape(TAGS.sub(" ", source))
    text = LINKS.sub(r"\1 \2", text)
    text = ADDRESSES.sub(lambda match: without_tracking(match[0]), text)
    text = MARKS.sub("", text)
    text = unicodedata.normalize("NFKC", text).translate(INVISIBLE).casefold().translate(QUOTES)
    return " ".join(text.split())


def text_key(source):
    """Return 16 bytes that are equal for two comments with the same normal form."""
    return hashlib.blake2b(normal_form(source).encode(), digest_size=16).digest()


def author_key(*, user_id=None, email="", name="", network=""):
    """Return 16 bytes for one person, keyed with the site's secret: the account, else the e-mail address,
    else name and network address together. Never shown, and no way back to what it was made from.
    """
    if user_id is not None:
        person = f"user:{user_id}"
    elif email:
        person = f"email:{email.strip().casefold()}"
    else:
        person = f"name:{' '.join(name.casefold().split())}@{network}"
    return hmac.digest(settings.SECRET_KEY.encode(), b"author:" + person.encode(), "sha256")[:16]


def submission_key(author, post_id, parent_id, text):
    """Return 16 bytes for "this person sent this text to this place"; white space is all that may differ in the text.

    This is what the database keeps unique, so that no comment is stored twice. It holds the place to which
    the comment was sent, and stays as it is when a moderator's merge moves the comment later.
    """
    words = " ".join(unicodedata.normalize("NFC", text).split())
    place = f"{post_id}/{parent_id or ''}/".encode()
    return hashlib.blake2b(author + place + words.encode(), digest_size=16).digest()


def words_of(source):
    """Return the set of a text's words in their normal form, for `closeness`."""
    return set(WORDS.findall(normal_form(source)))


def closeness(first, second):
    """Return how much two sets of words have in common: 0 for nothing, 1 for the same words.

    The share of the words that both have, of all that either has (Jaccard); texts of under five words are close only
    if they are equal, since "I agree" says nothing twice.
    """
    if min(len(first), len(second)) < MIN_WORDS:
        return float(first == second and bool(first))
    return len(first & second) / len(first | second)
