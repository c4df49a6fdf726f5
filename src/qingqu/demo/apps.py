"""The app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Wires qingqu.demo."""

    name = "qingqu.demo"
