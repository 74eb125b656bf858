"""Parts of pages that are made of nothing but what they are given: made once for the same words."""

from typing import NamedTuple

from django.template import Context, Engine, Template
from django.utils.translation import get_language

from blog.text import patterns
from blog.web.memo import remembered

MOST_BYTES = 4 * 2**20


def partial(name, **words):
    """Return the template `name` as safe HTML; it sees the words, which are hashable, and not the page around it.

    The template itself is part of what the result is remembered by, so that a changed one shows in development.
    """
    return _made(Engine.get_default().get_template(name), get_language(), tuple(words), *words.values())


@remembered(most_bytes=MOST_BYTES)
def _made(template, language, names, *values):
    return template.render(Context(dict(zip(names, values, strict=True))))


class Stencil(NamedTuple):
    """A template for many things of few kinds: rendered once for each kind, and filled in with the words of each thing.

    The template sees the fields of the kind, a hashable NamedTuple, and `same`, hashables that are the same for all; it
    decides by these alone. Of words it only says where they go: to them it applies no filter. A page makes its own,
    which is in the page's language.
    """

    template: Template
    language: str
    same: tuple

    @classmethod
    def named(cls, name, **same):
        return cls(Engine.get_default().get_template(name), get_language(), tuple(same.items()))

    def filled(self, kind, words):
        """Return safe HTML. `words` is a dict with the same keys for all things of a kind."""
        return patterns.filled(_pattern(*self, kind, tuple(words)), words)


@remembered(most_bytes=MOST_BYTES)
def _pattern(template, language, same, kind, names):
    marks = {name: patterns.mark(name) for name in names}
    return patterns.pattern(template.render(Context(dict(same) | kind._asdict() | marks)))
