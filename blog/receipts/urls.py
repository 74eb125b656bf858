from django.urls import path

from blog.receipts import views

RECEIPT = "receipt/<str:key>/"

urlpatterns = [
    path(RECEIPT, views.receipt, name="receipt"),
    path(RECEIPT + "address/", views.prove, name="receipt-address"),
    path(RECEIPT + "text/", views.change, name="receipt-text"),
    path(RECEIPT + "withdrawal/", views.withdraw, name="receipt-withdrawal"),
    path(RECEIPT + "return/", views.bring_back, name="receipt-return"),
    path(RECEIPT + "mails/", views.choose_mails, name="receipt-mails"),
    path(RECEIPT + "appeal/", views.appeal, name="receipt-appeal"),
    path(RECEIPT + "download/", views.download, name="receipt-download"),
    path(RECEIPT + "erasure/", views.erase, name="receipt-erasure"),
    path("mute/<str:key>/", views.mute, name="mute"),
]
