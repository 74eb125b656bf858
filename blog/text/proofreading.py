"""What is wrong with a text as it stands on the page: each function looks at one block of a post's sanitised HTML."""

import re
from html import unescape

from blog.text.blocks import TAG, VOID
from blog.text.sanitise import BLOCK_END, plain_text

PICTURE = re.compile(r"<img\b([^<>]*)>")
# What begins anew before it ends is taken from the later beginning: no end is looked for twice.
LINK = re.compile(r"<a\b([^<>]*)>([^<]*+(?:<(?!/?a\b)[^<]*+)*+)</a>")
HEADING = re.compile(r"<h([2-4])>([^<]*+(?:<(?!/?h[2-4]\b)[^<]*+)*+)</h\1>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
CODE = re.compile(r"<(code|pre)\b[^<>]*>[^<]*+(?:<(?!/?\1\b)[^<]*+)*+</\1>")
BOLD_LINE = re.compile(r"\s*<p>\s*<strong>([^<]+)</strong>\s*(?:(</p>)|<br>)")
SMALL_TAGS = re.compile(r"</?(?:em|s|sub|sup)>")
HEADING_CHARACTERS = 80
EMPTY = re.compile(
    r"<(p|h[2-4]|li|blockquote)>(?:\s|&nbsp;|\xa0|\u200b|\ufeff|<br>|</?(?:strong|em|s|code|sub|sup|a)\b[^<>]*>)*</\1>"
)

# Mark-up that readers would see. An article about HTML writes its tags as code, where nobody looks for them.
ELEMENTS = (
    r"(?:a|abbr|b|blockquote|br|center|cite|code|div|em|embed|figcaption|figure|font|form|h[1-6]|hr|i|iframe|img|input"
    r"|li|object|ol|p|param|pre|s|script|section|small|span|strong|style|sub|sup|table|tbody|td|th|tr|u|ul|video)"
)
CUT = re.compile(
    rf"<{ELEMENTS}\s+[\w:-]+\s*=[^<>\n]*>?"  # with an attribute, whole or not
    rf"|</{ELEMENTS}(?=\s|$)"  # an end tag without its >
    rf"|<{ELEMENTS}(?:\s+[a-z-]*)?/?$"  # the text ends within a tag
    r"|<!--.*",
    re.IGNORECASE | re.MULTILINE,
)
WHOLE = re.compile(rf"<(/?)({ELEMENTS})\s*/?>", re.IGNORECASE)
ENTITY = re.compile(r"&(?:amp|nbsp|quot|lt|gt|#x?[0-9a-f]+|[aou]uml|aring);", re.IGNORECASE)
SHORTCODE = re.compile(
    r"(?<!\[)\[(?:[a-z][\w-]*\s+[\w-]+=[^\]\n]*(?:\]|$)"
    r"|/?(?:wp_)?(?:caption|embed|gallery|playlist)\]|/(?:audio|code|quote|sourcecode|video|youtube|(?:vc|et|su)_\w+)\])",
    re.IGNORECASE | re.MULTILINE,
)

# Where a link begins and ends: private-use characters, which no text holds.
BEGIN, END = "\ue000", "\ue001"
LETTER = r"[^\W\d_]"
EDGE = re.compile(rf"{END}?{BEGIN}|{END}")
WORD_BEFORE = re.compile(rf"\w*(?:\w|{LETTER}[.,;:!?…])$")
WORD_AFTER = re.compile(rf"{LETTER}\w*")
MAX_WORD = 60  # characters of a word that are looked at


def _each(words):
    return frozenset(words.split())


# What Swedish and English add to a linked word: Googles, bloggen, linked.
ENDINGS = _each("ar arna ars d ed en ens er erna ers es et ets ing n na nas ns or orna r rna s t")

COMMON_WORDS = {
    "sv": _each("och att det är som inte på av ett den har till jag vi du kan från hur också eller där när ska"),
    "en": _each("the and of to is that it was with as are this you not be have from by they but what there"),
}
MIN_COMMON_WORDS = 10  # fewer tell nothing


def pictures(block):
    """Return pairs of address and alt text, in order."""
    found = (_attributes(tags) for tags in PICTURE.findall(block))
    return [(attributes.get("src", ""), attributes.get("alt", "")) for attributes in found]


def links(block):
    """Return pairs of address and words, in order."""
    return [(_attributes(tags).get("href", ""), plain_text(words)) for tags, words in LINK.findall(block)]


def headings(block):
    """Return pairs of level, 2 to 4, and words, in order."""
    return [(int(level), plain_text(words)) for level, words in HEADING.findall(block)]


def is_empty(block):
    """Whether it is, or holds, a paragraph, heading or list item with nothing in it; cells of a table may be empty."""
    return not block.lstrip().startswith("<table") and EMPTY.search(block) is not None


def bold_line(block):
    """Return the words of a paragraph that looks like a heading, or begins with a line that does, otherwise ""; and
    whether that is all of the paragraph."""
    line = BOLD_LINE.match(SMALL_TAGS.sub("", block))
    words = plain_text(line[1]) if line else ""
    is_one = words and len(words) <= HEADING_CHARACTERS and words[-1] not in ".,;…" and ". " not in words
    return (words, bool(line[2])) if line and is_one else ("", False)


def glued_words(block):
    """Return the words that run together at the beginning or end of a link, such as “sehär” in `se<a>här</a>`."""
    marked = re.sub(r"<a\b[^<>]*>", BEGIN, _without_code(block)).replace("</a>", END)
    marked = re.sub(r"<(?!/?(?:strong|em|s)\b)[^<>]*>", " ", marked)  # a footnote's <sup> stands close to its word
    text = unescape(TAG.sub("", marked))
    return list(filter(None, (_glued_at(edge, text) for edge in EDGE.finditer(text))))


def cut_markup(text):
    """Return the remnants of tags and shortcodes in a text that readers see, in order. See `visible`."""
    opened = {name.lower() for is_end, name in WHOLE.findall(text) if not is_end}
    strays = [tag for tag in WHOLE.finditer(text) if tag[1] and tag[2].lower() not in opened]
    found = [*CUT.finditer(text), *SHORTCODE.finditer(text), *strays]
    return [each[0].strip() for each in sorted(found, key=lambda each: each.start())]


def shown_markup(text):
    """Return whole tags and entities that readers would see as such."""
    return [each[0] for each in sorted([*WHOLE.finditer(text), *ENTITY.finditer(text)], key=lambda each: each.start())]


def visible(block):
    """Return the words that readers see, code left out, one line for each line on the page."""
    return unescape(TAG.sub("", BLOCK_END.sub(r"\n\g<0>", _without_code(block))))


def unbalanced(html):
    """Return the tags that ended without having begun, and those that are open at the end: none in sanitised HTML."""
    opened, odd = [], []
    for is_end, name, _attributes in TAG.findall(html):
        if not is_end and name not in VOID:
            opened.append(name)
        elif is_end and opened and opened[-1] == name:
            opened.pop()
        elif is_end:
            odd.append(f"</{name}>")
    return [*odd, *(f"<{name}>" for name in opened)]


def language_of(text):
    """Return "sv" or "en" if the text is plainly in that language, by its common words; "" if that is not plain."""
    words = re.findall(r"\w+", text.lower())
    counts = sorted((sum(word in common for word in words), language) for language, common in COMMON_WORDS.items())
    (fewer, _other), (most, language) = counts
    return language if most >= MIN_COMMON_WORDS and most > 4 * fewer else ""


def _attributes(tag):
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)}


def _without_code(block):
    return CODE.sub(" ", block)


def _glued_at(edge, text):
    before = WORD_BEFORE.search(text[max(0, edge.start() - MAX_WORD) : edge.start()])
    after = WORD_AFTER.match(text[edge.end() : edge.end() + MAX_WORD])
    if not before or not after:
        return ""
    is_ending = edge[0] == END and before[0][-1].isalpha() and after[0].lower() in ENDINGS
    is_number = edge[0] == END and before[0].isdecimal()  # as in 5G
    return "" if is_ending or is_number else before[0] + after[0]
