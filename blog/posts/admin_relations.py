"""The earlier posts that a post follows up or answers, in its form."""

from blog import policy
from blog.desk import PolicyInline
from blog.posts.models import Post
from blog.posts.relations import Relation


class RelationInline(PolicyInline):
    noun, model, fk_name = "post", Relation, "post"
    raw_id_fields = ["to"]
    extra = 0

    def may(self, request, verb, thing):
        # To see it, too: it names a post that others may not look at yet.
        return policy.may(request.user, "post.relate", thing)

    def formfield_for_foreignkey(self, db_field, request, **named):
        if db_field.name == "to":
            named["queryset"] = Post.objects.seen_by(request.user)
        return super().formfield_for_foreignkey(db_field, request, **named)
