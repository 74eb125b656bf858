"""The Atom feeds of a post's comments, and of one thread."""

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import override

from blog.comments.models import Comment
from blog.posts.models import Post
from blog.text.links import for_xml
from blog.web.addresses import on_site
from blog.web.shared import shows

FEED_COMMENTS = 50


class PostComments(Feed):
    feed_type = Atom1Feed

    def get_object(self, request, year, month, slug):
        post = Post.objects.published().called(slug)
        if post is None:
            raise Http404
        request.LANGUAGE_CODE = post.language
        shows(request, f"post:{post.pk}", f"comments:{post.pk}")
        return post

    def get_feed(self, post, request):
        with override(post.language):
            return super().get_feed(post, request)

    def title(self, post):
        return for_xml(_("Comments on “%(title)s”") % {"title": post.title})

    def link(self, post):
        return on_site(post.get_absolute_url())

    def feed_url(self, post):
        return f"{self.link(post)}comments/feed/"

    def items(self, post):
        newest = self.comments(post).order_by("-number")[:FEED_COMMENTS]
        for comment in newest:
            comment.post = post  # known already: no query for each comment's address
        return newest

    def comments(self, post):
        return Comment.objects.visible().filter(post=post)

    def item_title(self, comment):
        return for_xml(_("%(name)s, comment %(number)s") % {"name": comment.name, "number": comment.number})

    def item_link(self, comment):
        return on_site(comment.get_absolute_url())

    def item_description(self, comment):
        return for_xml(comment.body_html)

    def item_author_name(self, comment):
        return for_xml(comment.name)

    def item_pubdate(self, comment):
        return comment.created_at

    def item_updateddate(self, comment):
        return comment.created_at


class ThreadComments(PostComments):
    """The thread in which a comment stands, or the one that it was merged into."""

    def get_object(self, request, year, month, slug, number=None):
        post = super().get_object(request, year, month, slug)
        comment = get_object_or_404(post.comments.select_related("merged_into"), number=number)
        post.thread = (comment.merged_into or comment).thread
        if not self.comments(post).exists():
            raise Http404
        return post

    def title(self, post):
        words = {"number": post.thread, "title": post.title}
        return for_xml(_("Thread of comment %(number)s on “%(title)s”") % words)

    def feed_url(self, post):
        return f"{self.link(post)}comments/{post.thread}/feed/"

    def comments(self, post):
        return super().comments(post).filter(path__gte=[post.thread], path__lt=[post.thread + 1])
