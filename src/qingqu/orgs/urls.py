"""Pages about people, places and rights."""

from django.urls import path

from qingqu.orgs import views

urlpatterns = [
    path("access/", views.access_table, name="access-table"),
    path("people/", views.people, name="orgs-people"),
    path("recusals/", views.recusals, name="orgs-recusals"),
]
