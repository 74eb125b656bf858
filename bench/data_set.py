"""The bench's posts and comments: the same ones at every run, in the shape of a blog of some years.

Words, comments and tags follow Zipf's law: few are common, most are rare. The text only looks like Swedish.
"""

import hashlib
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from blog.comments import threads
from blog.comments.models import Comment, Discussion
from blog.comments.submission import text_columns
from blog.posts.bylines import Byline
from blog.posts.images import Image
from blog.posts.models import Authorship, Post
from blog.posts.workflow import Status
from blog.tags.models import Tag, TaggedPost
from blog.text.fingerprints import author_key, submission_key

SEED = 600
START = datetime(2020, 1, 1, 8, tzinfo=UTC)
DAYS_BETWEEN_POSTS = 2
COMMENT_CHARACTERS = (80, 410)  # as wanted; the last sentence goes beyond
THREAD_LEVELS = 5
TAGS, BYLINES, IMAGES, PEOPLE = 40, 12, 30, 2000
COMMON_WORDS = (
    "och att det som en på är av för med till den har de inte om ett men var jag från vi så kan när nu här alla mot"
)


@dataclass(frozen=True)
class Size:
    posts: int
    comments: int
    named: tuple  # the numbers of comments of the posts that are measured; the rest is spread over the others
    chain: int = 0  # of so many replies, each to the one before, on the post after the named ones


FULL = Size(posts=1_000, comments=110_000, named=(0, 18, 1_000, 10_000, 50_000), chain=10_000)
CHAIN = "post-with-a-chain-of-replies"


def slug_of(comments):
    """Return the slug of the post with exactly so many comments, one of `Size.named`."""
    return f"post-with-{comments}-comments"


def search_word():
    """A word that about one post in five holds."""
    return Writer(random.Random(SEED)).words[300]


def ensure_loaded():
    """Fill the bench's database, unless it holds this data set already; return whether it had to be filled."""
    mark = _mark()
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')")
        if cursor.fetchone()[0] == mark:
            return False
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        call_command("migrate", verbosity=0)
        load(FULL)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(f"COMMENT ON SCHEMA public IS '{mark}'")
    return True


def forget_posted():
    """Delete the comments that a run has posted, so that the next one finds the same data set."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM blog_comment WHERE origin = 'form'")
        cursor.execute("DELETE FROM blog_letter")  # the mail that would prove the bench's address
        cursor.execute("DELETE FROM blog_address")
        cursor.execute(
            "DELETE FROM blog_discussion WHERE post_id IN (SELECT id FROM blog_post WHERE slug = %s)", [slug_of(0)]
        )
        cursor.execute("VACUUM ANALYZE blog_comment, blog_discussion")


def load(size):
    """Write a data set of this size into empty tables. Some minutes for the full one, mostly comment mark-up."""
    chance = random.Random(SEED)
    writer = Writer(chance)
    posts = _load_posts(size, writer, chance)
    places = places_of_comments(size, chance)
    Discussion.objects.bulk_create(
        Discussion(post_id=posts[place].pk, last_number=count) for place, count in sorted(Counter(places).items())
    )
    # Identifiers are given here, since a reply names its parent's before either is stored.
    chain = posts[len(size.named)].pk if size.chain else None
    comments = make_comments([posts[place].pk for place in places], writer, chance, chain)
    Comment.objects.bulk_create(comments, batch_size=1_000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('blog_comment', 'id'), %s)", [size.comments])


class Writer:
    """Writes sentences of made-up words, each as frequent as Zipf's law has it for its rank."""

    ONSETS = [*"bdfghjklmnprstv", "bl", "br", "dr", "fl", "fr", "gr", "kl", "kr", "pl", "sk", "sl", "st", "str", "tr"]
    VOWELS = "aaeeiouyåäö"
    CODAS = ["", "", "", "n", "r", "l", "t", "s", "nd", "ng", "rt", "ck"]
    ENDINGS = ["", "", "a", "en", "et", "ar", "er", "or", "ning", "het", "lig", "ande"]
    VOCABULARY = 6_000

    def __init__(self, chance):
        self.chance = chance
        rare = dict.fromkeys(self._make_word() for _ in range(self.VOCABULARY * 2))
        self.words = list(dict.fromkeys([*COMMON_WORDS.split(), *rare]))[: self.VOCABULARY]
        self.weights = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def _make_word(self):
        draw = self.chance.choice
        syllables = "".join(draw(self.ONSETS) + draw(self.VOWELS) + draw(self.CODAS) for _ in range(draw([1, 1, 2])))
        return syllables + draw(self.ENDINGS)

    def some_words(self, number):
        return self.chance.choices(self.words, cum_weights=self.weights, k=number)

    def rare_words(self, number):
        """Words that mean something: tags, titles."""
        return self.chance.sample(self.words[100:], number)

    def sentence(self):
        return " ".join(self.some_words(self.chance.randint(5, 18))).capitalize() + "."

    def paragraph(self, words):
        text = []
        while (left := words - sum(len(each.split()) for each in text)) > 0:
            text.append(self.sentence() if left > 18 else " ".join(self.some_words(left)).capitalize() + ".")
        return " ".join(text)

    def comment(self):
        """About 300 characters in one or two paragraphs, some with the mark-up that readers use."""
        text, wanted = self.sentence(), self.chance.randint(*COMMENT_CHARACTERS)
        while len(text) < wanted:
            text += self.chance.choice([" ", " ", " ", "\n\n"]) + self.sentence()
        marks = [f"> {self.sentence()}\n\n", f"*{self.words[200]}* ", f"https://blog.example/{self.words[300]} "]
        return (self.chance.choice(marks) if self.chance.random() < 0.2 else "") + text


def make_body(writer, images):
    """Return the HTML of one post: a lead, four sections with a quote, a list and a figure among them."""
    picture = writer.chance.choice(images)
    sections = [f"<p>{writer.paragraph(110)}</p>"]
    for extra in (
        f"<blockquote><p>{writer.paragraph(30)}</p></blockquote>",
        "<ul>" + "".join(f"<li><p>{writer.paragraph(10)}</p></li>" for _ in range(4)) + "</ul>",
        f'<figure><img src="{picture.src}" alt="{picture.alt}">'
        f"<figcaption>{writer.paragraph(10)}</figcaption></figure>",
        f'<p>{writer.paragraph(30)} <a href="https://blog.example/{writer.words[400]}">{writer.words[500]}</a></p>',
    ):
        heading = " ".join(writer.rare_words(3)).capitalize()
        sections.append(f"<h2>{heading}</h2><p>{writer.paragraph(50)}</p>{extra}<p>{writer.paragraph(40)}</p>")
    return "".join(sections)


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


def make_comments(post_ids, writer, chance, chain=None):
    """Yield an unsaved Comment for each post id, in the order of arrival, with ids counted from 1.

    On the post with the id `chain` each answers the one before.
    """
    earlier = defaultdict(list)
    for pk, post_id in enumerate(post_ids, 1):
        parent = (earlier[post_id] or [None])[-1] if post_id == chain else _parent(earlier[post_id], chance)
        person = f"{writer.words[100 + pk * 7 % PEOPLE]} {writer.words[2_200 + pk * 7 % PEOPLE]}".title()
        text = writer.comment()
        author = author_key(name=person)
        comment = Comment(
            pk=pk,
            post_id=post_id,
            parent_id=parent and parent.pk,
            number=len(earlier[post_id]) + 1,
            name=person,
            website="https://blog.example/" if pk % 8 == 0 else "",
            state=Comment.State.VISIBLE,
            origin=Comment.Origin.IMPORT,
            created_at=START + timedelta(days=DAYS_BETWEEN_POSTS * FULL.posts, minutes=pk),
            author_key=author,
            submission_key=submission_key(author, post_id, parent and parent.pk, text),
            **text_columns(text),
        )
        comment.path = threads.path_under(parent, comment.number)
        earlier[post_id].append(comment)
        yield comment


def _parent(earlier, chance):
    """One of the last comments of the post, or None for a thread of its own: one comment in five begins one."""
    answerable = [comment for comment in earlier[-20:] if comment.depth < THREAD_LEVELS - 1]
    return chance.choice(answerable) if answerable and chance.random() < 0.8 else None


def _load_posts(size, writer, chance):
    images = Image.objects.bulk_create(
        Image(key=f"{number:016x}", width=1600, height=1067, alt=writer.words[number + 100]) for number in range(IMAGES)
    )
    names = [" ".join(writer.rare_words(2)).title() for _ in range(BYLINES)]
    bylines = Byline.objects.bulk_create(
        Byline(name=name, slug=f"byline-{i}", bio=writer.sentence()) for i, name in enumerate(names)
    )
    tags = Tag.objects.bulk_create(Tag(name=word, slug=f"tag-{i}") for i, word in enumerate(writer.rare_words(TAGS)))
    posts = Post.objects.bulk_create(_make_posts(size, writer, images), batch_size=200)
    tag_weights = [1 / rank for rank in range(1, TAGS + 1)]
    TaggedPost.objects.bulk_create(
        TaggedPost(content_object=post, tag=tag)
        for post in posts
        for tag in dict.fromkeys(chance.choices(tags, tag_weights, k=3))
    )
    Authorship.objects.bulk_create(Authorship(post=post, byline=chance.choice(bylines)) for post in posts)
    return posts


def _make_posts(size, writer, images):
    # The measured ones are the oldest: the front page shows ten of the others.
    slugs = [slug_of(comments) for comments in size.named] + [CHAIN] * bool(size.chain)
    for number in range(size.posts):
        hour = START + timedelta(days=DAYS_BETWEEN_POSTS * number)
        yield Post(
            title=" ".join(writer.rare_words(5)).capitalize(),
            slug=slugs[number] if number < len(slugs) else f"post-{number}",
            standfirst=writer.paragraph(30),
            body=make_body(writer, images),
            sign_off=writer.sentence(),
            cover=writer.chance.choice(images) if number % 2 else None,
            status=Status.APPROVED,
            publish_at=hour,
            first_published_at=hour,
            created_at=hour,
            updated_at=hour,
        )


def _mark():
    """What the data set follows from: this file and the tables."""
    migrations = settings.BASE_DIR / "blog" / "migrations"
    sources = [Path(__file__), *sorted(migrations.glob("*.py"))]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
