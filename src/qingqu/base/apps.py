"""The app."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    """Wires qingqu.base."""

    name = "qingqu.base"
