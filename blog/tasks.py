"""Index of the jobs that the site gives itself; procrastinate finds this module by its name.

A job may run twice (its worker was killed in the middle, and another took it over): every task is idempotent.
"""

import logging

from django.core.management import call_command
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from blog.comments import fingerprints, groups, regrouping
from blog.comments.groups import AT_ONCE
from blog.moderation import lessons
from blog.newsletter import deliveries, editions, subscribing
from blog.posts import effects, links, notices, revisions
from blog.posts.effects import Heartbeat
from blog.posts.models import Post
from blog.receipts import digests, forgetting
from blog.review import mail
from blog.web import letters, shared

WORKER = "worker"  # its heartbeat's name
SILENT_SECONDS = 30  # a worker that lives says so every ten
MAX_ATTEMPTS = 5

logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context, timestamp, silent_seconds=SILENT_SECONDS):
    """Give the jobs of workers that were killed to those that live.

    A job that was in the hands of MAX_ATTEMPTS workers when they died is what killed them: it fails instead.
    """
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=silent_seconds):
        if job.id == context.job.id:  # this job runs: only its worker's word is late
            continue
        logger.warning("The worker of %s is gone (attempt %s).", job.call_string, job.attempts + 1)
        if job.attempts + 1 < MAX_ATTEMPTS:
            await jobs.retry_job(job, retry_at=timezone.now())
        else:
            await jobs.finish_job(job, status=Status.FAILED, delete_job=False)


@app.periodic(cron="17 4 * * *")
@app.task(queueing_lock="clear_sessions")
def clear_sessions(timestamp):
    """Remove the sessions that ended."""
    call_command("clearsessions")


@app.periodic(cron="27 * * * *")
@app.task(queueing_lock="forget_purges")
def forget_purges(timestamp):
    """Forget what was told to the page caches an hour ago."""
    shared.forget_purges()


@app.task
def run_effect(effect):
    """Do what happens besides when a post becomes public; `effect` is the key of an Effect."""
    effects.run(effect)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="every_minute")
def every_minute(timestamp):
    """Say that the worker is alive, and do the effects whose jobs were lost."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"at": timezone.now()})
    effects.run_due()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="tell_followers")
def tell_followers(timestamp):
    """Find the comments that nobody was told of, and write the mails that are due."""
    digests.announce()
    digests.send_due()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="find_duplicates")
def find_duplicates(timestamp):
    """Compare the comments that nobody has compared yet: imported ones, mentions, changed texts."""
    if regrouping.is_due():  # after a large import, or when the normalisation has changed
        regrouping.regroup()
    groups.catch_up(AT_ONCE)


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="learn_spam")
def learn_spam(timestamp):
    """Teach the filter of new comments what the moderators have decided since."""
    lessons.learn()


@app.periodic(cron="11 3 * * *")
@app.task(queueing_lock="forget")
def forget(timestamp):
    """Drop what goes back to a person, once it is old."""
    forgetting.forget()
    subscribing.forget_unconfirmed()
    deliveries.forget()
    fingerprints.forget_old()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="send_newsletter")
def send_newsletter(timestamp):
    """Make the week's letter once its hour has come, and write the mails of its subscribers."""
    editions.make_due()
    deliveries.write()


@app.task
def tell_mentioned(note, person):
    """Mail a member of the staff, by their key, that a note mentions them."""
    mail.tell_mentioned(note, person)


@app.task
def check_links(post):
    """Ask the other sites that a post's newest text points to. `post` is its key."""
    found = Post.objects.filter(pk=post).first()
    if found and not links.check_due(links.external(revisions.newest_content(found))):
        links.check_soon(post)  # time was not enough for all


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="check_published_links")
def check_published_links(timestamp):
    """Have the links of published posts asked again, some posts each day."""
    links.check_published_soon(timezone.localdate())


@app.task
def tell_of_event(event):
    """Mail those whom a row of the audit trail, given by its key, concerns."""
    notices.tell(event)


@app.task(retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def send_letter(letter):
    """Send a mail (blog/web/letters.py), given by its key; while the server does not take it, again for some hours."""
    letters.send(letter)
