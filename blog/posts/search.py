"""Full-text search over the published posts, each in its own language."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Q

from blog.posts import lists
from blog.posts.models import SEARCH_CONFIGURATIONS, Authorship
from blog.posts.revisions import Revision
from blog.text.article import without_marks
from blog.text.extracts import START, STOP, highlighted, piece
from blog.web.memo import remembered

PAGE_POSTS = 20
MAX_CHARACTERS, MAX_WORDS = 200, 10  # of a question on the desk, where each word costs a look through all the texts
MOST_BYTES = 3 * 2**19  # of extracts: some ten pages of results
MAX_PAGES = 25  # nobody reads further, and the cost of a page grows with its number
QUOTES = str.maketrans("“”„«»", '"' * 5)  # phones type them, and PostgreSQL knows only the straight ones

# Ranking reads the whole vector of each text. In a small archive all that is found is ranked, in a large one the newest
# hits alone: a word that every fifth post has is not weighed in 20,000 of them.
SMALL_ARCHIVE_POSTS, MAX_OF_LARGE_ARCHIVE = 2_000, 100
IS_LARGE = f"SELECT EXISTS (SELECT FROM blog_post post WHERE {lists.PUBLISHED} OFFSET {SMALL_ARCHIVE_POSTS})"  # noqa: S608
QUERIES = {name: f"websearch_to_tsquery('{name}', %(words)s)" for name in SEARCH_CONFIGURATIONS.values()}
FOUND = " OR ".join(
    f"post.language = '{language}' AND post.search @@ {QUERIES[name]}"
    for language, name in SEARCH_CONFIGURATIONS.items()
)
# In any language: what the index alone can tell, without a look into each text for its language.
LIKELY = f"post.search @@ ({' || '.join(QUERIES.values())})"
QUERY = "CASE post.language {} END".format(
    " ".join(f"WHEN '{language}' THEN {QUERIES[name]}" for language, name in SEARCH_CONFIGURATIONS.items())
)
BEST = f"""
    WITH found AS MATERIALIZED (
        SELECT post.id FROM blog_post post WHERE {lists.PUBLISHED} AND {LIKELY}
        ORDER BY post.publish_at DESC, post.id DESC LIMIT {{most}}
    ), ranked AS (
        SELECT post.id, ts_rank(post.search, {QUERY}) AS rank, post.publish_at FROM found JOIN blog_post post USING (id)
        WHERE {FOUND}
    )
    SELECT id, row_number() OVER best AS place FROM ranked WINDOW best AS (ORDER BY rank DESC, publish_at DESC, id DESC)
    ORDER BY place OFFSET %(first)s LIMIT {PAGE_POSTS + 1}
"""  # noqa: S608
ASKED = ", ".join(f"({QUERIES[name]})::text" for name in SEARCH_CONFIGURATIONS.values())
MARKED = f"""
    SELECT ts_headline(name::regconfig, piece, websearch_to_tsquery(name::regconfig, %(words)s),
        'StartSel={START}, StopSel={STOP}, MaxWords=30, MinWords=12, MaxFragments=2')
    FROM unnest(%(names)s::text[], %(pieces)s::text[]) WITH ORDINALITY AS pieces (name, piece, place) ORDER BY place
"""  # noqa: S608


def search(words, page=1):
    """Return the Teasers on one page of the results, the best first, and whether more follow.

    Each has its `extract` as safe HTML. `words` is what a person types into a search box: quotes, "or" and
    a minus sign mean what they mean elsewhere (websearch_to_tsquery). Stop words alone find nothing.
    """
    words = words.translate(QUOTES)
    [[is_large]] = lists.rows(IS_LARGE, {})
    # The number stands in the text: of an unknown one the planner expects a tenth of the archive.
    best = BEST.format(most=MAX_OF_LARGE_ARCHIVE if is_large else MAX_PAGES * PAGE_POSTS)
    posts = lists.teasers_of(best, full_text=True, words=words, first=(page - 1) * PAGE_POSTS)
    shown = posts[:PAGE_POSTS]
    texts = tuple((post.language, f"{post.standfirst} {post.body}") for post in shown)
    extracts = _extracts(words, texts) if texts else ()
    found = [post._replace(body="", extract=extract) for post, extract in zip(shown, extracts, strict=True)]
    return found, len(posts) > PAGE_POSTS


@remembered(most_bytes=MOST_BYTES)
def _extracts(words, texts):
    """Return the extracts of texts, pairs of language and HTML. What the database is asked depends on nothing else."""
    [asked] = lists.rows(f"SELECT {ASKED}", {"words": words})
    queries = dict(zip(SEARCH_CONFIGURATIONS, asked, strict=True))
    names = [SEARCH_CONFIGURATIONS[language] for language, _html in texts]
    pieces = [piece(without_marks(html), queries[language]) for language, html in texts]
    marked = lists.rows(MARKED, {"words": words, "names": names, "pieces": pieces})
    return tuple(highlighted(text) for (text,) in marked)


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
