"""The app."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Wires qingqu.files."""

    name = "qingqu.files"
