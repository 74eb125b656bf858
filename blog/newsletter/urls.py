from django.urls import path

from blog.newsletter import views

urlpatterns = [
    path("newsletter/", views.newsletter, name="newsletter"),
    path("newsletter/thanks/", views.thanks, name="newsletter-thanks"),
    path("newsletter/confirm/<str:key>/", views.confirm, name="newsletter-confirm"),
    path("newsletter/leave/<str:key>/", views.leave, name="newsletter-leave"),
]
