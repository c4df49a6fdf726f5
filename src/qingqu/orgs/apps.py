"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop


class OrgsConfig(AppConfig):
    """Wires qingqu.orgs: tells the menu how to ask for a right, and listens to sign-ins."""

    name = "qingqu.orgs"

    def ready(self) -> None:
        """Registers the permission check below, where base cannot look up."""
        from qingqu.base import menu
        from qingqu.orgs import access, handlers

        menu.granted = access.granted
        menu.post_of = access.post_line
        menu.register(80, gettext_noop("People"), "orgs-people", "orgs.see")
        menu.register(90, gettext_noop("Access"), "access-table", "access.see", also=("orgs-recusals",))
        handlers.connect()
