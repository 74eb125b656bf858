from django.urls import path

from blog.editing import views

urlpatterns = [
    path("admin/autosave/<int:pk>/", views.autosave, name="autosave"),
    path("admin/autosave/<int:pk>/forget/", views.forget, name="autosave-forget"),
    path("admin/autosave/new/<uuid:key>/", views.autosave_new, name="autosave-new"),
    path("admin/autosave/new/<uuid:key>/forget/", views.forget_new, name="autosave-forget-new"),
]
