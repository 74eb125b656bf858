import random
from collections import Counter

from django.db import connection, transaction

from bench import data_set
from blog.comments import threads
from blog.comments.models import Comment, Discussion
from blog.comments.models_duplicates import Fingerprint
from blog.posts.models import Post
from blog.tags.models import TaggedPost
from blog.text import wording

SMALL = data_set.Size(posts=20, comments=400, named=(0, 18, 60))
CHEAP = data_set.Size(posts=20, comments=400, named=(0, 18, 60), chain=120, words=100, texts=7)


def _writer():
    return data_set.Writer(random.Random(data_set.SEED))


def _comments(size):
    chance = random.Random(1)
    return list(data_set.make_comments(size, data_set.places_of_comments(size, chance), _writer(), chance))


def test_writer_writes_the_same_at_every_run():
    assert _writer().paragraph(200) == _writer().paragraph(200)


def test_writer_keeps_to_the_number_of_words():
    assert len(_writer().paragraph(137).split()) == 137


def test_words_follow_zipfs_law():
    counts = Counter(_writer().some_words(100_000))

    commonest, second = (count for _word, count in counts.most_common(2))
    assert 1.8 < commonest / second < 2.2


def test_comments_have_about_300_bytes():
    writer = _writer()

    sizes = [len(writer.comment().encode()) for _ in range(500)]

    assert 270 < sum(sizes) / len(sizes) < 330


def test_the_base_is_what_the_goals_are_set_for():
    base = data_set.BASE

    assert (base.posts, base.comments, base.texts) == (1_000, 50_000, 0)
    assert {18, 1_000, 10_000} < set(base.named)


def test_named_posts_get_exactly_their_comments():
    counts = Counter(data_set.places_of_comments(SMALL, random.Random(1)))

    assert [counts[place] for place in range(3)] == [0, 18, 60]
    assert counts.total() == 400


def test_comments_answer_earlier_ones_five_deep():
    comments = _comments(SMALL)

    by_id = {comment.pk: comment for comment in comments}
    replies = [comment for comment in comments if comment.parent_id]
    of_the_third = [comment.number for comment in comments if comment.post_id == 3]
    assert of_the_third == [*range(1, 61)]
    assert all(reply.path[:-1] == by_id[reply.parent_id].path for reply in replies)
    assert {reply.post_id == by_id[reply.parent_id].post_id for reply in replies} == {True}
    assert max(len(comment.path) for comment in comments) == 5


def test_a_chain_is_one_reply_under_the_other_on_a_post_of_its_own():
    comments = [comment for comment in _comments(CHEAP) if comment.post_id == len(CHEAP.named) + 1]

    assert [comment.parent_id for comment in comments] == [None, *(comment.pk for comment in comments[:-1])]
    assert len(comments) == 120
    assert max(len(comment.path) for comment in comments) == threads.MAX_DEPTH + 1


def test_named_posts_have_visible_comments_only():
    comments = _comments(CHEAP)

    named = {comment.state for comment in comments if comment.post_id <= len(CHEAP.named) + 1}
    others = {comment.state for comment in comments if comment.post_id > len(CHEAP.named) + 1}
    assert named == {"visible"}
    assert others == {"visible", "held", "spam"}


def test_few_texts_are_used_again_and_again():
    assert len({comment.text for comment in _comments(CHEAP)}) == 7
    assert len({comment.text for comment in _comments(SMALL)}) == 400


def test_load_writes_the_same_rows_at_every_run(db):
    with transaction.atomic():
        first = _load_and_read()
        transaction.set_rollback(True)

    second = _load_and_read()

    assert first == second


def test_load_fills_the_tables(db):
    _load(SMALL)

    states = Counter(Comment.objects.values_list("state", flat=True))
    counts = Discussion.objects.filter(post__slug__startswith="post-with-").order_by("visible_comments")
    assert Post.objects.published().count() == 20
    assert states.total() == 400
    assert states["visible"] == sum(Discussion.objects.values_list("visible_comments", flat=True))
    assert list(counts.values_list("post__slug", "visible_comments", "last_number")) == [
        (data_set.slug_of(18), 18, 18),
        (data_set.slug_of(60), 60, 60),
    ]


def test_what_comes_after_a_load_continues_its_numbers(db):
    _load(CHEAP)

    post = Post.objects.get(slug=data_set.slug_of(18))
    comment = Comment.objects.create(
        post=post, number=19, path=[19], name="Kim", text="Hej", state="visible", author_key=b"", submission_key=b"19"
    )

    comment.refresh_from_db()
    assert (comment.pk, comment.shown) == (401, 401)
    assert Discussion.objects.get(post=post).visible_comments == 19


def test_every_comment_counts_as_compared(db):
    _load(CHEAP)

    assert set(Fingerprint.objects.values_list("version", flat=True)) == {wording.VERSION}
    assert Fingerprint.objects.count() == 400


def _load(size):
    with connection.cursor() as cursor:
        data_set.load(size, cursor)


def _load_and_read():
    _load(SMALL)
    posts = Post.objects.order_by("publish_at").values_list("slug", "title", "standfirst", "body", "cover__key")
    tagged = TaggedPost.objects.order_by("content_object__slug", "tag__slug").values_list(
        "content_object__slug", "tag__slug"
    )
    comments = Comment.objects.order_by("pk").values_list("post__slug", "path", "name", "text", "created_at")
    return list(posts), list(tagged), list(comments)
