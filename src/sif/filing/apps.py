"""Registers the room `filing` with Django."""

from django.apps import AppConfig


class FilingConfig(AppConfig):
    """The room filing."""

    name = "sif.filing"
    verbose_name = "Informes"

    def ready(self) -> None:
        """Mark in the log a clock that an act finds behind the last cut."""
        from sif.filing import cuts
        from sif.registry import scope

        scope.when_clock_is_behind(cuts.mark_clock)
