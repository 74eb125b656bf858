"""Listed words: found as whole words and in their inflections, never inside other words."""

from functools import lru_cache

from blog.text import wording

LISTED = "SELECT word FROM blog_listedword ORDER BY word"
VOWELS = "aeiouyåäö"
MIN_INFLECTED = 3  # characters: shorter words are found as they stand
# Swedish nouns, adjectives and verbs, and the English plural. An apostrophe parts words, so “casino’s” is “casino”.
ENDINGS = ("n", "en", "et", "t", "na", "ar", "arna", "er", "erna", "or", "orna", "a", "are", "ast", "aste", "e")
AFTER_VOWEL = ("n", "t", "r", "na", "rna", "d", "de", "nde", "en", "et", "ar", "arna", "er", "erna")
# Of a word in -a or -e those that take its place: flicka, flickor; pojke, pojkar; köpa, köpte.
IN_PLACE_OF_VOWEL = {"a": ("or", "orna", "er", "te"), "e": ("ar", "arna", "er", "erna")}


def matching(text, listed):
    """Return those of a tuple of words, or of several in a row, that stand in a text; sorted."""
    if not listed:
        return []
    words, index = wording.spelled(text), _index(listed)
    return sorted({
        entry for at, word in enumerate(words) for entry, rest in index.get(word, ()) if _follow(words, at + 1, rest)
    })  # fmt: skip


def forms(word):
    """Return the set of the forms in which a single word is found, itself among them; in lower case."""
    if len(word) < MIN_INFLECTED:
        return {word}
    stems = {word, *(f"{stem}{ending}" for stem, endings in _stems(word) for ending in endings)}
    return stems | {f"{form}s" for form in stems} | _english(word)


def _stems(word):
    """The stems of a word, with the endings that each can take."""
    yield word, AFTER_VOWEL if word[-1] in VOWELS else ENDINGS
    yield word[:-1], IN_PLACE_OF_VOWEL.get(word[-1], ())
    if word[-1] in "mn" and word[-2] in VOWELS:  # program, programmet
        yield word + word[-1], ENDINGS
    if word[-2] in "e" and word[-1] in "lnr":  # nyckel, nycklar; papper, papperet and pappret
        yield word[:-2] + word[-1], ("n", "en", "et", "ar", "arna", "a", "na")


def _english(word):
    if word[-1] == "y" and word[-2] not in VOWELS:
        return {f"{word[:-1]}ies"}
    return {f"{word}es"} if word.endswith(("s", "x", "z", "ch", "sh", "o")) else set()


@lru_cache(maxsize=1)  # made anew when the list has changed
def _index(listed):
    """A dict from each form of a first word to what is listed, with the forms of the words that follow."""
    index: dict[str, list] = {}
    for entry in listed:
        first, *rest = [forms(word) for word in wording.spelled(entry)] or [set()]
        for form in first:
            index.setdefault(form, []).append((entry, rest))
    return index


def _follow(words, at, rest):
    return len(words) >= at + len(rest) and all(
        word in form for word, form in zip(words[at : at + len(rest)], rest, strict=True)
    )
