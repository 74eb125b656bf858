"""The receipt of a comment, and the link that ends mails."""

from functools import partial, wraps

from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blog.comments import crossing, ownership, remembered, submission
from blog.moderation import statements
from blog.receipts import belongings, erasure, following, keys, writing
from blog.receipts.forms import AppealForm, ChangeForm, MailForm
from blog.web.origin import is_from_here
from blog.web.private import private
from blog.web.rates import TooOften

ask_or_answer = require_http_methods(["GET", "HEAD", "POST"])


def by_receipt(view, is_proof=True):
    """Decorate a view of the Receipt that the address opens, in the language of its post.

    Opening a link does nothing, since scanners of mail do it too. Whoever sends a form by the mailed link reads the
    mail of its address: that is noted, and the browser remembered as the comment's; not where it is no proof.
    """

    @private
    @wraps(view)
    def opened(request, key):
        receipt = keys.find(key)
        if receipt is None:
            raise Http404
        request.LANGUAGE_CODE = receipt.comment.post.language
        proves = is_proof and request.method == "POST" and receipt.by_mail and receipt.comment.email
        with override(request.LANGUAGE_CODE):
            if proves:
                following.prove(receipt.comment, _own(request))
            response = view(request, receipt)
        if proves and is_from_here(request) and ownership.COOKIE not in response.cookies:
            for cookie in (ownership.COOKIE, ownership.PROVED):
                ownership.remember(request, response, receipt.comment, cookie)
        if request.method == "POST" and receipt.comment.is_held:
            ownership.mark_as_waiting(response)
        return response

    return opened


@by_receipt
@require_safe
def receipt(request, receipt):
    return _page(request, receipt)


@by_receipt
@require_POST
def prove(request, receipt):
    """The button "yes, this is my address": all that it does, sending any form by the mailed link does."""
    return _back(receipt)


@by_receipt
@require_POST
def change(request, receipt):
    form = ChangeForm(request.POST, comment=receipt.comment)
    if not form.is_valid():
        return _page(request, receipt, 422, change=form)
    sender = _sender(request, receipt)
    return _try(
        request, receipt, lambda: writing.change(receipt.comment, **form.cleaned_data, sender=sender), change=form
    )


@partial(by_receipt, is_proof=False)  # so does whoever finds a stranger's comment in their name: it begins no mails
@require_POST
def withdraw(request, receipt):
    return _try(request, receipt, lambda: writing.withdraw(receipt.comment))


@by_receipt
@require_POST
def bring_back(request, receipt):
    sender = _sender(request, receipt)
    return _try(request, receipt, lambda: writing.bring_back(receipt.comment, sender))


@by_receipt
@require_POST
def appeal(request, receipt):
    form = AppealForm(request.POST)
    if not form.is_valid():
        return _page(request, receipt, 422, appeal=form)
    return _try(request, receipt, lambda: writing.appeal(receipt.comment, **form.cleaned_data), appeal=form)


@by_receipt
@require_POST
def choose_mails(request, receipt):
    if not receipt.proves_address:
        return _page(
            request,
            receipt,
            403,
            refusal=_("Please use the link that was mailed to you: it shows whose address it is."),
        )
    form = MailForm(request.POST, comment=receipt.comment)
    if not form.is_valid():
        return _page(request, receipt, 422, mails=form)
    following.choose(receipt.comment, **form.cleaned_data)
    return _back(receipt)


@by_receipt
@require_safe
def download(request, receipt):
    everything = belongings.everything(receipt, _own(request))
    headers = {"Content-Disposition": 'attachment; filename="comments.json"'}
    return JsonResponse(everything, headers=headers, json_dumps_params={"ensure_ascii": False, "indent": 1})


@by_receipt
@ask_or_answer
def erase(request, receipt):
    """Ask whether everything of the person shall go; POST is the answer."""
    mine = belongings.comments_of(receipt, _own(request))
    if request.method != "POST":
        return render(request, "blog/receipts/erasure.html", {"receipt": receipt, "comments": mine})
    erasure.erase(mine)
    response = _back(receipt)
    if is_from_here(request):
        for cookie in (ownership.COOKIE, ownership.PROVED, remembered.COOKIE):
            response.delete_cookie(cookie, samesite="Lax")
    return response


@private
@ask_or_answer
def mute(request, key):
    """One button that ends mails. Mail programs press it themselves (RFC 8058), without a cookie or an origin."""
    muting = keys.find_muting(key)
    if muting is None:
        raise Http404
    if request.method == "POST":
        following.mute(muting)
    request.LANGUAGE_CODE = muting.address.language
    with override(request.LANGUAGE_CODE):
        return render(request, "blog/receipts/mute.html", {"muting": muting, "is_done": request.method == "POST"})


def _own(request):
    """The ids of the comments in the browser's cookie, unless another site has sent the browser here."""
    return ownership.own_ids(request) if is_from_here(request) else []


def _sender(request, receipt):
    """Who acts. That this very comment is public shows nothing: it is what is about to change."""
    others = [pk for pk in _own(request) if pk != receipt.comment.pk]
    is_signed_in = is_from_here(request) and request.user.is_authenticated
    return submission.Sender(user=request.user if is_signed_in else None, is_known=ownership.is_known(others))


def _try(request, receipt, step, **forms):
    """Take a step and go back to the receipt, or say there why it was not possible; what was typed is kept."""
    try:
        step()
    except writing.Refused as refusal:
        return _page(request, keys.find(receipt.key), 409, refusal=refusal, **forms)
    except TooOften as refusal:
        response = _page(
            request, receipt, 429, refusal=_("That was very often just now. Please try again later."), **forms
        )
        response["Retry-After"] = str(refusal.seconds)
        return response
    return _back(receipt)


def _back(receipt):
    return redirect("receipt", receipt.key)


def _page(request, receipt, status=200, **more):
    comment = receipt.comment
    may_change = writing.may_change(comment)
    context = {
        "receipt": receipt,
        "comment": comment,
        "statement": statements.about(comment),
        "is_public": comment.post.is_public(),
        "may_change": may_change,
        "said": crossing.said_already(comment.post, comment.text, [comment.pk, *_own(request)]) if may_change else None,
        "change": ChangeForm(comment=comment),
        "mails": MailForm(comment=comment) if receipt.proves_address else None,
        "may_appeal": writing.may_appeal(comment),
        "appeal": AppealForm(),
    }
    return render(request, "blog/receipts/receipt.html", context | more, status=status)
