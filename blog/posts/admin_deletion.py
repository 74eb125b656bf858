"""What goes with deleted posts, said in numbers: Django's own list would load every comment, one below the other."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from blog.comments.models import Comment
from blog.posts.models import Post

GO_ALONG = ("revisions", "notes", "seats")


def what_goes(posts, may_delete):
    """Return what the admin's pages of deletion show: lines, numbers of rows by kind, and what the person may not.

    Posts with comments stay (relations.delete). `may_delete` is asked about each post. Five queries.
    """
    posts = list(posts)
    comments = Comment.objects.filter(post=OuterRef("pk"))
    rows = Post.objects.filter(pk__in=[post.pk for post in posts])
    staying = set(rows.filter(Exists(comments)).values_list("pk", flat=True))
    going = [post.pk for post in posts if post.pk not in staying]
    stays = _("“%(title)s” has comments, which are never deleted: it stays.")
    lines = [stays % {"title": post} if post.pk in staying else str(post) for post in posts]
    numbers = {Post._meta.verbose_name_plural: len(going)}
    for name in GO_ALONG:
        model = Post._meta.get_field(name).related_model
        others = model._default_manager.filter(post__in=going)  # type: ignore[union-attr]
        numbers[others.model._meta.verbose_name_plural] = others.count()
    refused = set() if all(map(may_delete, posts)) else {Post._meta.verbose_name}
    return lines, numbers, refused
