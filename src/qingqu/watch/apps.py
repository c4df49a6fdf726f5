"""The app."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_noop


class WatchConfig(AppConfig):
    """Wires qingqu.watch."""

    name = "qingqu.watch"

    def ready(self) -> None:
        """Enters the rules, and the pages of warnings and thresholds."""
        from qingqu.base import menu, subjects

        menu.register(
            30, gettext_noop("Rules"), "watch-rules", "watch.see_rules",
            also=("watch-rule", "watch-propose-threshold", "watch-threshold"),
        )  # fmt: skip
        subjects.register("warning", lambda ref: reverse("watch-warning", args=[ref]))
        subjects.register("threshold", lambda ref: reverse("watch-threshold", args=[ref]))
