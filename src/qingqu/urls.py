"""Every address of the platform starts here. `/` will be the villagers' site, `/api/v1/` the machines' door."""

from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="desk-start"), name="home"),
    path("language/", set_language, name="set_language"),
    path("account/", include("qingqu.orgs.account_urls")),
    path("desk/", include("qingqu.desk.urls")),
    path("desk/", include("qingqu.orgs.urls")),
    path("desk/", include("qingqu.exchange.urls")),
    path("desk/", include("qingqu.projects.urls")),
    path("desk/", include("qingqu.watch.urls")),
]
