"""A comment that is sent: new ones on one post, as fast as they go; each is checked, compared and stored."""

import time
from pathlib import Path
from urllib.parse import quote, urlencode

from django.db import connection

from bench import data_set, measure, servers
from bench.pages import post_with
from blog.comments.forms import token_for
from blog.comments.models import Comment
from blog.comments.models_duplicates import Band, Group

SCRIPT = Path(__file__).with_name("post_comment.lua")
TRIES = 20  # comments that are looked for on the page
SECONDS_UNTIL_READ = 1
FORM = Comment.objects.filter(origin=Comment.Origin.FORM).order_by()


def measured(name, nginx):
    """Return the Row. Failed if a comment was not stored, or not shown on the very next read."""
    forget_posted()
    try:
        # Many from one network are held, so each comes from one of its own, as it were through a proxy.
        with servers.site(TRUSTED_PROXIES="127.0.0.1") as site:
            check(site)
            return _measured(name, site, nginx)
    finally:
        forget_posted()


def check(site):
    """Print how soon comments are read. Failed unless each is on what its writer gets next, and soon on all pages."""
    post, latest = post_with(0), 0.0
    path = post.get_absolute_url()
    site.get(path)
    for number in range(TRIES):
        text = f"{data_set.words()[500 + number]} {number} {data_set.words()[900 + number]}"
        fields = urlencode({"token": _token(post), "name": f"Kim {number}", "text": text})
        status, headers, _body = site.post(f"{path}comments/write/", fields, {"X-Forwarded-For": f"10.{number}.8.9"})
        stored = time.monotonic()
        cookies = "; ".join(each.partition(";")[0] for each in headers.get_all("Set-Cookie", []))
        if status != 302 or text not in site.get(path, {"Cookie": cookies})[2].decode():
            raise measure.Failed(f"comment POST: answers {status}, or “{text}” is not on the page that is read next")
        while text not in site.get(path)[2].decode():
            if time.monotonic() > stored + SECONDS_UNTIL_READ:
                raise measure.Failed(f"comment POST: “{text}” is not shown to others after {SECONDS_UNTIL_READ} s")
        latest = max(latest, time.monotonic() - stored)
    print(f"{TRIES} comments: their writers read them next; everybody else after {1_000 * latest:.0f} ms at the latest")


def _measured(name, site, nginx):
    post, before = post_with(0), FORM.count()
    path = f"{post.get_absolute_url()}comments/write/"
    script = [SCRIPT, urlencode({"token": _token(post)}), " ".join(map(quote, data_set.words()[:2_000]))]
    row = measure.measure(name, site, path, size=0, nginx=nginx, file=nginx.put(b""), script=script)
    shown = FORM.filter(state=Comment.State.VISIBLE).count() - before
    if shown < row.rps * measure.SECONDS:
        raise measure.Failed(f"{name}: only {shown} comments were stored and are shown")
    return row


def _token(post):
    return token_for(post, began=time.time() - 60)  # who sends a form at once is taken for a program


def forget_posted():
    """Delete the comments that a run has posted, so that the next one finds the same data set."""
    Band.objects.filter(comment_id__in=FORM.values("pk")).delete()
    FORM.delete()
    Group.objects.filter(members=None).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM blog_discussion WHERE post_id = %s", [post_with(0).pk])
        cursor.execute("VACUUM ANALYZE blog_comment, blog_discussion, blog_fingerprint, blog_band")
