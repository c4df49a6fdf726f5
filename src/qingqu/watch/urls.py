"""A warning's page."""

from django.urls import path

from qingqu.watch import views

urlpatterns = [path("warnings/<str:ref>/", views.warning, name="watch-warning")]
