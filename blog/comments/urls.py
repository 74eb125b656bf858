from django.urls import path

from blog.comments import feeds, views, views_news
from blog.web import converters  # noqa: F401  registers <year:…> and <month:…>
from blog.web.shared import shared_page

POST = "<year:year>/<month:month>/<str:slug>/"

urlpatterns = [
    path(POST + "comments/write/", views.write, name="write-comment"),
    path(POST + "comments/feed/", shared_page()(feeds.PostComments()), name="comments-feed"),
    path(POST + "comments/new/", views_news.new, name="new-comments"),
    path(POST + "comments/since/<int:shown>/", views_news.since, name="comments-since"),
    path(POST + "comments/<int:number>/", views.permalink, name="comment"),
    path(POST + "comments/<int:number>/feed/", shared_page()(feeds.ThreadComments()), name="thread-feed"),
]
