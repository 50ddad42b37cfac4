"""The address of the overview."""

from django.urls import path

from guilder.faces.web.overview import views

urlpatterns = [path("", views.overview, name="overview")]
