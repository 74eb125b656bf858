"""Full-text search over the published posts, each in its own language."""

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import Case, F, Func, Q, TextField, Value, When
from django.db.models.functions import Concat

from blog.posts.models import SEARCH_CONFIGURATIONS, Authorship, Post
from blog.posts.revisions import Revision
from blog.text.extracts import START, STOP, highlighted

PAGE_POSTS = 20
MAX_CHARACTERS, MAX_WORDS = 200, 10  # of a question on the desk, where each word costs a look through all the texts
MAX_PAGES = 25  # nobody reads further, and the cost of a page grows with its number
TAGS = "<[^>]*>"
QUOTES = str.maketrans("“”„«»", '"' * 5)  # phones type them, and PostgreSQL knows only the straight ones


def search(words, page=1, now=None):
    """Return the posts on one page of the results, the best first, and whether more follow.

    Each post has its `extract` as safe HTML. `words` is what a person types into a search box: quotes, "or" and
    a minus sign mean what they mean elsewhere (websearch_to_tsquery). Stop words alone find nothing.
    """
    first = (page - 1) * PAGE_POSTS
    queries = _queries(words)
    posts = (
        Post.objects.published(now)
        .filter(_found(queries))
        .for_lists()
        .annotate(rank=_by_language(queries, lambda query, _: SearchRank(F("search"), query)))
        .annotate(marked=_by_language(queries, _headline))
        .order_by("-rank", "-publish_at", "-pk")
    )
    rows = list(posts[first : first + PAGE_POSTS + 1])
    for post in rows:
        post.extract = highlighted(post.marked)
    return rows[:PAGE_POSTS], len(rows) > PAGE_POSTS


def on_the_desk(posts, words):
    """Return those of `posts`, in whatever state, that have all the words; the first ten count.

    A word is looked for in title, address and bylines as it is typed, and in the text by its stem; the newest text of
    a pending update is searched as it is typed.
    """
    words = words[:MAX_CHARACTERS]
    typed = list(dict.fromkeys(words.translate(QUOTES).replace('"', " ").split()))[:MAX_WORDS]
    if not typed:
        return posts
    named, pending = Q(), Q(number=F("post__head"), post__pending__isnull=False)
    for word in typed:
        signed = Authorship.objects.filter(byline__name__icontains=word).values("post")
        named &= Q(title__icontains=word) | Q(slug__icontains=word) | Q(pk__in=signed) | _found(_queries(word))
        places = [(f"content__{name}__icontains", word) for name in ("title", "standfirst", "body")]
        pending &= Q(*places, _connector=Q.OR)
    updates = Revision.objects.filter(pending).values("post")
    return posts.filter(named | _found(_queries(words)) | Q(pk__in=updates))


def _queries(words):
    return {
        language: SearchQuery(words.translate(QUOTES), config=configuration, search_type="websearch")
        for language, configuration in SEARCH_CONFIGURATIONS.items()
    }


def _found(queries):
    found = Q()
    for language, query in queries.items():
        found |= Q(language=language, search=query)
    return found


def _by_language(queries, expression):
    return Case(*[When(language=language, then=expression(query, language)) for language, query in queries.items()])


def _headline(query, language):
    # Only for the rows of one page: PostgreSQL evaluates a costly column after ORDER BY and LIMIT.
    words = Concat("standfirst", Value(" "), "body", output_field=TextField())
    text = Func(words, Value(TAGS), Value(" "), Value("g"), function="regexp_replace", output_field=TextField())
    return SearchHeadline(
        text,
        query,
        config=SEARCH_CONFIGURATIONS[language],
        start_sel=START,
        stop_sel=STOP,
        max_words=30,
        min_words=12,
        max_fragments=2,
    )
