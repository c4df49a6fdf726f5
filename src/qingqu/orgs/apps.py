"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop


class OrgsConfig(AppConfig):
    """Wires qingqu.orgs: tells the menu how to ask for a right."""

    name = "qingqu.orgs"

    def ready(self) -> None:
        """Registers the permission check below, where base cannot look up."""
        from qingqu.base import menu
        from qingqu.orgs import access

        menu.granted = access.granted
        menu.register(90, gettext_noop("Access"), "access-table", "access.see")
