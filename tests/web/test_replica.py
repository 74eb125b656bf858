"""Where a request reads: rules alone, on one database under two names. Real replicas: tests/server/test_hosts.py."""

import pytest
from django.db import OperationalError, connections, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from blog.comments.models import Comment
from blog.posts.models import Post
from blog.web import replica
from blog.web.replica import PRIMARY, REPLICA, ReadFromReplica, Router, Watch, mark_writers, primary_may_be_gone
from tests.factories import make_published

request_factory = RequestFactory()


class Steady:
    """A watch whose replica keeps up until somebody leaves it."""

    keeps_up = True
    say = Watch.say

    def is_alive(self):
        return True


class Connection:
    """Of the replica: whether it answers is all that is asked of it here."""

    error = None

    def close_if_health_check_failed(self):
        pass

    def ensure_connection(self):
        if self.error:
            raise self.error


@pytest.fixture
def beside(settings, monkeypatch):
    """A replica that keeps up, beside the test's own database."""
    monkeypatch.setitem(settings.DATABASES, REPLICA, settings.DATABASES[PRIMARY])
    monkeypatch.setattr(replica, "_watch", Steady())
    monkeypatch.setattr(connections._connections, REPLICA, Connection(), raising=False)
    return connections[REPLICA]


@pytest.fixture
def outside(monkeypatch):
    """As if the test itself held no transaction."""
    monkeypatch.setattr(connections[PRIMARY], "in_atomic_block", False)


def source_within(request, before=lambda: None):
    """The alias from which a view reads that this request reaches, after it has done what is to be done `before`."""

    def view(request):
        before()
        return HttpResponse(Router().db_for_read(Post))

    return ReadFromReplica(view)(request).content.decode()


@pytest.mark.parametrize("method", ["get", "head"])
def test_anonymous_page_is_read_from_the_replica(beside, outside, method):
    assert source_within(getattr(request_factory, method)("/")) == REPLICA


@pytest.mark.parametrize(
    "request_",
    [
        request_factory.post("/2026/11/x/comment/"),
        request_factory.options("/"),
        request_factory.get("/admin/login/"),
        request_factory.get("/", headers={"Authorization": "Basic x"}),
        *(
            request_factory.get("/", headers={"Cookie": f"{name}=1"})
            for name in ("sessionid", "held", "messages", "wrote")
        ),
    ],
)
def test_all_else_is_read_from_the_primary(beside, outside, request_):
    assert source_within(request_) == PRIMARY


def test_nothing_is_read_from_the_replica_outside_of_requests(beside, outside):
    source_within(request_factory.get("/"))

    assert Router().db_for_read(Post) == PRIMARY


def test_what_is_read_after_a_write_is_read_from_the_primary(beside, outside):
    assert source_within(request_factory.get("/"), before=lambda: Router().db_for_write(Post)) == PRIMARY
    assert source_within(request_factory.get("/")) == REPLICA


def test_transaction_reads_from_the_primary(beside, outside, monkeypatch):
    begin = lambda: monkeypatch.setattr(connections[PRIMARY], "in_atomic_block", True)  # noqa: E731

    assert source_within(request_factory.get("/"), before=begin) == PRIMARY


def test_page_is_read_from_the_primary_when_the_replica_does_not_answer(beside, outside):
    beside.error = OperationalError("connection refused")

    assert source_within(request_factory.get("/")) == PRIMARY
    assert replica.pages_from() == PRIMARY


def test_site_without_a_replica_reads_from_the_primary(outside):
    assert source_within(request_factory.get("/")) == PRIMARY


def test_row_of_the_replica_is_saved_in_the_primary_and_related_there(db):
    post = make_published()
    post._state.db = REPLICA
    post.title = "Another"

    post.save(update_fields=["title"])
    comment = Comment(post=post, name="A", text="b")

    assert post._state.db == PRIMARY
    assert comment.post == post
    assert Post.objects.get().title == "Another"


@pytest.mark.parametrize(
    ("steps", "verdicts"),
    [
        # (what the replica has replayed, what the primary has written): at each look
        ([(10, 10), (10, 10)], [True, True]),
        ([(10, 12)], [False]),  # nobody knows for how long
        ([(10, 10), (12, 15), (15, 20)], [True, True, True]),  # always behind, never for two looks
        ([(10, 10), (10, 15), (14, 20), (21, 30)], [True, True, False, True]),
        ([(10, 10), (None, 10), (10, 10)], [True, False, True]),  # the replica is away
        ([(10, 10), (10, None), (10, None)], [True, True, True]),  # the primary is away
        ([(10, None), (10, 12)], [True, False]),  # the primary is back, the replica has not heard of it yet
        ([(None, None)], [False]),
    ],
)
def test_replica_keeps_up_that_has_by_now_what_was_written_before(monkeypatch, steps, verdicts):
    watch, answers = Watch(), iter([each for step in steps for each in step])
    monkeypatch.setattr(watch, "_ask", lambda alias, question: next(answers))

    assert [watch.look() for _step in steps] == verdicts


def test_page_is_made_again_from_the_primary_when_the_replica_fails(beside, outside, rf):
    sources = []

    def view(request, slug):
        sources.append(Router().db_for_read(Post))
        if sources[-1] == REPLICA:
            raise OperationalError("canceling statement due to conflict with recovery")
        return HttpResponse(slug)

    def get_response(request):
        request.resolver_match = view, (), {"slug": "x"}
        with pytest.raises(OperationalError) as raised:
            view(request, "x")
        return middleware.process_exception(request, raised.value)

    middleware = ReadFromReplica(get_response)
    answer = middleware(rf.get("/"))

    assert (answer.content, sources) == (b"x", [REPLICA, PRIMARY])
    assert replica.pages_from() == PRIMARY  # until it is looked at again


def test_failure_of_the_primary_or_of_our_own_is_left_to_others(beside, outside, rf):
    middleware = ReadFromReplica(lambda request: middleware.process_exception(request, error))
    error = OperationalError("gone")
    assert middleware(rf.post("/")) is None

    error = ValueError("ours")
    assert middleware(rf.get("/")) is None
    assert replica.pages_from() == REPLICA


def test_who_has_written_carries_a_cookie_for_some_seconds(rf, db):
    answer = mark_writers(lambda request: HttpResponse(make_published().title))(rf.post("/"))

    cookie = answer.cookies["wrote"]
    assert (cookie.value, cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("1", 10, True, "Lax")


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_only_reads_gets_no_cookie(rf, db, method):
    def read(request):
        with transaction.atomic():
            return HttpResponse(Post.objects.count())

    assert not mark_writers(read)(getattr(rf, method)("/")).cookies


def test_page_that_takes_a_due_update_sets_no_cookie(rf, db):
    assert not mark_writers(lambda request: HttpResponse(make_published().title))(rf.get("/")).cookies


def test_page_is_read_from_the_replica_when_a_due_update_cannot_be_taken(beside, outside):
    def take():
        with primary_may_be_gone():
            Router().db_for_write(Post)
            raise OperationalError("connection refused")

    assert source_within(request_factory.get("/"), before=take) == REPLICA
    with pytest.raises(OperationalError):
        source_within(request_factory.get("/", headers={"Cookie": "sessionid=1"}), before=take)
