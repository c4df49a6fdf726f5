"""The app."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Wires qingqu.projects."""

    name = "qingqu.projects"
