"""Figures for Prometheus at /metrics: of all the web processes together, which write them into shared files."""

import os

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Sum
from django.http import Http404, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from procrastinate.contrib.django.models import ProcrastinateJob
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from blog.comments.models import Comment, Discussion
from blog.web import requests
from project.page_cache import front

METHODS = ("GET", "HEAD", "POST")
OUTCOMES = ("hit", "miss", "stale", "bypass")
COUNTED_STATES = ("visible", "merged", "removed", "spam")
BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)

ANSWERS = Counter("spalt_requests", "Requests that reached Django", ["view", "method", "status"])
SECONDS = Histogram("spalt_request_seconds", "Time to their answers", ["view"], buckets=BUCKETS)
QUERY_SECONDS = Counter("spalt_query_seconds", "Time that they waited for the database", ["view"])
CACHED = Counter("spalt_page_cache_requests", "Requests by what the page cache made of them", ["outcome"])
CACHED_BYTES = Gauge("spalt_page_cache_bytes", "Memory of the kept pages", multiprocess_mode="livesum")
CACHED_ENTRIES = Gauge("spalt_page_cache_entries", "Kept pages", multiprocess_mode="livesum")


@never_cache
@require_safe
def metrics(request):
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, settings.METRICS_TOKEN):
        raise Http404
    return HttpResponse(_shared() + _stored(), content_type=CONTENT_TYPE_LATEST)


def note(request, response, seconds, query_seconds):
    """Count an answer. The labels are the names of views, so no visitor can make up new ones."""
    view = request.resolver_match.view_name if request.resolver_match else "none"
    method = request.method if request.method in METHODS else "other"
    ANSWERS.labels(view, method, response.status_code).inc()
    SECONDS.labels(view).observe(seconds)
    QUERY_SECONDS.labels(view).inc(query_seconds)


class PageCacheFigures:
    """What the page cache of this process has counted since it was last asked."""

    def __init__(self):
        self.before = dict.fromkeys(OUTCOMES, 0)

    def publish(self):
        figures = front.figures()
        for outcome in OUTCOMES:
            now = figures.get(outcome, 0)
            CACHED.labels(outcome).inc(now - self.before[outcome])
            self.before[outcome] = now
        CACHED_BYTES.set(figures.get("bytes", 0))
        CACHED_ENTRIES.set(figures.get("entries", 0))


class Stored:
    """What is read from the database when it is asked for. Nothing here counts a million rows."""

    def collect(self):
        jobs = GaugeMetricFamily("spalt_jobs", "Jobs that are waiting, running or failed", labels=["status"])
        rows = ProcrastinateJob.objects.filter(status__in=["todo", "doing", "failed"])
        for status, number in rows.values_list("status").annotate(Count("id")):
            jobs.add_metric([status], number)
        yield jobs
        comments = GaugeMetricFamily("spalt_comments", "Comments by state", labels=["state"])
        sums = Discussion.objects.aggregate(**{state: Sum(f"{state}_comments") for state in COUNTED_STATES})
        for state, number in sums.items():
            comments.add_metric([state], number or 0)
        comments.add_metric(["held"], Comment.objects.held().count())
        yield comments


def _shared():
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)


def _stored():
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Stored())
    try:
        return generate_latest(registry)
    except DatabaseError:
        return b""


if settings.METRICS_TOKEN:
    requests.listeners.append(note)
