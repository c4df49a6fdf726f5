"""The desk's own pages."""

from django.urls import path

from qingqu.desk import views

urlpatterns = [
    path("", views.start, name="desk-start"),
    path("inbox/", views.inbox, name="desk-inbox"),
    path("since-yesterday/", views.since_yesterday, name="desk-since-yesterday"),
    path("dashboard/", views.dashboard, name="desk-dashboard"),
]
