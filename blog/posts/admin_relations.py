"""The earlier posts that a post follows up or answers, in its form."""

from django import forms
from django.core.exceptions import ValidationError

from blog import policy
from blog.desk import PolicyInline
from blog.posts.models import Post
from blog.posts.relations import Relation


class RelationForm(forms.ModelForm):
    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        try:
            # Django leaves them out here, since they concern the post around the row.
            self.instance.validate_constraints()
        except ValidationError as refusal:
            self.add_error(None, refusal)


class RelationInline(PolicyInline):
    noun, model, form, fk_name = "post", Relation, RelationForm, "post"
    raw_id_fields = ["to"]

    def may(self, request, verb, thing):
        # To see it, too: it names a post that others may not look at yet.
        return policy.may(request.user, "post.relate", thing)

    def formfield_for_foreignkey(self, db_field, request, **named):
        if db_field.name == "to":
            named["queryset"] = Post.objects.seen_by(request.user)
        return super().formfield_for_foreignkey(db_field, request, **named)
