"""What surrounds the open form of a post: unsaved text, who else has it open, and both texts of a clash."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog import policy
from blog.editing.models import Autosave, Presence
from blog.posts.bylines import Byline
from blog.posts.images import Image
from blog.text import difference
from blog.text.sanitise import clean_post_html
from blog.web.parameters import as_uuid, as_whole_number

HERE = timedelta(seconds=45)  # since the last sign of an open form; it gives one every 15 seconds
NOT_KEPT = {"csrfmiddlewaretoken", "_step", "_save", "_continue"}
MAX_KEPT_BYTES = 2_000_000
CHOICE, SETTLED_AT = "choice-", "settled_at"
FIELDS = {
    "title": gettext_lazy("title"),
    "standfirst": gettext_lazy("standfirst"),
    "body": gettext_lazy("body"),
    "sign_off": gettext_lazy("sign-off line"),
    "language": gettext_lazy("language"),
    "bylines": gettext_lazy("bylines"),
    "cover": gettext_lazy("cover image"),
    "sources": gettext_lazy("sources"),
}


def keep(user, fields, *, post=None, form_key=None):
    """Keep what `user` has typed into a form (a QueryDict); the last one counts."""
    typed = {name: values for name, values in fields.lists() if name not in NOT_KEPT and not name.startswith(CHOICE)}
    if sum(len(value) for values in typed.values() for value in values) > MAX_KEPT_BYTES:
        return
    typed = {name: [value.replace("\0", "") for value in values] for name, values in typed.items()}
    columns = {"fields": typed, "at": timezone.now()}
    Autosave.objects.update_or_create(user=user, post=post, form_key=form_key, defaults=columns)


def forget(user, **of):
    """Drop what was kept: it is saved now, or its writer does not want it."""
    if all(of.values()):
        Autosave.objects.filter(user=user, **of).delete()


def unsaved(request, post):
    """The form's fields as they were kept, for an address that asks for them (?unsaved=…); else None."""
    kept = _gone_on_with(request, post)
    return _as_sent(kept.fields) if kept else None


def form_key(request):
    """The key of the form of a new post. A text that its writer goes on with keeps its own: it is saved once."""
    kept = _gone_on_with(request, None)
    return as_uuid(request.POST.get("form_key", "")) or (kept.form_key if kept else uuid4())


def _gone_on_with(request, post):
    wanted = request.GET.get("unsaved", "")
    of = {"post": post} if post else {"form_key": as_uuid(wanted)}
    return Autosave.objects.filter(user=request.user, **of).first() if wanted and all(of.values()) else None


def _as_sent(fields):
    sent = QueryDict(mutable=True)
    for name, values in fields.items():
        sent.setlist(name, values)
    return sent


def around_the_form(request, post):
    """The template's context: the person's unsaved text, and who else has the form open."""
    gone_on_with = _gone_on_with(request, post) if request.method == "GET" else None
    if post is None:
        return {"gone_on_with": gone_on_with}
    now = timezone.now()
    if request.method == "GET" and policy.may(request.user, "post.change", post):
        be_here(request.user, post, now)
    is_opened_anew = request.method == "GET" and "unsaved" not in request.GET
    kept = Autosave.objects.filter(user=request.user, post=post).first() if is_opened_anew else None
    return {"unsaved": kept, "gone_on_with": gone_on_with, "others": who_else(request.user, post, now)}


def be_here(user, post, now=None):
    Presence.objects.update_or_create(user=user, post=post, defaults={"seen_at": now or timezone.now()})


def who_else(user, post, now=None):
    """A sentence about the others who have the form open, or nothing. It is advice: nobody is locked out."""
    since = (now or timezone.now()) - HERE
    others = Presence.objects.filter(post=post, seen_at__gt=since).exclude(user=user).select_related("user")
    names = [other.user.get_full_name() or other.user.get_username() for other in others[:5]]
    if not names:
        return ""
    if len(names) == 1:
        return _("%(name)s is editing this now.") % {"name": names[0]}
    return _("%(names)s are editing this now.") % {"names": ", ".join(names)}


@dataclass
class Place:
    """One clash as a person sees it: the name of its choice, and both texts with what is different marked."""

    name: str
    label: str
    mine: str  # HTML
    theirs: str
    may_be_both: bool


def clash_context(request, post, clash):
    """The context of the page on which a person settles a clash: every field as it was sent, and the places."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    sent = [(name, value) for name, value in sent if not name.startswith(CHOICE) and name != SETTLED_AT]
    return {
        "post": post,
        "head": clash.head,
        "sent": [pair for pair in sent if pair[0] != "csrfmiddlewaretoken"],
        "places": [_place(each) for each in clash.clashes],
        "last": post.revisions.filter(number=clash.head).select_related("by").first(),
    }


def _place(clash):
    name = f"{CHOICE}{clash.field}-{clash.place}"
    both = clash.field in ("body", "standfirst", "bylines", "sources")
    if clash.field == "body":
        mine, theirs = (difference.inline(clean_post_html(clash.base), clean_post_html(text))
                        for text in (clash.mine, clash.theirs))  # fmt: skip
    else:
        mine, theirs = (difference.words(_words(clash.field, clash.base), _words(clash.field, text))[1]
                        for text in (clash.mine, clash.theirs))  # fmt: skip
    return Place(name, str(FIELDS[clash.field]), mine, theirs, both)


def _words(field, value):
    if field == "bylines":
        names = dict(Byline.objects.filter(pk__in=value).values_list("pk", "name"))
        return ", ".join(names.get(key, "–") for key in value)
    if field == "sources":
        return "\n".join(" ".join(source) for source in value)
    if field == "cover":
        return str(Image.objects.filter(pk=value).first() or "–")
    return value


def choices(request):
    """What the person chose for each place of a clash, and when, as arguments of `saving.save`."""
    sent = request.POST
    chosen = {}
    for name, value in sent.items():
        field, _dash, place = name.removeprefix(CHOICE).rpartition("-")
        if name.startswith(CHOICE) and place.isdecimal() and value in ("mine", "theirs", "both"):
            chosen[field, int(place[:6])] = value
    return {"choices": chosen if SETTLED_AT in sent else None, "settled_at": as_whole_number(sent.get(SETTLED_AT, ""))}
