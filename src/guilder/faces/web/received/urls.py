"""Addresses of documents that came in."""

from django.urls import path

from guilder.faces.web.received import views

ONE = "documents/<uuid:document_id>/"
urlpatterns = [
    path("documents/", views.documents, name="documents"),
    path("documents/upload/", views.documents_upload, name="documents_upload"),
    path(ONE, views.document, name="document"),
    path(f"{ONE}file/", views.document_file, name="document_file"),
    path(f"{ONE}pages/<int:number>/", views.document_picture, name="document_picture"),
    path(f"{ONE}view/", views.document_view, name="document_view"),
    path(f"{ONE}bill/", views.document_bill, name="document_bill"),
    path(f"{ONE}refuse/", views.document_refuse, name="document_refuse"),
    path(f"{ONE}take-back/", views.document_take_back, name="document_take_back"),
    path(f"{ONE}delete/", views.document_delete, name="document_delete"),
]
