"""The app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Wires qingqu.ledger."""

    name = "qingqu.ledger"
