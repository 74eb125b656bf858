from django.urls import path

from blog.web import views

urlpatterns = [
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("worker.js", views.worker, name="worker"),
    path("offline/", views.offline, name="offline"),
]
