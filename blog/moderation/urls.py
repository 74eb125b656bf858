from django.urls import path

from blog.moderation import views
from blog.web import converters  # noqa: F401  registers <year:…> and <month:…>

urlpatterns = [
    path("<year:year>/<month:month>/<str:slug>/comments/<int:number>/report/", views.report, name="report-comment"),
]
