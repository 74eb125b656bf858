from django.urls import path

from blog.receipts import views

urlpatterns = [
    path("receipt/<str:key>/", views.receipt, name="receipt"),
    path("mute/<str:key>/", views.mute, name="mute"),
]
