"""Who sent what: the keys by which a person and a sent comment are known, and how close two texts are."""

import hashlib
import hmac
import unicodedata

from django.conf import settings

from blog.text import wording

MIN_WORDS = 5


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
    """Return the set of a text's words, as wording.read has them, for `closeness`."""
    return set(wording.read(source).words)


def closeness(first, second):
    """Return how much two sets of words have in common: 0 for nothing, 1 for the same words.

    The share of the words that both have, of all that either has (Jaccard); texts of under five words are close only
    if they are equal, since "I agree" says nothing twice.
    """
    if min(len(first), len(second)) < MIN_WORDS:
        return float(first == second and bool(first))
    return len(first & second) / len(first | second)
