"""Drafts with notes for the staff, and the seats of those whom they ask."""

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blog import policy
from blog.posts.models import Post
from blog.posts.related import related_to
from blog.posts.relations import banners
from blog.review import mail, notes, seats
from blog.review.forms import InvitationForm, NoteForm
from blog.review.reading import read
from blog.web.parameters import as_whole_number
from blog.web.staff import desk_page, staff_only

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def preview(request, pk):
    """The newest text as readers will see it, with notes, for those who may see it before them."""
    post = _drafts().filter(pk=pk).first()
    if post is None or not policy.may(request.user, "post.preview", post):
        raise Http404
    return _page(request, post, read(post, post.head))


@staff_only("post.note")
@require_POST
def add_note(request, pk):
    post = _draft(request, pk, "post.note")
    seen = as_whole_number(request.POST.get("revision", ""))
    reading = read(post, post.head if seen is None else min(seen, post.head))
    form = NoteForm(request.POST, reading=reading)
    if not form.is_valid():
        return _page(request, post, reading, form=form, status=422)
    note, people = notes.write(post, by=request.user, revision=reading.number, **form.cleaned_data)
    if people:
        messages.success(request, _("Mailed to %(names)s.") % {"names": ", ".join(map(str, people))})
    return redirect(f"{reverse('preview', args=[pk])}#n{note.pk}")


@staff_only("post.resolve")
@require_POST
def resolve(request, pk, number):
    """Mark a thread as done, or as open again."""
    post = _draft(request, pk, "post.resolve")
    note = get_object_or_404(post.notes.filter(parent=None), pk=number)
    if request.POST.get("resolved"):
        notes.resolve(note, by=request.user)
    else:
        notes.reopen(note)
    return redirect(f"{reverse('preview', args=[pk])}#n{note.pk}")


@staff_only("post.invite")
@require_http_methods(["GET", "HEAD", "POST"])
def seats_of(request, pk):
    """Who was asked to review by link, and the form that asks somebody."""
    post = _draft(request, pk, "post.invite")
    form = InvitationForm(request.POST or None)
    if not form.is_valid():
        return _seats_page(request, post, form)
    fields = form.cleaned_data
    valid_for = fields.pop("days")
    try:
        invited = seats.invite(post, by=request.user, valid_for=valid_for, **fields)
    except seats.AlreadyDone:
        told = _("%(name)s was invited already. Make a new link if you lost it.")
        messages.warning(request, told % {"name": fields["name"]})
        return redirect("review-seats", pk)
    return _handed_out(request, post, *invited)


@staff_only("post.invite")
@require_POST
def change_seat(request, pk, number):
    """Give a seat a new link, for the newest version, or end the one that it has."""
    post = _draft(request, pk, "post.invite")
    seat = get_object_or_404(post.seats, pk=number)
    if "renew" in request.POST:
        return _renew(request, post, seat)
    if seats.revoke(seat, by=request.user):
        messages.success(request, _("The link of %(name)s is dead.") % {"name": seat.name})
    return redirect("review-seats", pk)


def _renew(request, post, seat):
    try:
        renewed = seats.renew(seat, by=request.user, valid_for=seats.VALID_FOR, mark=request.POST.get("mark", ""))
    except seats.AlreadyDone:
        told = _("%(name)s has got a new link already. Make another one if you lost it.")
        messages.warning(request, told % {"name": seat.name})
        return redirect("review-seats", post.pk)
    return _handed_out(request, post, *renewed)


def _drafts():
    return Post.objects.select_related("pending").defer("search")


def _draft(request, pk, action):
    post = get_object_or_404(_drafts(), pk=pk)
    if not policy.may(request.user, action, post):
        raise PermissionDenied
    return post


def _page(request, post, reading, *, form=None, status=200):
    context = {
        "post": reading.post,
        "is_preview": True,
        "related": related_to(post),
        "banners": banners(post),
        "here": reverse("preview", args=[post.pk]),
        "reading": reading,
        "form": form or NoteForm(reading=reading, initial=NoteForm.place_in(request)),
        "may_note": policy.may(request.user, "post.note", post),
        "may_resolve": policy.may(request.user, "post.resolve", post),
        "may_invite": policy.may(request.user, "post.invite", post),
    }
    return render(request, "blog/review/draft.html", context, status=status)


def _handed_out(request, post, seat, key):
    """Show the link, this once: nobody can look it up afterwards."""
    link = seats.address_of(key)
    if seat.email:
        try:
            mail.send_link(seat, link)
            messages.success(request, _("The link was mailed to %(address)s.") % {"address": seat.email})
        except OSError:
            logger.exception("The invitation to seat %s was not sent.", seat.pk)
            messages.error(request, _("The mail could not be sent. Please pass the link on yourself."))
    return _seats_page(request, post, InvitationForm(), link=link, invited=seat)


def _seats_page(request, post, form, **more):
    context = {"title": _("Review by link"), "post": post, "form": form, "seats": post.seats.all(), **more}
    return desk_page(request, "admin/blog/review/seats.html", context, status=422 if form.errors else 200)
