"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop


class DeskConfig(AppConfig):
    """Wires qingqu.desk."""

    name = "qingqu.desk"

    def ready(self) -> None:
        """Enters the inbox, the news and the overview."""
        from qingqu.base import menu

        menu.register(
            10, gettext_noop("Inbox"), "desk-inbox", "watch.see", also=("watch-warning", "projects-project")
        )
        menu.register(15, gettext_noop("Since yesterday"), "desk-since-yesterday", "watch.see")
        menu.register(20, gettext_noop("Overview"), "desk-dashboard", "watch.see")
