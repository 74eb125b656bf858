"""The walk itself: what is asked, and what of the answers and of the database's changes the table does not cover."""

import time
from http.cookies import SimpleCookie
from types import SimpleNamespace

from django.test import Client

from tests.permissions.visits import EITHER, EVERYBODY, FORGED, LIST, NOBODY, READERS

# --- What each action may write: tables (without "blog_"), and columns of a post that is there.
JOBS = "procrastinate_jobs procrastinate_events"  # a mail about it, or a look at its links
TEXT = """revision event pendingupdate taggedpost tag authorship source autosave post.title post.standfirst post.body
    post.sign_off post.language post.cover_id post.head post.shown post.updated_at"""
HOUR = "post.publish_at post.first_published_at post.updated_at pendingupdate effect event"
STEP = f"{TEXT} {HOUR} post.status"
COMMENT = "comment discussion fingerprint band group member"
MAY_WRITE = {
    "post.add": f"post {TEXT}",
    "post.change": f"{TEXT} post.slug presence",
    "post.plan": """post.comment_policy post.comments_close_after_days post.comments_pause_minutes
        post.updated_at""",
    "post.assign": "post.reviewer_id post.due_on post.priority post.updated_at event",
    "post.relate": "relation",
    "post.submit": "post.status pendingupdate event",
    "post.withdraw": "post.status pendingupdate event",
    "post.discard": "pendingupdate revision event post.head post.shown post.updated_at",
    "post.approve": STEP,
    "step": STEP,
    "hour": HOUR,
    "hour of update": HOUR,
    "post.delete": """post revision event pendingupdate taggedpost authorship source autosave presence effect seat note
        relation correction formerslug""",
    "post.correct": "correction event post.updated_at",
    "post.rename": "post.slug formerslug event",
    "post.note": "note",
    "post.resolve": "note",
    "post.invite": "seat event",
    "post.view": "savedfilter",
    "byline.add": "byline bylinelink",
    "byline.change": "byline bylinelink",
    "byline.delete": "byline bylinelink",
    "image.change": "image",
    "image.delete": "image",
    "tag.add": "tag",
    "tag.change": "tag tagslug taggedpost",
    "tag.delete": "tag tagslug taggedpost",
    "comment.moderate": f"{COMMENT} different batch batchrow report appeal personnote",
    "ban.decide": f"{COMMENT} batch batchrow report ban",
    "word.add": "listedword",
    "word.change": "listedword",
    "word.delete": "listedword",
    "reason.add": "removalreason",
    "reason.change": "removalreason",
    "comment.pick": "comment batch batchrow",
    "batch.undo": f"{COMMENT} batch report appeal following ban",
    "appearance.change": "appearance",
    "front.arrange": "frontpost",
    "user.add": "auth_user auth_user_groups",
    "user.change": "auth_user auth_user_groups",
    "user.delete": "*",
    READERS: f"{COMMENT} allowance",
    "subscriber.delete": "subscriber delivery letter",
    EVERYBODY: "report allowance subscriber letter",
}
PERSONAL = {"autosave", "presence", "savedfilter"}  # nobody writes another's
SIGNATURES = {"by_id", "created_by_id", "invited_by_id", "user_id"}  # nobody signs for another
DOORS = ("/admin/login/", "/admin/account/sign-in/", "/admin/account/confirm/")


def sign_in(person, **how):
    """Return the browser of a person who has just confirmed the password, if there is one."""
    client = Client(raise_request_exception=False, headers={"accept-language": "en"}, **how)
    if person.is_authenticated:
        client.force_login(person)
        session = client.session
        session["account_authentication_methods_user"] = str(person.pk)
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session.save()
    return client


def walk(place, visits, client, ledger):
    """Yield a sentence for each deviation from the table."""
    for visit in visits:
        path = place.fill(visit.path)
        if visit.read and place.is_telling(visit.read):
            answer, changes = ask(client, ledger, "GET", path)
            for fault in _faults_of_reading(place, visit.read, answer, changes):
                yield f"GET {path} ({place.name}): {fault}"
        for deed in [deed for deed in visit.deeds if place.is_telling(deed.action, deed)]:
            body = forged(place) | deed.body(place)
            for fault in _faults_of_doing(place, visit, deed, *ask(client, ledger, "POST", path, body)):
                yield f"POST {path} {body.get('action', '')} ({place.name}, {deed.action}): {fault}"
        if not visit.deeds and place.is_telling(visit.read):  # a page that takes no answer does not mind one
            may = EITHER if place.may(visit.read) else visit.read
            for fault in _faults_of_reading(place, may, *ask(client, ledger, "POST", path, forged(place))):
                yield f"POST {path} ({place.name}): {fault}"


def ask(client, ledger, method, path, body=None):
    """Return the answer and the Changes. The client's cookies are as they were: signing out is undone, too."""
    cookies = client.cookies.copy()
    with ledger.watch() as changes:
        answer = client.post(path, body) if method == "POST" else client.get(path)
    client.cookies = SimpleCookie(cookies)
    return answer, changes


def forged(place):
    return {name: place.fill(text) for name, text in FORGED.items()}


def _faults_of_reading(place, action, answer, changes):
    if answer.status_code >= 500:
        yield "crashed"
    elif action != EITHER and _is_open(answer) != place.may(action):
        yield f"{answer.status_code} {answer.get('Location', '')}, but the table says {place.may(action)}"
    for change in changes:
        if name_of(change) != {"presence"} or not _is_own(place, change):
            yield f"changed {change}"


def _faults_of_doing(place, visit, deed, answer, changes):
    may = place.may(deed.action)
    if answer.status_code >= 500:
        yield "crashed"
    elif not may and answer.status_code in (200, 422) and not place.may(visit.read or NOBODY):
        yield f"showed a page ({answer.status_code})"
    if may and bool(changes) != bool(deed.takes_effect is None or deed.takes_effect(place)):
        yield f"answered {answer.status_code} {_errors(answer)} and changed {[name_of(change) for change in changes]}"
    kept = "autosave" if deed.keeps and place.may(LIST) else ""
    actions = [action for action in (deed.action, *deed.also.split()) if may and place.may(action)]
    writable = set(" ".join([kept, *(f"{JOBS} {MAY_WRITE.get(action, '')}" for action in actions)]).split())
    for change in changes:
        if not ("*" in writable or name_of(change) <= writable):
            yield f"wrote {sorted(name_of(change) - writable)}"
        if "*" not in writable and not _is_own(place, change):
            yield f"touched another's {change.table}: {change.before} → {change.after}"


def name_of(change):
    """The table, or of a post that stays there the columns, as in MAY_WRITE."""
    table = change.table.removeprefix("blog_")
    if table != "post" or not (change.before and change.after):
        return {table}
    return {f"post.{column}" for column in change.before if change.before[column] != change.after[column]}


def _is_own(place, change):
    """Whether a changed row belongs to the post and to the person, and is signed by no other."""
    row, table = change.after or change.before, change.table.removeprefix("blog_")
    if place.post and {"post": row.get("id"), "taggedpost": row.get("content_object_id")}.get(
        table, row.get("post_id", place.post.pk)
    ) not in (place.post.pk, None):
        return False
    if table in PERSONAL and change.after and row["user_id"] != place.person.pk:
        return False
    if table == "auth_user" and change.before and change.before["is_superuser"] != change.after["is_superuser"]:
        return False
    signs = change.after if change.before is None and table not in ("byline", "auth_user_groups") else {}
    return all(signs[column] in (None, place.person.pk) for column in SIGNATURES & signs.keys())


def _is_open(answer):
    if answer.status_code in (301, 302):
        return not answer["Location"].startswith(DOORS) and answer["Location"] != "/admin/"
    return answer.status_code == 200


def _errors(answer):
    context = answer.context or {}
    form = context.get("adminform") or context.get("form") or SimpleNamespace(errors="")
    return dict(form.errors or {}) if form else ""
