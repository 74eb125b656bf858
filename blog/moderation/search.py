"""Finding comments for moderators by words, person, network, link, post, state and time: each has an index."""

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q
from django.db.models.functions import Lower

MAX_CHARACTERS, MAX_WORDS = 200, 10  # of a question: each word costs a look into the index


def found(comments, asked):
    """Return those of a queryset of comments that `asked` describes; its keys are those of forms_queue.SearchForm.

    Missing and empty values ask for nothing.
    """
    comments = comments.alias(words=SearchVector("name", "text", config="simple"), address=Lower("email"))
    for name, value in asked.items():
        if value:
            comments = comments.filter(CONDITIONS[name](value))
    return comments


def _worded(text):
    """Has all the words in its name or text; the last one may go on."""
    words = _words(text)
    return Q(words=_query(" & ".join([*map(_quoted, words[:-1]), f"{_quoted(words[-1])}:*"]))) if words else Q()


def _by(text):
    """Written with this e-mail address, or by somebody of this name."""
    if "@" in text:
        return ~Q(email="") & Q(address=text.lower())
    words = _words(text)
    return Q(words=_query(" & ".join(map(_quoted, words)))) & Q(name__icontains=text) if words else Q(name=text)


def _words(text):
    # What a raw query would read as a sign of its own stands for a space.
    return text[:MAX_CHARACTERS].replace("\\", " ").replace("'", " ").split()[:MAX_WORDS]


def _quoted(word):
    return f"'{word}'"


def _query(expression):
    return SearchQuery(expression, config="simple", search_type="raw")


CONDITIONS = {
    "words": _worded,
    "person": _by,
    "author_key": lambda key: Q(author_key=key),
    "network_key": lambda key: Q(network_key=key),
    "domain": lambda domain: Q(fingerprint__domains__contains=[domain]),
    "state": lambda state: Q(state=state),
    "post": lambda posts: Q(post__in=posts),
    "since": lambda hour: Q(created_at__gte=hour),
    "until": lambda hour: Q(created_at__lt=hour),
}
