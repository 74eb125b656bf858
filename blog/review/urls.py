from django.urls import path

from blog.review import views, views_desk

urlpatterns = [
    path("review/<str:token>/", views.review, name="review"),
    path("review/<str:token>/notes/", views.add_note, name="review-notes"),
    path("review/<str:token>/decision/", views.decide, name="review-decision"),
    path("preview/<int:pk>/", views_desk.preview, name="preview"),
    path("preview/<int:pk>/notes/", views_desk.add_note, name="preview-notes"),
    path("preview/<int:pk>/notes/<int:number>/", views_desk.resolve, name="preview-note"),
    path("admin/review/<int:pk>/", views_desk.seats_of, name="review-seats"),
    path("admin/review/<int:pk>/<int:number>/", views_desk.change_seat, name="review-seat"),
]
