"""What monitors read: whether the process lives and is ready, and its figures."""

import pytest

from project import health, metrics

TOKEN = "a-token-of-the-tests"


def test_healthz_asks_nothing_of_the_database(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]


def test_readyz_is_not_ready_before_the_migrations(client, monkeypatch):
    monkeypatch.setattr(health, "is_up_to_date", lambda: False)

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"The database is not up to date.")
    assert "no-store" in response["Cache-Control"]


def test_readyz_waits_a_second_at_most(client, monkeypatch):
    monkeypatch.setattr(health, "is_up_to_date", lambda: __import__("time").sleep(1.5))

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"The database does not answer.")


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer another", f"bearer {TOKEN}", f"Bearer {TOKEN}å"])
@pytest.mark.parametrize("token", ["", TOKEN])
@pytest.mark.django_db
def test_metrics_are_not_there_without_the_token(client, settings, token, header):
    settings.METRICS_TOKEN = token

    assert client.get("/metrics", headers={"Authorization": header}).status_code == 404


@pytest.mark.django_db
def test_metrics_count_by_view_and_never_by_what_a_visitor_sends(client, settings, monkeypatch):
    settings.METRICS_TOKEN = TOKEN
    monkeypatch.setattr("blog.web.requests.listeners", [metrics.note])

    client.get("/archive/")
    client.get("/finns-inte-hemligt/")
    client.generic("HITTEPÅ".encode().decode("latin-1"), "/archive/")
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()

    assert 'spalt_requests_total{method="GET",status="200",view="archive"}' in text
    assert 'spalt_requests_total{method="GET",status="404",view="none"}' in text
    assert 'method="other"' in text
    assert 'spalt_comments{state="held"} 0.0' in text
    assert "hemligt" not in text


def test_figures_of_the_page_cache_are_added_up(monkeypatch):
    seen = [{"hit": 3, "miss": 1, "bytes": 10, "entries": 2}, {"hit": 5, "miss": 1, "bytes": 7, "entries": 1}]
    monkeypatch.setattr("project.page_cache.front.figures", lambda: seen.pop(0))
    before = metrics.CACHED.labels("hit")._value.get()
    figures = metrics.PageCacheFigures()

    figures.publish()
    figures.publish()

    assert metrics.CACHED.labels("hit")._value.get() - before == 5
    assert metrics.CACHED_BYTES._value.get() == 7
