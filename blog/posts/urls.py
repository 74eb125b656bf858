from django.urls import path

from blog.posts import feeds, sitemaps, views, views_desk, views_events, views_front, views_versions
from blog.web import converters  # noqa: F401  registers <year:…> and <month:…>
from blog.web.shared import shared_page

urlpatterns = [
    path("", views.front, name="front"),
    path("search/", views.search_posts, name="search"),
    path("archive/", views.whole_archive, name="archive"),
    path("tag/<str:slug>/", views.tag, name="tag"),
    path("tag/<str:slug>/feed/", shared_page("list")(feeds.TagFeed()), name="tag-feed"),
    path("author/<str:slug>/", views.author, name="author"),
    path("author/<str:slug>/feed/", shared_page("list")(feeds.AuthorFeed()), name="author-feed"),
    path("feed/", shared_page("list")(feeds.SiteRss()), name="rss"),
    path("feed/atom/", shared_page("list")(feeds.SiteAtom()), name="atom"),
    path("sitemap.xml", shared_page("list")(sitemaps.index), name="sitemap"),
    path("sitemap-<year:year>-<month:month>.xml", shared_page("list")(sitemaps.month), name="sitemap-of-month"),
    path("sitemap-tags.xml", shared_page("list")(sitemaps.tags), name="sitemap-of-tags"),
    path("robots.txt", views.robots, name="robots"),
    path("admin/correct/<int:pk>/", views_desk.correct, name="correct"),
    path("admin/address/<int:pk>/", views_desk.address, name="address"),
    path("admin/versions/<int:pk>/", views_versions.versions, name="versions"),
    path("admin/versions/<int:pk>/compare/", views_versions.compare, name="compare-versions"),
    path("admin/versions/<int:pk>/<int:number>/", views_versions.version, name="version"),
    path("admin/versions/<int:pk>/<int:number>/restore/", views_versions.restore, name="restore-version"),
    path("admin/front/", views_front.arrangement, name="front-page"),
    path("admin/front/step/", views_front.arrange, name="front-page-step"),
    path("admin/events.csv", views_events.events_table, name="events-table"),
    path("<year:year>/", views.archive_year, name="archive-year"),
    path("<year:year>/<month:month>/", views.archive_month, name="archive-month"),
    path("<year:year>/<month:month>/<str:slug>/", views.post, name="post"),
]
