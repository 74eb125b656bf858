"""Full-text search over the published posts, each in its own language."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Q

from blog.posts import lists
from blog.posts.models import SEARCH_CONFIGURATIONS, Authorship
from blog.posts.revisions import Revision
from blog.text.extracts import START, STOP, highlighted, piece

PAGE_POSTS = 20
MAX_CHARACTERS, MAX_WORDS = 200, 10  # of a question on the desk, where each word costs a look through all the texts
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
QUERY = "CASE post.language {} END".format(
    " ".join(f"WHEN '{language}' THEN {QUERIES[name]}" for language, name in SEARCH_CONFIGURATIONS.items())
)
BEST = f"""
    WITH found AS MATERIALIZED (
        SELECT post.id FROM blog_post post WHERE {lists.PUBLISHED} AND ({FOUND})
        ORDER BY post.publish_at DESC, post.id DESC LIMIT %(most)s
    )
    SELECT post.id, ({QUERY})::text FROM found JOIN blog_post post USING (id)
    ORDER BY ts_rank(post.search, {QUERY}) DESC, post.publish_at DESC, post.id DESC
    OFFSET %(first)s LIMIT %(page)s + 1
"""  # noqa: S608
CHOSEN = "SELECT id, place FROM unnest(%(posts)s::bigint[]) WITH ORDINALITY AS chosen (id, place)"
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
    queries = dict(_best(words, (page - 1) * PAGE_POSTS))
    more = len(queries) > PAGE_POSTS
    posts = lists.teasers_of(CHOSEN, full_text=True, posts=list(queries)[:PAGE_POSTS])
    pieces = [piece(f"{post.standfirst} {post.body}", queries[post.pk]) for post in posts]
    names = [SEARCH_CONFIGURATIONS[post.language] for post in posts]
    marked = lists.rows(MARKED, {"words": words, "names": names, "pieces": pieces}) if posts else []
    return [
        post._replace(body="", extract=highlighted(text)) for post, (text,) in zip(posts, marked, strict=True)
    ], more


def _best(words, first):
    """Return pairs of a post's key and its query as text, the best first: those of one page, and one more."""
    [[is_large]] = lists.rows(IS_LARGE, {})
    most = MAX_OF_LARGE_ARCHIVE if is_large else MAX_PAGES * PAGE_POSTS
    return lists.rows(BEST, {"words": words, "most": most, "first": first, "page": PAGE_POSTS})


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
