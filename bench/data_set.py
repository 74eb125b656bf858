"""The bench's posts and comments: the same ones at every run, in the shape of a blog of some years.

Words, comments and tags follow Zipf's law: few are common, most are rare.
"""

import random
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from bench import loading, writer
from bench.writer import WORDS_OF_A_BODY, Writer, make_body
from blog.comments import regrouping, threads
from blog.comments.models import Comment
from blog.comments.submission import text_columns
from blog.posts.bylines import Byline
from blog.posts.images import Image
from blog.posts.models import Authorship, Post
from blog.posts.workflow import Status
from blog.tags.models import Tag, TaggedPost
from blog.text import wording
from blog.text.fingerprints import author_key

SEED = 600
START = datetime(2020, 1, 1, 8, tzinfo=UTC)
YEARS, LAST_MONTHS = timedelta(days=2_000), timedelta(days=300)  # of posts; then of comments
THREAD_LEVELS = 5
TAGS, BYLINES, IMAGES, PEOPLE = 40, 12, 30, 2_000
HELD, SPAM = 200, 50  # one in so many, but none on the named posts
SHOWN = "SELECT setval('blog_comment_shown', (SELECT max(id) FROM blog_comment))"
PENDING = """
INSERT INTO blog_fingerprint (comment_id, version, "full", core, characters, domains)
SELECT id, 0, 0, 0, 0, '{}' FROM blog_comment
"""
# As if each had been compared with the others, and were like none.
COMPARED = """
INSERT INTO blog_fingerprint (comment_id, version, "full", core, characters, domains)
SELECT id, %s, id, id, 300, '{}' FROM blog_comment
"""


@dataclass(frozen=True)
class Size:
    posts: int
    comments: int
    named: tuple  # the numbers of comments of the posts that are measured; the rest is spread over the others
    chain: int = 0  # of so many replies, each to the one before, on the post after the named ones
    words: int = WORDS_OF_A_BODY  # of each post
    texts: int = 0  # so many bodies and comments are written, and used again and again; 0: each has its own


BASE = Size(posts=1_000, comments=50_000, named=(0, 18, 1_000, 10_000))
CHAIN = "post-with-a-chain-of-replies"


def slug_of(comments):
    """Return the slug of the post with exactly so many comments, one of `Size.named`."""
    return f"post-with-{comments}-comments"


def words():
    """All the words, the commonest first."""
    return Writer(random.Random(SEED)).words


def search_word(length=WORDS_OF_A_BODY):
    """A word that about one post in five holds, if each has a length of so many words."""
    return words()[length // 2]


def ensure_loaded(size=BASE):
    """Fill the database, unless it holds this data set already; return whether it had to be filled."""
    return loading.ensure(size, [__file__, writer.__file__], load)


def load(size, cursor):
    """Write a data set of this size into empty tables."""
    chance = random.Random(SEED)
    writes = Writer(chance)
    with loading.bare(cursor, Post, TaggedPost, Comment):
        _load_posts(size, writes, chance, cursor)
        places = places_of_comments(size, chance)
        loading.copy(cursor, Comment, make_comments(size, places, writes, chance))
    cursor.execute(loading.DISCUSSIONS)
    cursor.execute(SHOWN)
    if size.texts:
        cursor.execute(COMPARED, [wording.VERSION])
    else:
        cursor.execute(PENDING)
        regrouping.regroup()


def places_of_comments(size, chance):
    """Return for every comment in turn the index of its post. The first posts are those of `size.named`."""
    counted = [*size.named, size.chain] if size.chain else size.named
    fixed = [place for place, comments in enumerate(counted) for _ in range(comments)]
    others = range(len(counted), size.posts)
    weights = [1 / rank for rank in range(1, len(others) + 1)]
    # Shuffled, as they come in: the comments of one post lie far apart on the disk.
    places = fixed + chance.choices(others, weights, k=size.comments - len(fixed))
    chance.shuffle(places)
    return places


def make_comments(size, places, words, chance):
    """Yield an unsaved Comment for each place, the index of a post, in the order of arrival; ids count from 1."""
    last = defaultdict(lambda: deque(maxlen=20))  # of each post
    numbers = defaultdict(lambda: count(1))
    said = _texts(lambda: text_columns(words.comment()), size.texts)
    people = [f"{words.words[100 + each]} {words.words[2_200 + each]}".title() for each in range(PEOPLE)]
    keys = [author_key(name=person) for person in people]
    named = len(size.named) + bool(size.chain)
    for pk, place in enumerate(places, 1):
        is_in_chain = size.chain and place == named - 1
        parent = (last[place] or [None])[-1] if is_in_chain else _parent(last[place], chance)
        number, person = next(numbers[place]), pk * 7 % PEOPLE
        comment = Comment(
            pk=pk,
            post_id=place + 1,
            parent_id=parent and parent.pk,
            number=number,
            path=threads.path_under(parent, number),
            name=people[person],
            website="https://blog.example/" if pk % 8 == 0 else "",
            origin=Comment.Origin.IMPORT,
            created_at=START + YEARS + LAST_MONTHS * (pk / size.comments),
            author_key=keys[person],
            submission_key=pk.to_bytes(16, "big"),
            **_state(pk, is_named=place < named),
            **next(said),
        )
        last[place].append(comment)
        yield comment


def _state(pk, is_named):
    told = {"told_at": START + YEARS}
    if not is_named and pk % HELD == 0:
        return told | {"state": Comment.State.HELD, "reason": Comment.Reason.NEW}
    if not is_named and pk % SPAM == 1:
        return told | {"state": Comment.State.SPAM}
    return told | {"state": Comment.State.VISIBLE, "shown": pk}


def _parent(earlier, chance):
    """One of the last comments of the post, or None for a thread of its own: one comment in five begins one."""
    answerable = [comment for comment in earlier if comment.depth < THREAD_LEVELS - 1]
    return chance.choice(answerable) if answerable and chance.random() < 0.8 else None


def _texts(write, number):
    """Yield texts without end: `number` of them, again and again; or always new ones, if it is 0."""
    if not number:
        while True:
            yield write()
    written = [write() for _ in range(number)]
    while True:
        yield from written


def _load_posts(size, words, chance, cursor):
    images = [
        Image(pk=pk, key=f"{pk:016x}", width=1600, height=1067, alt=words.words[pk + 100], created_at=START)
        for pk in range(1, IMAGES + 1)
    ]
    bylines = [
        Byline(pk=pk, name=" ".join(words.rare_words(2)).title(), slug=f"byline-{pk}", bio=words.sentence())
        for pk in range(1, BYLINES + 1)
    ]
    tags = [Tag(pk=pk, name=word, slug=f"tag-{pk}") for pk, word in enumerate(words.rare_words(TAGS), 1)]
    for model, rows in {Image: images, Byline: bylines, Tag: tags, Post: _make_posts(size, words, images)}.items():
        loading.copy(cursor, model, rows)
    loading.copy(cursor, TaggedPost, _tagged(size, chance))
    signed = (Authorship(pk=pk, post_id=pk, byline=chance.choice(bylines)) for pk in range(1, size.posts + 1))
    loading.copy(cursor, Authorship, signed)


def _tagged(size, chance):
    tags, weights, numbers = range(1, TAGS + 1), [1 / rank for rank in range(1, TAGS + 1)], count(1)
    for post in range(1, size.posts + 1):
        for tag in dict.fromkeys(chance.choices(tags, weights, k=3)):
            yield TaggedPost(pk=next(numbers), content_object_id=post, tag_id=tag)


def _make_posts(size, words, images):
    # The measured ones are the oldest: the front page shows ten of the others.
    slugs = [slug_of(comments) for comments in size.named] + [CHAIN] * bool(size.chain)
    bodies = _texts(lambda: make_body(words, images, size.words), size.texts)
    for number in range(size.posts):
        hour = START + YEARS * (number / size.posts)
        yield Post(
            pk=number + 1,
            title=" ".join(words.rare_words(5)).capitalize(),
            slug=slugs[number] if number < len(slugs) else f"post-{number}",
            standfirst=words.paragraph(30),
            body=next(bodies),
            sign_off=words.sentence(),
            cover=words.chance.choice(images) if number % 2 else None,
            status=Status.APPROVED,
            publish_at=hour,
            first_published_at=hour,
            created_at=hour,
            updated_at=hour,
        )
