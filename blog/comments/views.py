"""Reading one comment's place, and writing a comment."""

from datetime import timedelta
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponseForbidden
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_cookie

from blog.comments import crossing, mentions, ownership, remembered, submission, threads
from blog.comments.forms import CommentForm
from blog.comments.models import Comment
from blog.posts import reading
from blog.posts.models import Post
from blog.receipts import following, keys
from blog.text.markup import quotation
from blog.web.origin import client_address, is_from_here
from blog.web.parameters import whole_number
from blog.web.rates import TooOften


@vary_on_cookie
@require_safe
def permalink(request, year, month, slug, number):
    """Send the reader to the page on which the comment stands; for a merged one, to the comment that was kept.

    What is gone has a place as long as replies stand under it; else its writer's wish is told.
    """
    post = Post.objects.published().called(slug)
    if post is None:
        raise Http404
    comment = get_object_or_404(post.comments.select_related("post", "merged_into__post"), number=number)
    if comment.merged_into:
        return redirect(comment.merged_into)
    own = ownership.own_ids(request)
    if threads.seen_by(own).filter(pk=comment.pk).exists() or comment.replies.visible().exists():
        return redirect(threads.address_of(comment, own, newest_first=request.GET.get("order") == threads.NEWEST))
    if comment.state not in (Comment.State.WITHDRAWN, Comment.State.ERASED):
        raise Http404
    return render(request, "blog/comments/taken_back.html", {"post": post, "comment": comment}, status=410)


@csrf_exempt  # blog.web.origin: public pages carry no CSRF cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request, year, month, slug):
    """The form on a page of its own, for a reply or after an error; POST stores the comment."""
    post = reading.to_write_about(slug) or Post.objects.published().called(slug)
    if post is None and request.method == "POST":
        return _gone(request)
    if post is None:
        raise Http404
    request.LANGUAGE_CODE = post.language
    with override(post.language):
        return _receive(request, post) if request.method == "POST" else _ask(request, post)


def _ask(request, post):
    parent = None
    if "reply_to" in request.GET:
        parent = get_object_or_404(post.comments, number=whole_number(request, "reply_to")).standing
        if parent is None:
            raise Http404
    initial = remembered.initial(request) | {"reply_to": parent and parent.number}
    if parent and "quote" in request.GET:
        initial["text"] = quotation(parent.text)
    return _form_page(request, post, CommentForm(post=post, initial=initial), parent)


def _receive(request, post):
    if not is_from_here(request):
        return HttpResponseForbidden(
            _("The form was sent from another site."), content_type="text/plain; charset=utf-8"
        )
    form = CommentForm(request.POST, post=post)
    wait = 0
    if form.is_valid():
        if "preview" in request.POST:
            return _preview(request, post, form)
        if crossed := _crossed(request, form.cleaned_data):
            form.prepare_second_try(asked=True)
            return _form_page(request, post, form, form.cleaned_data["reply_to"], status=409, crossed=crossed)
        try:
            return _stored(request, post, form.cleaned_data)
        except submission.PostGone:
            return _gone(request)
        except submission.ParentGone as refusal:
            form.add_error("reply_to", str(refusal))
        except submission.Closed as refusal:
            form.add_error(None, str(refusal))
        except TooOften as refusal:
            form.add_error(None, _too_often(post, refusal.seconds))
            wait = refusal.seconds
    form.prepare_second_try()
    parent = form.cleaned_data.get("reply_to")
    response = _form_page(request, post, form, parent and parent.standing, status=429 if wait else 422)
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _gone(request):
    """Taken down while somebody wrote: their words are given back, and nothing is said about the post."""
    return render(request, "blog/comments/gone.html", {"text": request.POST.get("text", "")}, status=404)


def _crossed(request, fields):
    parent, token = fields["reply_to"], fields["token"]
    parent = parent and parent.standing
    if not parent or token.asked:
        return []
    return crossing.replies_since(parent, token.seen, ownership.own_ids(request))


def _preview(request, post, form):
    fields = form.cleaned_data
    parent = fields["reply_to"] and fields["reply_to"].standing
    draft = Comment(post=post, name=fields["name"], **submission.text_columns(
        fields["text"], post, mentions.in_reply(post, parent, fields["text"])
    ))  # fmt: skip
    form.prepare_second_try(asked=fields["token"].asked)
    said = crossing.said_already(post, fields["text"], ownership.own_ids(request))
    return _form_page(request, post, form, parent, draft=draft, said=said)


def _stored(request, post, fields):
    own = ownership.own_ids(request)
    sender = submission.Sender(
        user=request.user if request.user.is_authenticated else None,
        address=client_address(request),
        is_known=ownership.is_known(own),
        proves_email=ownership.proves(request, fields["email"]),
        is_trapped=bool(fields["subject"]),
        seconds=fields["token"].seconds,
    )
    words = {key: fields[key] for key in ("name", "email", "website", "text")}
    follow = partial(following.begin, scope=fields["follow"])
    comment, is_new = submission.submit(post, parent=fields["reply_to"], sender=sender, with_it=follow, **words)
    is_proved = ownership.is_proved(comment, is_new, fields["text"])
    messages.success(request, _thanks(comment, is_new, is_proved), extra_tags="sent")
    response = redirect(_place_of(comment, [*own, comment.pk], is_new))
    remembered.keep(request, response, fields)
    if is_proved:
        ownership.remember(request, response, comment)
    return response


def _too_often(post, seconds):
    hour = date_format(timezone.localtime(timezone.now() + timedelta(seconds=seconds)), "H:i:s")
    if post.comments_pause_minutes:
        text = ngettext(
            "This discussion goes slowly: one comment of each person every %(count)s minute.",
            "This discussion goes slowly: one comment of each person every %(count)s minutes.",
            post.comments_pause_minutes,
        ) % {"count": post.comments_pause_minutes}
    else:
        text = _("Many comments came from you or from your network just now.")
    return f"{text} {_('Your text is still here: it can be sent from %(hour)s on.') % {'hour': hour}}"


def _thanks(comment, is_new, is_proved):
    return render_to_string("blog/comments/thanks.html", {
        "comment": comment,
        "is_new": is_new,
        "receipt": keys.address_of(comment) if is_proved else "",
    })  # fmt: skip


def _place_of(comment, own, is_new):
    """The address at which its writer finds the comment: its anchor, or the discussion's top if it was taken away."""
    kept = comment.merged_into or comment
    if is_new or threads.seen_by(own).filter(pk=kept.pk).exists():
        return threads.address_of(kept, own)
    return f"{kept.post.get_absolute_url()}#comments"


def _form_page(request, post, form, quoted, status=200, **more):
    people = mentions.people(post, quoted and quoted.thread)
    context = {"post": post, "form": form, "quoted": quoted, "people": people} | more
    return render(request, "blog/comments/write.html", context, status=status)
