"""The Atom feed of a post's comments."""

from django.contrib.syndication.views import Feed
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from blog.comments.models import Comment
from blog.posts.models import Post

FEED_COMMENTS = 50


class PostComments(Feed):
    feed_type = Atom1Feed

    def get_object(self, request, year, month, slug):
        return get_object_or_404(Post.objects.published(), slug=slug)

    def title(self, post):
        return _("Comments on “%(title)s”") % {"title": post.title}

    def link(self, post):
        return post.get_absolute_url()

    def items(self, post):
        newest = Comment.objects.visible().filter(post=post).order_by("-number")[:FEED_COMMENTS]
        for comment in newest:
            comment.post = post  # known already: no query for each comment's address
        return newest

    def item_title(self, comment):
        return _("%(name)s, comment %(number)s") % {"name": comment.name, "number": comment.number}

    def item_description(self, comment):
        return comment.body_html

    def item_author_name(self, comment):
        return comment.name

    def item_pubdate(self, comment):
        return comment.created_at
