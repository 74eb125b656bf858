from django.urls import path

from blog.moderation import views, views_people, views_queue
from blog.web import converters  # noqa: F401  registers <year:…> and <month:…>

urlpatterns = [
    path("admin/queue/", views_queue.first_queue, name="queues"),
    path("admin/queue/<slug:name>/", views_queue.queue, name="queue"),
    path("admin/moderate/", views_queue.act, name="moderate"),
    path("admin/person/<int:pk>/", views_people.person, name="person"),
    path("admin/person/<int:pk>/remove/", views_people.remove, name="person-remove"),
    path("admin/person/note/<int:pk>/delete/", views_people.forget_note, name="person-note-delete"),
    path("<year:year>/<month:month>/<str:slug>/comments/<int:number>/report/", views.report, name="report-comment"),
]
