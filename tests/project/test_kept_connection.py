"""A connection that is kept between requests: known to live without a question, and replaced when it died."""

import pytest
from django.db import connection

from blog.posts.models import Post

pytestmark = pytest.mark.django_db(transaction=True)


def test_living_connection_is_not_asked(monkeypatch):
    connection.ensure_connection()
    kept = connection.connection
    monkeypatch.setattr(kept, "cursor", None)  # whoever asked the server would fail

    assert connection.is_usable()


def test_connection_that_the_server_ended_is_replaced():
    connection.ensure_connection()
    kept, number = connection.connection, connection.connection.info.backend_pid
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
    other.close()
    connection.health_check_enabled, connection.health_check_done = True, False

    connection.close_if_health_check_failed()

    assert Post.objects.count() == 0
    assert connection.connection is not kept
