from django.urls import path

from blog.appearance import views

urlpatterns = [path("look/<slug:digest>.css", views.style, name="look")]
