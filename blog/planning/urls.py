from django.urls import path

from blog.planning import views

urlpatterns = [
    path("admin/board/", views.board, name="board"),
    path("admin/calendar/", views.month, name="calendar"),
    path("admin/calendar/move/<int:pk>/", views.move, name="calendar-move"),
    path("admin/filters/", views.save_filter, name="filters"),
    path("admin/filters/<int:pk>/delete/", views.delete_filter, name="filter-delete"),
    path("admin/bulk/", views.change_several, name="bulk"),
]
