"""Data in."""

from django.urls import path

from qingqu.exchange import layout_views, views

urlpatterns = [
    path("data/", views.centre, name="exchange-centre"),
    path("data/freshness/", views.freshness, name="exchange-freshness"),
    path("data/history/", views.history, name="exchange-history"),
    path("data/<slug:dataset>/upload/", views.upload, name="exchange-upload"),
    path("data/imports/<str:ref>/", views.result, name="exchange-import"),
    path("data/imports/<str:ref>/errors.csv", views.errors, name="exchange-errors"),
    path("data/<slug:dataset>/template.xlsx", views.template, name="exchange-template"),
    path("data/imports/<str:ref>/marked.xlsx", views.marked_file, name="exchange-marked"),
    path("data/imports/<str:ref>/commit/", views.commit, name="exchange-commit"),
    path("data/imports/<str:ref>/discard/", views.discard, name="exchange-discard"),
    path("data/imports/<str:ref>/withdraw/", views.withdraw, name="exchange-withdraw"),
    path("data/imports/<str:ref>/columns/", layout_views.columns, name="exchange-columns"),
    path("data/layouts/", layout_views.layouts, name="exchange-layouts"),
    path("data/layouts/<str:ref>/forget/", layout_views.forget, name="exchange-forget-layout"),
    path("data/imports/<str:ref>/rows/<int:number>/", views.source_row, name="exchange-row"),
]
