"""A comment that is sent: new ones on one post, as fast as they go; each is checked, compared and stored."""

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
FORM = Comment.objects.filter(origin=Comment.Origin.FORM).order_by()


def measured(name, site, nginx):
    """Return the Row. Failed if a comment was not stored, or not shown on the very next read."""
    forget_posted()
    try:
        with servers.site() as caching:
            check(caching)
        return _measured(name, site, nginx)
    finally:
        forget_posted()


def check(site):
    """Failed unless comments are stored, and each is on the page that is read next."""
    post = post_with(0)
    path = post.get_absolute_url()
    site.get(path)
    for number in range(TRIES):
        text = f"{data_set.words()[500 + number]} {number} {data_set.words()[900 + number]}"
        fields = urlencode({"token": token_for(post), "name": f"Kim {number}", "text": text})
        status, _headers, _body = site.post(f"{path}comments/write/", fields)
        _status, _headers, body = site.get(path)
        if status != 302 or text not in body.decode():
            raise measure.Failed(f"comment POST: answers {status}, or “{text}” is not on the page that is read next")


def _measured(name, site, nginx):
    post, before = post_with(0), FORM.count()
    path = f"{post.get_absolute_url()}comments/write/"
    script = [SCRIPT, urlencode({"token": token_for(post)}), " ".join(map(quote, data_set.words()[:2_000]))]
    row = measure.measure(name, site, path, size=0, nginx=nginx, file=nginx.put(b""), script=script)
    if FORM.count() - before < row.rps * measure.SECONDS:
        raise measure.Failed(f"{name}: only {FORM.count() - before} comments were stored")
    return row


def forget_posted():
    """Delete the comments that a run has posted, so that the next one finds the same data set."""
    Band.objects.filter(comment_id__in=FORM.values("pk")).delete()
    FORM.delete()
    Group.objects.filter(members=None).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM blog_discussion WHERE post_id = %s", [post_with(0).pk])
        cursor.execute("VACUUM ANALYZE blog_comment, blog_discussion, blog_fingerprint, blog_band")
