"""The wording of a comment, by which texts are compared whatever quotes, mark-up, accents or invisible signs differ.

docs/duplicates.md states the rules for people. Raise VERSION with every change: keys are stored.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import unescape
from urllib.parse import unquote

VERSION = 1

QUOTED_MARKED = re.compile(r"<blockquote\b.*?</blockquote>|\[quote\b[^]]*\].*?\[/quote\]", re.IGNORECASE | re.DOTALL)
END_OF_QUOTED = re.compile(r".*(?:</blockquote>|\[/quote\])", re.IGNORECASE | re.DOTALL)
LONGEST = 20_000  # characters: single signs stand for many, up to eighteen
QUOTED_LINE = re.compile(r"^[ \t]*(?:>|&gt;).*$", re.MULTILINE)
# Anna skrev: ”…” – in Swedish, English and their like; the quotation may be of several lines.
QUOTED_PERSON = re.compile(
    r"^[^\n\"”“«»:]{1,80}\b(?:skrev|skriver|säger|sa|wrote|writes|said|says)\b[^\n\"”“«»:]{0,40}:\s*"
    r"(?:[”“„\"][^”“\"]*[”“\"]|[«»][^«»]*[«»])",
    re.IGNORECASE | re.MULTILINE,
)
BLOCK = re.compile(r"</?(?:p|br|div|li|ul|ol|blockquote|pre|h\d|tr|td|th|table)\b[^<>]*>", re.IGNORECASE)
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# Zero-width characters, soft hyphen, byte order mark, direction marks, variation selectors.
INVISIBLE = dict.fromkeys(
    [0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070),
     *range(0xFE00, 0xFE10)]
)  # fmt: skip
MOJIBAKE = re.compile(r"[ÃÂâ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ¡-¿]")
UNUSUAL = re.compile("[^\0-\u024f–—‘’“”…•™€]")
# Most texts have none of these: no quotation, no sign that is invisible, composed or wrong, no link. To look for single
# signs takes a tenth of the time of an expression.
QUOTE_SIGNS, MOJIBAKE_SIGNS = "[<>&", "ÃÂâ"
PERSON_SIGN = re.compile(r":[^:]*[\"”“„«»]")
ODD_SIGN = re.compile("[^\0-\xac\xae-\u024f–—‘’“”…•™€]")
LINK_SIGN = re.compile(r"\.[^\W\d_]")
LOOKALIKES = str.maketrans(
    "абвгеёзиіјкмнорстухһԁӏқѕԛԝүАВЕЅІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβγεικνορτυχ",
    "abbreesuijkmnopctyxhdlksqwyABESIJKMHOPCTYXABEZHIKMNOPTYXabyeikvoptux",
)
NOT_WORDS = re.compile(r"[\W_]+")
WORD = re.compile(r"\w+")
# No longer than names can be, and begun at most once in a row of letters: a long row of signs takes no time.
LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"')\]]+"
    r"|(?<!\w)(?<!\w[.-])[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,8}\.[a-z]{2,6}(?:/[^\s<>\"')\]]*|\b)",
    re.IGNORECASE,
)
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
HOST = re.compile(r"^(?:https?://)?(?:[^/?#\\\s@]*@)*(?:www\.)?([^/?#:@\\\s]+)", re.IGNORECASE)
OPENING = re.compile(
    r"\s*(?:@[\w.-]+(?:[ ][A-ZÅÄÖ][\w.-]*)?\s*[:,!]?\s+"
    r"|(?:hej(?:san)?|hallå|tjena|hi|hello|hey|dear)\s+[\w.-]+(?:\s[A-ZÅÄÖ][\w.-]*)?\s*[:,!.]\s*)",
    re.IGNORECASE,
)
ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
UNCOMPOSED = str.maketrans("øæœðþ", "oaodt")
# What a byte of Windows-1252 becomes: a small letter without its accent, a digit, or a space. Most texts need no more.
PLAIN_BYTES = bytes(
    ord(base)
    if (
        base := unicodedata.normalize("NFD", bytes([byte]).decode("cp1252", "replace").casefold())[0].translate(
            UNCOMPOSED
        )
    )
    in ALPHABET
    else 32
    for byte in range(256)
)
NO_SMALL_BYTE = "ßµ"  # in lower case two letters, and one that has no byte
DIGITS = re.compile(r"\d+")
SPELLED_WORD = re.compile(r"[^\W_]+")
EMPHASIS = dict.fromkeys(map(ord, "*_~`"))  # mark-up that may stand within a word


@dataclass(frozen=True)
class Wording:
    """`full` is all words of a text, `core` those without links, addresses and a greeting; in lower case."""

    full: str
    core: str
    domains: frozenset  # of the links

    @cached_property
    def words(self):
        return self.core.split()

    @cached_property
    def in_order(self):
        """The words of the core by the alphabet, as one text."""
        return " ".join(sorted(self.words))

    @cached_property
    def numbers(self):
        return sorted(DIGITS.findall(self.core))


@lru_cache(maxsize=256)
def read(source):
    """Return the Wording of a comment's source, its own words only: what it quotes is another's.

    The whole text counts if nothing but a quotation is left; one without letters or digits, such as a row of emoji, is
    compared as it stands.
    """
    text = _tidy(_own(source))[:LONGEST]
    bare = EMAIL.sub(" ", text) if "@" in text else text
    links = LINK.findall(bare) if LINK_SIGN.search(bare) or "://" in bare else []
    without = LINK.sub(" ", bare) if links else bare
    greeting = OPENING.match(without)
    full = _plain(text) or "".join(text.split()).casefold()
    core = _plain(without[greeting.end() :]) if greeting else ""
    if not core:
        core = full if without is text else _plain(without) or full
    return Wording(full, core, frozenset(map(_host, links)))


def spelled(source):
    """Return the words of a text as they are spelled, in lower case: accents are kept, and whatever hides words is not.

    Invisible signs, look-alike letters, mark-up within a word and loose accents are gone.
    """
    letters = unicodedata.normalize("NFC", _tidy(source).casefold().translate(EMPHASIS))
    return SPELLED_WORD.findall("".join(each for each in letters if not unicodedata.combining(each)))


def domains(text):
    """Return the frozenset of the domains of the links in a text, or of an address."""
    return frozenset(map(_host, LINK.findall(text)))


def _own(source):
    if not (_has_any(QUOTE_SIGNS, source) or PERSON_SIGN.search(source)):
        return source
    # Behind the last end there is none to look for, however many begin there.
    quoted = end[0] if (end := END_OF_QUOTED.match(source)) else ""
    own = QUOTED_MARKED.sub("\n", quoted) + source[len(quoted) :]
    own = QUOTED_LINE.sub("", own)
    own = QUOTED_PERSON.sub("", own)
    if own == source:
        return source
    return own if WORD.search(TAG.sub(" ", own)) else source


def _tidy(text):
    text = TAG.sub("", BLOCK.sub(" ", text)) if "<" in text else text
    text = unescape(unescape(text)) if "&" in text else text
    may_be_wrong = _has_any(MOJIBAKE_SIGNS, text)
    if not (ODD_SIGN.search(text) or (may_be_wrong and MOJIBAKE.search(text))):
        return text
    text = text.translate(INVISIBLE)
    if MOJIBAKE.search(text):
        text = _repaired(text)
    text = unicodedata.normalize("NFC", text)
    if not UNUSUAL.search(text):
        return text
    return unicodedata.normalize("NFKC", text).translate(LOOKALIKES)


def _repaired(text):
    """UTF-8 that was read as Windows-1252 somewhere on its way."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _has_any(signs, text):
    return any(map(text.__contains__, signs))


def _plain(text):
    try:
        return _plain_of_bytes(text if not _has_any(NO_SMALL_BYTE, text) else text.casefold())
    except UnicodeEncodeError:
        return _plain_of_any_script(text.casefold())


def _plain_of_bytes(text):
    return " ".join(text.encode("cp1252").translate(PLAIN_BYTES).decode("ascii").split())


def _plain_of_any_script(text):
    try:  # some signs are letters of Windows-1252 in lower case only
        return _plain_of_bytes(text)
    except UnicodeEncodeError:
        letters = unicodedata.normalize("NFD", text).translate(UNCOMPOSED)
    return NOT_WORDS.sub(" ", "".join(each for each in letters if not unicodedata.combining(each))).strip()


def _host(link):
    """As a browser reads it: percent signs, invisible and wide signs, and other full stops hide no name."""
    # What LINK finds begins with a name.
    name = unquote(HOST.match(link)[1]).replace("\0", "").translate(INVISIBLE)  # type: ignore[index]
    return unicodedata.normalize("NFKC", name).replace("。", ".").casefold().rstrip(".")
