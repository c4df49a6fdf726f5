"""The app."""

from django.apps import AppConfig


class WatchConfig(AppConfig):
    """Wires qingqu.watch."""

    name = "qingqu.watch"
