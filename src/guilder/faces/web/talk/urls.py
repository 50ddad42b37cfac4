"""Addresses of comments and files."""

from django.urls import path

from guilder.faces.web.talk import views

urlpatterns = [
    path("talk/<str:kind>/<uuid:subject_id>/comments/", views.comment_add, name="comment_add"),
    path("talk/<str:kind>/<uuid:subject_id>/files/", views.file_add, name="file_add"),
    path("talk/comments/<uuid:comment_id>/delete/", views.comment_delete, name="comment_delete"),
    path("talk/files/<uuid:attachment_id>/", views.file, name="file"),
    path("talk/files/<uuid:attachment_id>/remove/", views.file_remove, name="file_remove"),
]
