"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop


class ExchangeConfig(AppConfig):
    """Wires qingqu.exchange."""

    name = "qingqu.exchange"

    def ready(self) -> None:
        """Enters the import centre."""
        from qingqu.base import menu

        menu.register(
            40,
            gettext_noop("Data"),
            "exchange-centre",
            "exchange.see",
            also=("exchange-upload", "exchange-import", "exchange-row"),
        )
