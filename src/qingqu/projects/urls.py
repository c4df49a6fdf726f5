"""A project's page."""

from django.urls import path

from qingqu.projects import views

urlpatterns = [path("projects/<str:project_id>/", views.project, name="projects-project")]
