"""Warnings, rules, thresholds."""

from django.urls import path

from qingqu.watch import views

urlpatterns = [
    path("warnings/<str:ref>/", views.warning, name="watch-warning"),
    path("warnings/<str:ref>/assign/", views.assign_warning, name="watch-assign-warning"),
    path("rules/", views.rules, name="watch-rules"),
    path("rules/<str:code>/", views.rule, name="watch-rule"),
    path("rules/<str:code>/<str:param>/", views.propose_threshold, name="watch-propose-threshold"),
    path("thresholds/<str:ref>/", views.threshold, name="watch-threshold"),
    path("thresholds/<str:ref>/sign/", views.sign_threshold, name="watch-sign-threshold"),
    path("thresholds/<str:ref>/refuse/", views.refuse_threshold, name="watch-refuse-threshold"),
    path("thresholds/<str:ref>/withdraw/", views.withdraw_threshold, name="watch-withdraw-threshold"),
]
