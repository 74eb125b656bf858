import random
from collections import Counter

from django.db import transaction

from bench import data_set
from blog.comments import threads
from blog.comments.models import Comment, Discussion
from blog.posts.models import Post
from blog.tags.models import TaggedPost

SMALL = data_set.Size(posts=20, comments=200, named=(0, 18, 60))


def _writer():
    return data_set.Writer(random.Random(data_set.SEED))


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


def test_named_posts_get_exactly_their_comments():
    counts = Counter(data_set.places_of_comments(SMALL, random.Random(1)))

    assert [counts[place] for place in range(3)] == [0, 18, 60]
    assert counts.total() == 200


def test_the_chain_has_a_post_of_its_own():
    size = data_set.Size(posts=20, comments=200, named=(0, 18), chain=30)

    assert Counter(data_set.places_of_comments(size, random.Random(1)))[2] == 30


def test_comments_answer_earlier_ones_five_deep():
    comments = list(data_set.make_comments([1] * 60 + [2] * 30, _writer(), random.Random(1)))

    by_id = {comment.pk: comment for comment in comments}
    replies = [comment for comment in comments if comment.parent_id]
    assert [comment.number for comment in comments] == [*range(1, 61), *range(1, 31)]
    assert all(reply.path[:-1] == by_id[reply.parent_id].path for reply in replies)
    assert {comment.post_id == by_id[comment.parent_id].post_id for comment in replies} == {True}
    assert max(len(comment.path) for comment in comments) == 5


def test_a_chain_is_one_reply_under_the_other():
    chain, other = 7, 8

    comments = list(data_set.make_comments([chain, other] * 150, _writer(), random.Random(1), chain))

    in_chain = [comment for comment in comments if comment.post_id == chain]
    assert [comment.parent_id for comment in in_chain] == [None, *(comment.pk for comment in in_chain[:-1])]
    assert max(len(comment.path) for comment in in_chain) == threads.MAX_DEPTH + 1


def test_load_writes_the_same_rows_at_every_run(db):
    with transaction.atomic():
        first = _load_and_read()
        transaction.set_rollback(True)

    second = _load_and_read()

    assert first == second


def test_load_fills_the_tables(db):
    data_set.load(SMALL)

    assert (Post.objects.published().count(), Comment.objects.visible().count()) == (20, 200)
    counts = Discussion.objects.filter(post__slug__startswith="post-with-").order_by("visible_comments")
    assert list(counts.values_list("post__slug", "visible_comments", "last_number")) == [
        (data_set.slug_of(18), 18, 18),
        (data_set.slug_of(60), 60, 60),
    ]


def _load_and_read():
    data_set.load(SMALL)
    posts = Post.objects.order_by("publish_at").values_list("slug", "title", "standfirst", "body", "cover__key")
    tagged = TaggedPost.objects.order_by("content_object__slug", "tag__slug").values_list(
        "content_object__slug", "tag__slug"
    )
    comments = Comment.objects.order_by("pk").values_list("post__slug", "path", "name", "text", "created_at")
    return list(posts), list(tagged), list(comments)
