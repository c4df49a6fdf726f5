"""The app."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_noop


class ExchangeConfig(AppConfig):
    """Wires qingqu.exchange."""

    name = "qingqu.exchange"

    def ready(self) -> None:
        """Enters the import centre and the page of an import."""
        from qingqu.base import menu, subjects

        menu.register(
            40,
            gettext_noop("Data"),
            "exchange-centre",
            "exchange.see",
            also=(
                "exchange-upload",
                "exchange-import",
                "exchange-row",
                "exchange-freshness",
                "exchange-history",
                "exchange-columns",
                "exchange-layouts",
            ),
        )
        subjects.register("layout", lambda ref: reverse("exchange-layouts"))
        subjects.register("import", lambda ref: reverse("exchange-import", args=[ref]))
