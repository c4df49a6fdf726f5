"""The app."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Wires qingqu.ops."""

    name = "qingqu.ops"
