"""Listed words in the admin, with what they find and what they would have caught."""

from datetime import timedelta

from django.contrib import admin
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog.comments.models import Comment
from blog.desk import PolicyAdmin
from blog.screening import words
from blog.screening.models import ListedWord
from blog.text import wording

LOOKED_BACK = timedelta(days=90)
LOOKED_AT, SHOWN = 500, 5


class WordForm(ModelForm):
    def clean_word(self):
        spelled = " ".join(wording.spelled(self.cleaned_data["word"]))
        if not spelled:
            raise ValidationError(_("Please write a word."))
        return spelled


@admin.register(ListedWord)
class ListedWordAdmin(PolicyAdmin):
    noun = "word"
    nothing_yet = gettext_lazy("No word is listed. A comment that has a listed word waits for a moderator.")
    form = WordForm
    fields = ["word", "note", "forms", "caught"]
    readonly_fields = ["forms", "caught"]
    list_display = ["word", "note"]
    search_fields = ["word"]
    change_form_template = "admin/blog/word/page.html"

    @admin.display(description=gettext_lazy("finds"))
    def forms(self, listed):
        return " · ".join(", ".join(sorted(words.forms(word))) for word in wording.spelled(listed.word)) or "–"

    @admin.display(description=gettext_lazy("would have caught in 90 days"))
    def caught(self, listed):
        if listed.pk is None:
            return "–"
        number = len(caught_by(listed))
        return _("%(count)s or more") % {"count": number} if number == LOOKED_AT else number

    def change_view(self, request, object_id, form_url="", extra_context=None):
        listed = self.get_object(request, object_id)
        context = {"newest": caught_by(listed)[:SHOWN] if listed else []}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))


def caught_by(listed):
    """Return the newest comments of the last 90 days, at most LOOKED_AT, in which a ListedWord stands. One query."""
    spelled = wording.spelled(listed.word)
    if not spelled:
        return []
    asked = " | ".join(f"'{form}'" for form in sorted(words.forms(spelled[0])))
    found = Comment.objects.annotate(search=SearchVector("name", "text", config="simple")).filter(
        search=SearchQuery(asked, config="simple", search_type="raw"),
        created_at__gt=timezone.now() - LOOKED_BACK,
    )
    newest = found.select_related("post").order_by("-created_at", "-pk")[:LOOKED_AT]
    return [each for each in newest if words.matching(f"{each.name}\n{each.text}", (listed.word,))]
