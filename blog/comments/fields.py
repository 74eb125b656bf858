"""The field for what somebody says in a discussion."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blog.comments import limits
from blog.comments.models import TEXT_CHARACTERS
from blog.text.markup import clean_source, comment_html, is_seen, number_of_links
from blog.text.sanitise import plain_text


class CommentText(forms.CharField):
    """A comment's source. What is stored is what is counted: browsers send each line end as two characters, and show
    one.
    """

    def __init__(self):
        super().__init__(
            label=_("Comment"),
            max_length=TEXT_CHARACTERS,
            strip=False,
            error_messages={"required": _("Please write a comment.")},
            widget=forms.Textarea(attrs={"rows": 8}),
            help_text=_("*emphasis*, > quote, - list, `code`; addresses become links."),
        )

    def to_python(self, value):
        return clean_source(super().to_python(value))

    def clean(self, value):
        text = super().clean(value)
        html = comment_html(text)
        if not is_seen(plain_text(html)):
            raise forms.ValidationError(self.error_messages["required"])
        if number_of_links(html) > limits.MAX_LINKS:
            words = ngettext("Please keep to %(most)s link.", "Please keep to %(most)s links.", limits.MAX_LINKS)
            raise forms.ValidationError(words % {"most": limits.MAX_LINKS})
        return text
